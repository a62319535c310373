import { Call, type Context } from '../core/call.ts'
import {
  groups,
  homes,
  mfaEnforcements,
  organizations,
  type Pool,
  pools,
  type StoredGroup,
  type StoredMfa,
  type StoredOrganization,
  type User,
  users,
} from './records.ts'
import { timeText } from './rules/times.ts'
import { DEMO_ORGANIZATION, DEMO_SUBJECT, settingsOf, type YandexSettings } from './settings.ts'
import type { Code } from './status.ts'

/** 85 bits in base32hex (a guess at the alphabet, yandex-idp 8). */
const ALPHABET = '0123456789abcdefghijklmnopqrstuv'

/** By who owns the thing: IAM subjects, things of the identity hub (yandex-idp 8). */
export type Prefix = 'aje' | 'ek0'

/** A call of one of this API's operations: what every call has, and the look-ups that handlers share. */
export class YandexCall extends Call<Code> {
  /** Whose call it is. */
  readonly subject: string

  constructor(context: Context, subject: string) {
    super(context)
    this.subject = subject
  }

  get room(): YandexSettings {
    return settingsOf(this)
  }

  /** This moment as the API writes times. */
  get timestamp(): string {
    return timeText(this.now)
  }

  /** 20 characters: who owns it, then chance. */
  id(prefix: Prefix): string {
    return this.identifier(() => prefix + this.random.text(17, ALPHABET))
  }

  organization(id: string): StoredOrganization {
    return this.organizations().find((organization) => organization.id === id) ?? this.fail('NOT_FOUND', `Organization ${id} not found`)
  }

  /** In a fresh store these are made at first use. */
  organizations(): StoredOrganization[] {
    const all = organizations.all(this, '')
    if (all.length > 0) return all
    const { organizations: given = [DEMO_ORGANIZATION] } = this.room
    return given.map((one) => organizations.insert(this, '', one.id, { title: one.name, ...one, createdAt: this.timestamp }))
  }

  pool(id: string): Pool {
    const home = homes.get(this, 'pool', id)
    const pool = home === undefined ? undefined : pools.get(this, home.parent, id)
    return pool ?? this.fail('NOT_FOUND', `Userpool ${id} not found`)
  }

  group(id: string): StoredGroup {
    const home = homes.get(this, 'group', id)
    const group = home === undefined ? undefined : groups.get(this, home.parent, id)
    return group ?? this.fail('NOT_FOUND', `Group ${id} not found`)
  }

  mfaEnforcement(id: string): StoredMfa {
    const home = homes.get(this, 'mfa-enforcement', id)
    const enforcement = home === undefined ? undefined : mfaEnforcements.get(this, home.parent, id)
    return enforcement ?? this.fail('NOT_FOUND', `MFA enforcement ${id} not found`)
  }

  user(id: string): User {
    const home = homes.get(this, 'user', id)
    const user = home === undefined ? undefined : users.get(this, home.parent, id)
    return user ?? this.fail('NOT_FOUND', `User ${id} not found`)
  }
}

/** The room's own view of a call that brings no IAM token: the pages' and the endpoints'. */
export function ownCall(call: Call, subject = DEMO_SUBJECT): YandexCall {
  return new YandexCall(call.context, subject)
}

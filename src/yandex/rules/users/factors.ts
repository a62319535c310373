import type { Call } from '../../../core/call.ts'
import type { Claims } from '../../../core/jwt.ts'
import { softwareToken } from '../../../directory/totp.ts'
import { audiences, mfaEnforcements, passkeys, type StoredMfa, type User } from '../../records.ts'
import { userById } from '../applications/entry.ts'
import { groupsOf } from './groups.ts'
import { excludedOf, takenBy } from './mfa.ts'

/** Second factors that can be added here. SMS, which `any-mfa` takes too, is given to customers on request (docs: mfa-sms-factor-pp-notice). */
export type Factor = 'totp' | 'webauthn'

/** What somebody has shown, and when, in epoch seconds. */
export interface Passed {
  method: 'password' | Factor
  at: number
}

/** What a session, and what comes of it, keeps of a sign-in. */
export interface Proof {
  passed: readonly Passed[]
}

/** What enforcements ask of a user. */
export interface Demand {
  factors: readonly Factor[]
  /** How long a factor that was shown counts, in milliseconds. */
  ttl: number
  /** Until when one has to be added, in epoch milliseconds. */
  enrolBy: number
}

/** "Their account will be subject to the most stringent policy requirements, both in terms of factors and the period and frequency" (docs: concepts/mfa). */
export function demandOn(call: Call, organization: string, user: User): Demand | undefined {
  const all = enforcementsOn(call, organization, user.id).map((enforcement): Demand => {
    // (?) The window is one "after registration"; who was there before the policy has it from the policy's beginning.
    const since = Math.max(Date.parse(user.createdAt), Date.parse(enforcement.applyAt ?? enforcement.createdAt))
    return {
      factors: takenBy(enforcement.acrId),
      ttl: milliseconds(enforcement.ttl),
      enrolBy: since + milliseconds(enforcement.enrollWindow),
    }
  })
  if (all.length === 0) return undefined
  return all.reduce((one, other) => ({
    factors: one.factors.filter((factor) => other.factors.includes(factor)),
    ttl: Math.min(one.ttl, other.ttl),
    enrolBy: Math.min(one.enrolBy, other.enrolBy),
  }))
}

/** Those that hold for a user: active, begun, the user or a group of theirs in the audience and not excluded. */
function enforcementsOn(call: Call, organization: string, user: string): StoredMfa[] {
  const all = mfaEnforcements.all(call, organization).filter(({ status }) => status === 'MFA_ENFORCEMENT_STATUS_ACTIVE')
  if (all.length === 0) return []
  const subjects = [user, ...groupsOf(call, organization, user).map(({ id }) => id)]
  const has = (audience: string) => subjects.some((subject) => audiences.get(call, audience, subject) !== undefined)
  const begun = ({ applyAt }: StoredMfa) => applyAt === undefined || Date.parse(applyAt) <= call.now
  return all.filter((enforcement) => begun(enforcement) && has(enforcement.id) && !has(excludedOf(enforcement.id)))
}

export function meets({ factors, ttl }: Demand, passed: readonly Passed[], now: number): boolean {
  return passed.some(({ method, at }) => (factors as readonly string[]).includes(method) && at * 1000 + ttl > now)
}

/** What of factors a user has; passkeys are those of the party whose pages these are. */
export function factorsOf(call: Call, { userpoolId: pool, id: person }: User, party: string | undefined): Factor[] {
  const keys = passkeys.list(call, pool, person).filter(({ doc }) => doc.rp === party)
  return [
    ...(keys.length > 0 ? ['webauthn' as const] : []),
    ...(softwareToken(call, { pool, person }) === undefined ? [] : ['totp' as const]),
  ]
}

/** What comes next for somebody whose proof is not enough: factors to show one of, or to add one of; neither if the time for that is over. */
export function nextFor(
  call: Call,
  user: User,
  { demand, passed, party }: { demand: Demand; passed: readonly Passed[]; party: string | undefined },
): { show: readonly Factor[] } | { add: readonly Factor[] } | undefined {
  const known = factorsOf(call, user, party)
  const good = known.filter((factor) => demand.factors.includes(factor))
  if (good.length > 0) return { show: good }
  // Who has a weaker factor shows it before a stronger one is added, or a password would do for that.
  const weaker = known.filter((factor) => !passed.some(({ method }) => method === factor))
  if (weaker.length > 0) return { show: weaker }
  return call.now < demand.enrolBy ? { add: demand.factors } : undefined
}

/** Whether what somebody has shown is all that the enforcements of an organization ask of them. */
export function suffices(call: Call, organization: string, { id, proof }: { id: string; proof?: unknown }): boolean {
  const user = userById(call, id)
  const demand = user === undefined ? undefined : demandOn(call, organization, user)
  return demand === undefined || meets(demand, passedIn(proof), call.now)
}

export function passedIn(proof: unknown): readonly Passed[] {
  return (proof as Proof | undefined)?.passed ?? []
}

/** (?) How ID tokens tell of a second factor: by the words of RFC 8176, and by the level that it is good for. Without one they tell nothing. */
const WORDS = { password: 'pwd', totp: 'otp', webauthn: 'pop' } as const
const LEVELS = { totp: 'any-except-sms', webauthn: 'phr' } as const

export function factorClaims(proof: unknown): Claims {
  const methods = [...new Set(passedIn(proof).map(({ method }) => method))]
  const strongest = (['webauthn', 'totp'] as const).find((factor) => methods.includes(factor))
  if (strongest === undefined) return {}
  return { amr: [...methods.map((method) => WORDS[method]), 'mfa'], acr: LEVELS[strongest] }
}

function milliseconds(duration = '0s'): number {
  return Number(duration.slice(0, -1)) * 1000
}

import type { Call } from '../../../core/call.ts'
import type { Namespace } from '../../../core/namespace.ts'
import { Refusal } from '../../../core/refusal.ts'
import { DEMO_SUBJECT, settingsOf, type YandexSettings } from '../../settings.ts'
import { holderOf } from './iam-tokens.ts'
import { kindOf } from './subject-kinds.ts'

/** As the documentation shows an answer of code 16; a token that is not there is told in the same words (a guess, yandex-idp 3). */
const UNKNOWN = 'Token is invalid or has expired.'

/** Asked before anybody has a token (yandex-idp 2). */
const OPEN = new Set(['IamTokenService.Create', 'ApiEndpointService.List', 'ApiEndpointService.Get'])

/** All that a token is good for that was got with a temporary or expired password. */
const TO_CHANGE = new Set([
  ...OPEN,
  'idp.UserService.SetOwnPassword',
  'idp.UserService.GetSelfPasswordMetadata',
  'idp.UserService.GeneratePassword',
  'OperationService.Get',
])

/**
 * Whose call this is: the subject of an IAM token of ours. With `auth: strict` there must be one; else a bearer that is a user's id
 * stands for that user, and anything else for the demo subject.
 */
export function subjectOf(call: Call, name?: string): string {
  const { transport, headers } = call.origin
  if (transport === 'fixture' || transport === 'internal') return DEMO_SUBJECT
  const token = bearerOf(headers.authorization)
  const holder = token === undefined ? undefined : holderOf(call, token)
  if (holder !== undefined) {
    if (holder.mustChange && !(name !== undefined && TO_CHANGE.has(name)))
      throw new Refusal('PERMISSION_DENIED', 'Password must be changed')
    return holder.subject
  }
  if (settingsOf(call).auth === 'strict' && !(name !== undefined && OPEN.has(name))) {
    throw new Refusal('UNAUTHENTICATED', UNKNOWN)
  }
  return token !== undefined && kindOf(call, token) === 'userAccount' ? token : DEMO_SUBJECT
}

function bearerOf(authorization: unknown): string | undefined {
  return /^Bearer\s+(\S+)$/i.exec(String(authorization ?? ''))?.[1]
}

/** Whoever comes without a token that holds is turned away before anybody looks at what they want. */
export function requireToken(namespace: Namespace, name: string, authorization: unknown): void {
  const { auth } = (namespace.fittings.settings.rooms.yandex ?? {}) as YandexSettings
  if (auth !== 'strict' || OPEN.has(name)) return
  const token = bearerOf(authorization)
  if (token === undefined || holderOf({ store: namespace.store, now: namespace.clock.now() }, token) === undefined) {
    throw new Refusal('UNAUTHENTICATED', UNKNOWN)
  }
}

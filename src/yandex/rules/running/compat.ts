import type { YandexCall } from '../../call.ts'
import { invalid } from '../../validation.ts'

/**
 * `compat: 2026-04`: the API as its documentation had it between February and June of 2026 (yandex-idp 18). A password hash has at
 * most 128 characters and is AD_MD4; nothing expires.
 */
const LONGEST_HASH = 128
const HASHES = ['AD_MD4']
const LATER_FIELDS: Readonly<Record<string, readonly string[]>> = {
  'idp.UserService.Create': ['expiresAt'],
  'idp.UserService.Update': ['expiresAt'],
  'idp.UserService.Suspend': ['expiresAt'],
  'idp.UserService.SetPasswordHash': ['needChange'],
  'OAuthClientService.Create': ['postLogoutRedirectUris'],
  'OAuthClientService.Update': ['postLogoutRedirectUris'],
}

/** Methods that came at the end of April; over REST they are paths that nobody knows. */
const LATER_METHODS = ['idp.UserService.GetPasswordChanges', 'idp.UserService.CommitPassword']

/** Refuses what the API did not know at the date it is held to. */
export function hold(call: YandexCall, name: string, input: Record<string, unknown>): void {
  if (call.room.compat !== '2026-04') return
  if (LATER_METHODS.includes(name)) {
    if (call.origin.transport === 'http') call.fail('NOT_FOUND', 'Not Found')
    call.fail('UNIMPLEMENTED', `Method not found: ${name}`)
  }
  const later = (LATER_FIELDS[name] ?? []).filter((field) => input[field] !== undefined)
  const hash = (input.passwordHash ?? input.hash) as { passwordHash: string; passwordHashType: string } | undefined
  const field = input.hash === undefined ? 'password_hash' : 'hash'
  const violations = later.map((field) => ({
    field: field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    description: 'Unknown field',
  }))
  if (typeof hash === 'object' && [...hash.passwordHash].length > LONGEST_HASH) {
    violations.push({ field: `${field}.password_hash`, description: `String length is out of range <=${LONGEST_HASH}` })
  }
  if (typeof hash === 'object' && !HASHES.includes(hash.passwordHashType)) {
    violations.push({ field: `${field}.password_hash_type`, description: `Unknown value ${JSON.stringify(hash.passwordHashType)}` })
  }
  // Optional since June.
  if (name === 'idp.UserService.SetOwnPassword' && input.oldPassword === undefined) {
    violations.push({ field: 'old_password', description: 'Field is required' })
  }
  if (violations.length > 0) throw invalid(violations)
}

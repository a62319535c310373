import type { CognitoCall } from '../../call.ts'
import type { SetUserMFAPreferenceRequest } from '../../contract/types.ts'
import type { Pool, User } from '../../records.ts'
import { secondFactors } from '../pools/mfa.ts'
import { change } from '../users/users.ts'
import { isMultiFactor } from './passkeys.ts'
import { softwareToken } from './totp.ts'

/** A second factor, by the name of its challenge and in UserMFASettingList (M3). */
export type Factor = 'SMS_MFA' | 'SOFTWARE_TOKEN_MFA' | 'EMAIL_OTP'

export const FACTORS: readonly Factor[] = ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP']

/** What the pool offers. */
export function offered(call: CognitoCall, pool: Pool): Factor[] {
  const { sms, totp, email } = secondFactors(call, pool)
  const on = { SMS_MFA: sms, SOFTWARE_TOKEN_MFA: totp, EMAIL_OTP: email }
  return FACTORS.filter((factor) => on[factor])
}

/** Whether a factor can reach the user: a number, an address or an app is there. */
export function reaches(call: CognitoCall, pool: Pool, user: User, factor: Factor): boolean {
  if (factor === 'SOFTWARE_TOKEN_MFA') return softwareToken(call, pool, user) !== undefined
  return user.Attributes[factor === 'SMS_MFA' ? 'phone_number' : 'email'] !== undefined
}

/** What a user's second proof may be: what was turned on, and in a pool that demands one (M1) else whatever reaches the user, the app first. */
export function factorsOf(call: CognitoCall, pool: Pool, user: User): Factor[] {
  const usable = offered(call, pool).filter((factor) => reaches(call, pool, user, factor))
  const chosen = usable.filter((factor) => user.UserMFASettingList?.includes(factor))
  if (chosen.length > 0 || pool.MfaConfiguration !== 'ON') return chosen
  const best = (['SOFTWARE_TOKEN_MFA', 'SMS_MFA', 'EMAIL_OTP'] as const).find((factor) => usable.includes(factor))
  return best === undefined ? [] : [best]
}

/** Whether this user signs in with two proofs. */
export function hasMfa(call: CognitoCall, pool: Pool, user: User): boolean {
  return pool.MfaConfiguration === 'ON' || factorsOf(call, pool, user).length > 0
}

type Preferences = Pick<
  SetUserMFAPreferenceRequest,
  'SMSMfaSettings' | 'SoftwareTokenMfaSettings' | 'EmailMfaSettings' | 'WebAuthnMfaSettings'
>

/** (?) That only one can be preferred is documented, the sentence is not. */
const TWO_PREFERRED = 'Only one MFA method can be set as preferred'

/** SetUserMFAPreference and its administrator's form: what is not mentioned stays as it is. */
export function setPreferences(call: CognitoCall, pool: Pool, user: User, input: Preferences): void {
  const asked = [
    ['SMS_MFA', input.SMSMfaSettings],
    ['SOFTWARE_TOKEN_MFA', input.SoftwareTokenMfaSettings],
    ['EMAIL_OTP', input.EmailMfaSettings],
  ] as const
  const list = new Set(user.UserMFASettingList)
  let preferred = user.PreferredMfaSetting
  for (const [factor, settings] of asked) {
    if (settings === undefined) continue
    const { Enabled = false, PreferredMfa = false } = settings
    if (Enabled && !reaches(call, pool, user, factor)) {
      call.fail('InvalidParameterException', `User does not have delivery config set to turn on ${factor}`)
    }
    if (Enabled) list.add(factor)
    else list.delete(factor)
    if (preferred === factor && !(Enabled && PreferredMfa)) preferred = undefined
  }
  const wanted = asked.filter(([, settings]) => settings?.Enabled === true && settings.PreferredMfa === true).map(([factor]) => factor)
  if (wanted.length > 1) call.fail('InvalidParameterException', TWO_PREFERRED)
  const passkeys = input.WebAuthnMfaSettings?.Enabled
  if (passkeys === true) requirePasskeyMfa(call, pool, list.size)
  const changed = keep(call, pool, user, [...list], wanted[0] ?? preferred)
  if (passkeys !== undefined) change(call, pool, changed, { PasskeyMfa: passkeys })
}

// (?) The rules are those of the API reference, their sentences are not known.
const PASSKEYS_SINGLE = 'WebAuthn MFA requires the FactorConfiguration MULTI_FACTOR_WITH_USER_VERIFICATION'
const PASSKEYS_ALONE = 'WebAuthn MFA requires another MFA method to be activated'

/** A passkey counts as two proofs only where the pool has its user verified, and beside a way in without it. */
function requirePasskeyMfa(call: CognitoCall, pool: Pool, others: number): void {
  if (!isMultiFactor(call, pool)) call.fail('InvalidParameterException', PASSKEYS_SINGLE)
  if (others === 0) call.fail('InvalidParameterException', PASSKEYS_ALONE)
}

/** Turns a factor on, as finishing its set-up during a sign-in does (M9). */
export function turnOn(call: CognitoCall, pool: Pool, user: User, factor: Factor): User {
  return keep(call, pool, user, [...new Set([...(user.UserMFASettingList ?? []), factor])], user.PreferredMfaSetting)
}

export function turnOff(call: CognitoCall, pool: Pool, user: User, factor: Factor): User {
  const list = (user.UserMFASettingList ?? []).filter((other) => other !== factor)
  return keep(call, pool, user, list, user.PreferredMfaSetting === factor ? undefined : user.PreferredMfaSetting)
}

function keep(call: CognitoCall, pool: Pool, user: User, list: string[], preferred: string | undefined): User {
  return change(call, pool, user, { UserMFASettingList: list.length === 0 ? undefined : list, PreferredMfaSetting: preferred })
}

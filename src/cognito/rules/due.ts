import type { AuthFlowType, ChallengeNameType } from '../contract/types.ts'
import type { SignIn } from './challenges/challenge.ts'
import { type Device, requireDevice, sparesMfa, tracksDevices } from './factors/devices.ts'
import { factorsOf } from './factors/mfa.ts'
import { secondFor } from './factors/step-up.ts'

/** Challenges that are a second proof, or the end of setting one up. */
const SECOND: readonly ChallengeNameType[] = ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'MFA_SETUP', 'WEB_AUTHN']

/** What stands between somebody whose first proof was right and the tokens: the first that is due. */
export function due(signIn: SignIn): ChallengeNameType | undefined {
  const { pool, user, progress } = signIn
  const device = knownDevice(signIn)
  if (user?.UserStatus === 'FORCE_CHANGE_PASSWORD') return 'NEW_PASSWORD_REQUIRED'
  const wanted = secondFor(signIn)
  if (wanted !== undefined) return wanted
  const spared = device !== undefined && sparesMfa(pool, device)
  const second = spared ? undefined : secondProof(signIn)
  if (second !== undefined) return second
  return device?.srp === undefined || progress.passed.includes('DEVICE_PASSWORD_VERIFIER') ? undefined : 'DEVICE_SRP_AUTH'
}

/** Sign-ins with a password by an administrator's operation know nothing of devices (cognito-facts 126). */
const WITHOUT_DEVICES: readonly AuthFlowType[] = ['ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH']

/** Whether this sign-in is tied to a device (M10). */
export function isTracked({ pool, progress }: SignIn): boolean {
  return tracksDevices(pool) && !WITHOUT_DEVICES.includes(progress.flow)
}

/** The device the client says it is, which must be one of the user's; undefined if it says nothing. */
export function knownDevice({ call, pool, user, progress }: SignIn): Device | undefined {
  if (user === undefined || progress.device === undefined || WITHOUT_DEVICES.includes(progress.flow)) return undefined
  return requireDevice(call, pool, user, progress.device)
}

/** A second factor: the preferred one, the only one, the choice among several, or setting one up (M1, M8). */
function secondProof(signIn: SignIn): ChallengeNameType | undefined {
  const { call, pool, user } = signIn
  if (user === undefined || hasTwoProofs(signIn)) return undefined
  const factors = factorsOf(call, pool, user)
  const preferred = factors.find((factor) => factor === user.PreferredMfaSetting)
  if (preferred !== undefined) return preferred
  if (factors.length > 1) return 'SELECT_MFA_TYPE'
  return factors[0] ?? (pool.MfaConfiguration === 'ON' ? 'MFA_SETUP' : undefined)
}

/** An e-mailed code may be the first proof or the second, by its place. */
function hasTwoProofs({ progress: { passed } }: SignIn): boolean {
  return passed.some((name, place) => SECOND.includes(name) || (name === 'EMAIL_OTP' && place > 0))
}

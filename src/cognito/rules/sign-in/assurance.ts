import type { ChallengeNameType } from '../../contract/types.ts'
import type { Pool } from '../../records.ts'
import { acrLevels } from '../factors/acr-levels.ts'
import type { Level, Progress } from './sessions.ts'

/** Factors of the user's own that were proven, in order. */
export type Factors = Pick<Progress, 'passed' | 'authenticator'>

/** What another provider says of a sign-in there. */
export interface Vouch {
  provider: string
  level?: Level | undefined
  methods: readonly string[]
}

/** What a session of the pages keeps of how somebody came in. */
export type Proof = Factors | Vouch

/** What the proofs of a sign-in are called in `amr` (developer guide, authentication levels with ACR and AMR claims). */
const METHODS: Partial<Record<ChallengeNameType, string>> = {
  PASSWORD: 'pwd',
  PASSWORD_VERIFIER: 'pwd',
  SOFTWARE_TOKEN_MFA: 'otp',
  SMS_OTP: 'sms',
  SMS_MFA: 'sms',
  EMAIL_OTP: 'email_otp',
}

/** And back: what a method in an access token stands for. */
const PROOFS: Readonly<Record<string, ChallengeNameType>> = {
  pwd: 'PASSWORD',
  otp: 'SOFTWARE_TOKEN_MFA',
  sms: 'SMS_MFA',
  email_otp: 'EMAIL_OTP',
  swk: 'WEB_AUTHN',
  hwk: 'WEB_AUTHN',
}

/** Of a sign-in by a provider that says nothing of its methods, or nothing that is known here. */
const FEDERATED = 'fed'

export const LEVELS: readonly Level[] = [1, 2, 3, 4]

/** The levels of these names that the pool has, in the order of being asked for; others are passed over. */
export function knownLevels(pool: Pool, names: readonly string[]): Level[] {
  const known = Object.values(acrLevels(pool)).map(({ AcrValue }) => AcrValue)
  return names.map((name) => LEVELS[known.indexOf(name)]).filter((level) => level !== undefined)
}

/** A proof of the password, by whichever challenge. */
export function isPassword(proof: string): boolean {
  return METHODS[proof as ChallengeNameType] === 'pwd'
}

/** What the `amr` of an access token says was proven. */
export function factorsIn(methods: readonly string[]): Factors {
  const authenticator = methods.find((method): method is 'swk' | 'hwk' => method === 'swk' || method === 'hwk')
  return { passed: methods.map((method) => PROOFS[method]).filter((proof) => proof !== undefined), authenticator }
}

/** Those of a provider's methods that are known here. */
export function methodsFrom(said: unknown): string[] {
  const known = Array.isArray(said) ? said.filter((method) => method === 'mfa' || Object.hasOwn(PROOFS, String(method))) : []
  return known.length === 0 ? [FEDERATED] : [...new Set(known.map(String))]
}

/** An ACR value that a provider's ID token says, as a level here: one that is not mapped is the lowest (reference, AcrMapping). */
export function levelFrom(mapping: Readonly<Record<string, string>> | undefined, said: unknown): Level | undefined {
  if (typeof said !== 'string') return undefined
  return LEVELS.find((level) => mapping?.[`Level${level}`] === said) ?? 1
}

function methodsOf(proof: Proof): string[] {
  if ('methods' in proof) return [...proof.methods]
  const { passed, authenticator = 'swk' } = proof
  const all = passed.map((name) => (name === 'WEB_AUTHN' ? authenticator : METHODS[name])).filter((method) => method !== undefined)
  const methods = [...new Set(all)]
  return methods.length > 1 ? [...methods, 'mfa'] : methods
}

/** The highest level that is fully satisfied. */
export function levelOf(proof: Proof): Level | undefined {
  if ('methods' in proof) return proof.level
  const methods = methodsOf(proof)
  const has = (...wanted: string[]) => wanted.every((method) => methods.includes(method))
  if (has('pwd', 'otp')) return 4
  if (has('swk') || has('hwk') || has('pwd', 'sms') || has('pwd', 'email_otp')) return 3
  if (has('sms') || has('email_otp')) return 2
  return has('pwd') ? 1 : undefined
}

/** What tokens say of a proof, where a level was asked for. */
export function assurance(pool: Pool, proof: Proof): { acr?: string | undefined; amr: string[] } {
  const level = levelOf(proof)
  return { acr: level && acrLevels(pool)[`Level${level}`]?.AcrValue, amr: methodsOf(proof) }
}

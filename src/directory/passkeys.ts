import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Answer } from '../core/namespace.ts'

/** What is asked about a response of an authenticator. Origin and challenge were compared already; here they are held to the signature. */
export interface ProofQuestion {
  response: unknown
  challenge: string
  origin: string
  rp: string
  verified: boolean
}

export interface AssertionQuestion extends ProofQuestion {
  passkey: { id: string; publicKey: string; counter: number }
}

/** A passkey as its authenticator made it. */
export interface Attested {
  id: string
  /** COSE, base64url. */
  publicKey: string
  counter: number
  /** The model of the authenticator, or zeros. */
  aaguid: string
}

/** What the proof shows, or why it shows nothing. */
export type Proof<T> = { shown: T } | { refused: string }

/** ES256 and RS256, which options ask for. */
export const ALGORITHMS = [-7, -257]

/** Attestations and assertions are checked by @simplewebauthn/server, loaded when the first passkey is used. */
export const passkeyAnswers: Record<string, Answer> = {
  'passkey.attestation': ({ response, challenge, origin, rp, verified }: ProofQuestion): Promise<Proof<Attested>> =>
    told(async () => {
      const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
      const proof = await verifyRegistrationResponse({
        response: response as RegistrationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: origin,
        expectedRPID: rp,
        requireUserVerification: verified,
        supportedAlgorithmIDs: ALGORITHMS,
      })
      if (!proof.verified) throw new Error('the attestation is not what it says')
      const { credential, aaguid } = proof.registrationInfo
      const publicKey = Buffer.from(credential.publicKey).toString('base64url')
      return { id: credential.id, publicKey, counter: credential.counter, aaguid }
    }),
  'passkey.assertion': ({ response, challenge, origin, rp, verified, passkey }: AssertionQuestion): Promise<Proof<{ counter: number }>> =>
    told(async () => {
      const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
      const proof = await verifyAuthenticationResponse({
        response: response as AuthenticationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: origin,
        expectedRPID: rp,
        requireUserVerification: verified,
        credential: { id: passkey.id, publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')), counter: passkey.counter },
      })
      if (!proof.verified) throw new Error('the signature is wrong')
      return { counter: proof.authenticationInfo.newCounter }
    }),
}

/** The library throws whatever is wrong with what it is given; nothing of it is a fault of ours. */
async function told<T>(prove: () => Promise<T>): Promise<Proof<T>> {
  try {
    return { shown: await prove() }
  } catch (error) {
    return { refused: (error as Error).message }
  }
}

/** Whether a browser uses passkeys of that relying party on a page at this host. */
export function worksAt(host: string, rp: string): boolean {
  return host === rp || host.endsWith(`.${rp}`)
}

/** What the browser wrote of challenge and origin, if this is a credential at all. */
export function clientData(credential: unknown): { challenge: string; origin: string } | undefined {
  const { response } = (credential ?? {}) as { response?: { clientDataJSON?: unknown } }
  const data = parsed(Buffer.from(String(response?.clientDataJSON ?? ''), 'base64url').toString())
  const { challenge, origin } = (data ?? {}) as { challenge?: unknown; origin?: unknown }
  return typeof challenge === 'string' && typeof origin === 'string' ? { challenge, origin } : undefined
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Pages of the relying party and of its subdomains may use its passkeys; over plain HTTP on this machine only. */
export function belongs(origin: string, rp: string): boolean {
  if (!URL.canParse(origin)) return false
  const { protocol, hostname } = new URL(origin)
  const local = hostname === 'localhost' || hostname.endsWith('.localhost')
  if (protocol !== 'https:' && !(protocol === 'http:' && local)) return false
  return worksAt(hostname, rp)
}

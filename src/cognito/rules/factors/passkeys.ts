import {
  ALGORITHMS,
  type AssertionQuestion,
  type Attested,
  belongs,
  clientData,
  type Proof,
  type ProofQuestion,
  parsed,
} from '../../../directory/passkeys.ts'
import type { CognitoCall } from '../../call.ts'
import type { WebAuthnCredentialDescription } from '../../contract/types.ts'
import {
  domains,
  type MfaSettings,
  mfaSettings,
  type Passkey,
  type Pool,
  passkeyRegistrations,
  passkeys,
  type User,
} from '../../records.ts'
import { isCustom } from '../pools/domains.ts'
import { regionOf } from '../tokens/issuer.ts'
import { friendlyName } from './passkey-names.ts'

const MOST_PASSKEYS = 20
const REGISTRATION_TIMEOUT = 60_000
const SIGN_IN_TIMEOUT = 180_000
/** (?) How long after its start a registration can be completed: longer than the browser is told to wait. */
const REGISTRATION_LASTS = 180_000
const CHALLENGE_BYTES = 16

/** (?) All sentences: only the types are known (cognito-behaviour M16). */
const TEXTS = {
  off: 'WebAuthn is not enabled for the user pool.',
  unconfigured: 'The relying party ID of the user pool is not configured.',
  tooMany: 'The user has the maximum number of passkeys.',
  noChallenge: 'The challenge of the WebAuthn registration was not found.',
  otherClient: 'The WebAuthn registration was started by another app client.',
  otherParty: 'The relying party ID does not match the one of the user pool.',
  origin: (origin: string) => `The origin ${origin} is not allowed.`,
  unsupported: (why: string) => `The WebAuthn credential is not supported: ${why}`,
  malformed: 'Invalid WebAuthn credential.',
  unknown: 'Credential does not exist.',
}

function settingsOf(call: CognitoCall, pool: Pool): NonNullable<MfaSettings['WebAuthnConfiguration']> {
  return mfaSettings.get(call, pool.Id, '')?.WebAuthnConfiguration ?? {}
}

/** Whose passkeys they are: as configured, else the pool's custom domain, else its prefix one. */
export function relyingParty(call: CognitoCall, pool: Pool): string | undefined {
  const { RelyingPartyId } = settingsOf(call, pool)
  if (RelyingPartyId !== undefined) return RelyingPartyId
  const all = domains.all(call, pool.Id)
  const custom = all.find(isCustom)
  if (custom !== undefined) return custom.Domain
  const [prefixed] = all
  if (prefixed === undefined) return undefined
  // At its own pages the prefix domain is called otherwise here than in life.
  const [addressed = ''] = String(call.origin.headers.host ?? '')
    .toLowerCase()
    .split(':')
  return addressed.startsWith(`${prefixed.Domain}.auth.`)
    ? addressed
    : `${prefixed.Domain}.auth.${prefixed.Region ?? regionOf(pool)}.amazoncognito.com`
}

/** Whether a passkey of this pool stands for two factors (fact 134): then the authenticator must know its user. */
export function isMultiFactor(call: CognitoCall, pool: Pool): boolean {
  return settingsOf(call, pool).FactorConfiguration === 'MULTI_FACTOR_WITH_USER_VERIFICATION'
}

function verification(call: CognitoCall, pool: Pool): 'required' | 'preferred' {
  return isMultiFactor(call, pool) ? 'required' : (settingsOf(call, pool).UserVerification ?? 'preferred')
}

export function requireEnabled(call: CognitoCall, pool: Pool): void {
  if (pool.Policies.SignInPolicy?.AllowedFirstAuthFactors?.includes('WEB_AUTHN') !== true)
    call.fail('WebAuthnNotEnabledException', TEXTS.off)
}

export function passkeysOf(call: CognitoCall, pool: Pool, user: User): Passkey[] {
  return passkeys.list(call, pool.Id, user.sub).map(({ doc }) => doc)
}

/** What the browser is asked to make (M15). */
export function startRegistration(call: CognitoCall, pool: Pool, user: User, client: string): Record<string, unknown> {
  requireEnabled(call, pool)
  const rp = relyingParty(call, pool) ?? call.fail('WebAuthnConfigurationMissingException', TEXTS.unconfigured)
  const known = passkeysOf(call, pool, user)
  if (known.length >= MOST_PASSKEYS) call.fail('LimitExceededException', TEXTS.tooMany)
  const challenge = newChallenge(call)
  passkeyRegistrations.issue(call, challenge, {
    pool: pool.Id,
    person: user.sub,
    expires: call.now + REGISTRATION_LASTS,
    doc: { client, rp },
  })
  return {
    authenticatorSelection: { requireResidentKey: true, residentKey: 'required', userVerification: verification(call, pool) },
    challenge,
    excludeCredentials: known.map(({ id }) => ({ id, type: 'public-key' })),
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ alg, type: 'public-key' })),
    rp: { id: rp, name: rp },
    timeout: REGISTRATION_TIMEOUT,
    user: { displayName: user.Username, id: Buffer.from(user.sub).toString('base64url'), name: user.Username },
  }
}

/** What an authenticator made for a registration that this client started, checked and filed (M16). */
export function completeRegistration(call: CognitoCall, pool: Pool, user: User, client: string, credential: unknown): Passkey {
  requireEnabled(call, pool)
  const { challenge, origin } = clientData(credential) ?? call.fail('InvalidParameterException', TEXTS.malformed)
  const started = passkeyRegistrations.find(call, challenge)
  if (started === undefined || started.pool !== pool.Id || started.person !== user.sub || started.expires <= call.now) {
    return call.fail('WebAuthnChallengeNotFoundException', TEXTS.noChallenge)
  }
  if (started.doc.client !== client) call.fail('WebAuthnClientMismatchException', TEXTS.otherClient)
  const { rp } = started.doc
  if (rp !== relyingParty(call, pool)) call.fail('WebAuthnRelyingPartyMismatchException', TEXTS.otherParty)
  if (!belongs(origin, rp)) call.fail('WebAuthnOriginNotAllowedException', TEXTS.origin(origin))

  const question: ProofQuestion = { response: credential, challenge, origin, rp, verified: verification(call, pool) === 'required' }
  const proof = call.ask<Proof<Attested>>('passkey.attestation', question)
  if ('refused' in proof) {
    if (/RP ID/.test(proof.refused)) call.fail('WebAuthnRelyingPartyMismatchException', TEXTS.otherParty)
    return call.fail('WebAuthnCredentialNotSupportedException', TEXTS.unsupported(proof.refused))
  }
  const { id, publicKey, counter, aaguid } = proof.shown
  const { authenticatorAttachment, response } = credential as { authenticatorAttachment?: string; response: { transports?: string[] } }
  passkeyRegistrations.remove(call, started)
  return passkeys.put(
    call,
    pool.Id,
    user.sub,
    {
      id,
      publicKey,
      counter,
      rp,
      name: friendlyName(aaguid),
      transports: response.transports ?? [],
      created: call.seconds,
      ...(authenticatorAttachment === undefined ? {} : { attachment: authenticatorAttachment }),
    },
    id,
  )
}

export function removePasskey(call: CognitoCall, pool: Pool, user: User, id: string): void {
  if (!passkeys.remove(call, pool.Id, user.sub, id)) call.fail('ResourceNotFoundException', TEXTS.unknown)
}

export function passkeyView({ id, name, rp, attachment, transports, created }: Passkey): WebAuthnCredentialDescription {
  return {
    CredentialId: id,
    FriendlyCredentialName: name,
    RelyingPartyId: rp,
    AuthenticatorAttachment: attachment,
    AuthenticatorTransports: transports,
    CreatedAt: created,
  }
}

/** What the browser is asked to sign at a sign-in, as the text that challenges carry, and the challenge in it. */
export function requestOptions(call: CognitoCall, pool: Pool, user: User): { text: string; challenge: string } {
  const challenge = newChallenge(call)
  const options = {
    challenge,
    timeout: SIGN_IN_TIMEOUT,
    rpId: relyingParty(call, pool),
    allowCredentials: passkeysOf(call, pool, user).map(({ id, transports }) => ({ id, type: 'public-key', transports })),
    userVerification: verification(call, pool),
  }
  return { text: JSON.stringify(options), challenge }
}

/** Why a signed challenge does not show that the user has the passkey; undefined if it does. */
export function flawOf(call: CognitoCall, pool: Pool, user: User, text: string, challenge: string): string | undefined {
  const response = parsed(text)
  const data = clientData(response)
  if (data === undefined) return 'it is no credential'
  const passkey = passkeys.get(call, pool.Id, user.sub, String((response as { id?: unknown }).id))
  if (passkey === undefined) return 'the passkey is not known'
  if (data.challenge !== challenge) return 'it signs another challenge'
  if (passkey.rp !== relyingParty(call, pool)) return 'the relying party has changed'
  if (!belongs(data.origin, passkey.rp)) return `the origin ${data.origin} is not allowed`

  const question: AssertionQuestion = {
    response,
    challenge,
    origin: data.origin,
    rp: passkey.rp,
    verified: verification(call, pool) === 'required',
    passkey: { id: passkey.id, publicKey: passkey.publicKey, counter: passkey.counter },
  }
  const proof = call.ask<Proof<{ counter: number }>>('passkey.assertion', question)
  if ('refused' in proof) return proof.refused
  passkeys.put(call, pool.Id, user.sub, { ...passkey, counter: proof.shown.counter }, passkey.id)
  return undefined
}

/** Whether the passkey that a credential is made by lies in something to carry along, and not in the device. */
export function isRoaming(call: CognitoCall, pool: Pool, user: User, text: string): boolean {
  const { id } = (parsed(text) ?? {}) as { id?: unknown }
  return passkeys.get(call, pool.Id, user.sub, String(id))?.attachment === 'cross-platform'
}

function newChallenge(call: CognitoCall): string {
  return call.random.bytes(CHALLENGE_BYTES).toString('base64url')
}

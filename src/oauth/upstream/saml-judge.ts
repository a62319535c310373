/** Loaded when the first SAML response comes: it brings libraries for XML along. */
import { type Profile, SAML, SamlStatusError, ValidateInResponseTo } from '@node-saml/node-saml'
import type { Expected, Judged, Judgement, LogoutJudgement, SamlFault } from './saml.ts'

/** (?) How far another's clock may be from ours. */
const SKEW_MS = 30_000

/** Signatures, decryption, audience and conditions are the library's; time is ours, and what it leaves to its users is checked below. */
class Verifier extends SAML {
  readonly #times: readonly number[]

  constructor({ certificates, audience, recipient, decryption }: Expected, times: readonly number[]) {
    super({
      idpCert: certificates.map((certificate) => certificate.replace(/\s/g, '')),
      issuer: audience,
      audience,
      callbackUrl: recipient,
      decryptionPvk: decryption,
      // Either the response or the assertion is signed, or both.
      wantAssertionsSigned: false,
      wantAuthnResponseSigned: false,
      validateInResponseTo: ValidateInResponseTo.never,
      acceptedClockSkewMs: SKEW_MS,
    })
    this.#times = times
  }

  protected override checkTimestampsValidityError(_now: number, notBefore: string, notOnOrAfter: string, limit?: number): Error | null {
    const found = this.#times.map((time) => super.checkTimestampsValidityError(time, notBefore, notOnOrAfter, limit))
    return found.includes(null) ? null : (found[0] ?? null)
  }
}

interface Data {
  $?: Record<string, string>
}
interface Parsed {
  Assertion?: {
    $?: Record<string, string>
    Subject?: { SubjectConfirmation?: (Data & { SubjectConfirmationData?: Data[] })[] }[]
    Conditions?: Data[]
  }
}

const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success'

export async function judge({ response, expected, times }: Judgement): Promise<Judged> {
  const xml = Buffer.from(response, 'base64').toString('utf8')
  const head = headOf(xml)
  if (head === undefined) return fault('unreadable', 'It is no SAML response.')
  if (expected.encrypted && !/<(?:[\w-]+:)?EncryptedAssertion\b/.test(xml)) return fault('unencrypted', '')
  let profile: Profile | null
  try {
    profile = (await new Verifier(expected, times).validatePostResponseAsync({ SAMLResponse: response })).profile
  } catch (error) {
    return errorFault(error as Error)
  }
  if (profile === null) return fault('status', 'NoPassive')
  if (head.status !== SUCCESS) return fault('status', head.status)
  return check(profile, head, expected, times)
}

/** What the library does not look at: who, to whom and in answer to what. */
function check(profile: Profile, head: Head, expected: Expected, times: readonly number[]): Judged {
  const { issuer, nameID } = profile
  if (issuer !== expected.issuer) return fault('issuer', String(issuer))
  if (head.destination !== undefined && head.destination !== expected.recipient) return fault('destination', head.destination)
  if (typeof nameID !== 'string' || nameID === '') return fault('subject', '')
  const { Assertion } = (profile.getAssertion?.() ?? {}) as Parsed
  const bearers = (Assertion?.Subject?.[0]?.SubjectConfirmation ?? [])
    .filter(({ $ }) => $?.Method === BEARER)
    .map(({ SubjectConfirmationData }) => SubjectConfirmationData?.[0]?.$ ?? {})
  const mine = bearers.filter(({ Recipient }) => Recipient === expected.recipient)
  if (mine.length === 0) return fault('recipient', bearers.map(({ Recipient }) => Recipient ?? '').join(', '))
  const live = mine.filter(({ NotOnOrAfter = '' }) => times.some((time) => time - SKEW_MS < Date.parse(NotOnOrAfter)))
  if (live.length === 0) return fault('expired', String(mine[0]?.NotOnOrAfter))
  const answers = [head.inResponseTo, ...live.map(({ InResponseTo }) => InResponseTo)]
  if (answers.some((answer) => answer !== expected.request)) return fault('request', answers.find((id) => id !== expected.request) ?? '')
  const { ID = '', IssueInstant = '' } = Assertion?.$ ?? {}
  const issued = Date.parse(IssueInstant)
  if (expected.request === undefined && !times.some((time) => time - issued <= expected.oldest)) return fault('expired', IssueInstant)
  return {
    nameId: nameID,
    nameIdFormat: profile.nameIDFormat === '' ? undefined : profile.nameIDFormat,
    sessionIndex: profile.sessionIndex,
    attributes: textsIn((profile.attributes ?? {}) as Record<string, unknown>),
    assertion: ID,
    ends: Date.parse(live[0]?.NotOnOrAfter ?? IssueInstant),
  }
}

interface Head {
  destination: string | undefined
  inResponseTo: string | undefined
  status: string
}

/** The attributes of the document's element itself. */
function headOf(xml: string): Head | undefined {
  const attributes = /<(?:[\w-]+:)?Response\b([^>]*)>/.exec(xml)?.[1]
  if (attributes === undefined) return undefined
  const status = /<(?:[\w-]+:)?StatusCode\b([^>]*)>/.exec(xml)?.[1] ?? ''
  return {
    destination: valueIn(attributes, 'Destination'),
    inResponseTo: valueIn(attributes, 'InResponseTo'),
    status: valueIn(status, 'Value') ?? '',
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function valueIn(attributes: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes)
  return (found?.[1] ?? found?.[2])?.replace(/&(amp|lt|gt|quot|apos);/g, (_, entity: string) => ENTITIES[entity] ?? '')
}

function textsIn(attributes: Record<string, unknown>): Record<string, string | string[]> {
  const textOf = (value: unknown): string => (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value))
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, Array.isArray(value) ? value.map(textOf) : textOf(value)]),
  )
}

/** What the library calls each fault. */
const FAULTS: readonly (readonly [RegExp, SamlFault])[] = [
  [/audience/i, 'audience'],
  [/expired|not yet valid|valid subject confirmation/i, 'expired'],
  [/signature|signed|digest|verified|key/i, 'signature'],
]

function errorFault(error: Error): Judged {
  if (error instanceof SamlStatusError) return fault('status', error.message)
  const named = FAULTS.find(([pattern]) => pattern.test(error.message))?.[1]
  return fault(named ?? 'unreadable', error.message)
}

function fault(name: SamlFault, detail: string): Judged {
  return { fault: name, detail }
}

/** An answer to a request to sign out: signed by the identity provider, for us, to that request. */
export async function isGenuineLogout({ response, expected }: LogoutJudgement): Promise<boolean> {
  const xml = Buffer.from(response, 'base64').toString('utf8')
  const attributes = /<(?:[\w-]+:)?LogoutResponse\b([^>]*)>/.exec(xml)?.[1]
  if (attributes === undefined || valueIn(attributes, 'InResponseTo') !== expected.request) return false
  const all = { ...expected, audience: expected.recipient, decryption: '', encrypted: false, oldest: 0 }
  try {
    return (await new Verifier(all, []).validatePostResponseAsync({ SAMLResponse: response })).loggedOut
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return false
  }
}

/** Loaded when the first SAML response comes: it brings libraries for XML along. */
import { type Profile, SAML, SamlStatusError, ValidateInResponseTo } from '@node-saml/node-saml'
import { ASSERTION, attributeOf, child, children, type Element, PROTOCOL, rootOf, textOf, Unreadable, within } from '../saml/document.ts'
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

const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success'

export async function judge({ response, expected, times }: Judgement): Promise<Judged> {
  const head = headOf(response, expected)
  if ('fault' in head) return head
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

/** What the response says of itself, around its assertion. */
interface Head {
  destination: string | undefined
  inResponseTo: string | undefined
  status: string
}

/** The document is looked at whole before anything in it is believed: one response, one assertion at its place, no ID twice. */
function headOf(response: string, expected: Expected): Head | { fault: SamlFault; detail: string } {
  const root = documentOf(response, 'Response')
  if (root === undefined) return fault('unreadable', 'It is no SAML response.')
  const shown = children(root, ASSERTION, 'Assertion')
  const hidden = children(root, ASSERTION, 'EncryptedAssertion')
  if (shown.length + hidden.length > 1 || isWrapped(root)) return fault('signature', 'There is more than one assertion.')
  const issuer = child(root, ASSERTION, 'Issuer')
  if (issuer !== undefined && textOf(issuer) !== expected.issuer) return fault('issuer', textOf(issuer))
  const status = child(root, PROTOCOL, 'Status')
  const code = status === undefined ? undefined : child(status, PROTOCOL, 'StatusCode')
  const found = (code === undefined ? undefined : attributeOf(code, 'Value')) ?? ''
  // Whoever says why there is none, encrypts none.
  if (expected.encrypted && hidden.length === 0 && found === SUCCESS) return fault('unencrypted', '')
  return { destination: attributeOf(root, 'Destination'), inResponseTo: attributeOf(root, 'InResponseTo'), status: found }
}

/** The element that a message is; undefined if it is no message of that name. */
function documentOf(encoded: string, name: string): Element | undefined {
  try {
    const root = rootOf(Buffer.from(encoded, 'base64').toString('utf8'), 'SAMLResponse')
    const isOne = root.namespaceURI === PROTOCOL && root.localName === name && attributeOf(root, 'Version') === '2.0'
    return isOne ? root : undefined
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return undefined
  }
}

/**
 * Whether something stands where it is not looked for, so that one thing may be signed and another believed (signature wrapping): a second
 * response or assertion, by whatever prefix or namespace, or an ID that two elements have.
 */
function isWrapped(root: Element): boolean {
  const all = within(root)
  const ids = all.flatMap((element) => attributeOf(element, 'ID') ?? [])
  const odd = all.filter((element) => {
    const { localName, namespaceURI, parentNode } = element
    if (localName === 'Response') return element !== root
    if (localName !== 'Assertion' && localName !== 'EncryptedAssertion') return false
    return element !== root && (parentNode !== root || namespaceURI !== ASSERTION)
  })
  return odd.length > 0 || new Set(ids).size !== ids.length
}

/** What the library does not look at: who, to whom and in answer to what. */
function check(profile: Profile, head: Head, expected: Expected, times: readonly number[]): Judged {
  // The very text that was signed, comments and all that lay around it being gone.
  const assertion = rootOf(profile.getAssertionXml?.() ?? '', 'assertion')
  if (assertion.namespaceURI !== ASSERTION || isWrapped(assertion)) return fault('signature', 'There is more than one assertion.')
  if (attributeOf(assertion, 'Version') !== '2.0') return fault('unreadable', 'The assertion is not of SAML 2.0.')
  const issuer = textOf(child(assertion, ASSERTION, 'Issuer'))
  if (issuer !== expected.issuer) return fault('issuer', issuer)
  if (head.destination !== undefined && head.destination !== expected.recipient) return fault('destination', head.destination)
  const subjects = children(assertion, ASSERTION, 'Subject')
  const names = subjects.flatMap((subject) => children(subject, ASSERTION, 'NameID'))
  const [name] = names
  const nameId = textOf(name)
  if (name === undefined || names.length > 1 || nameId === '') return fault('subject', '')

  const bearers = subjects
    .flatMap((subject) => children(subject, ASSERTION, 'SubjectConfirmation'))
    .filter((confirmation) => attributeOf(confirmation, 'Method') === BEARER)
    .map((confirmation) => dataOf(child(confirmation, ASSERTION, 'SubjectConfirmationData')))
  const mine = bearers.filter(({ recipient }) => recipient === expected.recipient)
  if (mine.length === 0) return fault('recipient', bearers.map(({ recipient }) => recipient ?? '').join(', '))
  const live = mine.filter(({ from, ends }) => times.some((time) => from - SKEW_MS <= time && time - SKEW_MS < ends))
  const [first] = live
  if (first === undefined) return fault('expired', String(mine[0]?.ends))
  const answers = [head.inResponseTo, ...live.map(({ inResponseTo }) => inResponseTo)]
  if (answers.some((answer) => answer !== expected.request)) return fault('request', answers.find((id) => id !== expected.request) ?? '')
  const at = attributeOf(assertion, 'IssueInstant') ?? ''
  if (expected.request === undefined && !times.some((time) => time - Date.parse(at) <= expected.oldest)) return fault('expired', at)
  const format = attributeOf(name, 'Format') ?? ''
  return {
    nameId,
    nameIdFormat: format === '' ? undefined : format,
    sessionIndex: profile.sessionIndex,
    attributes: textsIn((profile.attributes ?? {}) as Record<string, unknown>),
    assertion: attributeOf(assertion, 'ID') ?? '',
    ends: first.ends,
  }
}

interface Bearing {
  recipient: string | undefined
  inResponseTo: string | undefined
  /** Epoch milliseconds; without an end, it has ended. */
  from: number
  ends: number
}

function dataOf(data: Element | undefined): Bearing {
  const say = (name: string) => (data === undefined ? undefined : attributeOf(data, name))
  const notBefore = say('NotBefore')
  return {
    recipient: say('Recipient'),
    inResponseTo: say('InResponseTo'),
    from: notBefore === undefined ? Number.NEGATIVE_INFINITY : Date.parse(notBefore),
    ends: Date.parse(say('NotOnOrAfter') ?? ''),
  }
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

function fault(name: SamlFault, detail: string): { fault: SamlFault; detail: string } {
  return { fault: name, detail }
}

/** An answer to a request to sign out: signed by the identity provider, for us, to that request. */
export async function isGenuineLogout({ response, expected }: LogoutJudgement): Promise<boolean> {
  const root = documentOf(response, 'LogoutResponse')
  if (root === undefined || attributeOf(root, 'InResponseTo') !== expected.request) return false
  if (textOf(child(root, ASSERTION, 'Issuer')) !== expected.issuer) return false
  if ((attributeOf(root, 'Destination') ?? expected.recipient) !== expected.recipient) return false
  const all = { ...expected, audience: expected.recipient, decryption: '', encrypted: false, oldest: 0 }
  try {
    return (await new Verifier(all, []).validatePostResponseAsync({ SAMLResponse: response })).loggedOut
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return false
  }
}

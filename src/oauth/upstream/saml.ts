import type { Call } from '../../core/call.ts'
import { element, moment, text } from '../saml/xml.ts'

const NAMESPACES = {
  'xmlns:samlp': 'urn:oasis:names:tc:SAML:2.0:protocol',
  'xmlns:saml': 'urn:oasis:names:tc:SAML:2.0:assertion',
}
const POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'

interface Request {
  id: string
  /** Epoch milliseconds. */
  now: number
  /** Our entity ID. */
  issuer: string
  /** Where it is sent. */
  destination: string
}

/** Asks an identity provider to sign somebody in, and to post its answer (SAML core, 3.4.1). */
export function authnRequest({ id, now, issuer, destination, acs, format }: Request & { acs: string; format: string }): string {
  const head = { ...NAMESPACES, ID: id, Version: '2.0', IssueInstant: moment(now), Destination: destination }
  return element('samlp:AuthnRequest', { ...head, ProtocolBinding: POST, AssertionConsumerServiceURL: acs }, [
    element('saml:Issuer', {}, [text(issuer)]),
    element('samlp:NameIDPolicy', { Format: format, AllowCreate: 'true' }),
  ])
}

/** Asks an identity provider to sign somebody out (SAML core, 3.7.1). */
export function logoutRequest(request: Request & { nameId: { value: string; format: string }; sessionIndex?: string | undefined }): string {
  const { id, now, issuer, destination, nameId, sessionIndex } = request
  const head = { ...NAMESPACES, ID: id, Version: '2.0', IssueInstant: moment(now), Destination: destination }
  return element('samlp:LogoutRequest', head, [
    element('saml:Issuer', {}, [text(issuer)]),
    element('saml:NameID', { Format: nameId.format }, [text(nameId.value)]),
    sessionIndex === undefined ? undefined : element('samlp:SessionIndex', {}, [text(sessionIndex)]),
  ])
}

/** What a service provider holds an answer to. */
export interface Expected {
  /** The identity provider's entity ID. */
  issuer: string
  /** With which it signs: base64 of DER, each. */
  certificates: readonly string[]
  /** Our entity ID. */
  audience: string
  /** Where the answer was to be sent. */
  recipient: string
  /** The ID of our request, or undefined for an answer that nobody asked for. */
  request: string | undefined
  /** How old an answer may be that nobody asked for, in milliseconds. */
  oldest: number
  /** With which encrypted assertions are read: PEM. */
  decryption: string
  /** Whether assertions must be encrypted. */
  encrypted: boolean
}

/** What is wrong with an answer. */
export type SamlFault =
  | 'unreadable'
  | 'status'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'destination'
  | 'recipient'
  | 'request'
  | 'expired'
  | 'unencrypted'
  | 'replayed'
  | 'subject'

export type Judged =
  | {
      nameId: string
      nameIdFormat: string | undefined
      sessionIndex: string | undefined
      attributes: Record<string, string | string[]>
      /** The assertion's own ID, which does not count twice. */
      assertion: string
      /** Epoch milliseconds. */
      ends: number
    }
  | { fault: SamlFault; detail: string }

export interface Judgement {
  response: string
  expected: Expected
  /** When it is, by our clock and by the machine's. */
  times: readonly number[]
}

const KIND = 'oauth.saml'
const LOGOUT = 'oauth.saml-logout'

/** Who a SAML response vouches for, verified; asked of the handler's outside, where the libraries for XML are. */
export function judged(call: Call, response: string, expected: Expected): Judged {
  const question: Judgement = { response, expected, times: [call.now, call.context.namespace.clock.real] }
  return call.ask<Judged>(KIND, question, { response, expected })
}

/** Whether an answer to a request to sign out is the identity provider's. */
export function isSignedOut(call: Call, response: string, expected: LogoutJudgement['expected']): boolean {
  return call.ask<boolean>(LOGOUT, { response, expected })
}

export interface LogoutJudgement {
  response: string
  expected: Pick<Expected, 'issuer' | 'certificates' | 'recipient' | 'request'>
}

export const samlAnswers = {
  [KIND]: async (judgement: Judgement): Promise<Judged> => (await import('./saml-judge.ts')).judge(judgement),
  [LOGOUT]: async (judgement: LogoutJudgement): Promise<boolean> => (await import('./saml-judge.ts')).isGenuineLogout(judgement),
}

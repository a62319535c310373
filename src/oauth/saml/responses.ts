import type { Signer } from './redirect.ts'
import { signed } from './signing.ts'
import { element, moment, text } from './xml.ts'

export const NAME_ID = {
  email: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
  persistent: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  transient: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
  unspecified: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
} as const

export const STATUS = {
  success: 'urn:oasis:names:tc:SAML:2.0:status:Success',
  requester: 'urn:oasis:names:tc:SAML:2.0:status:Requester',
  responder: 'urn:oasis:names:tc:SAML:2.0:status:Responder',
  noPassive: 'urn:oasis:names:tc:SAML:2.0:status:NoPassive',
  invalidNameIdPolicy: 'urn:oasis:names:tc:SAML:2.0:status:InvalidNameIDPolicy',
  requestDenied: 'urn:oasis:names:tc:SAML:2.0:status:RequestDenied',
} as const

const NAMESPACES = {
  'xmlns:samlp': 'urn:oasis:names:tc:SAML:2.0:protocol',
  'xmlns:saml': 'urn:oasis:names:tc:SAML:2.0:assertion',
}
const PASSWORD = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport'
const BASIC = 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic'

export interface NameId {
  format: string
  value: string
}

/** What of a response is signed. */
export type Signs = 'assertion' | 'response' | 'both'

/** What every answer to a service provider says. */
interface Envelope {
  /** The IDs of the response and of the assertion: they begin with a letter or `_`. */
  ids: { response: string; assertion?: string }
  issuer: string
  /** Where it is sent. */
  destination: string
  /** The ID of the request it answers, if there was one. */
  inResponseTo?: string | undefined
  /** Epoch milliseconds. */
  now: number
}

/** Somebody who signed in, for a service provider. */
export interface Assertion extends Envelope {
  ids: { response: string; assertion: string }
  /** The service provider's entity ID. */
  audience: string
  nameId: NameId
  /** Epoch milliseconds of the proof. */
  authTime: number
  sessionIndex: string
  /** Epoch milliseconds. */
  sessionEnds?: number | undefined
  /** Those without a value are left out. */
  attributes: readonly { name: string; format?: string; values: readonly string[] }[]
  /** How long the assertion is good for, in milliseconds; five minutes unless said otherwise. */
  lifetime?: number
}

const LIFETIME = 5 * 60_000

/** A response with an assertion (SAML core, 2.3.3 and 3.3.3), signed. */
export function response(assertion: Assertion, signs: Signs, signer: Signer): string {
  const { ids } = assertion
  const plain = envelope('samlp:Response', assertion, status(STATUS.success), assertionOf(assertion))
  const inner = signs === 'response' ? plain : signed(plain, ids.assertion, signer)
  return signs === 'assertion' ? inner : signed(inner, ids.response, signer)
}

/** A response that says why nobody is signed in. */
export function refusal(about: Envelope, why: { code: string; detail?: string; message?: string }, signer: Signer): string {
  return signed(envelope('samlp:Response', about, status(why.code, why.detail, why.message)), about.ids.response, signer)
}

/** The answer to a request to sign out. Unsigned, for a redirect has its signature beside it; `signer` signs what is posted. */
export function logoutResponse(about: Envelope, signer?: Signer): string {
  const plain = envelope('samlp:LogoutResponse', about, status(STATUS.success))
  return signer === undefined ? plain : signed(plain, about.ids.response, signer)
}

function envelope(name: string, { ids, issuer, destination, inResponseTo, now }: Envelope, ...children: string[]): string {
  return element(
    name,
    {
      ...NAMESPACES,
      ID: ids.response,
      Version: '2.0',
      IssueInstant: moment(now),
      Destination: destination,
      InResponseTo: inResponseTo,
    },
    [element('saml:Issuer', {}, [text(issuer)]), ...children],
  )
}

function status(code: string, detail?: string, message?: string): string {
  return element('samlp:Status', {}, [
    element('samlp:StatusCode', { Value: code }, [detail === undefined ? undefined : element('samlp:StatusCode', { Value: detail })]),
    message === undefined ? undefined : element('samlp:StatusMessage', {}, [text(message)]),
  ])
}

function assertionOf(assertion: Assertion): string {
  const { ids, issuer, audience, destination, inResponseTo, now, nameId, authTime, sessionIndex, sessionEnds } = assertion
  const ends = moment(now + (assertion.lifetime ?? LIFETIME))
  const attributes = assertion.attributes.filter(({ values }) => values.length > 0)
  return element(
    'saml:Assertion',
    { 'xmlns:saml': NAMESPACES['xmlns:saml'], ID: ids.assertion, Version: '2.0', IssueInstant: moment(now) },
    [
      element('saml:Issuer', {}, [text(issuer)]),
      element('saml:Subject', {}, [
        element('saml:NameID', { Format: nameId.format }, [text(nameId.value)]),
        element('saml:SubjectConfirmation', { Method: 'urn:oasis:names:tc:SAML:2.0:cm:bearer' }, [
          element('saml:SubjectConfirmationData', { NotOnOrAfter: ends, Recipient: destination, InResponseTo: inResponseTo }),
        ]),
      ]),
      element('saml:Conditions', { NotBefore: moment(now), NotOnOrAfter: ends }, [
        element('saml:AudienceRestriction', {}, [element('saml:Audience', {}, [text(audience)])]),
      ]),
      element(
        'saml:AuthnStatement',
        {
          AuthnInstant: moment(authTime),
          SessionIndex: sessionIndex,
          SessionNotOnOrAfter: sessionEnds === undefined ? undefined : moment(sessionEnds),
        },
        [element('saml:AuthnContext', {}, [element('saml:AuthnContextClassRef', {}, [text(PASSWORD)])])],
      ),
      attributes.length === 0 ? undefined : element('saml:AttributeStatement', {}, attributes.map(attributeOf)),
    ],
  )
}

function attributeOf({ name, format = BASIC, values }: Assertion['attributes'][number]): string {
  const typed = { 'xmlns:xs': 'http://www.w3.org/2001/XMLSchema', 'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance' }
  return element(
    'saml:Attribute',
    { Name: name, NameFormat: format },
    values.map((value) => element('saml:AttributeValue', { ...typed, 'xsi:type': 'xs:string' }, [text(value)])),
  )
}

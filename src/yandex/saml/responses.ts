import type { Call } from '../../core/call.ts'
import type { Person } from '../../oauth/realm.ts'
import { refuse } from '../../oauth/refusal.ts'
import type * as Saml from '../../oauth/saml/index.ts'
import { certificates, type StoredSaml } from '../application-records.ts'
import type { YandexCall } from '../call.ts'
import type { User } from '../records.ts'
import { barOf, blockOf, groupsTold, userById } from '../rules/applications/entry.ts'
import { certificateKey, claimed, metadataOf } from '../rules/applications/saml.ts'
import { IAM_DATA } from '../rules/running/audit.ts'
import { type Asked, SESSION_MINUTES } from './requests.ts'

type Tools = typeof Saml

/** Which parts are signed, by the application's settings (yandex-idp 15). */
const SIGNS: Readonly<Record<string, Saml.Signs>> = { ASSERTIONS: 'assertion', RESPONSE: 'response', RESPONSE_AND_ASSERTIONS: 'both' }

/** The certificate that the application signs with, and its key. */
export function signerOf(call: Call, { id, securitySettings }: StoredSaml): Saml.Signer {
  const certificate = certificates.get(call, id, securitySettings.signatureCertificateId ?? '')
  if (certificate === undefined) return refuse('server_error', `The application ${id} has no signature certificate.`)
  return { key: certificateKey(certificate.id).private, certificate: certificate.data.replace(/-----[^-]+-----|\s/g, '') }
}

/** The response about somebody who signed in, or why there is none for them. */
export function responseTo(call: YandexCall, tools: Tools, application: StoredSaml, asked: Asked, person: Person): string {
  const user = userById(call, person.id) ?? refuse('access_denied', 'The user is gone.')
  const why = blockOf(call, user) ?? barOf(call, application, user.id)?.reason
  // (?) Who is suspended or not assigned is refused by a status of the response; nothing documents how.
  if (why !== undefined) return denial(call, tools, application, asked, tools.STATUS.requestDenied, why)
  const nameId = nameIdOf(tools, application, asked.nameIdFormat, user)
  if (nameId === undefined) {
    const reason = `A NameID of the format ${asked.nameIdFormat} is not supported.`
    return denial(call, tools, application, asked, tools.STATUS.invalidNameIdPolicy, reason)
  }
  call.note({ event: IAM_DATA.applicationLogin })
  const groups = groupsTold(call, application, user.id)
  const groupAttribute = application.groupClaimsSettings?.groupAttributeName
  const assertion: Saml.Assertion = {
    ids: { response: idFor(call), assertion: idFor(call) },
    issuer: metadataOf(call, application.id).issuer,
    destination: asked.acsUrl,
    inResponseTo: asked.request,
    now: call.now,
    audience: application.serviceProvider?.entityId ?? '',
    nameId,
    authTime: person.authTime * 1000,
    sessionIndex: person.session,
    sessionEnds: (person.authTime + SESSION_MINUTES * 60) * 1000,
    attributes: [
      ...(application.attributeMapping.attributes ?? []).map(({ name, value }) => ({ name, values: claimed(user, value) })),
      ...(groups === undefined || groupAttribute === undefined ? [] : [{ name: groupAttribute, values: groups }]),
    ],
  }
  return tools.response(assertion, SIGNS[application.securitySettings.signatureMode ?? ''] ?? 'assertion', signerOf(call, application))
}

/** A response without an assertion. */
export function denial(call: Call, tools: Tools, application: StoredSaml, asked: Asked, detail: string, message: string): string {
  const about = {
    ids: { response: idFor(call) },
    issuer: metadataOf(call, application.id).issuer,
    destination: asked.acsUrl,
    inResponseTo: asked.request,
    now: call.now,
  }
  const { responder, requester, invalidNameIdPolicy } = tools.STATUS
  const code = detail === invalidNameIdPolicy ? requester : responder
  return tools.refusal(about, { code, detail, message }, signerOf(call, application))
}

export function idFor(call: Call): string {
  return `_${call.random.bytes(16).toString('hex')}`
}

/**
 * What the request asks for goes before the application's setting (guide to SAML applications): an address of email is the user's name, a
 * persistent id the user's own. Another format than these is undefined.
 */
export function nameIdOf(tools: Tools, { attributeMapping }: StoredSaml, asked: string | undefined, user: User): Saml.NameId | undefined {
  const { email, persistent, unspecified } = tools.NAME_ID
  const { format, value } = attributeMapping.nameId
  const own = format === 'PERSISTENT' ? persistent : email
  const wanted = asked === undefined || asked === unspecified ? own : asked
  if (wanted !== email && wanted !== persistent) return undefined
  const [chosen] = wanted === own && value !== undefined ? claimed(user, value) : []
  return { format: wanted, value: chosen ?? (wanted === email ? user.username : user.id) }
}

import { SAML, type SamlConfig } from '@node-saml/node-saml'
import type { Test } from 'tap'
import type { AppOptions } from '../../src/app.ts'
import type { Operations } from '../../src/yandex/contract/types.ts'
import type { Browser } from './browser.ts'
import { emulator } from './emulator.ts'
import { browser } from './oauth.ts'
import { IDP, ORGANIZATION, rest } from './yandex.ts'
import { CHOSEN, makePermanent } from './yandex-oauth.ts'

export const SAML_APPLICATIONS = `${IDP}/application/saml/applications`
export const CERTIFICATES = `${IDP}/application/saml/signature-certificates`
export const ACS = 'https://sp.example/saml/acs'
export const SLO = 'https://sp.example/saml/slo'
export const EMAIL = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'
export const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'

type Input = Partial<Operations['saml.ApplicationService.Create']['input']>

/** A SAML application, its service provider (node-saml), and a user who is assigned to it. */
export async function makeSamlWorld(t: Pick<Test, 'teardown'>, input: Input = {}, options: AppOptions = {}) {
  const idp = await emulator(t, options)
  const api = rest(idp)
  const { id: pool } = await api.pool()
  const user = await api.user({
    userpoolId: pool,
    givenName: 'Ada',
    familyName: 'Lovelace',
    email: 'ada@example.com',
    jobTitle: 'Analyst',
  })
  await makePermanent(api, user.id)
  const application = await api.done('POST', SAML_APPLICATIONS, {
    organizationId: ORGANIZATION,
    name: 'wiki',
    serviceProvider: {
      entityId: 'wiki',
      acsUrls: [
        { url: ACS, index: 0 },
        { url: 'https://sp.example/second', index: 7 },
      ],
      sloUrls: [{ url: SLO, protocolBinding: 'HTTP_REDIRECT' }],
    },
    ...input,
  })
  const assignment = (subjectId: string, action = 'ADD') =>
    api.done('PATCH', `${SAML_APPLICATIONS}/${application.id}:updateAssignments`, {
      assignmentDeltas: [{ action, assignment: { subjectId } }],
    })
  const change = (updateMask: string, body: object) => api.done('PATCH', `${SAML_APPLICATIONS}/${application.id}`, { updateMask, ...body })
  await assignment(user.id)

  const shown = (await api.call('GET', `${SAML_APPLICATIONS}/${application.id}`, undefined, { host: 'localhost:80' })).body
  const { issuer, ssoUrl, sloUrl, metadataUrl } = shown.identityProviderMetadata
  const certificate = async () => {
    const { body } = await api.call('GET', `${SAML_APPLICATIONS}/${application.id}`)
    const id = body.securitySettings.signatureCertificateId
    return (await api.call('GET', `${CERTIFICATES}/${id}`)).body.data as string
  }
  const provider = async (more: Partial<SamlConfig> = {}) =>
    new SAML({
      entryPoint: ssoUrl,
      logoutUrl: sloUrl,
      callbackUrl: ACS,
      issuer: 'wiki',
      audience: 'wiki',
      idpCert: await certificate(),
      idpIssuer: issuer,
      identifierFormat: null,
      wantAuthnResponseSigned: false,
      // The emulator's clock stands still in tests.
      acceptedClockSkewMs: -1,
      ...more,
    })
  return { idp, api, user, application, assignment, change, provider, urls: { issuer, ssoUrl, sloUrl, metadataUrl } }
}

/** The form that goes to the service provider, as it would arrive there. */
export function formOf(seen: Browser): { action: string; SAMLResponse: string; RelayState: string } {
  const text = seen.last?.text ?? ''
  const action = /<form method="post" action="([^"]*)" data-testid="form-saml">/.exec(text)?.[1] ?? ''
  const field = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? ''
  if (action === '') throw new Error(`no SAML form\n${text}`)
  return { action, SAMLResponse: field('SAMLResponse'), RelayState: field('RelayState') }
}

export type SamlWorld = Awaited<ReturnType<typeof makeSamlWorld>>

/** Signs the world's user in at the service provider's request. */
export async function signInBySaml({ idp, user }: SamlWorld, sp: SAML, seen = browser(idp)): Promise<ReturnType<typeof formOf>> {
  await seen.go(await sp.getAuthorizeUrlAsync('here & there', undefined, {}))
  if (seen.last?.page === 'login') await seen.submit('login', { username: user.username, password: CHOSEN })
  return formOf(seen)
}

import type { Call } from '../core/call.ts'
import { members } from '../directory/members.ts'
import { oauthApplications, oauthClients, type StoredClient, type StoredOauth } from './application-records.ts'
import { homes, organizations } from './records.ts'
import { issueToken } from './rules/access/iam-tokens.ts'
import { teamOf } from './rules/applications/applications.ts'
import { issuerOf } from './rules/applications/issuer.ts'
import { scopesOf } from './rules/applications/oauth-clients.ts'
import { END_SESSION } from './rules/applications/oauth-tokens.ts'
import { DEMO_SUBJECT, settingsOf } from './settings.ts'

/** What a walk through a code flow needs to know of OAuth applications, and how their clients are changed. */
export const debugging = {
  label: 'Yandex Identity Hub',

  clients(call: Call) {
    return organizations
      .all(call, '')
      .flatMap(({ id }) => oauthApplications.all(call, id))
      .flatMap((application) => {
        const clientId = application.clientGrant?.clientId
        const home = clientId === undefined ? undefined : homes.get(call, 'oauth-client', clientId)
        const client = home === undefined ? undefined : oauthClients.get(call, home.parent, clientId as string)
        return client === undefined ? [] : [viewed(call, application, client)]
      })
  },

  endpoints(call: Call, _client: { pool: string }, base: string) {
    return {
      issuer: issuerOf({ settings: call.settings, origin: { base } }),
      configuration: `${base}/.well-known/openid-configuration`,
      authorize: `${base}/oauth/authorize`,
      token: `${base}/oauth/token`,
      userInfo: `${base}/oauth/userinfo`,
      revoke: `${base}/oauth/revoke`,
      logout: END_SESSION === undefined ? undefined : `${base}${END_SESSION}`,
    }
  },

  signOut({ id, logouts }: { id: string; logouts: readonly string[] }, endpoints: { logout?: string | undefined }) {
    if (endpoints.logout === undefined) return { why: 'The service has no address to sign out at.' }
    const why = 'It ends the session of this browser, and asks first unless an id_token_hint says who it is; tokens stay good.'
    const [to] = logouts
    const query = new URLSearchParams({ client_id: id, ...(to === undefined ? {} : { post_logout_redirect_uri: to }) })
    return { why: `${why} It leads back to postLogoutRedirectUris of the client only.`, url: `${endpoints.logout}?${query}` }
  },

  /** `auth: strict` wants a token: the reader's own in what is shown, one of the demo subject's where the call is made. */
  addRedirect(call: Call, { id }: { id: string }, uri: string, { shown }: { shown: boolean }) {
    const home = homes.get(call, 'oauth-client', id)
    const client = home === undefined ? undefined : oauthClients.get(call, home.parent, id)
    const strict = settingsOf(call).auth === 'strict'
    const bearer = () => (shown ? '$IAM_TOKEN' : issueToken(call, DEMO_SUBJECT).token)
    const authorization: Record<string, string> = strict ? { authorization: `Bearer ${bearer()}` } : {}
    const body = { updateMask: 'redirectUris', redirectUris: [...(client?.redirectUris ?? []), uri] }
    return {
      method: 'PATCH' as const,
      path: `/iam/v1/oauthClients/${id}`,
      headers: { 'content-type': 'application/json', ...authorization },
      body,
    }
  },
}

function viewed(call: Call, application: StoredOauth, client: StoredClient) {
  const methods = client.authenticationMethods ?? []
  const problems: string[] = []
  if (application.status !== 'ACTIVE') problems.push(`The application is ${application.status}.`)
  if (members.count(call, application.organizationId, teamOf(application.id)) === 0) {
    problems.push('Nobody is assigned to the application: updateAssignments lets users and groups in.')
  }
  return {
    id: client.id,
    name: `${application.name} (${client.profileId})`,
    pool: application.organizationId,
    redirects: client.redirectUris ?? [],
    logouts: client.postLogoutRedirectUris ?? [],
    scopes: scopesOf(client, application),
    confidential: methods.some((method) => method !== 'none'),
    // Only its hash is kept.
    secret: undefined,
    byHeader: methods.includes('client_secret_basic'),
    problems,
  }
}

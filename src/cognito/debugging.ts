import type { Call } from '../core/call.ts'
import { contract, requestSchema } from './contract/index.ts'
import { type Client, clients, type Pool, pools } from './records.ts'
import { secretsOf } from './rules/clients/secrets.ts'
import { issuerOf } from './rules/tokens/issuer.ts'
import { CONTENT_TYPE } from './wire.ts'

/** What a walk through a code flow needs to know of app clients, and how they are changed. */
export const debugging = {
  label: 'Amazon Cognito',

  clients(call: Call) {
    return pools.all(call, '').flatMap((pool) => clients.all(call, pool.Id).map((client) => viewed(pool, client)))
  },

  /** Where the client's endpoints lie; `base` is the address that the emulator is called at. */
  endpoints(call: Call, { pool: id }: { pool: string }, base: string) {
    const pool = pools.get(call, '', id)
    return {
      issuer: pool === undefined ? base : issuerOf({ settings: call.settings, origin: { ...call.origin, base } }, pool),
      configuration: `${base}/${id}/.well-known/openid-configuration`,
      authorize: `${base}/oauth2/authorize`,
      token: `${base}/oauth2/token`,
      userInfo: `${base}/oauth2/userInfo`,
      revoke: `${base}/oauth2/revoke`,
      logout: `${base}/logout`,
    }
  },

  /** Where signing out begins, and what there is to know of it. */
  signOut({ id, logouts }: { id: string; logouts: readonly string[] }, endpoints: { logout?: string | undefined }) {
    const [to] = logouts
    const why = 'It ends the session of this browser; tokens stay good until they are revoked or expire.'
    if (to === undefined) return { why: `${why} The client has no LogoutURLs, so there is no address to be led to afterwards.` }
    return { why, url: `${endpoints.logout}?${new URLSearchParams({ client_id: id, logout_uri: to })}` }
  },

  /** The call that lets the client be led to `uri`, with all that the client is set to: an update resets what it does not name. */
  addRedirect(call: Call, { id, pool }: { id: string; pool: string }, uri: string) {
    const client = clients.get(call, pool, id)
    const known = Object.keys((requestSchema('UpdateUserPoolClient') as { properties?: object } | undefined)?.properties ?? {})
    const kept = Object.entries(client ?? {}).filter(([name]) => known.includes(name))
    const flows = new Set([...(client?.AllowedOAuthFlows ?? []), 'code'])
    const body = {
      ...Object.fromEntries(kept),
      UserPoolId: pool,
      ClientId: id,
      CallbackURLs: [...(client?.CallbackURLs ?? []), uri],
      AllowedOAuthFlows: [...flows],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthScopes: client?.AllowedOAuthScopes?.length ? client.AllowedOAuthScopes : ['openid', 'email', 'profile'],
      SupportedIdentityProviders: client?.SupportedIdentityProviders?.length ? client.SupportedIdentityProviders : ['COGNITO'],
    }
    const headers = { 'content-type': CONTENT_TYPE, 'x-amz-target': `${contract.targetPrefix}.UpdateUserPoolClient` }
    return { method: 'POST' as const, path: '/', headers, body }
  },
}

function viewed(pool: Pool, client: Client) {
  const [secret] = secretsOf(client)
  const problems: string[] = []
  if (client.AllowedOAuthFlowsUserPoolClient !== true)
    problems.push('AllowedOAuthFlowsUserPoolClient is not true, so the client may not use these endpoints.')
  else if (client.AllowedOAuthFlows?.includes('code') !== true) problems.push('AllowedOAuthFlows does not have code.')
  return {
    id: client.ClientId,
    name: `${client.ClientName} (${pool.Name})`,
    pool: pool.Id,
    redirects: client.CallbackURLs ?? [],
    logouts: client.LogoutURLs ?? [],
    scopes: client.AllowedOAuthScopes ?? [],
    confidential: secret !== undefined,
    secret,
    byHeader: true,
    problems,
  }
}

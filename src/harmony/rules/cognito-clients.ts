import { createHmac } from 'node:crypto'
import type { HarmonyCall } from '../call.ts'
import type { ClientAnswer, PatchClient, PostClient } from '../definitions/client.ts'
import { type ClientRecord, clientHomes, clients } from '../records.ts'
import { type ClientFacts, ifFound } from '../upstream.ts'
import { poolOf } from './cognito-directory.ts'

/**
 * A Cognito client is an app client of a user pool; Harmony's database keeps beside it what Cognito has no room for.
 * (?) How grant types map is not documented: OAuth's three are Cognito's flows, the other two its own ways of signing in.
 */
const FLOWS: Readonly<Record<string, 'code' | 'implicit' | 'client_credentials'>> = {
  authorization_code: 'code',
  implicit: 'implicit',
  client_credentials: 'client_credentials',
}
const DIRECT: Readonly<Record<string, 'ALLOW_REFRESH_TOKEN_AUTH' | 'ALLOW_USER_PASSWORD_AUTH'>> = {
  refresh_token: 'ALLOW_REFRESH_TOKEN_AUTH',
  password: 'ALLOW_USER_PASSWORD_AUTH',
}
const USER_SCOPES = ['openid', 'email', 'profile']

/** Cognito gives machines tokens only for a resource server's scopes: Harmony's clients share this one, made when first needed. */
const SERVER = { Identifier: 'harmony', Name: 'harmony', Scopes: [{ ScopeName: 's2s', ScopeDescription: 'system to system' }] }

export function create(call: HarmonyCall<400>, userPoolId: string, body: PostClient): ClientAnswer {
  const pool = poolOf(call, userPoolId, 400)
  const record = recordOf(body, userPoolId)
  const { UserPoolClient: made = {} } = call.cognito.CreateUserPoolClient({
    UserPoolId: pool.Id,
    ClientName: body.name,
    GenerateSecret: record.tokenEndpointAuthMethod !== 'none',
    ...settingsOf(call, pool.Id, record),
  })
  const kept = { ...record, id: String(made.ClientId) }
  clients.put(call, pool.Id, kept.id, kept)
  clientHomes.put(call, '', kept.id, { parent: pool.Id })

  return view(made, kept)
}

export function read(call: HarmonyCall<400 | 404>, userPoolId: string, id: string): ClientAnswer {
  const { facts, record } = find(call, userPoolId, id)
  return view(facts, record)
}

export function update(call: HarmonyCall<400 | 404>, userPoolId: string, id: string, body: PatchClient): ClientAnswer {
  const { facts, record } = find(call, userPoolId, id)
  const known = record ?? recordFrom(facts, userPoolId)
  const { clientMetadata, ...rest } = body
  const kept: ClientRecord = {
    ...known,
    ...(Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as Partial<ClientRecord>),
    clientMetadata: { ...known.clientMetadata, ...clientMetadata },
    id,
    provider: 'cognito-client',
    stale: true,
  }
  // An update replaces everything, so what is not Harmony's is sent back as it is.
  const { ClientSecret, CreationDate, LastModifiedDate, ...same } = facts
  const { UserPoolClient: updated = {} } = call.cognito.UpdateUserPoolClient({
    ...same,
    UserPoolId: userPoolId,
    ClientId: id,
    ClientName: kept.name,
    ...settingsOf(call, userPoolId, kept, facts),
  })
  clients.put(call, userPoolId, id, kept)
  clientHomes.put(call, '', id, { parent: userPoolId })

  return view(updated, kept)
}

/** What is in Harmony's database and what is in the pool, compared; clients that Cognito has lost are dropped. */
export function sync(call: HarmonyCall<400>, userPoolId: string, product: string | undefined) {
  const pool = poolOf(call, userPoolId, 400)
  const mirrored = clients.all(call, pool.Id).filter((client) => product === undefined || client.product === product)
  const there = new Set<string>()
  for (let NextToken: string | undefined; ; ) {
    const page = call.cognito.ListUserPoolClients({
      UserPoolId: pool.Id,
      MaxResults: 60,
      ...(NextToken === undefined ? {} : { NextToken }),
    })
    for (const { ClientId } of page.UserPoolClients ?? []) there.add(String(ClientId))
    NextToken = page.NextToken
    if (NextToken === undefined) break
  }
  const stale = mirrored.filter(({ id }) => !there.has(id))
  for (const { id } of stale) {
    clients.remove(call, pool.Id, id)
    clientHomes.remove(call, '', id)
  }
  return {
    totalDbClients: mirrored.length,
    totalCognitoClients: there.size,
    staleClientsFound: stale.length,
    staleClientsDeleted: stale.length,
  }
}

/** The secret of a client that Harmony knows, as Cognito has it. */
export function secretOf(call: HarmonyCall, userPoolId: string, id: string): string | undefined {
  return factsOf(call, userPoolId, id)?.ClientSecret
}

/** Cognito asks for it from applications whose client has a secret. */
export function secretHashOf(call: HarmonyCall, id: string, username: string): string | undefined {
  const home = clientHomes.get(call, '', id)
  const secret = home === undefined ? undefined : secretOf(call, home.parent, id)
  return secret === undefined
    ? undefined
    : createHmac('sha256', secret)
        .update(username + id)
        .digest('base64')
}

function factsOf(call: HarmonyCall, userPoolId: string, id: string): ClientFacts | undefined {
  return ifFound(() => call.cognito.DescribeUserPoolClient({ UserPoolId: userPoolId, ClientId: id }))?.UserPoolClient
}

function find(call: HarmonyCall<400 | 404>, userPoolId: string, id: string): { facts: ClientFacts; record: ClientRecord | undefined } {
  const pool = poolOf(call, userPoolId, 404)
  const facts = factsOf(call, pool.Id, id) ?? call.refuse(404, `client ${id} does not exist`)
  return { facts, record: clients.get(call, pool.Id, id) }
}

/** What Cognito keeps of it. What it keeps besides these, an update sends back as it was. */
function settingsOf(call: HarmonyCall, userPoolId: string, record: ClientRecord, before: ClientFacts = {}) {
  const flows = record.grantTypes.flatMap((type) => FLOWS[type] ?? [])
  const direct = record.grantTypes.flatMap((type) => DIRECT[type] ?? [])
  const others = (before.ExplicitAuthFlows ?? []).filter((flow) => !Object.values(DIRECT).includes(flow as never))
  const machine = flows.includes('client_credentials')
  if (
    machine &&
    ifFound(() => call.cognito.DescribeResourceServer({ UserPoolId: userPoolId, Identifier: SERVER.Identifier })) === undefined
  ) {
    call.cognito.CreateResourceServer({ UserPoolId: userPoolId, ...SERVER })
  }
  const oauth = flows.length > 0
  const had = (before.AllowedOAuthScopes ?? []).filter((scope) => scope.includes('/') === machine)
  const scopes = had.length > 0 ? had : machine ? [`${SERVER.Identifier}/s2s`] : USER_SCOPES
  return {
    CallbackURLs: record.callbacks,
    LogoutURLs: record.allowedLogoutUrls,
    SupportedIdentityProviders: record.supportedIdp,
    AllowedOAuthFlowsUserPoolClient: oauth,
    AllowedOAuthFlows: flows,
    AllowedOAuthScopes: oauth ? scopes : [],
    ...(direct.length + others.length === 0 ? {} : { ExplicitAuthFlows: [...others, ...direct] }),
  }
}

function recordOf(body: PostClient, userPoolId: string): ClientRecord {
  const grantTypes = body.grantTypes ?? []
  return {
    id: '',
    provider: 'cognito-client',
    userPoolId,
    product: body.product,
    name: body.name,
    callbacks: body.callbacks ?? [],
    allowedLogoutUrls: body.allowedLogoutUrls ?? [],
    grantTypes,
    webOrigins: body.webOrigins ?? [],
    supportedIdp: body.supportedIdp ?? (grantTypes.some((type) => type in FLOWS) ? ['COGNITO'] : []),
    tokenEndpointAuthMethod: body.tokenEndpointAuthMethod ?? 'client_secret_post',
    appType: body.appType ?? (grantTypes.includes('client_credentials') ? 'non_interactive' : 'regular_web'),
    description: body.description ?? '',
    clientMetadata: body.clientMetadata ?? {},
    disabled: false,
    stale: true,
  }
}

/** A client that was made without Harmony, as Harmony would have written it down. */
function recordFrom(facts: ClientFacts, userPoolId: string): ClientRecord {
  return {
    ...recordOf({ product: '', name: String(facts.ClientName), grantTypes: grantTypesOf(facts) }, userPoolId),
    id: String(facts.ClientId),
    tokenEndpointAuthMethod: facts.ClientSecret === undefined ? 'none' : 'client_secret_post',
    supportedIdp: facts.SupportedIdentityProviders ?? [],
    callbacks: facts.CallbackURLs ?? [],
    allowedLogoutUrls: facts.LogoutURLs ?? [],
  }
}

function grantTypesOf(facts: ClientFacts): string[] {
  const named = (table: Readonly<Record<string, string>>, used: readonly string[] = []) =>
    Object.keys(table).filter((type) => used.includes(table[type] as string))
  return [...named(FLOWS, facts.AllowedOAuthFlows), ...named(DIRECT, facts.ExplicitAuthFlows)]
}

/** What Cognito says goes before what Harmony wrote down. */
function view(facts: ClientFacts, kept: ClientRecord | undefined): ClientAnswer {
  const record = kept ?? recordFrom(facts, String(facts.UserPoolId))
  const { provider, userPoolId, stale, ...shown } = record
  const foreign = record.grantTypes.filter((type) => !(type in FLOWS) && !(type in DIRECT))
  return {
    ...shown,
    id: String(facts.ClientId),
    name: String(facts.ClientName),
    secret: facts.ClientSecret,
    callbacks: facts.CallbackURLs ?? [],
    allowedLogoutUrls: facts.LogoutURLs ?? [],
    supportedIdp: facts.SupportedIdentityProviders ?? [],
    grantTypes: [...grantTypesOf(facts), ...foreign],
    oidcConformant: true,
  }
}

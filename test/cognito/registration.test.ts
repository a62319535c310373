import { test } from 'tap'
import type { Operations } from '../../src/cognito/contract/types.ts'
import { makePool, refuses } from '../support/cognito.ts'
import { emulator, START } from '../support/emulator.ts'
import { only } from '../support/only.ts'

type Configuration = Operations['CreateUserPool']['input']['DcrConfiguration']

const BACK = 'https://app.example.com/back'
const REGISTER = 'aws.cognito/dcr/register'

test('dynamic client registration', async (t) => {
  const idp = await emulator(t)
  const poolOf = (DcrConfiguration: Configuration) => makePool(idp, { DcrConfiguration })
  const open = await poolOf({ OpenDcrEnabled: true })
  const register = (pool: string, metadata: unknown, headers: Record<string, string> = {}) =>
    idp.request('POST', `/${pool}/oauth2/register`, metadata, { 'content-type': 'application/json', ...headers })

  await t.test('makes a public client for anybody, where the pool is open', async (t) => {
    const metadata = { client_name: 'Agent', redirect_uris: [BACK], token_endpoint_auth_method: 'none', scope: 'openid email' }
    const { status, body, headers } = await register(open, metadata)
    const { client_id: ClientId, ...rest } = body as { client_id: string }
    t.strictSame([status, headers['cache-control']], [201, 'no-store'])
    t.strictSame(rest, {
      ...metadata,
      client_id_issued_at: Math.floor(START / 1000),
      grant_types: ['authorization_code'],
      response_types: ['code'],
    })
    const { UserPoolClient } = await idp.cognito.DescribeUserPoolClient({ UserPoolId: open, ClientId })
    t.match(UserPoolClient, {
      ClientName: 'Agent',
      ClientType: 'DCR',
      AllowedOAuthFlows: only('code'),
      AllowedOAuthScopes: only('openid', 'email'),
      AllowedOAuthFlowsUserPoolClient: true,
      CallbackURLs: only(BACK),
    })
    t.notOk(UserPoolClient?.ClientSecret)
    const listed = await idp.cognito.ListUserPoolClients({ UserPoolId: open, ClientType: 'DCR' })
    t.strictSame(
      listed.UserPoolClients?.map(({ ClientId: id }) => id),
      [ClientId],
    )
    const query = new URLSearchParams({ client_id: ClientId, redirect_uri: BACK, response_type: 'code' })
    t.match((await idp.request('GET', `/oauth2/authorize?${query}`)).headers.location, /\/login\?/)
  })

  await t.test('fills in what is left out, and makes a secret', async (t) => {
    const { status, body } = await register(open, { redirect_uris: [BACK], grant_types: ['authorization_code', 'refresh_token'] })
    t.equal(status, 201)
    t.match(body, {
      client_name: 'DCR client',
      client_secret: /^[0-9a-z]{51}$/,
      client_secret_expires_at: 0,
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: only('authorization_code', 'refresh_token'),
      scope: 'openid email phone profile',
    })
    const journal = JSON.stringify(idp.app.emulator.namespace().journal.list({ operation: 'register' }))
    t.notMatch(journal, (body as { client_secret: string }).client_secret)
  })

  await t.test('is found at a domain of the pool, and told of by discovery', async (t) => {
    const endpoint = async (pool: string) =>
      ((await idp.request('GET', `/${pool}/.well-known/openid-configuration`)).body as { registration_endpoint?: string })
        .registration_endpoint
    t.equal(await endpoint(open), undefined, 'there is no domain yet')
    await idp.cognito.CreateUserPoolDomain({ UserPoolId: open, Domain: 'agents' })
    t.match(await endpoint(open), `/${open}/oauth2/register`)
    const at = (host: string) =>
      idp.request('POST', '/oauth2/register', { redirect_uris: [BACK] }, { 'content-type': 'application/json', host })
    t.equal((await at('agents.auth.localhost:7665')).status, 201)
    t.match(await at('nobody.auth.localhost'), { status: 400, body: { error: 'invalid_request' } })
    t.match(await at('127.0.0.1'), { status: 400, body: { error: 'invalid_request', error_description: /^This address is no domain/ } })
  })

  await t.test('takes the token of a client that may register others', async (t) => {
    const pool = await poolOf({ AuthenticatedGrantTypes: ['code', 'client_credentials'], AllowedScopes: ['openid', 'shop/read'] })
    const Scopes = [{ ScopeName: 'read', ScopeDescription: 'reads' }]
    await idp.cognito.CreateResourceServer({ UserPoolId: pool, Identifier: 'shop', Name: 'shop', Scopes })
    const { UserPoolClient } = await idp.cognito.CreateUserPoolClient({
      UserPoolId: pool,
      ClientName: 'registrar',
      GenerateSecret: true,
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthScopes: [REGISTER, 'shop/read'],
    })
    const { ClientId = '', ClientSecret = '' } = UserPoolClient ?? {}
    const token = async (scope: string) => {
      const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: ClientId, client_secret: ClientSecret, scope })
      const { body } = await idp.request('POST', '/oauth2/token', form.toString(), { 'content-type': 'application/x-www-form-urlencoded' })
      return (body as { access_token: string }).access_token
    }
    const machine = { grant_types: ['client_credentials'], client_name: 'machine' }
    const bearer = async (scope: string) => ({ authorization: `Bearer ${await token(scope)}` })
    const made = await register(pool, machine, await bearer(REGISTER))
    t.match(made, { status: 201, body: { ...machine, redirect_uris: only(), response_types: only(), scope: 'shop/read' } })

    const refused = async (headers: Record<string, string>, reason: string) => {
      const { status, body, headers: answered } = await register(pool, machine, headers)
      t.strictSame([status, body], [401, { error: 'invalid_token', error_description: reason }])
      t.equal(answered['www-authenticate'], `Bearer error="invalid_token", error_description="${reason}"`)
    }
    const bad = `The initial access token is not valid, or does not have the scope ${REGISTER}.`
    await refused({}, 'Open registration is not enabled for the user pool: an initial access token is required.')
    await refused({ authorization: 'Bearer nonsense' }, bad)
    await refused(await bearer('shop/read'), bad)
    const late = await bearer(REGISTER)
    idp.clock.advance(3_600_000)
    await refused(late, bad)
  })

  const metadata = 'invalid_client_metadata'
  const closed = await poolOf({ EnableStatus: 'Disabled', OpenDcrEnabled: true })
  const refusals: [what: string, pool: string, given: unknown, error: string, reason: string | RegExp][] = [
    ['a pool where it is off', closed, {}, 'invalid_request', 'Dynamic client registration is not enabled for the user pool.'],
    ['what is no object', open, '[]', metadata, 'The request must be a JSON object.'],
    ['what is no JSON', open, '{', metadata, 'The request must be a JSON object.'],
    ['a list that is none', open, { redirect_uris: BACK }, metadata, 'redirect_uris must be a list of texts.'],
    ['a text that is none', open, { client_name: 1 }, metadata, 'client_name must be a text.'],
    ['no address to come back to', open, {}, 'invalid_redirect_uri', 'redirect_uris is required.'],
    [
      'plain HTTP',
      open,
      { redirect_uris: ['http://a.example/'] },
      'invalid_redirect_uri',
      'http://a.example/ cannot use the HTTP protocol.',
    ],
    [
      'a grant that is not for everybody',
      open,
      { grant_types: ['client_credentials'] },
      metadata,
      'grant_type client_credentials is not allowed.',
    ],
    ['a grant that there is not', open, { grant_types: ['password'] }, metadata, 'grant_type password is not allowed.'],
    [
      'a scope that is not for everybody',
      open,
      { redirect_uris: [BACK], scope: 'openid shop/read' },
      metadata,
      'scope shop/read is not allowed.',
    ],
    [
      'a way to authenticate that there is not',
      open,
      { token_endpoint_auth_method: 'private_key_jwt' },
      metadata,
      'token_endpoint_auth_method private_key_jwt is not supported.',
    ],
    [
      'a name that no client may have',
      open,
      { redirect_uris: [BACK], client_name: 'a (b)' },
      metadata,
      /at 'clientName' failed to satisfy constraint/,
    ],
  ]
  for (const [what, pool, given, error, reason] of refusals) {
    await t.test(`refuses ${what}`, async (t) => {
      const { status, body } = await register(pool, given)
      t.match({ status, body }, { status: 400, body: { error, error_description: reason } })
      if (typeof reason === 'string') t.strictSame(body, { error, error_description: reason })
    })
  }

  await t.test('the scope is no resource server’s, and no other like it is known', (t) =>
    refuses(
      t,
      idp.cognito.CreateUserPoolClient({ UserPoolId: open, ClientName: 'x', AllowedOAuthScopes: [REGISTER, 'aws.cognito/dcr/other'] }),
      'ScopeDoesNotExistException',
      'Invalid scope requested: aws.cognito/dcr/other',
    ),
  )
})

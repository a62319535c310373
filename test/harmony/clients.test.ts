import { createHmac } from 'node:crypto'
import { test } from 'tap'
import { emulator, START } from '../support/emulator.ts'
import { cognitoPerson, harmonyOf } from '../support/harmony.ts'
import { only } from '../support/only.ts'

const NOW = new Date(START).toISOString()

test('connections', async (t) => {
  const idp = await emulator(t)
  const call = harmonyOf(idp)
  const provider = 'cognito-connection'

  await t.test('of Cognito are user pools', async (t) => {
    const { status, body } = await call('POST', '/connections', { provider, connectionBody: { name: 'district', metadata: { a: 1 } } })
    t.equal(status, 201)
    const { UserPool: pool } = await idp.cognito.DescribeUserPool({ UserPoolId: String(body.connectionId) })
    t.strictSame(body, {
      connectionId: pool?.Id,
      name: 'district',
      type: 'cognito',
      status: 'active',
      createdAt: NOW,
      updatedAt: NOW,
      metadata: { a: 1 },
      configuration: {
        arn: pool?.Arn,
        mfaConfiguration: 'OFF',
        usernameAttributes: ['email'],
        aliasAttributes: [],
        passwordPolicy: pool?.Policies?.PasswordPolicy,
      },
    })
    t.strictSame((await call('GET', `/connections/${pool?.Id}?provider=${provider}`)).body, body)
  })

  await t.test('and every user pool is one; a new name leaves the rest of it alone', async (t) => {
    const { UserPool: pool } = await idp.cognito.CreateUserPool({
      PoolName: 'made elsewhere',
      AliasAttributes: ['email'],
      AutoVerifiedAttributes: ['email'],
      Policies: { PasswordPolicy: { MinimumLength: 12, TemporaryPasswordValidityDays: 3 } },
      UserPoolTags: { team: 'a' },
    })
    const id = pool?.Id as string
    const { body: all } = await call('GET', `/connections?provider=${provider}`)
    t.ok((all as unknown as { connectionId: string }[]).some(({ connectionId }) => connectionId === id))

    idp.clock.advance(1000)
    const { status, body } = await call('PATCH', `/connections/${id}`, {
      provider,
      connectionBody: { name: 'renamed', metadata: { b: 2 } },
    })
    t.equal(status, 200)
    t.match(body, { name: 'renamed', metadata: { b: 2 }, updatedAt: new Date(START + 1000).toISOString() })
    const { UserPool: after } = await idp.cognito.DescribeUserPool({ UserPoolId: id })
    t.strictSame(after, { ...pool, Name: 'renamed', LastModifiedDate: (START + 1000) / 1000 })
    idp.clock.advance(1000)
    await idp.cognito.UpdateUserPool({ UserPoolId: id })
    const { body: changed } = await call('GET', `/connections/${id}?provider=${provider}`)
    t.equal(changed.updatedAt, new Date(START + 2000).toISOString(), 'whoever changed it')
  })

  await t.test('go with their users and what Harmony knew of them', async (t) => {
    const { body } = await call('POST', '/connections', { provider, connectionBody: { name: 'gone', metadata: {} } })
    const userPoolId = String(body.connectionId)
    await call('POST', '/users', { provider: 'cognito-user', user: { userPoolId, email: 'ann@example.com', ...cognitoPerson } })
    const { status, body: empty } = await call('DELETE', `/connections/${userPoolId}`, { provider })
    t.strictSame([status, empty as unknown], [204, ''])
    t.equal((await call('GET', `/connections/${userPoolId}?provider=${provider}`)).status, 404)
    t.equal((await call('GET', `/users/ann@example.com?provider=cognito-user&userPoolId=${userPoolId}`)).status, 404)
  })

  await t.test("of Auth0 are Harmony's own", async (t) => {
    const { status, body } = await call('POST', '/connections', {
      connectionBody: { name: 'self-signup', displayName: 'Sign yourself up', metadata: { a: 1 } },
    })
    t.equal(status, 201)
    t.match(body.connectionId, /^con_\w{16}$/)
    t.match(body, { name: 'self-signup', displayName: 'Sign yourself up', type: 'auth0', status: 'active', metadata: { a: 1 } })
    const path = `/connections/${body.connectionId}`
    t.strictSame((await call('GET', '/connections')).body as unknown, [body])
    t.strictSame((await call('GET', path)).body, body)
    t.match((await call('PATCH', path, { connectionBody: { metadata: { b: 2 } } })).body, { name: 'self-signup', metadata: { a: 1, b: 2 } })
    await call('POST', '/connections', { connectionBody: { name: 'district', metadata: {} } })
    const taken = await call('PATCH', path, { connectionBody: { name: 'district' } })
    t.strictSame([taken.status, taken.body], [400, { error: 'a connection named district exists already' }])
    t.equal((await call('PATCH', path, { connectionBody: { name: 'self-signup' } })).status, 200, 'its own name is not taken')
    t.equal((await call('DELETE', path)).status, 204)
    t.equal((await call('DELETE', path)).status, 404)
  })
})

test('clients', async (t) => {
  const idp = await emulator(t)
  const call = harmonyOf(idp)
  const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'district' })
  const userPoolId = UserPool?.Id as string
  const provider = 'cognito-client'
  const query = `?provider=${provider}&userPoolId=${userPoolId}`
  const web = {
    product: 'TITAN',
    name: 'web',
    callbacks: ['https://titan.example/back'],
    grantTypes: ['authorization_code', 'refresh_token', 'password'],
    allowedLogoutUrls: ['https://titan.example/out'],
    description: 'the web',
    clientMetadata: { a: 1 },
  }

  await t.test('of Cognito are app clients, answered with 200', async (t) => {
    const { status, body } = await call('POST', '/clients', { provider, userPoolId, client: web })
    t.equal(status, 200)
    const id = String(body.id)
    t.strictSame(body, {
      ...web,
      id,
      secret: body.secret,
      tokenEndpointAuthMethod: 'client_secret_post',
      supportedIdp: ['COGNITO'],
      webOrigins: [],
      appType: 'regular_web',
      disabled: false,
      oidcConformant: true,
    })
    t.strictSame((await call('GET', `/clients/${id}${query}`)).body, body)
    const { UserPoolClient } = await idp.cognito.DescribeUserPoolClient({ UserPoolId: userPoolId, ClientId: id })
    t.match(UserPoolClient, {
      ClientName: 'web',
      ClientSecret: body.secret,
      CallbackURLs: web.callbacks,
      LogoutURLs: web.allowedLogoutUrls,
      AllowedOAuthFlows: only('code'),
      AllowedOAuthScopes: only('openid', 'email', 'profile'),
      AllowedOAuthFlowsUserPoolClient: true,
      ExplicitAuthFlows: only('ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_PASSWORD_AUTH'),
    })

    await call('POST', '/users', {
      provider: 'cognito-user',
      user: { userPoolId, email: 'ann@example.com', username: 'ann', ...cognitoPerson },
    })
    const SECRET_HASH = createHmac('sha256', String(body.secret)).update(`ann${id}`).digest('base64')
    const { AuthenticationResult } = await idp.cognito.InitiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: id,
      AuthParameters: { USERNAME: 'ann', PASSWORD: cognitoPerson.password, SECRET_HASH },
    })
    t.ok(AuthenticationResult?.IdToken, 'a user signs in with it')
  })

  await t.test('for machines get a scope of their own', async (t) => {
    const client = { product: 'MC', name: 'machine', grantTypes: ['client_credentials'] }
    for (const n of [1, 2]) {
      const { status, body } = await call('POST', '/clients', { provider, userPoolId, client })
      t.equal(status, 200, `client ${n}`)
      t.match(body, { grantTypes: only('client_credentials'), appType: 'non_interactive' })
      const { UserPoolClient } = await idp.cognito.DescribeUserPoolClient({ UserPoolId: userPoolId, ClientId: String(body.id) })
      t.same(UserPoolClient?.AllowedOAuthScopes, ['harmony/s2s'])
    }
  })

  await t.test('are refused as Cognito refuses them, with nothing half done', async (t) => {
    const before = await idp.cognito.ListUserPoolClients({ UserPoolId: userPoolId })
    const client = { ...web, callbacks: ['http://titan.example/back'] }
    const { status, body } = await call('POST', '/clients', { provider, userPoolId, client })
    t.strictSame([status, body], [400, { error: 'http://titan.example/back cannot use the HTTP protocol.' }])
    t.same(await idp.cognito.ListUserPoolClients({ UserPoolId: userPoolId }), before)
  })

  await t.test('made elsewhere are read and changed like the others', async (t) => {
    const { UserPoolClient: made } = await idp.cognito.CreateUserPoolClient({
      UserPoolId: userPoolId,
      ClientName: 'elsewhere',
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      AccessTokenValidity: 5,
      TokenValidityUnits: { AccessToken: 'minutes' },
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'phone'],
      CallbackURLs: ['https://elsewhere.example/back'],
      SupportedIdentityProviders: ['COGNITO'],
    })
    const id = made?.ClientId as string
    const { body } = await call('GET', `/clients/${id}${query}`)
    t.match(body, {
      id,
      name: 'elsewhere',
      grantTypes: only('authorization_code', 'refresh_token'),
      tokenEndpointAuthMethod: 'none',
      product: '',
    })
    idp.clock.advance(1000)
    const changed = await call('PATCH', `/clients/${id}`, {
      provider,
      userPoolId,
      client: { name: 'mine', product: 'ERP', disabled: true },
    })
    t.strictSame([changed.status, changed.body], [200, { ...body, name: 'mine', product: 'ERP', disabled: true }])
    const { UserPoolClient: after } = await idp.cognito.DescribeUserPoolClient({ UserPoolId: userPoolId, ClientId: id })
    t.strictSame(after, { ...made, ClientName: 'mine', LastModifiedDate: (START + 1000) / 1000 }, 'the rest is as it was')
  })

  await t.test('are counted by a sync, which drops what Cognito has lost', async (t) => {
    const sync = async (product?: string) => (await call('POST', '/clients/sync', { provider, userPoolId, product })).body
    t.strictSame(await sync(), { totalDbClients: 4, totalCognitoClients: 4, staleClientsFound: 0, staleClientsDeleted: 0 })
    const { UserPoolClients = [] } = await idp.cognito.ListUserPoolClients({ UserPoolId: userPoolId })
    const lost = UserPoolClients.find(({ ClientName }) => ClientName === 'web')?.ClientId as string
    await idp.cognito.DeleteUserPoolClient({ UserPoolId: userPoolId, ClientId: lost })
    t.strictSame(await sync('MC'), { totalDbClients: 2, totalCognitoClients: 3, staleClientsFound: 0, staleClientsDeleted: 0 })
    t.strictSame(await sync('TITAN'), { totalDbClients: 1, totalCognitoClients: 3, staleClientsFound: 1, staleClientsDeleted: 1 })
    t.strictSame(await sync(), { totalDbClients: 3, totalCognitoClients: 3, staleClientsFound: 0, staleClientsDeleted: 0 })
    for (let n = 0; n < 60; n++) await idp.cognito.CreateUserPoolClient({ UserPoolId: userPoolId, ClientName: `many${n}` })
    t.match(await sync(), { totalDbClients: 3, totalCognitoClients: 63, staleClientsFound: 0 }, 'however many there are')
  })

  await t.test("of Auth0 are Harmony's own", async (t) => {
    const { status, body } = await call('POST', '/clients', { client: web })
    t.equal(status, 200)
    t.match(body.id, /^\w{32}$/)
    t.match(body.secret, /^[\w-]{64}$/)
    t.match(body, { ...web, auth0Id: body.id, disabled: false })
    const path = `/clients/${body.id}`
    t.strictSame((await call('GET', path)).body, body)
    const changed = await call('PATCH', path, { client: { description: 'new', clientMetadata: { b: 2 } } })
    t.strictSame(changed.body, { ...body, description: 'new', clientMetadata: { a: 1, b: 2 } })
    t.strictSame((await call('POST', '/clients/sync', {})).body, { updatedCount: 1 })
    t.strictSame((await call('POST', '/clients/sync')).body, { updatedCount: 0 })
    const open = await call('POST', '/clients', { client: { ...web, tokenEndpointAuthMethod: 'none' } })
    t.notOk('secret' in open.body)
    const app = { provider, userPoolId, client: { ...web, tokenEndpointAuthMethod: 'none' } }
    t.notOk('secret' in (await call('POST', '/clients', app)).body)
    const machine = await call('POST', '/clients', { client: { product: 'MC', name: 'machine', grantTypes: ['client_credentials'] } })
    t.equal(machine.body.appType, 'non_interactive')
  })
})

import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { type Test, test } from 'tap'
import { applyFixtures, readFixtures } from '../../src/fixtures/index.ts'
import * as room from '../../src/harmony/index.ts'
import { emulator, START, type TestEmulator } from '../support/emulator.ts'
import { arn } from '../support/functions.ts'
import { auth0Person, harmonyOf, world } from '../support/harmony.ts'
import { only } from '../support/only.ts'
import { folder } from '../support/server.ts'

const ISSUER = 'http://localhost:80/harmony'

async function verifierOf(idp: TestEmulator) {
  const { body } = await harmonyOf(idp)('GET', '/.well-known/jwks.json')
  const keys = createLocalJWKSet(body as never)
  return async (token: unknown) =>
    (await jwtVerify(String(token), keys, { issuer: ISSUER, algorithms: ['RS256'], currentDate: new Date(START) })).payload
}

const ask = ({ id, secret }: { id: string; secret: string }, more: object = {}) => ({
  grant_type: 'client_credentials',
  scope: 'read:messages',
  client_id: id,
  client_secret: secret,
  ...more,
})

test('tokens', async (t) => {
  const idp = await emulator(t)
  const { call, machine, pool, client } = await world(idp)
  const verify = await verifierOf(idp)

  await t.test('are for a client that knows its secret', async (t) => {
    const { status, body } = await call('POST', '/auth/token', ask(machine))
    t.equal(status, 200)
    const { access_token, refresh_token, ...rest } = body
    t.strictSame(rest, { token_type: 'Bearer', expires_in: 3600, provider: 'cognito-s2s' })
    t.equal(decodeProtectedHeader(String(access_token)).alg, 'RS256')
    const { jti, ...claims } = await verify(access_token)
    t.strictSame(claims, {
      iss: ISSUER,
      iat: Math.floor(START / 1000),
      exp: Math.floor(START / 1000) + 3600,
      sub: machine.id,
      client_id: machine.id,
      product: 'TITAN',
      token_use: 'access',
      scope: 'read:messages',
    })

    const again = await call('POST', '/auth/refresh', { refresh_token, client_id: machine.id })
    t.equal(again.status, 200)
    t.match(await verify(again.body.access_token), { scope: 'read:messages', client_id: machine.id })
    t.equal((await call('POST', '/auth/refresh', { refresh_token, client_id: machine.id })).status, 401, 'once')
    const other = { refresh_token: again.body.refresh_token, client_id: client }
    t.equal((await call('POST', '/auth/refresh', other)).status, 401, 'for nobody else')
    const { body: young } = await call('POST', '/auth/token', ask(machine))
    idp.clock.advance(30 * 24 * 3_600_000 - 1)
    const last = await call('POST', '/auth/refresh', { refresh_token: young.refresh_token, client_id: machine.id })
    t.equal(last.status, 200, 'for thirty days')
    idp.clock.advance(1)
    t.equal((await call('POST', '/auth/refresh', { ...other, client_id: machine.id })).status, 401, 'not for ever')
    idp.clock.advance(-30 * 24 * 3_600_000)

    const journal = JSON.stringify(idp.app.emulator.namespace().journal.list())
    for (const secret of [machine.secret, access_token, refresh_token]) t.notOk(journal.includes(String(secret)), 'are in no journal')
  })

  await t.test('come for forms too, and for clients of Cognito', async (t) => {
    const { body } = await call('POST', '/clients', {
      provider: 'cognito-client',
      userPoolId: pool,
      client: { product: 'MC', name: 'machine', grantTypes: ['client_credentials'] },
    })
    const form = String(new URLSearchParams(ask({ id: String(body.id), secret: String(body.secret) })))
    const answer = await idp.request('POST', '/auth/token', form, { 'content-type': 'application/x-www-form-urlencoded' })
    t.equal(answer.status, 200)
    t.match(await verify((answer.body as { access_token: string }).access_token), { product: 'MC' })
    await idp.cognito.DeleteUserPoolClient({ UserPoolId: pool, ClientId: String(body.id) })
    t.equal((await idp.request('POST', '/auth/token', form, { 'content-type': 'application/x-www-form-urlencoded' })).status, 401)
  })

  await t.test('are refused', async (t) => {
    t.equal((await call('POST', '/auth/token', ask({ ...machine, secret: 'wrong' }))).status, 401)
    t.equal((await call('POST', '/auth/token', ask({ id: 'nobody', secret: 'wrong' }))).status, 401)
    const { body } = await call('POST', '/clients', { client: { product: 'MC', name: 'web', grantTypes: ['implicit'] } })
    const { status } = await call('POST', '/auth/token', ask({ id: String(body.id), secret: String(body.secret) }))
    t.equal(status, 400, 'to a client without that grant')
    await call('PATCH', `/clients/${machine.id}`, { client: { disabled: true } })
    t.equal((await call('POST', '/auth/token', ask(machine))).status, 401, 'to a disabled one')
  })
})

test('auth mode issued', async (t) => {
  const idp = await emulator(t, { settings: { rooms: { harmony: { auth: 'issued' } } } })
  const file = join(folder(t), 'first.yaml')
  writeFileSync(
    file,
    `- call: harmony.postClient
  id: [first-client, first-secret]
  input: { client: { product: SCRIPT, name: first, grantTypes: [client_credentials] } }
- call: harmony.putTenant
  as: tenant
  input: { tenantId: demo, product: TITAN, domain: demo.example, endpointUrl: "http://127.0.0.1:8080/titan" }
- call: harmony.postUser
  input: { user: { email: "\${tenant.tenantId}@\${tenant.domain}", givenName: De, familyName: Mo, appMetadata: {}, userMetadata: {} } }
`,
  )
  const rooms = [{ name: 'harmony', operations: room.operations, missing: room.missing }]
  await applyFixtures(await readFixtures([file], rooms), idp.app.emulator.namespace())
  const stranger = harmonyOf(idp)

  t.equal((await stranger('GET', '/users/demo@demo.example')).status, 401)
  t.equal((await harmonyOf(idp, 'made.up.token')('GET', '/users/demo@demo.example')).status, 401)
  const { body } = await stranger('POST', '/auth/token', ask({ id: 'first-client', secret: 'first-secret' }))
  const call = harmonyOf(idp, String(body.access_token))
  t.equal((await call('GET', '/users/demo@demo.example')).status, 200)
  t.strictSame((await call('GET', '/tenants/demo/product/TITAN')).body, {
    tenantId: 'demo',
    product: 'TITAN',
    domain: 'demo.example',
    endpointUrl: 'http://127.0.0.1:8080/titan',
  })
  const elsewhere = await idp.request('GET', '/~other/harmony/users/x', undefined, { authorization: `Bearer ${body.access_token}` })
  t.equal(elsewhere.status, 401, 'a token is good in its own namespace')
  idp.clock.advance(3_600_000)
  t.equal((await call('GET', '/users/demo@demo.example')).status, 401, 'for an hour')
})

interface Said {
  status?: number
  text: string
  location?: string
}

/** A product's own server; `answer` decides what its /authorize says. */
async function product(t: Test, answer: (path: string) => Said) {
  const heard: { request: IncomingMessage; body: string }[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    heard.push({ request, body })
    const { status = 200, text, location } = answer(request.url ?? '')
    response.writeHead(status, { 'content-type': 'application/json', ...(location === undefined ? {} : { location }) }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return { heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

test('cross-app SSO', async (t) => {
  const idp = await emulator(t)
  const { call, machine, guest, pool, user } = await world(idp)
  const verify = await verifierOf(idp)
  let said: Said = { text: '' }
  const titan = await product(t, (path) => (path === '/elsewhere' ? { text: '{"isAuthorized":true}' } : said))
  const tenant = (endpointUrl: string) => call('PUT', '/tenants/demo/product/TITAN', { domain: 'demo.example', endpointUrl })
  await tenant(`${titan.url}/titan/`)
  const token = (userId = 'bob', tenantId = 'demo') => call('POST', '/auth/token', ask(machine, { userId, tenantId }))

  await t.test('asks the product, and puts its claims into the tokens', async (t) => {
    said = {
      text: JSON.stringify({
        isAuthorized: true,
        customClaims: {
          idToken: { role: ['admin'], sub: ['nobody'] },
          accessToken: { permissions: ['read', 'write'], sub: ['nobody'], scope: ['all'], product: ['MC'] },
        },
      }),
    }
    const { status, body } = await token()
    t.equal(status, 200)
    const [{ request, body: form } = { request: undefined, body: '' }] = titan.heard
    t.strictSame(
      [request?.method, request?.url, request?.headers['content-type']],
      ['POST', '/titan/authorize', 'application/x-www-form-urlencoded'],
    )
    t.strictSame(Object.fromEntries(new URLSearchParams(form)), { userId: guest, userEmail: 'bob@example.com', tenantId: 'demo' })
    const bearer = String(request?.headers.authorization).replace('Bearer ', '')
    t.match(await verify(bearer), { client_id: machine.id, token_use: 'access' })
    t.match(await verify(body.access_token), {
      sub: guest,
      tenant_id: 'demo',
      permissions: only('read', 'write'),
      scope: 'read:messages',
      product: 'TITAN',
    })
    t.match(await verify(body.id_token), { sub: guest, aud: machine.id, email: 'bob@example.com', role: only('admin') })

    const again = await call('POST', '/auth/refresh', { refresh_token: body.refresh_token, client_id: machine.id })
    t.match(await verify(again.body.id_token), { role: only('admin') })
    t.equal(titan.heard.length, 2, 'at every issue')
  })

  await t.test('asks for users of a pool, for a client of that pool', async (t) => {
    said = { text: '{"isAuthorized":true}' }
    const { body } = await call('POST', '/clients', {
      provider: 'cognito-client',
      userPoolId: pool,
      client: { product: 'TITAN', name: 'machine', grantTypes: ['client_credentials'] },
    })
    const ofPool = { id: String(body.id), secret: String(body.secret) }
    const answer = await call('POST', '/auth/token', ask(ofPool, { userId: 'ann@example.com', tenantId: 'demo' }))
    t.match(await verify(answer.body.id_token), { sub: user, email: 'ann@example.com' })
    await call('PATCH', `/users/${user}`, { provider: 'cognito-user', userPoolId: pool, user: { blocked: true } })
    t.equal((await call('POST', '/auth/token', ask(ofPool, { userId: user, tenantId: 'demo' }))).status, 400, 'not for a blocked one')
  })

  await t.test('takes an address that names the path already, and no claims that are none', async (t) => {
    for (const path of ['/titan/authorize', '/titan/authorize/']) {
      await tenant(titan.url + path)
      said = { text: '{"isAuthorized":true,"customClaims":{"idToken":["role"],"accessToken":"all"}}' }
      t.notOk('0' in (await verify((await token()).body.id_token)))
      t.equal(titan.heard.at(-1)?.request.url, '/titan/authorize')
    }
  })

  const refusals: [what: string, said: Said, status: number, error: RegExp][] = [
    ['a user the product does not let in', { text: '{"isAuthorized":false}' }, 401, /^TITAN does not authorize user auth0/],
    ['an answer of another status', { status: 503, text: '{}' }, 500, /answered 503$/],
    ['an answer without a decision', { text: '{}' }, 500, /did not answer isAuthorized$/],
    ['an answer that is too long', { text: JSON.stringify({ isAuthorized: true, x: 'x'.repeat(65_536) }) }, 500, /answered too much$/],
    ['an answer from elsewhere', { status: 307, text: '', location: '/elsewhere' }, 500, /^TITAN could not be asked/],
    ['an answer that is no JSON', { text: 'yes' }, 500, /^TITAN could not be asked/],
  ]
  for (const [what, answer, status, error] of refusals) {
    await t.test(`refuses ${what}`, async (t) => {
      said = answer
      const { status: got, body } = await token()
      t.equal(got, status)
      t.match(body.error, error)
    })
  }
  await t.test('refuses what it cannot ask about', async (t) => {
    t.strictSame((await token('nobody')).body, { error: 'user nobody does not exist' })
    t.strictSame((await token('bob', 'other')).body, { error: 'tenant other has no product TITAN' })
    t.strictSame((await call('POST', '/auth/token', ask(machine, { userId: 'bob' }))).body, { error: 'userId and tenantId go together' })
    await call('POST', '/users', { user: { ...auth0Person, email: 'out@example.com', blocked: true } })
    t.equal((await token('out@example.com')).status, 400)
    await tenant('http://127.0.0.1:1')
    t.equal((await token()).status, 500)
    t.equal((await tenant('nowhere')).status, 400)
  })
})

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('cross-app SSO while a user signs in to Cognito', async (t) => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/harmony/functions/pre-token-generation`
  const idp = await emulator(t, { settings: { rooms: { cognito: { functions: { [arn('harmony')]: { url } } } } } })
  await idp.app.listen({ host: '127.0.0.1', port })
  const { call, pool, client, user } = await world(idp)
  let said = { text: '{"isAuthorized":true,"customClaims":{"idToken":{"role":["admin"]},"accessToken":{"permissions":["read"]}}}' }
  const titan = await product(t, () => said)
  await call('PUT', '/tenants/demo/product/TITAN', { domain: 'demo.example', endpointUrl: titan.url })
  const trigger = (LambdaVersion: 'V1_0' | 'V2_0') =>
    idp.cognito.UpdateUserPool({
      UserPoolId: pool,
      LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion, LambdaArn: arn('harmony') } },
    })
  /** By a challenge: what the first call of a sign-in is told, Cognito does not pass on to the function before tokens. */
  const signIn = async (ClientMetadata?: Record<string, string>) => {
    const Username = 'ann@example.com'
    await idp.cognito.AdminSetUserPassword({ UserPoolId: pool, Username, Password: 'Temporary-1' })
    const { Session } = await idp.cognito.AdminInitiateAuth({
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      UserPoolId: pool,
      ClientId: client,
      AuthParameters: { USERNAME: Username, PASSWORD: 'Temporary-1' },
    })
    const { AuthenticationResult } = await idp.cognito.AdminRespondToAuthChallenge({
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      UserPoolId: pool,
      ClientId: client,
      Session,
      ChallengeResponses: { USERNAME: Username, NEW_PASSWORD: 'Chosen-Horse-1' },
      ...(ClientMetadata === undefined ? {} : { ClientMetadata }),
    })
    return AuthenticationResult
  }
  const { UserPoolClient } = await idp.cognito.DescribeUserPoolClient({ UserPoolId: pool, ClientId: client })
  await idp.cognito.UpdateUserPoolClient({
    ...UserPoolClient,
    UserPoolId: pool,
    ClientId: client,
    ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  })

  await t.test('puts the claims of the product into the tokens of Cognito', async (t) => {
    await trigger('V2_0')
    const tokens = await signIn({ tenantId: 'demo' })
    t.match(decodeJwt(tokens?.IdToken as string), { sub: user, role: only('admin') })
    t.match(decodeJwt(tokens?.AccessToken as string), { permissions: only('read') })
    t.strictSame(Object.fromEntries(new URLSearchParams(titan.heard[0]?.body)), {
      userId: user,
      userEmail: 'ann@example.com',
      tenantId: 'demo',
    })
  })
  await t.test('asks nobody without a tenant', async (t) => {
    t.notOk('role' in decodeJwt((await signIn())?.IdToken as string))
    t.equal(titan.heard.length, 1)
  })
  await t.test('keeps out whom the product does not let in', async (t) => {
    said = { text: '{"isAuthorized":false}' }
    const error = {
      name: 'UserLambdaValidationException',
      message: `PreTokenGeneration failed with error TITAN does not authorize user ${user}.`,
    }
    await t.rejects(signIn({ tenantId: 'demo' }), error)
    await t.rejects(signIn({ tenantId: 'other' }), { name: 'UserLambdaValidationException', message: /tenant other has no product TITAN/ })
  })
  await t.test('needs the second version of the event', async (t) => {
    await trigger('V1_0')
    await t.rejects(signIn({ tenantId: 'demo' }), { name: 'UserLambdaValidationException', message: /LambdaVersion V2_0/ })
  })
})

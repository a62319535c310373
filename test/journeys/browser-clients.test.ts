import { type Test, test } from 'tap'
import { start } from '../../src/index.ts'
import { serveApp } from '../support/browser-app.ts'
import { arrive, inChromium, keepPicture, openChromium } from '../support/chromium.ts'
import { cognito, folder } from '../support/server.ts'

const PASSWORD = 'Secret-12'

async function setUp(t: Test) {
  const idp = await start({ empty: true, strict: true, tls: { folder: folder(t) } })
  t.teardown(() => idp.close())
  const app = await serveApp(t)
  const call = <T>(name: string, input: object) => cognito<T>(idp.url, name, input)
  const { UserPool } = await call<{ UserPool: { Id: string } }>('CreateUserPool', { PoolName: 'shop' })
  const UserPoolId = UserPool.Id
  const { UserPoolClient } = await call<{ UserPoolClient: { ClientId: string } }>('CreateUserPoolClient', {
    UserPoolId,
    ClientName: 'shop',
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid', 'email', 'profile', 'aws.cognito.signin.user.admin'],
    CallbackURLs: [`${app.origin}/`],
    LogoutURLs: [`${app.origin}/`],
  })
  await call('CreateUserPoolDomain', { UserPoolId, Domain: 'shop' })
  const UserAttributes = [{ Name: 'email', Value: 'ada@example.com' }]
  await call('AdminCreateUser', { UserPoolId, Username: 'ada', MessageAction: 'SUPPRESS', UserAttributes })
  await call('AdminSetUserPassword', { UserPoolId, Username: 'ada', Password: PASSWORD, Permanent: true })
  const { open } = await openChromium(t)
  const page = await (await open({ ignoreHTTPSErrors: true, viewport: { width: 900, height: 700 } })).newPage()
  const id = (name: string) => page.getByTestId(name)
  const shows = (name: string, pattern: RegExp) => id(name).filter({ hasText: pattern }).waitFor({ timeout: 20_000 })
  const signIn = async () => {
    await id('sign-in').click()
    await id('username').fill('ada')
    await id('password').fill(PASSWORD)
    await id('submit-login').click()
  }
  return { idp, app, call, UserPoolId, clientId: UserPoolClient.ClientId, page, id, shows, signIn }
}

test('oidc-client-ts in a browser', inChromium, async (t) => {
  const { idp, app, UserPoolId, clientId, page, id, shows, signIn } = await setUp(t)
  await app.load('oidc-client', { issuer: `${idp.url}/${UserPoolId}`, clientId })
  await page.goto(app.origin)
  await shows('user', /nobody/)
  await signIn()
  await shows('user', /ada@example\.com/)
  t.match(JSON.parse((await id('user').textContent()) ?? ''), { 'cognito:username': 'ada', username: 'ada', email: 'ada@example.com' })
  t.equal(await id('state').textContent(), '{"from":"the shop"}')
  await keepPicture(page, 'app-oidc-client')

  await id('refresh').click()
  await shows('refreshed', /another/)
  await id('sign-out').click()
  await shows('user', /nobody/)
  t.equal(page.url(), `${app.origin}/`)
  t.equal(await id('error').textContent(), '')

  await id('sign-in').click()
  await id('submit-login').waitFor()
  t.match(page.url(), /\/login\?/, 'whoever signed out is asked again')
  t.equal(await id('submit-continue').count(), 0)
})

test('Amplify’s signInWithRedirect in a browser', inChromium, async (t) => {
  const { idp, app, call, UserPoolId, clientId, page, id, shows, signIn } = await setUp(t)
  const { url = '' } = idp.tls ?? {}
  const { port } = new URL(url)
  await app.load('amplify', { pool: UserPoolId, clientId, url, domain: `shop.auth.localhost:${port}` })
  await page.goto(app.origin)
  await shows('user', /nobody/)
  await signIn()
  await shows('user', /ada@example\.com/)
  t.equal(await id('user').textContent(), '{"username":"ada","email":"ada@example.com"}')
  t.equal(await id('state').textContent(), 'the shop')
  await keepPicture(page, 'app-amplify')
  const cookies = await page.context().cookies(`https://shop.auth.localhost:${port}/`)
  t.ok(cookies.length > 0)
  for (const { name, httpOnly, secure, sameSite } of cookies) t.strictSame([httpOnly, secure, sameSite], [true, true, 'Lax'], name)

  await id('refresh').click()
  await shows('refreshed', /another/)
  await id('sign-out').click()
  await page.waitForURL(`${app.origin}/`)
  await shows('user', /nobody/)
  t.equal(await id('error').textContent(), '')

  await call('AdminDisableUser', { UserPoolId, Username: 'ada' })
  await signIn()
  await arrive(page, 'login')
  await id('error').waitFor()
})

test('Amplify’s signInWithRedirect with a provider, over TLS', inChromium, async (t) => {
  const { idp, app, call, UserPoolId, clientId, page, id, shows } = await setUp(t)
  const { url = '' } = idp.tls ?? {}
  await call('CreateIdentityProvider', {
    UserPoolId,
    ProviderName: 'Google',
    ProviderType: 'Google',
    ProviderDetails: { client_id: 'any', client_secret: 'any', authorize_scopes: 'openid email profile' },
    AttributeMapping: { email: 'email' },
  })
  await call('UpdateUserPoolClient', {
    UserPoolId,
    ClientId: clientId,
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid', 'email', 'profile', 'aws.cognito.signin.user.admin'],
    CallbackURLs: [`${app.origin}/`],
    LogoutURLs: [`${app.origin}/`],
    SupportedIdentityProviders: ['COGNITO', 'Google'],
  })
  const domain = `shop.auth.localhost:${new URL(url).port}`
  await app.load('amplify', { pool: UserPoolId, clientId, url, domain, provider: 'Google' })
  await page.goto(app.origin)
  await shows('user', /nobody/)
  await id('sign-in').click()
  await id('id').fill('1042')
  await id('claim.email').fill('grace@example.com')
  await id('submit-anybody').click()
  await shows('user', /grace@example\.com/)
  t.match(JSON.parse((await id('user').textContent()) ?? ''), { username: /google_1042/i })
  t.equal(await id('state').textContent(), 'the shop')

  await id('sign-out').click()
  await page.waitForURL(`${app.origin}/`)
  await shows('user', /nobody/)
  await id('sign-in').click()
  await id('submit-deny').click()
  await shows('error', /The person refused/)
})

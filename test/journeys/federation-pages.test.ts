import { test } from 'tap'
import { application, inChromium, look, openChromium } from '../support/chromium.ts'
import { cognito } from '../support/server.ts'
import { target } from '../support/target.ts'

test('through providers in a browser, which holds pages to their policies', inChromium, async (t) => {
  const url = await target(t)
  const callback = await application(t)
  const call = <T>(name: string, input: object) => cognito<T>(url, name, input)
  const { UserPool } = await call<{ UserPool: { Id: string } }>('CreateUserPool', { PoolName: 'shop' })
  const UserPoolId = UserPool.Id
  const ProviderDetails = { client_id: 'any', client_secret: 'any', authorize_scopes: 'openid email profile' }
  await call('CreateIdentityProvider', { UserPoolId, ProviderName: 'Google', ProviderType: 'Google', ProviderDetails })
  await call('CreateIdentityProvider', {
    UserPoolId,
    ProviderName: 'Corp',
    ProviderType: 'SAML',
    ProviderDetails: { MetadataURL: 'https://upstream.localhost/corp', IDPSignout: 'true' },
    AttributeMapping: { email: 'mail' },
  })
  const { UserPoolClient } = await call<{ UserPoolClient: { ClientId: string } }>('CreateUserPoolClient', {
    UserPoolId,
    ClientName: 'The corner shop',
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid', 'email'],
    CallbackURLs: [callback],
    LogoutURLs: [callback],
    SupportedIdentityProviders: ['COGNITO', 'Google', 'Corp'],
  })
  const prefix = `shop-${UserPoolId.slice(-9).toLowerCase()}`
  await call('CreateUserPoolDomain', { UserPoolId, Domain: prefix })
  const site = url.replace('127.0.0.1', `${prefix}.auth.localhost`)
  const query = new URLSearchParams({ client_id: UserPoolClient.ClientId, response_type: 'code', redirect_uri: callback, state: 'here' })
  const isBack = (to: URL) => to.href.startsWith(`${callback}?code=`)
  const { open } = await openChromium(t)

  await t.test('Google, by its button', async (t) => {
    const page = await (await open()).newPage()
    await page.goto(`${site}/oauth2/authorize?${query}`)
    await look(t, page, 'login', 'login-providers')
    await page.getByTestId('submit-provider-Google').click()
    await page.getByTestId('id').fill('1042')
    await page.getByTestId('claim.email').fill('ada@example.com')
    await look(t, page, 'upstream')
    await page.getByTestId('submit-anybody').click()
    await page.waitForURL(isBack)
  })

  await t.test('SAML there and back without another click, and out again', async (t) => {
    const page = await (await open()).newPage()
    await page.goto(`${site}/oauth2/authorize?${query}`)
    await page.getByTestId('submit-provider-Corp').click()
    await page.getByTestId('id').fill('E-17')
    await page.getByTestId('claim.mail').fill('eva@corp.example')
    await page.getByTestId('submit-anybody').click()
    await page.waitForURL(isBack)
    await page.goto(`${site}/logout?client_id=${UserPoolClient.ClientId}&logout_uri=${encodeURIComponent(callback)}`)
    await page.waitForURL(callback)
    await page.goto(`${site}/oauth2/authorize?${query}`)
    t.equal(await page.locator('body').getAttribute('data-testid'), 'page-login')
  })

  await t.test('and with scripts switched off', async (t) => {
    const page = await (await open({ javaScriptEnabled: false })).newPage()
    await page.goto(`${site}/oauth2/authorize?${query}&identity_provider=Corp`)
    await page.getByTestId('submit-person-E-17').click()
    await page.getByTestId('submit-answer').click()
    await page.waitForURL(isBack)
    t.match(page.url(), /[?&]code=/)
  })
})

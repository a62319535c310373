import * as oidc from 'openid-client'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { type Test, test } from 'tap'
import { addAuthenticator, application, arrive, follow, inChromium, look, openChromium } from '../support/chromium.ts'
import { only } from '../support/only.ts'
import { cognito, json } from '../support/server.ts'
import { target } from '../support/target.ts'
import { totpAt } from '../support/totp.ts'

const PASSWORD = 'Secret-12'
const NEW = 'Another-34'
const SmsConfiguration = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sns' }

interface Setting {
  pool?: object
  client?: object
  /** 2 is managed login, which has the service's own style here. */
  version?: 1 | 2
}

/** A pool with a domain and a client, and how a browser comes to its pages. */
async function setUp(t: Test, { pool = {}, client = {}, version = 2 }: Setting = {}) {
  const url = await target(t)
  const callback = await application(t)
  const call = <T>(name: string, input: object) => cognito<T>(url, name, input)
  const { UserPool } = await call<{ UserPool: { Id: string } }>('CreateUserPool', {
    PoolName: 'shop',
    AutoVerifiedAttributes: ['email'],
    ...pool,
  })
  const UserPoolId = UserPool.Id
  const { UserPoolClient } = await call<{ UserPoolClient: { ClientId: string } }>('CreateUserPoolClient', {
    UserPoolId,
    ClientName: 'The corner shop',
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid'],
    CallbackURLs: [callback],
    LogoutURLs: [callback],
    ...client,
  })
  const { ClientId } = UserPoolClient
  const prefix = `shop-${UserPoolId.slice(-9).toLowerCase()}`
  await call('CreateUserPoolDomain', { UserPoolId, Domain: prefix, ManagedLoginVersion: version })
  if (version === 2) await call('CreateManagedLoginBranding', { UserPoolId, ClientId, UseCognitoProvidedValues: true })

  const makeUser = async (Username: string, attributes: Record<string, string> = {}, permanent = true) => {
    const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))
    const MessageAction = 'SUPPRESS'
    await call('AdminCreateUser', { UserPoolId, Username, UserAttributes, MessageAction, TemporaryPassword: PASSWORD })
    if (permanent) await call('AdminSetUserPassword', { UserPoolId, Username, Password: PASSWORD, Permanent: true })
  }
  const codeFor = async (user: string) => (await json<{ code: string }>(`${url}/_/outbox/latest?user=${user}&wait=5s`)).body.code
  const site = url.replace('127.0.0.1', `${prefix}.auth.localhost`)
  const query = new URLSearchParams({ client_id: ClientId, response_type: 'code', redirect_uri: callback, state: 'here' })
  const start = `${site}/oauth2/authorize?${query}`
  const isBack = (to: URL) => to.href.startsWith(`${callback}?code=`)
  const { open } = await openChromium(t)
  return { url, call, callback, UserPoolId, ClientId, makeUser, codeFor, site, query, start, isBack, open }
}

/** What UpdateUserPoolClient would clear. */
function kept({ UserPoolId, ClientId, callback }: { UserPoolId: string; ClientId: string; callback: string }) {
  const flows = { AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: ['code'], AllowedOAuthScopes: ['openid'] }
  return { UserPoolId, ClientId, ...flows, CallbackURLs: [callback] }
}

/** A window of its own: nobody is signed in there. */
async function windowOf(world: { open(options?: BrowserContextOptions): Promise<{ newPage(): Promise<Page> }> }, options = {}) {
  const page = await (await world.open(options)).newPage()
  const id = (name: string) => page.getByTestId(name)
  const fill = async (fields: Record<string, string>) => {
    for (const [name, value] of Object.entries(fields)) await id(name).fill(value)
  }
  return {
    page,
    id,
    fill,
    look: (t: Test, name: string, as?: string) => look(t, page, name, as),
    arrive: (name: string) => arrive(page, name),
  }
}

test('signing up, signing in and a forgotten password', inChromium, async (t) => {
  const world = await setUp(t)
  await world.makeUser('ada', { email: 'ada@example.com', email_verified: 'true' })
  await world.makeUser('grace', {}, false)
  const Links = { 'cognito:default': 'https://app.example/terms' }
  const { UserPoolId, ClientId } = world
  const terms = { UserPoolId, ClientId, TermsSource: 'LINK', Enforcement: 'NONE', Links }
  await world.call('CreateTerms', { ...terms, TermsName: 'terms-of-use' })
  await world.call('CreateTerms', { ...terms, TermsName: 'privacy-policy' })
  const { page, id, fill, look, arrive } = await windowOf(world)

  await page.goto(world.start)
  await id('people').locator('summary').click()
  await look(t, 'login')
  await id('sign-up').click()
  await look(t, 'sign-up')
  await fill({ username: 'eve', password: 'short', 'requiredAttributes.email': 'eve@example.com' })
  await page.keyboard.press('Enter')
  await id('error').waitFor()
  await look(t, 'sign-up', 'sign-up-refused')
  await id('password').fill(PASSWORD)
  await id('submit-sign-up').click()
  await look(t, 'confirm')
  await follow(page, 'submit-resend')
  await id('notice').waitFor()
  await look(t, 'confirm', 'confirm-resent')
  await id('code').fill(await world.codeFor('eve'))
  await id('submit-confirm').click()
  await look(t, 'login', 'login-confirmed')
  await id('notice').waitFor()

  await id('forgot-password').click()
  await look(t, 'forgot-password')
  await id('username').fill('eve')
  await id('submit-forgot-password').click()
  await look(t, 'confirm-forgot-password')
  await fill({ code: await world.codeFor('eve'), password: NEW, confirm_password: NEW })
  await id('submit-confirm-forgot-password').click()
  await arrive('login')
  await id('notice').waitFor()
  await id('password').fill('wrong')
  await follow(page, 'submit-login')
  await id('error').waitFor()
  await look(t, 'login', 'login-refused')
  await id('password').fill(NEW)
  await id('submit-login').click()
  await page.waitForURL(world.isBack)
  t.equal(new URL(page.url()).searchParams.get('state'), 'here')

  await page.goto(`${world.site}/login?${world.query}`)
  await look(t, 'login', 'login-continue')
  await id('submit-continue').click()
  await page.waitForURL(world.isBack)

  await page.goto(`${world.site}/logout?${world.query}`)
  t.equal(await id('submit-continue').count(), 0, 'whoever signed out is not offered to go on')
  await fill({ username: 'grace', password: PASSWORD })
  await id('submit-login').click()
  await look(t, 'change-password')
  await fill({ password: NEW, confirm_password: NEW })
  await id('submit-change-password').click()
  await page.waitForURL(world.isBack)
})

test('long names, and all that a pool may require', inChromium, async (t) => {
  const Schema = ['name', 'given_name', 'family_name', 'birthdate', 'phone_number', 'website', 'locale', 'address'].map((Name) => ({
    Name,
    Required: true,
  }))
  const ClientName = 'Donaudampfschifffahrtsgesellschaftskapitaenskajuetenschluesselverwaltung'
  const client = { ClientName, SupportedIdentityProviders: ['COGNITO', 'A-provider-whose-name-is-32-long'] }
  const world = await setUp(t, { pool: { Schema, UsernameAttributes: ['email'] } })
  const { UserPoolId } = world
  const ProviderDetails = { client_id: 'c', client_secret: 's', oidc_issuer: 'https://idp.example', authorize_scopes: 'openid' }
  await world.call('CreateIdentityProvider', {
    UserPoolId,
    ProviderName: 'A-provider-whose-name-is-32-long',
    ProviderType: 'OIDC',
    ProviderDetails: { ...ProviderDetails, attributes_request_method: 'GET' },
    AttributeMapping: Object.fromEntries(Schema.map(({ Name }) => [Name, Name])),
  })
  await world.call('UpdateUserPoolClient', { ...kept(world), ...client })
  const email = 'a.very.long.local.part.of.an.address.that.goes.on@a-rather-long-subdomain.of-a-company.example'
  const told = { name: 'Ada', given_name: 'Ada', family_name: 'L', birthdate: '1815-12-10', phone_number: '+12025550123' }
  await world.makeUser(email, { email, email_verified: 'true', ...told, website: 'https://a.example', locale: 'en', address: 'x' })
  for (const locale of ['de', 'ja']) {
    const { page, id, fill, look } = await windowOf(world)
    await page.goto(`${world.site}/signup?${world.query}&lang=${locale}`)
    await look(t, 'sign-up', `sign-up-all-${locale}`)
    await fill({ username: email, password: 'short' })
    await page.evaluate('document.forms[0].noValidate = true')
    await follow(page, 'submit-sign-up')
    await id('error').waitFor()
    await look(t, 'sign-up', `sign-up-all-refused-${locale}`)
    await page.goto(world.start)
    await id('people').locator('summary').click()
    await fill({ username: email, password: PASSWORD })
    await look(t, 'login', `login-long-${locale}`)
    await id('submit-login').click()
    await page.waitForURL(world.isBack)
    await page.goto(`${world.site}/login?${world.query}`)
    await look(t, 'login', `login-continue-long-${locale}`)
  }
})

test('a stronger sign-in is asked for', inChromium, async (t) => {
  const world = await setUp(t, { pool: { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } } } })
  const { UserPoolId, ClientId, url } = world
  await world.makeUser('ada', { email: 'ada@example.com', email_verified: 'true' })
  await world.call('SetUserPoolMfaConfig', {
    UserPoolId,
    MfaConfiguration: 'OPTIONAL',
    SoftwareTokenMfaConfiguration: { Enabled: true },
  })
  const auth = { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'ada', PASSWORD } }
  await world.call('UpdateUserPoolClient', { ...kept(world), ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] })
  const { AuthenticationResult } = await world.call<{ AuthenticationResult: { AccessToken: string } }>('InitiateAuth', auth)
  const { AccessToken } = AuthenticationResult
  const { SecretCode } = await world.call<{ SecretCode: string }>('AssociateSoftwareToken', { AccessToken })
  const now = () => Date.now()
  await world.call('VerifySoftwareToken', { AccessToken, UserCode: totpAt(SecretCode, now() - 30_000) })

  // A relying party that looks at the tokens, as the guide wants every one to.
  const config = await oidc.discovery(new URL(`${url}/${UserPoolId}`), ClientId, undefined, oidc.None(), {
    execute: [oidc.allowInsecureRequests],
  })
  const authorize = (more: Record<string, string>) => {
    const to = oidc.buildAuthorizationUrl(config, { redirect_uri: world.callback, scope: 'openid', state: 'here', ...more })
    return `${world.site}${to.pathname}${to.search}`
  }
  const claimsAt = async (page: Page, maxAge?: number) => {
    await page.waitForURL(world.isBack)
    const checks = { expectedState: 'here', idTokenExpected: true, ...(maxAge === undefined ? {} : { maxAge }) }
    return (await oidc.authorizationCodeGrant(config, new URL(page.url()), checks)).claims()
  }
  const { page, id, fill, look } = await windowOf(world)
  await page.goto(authorize({ acr_values: 'urn:cognito:loa:1' }))
  await fill({ username: 'ada', password: PASSWORD })
  await id('submit-login').click()
  t.match(await claimsAt(page), { acr: 'urn:cognito:loa:1', amr: only('pwd') })

  const strong = authorize({ acr_values: 'urn:cognito:loa:4', max_age: '600' })
  await page.goto(strong)
  await look(t, 'login', 'login-step-up')
  await id('submit-continue').click()
  await look(t, 'mfa', 'mfa-step-up')
  await id('code').fill(totpAt(SecretCode, now()))
  await id('submit-mfa').click()
  t.match(await claimsAt(page, 600), { acr: 'urn:cognito:loa:4', amr: only('pwd', 'otp', 'mfa') })

  await page.goto(authorize({ acr_values: 'urn:cognito:loa:3' }))
  t.match(await claimsAt(page), { acr: 'urn:cognito:loa:4' }, 'no page for who is strong enough')
})

test('a second factor', inChromium, async (t) => {
  const world = await setUp(t, { pool: { AutoVerifiedAttributes: ['phone_number'], SmsConfiguration } })
  const { UserPoolId } = world
  await world.makeUser('ada', { phone_number: '+12025550123', phone_number_verified: 'true' })
  await world.call('SetUserPoolMfaConfig', {
    UserPoolId,
    MfaConfiguration: 'ON',
    SoftwareTokenMfaConfiguration: { Enabled: true },
    SmsMfaConfiguration: { SmsConfiguration },
  })
  await world.makeUser('bob')
  const signIn = async (username: string) => {
    const window = await windowOf(world)
    await window.page.goto(world.start)
    await window.fill({ username, password: PASSWORD })
    await window.id('submit-login').click()
    return window
  }
  const bob = await signIn('bob')
  await bob.look(t, 'mfa-setup')
  const now = new Date(await bob.page.evaluate<string>('new Date().toISOString()')).getTime()
  await bob.fill({ code: totpAt((await bob.id('key').textContent()) ?? '', now), device: 'Phone' })
  await bob.id('submit-mfa-setup').click()
  await bob.page.waitForURL(world.isBack)

  const preferences = { SMSMfaSettings: { Enabled: true }, SoftwareTokenMfaSettings: { Enabled: true } }
  const attributes = { UserAttributes: [{ Name: 'phone_number', Value: '+12025550199' }] }
  await world.call('AdminUpdateUserAttributes', { UserPoolId, Username: 'bob', ...attributes })
  await world.call('AdminSetUserMFAPreference', { UserPoolId, Username: 'bob', ...preferences })
  const again = await signIn('bob')
  await again.look(t, 'mfa-choose')
  await again.id('answer-SOFTWARE_TOKEN_MFA').check()
  await again.id('submit-mfa-choose').click()
  await again.look(t, 'mfa', 'mfa-app')

  const ada = await signIn('ada')
  await ada.look(t, 'mfa', 'mfa-sms')
  await ada.id('code').fill('000000')
  await ada.id('submit-mfa').click()
  await ada.id('error').waitFor()
  await ada.look(t, 'mfa', 'mfa-refused')
  await ada.id('code').fill(await world.codeFor('ada'))
  await ada.id('submit-mfa').click()
  await ada.page.waitForURL(world.isBack)
})

test('passkeys and one-time codes, under the policy that the pages are sent with', inChromium, async (t) => {
  const world = await setUp(t, {
    pool: { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'WEB_AUTHN'] } } },
    client: { ExplicitAuthFlows: ['ALLOW_USER_AUTH'] },
  })
  await world.makeUser('ada', { email: 'ada@example.com', email_verified: 'true' })
  const { page, id, fill, look } = await windowOf(world)
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  await addAuthenticator(page)
  const choose = async (way: string) => {
    await page.goto(`${world.start}&prompt=login`)
    await id('username').fill('ada')
    await id('submit-login').click()
    await id(`submit-${way}`).click()
  }

  await choose('choose-email')
  await look(t, 'mfa', 'email-code')
  await id('code').fill(await world.codeFor('ada'))
  await id('submit-mfa').click()
  await page.waitForURL(world.isBack)

  await choose('choose-password')
  await look(t, 'password')
  await fill({ password: PASSWORD })
  await id('submit-password').click()
  await page.waitForURL(world.isBack)

  await page.goto(`${world.site}/passkeys/add?${new URLSearchParams({ client_id: world.ClientId, redirect_uri: world.callback })}`)
  await look(t, 'passkey')
  await id('submit-passkey').click()
  await page.waitForURL(`${world.callback}?result=success`)
  const factors = { UserPoolId: world.UserPoolId, Username: 'ada' }
  t.match(await world.call('AdminGetUserAuthFactors', factors), { ConfiguredUserAuthFactors: only('PASSWORD', 'EMAIL_OTP', 'WEB_AUTHN') })

  await page.goto(`${world.start}&prompt=login`)
  await id('username').fill('ada')
  await id('submit-login').click()
  await look(t, 'choose')
  await id('submit-choose-passkey').click()
  await page.waitForURL(world.isBack)

  const stranger = await windowOf(world)
  await addAuthenticator(stranger.page)
  await stranger.page.goto(world.start)
  await stranger.id('username').fill('ada')
  await stranger.id('submit-login').click()
  await stranger.id('submit-choose-passkey').click()
  await stranger.page.getByText('The passkey could not be used.').waitFor()
  await stranger.look(t, 'choose', 'choose-without-the-passkey')

  const quiet = await windowOf(world, { javaScriptEnabled: false })
  await quiet.page.goto(world.start)
  await quiet.id('username').fill('ada')
  await quiet.id('submit-login').click()
  await quiet.page.getByText('Passkeys need scripts').waitFor()
  t.notOk(await quiet.id('submit-choose-passkey').isVisible())
  await quiet.id('submit-choose-password').click()
  await quiet.fill({ password: PASSWORD })
  await quiet.id('submit-password').click()
  await quiet.page.waitForURL(world.isBack)
  t.strictSame(problems, [], 'no policy is broken')
})

test('pages that say what is wrong, or that something is done', inChromium, async (t) => {
  const byLink = { EmailMessageByLink: 'Go {##here##}', DefaultEmailOption: 'CONFIRM_WITH_LINK' }
  const world = await setUp(t, { version: 1, pool: { VerificationMessageTemplate: byLink } })
  const { page, id, fill, look } = await windowOf(world)
  await page.goto(world.start.replace(encodeURIComponent(world.callback), encodeURIComponent('https://evil.example/')))
  await look(t, 'error')

  await page.goto(world.start)
  await page.context().clearCookies()
  await fill({ username: 'ada', password: PASSWORD })
  await id('submit-login').click()
  await look(t, 'stale')

  const UserAttributes = [{ Name: 'email', Value: 'eve@example.com' }]
  await world.call('SignUp', { ClientId: world.ClientId, Username: 'eve', Password: PASSWORD, UserAttributes })
  const { body } = await json<{ link: string }>(`${world.url}/_/outbox/latest?user=eve`)
  await page.goto(body.link)
  await look(t, 'confirmed')
  await page.goto(body.link)
  await look(t, 'link', 'link-invalid')

  const { UserPoolClient } = await world.call<{ UserPoolClient: { ClientId: string } }>('CreateUserPoolClient', {
    UserPoolId: world.UserPoolId,
    ClientName: 'unstyled',
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid'],
    CallbackURLs: [world.callback],
  })
  const [prefix = ''] = new URL(world.site).hostname.split('.')
  await world.call('UpdateUserPoolDomain', { UserPoolId: world.UserPoolId, Domain: prefix, ManagedLoginVersion: 2 })
  await page.goto(world.start.replace(world.ClientId, UserPoolClient.ClientId))
  await look(t, 'unavailable')
})

test('the pages without scripts, by keyboard alone', inChromium, async (t) => {
  const world = await setUp(t, { version: 1 })
  await world.makeUser('grace', {}, false)
  const { page, id, arrive } = await windowOf(world, { javaScriptEnabled: false })
  await page.goto(world.start)
  // What is to be filled in first gets the focus when the page is painted, which may be after it was loaded.
  const type = async (on: string, ...keys: string[]) => {
    await arrive(on)
    await page.locator('[autofocus]:focus').waitFor()
    for (const key of keys) await (key === 'Tab' || key === 'Enter' ? page.keyboard.press(key) : page.keyboard.type(key))
  }
  await type('login', 'grace', 'Tab', PASSWORD, 'Enter')
  await type('change-password', NEW, 'Tab', NEW, 'Enter')
  await page.waitForURL(world.isBack)
  t.equal(new URL(page.url()).searchParams.get('state'), 'here')

  await page.goto(`${world.site}/signup?${world.query}`)
  await type('sign-up', 'eve', 'Tab', 'eve@example.com', 'Tab', PASSWORD, 'Tab', 'Enter')
  await type('confirm', await world.codeFor('eve'), 'Enter')
  await arrive('login')
  t.equal(await id('username').inputValue(), 'eve')
})

import { type Test, test } from 'tap'
import { application, arrive, follow, inChromium, keepPicture, look, openChromium } from '../support/chromium.ts'
import { cognito } from '../support/server.ts'
import { target } from '../support/target.ts'

/** A red dot of one pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="48"><rect width="160" height="48" rx="10" fill="#1f6f43"/><text x="80" y="31" font-family="sans-serif" font-size="20" font-weight="700" fill="#fff" text-anchor="middle">Greengrocer</text></svg>`

async function setUp(t: Test, version: 1 | 2, locale = 'en-US') {
  const url = await target(t)
  const callback = await application(t)
  const call = <T>(name: string, input: object) => cognito<T>(url, name, input)
  const AutoVerifiedAttributes = ['email']
  const { UserPool } = await call<{ UserPool: { Id: string } }>('CreateUserPool', { PoolName: 'shop', AutoVerifiedAttributes })
  const UserPoolId = UserPool.Id
  const { UserPoolClient } = await call<{ UserPoolClient: { ClientId: string } }>('CreateUserPoolClient', {
    UserPoolId,
    ClientName: 'Greengrocer',
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid'],
    CallbackURLs: [callback],
  })
  const { ClientId } = UserPoolClient
  const prefix = `looks-${UserPoolId.slice(-9).toLowerCase()}`
  await call('CreateUserPoolDomain', { UserPoolId, Domain: prefix, ManagedLoginVersion: version })
  const site = url.replace('127.0.0.1', `${prefix}.auth.localhost`)
  const query = new URLSearchParams({ client_id: ClientId, response_type: 'code', redirect_uri: callback })
  const { open } = await openChromium(t)
  const context = await open({ locale })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  const style = (selector: string, property: string) =>
    page
      .locator(selector)
      .evaluate((element, name) => (globalThis as unknown as Styles).getComputedStyle(element).getPropertyValue(name), property)
  return { call, ids: { UserPoolId, ClientId }, at: (path: string) => `${site}${path}?${query}`, page, style, problems }
}

interface Styles {
  getComputedStyle(element: unknown): { getPropertyValue(name: string): string }
}

test('a customization changes the classic pages', inChromium, async (t) => {
  const { call, ids, at, page, style, problems } = await setUp(t, 1)
  const CSS = [
    '.background-customizable{background-color:#fff4e6}',
    '.banner-customizable{background-color:#5c2e00;padding:12px}',
    '.submitButton-customizable{background-color:#8a3b00;font-size:18px}',
    '.submitButton-customizable:hover{background-color:#5c2e00}',
    '.label-customizable{font-weight:400}',
    '.inputField-customizable{border:2px solid #8a3b00}',
    '.redirect-customizable{color:#8a3b00}',
  ].join('')
  await call('SetUICustomization', { ...ids, CSS, ImageFile: PNG })
  await page.goto(at('/login'))
  t.equal(await style('body', 'background-color'), 'rgb(255, 244, 230)')
  t.equal(await style('.banner-customizable', 'background-color'), 'rgb(92, 46, 0)')
  t.equal(await style('[data-testid=submit-login]', 'background-color'), 'rgb(138, 59, 0)')
  t.equal(await style('[data-testid=submit-login]', 'font-size'), '18px')
  t.equal(await style('label[for=login-username]', 'font-weight'), '400')
  t.equal(await style('[data-testid=username]', 'border-top-width'), '2px')
  t.equal(await style('[data-testid=forgot-password]', 'color'), 'rgb(138, 59, 0)')
  t.equal(await page.getByTestId('logo').evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth), 1)
  await page.getByTestId('submit-login').hover()
  t.equal(await style('[data-testid=submit-login]', 'background-color'), 'rgb(92, 46, 0)')
  await look(t, page, 'login', 'login-customized')

  await call('SetUICustomization', { UserPoolId: ids.UserPoolId, CSS: '.label-customizable{font-weight:900}' })
  await call('SetUICustomization', { ...ids, CSS: '' })
  await page.reload()
  t.equal(await style('label[for=login-username]', 'font-weight'), '600', 'its own, though empty, goes before that of all')
  t.strictSame(problems, [])
})

test('a style changes managed login', inChromium, async (t) => {
  const { call, ids, at, page, style, problems } = await setUp(t, 2)
  const mode = { lightMode: { color: 'eaf5eeff' }, darkMode: { color: '0d1f15ff' } }
  const text = (heading: string, body: string) => ({ headingColor: heading, bodyColor: body, descriptionColor: body })
  const button = (backgroundColor: string, textColor: string) => ({
    defaults: { backgroundColor, textColor },
    hover: { backgroundColor, textColor },
  })
  const Settings = {
    components: {
      pageBackground: { ...mode, image: { enabled: false } },
      form: {
        borderRadius: 24,
        lightMode: { backgroundColor: 'ffffffff', borderColor: '1f6f43ff' },
        darkMode: { backgroundColor: '15301fff', borderColor: '2c8a57ff' },
      },
      pageText: { lightMode: text('0d3b20ff', '244a33ff'), darkMode: text('f2fff7ff', 'd5ebddff') },
      primaryButton: { lightMode: button('1f6f43ff', 'ffffffff'), darkMode: button('8fe3b3ff', '0d1f15ff') },
    },
    componentClasses: {
      buttons: { borderRadius: 20 },
      link: { lightMode: { defaults: { textColor: '1f6f43ff' } }, darkMode: { defaults: { textColor: '8fe3b3ff' } } },
      inputLabel: { lightMode: { textColor: '0d3b20ff' }, darkMode: { textColor: 'f2fff7ff' } },
      input: { darkMode: { defaults: { backgroundColor: '0d1f15ff', borderColor: '8fa99aff' } } },
    },
    categories: {
      form: { location: { horizontal: 'START', vertical: 'CENTER' }, languageSelector: { enabled: true } },
      global: { colorSchemeMode: 'DYNAMIC' },
    },
  }
  const Bytes = Buffer.from(LOGO).toString('base64')
  const Assets = [
    { Category: 'FORM_LOGO', ColorMode: 'LIGHT', Extension: 'SVG', Bytes },
    { Category: 'FAVICON_SVG', ColorMode: 'LIGHT', Extension: 'SVG', Bytes },
  ]
  await call('CreateManagedLoginBranding', { ...ids, Settings, Assets })
  await page.goto(at('/login'))
  t.equal(await style('body', 'background-color'), 'rgb(234, 245, 238)')
  t.equal(await style('h1', 'color'), 'rgb(13, 59, 32)')
  t.equal(await style('[data-testid=submit-login]', 'background-color'), 'rgb(31, 111, 67)')
  t.equal(await style('[data-testid=submit-login]', 'border-top-left-radius'), '20px')
  t.equal(await style('.stage', 'justify-content'), 'flex-start', 'on a phone the form fills the page')
  t.equal(await page.getByTestId('logo').evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth), 160)
  await look(t, page, 'login', 'login-branded')

  await page.setViewportSize({ width: 1280, height: 800 })
  t.equal(await style('main', 'border-top-left-radius'), '24px')
  t.equal(await style('main', 'border-top-color'), 'rgb(31, 111, 67)')
  const left = await page.locator('main').evaluate((main) => (main as unknown as { offsetLeft: number }).offsetLeft)
  t.ok(left < 100, 'at the start of the line')
  await page.emulateMedia({ colorScheme: 'dark' })
  t.equal(await style('body', 'background-color'), 'rgb(13, 31, 21)')
  t.equal(await style('[data-testid=submit-login]', 'background-color'), 'rgb(143, 227, 179)')
  await page.setViewportSize({ width: 360, height: 740 })
  await look(t, page, 'login', 'login-branded-dark')

  await follow(page, 'lang-de')
  t.equal(await page.locator('h1').textContent(), 'Anmelden')
  t.equal(await page.locator('html').getAttribute('lang'), 'de')
  await page.getByTestId('sign-up').click()
  await arrive(page, 'sign-up')
  t.equal(await page.locator('h1').textContent(), 'Registrieren', 'the next page keeps the language')
  await keepPicture(page, 'sign-up-branded-german')
  t.strictSame(problems, [])
})

for (const [language, title] of [
  ['ru', 'Войти'],
  ['es', 'Iniciar sesión'],
  ['de', 'Anmelden'],
  ['ja', 'サインイン'],
] as const) {
  test(`the pages in ${language}, once that was asked for`, inChromium, async (t) => {
    const { at, call, ids, page } = await setUp(t, 2, language)
    await call('CreateManagedLoginBranding', { ...ids, UseCognitoProvidedValues: true })
    await page.goto(at('/login'))
    t.equal(await page.locator('h1').textContent(), 'Sign in', 'what the browser would like is not asked')
    await page.goto(`${at('/oauth2/authorize')}&lang=${language}`)
    t.equal(await page.locator('h1').textContent(), title)
    await look(t, page, 'login', `login-${language}`)
    for (const [path, name] of [
      ['/signup', 'sign-up'],
      ['/confirm', 'confirm'],
      ['/forgotPassword', 'forgot-password'],
      ['/confirmforgotPassword', 'confirm-forgot-password'],
    ] as const) {
      await page.goto(at(path))
      await look(t, page, name, `${name}-${language}`)
    }
  })
}

test('the page behind the links of a mail about a risky sign-in', inChromium, async (t) => {
  const url = await target(t, { cognito: { riskyAddresses: { '198.51.100.0/24': 'High' } } })
  const call = <T>(name: string, input: object) => cognito<T>(url, name, input)
  const { UserPool } = await call<{ UserPool: { Id: string } }>('CreateUserPool', {
    PoolName: 'guarded',
    UserPoolTier: 'PLUS',
    UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' },
  })
  const UserPoolId = UserPool.Id
  const { UserPoolClient } = await call<{ UserPoolClient: { ClientId: string } }>('CreateUserPoolClient', {
    UserPoolId,
    ClientName: 'Greengrocer',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  })
  const SourceArn = 'arn:aws:ses:us-east-1:111111111111:identity/a@example.com'
  const BlockEmail = { Subject: 'Blocked', TextBody: 'Not you? {one-click-link-invalid}' }
  await call('SetRiskConfiguration', {
    UserPoolId,
    AccountTakeoverRiskConfiguration: {
      NotifyConfiguration: { SourceArn, BlockEmail },
      Actions: { HighAction: { EventAction: 'BLOCK', Notify: true } },
    },
  })
  const ada = { UserPoolId, Username: 'ada' }
  const UserAttributes = [
    { Name: 'email', Value: 'ada@example.com' },
    { Name: 'email_verified', Value: 'true' },
  ]
  const PASSWORD = 'Correct-Horse-1'
  await call('AdminCreateUser', { ...ada, UserAttributes, MessageAction: 'SUPPRESS' })
  await call('AdminSetUserPassword', { ...ada, Password: PASSWORD, Permanent: true })
  const signIn = call('InitiateAuth', {
    ClientId: UserPoolClient.ClientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: 'ada', PASSWORD },
    UserContextData: { IpAddress: '198.51.100.1' },
  })
  await t.rejects(signIn, { message: 'Request not allowed due to security reasons.' })
  const { link } = (await (await fetch(`${url}/_/outbox/latest?to=ada@example.com`)).json()) as { link: string }

  const { open } = await openChromium(t)
  const page = await (await open({})).newPage()
  await page.goto(link)
  await look(t, page, 'feedback', 'feedback')
  await page.goto(link.replace(/feedback_token=[^&]+/, 'feedback_token=forged'))
  t.match(await page.content(), 'Invalid feedback token')
  await look(t, page, 'link', 'feedback-forged')
})

import { existsSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import axe from 'axe-core'
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { type Test, test } from 'tap'
import { cognito } from '../support/server.ts'
import { target } from '../support/target.ts'
import { totpAt } from '../support/totp.ts'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const PASSWORD = 'Secret-12'

/** Where pictures of the pages go, if somebody wants to look at them. */
const PICTURES = process.env.POOLHOUSE_PICTURES

/** The application that people sign in for: all that matters is that the browser was led there. */
async function application(t: Test): Promise<string> {
  const server = createServer((_request, response) => response.end('the application'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.closeAllConnections())
  t.teardown(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`
}

async function setUp(t: Test, options: BrowserContextOptions) {
  const url = await target(t)
  const callback = await application(t)
  const call = <T>(name: string, input: object) => cognito<T>(url, name, input)
  const { UserPool } = await call<{ UserPool: { Id: string } }>('CreateUserPool', { PoolName: 'pages', AutoVerifiedAttributes: ['email'] })
  const UserPoolId = UserPool.Id
  const { UserPoolClient } = await call<{ UserPoolClient: { ClientId: string } }>('CreateUserPoolClient', {
    UserPoolId,
    ClientName: 'A shop with quite a long name',
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid'],
    CallbackURLs: [callback],
  })
  const prefix = `shop-${UserPoolId.slice(-9).toLowerCase()}`
  await call('CreateUserPoolDomain', { UserPoolId, Domain: prefix })
  for (const Username of ['ada', 'grace']) {
    await call('AdminCreateUser', { UserPoolId, Username, MessageAction: 'SUPPRESS', TemporaryPassword: PASSWORD })
  }
  await call('AdminSetUserPassword', { UserPoolId, Username: 'ada', Password: PASSWORD, Permanent: true })

  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] })
  t.teardown(() => browser.close())
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, ...options })
  const site = url.replace('127.0.0.1', `${prefix}.auth.localhost`)
  const query = new URLSearchParams({ client_id: UserPoolClient.ClientId, response_type: 'code', redirect_uri: callback, state: 'here' })
  return { call, callback, UserPoolId, page: await context.newPage(), start: `${site}/oauth2/authorize?${query}` }
}

/** It fits the phone, and whoever cannot see it is told all of it. */
async function look(t: Test, page: Page, name: string): Promise<void> {
  if (PICTURES !== undefined) {
    mkdirSync(PICTURES, { recursive: true })
    await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true })
  }
  t.equal(await page.locator('body').getAttribute('data-testid'), `page-${name}`)
  t.ok((await page.locator('body').boundingBox())?.width === 360, `${name} fits 360 pixels`)
  const { violations } = await page.evaluate<axe.AxeResults>(`${axe.source}; axe.run()`)
  t.strictSame(
    violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
    [],
    `${name} is accessible`,
  )
}

const here = { skip: existsSync(CHROMIUM) ? false : `there is no ${CHROMIUM}` }

test('the pages in a browser', here, async (t) => {
  const { call, callback, UserPoolId, page, start } = await setUp(t, { bypassCSP: true })
  const isBack = (to: URL) => to.href.startsWith(`${callback}?code=`)
  const id = (name: string) => page.getByTestId(name)
  await page.goto(start)
  await look(t, page, 'login')
  await id('sign-up').click()
  await look(t, page, 'sign-up')
  await id('username').fill('eve')
  await id('requiredAttributes.email').fill('eve@example.com')
  await id('password').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await look(t, page, 'confirm')
  await page.goto(start)
  await id('forgot-password').click()
  await look(t, page, 'forgot-password')

  await call('SetUserPoolMfaConfig', { UserPoolId, MfaConfiguration: 'ON', SoftwareTokenMfaConfiguration: { Enabled: true } })
  await page.goto(start)
  await id('username').fill('ada')
  await id('password').fill(PASSWORD)
  await id('submit-login').click()
  await look(t, page, 'mfa-setup')
  await id('code').fill(
    totpAt((await id('key').textContent()) ?? '', new Date(await page.evaluate<string>('new Date().toISOString()')).getTime()),
  )
  await id('submit-mfa-setup').click()
  await page.waitForURL(isBack)
  t.equal(new URL(page.url()).searchParams.get('state'), 'here')

  await page.goto(start.replace('oauth2/authorize', 'login'))
  await look(t, page, 'login')
  await id('submit-continue').click()
  await page.waitForURL(isBack)

  await page.goto(start.replace(encodeURIComponent(callback), encodeURIComponent('https://evil.example/')))
  await look(t, page, 'error')
})

test('the pages without scripts, under their own policy, by keyboard alone', here, async (t) => {
  const { callback, page, start } = await setUp(t, { javaScriptEnabled: false })
  const isBack = (to: URL) => to.href.startsWith(`${callback}?code=`)
  await page.goto(start)
  const type = async (...keys: string[]) => {
    for (const key of keys) await (key === 'Tab' || key === 'Enter' ? page.keyboard.press(key) : page.keyboard.type(key))
  }
  await type('Tab', 'grace', 'Tab', PASSWORD, 'Enter')
  await page.getByTestId('submit-change-password').waitFor()
  await type('Tab', 'Another-34', 'Tab', 'Another-34', 'Enter')
  await page.waitForURL(isBack)
  t.equal(new URL(page.url()).searchParams.get('state'), 'here')
})

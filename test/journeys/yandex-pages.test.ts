import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SAML } from '@node-saml/node-saml'
import type { Page } from 'playwright-core'
import { type Test, test } from 'tap'
import { serveApp } from '../support/browser-app.ts'
import { addAuthenticator, application, arrive, follow, inChromium, look, openChromium } from '../support/chromium.ts'
import { target } from '../support/target.ts'
import { totpAt } from '../support/totp.ts'
import { ORGANIZATION } from '../support/yandex.ts'

const IDP = '/organization-manager/v1/idp'
const TEMPORARY = 'Random195!-abc'
const CHOSEN = 'Chosen-4711-pw'

async function setUp(t: Test) {
  const url = await target(t)
  const headers = { 'content-type': 'application/json' }
  const call = async (method: string, path: string, body?: object) => {
    const answer = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    // biome-ignore lint/suspicious/noExplicitAny: whatever the API answers.
    return (await answer.json()) as any
  }
  const done = async (method: string, path: string, body: object) => {
    const operation = await call(method, path, body)
    if (operation.done !== true) throw new Error(JSON.stringify(operation))
    return operation.response
  }
  const unique = Date.now().toString(36)
  const pool = await done('POST', `${IDP}/userpools`, {
    organizationId: ORGANIZATION,
    name: `pages-${unique}`,
    defaultSubdomain: `pages-${unique}`,
  })
  const username = `ada@pages-${unique}.idp.yandexcloud.net`
  const user = await done('POST', `${IDP}/users`, {
    userpoolId: pool.id,
    username,
    fullName: 'Ada Lovelace',
    passwordSpec: { password: TEMPORARY },
  })
  const assign = (kind: 'oauth' | 'saml', application: string) =>
    done('PATCH', `${IDP}/application/${kind}/applications/${application}:updateAssignments`, {
      assignmentDeltas: [{ action: 'ADD', assignment: { subjectId: user.id } }],
    })
  const { open } = await openChromium(t)
  return { url, call, done, user: user.id as string, username, assign, open, unique }
}

/** A service provider of its own: its assertion consumer says who came, its logout says that they went. */
async function serviceProvider(t: Test, provider: () => SAML): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const said = async () => {
        const { pathname, search, searchParams } = new URL(request.url ?? '/', 'http://sp')
        if (pathname === '/slo') {
          const { loggedOut } = await provider().validateRedirectAsync(Object.fromEntries(searchParams), search.slice(1))
          return `signed out: ${loggedOut}`
        }
        const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()))
        const { profile } = await provider().validatePostResponseAsync(form)
        return `hello ${profile?.nameID}; ${form.RelayState}; ${profile?.sessionIndex}`
      }
      const text = await said().catch((error: Error) => `refused: ${error.message}`)
      response.setHeader('content-type', 'text/html').end(`<title>sp</title><p id="said">${text}</p>`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.closeAllConnections())
  t.teardown(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function samlWorld(t: Test) {
  const world = await setUp(t)
  let sp: SAML | undefined
  const provider = () => {
    if (sp === undefined) throw new Error('not there yet')
    return sp
  }
  const site = await serviceProvider(t, provider)
  const application = await world.done('POST', `${IDP}/application/saml/applications`, {
    organizationId: ORGANIZATION,
    name: `wiki-${world.unique}`,
    serviceProvider: {
      entityId: 'wiki',
      acsUrls: [{ url: `${site}/acs` }],
      sloUrls: [{ url: `${site}/slo`, protocolBinding: 'HTTP_REDIRECT' }],
    },
    securitySettings: { signatureMode: 'RESPONSE_AND_ASSERTIONS' },
  })
  await world.assign('saml', application.id)
  const { issuer, ssoUrl, sloUrl, metadataUrl } = application.identityProviderMetadata
  const metadata = await (await fetch(metadataUrl)).text()
  const idpCert = /<ds:X509Certificate>([^<]+)</.exec(metadata)?.[1] ?? ''
  sp = new SAML({
    entryPoint: ssoUrl,
    logoutUrl: sloUrl,
    callbackUrl: `${site}/acs`,
    issuer: 'wiki',
    audience: 'wiki',
    idpIssuer: issuer,
    idpCert,
    identifierFormat: null,
  })
  return { ...world, sp, site, application }
}

const fill = async (page: Page, fields: Record<string, string>) => {
  for (const [name, value] of Object.entries(fields)) await page.getByTestId(name).fill(value)
}

test('a service provider of SAML in a browser', inChromium, async (t) => {
  const { sp, site, username, open } = await samlWorld(t)
  const page = await (await open()).newPage()
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !/400/.test(message.text())) problems.push(message.text())
  })
  await page.goto(await sp.getAuthorizeUrlAsync('where-i-was', undefined, {}))
  await look(t, page, 'login', 'yandex-login')
  await fill(page, { username, password: 'wrong' })
  await follow(page, 'submit-login')
  await page.getByTestId('error').waitFor()
  await look(t, page, 'login', 'yandex-login-refused')
  await fill(page, { username, password: TEMPORARY })
  await page.getByTestId('submit-login').click()
  await look(t, page, 'change-password', 'yandex-change-password')
  await fill(page, { password: CHOSEN, confirm_password: CHOSEN })
  await page.getByTestId('submit-change-password').click()
  await page.waitForURL(`${site}/acs`)
  const said = (await page.locator('#said').textContent()) ?? ''
  t.match(said, `hello ${username}; where-i-was`)

  const sessionIndex = said.split('; ').at(-1) ?? ''
  const profile = { issuer: 'wiki', nameID: username, nameIDFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress', sessionIndex }
  await page.goto(await sp.getLogoutUrlAsync(profile, '', {}))
  t.equal(await page.locator('#said').textContent(), 'signed out: true')
  await page.goto(await sp.getAuthorizeUrlAsync('', undefined, {}))
  t.equal(await page.getByTestId('submit-continue').count(), 0, 'the session is over')
  t.strictSame(problems, [])
})

test('the same without scripts, and a request of another site in a form', inChromium, async (t) => {
  const { sp, site, username, open } = await samlWorld(t)
  const page = await (await open({ javaScriptEnabled: false })).newPage()
  await page.goto(await sp.getAuthorizeUrlAsync('', undefined, {}))
  await fill(page, { username, password: TEMPORARY })
  await page.keyboard.press('Enter')
  await arrive(page, 'change-password')
  await fill(page, { password: CHOSEN, confirm_password: CHOSEN })
  await page.keyboard.press('Enter')
  await page.getByTestId('submit-saml').click()
  await page.waitForURL(`${site}/acs`)
  t.match(await page.locator('#said').textContent(), `hello ${username}`)

  sp.options.authnRequestBinding = 'HTTP-POST'
  const form = await sp.getAuthorizeFormAsync('again')
  const scripted = await (await open()).newPage()
  await scripted.goto(`${site}/slo`)
  await scripted.setContent(form)
  await scripted.waitForURL(`**/auth/login?saml=*`)
  await fill(scripted, { username, password: CHOSEN })
  await scripted.getByTestId('submit-login').click()
  await scripted.waitForURL(`${site}/acs`)
  t.match(await scripted.locator('#said').textContent(), `hello ${username}; again`)
})

test('second factors in a browser: an app, then a passkey', inChromium, async (t) => {
  const { url: address, done, user, username, assign, open, unique } = await setUp(t)
  // Browsers know passkeys of names only.
  const url = address.replace('127.0.0.1', 'localhost')
  const redirect = await application(t)
  const addresses = { redirectUris: [redirect], postLogoutRedirectUris: [redirect] }
  const client = await done('POST', '/iam/v1/oauthClients', { name: `mfa-${unique}`, folderId: 'f', ...addresses })
  const clientGrant = { clientId: client.id, authorizedScopes: ['openid'] }
  const { id } = await done('POST', `${IDP}/application/oauth/applications`, {
    organizationId: ORGANIZATION,
    name: `mfa-${unique}`,
    clientGrant,
  })
  await assign('oauth', id)
  const enforce = async (acrId: string) => {
    const made = await done('POST', '/organization-manager/v1/mfaEnforcements', {
      organizationId: ORGANIZATION,
      name: `mfa-${acrId}-${unique}`,
      acrId,
      ttl: '3600s',
      status: 'STATUS_ACTIVE',
      enrollWindow: '3600s',
    })
    const audienceDeltas = [{ action: 'ACTION_ADD', subjectId: user }]
    await done('PATCH', `/organization-manager/v1/mfaEnforcements/${made.id}:updateAudience`, { audienceDeltas })
  }
  const query = new URLSearchParams({ client_id: client.id, response_type: 'code', redirect_uri: redirect, scope: 'openid' })
  const start = `${url}/oauth/authorize?${query}`
  const submit = (page: Page, form: string) => page.getByTestId(`submit-${form}`).click()
  const arrived = async (page: Page) => {
    await page.waitForURL(`${redirect}?*`)
    return new URL(page.url()).searchParams.has('code')
  }

  await enforce('any-except-sms')
  const page = await (await open()).newPage()
  await addAuthenticator(page)
  await page.goto(start)
  await fill(page, { username, password: TEMPORARY })
  await submit(page, 'login')
  await arrive(page, 'change-password')
  await fill(page, { password: CHOSEN, confirm_password: CHOSEN })
  await submit(page, 'change-password')
  await page.getByTestId('key').waitFor()
  await look(t, page, 'add-factor', 'yandex-add-factor')
  const secret = (await page.getByTestId('key').textContent()) ?? ''
  await fill(page, { code: totpAt(secret, Date.now()) })
  await submit(page, 'totp')
  t.ok(await arrived(page))

  await enforce('phr')
  await page.goto(start)
  await page.getByTestId('submit-add-passkey').waitFor()
  await look(t, page, 'add-factor', 'yandex-add-passkey')
  await submit(page, 'add-passkey')
  t.ok(await arrived(page))
  await page.goto(`${start}&prompt=login`)
  await fill(page, { username, password: CHOSEN })
  await submit(page, 'login')
  await page.getByTestId('submit-passkey').waitFor()
  await look(t, page, 'factor', 'yandex-factor')
  await submit(page, 'passkey')
  t.ok(await arrived(page))

  await page.goto(`${url}/oauth/logout?${new URLSearchParams({ client_id: client.id, post_logout_redirect_uri: redirect, state: 'bye' })}`)
  await look(t, page, 'sign-out', 'yandex-sign-out')
  await submit(page, 'sign-out')
  await page.waitForURL(`${redirect}?state=bye`)
  await page.goto(`${url}/oauth/logout`)
  await look(t, page, 'signed-out', 'yandex-signed-out')
})

test('the OAuth debugger in a browser', inChromium, async (t) => {
  const { url, done, username, assign, open, unique } = await setUp(t)
  const callback = await application(t)
  const client = await done('POST', '/iam/v1/oauthClients', { name: `wiki-${unique}`, folderId: 'f', redirectUris: [callback] })
  const { secretValue } = await done('POST', '/iam/v1/oauthClientSecrets', { oauthClientId: client.id })
  const clientGrant = { clientId: client.id, authorizedScopes: ['openid', 'profile'] }
  const { id } = await done('POST', `${IDP}/application/oauth/applications`, { organizationId: ORGANIZATION, name: 'wiki', clientGrant })
  const page = await (await open()).newPage()
  const at = (name: string) => page.getByTestId(name)

  await page.goto(`${url}/oauth/authorize?client_id=${client.id}&redirect_uri=https://evil.example/`)
  await look(t, page, 'error', 'yandex-error')
  await page.goto(`${url}/_/debugger`)
  await look(t, page, 'debugger', 'debugger-clients')
  await follow(page, `client-${client.id}`)
  await look(t, page, 'debugger', 'debugger-client')
  await assign('oauth', id)
  await follow(page, 'submit-redirect')
  t.equal(await at('missing-redirect').count(), 0)
  await follow(page, 'submit-begin')
  await look(t, page, 'debugger', 'debugger-request')
  await at('go').click()
  await fill(page, { username, password: TEMPORARY })
  await at('submit-login').click()
  await arrive(page, 'change-password')
  await fill(page, { password: CHOSEN, confirm_password: CHOSEN })
  await at('submit-change-password').click()
  await at('secret').fill(secretValue)
  for (const step of ['token', 'userinfo', 'refresh', 'revoke']) await follow(page, `submit-${step}`)
  t.match(await at('answer-userinfo').textContent(), username)
  await look(t, page, 'debugger', 'debugger-flow')
})

test('a single-page application with oidc-client-ts', inChromium, async (t) => {
  const { url, call, done, username, assign, open, unique } = await setUp(t)
  const app = await serveApp(t)
  const scopes = ['openid', 'email', 'profile']
  const client = await done('POST', '/iam/v1/oauthClients', {
    name: `spa-${unique}`,
    folderId: 'f',
    profileId: 'user-agent',
    redirectUris: [`${app.origin}/`],
    postLogoutRedirectUris: [`${app.origin}/`],
    scopes,
  })
  const clientGrant = { clientId: client.id, authorizedScopes: scopes }
  const { id: application } = await done('POST', `${IDP}/application/oauth/applications`, {
    organizationId: ORGANIZATION,
    name: 'spa',
    clientGrant,
  })
  await assign('oauth', application)
  await app.load('oidc-client', { issuer: url, clientId: client.id })
  const page = await (await open({ viewport: { width: 900, height: 700 } })).newPage()
  const at = (name: string) => page.getByTestId(name)
  const shows = (name: string, pattern: RegExp) => at(name).filter({ hasText: pattern }).waitFor({ timeout: 20_000 })

  await page.goto(app.origin)
  await shows('user', /nobody/)
  await at('sign-in').click()
  await fill(page, { username, password: TEMPORARY })
  await at('submit-login').click()
  await arrive(page, 'change-password')
  await fill(page, { password: CHOSEN, confirm_password: CHOSEN })
  await at('submit-change-password').click()
  await shows('user', /Ada Lovelace/)
  t.match(JSON.parse((await at('user').textContent()) ?? ''), { preferred_username: username, name: 'Ada Lovelace' })
  t.equal(await at('state').textContent(), '{"from":"the shop"}')
  await at('refresh').click()
  await shows('refreshed', /another/)
  await at('sign-out').click()
  await shows('user', /nobody/)
  t.equal(await at('error').textContent(), '')

  await call('POST', `${IDP}/application/oauth/applications/${application}:suspend`, {})
  await at('sign-in').click()
  await arrive(page, 'error')
})

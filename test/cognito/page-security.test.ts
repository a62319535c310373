import { createHash } from 'node:crypto'
import { type Test, test } from 'tap'
import type { Browser, Seen } from '../support/browser.ts'
import { emulator, type TestEmulator } from '../support/emulator.ts'
import { browser, CALLBACK, HOSTED, hostedClient, hostedWorld, post, requestOf, SITE } from '../support/oauth.ts'
import { makeUser, PASSWORD, type World } from '../support/sign-in.ts'

/** What is written where it does not belong: markup, an end of what it stands in, an address that runs, a second header. */
const EVILS: Readonly<Record<string, string>> = {
  'a script': '"><script>alert(1)</script>',
  'a handler': `'"><img src=x onerror=alert(1)>`,
  'an attribute': `" autofocus onfocus="alert(1)`,
  'the end of a style': '</style></title><svg onload=alert(1)>',
  'an address that runs': 'javascript:alert(1)//',
  'a header': 'x\r\nSet-Cookie: evil=1\r\n\r\n<script>alert(1)</script>',
  'a template': '{name}{{7*7}}<%= 7*7 %>',
  'text that turns': '\u202Etxt.exe\u0000',
}

/** Nothing in it runs but our own script, every address is one that a browser only visits, and headers are ours alone. */
function tame(t: Test, seen: Seen, title: string): void {
  const { text, headers, status } = seen
  t.ok(status < 500, `${title}: answered`)
  const policy = headers['content-security-policy'] ?? ''
  for (const [, script = ''] of text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)) {
    t.match(policy, `'sha256-${createHash('sha256').update(script).digest('base64')}'`, `${title}: a script of ours`)
  }
  t.ok((text.match(/<style>/g)?.length ?? 0) <= 1, `${title}: one style`)
  const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1]
  if (style !== undefined) {
    t.match(policy, `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`, `${title}: our style`)
  }
  const bare = text.replace(/<(script|style)>[\s\S]*?<\/\1>/g, '').replace(/="[^"]*"/g, '=""')
  t.notMatch(bare, /<[a-z][^>]*\son\w+/i, `${title}: no handler`)
  t.notMatch(bare, /<(?:script|img src=x|svg onload|iframe|base|object|embed)/i, `${title}: no element`)
  for (const [, address = ''] of text.matchAll(/\s(?:href|src|action|formaction)="([^"]*)"/g)) {
    t.match(address, /^(?:https?:\/\/|data:image\/|data:,$|#$)/, `${title}: ${address.slice(0, 60)}`)
  }
  t.notMatch(JSON.stringify(Object.keys(headers)), /evil/i, `${title}: no header`)
  t.notMatch(String(headers['set-cookie'] ?? ''), /(?:^|,|;)\s*evil=/, `${title}: no cookie`)
}

interface Place {
  idp: TestEmulator
  world: World
  seen: Browser
}

/** Where a text comes back to a reader: how it is sent there. */
const ECHOES: Readonly<Record<string, (place: Place, evil: string) => Promise<Seen>>> = {
  ...inQuery('/login', ['state', 'nonce', 'scope', 'login_hint', 'lang', 'username', 'done', 'error', 'anything']),
  ...inQuery('/signup', ['state', 'login_hint', 'lang', 'username', 'response_type']),
  ...inQuery('/confirm', ['username', 'sent_to', 'done', 'state']),
  ...inQuery('/forgotPassword', ['login_hint', 'state', 'lang']),
  ...inQuery('/confirmforgotPassword', ['username', 'sent_to', 'done', 'state']),
  ...inQuery('/oauth2/authorize', ['client_id', 'redirect_uri', 'response_type', 'scope', 'state', 'code_challenge', 'prompt', 'max_age']),
  ...inQuery('/oauth2/authorize', ['resource', 'identity_provider', 'idp_identifier', 'acr_values', 'poolhouse_user', 'lang']),
  ...inQuery('/error', ['error', 'error_description', 'client_id', 'lang']),
  ...inQuery('/logout', ['client_id', 'logout_uri', 'redirect_uri', 'state', 'lang']),
  ...inQuery('/passkeys/add', ['client_id', 'redirect_uri', 'state', 'lang']),
  ...inQuery('/confirmUser', ['client_id', 'user_name', 'confirmation_code']),
  ...inQuery('/cognito/feedback', ['user_pool_id', 'username', 'event_id', 'feedback_token', 'feedback_value']),

  'the name of a parameter': ({ seen, world }, evil) => seen.go(`/login?${requestOf(world, { [evil]: 'x' })}`),
  'the username of a sign-in': ({ seen, world }, evil) => submitted(seen, world, '/login', 'login', { username: evil, password: evil }),
  'the fields of a sign-up': ({ seen, world }, evil) =>
    submitted(seen, world, '/signup', 'sign-up', { username: evil, password: evil, 'requiredAttributes.email': evil }),
  'the code of a confirmation': ({ seen, world }, evil) => submitted(seen, world, '/confirm', 'confirm', { username: evil, code: evil }),
  'the username of a reset': ({ seen, world }, evil) => submitted(seen, world, '/forgotPassword', 'forgot-password', { username: evil }),
  'the fields of a reset': ({ seen, world }, evil) =>
    submitted(seen, world, '/confirmforgotPassword', 'confirm-forgot-password', {
      username: evil,
      code: evil,
      password: evil,
      confirm_password: evil,
    }),
  'the name of the host': ({ idp, world }, evil) =>
    browser(idp, { host: evil.replace(/[^\x21-\x7e]/g, '') }).go(`/login?${requestOf(world)}`),
  'the language of the browser': ({ idp, world }, evil) =>
    browser(idp, { 'accept-language': evil.replace(/[^\x20-\x7e]/g, '') }).go(`/login?${requestOf(world)}`),
  'a cookie': ({ idp, world }, evil) => {
    const value = encodeURIComponent(evil)
    const reason = Buffer.from(evil).toString('base64url')
    const cookie = `XSRF-TOKEN=${value}; cognito-fl=${value}; cognito-${world.pool}=${value}; poolhouse-reason=${reason}`
    return browser(idp, { cookie }).go(`/error?error=invalid_request&client_id=${world.client}`)
  },
}

function inQuery(path: string, names: readonly string[]): typeof ECHOES {
  const echo = (name: string) => [
    `${name} at ${path}`,
    ({ seen, world }: Place, evil: string) => seen.go(`${path}?${requestOf(world, { [name]: evil })}`),
  ]
  return Object.fromEntries(names.map(echo))
}

async function submitted(seen: Browser, world: World, path: string, form: string, fields: Record<string, string>): Promise<Seen> {
  await seen.go(`${path}?${requestOf(world)}`)
  return seen.submit(form, fields)
}

test('nothing that is echoed runs', async (t) => {
  const idp = await emulator(t)
  const world = await hostedWorld(idp, { AutoVerifiedAttributes: ['email'] })
  for (const [place, echo] of Object.entries(ECHOES)) {
    t.test(place, async (t) => {
      for (const [kind, evil] of Object.entries(EVILS)) tame(t, await echo({ idp, world, seen: browser(idp) }, evil), kind)
    })
  }
  t.end()
})

test('nothing that is stored runs', async (t) => {
  const idp = await emulator(t)
  const stored: [string, (evil: string) => Promise<Seen>][] = [
    [
      'the name of a client',
      async (evil) => {
        const ClientName = evil.replace(/[^\w\s+=,.@-]/g, '')
        const world = await hostedWorld(idp, {}, { ClientName: ClientName === '' ? 'x' : ClientName })
        return browser(idp).go(`/login?${requestOf(world)}`)
      },
    ],
    [
      'the names of people, in the list of them',
      async (evil) => {
        const world = await hostedWorld(idp)
        await makeUser(idp, world, evil.replace(/[^\p{L}\p{M}\p{S}\p{N}\p{P}]/gu, ''))
        return browser(idp).go(`/login?${requestOf(world)}`)
      },
    ],
    [
      'an attribute of whoever goes on',
      async (evil) => {
        const world = await hostedWorld(idp)
        await makeUser(idp, world, 'ada', { phone_number: '+12025550123', name: evil.replace('\u0000', '') })
        const seen = browser(idp)
        await seen.go(`/login?${requestOf(world)}`)
        await seen.submit('login', { username: 'ada', password: PASSWORD })
        return seen.go(`/login?${requestOf(world)}`)
      },
    ],
    [
      'the name of a pool, in what an authenticator app reads',
      async (evil) => {
        const world = await hostedWorld(idp, { PoolName: evil.replace(/[^\w\s+=,.@-]/g, '').slice(0, 60) || 'x' })
        const SoftwareTokenMfaConfiguration = { Enabled: true }
        await idp.cognito.SetUserPoolMfaConfig({ UserPoolId: world.pool, MfaConfiguration: 'ON', SoftwareTokenMfaConfiguration })
        await makeUser(idp, world, 'ada')
        const seen = browser(idp)
        await seen.go(`/login?${requestOf(world)}`)
        return seen.submit('login', { username: 'ada', password: PASSWORD })
      },
    ],
    [
      'the name of a required attribute',
      async () => {
        const world = await hostedWorld(idp, { Schema: [{ Name: 'address', Required: true }] })
        return browser(idp).go(`/signup?${requestOf(world)}`)
      },
    ],
    [
      'the style sheet of the classic pages',
      async (evil) => {
        const world = await hostedWorld(idp)
        await idp.cognito.CreateUserPoolDomain({ UserPoolId: world.pool, Domain: `d${world.client}` })
        const CSS = `.label-customizable{content:"${evil.replace(/["{}]/g, '')}";background:url(https://evil.example/)}`
        await idp.cognito.SetUICustomization({ UserPoolId: world.pool, ClientId: world.client, CSS })
        return browser(idp).go(`/login?${requestOf(world)}`)
      },
    ],
    [
      'the values and pictures of a style of managed login',
      async (evil) => {
        const world = await hostedWorld(idp)
        const svg = `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><text>${evil}</text></svg>`
        const Bytes = Buffer.from(svg).toString('base64')
        await idp.cognito.CreateManagedLoginBranding({
          UserPoolId: world.pool,
          ClientId: world.client,
          Settings: {
            components: {
              pageBackground: { lightMode: { color: evil } },
              form: { borderRadius: evil, lightMode: { backgroundColor: `fff}${evil}` } },
            },
            categories: { form: { location: { horizontal: evil } }, global: { colorSchemeMode: evil } },
          } as never,
          Assets: [
            { Category: 'FORM_LOGO', ColorMode: 'LIGHT', Extension: 'SVG', Bytes },
            { Category: 'PAGE_BACKGROUND', ColorMode: 'LIGHT', Extension: 'SVG', Bytes },
            { Category: 'FAVICON_SVG', ColorMode: 'LIGHT', Extension: 'SVG', Bytes },
          ],
        })
        return browser(idp).go(`/login?${requestOf(world)}`)
      },
    ],
    [
      'the address of the application, where a page links to it',
      async () => {
        const world = await hostedWorld(
          idp,
          { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } } },
          { CallbackURLs: ['javascript:alert(1)'], DefaultRedirectURI: 'javascript:alert(1)' },
        )
        await idp.cognito.SetUserPoolMfaConfig({ UserPoolId: world.pool, WebAuthnConfiguration: { RelyingPartyId: 'localhost' } })
        await makeUser(idp, world, 'ada')
        const seen = browser(idp)
        const query = requestOf(world, { redirect_uri: 'javascript:alert(1)' })
        await seen.go(`/login?${query}`)
        await seen.submit('login', { username: 'ada', password: PASSWORD })
        return seen.go(`/passkeys/add?${query}`)
      },
    ],
  ]
  for (const [place, shown] of stored) {
    t.test(place, async (t) => {
      for (const [kind, evil] of Object.entries(EVILS)) tame(t, await shown(evil), kind)
    })
  }
  t.end()
})

/** Addresses that look like the client's and are not. */
const STRANGERS = [
  'https://evil.example/',
  '//evil.example/callback',
  'https://app.example.evil.example/callback',
  'https://app.example@evil.example/callback',
  'https://evil.example/?https://app.example/callback',
  'https://evil.example#https://app.example/callback',
  'https://app.example/callback/',
  'https://app.example/callback/../other',
  'https://app.example/callback?next=https://evil.example',
  'https://app.example/callback#evil',
  'https://app.example/CALLBACK',
  'HTTPS://app.example/callback',
  'http://app.example/callback',
  'https://app.example:8443/callback',
  'https://app.example\\@evil.example/callback',
  'https:/\\evil.example/callback',
  ' https://app.example/callback',
  'https://app.example/callback%0d%0aLocation:%20https://evil.example',
  'https://app.example/callback\r\nLocation: https://evil.example',
  'https://app.example/callback\u0000',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'callback',
  '',
]

test('nobody is led to an address that is not the client’s', async (t) => {
  const idp = await emulator(t)
  const world = await hostedWorld(idp)
  await makeUser(idp, world, 'ada')
  const signedIn = browser(idp)
  await signedIn.go(`/login?${requestOf(world)}`)
  await signedIn.submit('login', { username: 'ada', password: PASSWORD })

  const pages = ['/login', '/signup', '/confirm', '/forgotPassword', '/confirmforgotPassword', '/choose', '/mfa', '/mfa/setup']
  const paths = ['/oauth2/authorize', '/passkeys/add', '/changePassword', ...pages]
  const cases: [string, (stranger: string) => string][] = [
    ...paths.map((path): [string, (stranger: string) => string] => [path, (uri) => `${path}?${requestOf(world, { redirect_uri: uri })}`]),
    ['/logout with logout_uri', (uri) => `/logout?${new URLSearchParams({ client_id: world.client, logout_uri: uri })}`],
    ['/logout with redirect_uri', (uri) => `/logout?${requestOf(world, { redirect_uri: uri })}`],
  ]
  for (const [title, to] of cases) {
    t.test(title, async (t) => {
      for (const stranger of STRANGERS) {
        const { away, page, status } = await signedIn.go(to(stranger))
        t.strictSame([away, page, status], [undefined, 'error', 400], JSON.stringify(stranger))
      }
    })
  }

  t.test('POST to a page', async (t) => {
    for (const stranger of STRANGERS) {
      const seen = browser(idp)
      await seen.go(`/login?${requestOf(world)}`)
      const token = seen.cookies.get('XSRF-TOKEN') ?? ''
      const form = { _csrf: token, username: 'ada', password: PASSWORD }
      const { status, headers } = await post(idp, `/login?${requestOf(world, { redirect_uri: stranger })}`, form, {
        cookie: `XSRF-TOKEN=${token}`,
        host: 'localhost:80',
      })
      t.strictSame([status, String(headers.location).startsWith(`${SITE}/error?error=redirect_mismatch`)], [302, true], stranger)
      t.notMatch(String(headers['set-cookie']), 'cognito-us-', 'and nobody is signed in')
    }
  })

  t.test('a link to another site in what pages hand on changes nothing', async (t) => {
    for (const name of ['next', 'to', 'return_to', 'RelayState', 'continue', 'site', 'path']) {
      const { away } = await signedIn.go(`/oauth2/authorize?${requestOf(world, { [name]: 'https://evil.example/' })}`)
      t.equal(`${away?.origin}${away?.pathname}`, CALLBACK, name)
    }
  })
  t.end()
})

const FORMS = ['/login', '/signup', '/confirm', '/forgotPassword', '/confirmforgotPassword', '/changePassword', '/choose', '/mfa']

test('no form is taken from another site', async (t) => {
  const idp = await emulator(t)
  const world = await hostedWorld(idp, { AutoVerifiedAttributes: ['email'] })
  await makeUser(idp, world, 'ada', { email: 'ada@example.com', email_verified: 'true' })
  const seen = browser(idp)
  await seen.go(`/login?${requestOf(world)}`)
  const token = seen.cookies.get('XSRF-TOKEN') as string
  const other = '00000000-0000-4000-8000-000000000000'
  const forged: [string, string | undefined, string | undefined][] = [
    ['nothing', undefined, undefined],
    ['no token', undefined, token],
    ['no cookie', token, undefined],
    ['an empty token and an empty cookie', '', ''],
    ['another token', other, token],
    ['another cookie', token, other],
    ['a token with more behind it', `${token}x`, token],
  ]
  const fields = { username: 'ada', password: PASSWORD, code: '1', confirm_password: PASSWORD, action: 'resend', answer: 'PASSWORD' }
  for (const path of [...FORMS, '/mfa/setup', '/passkeys/add']) {
    t.test(path, async (t) => {
      for (const [title, _csrf, cookie] of forged) {
        const headers = cookie === undefined ? {} : { cookie: `XSRF-TOKEN=${cookie}` }
        const answer = await post(idp, `${path}?${requestOf(world)}`, { ...fields, _csrf }, headers)
        t.equal(answer.status, 403, title)
        t.match(answer.body, 'data-testid="page-stale"', title)
        t.notMatch(String(answer.headers['set-cookie']), 'cognito-us-', title)
      }
      const json = await idp.request('POST', `${path}?${requestOf(world)}`, { ...fields, _csrf: token }, { cookie: `XSRF-TOKEN=${token}` })
      t.equal(json.status, 403, 'a body of another type')
    })
  }
  t.test('and nothing came of it', async (t) => {
    t.equal(idp.outbox.count(), 0)
    t.equal((await idp.cognito.ListUsers({ UserPoolId: world.pool })).Users?.length, 1)
  })
  t.end()
})

test('no page is framed, sniffed, kept or told of', async (t) => {
  const idp = await emulator(t)
  const world = await hostedWorld(idp)
  const paths = [
    ...['/login', '/signup', '/confirm', '/forgotPassword', '/confirmforgotPassword'].map((path) => `${path}?${requestOf(world)}`),
    '/error?error=invalid_request',
    '/confirmUser',
    '/cognito/feedback',
  ]
  for (const path of paths) {
    const { headers, page } = await browser(idp).go(path)
    t.ok(page, path)
    t.match(headers, {
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'content-type': 'text/html; charset=utf-8',
    })
    t.match(headers['content-security-policy'], /^default-src 'none'; .*form-action 'self'.*; frame-ancestors 'none'; base-uri 'none'$/)
    t.notMatch(headers['content-security-policy'], 'unsafe-')
  }
})

test('cookies are for the pages alone', async (t) => {
  const flags = async (settings: { publicUrl?: string }, prefix = '') => {
    const idp = await emulator(t, { settings })
    if (prefix !== '') await idp.request('POST', '/_/namespaces', { name: 't1', from: 'empty' })
    const world = await hostedWorld(idp)
    await makeUser(idp, world, 'ada')
    const seen = browser(idp, {}, settings.publicUrl ?? SITE)
    const site = settings.publicUrl ?? ''
    await seen.go(`${site}/login?${requestOf(world)}`)
    await seen.submit('login', { username: 'ada', password: PASSWORD })
    await seen.go(`${site}/oauth2/authorize?client_id=nobody`)
    return seen.set
  }
  const plain = await flags({})
  t.ok(plain.some((line) => line.startsWith('cognito-us-')) && plain.some((line) => line.startsWith('XSRF-TOKEN=')))
  for (const line of plain) t.match(line, /; Path=\/(?:; Max-Age=\d+)?; HttpOnly; SameSite=Lax$/)
  const secure = await flags({ publicUrl: 'https://id.example' })
  t.ok(secure.some((line) => line.startsWith('cognito-us-')) && secure.some((line) => line.startsWith('XSRF-TOKEN=')))
  for (const line of secure) t.match(line, /; Path=\/(?:; Max-Age=\d+)?; HttpOnly; Secure; SameSite=Lax$/)

  t.test('and a namespace’s are not sent to another', async (t) => {
    const idp = await emulator(t)
    await idp.request('POST', '/_/namespaces', { name: 't1' })
    const answer = await idp.request('GET', '/~t1/error?error=x', undefined, { host: 'localhost:80' })
    t.match(String(answer.headers['set-cookie']), 'Path=/~t1/;')
  })

  t.test('and each sign-in has a secret of its own', async (t) => {
    const idp = await emulator(t)
    const world = await hostedWorld(idp)
    await makeUser(idp, world, 'ada')
    const name = `cognito-${world.pool}`
    const seen = browser(idp, { cookie: `${name}=chosen-by-somebody-else` })
    await seen.go(`/login?${requestOf(world)}`)
    await seen.submit('login', { username: 'ada', password: PASSWORD })
    t.match(seen.cookies.get(name), /^[\w-]{43}$/)
    const fixed = browser(idp, { cookie: 'XSRF-TOKEN=chosen-by-somebody-else' })
    await fixed.go(`/login?${requestOf(world)}`)
    t.match(fixed.cookies.get('XSRF-TOKEN'), /^[\da-f-]{36}$/, 'and each form')
  })
  t.end()
})

test('what a form holds is not in the address, nor in the journal', async (t) => {
  const idp = await emulator(t)
  const world = await hostedWorld(idp)
  await makeUser(idp, world, 'ada')
  const seen = browser(idp)
  await seen.go(`/login?${requestOf(world)}`)
  await seen.submit('login', { username: 'ada', password: 'a-wrong-password' })
  t.notMatch(seen.last?.url, 'a-wrong-password')
  t.notMatch(seen.last?.text, 'a-wrong-password')
  t.notMatch(JSON.stringify(idp.app.emulator.namespace().journal.list({ limit: 50 })), 'a-wrong-password')
})

test('clients with a sign-in of their own sign in with a password at the pages (O18)', async (t) => {
  const idp = await emulator(t)
  const world = await hostedWorld(
    idp,
    { LambdaConfig: { DefineAuthChallenge: 'arn:aws:lambda:us-east-1:123456789012:function:nobody-answers-for' } },
    { ...HOSTED, ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH'] },
  )
  await makeUser(idp, world, 'ada')
  const seen = browser(idp)
  await seen.go(`/oauth2/authorize?${requestOf(world)}`)
  t.ok((await seen.submit('login', { username: 'ada', password: PASSWORD })).away?.searchParams.get('code'))
})

test('a state that came before is handed back as it came: to refuse it is the client’s', async (t) => {
  const idp = await emulator(t)
  const world = await hostedWorld(idp)
  const other = await hostedClient(idp, world.pool)
  await makeUser(idp, world, 'ada')
  const seen = browser(idp)
  await seen.go(`/oauth2/authorize?${requestOf(world)}`)
  const first = (await seen.submit('login', { username: 'ada', password: PASSWORD })).away
  const again = (await seen.go(`/oauth2/authorize?${requestOf(world)}`)).away
  const elsewhere = (await seen.go(`/oauth2/authorize?${requestOf(other)}`)).away
  for (const away of [first, again, elsewhere]) t.equal(away?.searchParams.get('state'), 'state-1')
  t.equal(new Set([first, again, elsewhere].map((away) => away?.searchParams.get('code'))).size, 3)
})

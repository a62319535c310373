import { test } from 'tap'
import type { Browser } from '../support/browser.ts'
import { emulator, START } from '../support/emulator.ts'
import { answerIn, federated, idTokenFor, setOut, userOf } from '../support/federation.ts'
import { browser, CALLBACK, requestOf } from '../support/oauth.ts'
import { openidProvider } from '../support/openid-provider.ts'
import type { World } from '../support/sign-in.ts'

const CLIENT = { client_id: 'elsewhere-id', client_secret: 'elsewhere-secret-of-32-characters', authorize_scopes: 'openid email' }

test('signing in through an OIDC provider elsewhere', async (t) => {
  const idp = await emulator(t)
  const there = await openidProvider(t, CLIENT.client_id)
  const world: World = await federated(idp, {
    ProviderName: 'Elsewhere',
    ProviderType: 'OIDC',
    ProviderDetails: { ...CLIENT, oidc_issuer: there.url, attributes_request_method: 'POST' },
    AttributeMapping: { email: 'email', name: 'name' },
  })

  /** Sets out, and is back with a code: what the provider then says is for each test to choose. */
  async function leave() {
    const { seen } = await setOut(idp, world, 'Elsewhere')
    const to = seen.last?.away as URL
    const { state, ...rest } = answerIn(to)
    const back = (more: Record<string, string> = {}) =>
      seen.go(`/oauth2/idpresponse?${new URLSearchParams({ code: 'code-1', state: state ?? '', ...more })}`)
    there.claims = { sub: 'Sub-1', email: 'from-token@example.com' }
    there.userInfo = { sub: 'Sub-1', email: 'from-userinfo@example.com', name: 'Ann' }
    Object.assign(there, { answer: undefined, userInfoStatus: 200, signing: 'right', kid: 'key-1', asked: [] })
    return { seen, to, state: state ?? '', rest, back }
  }

  await t.test(
    'asks for no more than the service does, shows its secret in the form, and believes the ID token before userinfo',
    async (t) => {
      const { to, rest, back } = await leave()
      t.equal(to.origin + to.pathname, `${there.url}/authorize`)
      const { redirect_uri, ...others } = rest
      t.strictSame(others, {
        client_id: CLIENT.client_id,
        scope: CLIENT.authorize_scopes,
        response_type: 'code',
      })
      const { away } = await back()
      t.match(await idTokenFor(idp, world, away as URL), { 'cognito:username': 'Elsewhere_Sub-1', email: 'from-token@example.com' })
      t.equal((await userOf(idp, world, 'Elsewhere_Sub-1')).attributes.name, 'Ann')
      const [token, keys, me] = there.asked
      t.strictSame(token?.form, {
        grant_type: 'authorization_code',
        code: 'code-1',
        client_id: CLIENT.client_id,
        client_secret: CLIENT.client_secret,
        redirect_uri,
      })
      t.strictSame([keys?.path, me?.path, me?.authorization], ['/keys', '/me', 'Bearer access'])
    },
  )

  await t.test('takes an ID token with a nonce of the provider’s own, for none is asked for', async (t) => {
    const { back } = await leave()
    there.claims.nonce = 'of-its-own'
    t.ok((await back()).away?.searchParams.get('code'))
  })

  await t.test('takes an ID token that is signed with the client’s secret, and with no other', async (t) => {
    for (const [secret, taken] of [
      [CLIENT.client_secret, true],
      ['another-secret-of-as-many-characters', false],
    ] as const) {
      const { back } = await leave()
      Object.assign(there, { signing: 'secret', secret })
      const { away } = await back()
      t.equal(away?.searchParams.has('code'), taken)
    }
  })

  await t.test('takes no ID token that is signed with a secret where the client has none', async (t) => {
    const { client_secret: _, ...secretless } = CLIENT
    const open = await federated(idp, {
      ProviderName: 'Open',
      ProviderType: 'OIDC',
      ProviderDetails: { ...secretless, oidc_issuer: there.url, attributes_request_method: 'GET' },
    })
    const signIn = async (lie: Partial<typeof there>) => {
      const { seen } = await setOut(idp, open, 'Open')
      const { state = '' } = answerIn(seen.last?.away as URL)
      Object.assign(there, { claims: { sub: 'Sub-1' }, userInfo: { sub: 'Sub-1' }, answer: undefined, asked: [], ...lie })
      return (await seen.go(`/oauth2/idpresponse?code=code-1&state=${state}`)).away as URL
    }
    for (const [secret, algorithm] of [
      ['', 'HS256'],
      ['undefined', 'HS512'],
    ] as const) {
      t.strictSame(answerIn(await signIn({ signing: 'secret', secret, algorithm })), {
        error_description: `Bad id_token signature: ${algorithm} needs the client_secret of the identity provider`,
        state: 'state-1',
        error: 'invalid_request',
      })
    }
    const away = await signIn({ signing: 'right' })
    t.ok(away.searchParams.get('code'), 'one that is signed with its published key is taken')
    t.notOk(there.asked.some(({ form }) => 'client_secret' in form))
    there.algorithm = 'HS256'
  })

  await t.test('takes an ID token that is good by the clock here or by the machine’s', async (t) => {
    const now = START / 1000
    const machine = Math.floor(Date.now() / 1000)
    for (const claims of [{ iat: now, exp: now + 1 }, { nbf: now }, { nbf: machine, exp: machine + 60 }]) {
      const { back } = await leave()
      Object.assign(there.claims, claims)
      t.ok((await back()).away?.searchParams.get('code'), JSON.stringify(claims))
    }
    const century = 100 * 365 * 86_400_000
    idp.clock.advance(century)
    const { back } = await leave()
    t.ok((await back()).away?.searchParams.get('code'))
    idp.clock.advance(-century)
  })

  const html = { status: 502, body: '<html>' }
  const refusing = { status: 400, body: JSON.stringify({ error: 'invalid_grant', error_description: 'The code is bad' }) }
  const elsewhere = { status: 302, body: '', headers: { location: `${there.url}/keys` } }
  const cases: [what: string, lie: () => void, description: string | RegExp, error?: string][] = [
    ['another issuer', () => Object.assign(there.claims, { iss: 'https://other.example' }), 'Bad id_token issuer https://other.example'],
    ['another audience', () => Object.assign(there.claims, { aud: 'somebody' }), 'Bad id_token audience somebody'],
    ['a token that has expired', () => Object.assign(there.claims, { exp: 1 }), 'id_token is expired'],
    ['a key that is not its own', () => Object.assign(there, { signing: 'wrong' }), 'Bad id_token signature'],
    ['a key that it does not publish', () => Object.assign(there, { kid: 'key-2' }), 'Bad id_token signature'],
    ['a token that says of no key', () => Object.assign(there, { kid: undefined }), 'Bad id_token kid'],
    ['a token that nobody signed', () => Object.assign(there, { signing: 'none' }), /^Bad id_token/],
    ['no subject', () => delete there.claims.sub, /^Bad id_token/],
    ['a token without an end', () => Object.assign(there.claims, { exp: undefined }), 'id_token is expired'],
    ['a token without a beginning', () => Object.assign(there.claims, { iat: undefined }), /^Bad id_token/],
    ['a token of another time', () => Object.assign(there.claims, { nbf: 4_102_444_800 }), 'id_token is expired'],
    ['userinfo that is refused', () => Object.assign(there, { userInfoStatus: 401 }), /^Exception/, 'server_error'],
    ['userinfo of somebody else', () => Object.assign(there.userInfo, { sub: 'Sub-2' }), 'Bad userInfo sub'],
    [
      'a refused code',
      () => Object.assign(there, { answer: refusing }),
      'Elsewhere Error - 400 invalid_grant The code is bad',
      'invalid_grant',
    ],
    ['no JSON', () => Object.assign(there, { answer: html }), 'Bad token response: HTTP/1.1 502 Bad Gateway, entity: <html>'],
    [
      'an answer that is none of OAuth',
      () => Object.assign(there, { answer: { status: 400, body: `'x'${'y'.repeat(2000)}` } }),
      `Bad token response: HTTP/1.1 400 Bad Request, entity: 'x'${'y'.repeat(997)}`,
    ],
    ['a redirect of a form', () => Object.assign(there, { answer: elsewhere }), 'Bad token response: HTTP/1.1 302 Found, entity: '],
    [
      'more than a megabyte',
      () => Object.assign(there, { answer: { status: 200, body: 'x'.repeat(2 ** 20 + 1) } }),
      /^Exception/,
      'server_error',
    ],
  ]
  for (const [what, lie, description, error = 'invalid_request'] of cases) {
    await t.test(`does not take ${what}, and says so to the client`, async (t) => {
      const { back } = await leave()
      lie()
      const { away } = await back()
      t.equal(`${away?.origin}${away?.pathname}`, CALLBACK)
      const { error_description: said, ...rest } = answerIn(away as URL)
      t.strictSame(rest, { state: 'state-1', error })
      t.match(said, description)
      if (typeof description === 'string') t.equal(said, description)
    })
  }

  await t.test('hands on what the provider says instead of a code', async (t) => {
    const { seen, state } = await leave()
    const query = new URLSearchParams({ state, error: 'temporarily_unavailable', error_description: 'Come back later' })
    const { away } = await seen.go(`/oauth2/idpresponse?${query}`)
    t.strictSame(answerIn(away as URL), { error_description: 'Come back later', state: 'state-1', error: 'temporarily_unavailable' })
    const other = await leave()
    const none = await other.seen.go(`/oauth2/idpresponse?state=${other.state}`)
    t.match(answerIn(none.away as URL), { error: 'server_error', error_description: 'Exception processing authorization code' })
  })

  await t.test('takes nothing without its own state (cognito-facts 196)', async (t) => {
    const lost = async (url: string, seen = browser(idp)) => {
      const page = await seen.go(url)
      t.strictSame([page.status, page.page], [400, 'error'], url)
      t.match(page.text, 'Something went wrong')
    }
    await lost('/oauth2/idpresponse?code=code-1')
    await lost('/oauth2/idpresponse?code=code-1&state=made-up')
    const { seen, back, state } = await leave()
    await lost(`/oauth2/idpresponse?code=code-1&state=${state}`)
    await back()
    await lost(`/oauth2/idpresponse?code=code-1&state=${state}`, seen)
    // A form of another site comes without the cookie: only SAML's and Apple's answers are forms.
    const posted = await leave()
    const form = { code: 'code-1', state: posted.state }
    for (const stranger of [browser(idp), withCookie(browser(idp), 'x'.repeat(43))]) {
      const page = await stranger.post('/oauth2/idpresponse', form)
      t.strictSame([page.status, page.page], [400, 'error'])
      t.match(page.text, 'Something went wrong')
    }
    t.ok((await posted.seen.post('/oauth2/idpresponse', form)).away?.searchParams.get('code'), 'it was not used up')
    // What was refused is used up, too.
    const second = await leave()
    there.signing = 'wrong'
    await second.back()
    await lost(`/oauth2/idpresponse?code=code-1&state=${second.state}`, second.seen)
    const late = await leave()
    idp.clock.advance(5 * 60_000)
    await lost(`/oauth2/idpresponse?code=code-1&state=${late.state}`, late.seen)
  })

  await t.test('says server_error where the provider cannot be reached, and stands in for nobody', async (t) => {
    const nowhere = {
      authorize_url: 'http://127.0.0.1:1/authorize',
      token_url: 'http://127.0.0.1:1/token',
      attributes_url: 'http://127.0.0.1:1/me',
      jwks_uri: 'http://127.0.0.1:1/keys',
    }
    const dead = await federated(idp, {
      ProviderName: 'Dead',
      ProviderType: 'OIDC',
      ProviderDetails: { ...CLIENT, oidc_issuer: 'http://127.0.0.1:1', attributes_request_method: 'GET', ...nowhere },
    })
    const { seen } = await setOut(idp, dead, 'Dead')
    t.equal(seen.last?.away?.origin, 'http://127.0.0.1:1')
    const { state = '' } = answerIn(seen.last?.away as URL)
    const { away } = await seen.go(`/oauth2/idpresponse?code=c&state=${state}`)
    t.match(answerIn(away as URL), { error: 'server_error', error_description: 'Exception processing authorization code' })
    const built = await idp.request('GET', `/_/upstream/${dead.pool}/Dead/authorize?client_id=${CLIENT.client_id}`)
    t.match(built.body, 'relies on the built-in upstream')
  })

  await t.test('does not take somebody back whose client has given the provider up', async (t) => {
    const { back } = await leave()
    await idp.cognito.UpdateUserPoolClient({
      UserPoolId: world.pool,
      ClientId: world.client,
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid'],
      CallbackURLs: [CALLBACK],
      SupportedIdentityProviders: ['COGNITO'],
    })
    const { away } = await back()
    t.match(answerIn(away as URL), { error: 'invalid_request', error_description: 'Identity provider Elsewhere does not exist.' })
    t.ok(requestOf(world))
  })
})

function withCookie(seen: Browser, value: string): Browser {
  seen.cookies.set('csrf-state', value)
  return seen
}

import { createHash } from 'node:crypto'
import { test } from 'tap'
import { emulator } from '../support/emulator.ts'
import { answerIn, federated, GOOGLE, person, userOf } from '../support/federation.ts'
import { browser, post, SITE } from '../support/oauth.ts'

const LANDING = `${SITE}/oauth2/idpresponse`
const VERIFIER = 'a-verifier-of-more-than-forty-three-characters'
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')

test('the built-in upstream as a provider of OpenID Connect', async (t) => {
  const idp = await emulator(t)
  const world = await federated(idp)
  const base = `/_/upstream/${world.pool}/Google`
  const query = (more: Record<string, string> = {}) => {
    const all = { client_id: GOOGLE.client_id, redirect_uri: LANDING, response_type: 'code', scope: 'openid email', state: 's', ...more }
    return `${base}/authorize?${new URLSearchParams(all)}`
  }
  /** Somebody's code; the landing takes nobody who did not set out from there, so the answer is looked at on its way. */
  async function codeFor(more: Record<string, string> = {}, claims: Record<string, string> = { email: 'ada@example.com', name: 'Ada' }) {
    const seen = browser(idp)
    const page = await seen.go(query(more))
    const csrf = /name="_csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? ''
    const { headers } = await post(
      idp,
      query(more),
      { _csrf: csrf, ...person('1', claims) },
      { cookie: `poolhouse-upstream=${seen.cookies.get('poolhouse-upstream')}` },
    )
    return answerIn(new URL(String(headers.location)))
  }
  const exchange = (form: Record<string, string | undefined>) =>
    post(idp, `${base}/token`, {
      grant_type: 'authorization_code',
      client_id: GOOGLE.client_id,
      client_secret: GOOGLE.client_secret,
      redirect_uri: LANDING,
      ...form,
    })

  await t.test('says who it is, and gives what the scopes ask for', async (t) => {
    const { body: known } = await idp.request('GET', `${base}/.well-known/openid-configuration`)
    t.match(known, { issuer: 'https://accounts.google.com', jwks_uri: new RegExp(`${base}/jwks$`) })
    const { code, state } = await codeFor()
    t.equal(state, 's')
    const { body, status } = await exchange({ code })
    t.equal(status, 200)
    const { access_token: access } = body as { access_token: string }
    const me = await idp.request('GET', `${base}/userinfo`, undefined, { authorization: `Bearer ${access}` })
    // The name is of the scope profile, which nobody asked for.
    t.strictSame(me.body, { email: 'ada@example.com', sub: '1' })
  })

  await t.test('leads nowhere but to the pool', async (t) => {
    for (const address of [
      'https://evil.example/oauth2/idpresponse',
      'https://shop.auth.evil.example/oauth2/idpresponse',
      `${SITE}/elsewhere`,
      'javascript:alert(1)//oauth2/idpresponse',
      '',
    ]) {
      const seen = browser(idp)
      const page = await seen.go(query({ redirect_uri: address }))
      t.strictSame([page.status, page.page, page.away], [400, 'upstream-error', undefined], address)
    }
    const stranger = await browser(idp).go(query({ client_id: 'somebody' }))
    t.strictSame([stranger.status, stranger.page], [400, 'upstream-error'])
  })

  await t.test('refuses in the words of the protocol', async (t) => {
    const led = async (more: Record<string, string>) => answerIn(new URL(String((await idp.request('GET', query(more))).headers.location)))
    t.match(await led({ response_type: 'token' }), { error: 'unsupported_response_type', state: 's' })
    t.match(await led({ scope: 'email' }), { error: 'invalid_scope' })
    t.match(await led({ code_challenge: CHALLENGE, code_challenge_method: 'plain' }), { error: 'invalid_request' })
    const { code } = await codeFor({ code_challenge: CHALLENGE, code_challenge_method: 'S256' })
    const cases: [form: Record<string, string | undefined>, status: number, error: string][] = [
      [{ code, client_secret: 'wrong' }, 401, 'invalid_client'],
      [{ code, client_id: 'wrong' }, 401, 'invalid_client'],
      [{ code, grant_type: 'password' }, 400, 'unsupported_grant_type'],
      [{ code: 'made-up' }, 400, 'invalid_grant'],
      [{ code, redirect_uri: `${LANDING}/other` }, 400, 'invalid_grant'],
      [{ code }, 400, 'invalid_grant'],
      [{ code, code_verifier: 'wrong' }, 400, 'invalid_grant'],
    ]
    for (const [form, status, error] of cases) t.match(await exchange(form), { status, body: { error } })
    t.match(await exchange({ code, code_verifier: VERIFIER }), { status: 200 })
    t.match(await exchange({ code, code_verifier: VERIFIER }), { status: 400, body: { error: 'invalid_grant' } }, 'a code is good once')
    const late = await codeFor()
    idp.clock.advance(61_000)
    t.match(await exchange({ code: late.code }), { status: 400, body: { error: 'invalid_grant' } })
    t.match(await idp.request('GET', `${base}/userinfo`), { status: 401, body: { error: 'invalid_token' } })
  })

  await t.test('takes its form from its own page only, and writes nothing into it that runs', async (t) => {
    const forged = await post(idp, query(), { _csrf: 'guess', ...person('666') })
    t.equal(forged.status, 400)
    t.match(forged.body, 'page-upstream')
    const seen = browser(idp)
    await seen.go(query({ login_hint: '"><script>alert(1)</script>', state: '"><b>' }))
    t.notMatch(seen.last?.text, /<script|<b>/)
    t.match(seen.last?.headers, { 'x-frame-options': 'DENY', 'content-security-policy': /default-src 'none'/ })
    for (const [fields, says] of [
      [{ ...person('1'), more: '[1]' }, 'no JSON object'],
      [{ person: 'nobody' }, 'no such person'],
      [{ id: ' ' }, 'no such person'],
    ] as const) {
      const answer = await seen.submit('anybody', { ...fields })
      t.strictSame([answer.status, answer.page], [400, 'upstream'])
      t.match(seen.text('error'), says)
    }
  })

  await t.test('is nobody’s where no provider relies on it', async (t) => {
    for (const place of [`/_/upstream/${world.pool}/Facebook`, '/_/upstream/us-east-1_nothing/Google']) {
      t.match(await idp.request('GET', `${place}/jwks`), { status: 400, body: /relies on the built-in upstream/ })
    }
    t.match(await idp.request('GET', `${base}/saml`), { status: 400 })
  })
})

test('--cognito-upstreams built-in stands for every provider, and fetches nothing', async (t) => {
  const idp = await emulator(t, { settings: { rooms: { cognito: { upstreams: 'built-in' } } } })
  const world = await federated(idp, {
    ProviderName: 'Okta',
    ProviderType: 'OIDC',
    ProviderDetails: { ...GOOGLE, oidc_issuer: 'http://127.0.0.1:1/okta', attributes_request_method: 'GET' },
  })
  const seen = browser(idp)
  const url = new URLSearchParams({
    client_id: world.client,
    response_type: 'code',
    redirect_uri: 'https://app.example/callback',
    identity_provider: 'Okta',
  })
  await seen.go(`/oauth2/authorize?${url}`)
  const { away } = await seen.submit('anybody', person('7', { email: 'o@example.com' }))
  t.ok(away?.searchParams.get('code'))
  t.equal((await userOf(idp, world, 'Okta_7')).attributes.email, 'o@example.com')
  const { IdentityProvider } = await idp.cognito.CreateIdentityProvider({
    UserPoolId: world.pool,
    ProviderName: 'Adfs',
    ProviderType: 'SAML',
    ProviderDetails: { MetadataURL: 'http://127.0.0.1:1/FederationMetadata.xml' },
  })
  t.match(IdentityProvider.ProviderDetails, { SSORedirectBindingURI: 'http://127.0.0.1:1/sso' })
})

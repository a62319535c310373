import { type Test, test } from 'tap'
import { emulator, type TestEmulator } from '../support/emulator.ts'
import { arn, recorder } from '../support/functions.ts'
import {
  basic,
  browser,
  CALLBACK,
  CHALLENGE,
  codeOf,
  hostedClient,
  hostedWorld,
  post,
  requestOf,
  SITE,
  signInAtPage,
  VERIFIER,
} from '../support/oauth.ts'
import { only } from '../support/only.ts'
import { claimsOf, makeUser, tokensOf, type World } from '../support/sign-in.ts'

interface Tokens {
  id_token: string
  access_token: string
  refresh_token: string
}

const ADA = { email: 'ada@example.com', email_verified: 'true', phone_number: '+12025550123', name: 'Ada' }

async function setUp(t: Pick<Test, 'teardown'>, client: Parameters<typeof hostedWorld>[2] = {}) {
  const idp = await emulator(t)
  const world = await hostedWorld(idp, {}, client)
  const sub = await makeUser(idp, world, 'ada', ADA)
  return { idp, world, sub }
}

/** Why the last call was refused: many a refusal has the same name. */
function reasonOf(idp: TestEmulator): string | undefined {
  return idp.app.emulator.namespace().journal.list({ limit: 1 })[0]?.error?.message
}

async function exchange(idp: TestEmulator, world: World, more: Record<string, string | undefined> = {}): Promise<Tokens> {
  const { body, status } = await post(idp, '/oauth2/token', {
    grant_type: 'authorization_code',
    client_id: world.client,
    redirect_uri: CALLBACK,
    ...more,
  })
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body as Tokens
}

test('GET /oauth2/authorize', async (t) => {
  const { idp, world } = await setUp(t)
  const other = await hostedClient(idp, world.pool, { AllowedOAuthFlows: ['implicit'], AllowedOAuthScopes: ['openid'] })
  const closed = await hostedClient(idp, world.pool, { AllowedOAuthFlowsUserPoolClient: false })

  t.test('leads to the login page with the same query (O1)', async (t) => {
    const query = requestOf(world, { nonce: 'n', scope: 'openid' })
    const { status, headers } = await idp.request('GET', `/oauth2/authorize?${query}`)
    t.strictSame([status, headers.location], [302, `${SITE}/login?${query}`])
  })

  t.test('has the own users sign in where a request asks for them', async (t) => {
    const own = await idp.request('GET', `/oauth2/authorize?${requestOf(world, { scope: 'openid', identity_provider: 'COGNITO' })}`)
    t.match(own.headers.location, /\/login\?/)
  })

  t.test('tells the person of a wrong client or address (O2)', async (t) => {
    const cases: [more: Record<string, string | undefined>, answer: string, reason: string | RegExp][] = [
      [{ client_id: undefined }, 'error=invalid_request', 'The request names no client_id.'],
      [{ client_id: '' }, 'error=invalid_request&client_id=', 'The request names no client_id.'],
      [{ client_id: 'nobody' }, 'error=invalid_client&client_id=nobody', 'There is no client nobody at localhost:80.'],
      [
        { redirect_uri: 'https://evil.example/' },
        `error=redirect_mismatch&client_id=${world.client}`,
        /^The redirect_uri https:\/\/evil\.example\/ is not one of/,
      ],
      [
        { redirect_uri: `${CALLBACK}/` },
        `error=redirect_mismatch&client_id=${world.client}`,
        `The redirect_uri ${CALLBACK}/ is not one of the client's. Registered: ${CALLBACK}, https://app.example/other.`,
      ],
      [
        { redirect_uri: undefined },
        `error=redirect_mismatch&client_id=${world.client}`,
        'The request names no redirect_uri and the client has no default one.',
      ],
    ]
    for (const [more, answer, reason] of cases) {
      const { status, headers } = await idp.request('GET', `/oauth2/authorize?${requestOf(world, more)}`)
      t.strictSame([status, headers.location], [302, `${SITE}/error?${answer}`])
      t.match(reasonOf(idp), reason)
    }
    const seen = browser(idp)
    const page = await seen.go(`/oauth2/authorize?${requestOf(world, { redirect_uri: 'https://evil.example/<b>' })}`)
    t.strictSame([page.status, page.page, seen.text('error')], [400, 'error', 'redirect_mismatch'])
    t.match(page.text, 'https://evil.example/&lt;b&gt; is not one of the client')
    t.notMatch(page.text, '<b>')
    const general = 'The redirect_uri or logout_uri of the request is not registered with the client, to the letter.'
    t.notMatch(page.text, general, 'who is told the reason needs no more')
    t.match((await browser(idp).go(`/error?error=redirect_mismatch&client_id=${world.client}`)).text, general)
  })

  t.test('takes a parameter without a value for none (RFC 6749, 3.1)', async (t) => {
    const empty = ['scope', 'state', 'nonce', 'code_challenge', 'code_challenge_method', 'resource', 'max_age', 'acr_values', 'prompt']
    const none = Object.fromEntries([...empty, 'identity_provider', 'idp_identifier'].map((name) => [name, '']))
    const away = await signInAtPage(idp, world, 'ada', none)
    t.strictSame([...away.searchParams.keys()], ['code'])
    const { access_token } = await exchange(idp, world, { code: away.searchParams.get('code') ?? '', code_verifier: '', client_secret: '' })
    t.equal(claimsOf(access_token).scope, 'openid email phone profile aws.cognito.signin.user.admin')
  })

  t.test('tells the client of anything else, with its state (O2, O3, O5)', async (t) => {
    const cases: [by: World, more: Record<string, string | undefined>, error: string, reason: string][] = [
      [world, { response_type: undefined }, 'invalid_request', 'The request has no response_type.'],
      [world, { response_type: '' }, 'invalid_request', 'The request has no response_type.'],
      [world, { response_type: 'id_token' }, 'invalid_request', 'The response_type id_token is neither code nor token.'],
      [other, {}, 'unauthorized_client', `The client ${other.client} may not use the code flow.`],
      [closed, {}, 'unauthorized_client', `The client ${closed.client} may not use the code flow.`],
      [world, { scope: 'openid nonsense' }, 'invalid_scope', 'The client may not ask for the scope nonsense.'],
      [other, { response_type: 'token', scope: 'email' }, 'invalid_scope', 'The client may not ask for the scope email.'],
      [world, { scope: 'email' }, 'invalid_scope', 'The scope email can only be requested with openid.'],
      [world, { code_challenge: CHALLENGE }, 'invalid_request', 'There is a code_challenge without a code_challenge_method.'],
      [world, { code_challenge: CHALLENGE, code_challenge_method: 'plain' }, 'invalid_request', 'The code_challenge_method must be S256.'],
      [world, { code_challenge_method: 'S256' }, 'invalid_request', 'There is a code_challenge_method without a code_challenge.'],
      [
        world,
        { code_challenge: 'short', code_challenge_method: 'S256' },
        'invalid_request',
        'The code_challenge is no SHA-256 hash in base64url.',
      ],
      [
        world,
        { code_challenge: `${CHALLENGE}A`, code_challenge_method: 'S256' },
        'invalid_request',
        'The code_challenge is no SHA-256 hash in base64url.',
      ],
      [world, { prompt: 'dance' }, 'invalid_request', 'There is no prompt dance.'],
      [world, { prompt: 'none login' }, 'invalid_request', 'The prompt none stands alone.'],
      [world, { prompt: 'none' }, 'login_required', 'Nobody is signed in.'],
      [world, { resource: 'not-a-url' }, 'invalid_request', 'The resource not-a-url is no absolute URL without a fragment.'],
      [
        world,
        { resource: 'https://api.example/#x' },
        'invalid_request',
        'The resource https://api.example/#x is no absolute URL without a fragment.',
      ],
      [world, { resource: 'http://api.example' }, 'invalid_request', 'Access tokens are not for http://api.example.'],
      [world, { resource: 'http://localhost.evil.example' }, 'invalid_request', 'Access tokens are not for http://localhost.evil.example.'],
      [world, { max_age: 'soon' }, 'invalid_request', 'The max_age is no number of seconds.'],
      [world, { acr_values: 'urn:cognito:loa:5' }, 'invalid_request', 'There is no authentication level among urn:cognito:loa:5.'],
    ]
    for (const [by, more, error, reason] of cases) {
      const { status, headers } = await idp.request('GET', `/oauth2/authorize?${requestOf(by, more)}`)
      const mark = more.response_type === 'token' ? '#' : '?'
      t.strictSame(
        [status, headers.location],
        [302, `${CALLBACK}${mark}${more.prompt === 'none' ? '' : `error_description=${error}&`}state=state-1&error=${error}`],
        JSON.stringify(more),
      )
      t.equal(reasonOf(idp), reason)
    }
    const instant = await idp.request('GET', `/oauth2/authorize?${requestOf(world, { poolhouse_user: 'ada' })}`)
    t.match(instant.headers.location, /\/error\?error=invalid_request/)
    const twice = await idp.request('GET', `/oauth2/authorize?${requestOf(world)}&state=other`)
    t.match(twice.headers.location, /^https:\/\/app\.example\/callback\?.*error=invalid_request/)
    t.equal(reasonOf(idp), 'The parameter state came more than once.')
  })

  t.test('is for GET alone', async (t) => {
    const { status, headers } = await post(idp, '/oauth2/authorize', { client_id: world.client })
    t.strictSame([status, headers.allow], [405, 'GET, HEAD'])
  })

  t.test('answers HEAD as GET, without a body, where GET changes nothing', async (t) => {
    const heads = async (path: string) => {
      const { status, headers, body } = await idp.request('HEAD', path)
      return [status, headers.location ?? headers.allow ?? headers['content-type'], body]
    }
    const query = requestOf(world, { scope: 'openid' })
    t.strictSame(await heads(`/oauth2/authorize?${query}`), [302, `${SITE}/login?${query}`, ''])
    t.strictSame(await heads(`/login?${query}`), [200, 'text/html; charset=utf-8', ''])
    t.match((await heads('/oauth2/token')).slice(0, 2), [405, 'POST'])
    t.match((await heads('/oauth2/revoke')).slice(0, 2), [405, 'POST'])
    t.match((await heads('/confirmUser?client_id=x')).slice(0, 2), [405, 'GET'], 'a link in a mail is not used up by looking at it')
    t.match((await heads('/oauth2/idpresponse')).slice(0, 2), [405, 'GET, POST'])
    t.equal((await idp.request('POST', `/oauth2/authorize?${query}`)).headers.allow, 'GET, HEAD')
  })

  t.test('gives a code without a page to whoever is signed in, for an hour (O13)', async (t) => {
    const seen = browser(idp)
    await seen.go(`/oauth2/authorize?${requestOf(world)}`)
    await seen.submit('login', { username: 'ada', password: 'Secret-12' })
    const again = () => seen.go(`/oauth2/authorize?${requestOf(world)}`)
    t.ok((await again()).away?.searchParams.get('code'))
    t.equal((await seen.go(`/oauth2/authorize?${requestOf(world, { prompt: 'login' })}`)).page, 'login')
    for (const prompt of ['select_account', 'consent']) {
      const led = await seen.go(`/oauth2/authorize?${requestOf(world, { prompt })}`)
      t.ok(led.away?.searchParams.get('code'), `${prompt} is for who is sent to a provider`)
    }
    const first = claimsOf((await exchange(idp, world, { code: (await again()).away?.searchParams.get('code') ?? '' })).access_token)
    idp.clock.advance(5_000)
    await seen.go(`/login?${requestOf(world)}`)
    const code = (await seen.submit('continue')).away?.searchParams.get('code') ?? ''
    const onward = claimsOf((await exchange(idp, world, { code })).access_token)
    t.equal(onward.auth_time, first.auth_time, 'to go on proves nothing anew')
    t.ok((await seen.go(`/oauth2/authorize?${requestOf(world, { prompt: 'none' })}`)).away?.searchParams.get('code'))
    idp.clock.advance(595_000)
    t.ok((await seen.go(`/oauth2/authorize?${requestOf(world, { max_age: '600' })}`)).away?.searchParams.get('code'))
    t.equal((await seen.go(`/oauth2/authorize?${requestOf(world, { max_age: '599' })}`)).page, 'login')
    t.notMatch(seen.last?.text, 'Continue as')
    const nobody = await browser(idp).go(`/oauth2/authorize?${requestOf(world, { max_age: '600' })}`)
    t.equal(nobody.page, 'login', 'where nobody is signed in no age counts')
    idp.clock.advance(3_000_000)
    t.equal((await again()).page, 'login')
  })

  t.test('knows a pool by its domain', async (t) => {
    const stranger = await hostedWorld(idp)
    await idp.cognito.CreateUserPoolDomain({ UserPoolId: world.pool, Domain: 'demo' })
    const at = (host: string, by: World) => idp.request('GET', `/oauth2/authorize?${requestOf(by)}`, undefined, { host })
    t.match((await at('demo.auth.localhost:7665', world)).headers.location, /^http:\/\/demo\.auth\.localhost:7665\/login\?/)
    t.match((await at('demo.auth.localhost:7665', stranger)).headers.location, /\/error\?error=invalid_client/)
    t.match((await at('nobody.auth.localhost', world)).headers.location, /\/error\?error=invalid_client/)
  })

  t.test('prompt means nothing to the classic pages', async (t) => {
    const seen = browser(idp, {}, 'http://demo.auth.localhost')
    const none = `/oauth2/authorize?${requestOf(world, { prompt: 'none' })}`
    t.equal((await seen.go(none)).page, 'login')
    await seen.submit('login', { username: 'ada', password: 'Secret-12' })
    t.ok((await seen.go(`/oauth2/authorize?${requestOf(world, { prompt: 'login' })}`)).away?.searchParams.get('code'))
    t.ok((await seen.go(none)).away?.searchParams.get('code'))
  })

  t.end()
})

test('the implicit grant (O6)', async (t) => {
  const { idp, world } = await setUp(t)
  const { hash } = await signInAtPage(idp, world, 'ada', { response_type: 'token', scope: 'openid email', nonce: 'n-1' })
  const answer = Object.fromEntries(new URLSearchParams(hash.slice(1)))
  t.strictSame(Object.keys(answer), ['id_token', 'access_token', 'expires_in', 'token_type', 'state'])
  t.match(answer, { expires_in: '3600', token_type: 'bearer', state: 'state-1' })
  t.match(claimsOf(answer.id_token as string), { nonce: 'n-1', email: 'ada@example.com' })

  const plain = await signInAtPage(idp, world, 'ada', { response_type: 'token', scope: 'aws.cognito.signin.user.admin' })
  const without = Object.fromEntries(new URLSearchParams(plain.hash.slice(1)))
  t.strictSame(Object.keys(without), ['access_token', 'expires_in', 'token_type', 'state'])
})

test('POST /oauth2/token with a code', async (t) => {
  const { idp, world, sub } = await setUp(t)
  const confidential = await hostedClient(idp, world.pool, { GenerateSecret: true })

  t.test('gives tokens (O7, T1, T2)', async (t) => {
    const code = await codeOf(idp, world, 'ada', { scope: 'openid email', nonce: 'n-1' })
    const { status, headers, body } = await post(idp, '/oauth2/token', {
      grant_type: 'authorization_code',
      client_id: world.client,
      redirect_uri: CALLBACK,
      code,
    })
    t.strictSame([status, headers['content-type'], headers['cache-control']], [200, 'application/json;charset=UTF-8', 'no-store'])
    t.strictSame(Object.keys(body as object), ['id_token', 'access_token', 'refresh_token', 'expires_in', 'token_type'])
    t.match(body, { expires_in: 3600, token_type: 'Bearer' })
    const { id_token, access_token } = body as Tokens
    const access = claimsOf(access_token)
    t.match(access, { sub, version: 2, token_use: 'access', scope: 'openid email', client_id: world.client, username: 'ada' })
    t.notOk('email' in access)
    const id = claimsOf(id_token)
    t.match(id, {
      sub,
      nonce: 'n-1',
      token_use: 'id',
      aud: world.client,
      email: 'ada@example.com',
      email_verified: true,
      at_hash: /^[\w-]{22}$/,
    })
    t.notOk('name' in id || 'phone_number' in id)
  })

  t.test('gives all attributes for openid alone, no ID token without it (O5)', async (t) => {
    const all = await exchange(idp, world, { code: await codeOf(idp, world, 'ada', { scope: 'openid' }) })
    t.match(claimsOf(all.id_token), { name: 'Ada', phone_number: '+12025550123' })
    const every = await exchange(idp, world, { code: await codeOf(idp, world, 'ada') })
    t.equal(claimsOf(every.access_token).scope, 'openid email phone profile aws.cognito.signin.user.admin')
    const none = await exchange(idp, world, { code: await codeOf(idp, world, 'ada', { scope: 'aws.cognito.signin.user.admin' }) })
    t.notOk('id_token' in none)
    t.match(await idp.cognito.GetUser({ AccessToken: none.access_token }), { Username: 'ada' })
  })

  t.test('takes the verifier of PKCE (O3)', async (t) => {
    const code = await codeOf(idp, world, 'ada', { code_challenge: CHALLENGE, code_challenge_method: 'S256' })
    t.ok((await exchange(idp, world, { code, code_verifier: VERIFIER })).access_token)
  })

  t.test('takes the secret in a header or in the body (O7)', async (t) => {
    const form = async () => ({ grant_type: 'authorization_code', redirect_uri: CALLBACK, code: await codeOf(idp, confidential, 'ada') })
    t.equal((await post(idp, '/oauth2/token', await form(), basic(confidential))).status, 200)
    const inBody = { client_id: confidential.client, client_secret: confidential.secret }
    t.equal((await post(idp, '/oauth2/token', { ...(await form()), ...inBody })).status, 200)
    t.equal((await post(idp, '/oauth2/token', { ...(await form()), ...inBody }, basic(confidential))).status, 200, 'in both')
    const ClientSecret = 'a+secret+of+twenty+four+letters'
    await idp.cognito.AddUserPoolClientSecret({ UserPoolId: world.pool, ClientId: confidential.client, ClientSecret })
    for (const secret of [ClientSecret, encodeURIComponent(ClientSecret)]) {
      const { status } = await post(idp, '/oauth2/token', await form(), basic({ ...confidential, secret }))
      t.equal(status, 200, `${secret}: by the book or not (RFC 6749, 2.3.1)`)
    }
  })

  t.test('binds the access token to a resource', async (t) => {
    for (const resource of ['https://api.example', 'http://localhost:3000/api', 'http://localhost', 'myapp://api']) {
      const code = await codeOf(idp, world, 'ada', { resource })
      t.equal(claimsOf((await exchange(idp, world, { code })).access_token).aud, resource)
    }
  })

  t.test('refuses (O3, O4, O8)', async (t) => {
    const code = () => codeOf(idp, world, 'ada')
    const pkce = () => codeOf(idp, world, 'ada', { code_challenge: CHALLENGE, code_challenge_method: 'S256' })
    const used = await code()
    await exchange(idp, world, { code: used })
    const late = await code()
    idp.clock.advance(300_000)
    await makeUser(idp, world, 'gone')
    const ofGone = await codeOf(idp, world, 'gone')
    await idp.cognito.AdminDisableUser({ UserPoolId: world.pool, Username: 'gone' })
    const closed = await hostedClient(idp, world.pool, { AllowedOAuthFlowsUserPoolClient: false })
    const implicit = await hostedClient(idp, world.pool, { AllowedOAuthFlows: ['implicit'] })
    const blind = await hostedClient(idp, world.pool, { ReadAttributes: ['name'] })

    const base = { grant_type: 'authorization_code', client_id: world.client, redirect_uri: CALLBACK }
    const wrongPlace = `The code was asked for with the redirect_uri ${CALLBACK}.`
    const cases: [
      what: string,
      form: Record<string, string | undefined>,
      error: string,
      reason: string,
      headers?: Record<string, string>,
    ][] = [
      ['no grant type', { ...base, grant_type: undefined, code: await code() }, 'invalid_request', 'The request has no grant_type.'],
      [
        'an unknown grant type',
        { ...base, grant_type: 'password', code: await code() },
        'unsupported_grant_type',
        'There is no grant password here.',
      ],
      [
        'no client',
        { ...base, client_id: undefined, code: await code() },
        'invalid_client',
        'The request does not say which client it comes from.',
      ],
      [
        'an unknown client',
        { ...base, client_id: 'nobody', code: await code() },
        'invalid_client',
        'There is no client nobody at localhost:80.',
      ],
      ['no code', base, 'invalid_request', 'The request has no code.'],
      ['an empty code', { ...base, code: '' }, 'invalid_request', 'The request has no code.'],
      ['an empty grant type', { ...base, grant_type: '', code: await code() }, 'invalid_request', 'The request has no grant_type.'],
      ['no such code', { ...base, code: 'nothing' }, 'invalid_grant', 'There is no such code.'],
      ['a used code', { ...base, code: used }, 'invalid_grant', 'The code was used already.'],
      ['an old code', { ...base, code: late }, 'invalid_grant', 'The code has expired.'],
      ['the code of somebody disabled', { ...base, code: ofGone }, 'invalid_grant', 'Whoever got the code may no longer sign in.'],
      [
        'a foreign code',
        { ...base, client_id: confidential.client, client_secret: confidential.secret, code: await code() },
        'invalid_grant',
        'The code was given to another client.',
      ],
      ['another address', { ...base, redirect_uri: 'https://app.example/other', code: await code() }, 'unauthorized_client', wrongPlace],
      ['no address of the client', { ...base, redirect_uri: `${CALLBACK}/`, code: await code() }, 'unauthorized_client', wrongPlace],
      ['no address', { ...base, redirect_uri: undefined, code: await code() }, 'invalid_request', wrongPlace],
      ['no verifier', { ...base, code: await pkce() }, 'invalid_grant', 'The code_verifier does not fit the code_challenge.'],
      [
        'a wrong verifier',
        { ...base, code: await pkce(), code_verifier: 'wrong' },
        'invalid_grant',
        'The code_verifier does not fit the code_challenge.',
      ],
      [
        'a verifier without a challenge',
        { ...base, code: await code(), code_verifier: VERIFIER },
        'invalid_grant',
        'The code_verifier does not fit the code_challenge.',
      ],
      [
        'a secret of a client without one',
        { ...base, client_secret: 'x', code: await code() },
        'invalid_client',
        'The client has no secret, yet one was sent.',
      ],
      [
        'a missing secret',
        { ...base, client_id: confidential.client, code: await code() },
        'invalid_client',
        'The client has a secret, and none was sent.',
      ],
      [
        'a wrong secret',
        { ...base, client_id: confidential.client, client_secret: 'x', code: await code() },
        'invalid_client',
        'The secret is not the one of the client.',
      ],
      [
        'a wrong secret in the header',
        { ...base, client_id: undefined, code: await code() },
        'invalid_client',
        'The secret is not the one of the client.',
        basic({ ...confidential, secret: 'x' }),
      ],
      [
        'two clients',
        { ...base, code: await code() },
        'invalid_client',
        'The client_id of the body is not the one of the Authorization header.',
        basic(confidential),
      ],
      [
        'two secrets',
        { ...base, client_id: undefined, client_secret: 'x', code: await code() },
        'invalid_client',
        'The client_secret of the body is not the one of the Authorization header.',
        basic(confidential),
      ],
      [
        'a header that holds no pair',
        { ...base, client_id: undefined, code: await code() },
        'invalid_client',
        'The Authorization header holds no id and secret.',
        { authorization: `Basic ${Buffer.from('nobody').toString('base64')}` },
      ],
      [
        'another scheme',
        { ...base, code: await code() },
        'invalid_client',
        'The Authorization header is not of the Basic scheme.',
        { authorization: 'Bearer x' },
      ],
      [
        'a client that may not',
        { ...base, client_id: closed.client, code: 'x' },
        'invalid_grant',
        'The client may not use these endpoints.',
      ],
      [
        'a client without the flow',
        { ...base, client_id: implicit.client, code: 'x' },
        'unauthorized_client',
        'The client may not use the code flow.',
      ],
      [
        'a scope the client cannot read',
        { ...base, client_id: blind.client, code: await codeOf(idp, blind, 'ada', { scope: 'openid email' }) },
        'invalid_grant',
        'The client cannot read what the scope email is about.',
      ],
      [
        'a client_credentials request',
        { grant_type: 'client_credentials', client_id: confidential.client, client_secret: confidential.secret },
        'unauthorized_client',
        'The client may not use the client_credentials flow.',
      ],
    ]
    for (const [title, form, error, reason, headers] of cases) {
      const { status, body } = await post(idp, '/oauth2/token', form, headers)
      t.strictSame([status, body], [400, { error }], title)
      t.equal(reasonOf(idp), reason, title)
    }
    const json = await idp.request('POST', '/oauth2/token', { ...base, code: await code() })
    t.strictSame([json.status, json.body], [400, { error: 'invalid_request' }])
    const got = await idp.request('GET', '/oauth2/token')
    t.strictSame([got.status, got.headers.allow], [405, 'POST'])
  })

  t.end()
})

test('POST /oauth2/token with a refresh token', async (t) => {
  const { idp, world } = await setUp(t)
  const other = await hostedClient(idp, world.pool)
  const first = await exchange(idp, world, { code: await codeOf(idp, world, 'ada', { scope: 'openid', nonce: 'n' }) })
  const refresh = (token: string | undefined, by = world) =>
    post(idp, '/oauth2/token', { grant_type: 'refresh_token', client_id: by.client, refresh_token: token })

  idp.clock.advance(60_000)
  const { status, body } = await refresh(first.refresh_token)
  t.equal(status, 200)
  t.strictSame(Object.keys(body as object), ['id_token', 'access_token', 'expires_in', 'token_type'])
  const [before, after] = [claimsOf(first.id_token), claimsOf((body as Tokens).id_token)]
  t.strictSame([after.auth_time, after.origin_jti, after.nonce], [before.auth_time, before.origin_jti, undefined])
  t.not(after.iat, before.iat)

  for (const [token, by, error] of [
    [undefined, world, 'invalid_request'],
    ['nothing', world, 'invalid_grant'],
    [first.refresh_token, other, 'invalid_grant'],
  ] as const) {
    const refused = await refresh(token, by)
    t.strictSame([refused.status, refused.body], [400, { error }])
  }
  await idp.cognito.AdminUserGlobalSignOut({ UserPoolId: world.pool, Username: 'ada' })
  t.strictSame((await refresh(first.refresh_token)).body, { error: 'invalid_grant' })

  const rotating = await hostedClient(idp, world.pool, {
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
    RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
  })
  const start = await exchange(idp, rotating, { code: await codeOf(idp, rotating, 'ada') })
  const rotated = (await refresh(start.refresh_token, rotating)).body as Tokens
  t.ok(rotated.refresh_token)
  t.not(rotated.refresh_token, start.refresh_token)
  t.strictSame((await refresh(start.refresh_token, rotating)).body, { error: 'invalid_grant' })
  t.equal((await refresh(rotated.refresh_token, rotating)).status, 200)
})

test('POST /oauth2/token for a client itself (O9)', async (t) => {
  const idp = await emulator(t)
  const { pool } = await hostedWorld(idp)
  await idp.cognito.CreateResourceServer({
    UserPoolId: pool,
    Identifier: 'api',
    Name: 'api',
    Scopes: ['read', 'write'].map((ScopeName) => ({ ScopeName, ScopeDescription: ScopeName })),
  })
  const machine = await hostedClient(idp, pool, {
    GenerateSecret: true,
    AllowedOAuthFlows: ['client_credentials'],
    AllowedOAuthScopes: ['api/read', 'api/write'],
  })
  const ask = (more: Record<string, string> = {}) =>
    post(idp, '/oauth2/token', { grant_type: 'client_credentials', ...more }, basic(machine))

  const { status, body } = await ask()
  t.equal(status, 200)
  t.strictSame(Object.keys(body as object), ['access_token', 'expires_in', 'token_type'])
  t.match(claimsOf((body as Tokens).access_token), {
    sub: machine.client,
    client_id: machine.client,
    token_use: 'access',
    scope: 'api/read api/write',
    version: 2,
  })
  t.equal(claimsOf(((await ask({ scope: 'api/read' })).body as Tokens).access_token).scope, 'api/read')
  t.strictSame((await ask({ scope: 'openid' })).body, { error: 'invalid_scope' })
  t.strictSame((await ask({ aws_client_metadata: 'no' })).body, { error: 'invalid_request' })
  t.equal(claimsOf(((await ask({ scope: 'api/read api/read' })).body as Tokens).access_token).scope, 'api/read', 'a scope twice is one')
  t.equal(claimsOf(((await ask({ resource: 'https://api.example' })).body as Tokens).access_token).aud, 'https://api.example')
  for (const [resource, reason] of [
    ['not-a-url', 'The resource not-a-url is no absolute URL without a fragment.'],
    ['http://api.example', 'Access tokens are not for http://api.example.'],
  ] as const) {
    t.strictSame((await ask({ resource })).body, { error: 'invalid_request' })
    t.equal(reasonOf(idp), reason)
  }

  await idp.cognito.UpdateResourceServer({
    UserPoolId: pool,
    Identifier: 'api',
    Name: 'api',
    Scopes: [{ ScopeName: 'read', ScopeDescription: 'r' }],
  })
  t.equal(claimsOf(((await ask()).body as Tokens).access_token).scope, 'api/read')
})

test('GET and POST /oauth2/userInfo (O10)', async (t) => {
  const { idp, world, sub } = await setUp(t)
  const ask = (token?: string, method = 'GET') =>
    idp.request(method, '/oauth2/userInfo', undefined, token === undefined ? {} : { authorization: `Bearer ${token}` })
  const tokens = await exchange(idp, world, { code: await codeOf(idp, world, 'ada', { scope: 'openid email' }) })

  for (const method of ['GET', 'POST']) {
    const { status, body } = await ask(tokens.access_token, method)
    t.strictSame([status, body], [200, { sub, email: 'ada@example.com', email_verified: 'true', username: 'ada' }])
  }
  const all = await exchange(idp, world, { code: await codeOf(idp, world, 'ada', { scope: 'openid' }) })
  t.match((await ask(all.access_token)).body, { name: 'Ada', phone_number: '+12025550123' })

  const dead = 'Access token is expired, disabled, or deleted, or the user has globally signed out.'
  const { AccessToken } = await tokensOf(idp, world, 'ada')
  const cases: [string | undefined, number, string, string][] = [
    [undefined, 400, 'invalid_request', 'Bad OAuth2 request at UserInfo Endpoint'],
    ['nonsense', 401, 'invalid_token', dead],
    [tokens.id_token, 401, 'invalid_token', dead],
    [AccessToken, 401, 'invalid_token', 'Access token does not contain openid scope'],
  ]
  for (const [token, status, error, error_description] of cases) {
    const answer = await ask(token)
    t.strictSame([answer.status, answer.body], [status, { error, error_description }])
    t.equal(answer.headers['www-authenticate'], `Bearer error="${error}", error_description="${error_description}"`)
  }
  idp.clock.advance(3_600_000)
  t.equal((await ask(tokens.access_token)).status, 401)
})

test('POST /oauth2/revoke (O11)', async (t) => {
  const { idp, world } = await setUp(t)
  const confidential = await hostedClient(idp, world.pool, { GenerateSecret: true })
  const fixed = await hostedClient(idp, world.pool, { EnableTokenRevocation: false })
  const tokens = await exchange(idp, world, { code: await codeOf(idp, world, 'ada') })
  const revoke = (form: Record<string, string | undefined>, headers = {}) =>
    post(idp, '/oauth2/revoke', { client_id: world.client, ...form }, headers)

  for (const [form, status, error] of [
    [{}, 400, 'invalid_request'],
    [{ token: tokens.access_token }, 400, 'unsupported_token_type'],
    [{ token: 'x', client_id: 'nobody' }, 401, 'invalid_client'],
    [{ token: 'x', client_id: confidential.client, client_secret: 'wrong' }, 401, 'invalid_client'],
    [{ token: 'x', client_id: fixed.client }, 400, 'invalid_request'],
  ] as const) {
    const answer = await revoke(form)
    t.strictSame([answer.status, answer.body], [status, { error }])
  }
  t.match(await revoke({ token: 'unknown' }), { status: 200, body: '' })
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const twice = await idp.request('POST', '/oauth2/revoke', `client_id=${world.client}&token=a&token=b`, form)
  t.match(twice, { status: 400, body: { error: 'invalid_request' } })
  t.match(await revoke({ token: tokens.refresh_token }), { status: 200, body: '' })
  const again = await post(idp, '/oauth2/token', {
    grant_type: 'refresh_token',
    client_id: world.client,
    refresh_token: tokens.refresh_token,
  })
  t.strictSame(again.body, { error: 'invalid_grant' })
  const info = await idp.request('GET', '/oauth2/userInfo', undefined, { authorization: `Bearer ${tokens.access_token}` })
  t.equal(info.status, 401)
})

test('GET /logout (O12)', async (t) => {
  const { idp, world } = await setUp(t)
  const seen = browser(idp)
  const enter = async () => {
    await seen.go(`/oauth2/authorize?${requestOf(world)}`)
    await seen.submit('login', { username: 'ada', password: 'Secret-12' })
  }
  await enter()
  const bye = new URLSearchParams({ client_id: world.client, logout_uri: 'https://app.example/bye' })
  const copied = [...seen.cookies]
  t.equal((await seen.go(`/logout?${bye}`)).away?.href, 'https://app.example/bye')
  t.equal((await seen.go(`/oauth2/authorize?${requestOf(world)}`)).page, 'login')
  const thief = browser(idp)
  for (const [name, value] of copied) thief.cookies.set(name, value)
  t.equal((await thief.go(`/oauth2/authorize?${requestOf(world)}`)).page, 'login', 'the session is over, whoever has its cookie')

  await enter()
  t.equal((await seen.go(`/logout?${requestOf(world)}`)).page, 'login')
  t.match(seen.last?.url, /\/login\?client_id=/)
  const { searchParams } = new URL(String(seen.last?.url))
  t.equal(searchParams.get('scope'), 'openid email phone profile aws.cognito.signin.user.admin', 'all of the client, where none is named')
  t.strictSame([searchParams.get('state'), searchParams.get('redirect_uri')], ['state-1', CALLBACK])
  const elsewhere = { scope: 'openid', nonce: 'n', identity_provider: 'Google', idp_identifier: 'x' }
  const { headers } = await idp.request('GET', `/logout?${requestOf(world, elsewhere)}`)
  t.equal(headers.location, `${SITE}/login?${requestOf(world, { scope: 'openid', nonce: 'n' })}`, 'no provider is gone to from here')

  const cases: [Record<string, string>, string, string][] = [
    [{}, 'invalid_request', "Required String parameter 'client_id' is not present"],
    [{ client_id: world.client }, 'invalid_request', "Required String parameter 'redirect_uri' is not present"],
    [{ client_id: 'nobody', logout_uri: 'https://app.example/bye' }, 'invalid_client', 'There is no client nobody'],
    [
      { client_id: world.client, logout_uri: 'https://evil.example' },
      'redirect_mismatch',
      'The logout_uri https://evil.example is not one',
    ],
    [
      { client_id: world.client, redirect_uri: 'https://evil.example', response_type: 'code' },
      'redirect_mismatch',
      'The redirect_uri https://evil',
    ],
  ]
  for (const [query, error, reason] of cases) {
    const page = await seen.go(`/logout?${new URLSearchParams(query)}`)
    t.strictSame([page.status, page.page, seen.text('error')], [400, 'error', error])
    t.match(page.text.replaceAll('&#39;', "'"), reason)
  }
})

test('how long a session is reused is for the client to say', async (t) => {
  const { idp, world } = await setUp(t)
  const set = (MaxValidityMinutes: number) =>
    idp.cognito.SetUserPoolClientSessionConfiguration({
      UserPoolId: world.pool,
      ClientId: world.client,
      SSOSession: { MaxValidityMinutes },
    })
  const again = async (wait: number) => {
    const seen = browser(idp)
    await seen.go(`/oauth2/authorize?${requestOf(world)}`)
    await seen.submit('login', { username: 'ada', password: 'Secret-12' })
    idp.clock.advance(wait)
    return (await seen.go(`/oauth2/authorize?${requestOf(world)}`)).page
  }
  const UserPoolId = world.pool
  const track = (UserSessionTracking: 'ENABLED' | 'DISABLED') =>
    idp.cognito.SetUserPoolSessionConfiguration({ UserPoolId, UserSessionTracking, TokenSession: { MaxPerUser: 5 } })
  await track('ENABLED')
  await set(0)
  t.equal(await again(0), 'login')
  await set(120)
  t.equal(await again(7_199_000), undefined)
  t.equal(await again(7_200_000), 'login')
  await track('DISABLED')
  t.equal(await again(3_600_000), 'login')
})

test('a custom domain serves the clients of its pool', async (t) => {
  const { idp, world } = await setUp(t)
  const stranger = await hostedWorld(idp)
  const CustomDomainConfig = { CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/3a3a3a3a-0000-4000-8000-000000000000' }
  await idp.cognito.CreateUserPoolDomain({ UserPoolId: world.pool, Domain: 'login.shop.example', CustomDomainConfig })
  const at = (by: World) => idp.request('GET', `/oauth2/authorize?${requestOf(by)}`, undefined, { host: 'login.shop.example' })
  t.match((await at(world)).headers.location, /^http:\/\/login\.shop\.example\/login\?/)
  t.match((await at(stranger)).headers.location, /\/error\?error=invalid_client/)
})

test('functions of the pool shape the tokens', async (t) => {
  const idp = await emulator(t)
  const lambda = await recorder(t)
  await idp.request('PUT', '/_/cognito/functions', { arn: arn('shape'), target: lambda.url })
  const world = await hostedWorld(idp, {
    LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion: 'V3_0', LambdaArn: arn('shape') } },
  })
  await makeUser(idp, world, 'ada', ADA)
  const accessTokenGeneration = { claimsToAddOrOverride: { tenant: 'a', sub: 'x' }, scopesToAdd: ['api/more'] }
  const shape = () => ({ claimsAndScopeOverrideDetails: { accessTokenGeneration } })
  lambda.answers.TokenGeneration_HostedAuth = shape
  lambda.answers.TokenGeneration_ClientCredentials = shape
  const tokens = await exchange(idp, world, { code: await codeOf(idp, world, 'ada', { scope: 'openid' }) })
  t.match(claimsOf(tokens.access_token), { tenant: 'a', scope: 'openid api/more', username: 'ada' })

  const Scopes = [{ ScopeName: 'read', ScopeDescription: 'r' }]
  await idp.cognito.CreateResourceServer({ UserPoolId: world.pool, Identifier: 'api', Name: 'api', Scopes })
  const machine = await hostedClient(idp, world.pool, {
    GenerateSecret: true,
    AllowedOAuthFlows: ['client_credentials'],
    AllowedOAuthScopes: ['api/read'],
  })
  lambda.events.length = 0
  const form = { grant_type: 'client_credentials', aws_client_metadata: '{"from":"here"}' }
  const { body } = await post(idp, '/oauth2/token', form, basic(machine))
  t.match(claimsOf((body as Tokens).access_token), { tenant: 'a', scope: 'api/read api/more', sub: machine.client })
  t.match(
    lambda.events,
    only({ triggerSource: 'TokenGeneration_ClientCredentials', request: { clientMetadata: { from: 'here' }, scopes: only('api/read') } }),
  )
})

test('discovery agrees with the tokens (T6)', async (t) => {
  const { idp, world } = await setUp(t)
  await idp.cognito.CreateUserPoolDomain({ UserPoolId: world.pool, Domain: 'demo' })
  const known = (await idp.request('GET', `/${world.pool}/.well-known/openid-configuration`, undefined, { host: 'localhost:7665' }))
    .body as Record<string, string>
  const seen = browser(idp, {}, 'http://demo.auth.localhost:7665')
  await seen.go(`http://demo.auth.localhost:7665/oauth2/authorize?${requestOf(world)}`)
  const { away } = await seen.submit('login', { username: 'ada', password: 'Secret-12' })
  const form = {
    grant_type: 'authorization_code',
    client_id: world.client,
    redirect_uri: CALLBACK,
    code: away?.searchParams.get('code') as string,
  }
  const tokens = (await post(idp, '/oauth2/token', form, { host: 'demo.auth.localhost:7665' })).body as Tokens
  t.equal(claimsOf(tokens.id_token).iss, known.issuer)
})

test('journal and faults see the endpoints', async (t) => {
  const { idp, world } = await setUp(t)
  // biome-ignore lint/suspicious/noThenProperty: a fault, never awaited.
  await idp.request('PUT', '/_/faults', [{ match: { vendor: 'cognito', operation: 'Token' }, then: { status: 503 } }])
  const code = await codeOf(idp, world, 'ada')
  const form = { grant_type: 'authorization_code', client_id: world.client, redirect_uri: CALLBACK, code }
  const struck = await post(idp, '/oauth2/token', form)
  t.equal(struck.status, 503)
  t.equal((await post(idp, '/oauth2/token', form)).status, 200)
  const entries = idp.app.emulator.namespace().journal.list({ limit: 50 })
  const token = entries.find(({ operation }) => operation === 'Token')
  t.match(token?.input, { code: '***', client_id: world.client })
  t.notMatch(JSON.stringify(entries), 'Secret-12')
})

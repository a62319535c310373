import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { test } from 'tap'
import { members } from '../../src/directory/members.ts'
import { groups as groupRecords } from '../../src/yandex/records.ts'
import { emulator, START, type TestEmulator } from '../support/emulator.ts'
import { browser, CALLBACK, post, SITE, VERIFIER } from '../support/oauth.ts'
import { claimsOf } from '../support/sign-in.ts'
import { IDP, ORGANIZATION, PASSWORD } from '../support/yandex.ts'
import {
  APPLICATIONS,
  addApplication,
  askingFor,
  assign,
  CHOSEN,
  codeAt,
  exchange,
  makeYandexWorld,
  signInAt,
  tokensAt,
  type YandexTokens,
} from '../support/yandex-oauth.ts'

const basic = (id: string, secret: string) => ({ authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` })
const info = (idp: TestEmulator, token: string) => idp.request('GET', '/oauth/userinfo', undefined, { authorization: `Bearer ${token}` })

test('GET /oauth/authorize', async (t) => {
  const idp = await emulator(t)
  const world = await makeYandexWorld(idp, { pkceRequired: true })
  const ask = (by: { client: string }, more: Record<string, string | undefined> = {}, headers = {}) =>
    idp.request('GET', `/oauth/authorize?${askingFor(by, more)}`, undefined, headers)

  t.test('leads to the login page with the same query', async (t) => {
    const { status, headers } = await ask(world)
    t.strictSame([status, headers.location], [302, `${SITE}/auth/login?${askingFor(world)}`])
  })

  t.test('tells the person of a wrong client or address', async (t) => {
    const orphan = await world.api.done('POST', '/iam/v1/oauthClients', { name: 'orphan', folderId: 'f', redirectUris: [CALLBACK] })
    const cases: [{ client: string }, Record<string, string | undefined>, string][] = [
      [world, { client_id: undefined }, 'error=invalid_request'],
      [world, { client_id: 'ajenobody' }, 'error=invalid_client&client_id=ajenobody'],
      [world, { redirect_uri: 'https://evil.example/' }, `error=redirect_mismatch&client_id=${world.client}`],
      [world, { redirect_uri: `${CALLBACK}/` }, `error=redirect_mismatch&client_id=${world.client}`],
      [world, { redirect_uri: undefined }, `error=redirect_mismatch&client_id=${world.client}`],
      [{ client: orphan.id }, {}, `error=unauthorized_client&client_id=${orphan.id}`],
    ]
    for (const [by, more, answer] of cases) {
      const { status, headers } = await ask(by, more)
      t.strictSame([status, headers.location], [302, `${SITE}/auth/error?${answer}`])
    }
    const taken = await exchange(idp, { ...world, client: orphan.id, secret: '' }, { code: 'any' })
    t.match(taken, { status: 400, body: { error: 'unauthorized_client', error_description: /belongs to no application/ } })
    const seen = browser(idp)
    const page = await seen.go(`/oauth/authorize?${askingFor(world, { redirect_uri: 'https://evil.example/<b>' })}`)
    t.strictSame([page.status, page.page, seen.text('error')], [400, 'error', 'redirect_mismatch'])
    t.match(page.text, 'https://evil.example/&lt;b&gt; is not one of the client')
    t.match((await browser(idp).go(`/oauth/authorize?${askingFor({ client: orphan.id })}`)).text, /belongs to no application/)
  })

  t.test('tells the client of anything else, with its state and why', async (t) => {
    const narrow = await addApplication(world.api, { scopes: ['openid', 'email'] })
    const cases: [{ client: string }, Record<string, string | undefined>, string, string][] = [
      [world, { response_type: undefined }, 'invalid_request', 'The request has no response_type.'],
      [world, { response_type: 'id_token' }, 'invalid_request', 'The response_type id_token is neither code nor token.'],
      [world, { response_type: 'token' }, 'unauthorized_client', `The client ${world.client} may not use the implicit flow.`],
      [world, { scope: 'openid address' }, 'invalid_scope', 'The client may not ask for the scope address.'],
      [narrow, { scope: 'openid profile' }, 'invalid_scope', 'The client may not ask for the scope profile.'],
      [world, { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request', 'The client must send a code_challenge.'],
      [world, { code_challenge_method: undefined }, 'invalid_request', 'There is a code_challenge without a code_challenge_method.'],
      [world, { code_challenge_method: 'plain' }, 'invalid_request', 'The code_challenge_method must be S256.'],
      [world, { code_challenge: 'short' }, 'invalid_request', 'The code_challenge is no SHA-256 hash in base64url.'],
      [world, { prompt: 'dance' }, 'invalid_request', 'There is no prompt dance.'],
      [world, { prompt: 'none' }, 'login_required', 'Nobody is signed in.'],
      [world, { max_age: 'old' }, 'invalid_request', 'The max_age is no number of seconds.'],
      [world, { response_mode: 'form_post' }, 'server_error', 'Poolhouse answers in the query, not by the response_mode form_post.'],
      [world, { request: 'e30.e30.' }, 'server_error', 'Poolhouse takes no request objects.'],
    ]
    for (const [by, more, error, why] of cases) {
      const { status, headers } = await ask(by, more)
      t.equal(status, 302)
      const back = new URL(String(headers.location))
      t.equal(back.origin + back.pathname, CALLBACK, JSON.stringify(more))
      t.strictSame(Object.fromEntries(back.searchParams), { error_description: why, state: 'state-1', error }, JSON.stringify(more))
    }
    t.match((await idp.request('GET', `/oauth/authorize?${askingFor(world)}&state=other`)).headers.location, /error=invalid_request/)
    t.match((await ask(world, { poolhouse_user: 'ada' })).headers.location, /\/auth\/error\?error=invalid_request/)
  })

  t.test('is for GET alone, and not at the domain of another vendor', async (t) => {
    const posted = await post(idp, '/oauth/authorize', { client_id: world.client })
    t.strictSame([posted.status, posted.headers.allow], [405, 'GET, HEAD'])
    t.match((await ask(world, {}, { host: 'demo.auth.localhost' })).headers.location, /\/auth\/error\?error=invalid_client/)
  })

  t.test('may go without PKCE where the client need not', async (t) => {
    const open = await addApplication(world.api, { pkceRequired: false })
    await assign(world.api, open.application, world.user.id)
    const without = { code_challenge: undefined, code_challenge_method: undefined }
    const code = await codeAt(idp, { ...world, ...open }, without)
    t.equal((await exchange(idp, { ...world, ...open }, { code, code_verifier: undefined })).status, 200)
  })

  t.test('asks nobody again who is signed in, whichever application comes next', async (t) => {
    const other = await addApplication(world.api)
    await assign(world.api, other.application, world.user.id)
    const seen = browser(idp)
    await seen.go(`/oauth/authorize?${askingFor(world)}`)
    await seen.submit('login', { username: world.user.username, password: CHOSEN })
    const code = async (by: { client: string }, more = {}) =>
      (await seen.go(`/oauth/authorize?${askingFor(by, more)}`)).away?.searchParams.get('code')
    t.ok(await code(world))
    t.ok(await code(other, { prompt: 'none' }))
    t.equal((await seen.go(`/oauth/authorize?${askingFor(world, { prompt: 'login' })}`)).page, 'login')
    t.equal((await seen.go(`/oauth/authorize?${askingFor(world, { prompt: 'select_account' })}`)).page, 'login')
    t.match(seen.text('submit-continue'), world.user.username)
    t.ok((await seen.submit('continue')).away?.searchParams.get('code'))
    idp.clock.advance(60_000)
    t.ok(await code(world, { max_age: '60' }))
    t.ok(await code(world, { acr_values: 'phr' }), 'what no guide knows makes no difference')
    t.equal((await seen.go(`/oauth/authorize?${askingFor(world, { max_age: '59' })}`)).page, 'login')
    t.equal(seen.text('submit-continue'), undefined, 'nor may that sign-in be gone on with')
    idp.clock.advance(12 * 3_600_000)
    t.equal((await seen.go(`/oauth/authorize?${askingFor(world)}`)).page, 'login')
  })

  t.end()
})

test('POST /oauth/token', async (t) => {
  const idp = await emulator(t)
  const world = await makeYandexWorld(idp)
  const spa = { ...world, ...(await addApplication(world.api, { profileId: 'user-agent' })) }
  await assign(world.api, spa.application, world.user.id)

  t.test('gives tokens for a code', async (t) => {
    const code = await codeAt(idp, world, { nonce: 'n-1' })
    const { status, headers, body } = await exchange(idp, world, { code })
    t.strictSame([status, headers['content-type'], headers['cache-control']], [200, 'application/json; charset=utf-8', 'no-store'])
    const { access_token, id_token, refresh_token, ...rest } = body as YandexTokens
    t.strictSame(rest, { expires_in: 3600, token_type: 'Bearer', scope: 'openid profile email' })
    t.match(access_token, /^t1\.[\w-]+\.[\w-]+$/)
    t.match(refresh_token, /^[\w-]{64}$/)
    const { jti, at_hash, ...claims } = claimsOf(id_token)
    t.match([jti, at_hash], [/^[0-9a-f-]{36}$/, /^[\w-]{22}$/])
    t.strictSame(claims, {
      iss: SITE,
      sub: world.user.id,
      name: 'User 2',
      given_name: 'Ada',
      family_name: 'Lovelace',
      preferred_username: world.user.username,
      email: 'ada@example.com',
      aud: world.client,
      iat: START / 1000,
      exp: START / 1000 + 3600,
      auth_time: START / 1000,
      nonce: 'n-1',
    })
    const { keys } = (await idp.request('GET', '/oauth/jwks/keys')).body as { keys: JsonWebKey[] }
    const [head = '', payload = '', signature = ''] = id_token.split('.')
    const header = JSON.parse(Buffer.from(head, 'base64url').toString())
    t.strictSame(header, { kid: keys[0]?.kid, alg: 'RS256' })
    t.match(header.kid, /^[\w-]+$/)
    const key = createPublicKey({ key: keys[0] as JsonWebKey, format: 'jwk' })
    t.ok(verify('sha256', Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, 'base64url')))
    t.strictSame((await info(idp, access_token)).body, {
      sub: world.user.id,
      name: 'User 2',
      given_name: 'Ada',
      family_name: 'Lovelace',
      preferred_username: world.user.username,
      email: 'ada@example.com',
    })
  })

  t.test('refuses a code that is not as it was asked for', async (t) => {
    const other = await addApplication(world.api)
    const cases: [Record<string, string | undefined>, string, number, string][] = [
      [{ code: 'nonsense' }, 'invalid_grant', 400, 'There is no such code.'],
      [{ code: undefined }, 'invalid_request', 400, 'The request has no code.'],
      [{ redirect_uri: 'https://app.example/other' }, 'invalid_grant', 400, `The code was asked for with the redirect_uri ${CALLBACK}.`],
      [{ redirect_uri: undefined }, 'invalid_grant', 400, `The code was asked for with the redirect_uri ${CALLBACK}.`],
      [{ code_verifier: undefined }, 'invalid_grant', 400, 'The code_verifier does not fit the code_challenge.'],
      [{ code_verifier: `${VERIFIER}x` }, 'invalid_grant', 400, 'The code_verifier does not fit the code_challenge.'],
      [{ client_id: other.client, client_secret: other.secret }, 'invalid_grant', 400, 'The code was given to another client.'],
      [{ grant_type: undefined }, 'invalid_request', 400, 'The request has no grant_type.'],
      [{ grant_type: 'password' }, 'unsupported_grant_type', 400, 'There is no grant password here.'],
      [{ grant_type: 'client_credentials' }, 'unsupported_grant_type', 400, 'There is no grant client_credentials here.'],
      [{ client_secret: 'yccs__wrong' }, 'invalid_client', 401, 'The secret is not the one of the client.'],
      [{ client_secret: undefined }, 'invalid_client', 401, 'The client has a secret, and none was sent.'],
      [{ client_id: 'ajenobody' }, 'invalid_client', 401, 'There is no client ajenobody at localhost:80.'],
      [{ client_id: undefined, client_secret: undefined }, 'invalid_client', 401, 'The request does not say which client it comes from.'],
      [{ client_id: spa.client }, 'invalid_client', 401, 'The client has no secret, yet one was sent.'],
    ]
    const code = await codeAt(idp, world)
    for (const [form, error, status, why] of cases) {
      const answer = await exchange(idp, world, { code, ...form })
      t.strictSame([answer.status, answer.body], [status, { error, error_description: why }], JSON.stringify(form))
    }
    t.equal((await exchange(idp, world, { code })).status, 200, 'none of that used it up')
    t.match(await exchange(idp, world, { code }), { status: 400, body: { error: 'invalid_grant', error_description: /used already/ } })
    const late = await codeAt(idp, world)
    idp.clock.advance(600_000)
    t.match(await exchange(idp, world, { code: late }), { body: { error: 'invalid_grant', error_description: /expired/ } })
  })

  t.test('takes the secret as the client may send it', async (t) => {
    const only = { ...world, ...(await addApplication(world.api, { authenticationMethods: ['client_secret_basic'] })) }
    await assign(world.api, only.application, world.user.id)
    const code = await codeAt(idp, only)
    t.match(await exchange(idp, only, { code }), { status: 401, body: { error: 'invalid_client', error_description: /post method/ } })
    const form = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK, code_verifier: VERIFIER }
    t.equal((await post(idp, '/oauth/token', form, basic(only.client, only.secret))).status, 200)
    const { secretValue } = await world.api.done('POST', '/iam/v1/oauthClientSecrets', { oauthClientId: world.client })
    const second = { ...world, secret: secretValue }
    t.equal((await exchange(idp, second, { code: await codeAt(idp, world) })).status, 200, 'every secret of the client is good')
    t.equal((await exchange(idp, spa, { code: await codeAt(idp, spa) })).status, 200, 'a single-page application has none')
  })

  t.test('refreshes', async (t) => {
    const { refresh_token } = await tokensAt(idp, world, { nonce: 'n-2' })
    const refresh = (form: Record<string, string | undefined> = {}) =>
      exchange(idp, world, { grant_type: 'refresh_token', redirect_uri: undefined, code_verifier: undefined, refresh_token, ...form })
    const first = await refresh()
    t.strictSame(Object.keys(first.body as object), ['access_token', 'expires_in', 'token_type', 'id_token', 'scope'])
    t.notOk('nonce' in claimsOf((first.body as YandexTokens).id_token))
    t.match((await refresh({ scope: 'openid' })).body, { scope: 'openid' })
    t.match((await refresh({ scope: 'openid groups' })).body, { error: 'invalid_scope' })
    t.match((await refresh({ refresh_token: undefined })).body, { error: 'invalid_request' })
    t.match((await refresh({ refresh_token: 'nonsense' })).body, { error: 'invalid_grant' })
    t.match((await refresh({ client_id: spa.client, client_secret: undefined })).body, { error: 'invalid_grant' })
    idp.clock.advance(30 * 86_400_000)
    t.match((await refresh()).body, { error: 'invalid_grant' })
  })
  t.end()
})

test('GET /oauth/userinfo and POST /oauth/revoke', async (t) => {
  const idp = await emulator(t)
  const world = await makeYandexWorld(idp)
  t.test('tells what the scopes cover', async (t) => {
    const { access_token, id_token } = await tokensAt(idp, world, { scope: 'openid phone' })
    t.strictSame((await info(idp, access_token)).body, { sub: world.user.id, phone_number: '+74951234567' })
    const bearer = { authorization: `Bearer ${access_token}` }
    t.equal((await post(idp, '/oauth/userinfo', {}, bearer)).status, 200)
    const plain = await tokensAt(idp, world, { scope: 'email' })
    t.equal(plain.id_token, undefined)
    t.match(await info(idp, plain.access_token), { status: 401, body: { error: 'invalid_token', error_description: /openid/ } })
    t.match(await info(idp, 'nonsense'), { status: 401, headers: { 'www-authenticate': /^Bearer error="invalid_token"/ } })
    t.match(await info(idp, id_token), { status: 401 })
    t.match(await idp.request('GET', '/oauth/userinfo'), { status: 400, body: { error: 'invalid_request' } })
    idp.clock.advance(3_600_000)
    t.match(await info(idp, access_token), { status: 401 })
  })
  t.test('an IAM token of a user will do', async (t) => {
    const { body } = await idp.request('POST', '/_/yandex/iam-tokens', { subject: world.user.id })
    const { iamToken } = body as { iamToken: string }
    t.match((await info(idp, iamToken)).body, { sub: world.user.id, preferred_username: world.user.username, email: 'ada@example.com' })
  })
  t.test('an access token is an IAM token of its user', async (t) => {
    const { access_token } = await tokensAt(idp, world)
    const bearer = { authorization: `Bearer ${access_token}` }
    t.match((await world.api.call('GET', `${IDP}/users:getSelfPasswordMetadata`, undefined, bearer)).body, { type: 'PERMANENT' })
  })
  t.test('revokes what a client got', async (t) => {
    const tokens = await tokensAt(idp, world)
    const other = await addApplication(world.api)
    const revoke = (token: string | undefined, by = world as { client: string; secret: string }) =>
      post(idp, '/oauth/revoke', { token, client_id: by.client, client_secret: by.secret })
    t.match(await revoke(undefined), { status: 400, body: { error: 'invalid_request' } })
    t.match(await revoke(tokens.refresh_token, { ...world, secret: 'x' }), { status: 401, body: { error: 'invalid_client' } })
    t.equal((await revoke('nonsense')).status, 200)
    t.equal((await revoke(tokens.refresh_token, other)).status, 200)
    t.equal((await info(idp, tokens.access_token)).status, 200, 'another client revokes nothing')
    t.equal((await revoke(tokens.refresh_token)).status, 200)
    t.equal((await info(idp, tokens.access_token)).status, 401)
    const again = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, redirect_uri: undefined, code_verifier: undefined }
    t.match((await exchange(idp, world, again)).body, { error: 'invalid_grant' })
    const fresh = await tokensAt(idp, world)
    await revoke(fresh.access_token)
    t.equal((await info(idp, fresh.access_token)).status, 401)
  })
  t.end()
})

test('who may enter', async (t) => {
  const idp = await emulator(t)
  const world = await makeYandexWorld(idp)
  const { api, application, user } = world
  const denied = async () => Object.fromEntries((await signInAt(idp, world)).searchParams)
  const group = await api.done('POST', '/organization-manager/v1/groups', { organizationId: ORGANIZATION, name: 'staff' })
  const other = await api.done('POST', '/organization-manager/v1/groups', { organizationId: ORGANIZATION, name: 'others' })
  const membership = (id: string, action: 'ADD' | 'REMOVE') =>
    api.done('POST', `/organization-manager/v1/groups/${id}:updateMembers`, { memberDeltas: [{ action, subjectId: user.id }] })

  t.test('who is assigned, directly or by a group', async (t) => {
    const { refresh_token } = await tokensAt(idp, world)
    const early = await codeAt(idp, world)
    await assign(api, application, user.id, 'REMOVE')
    t.match(await denied(), { error: 'access_denied', state: 'state-1', error_description: /is not assigned to the application/ })
    t.match((await exchange(idp, world, { code: early })).body, { error: 'invalid_grant', error_description: /not assigned/ })
    const again = { grant_type: 'refresh_token', refresh_token, redirect_uri: undefined, code_verifier: undefined }
    t.match((await exchange(idp, world, again)).body, { error: 'invalid_grant', error_description: /not assigned/ })
    await assign(api, application, group.id)
    t.match(await denied(), { error: 'access_denied' })
    await membership(group.id, 'ADD')
    t.ok((await denied()).code)
  })

  t.test('groups, as the application is told of them', async (t) => {
    await membership(other.id, 'ADD')
    const groups = async (groupDistributionType: string, groupClaimValue?: string) => {
      const groupClaimsSettings = { groupDistributionType, groupClaimValue }
      await api.done('PATCH', `${APPLICATIONS}/${application}`, { updateMask: 'groupClaimsSettings', groupClaimsSettings })
      const { id_token, access_token } = await tokensAt(idp, world, { scope: 'openid groups' })
      const { groups: told } = claimsOf(id_token)
      t.same(((await info(idp, access_token)).body as { groups?: string[] }).groups, told)
      return told
    }
    t.equal(await groups('NONE'), undefined)
    t.same(await groups('ASSIGNED_GROUPS'), ['staff'])
    t.same(await groups('ALL_GROUPS'), ['staff', 'others'])
    t.same(await groups('ALL_GROUPS', 'NAME'), ['staff', 'others'])
    t.same(await groups('ASSIGNED_GROUPS', 'ID'), [group.id])
    const external = { organizationId: ORGANIZATION, name: 'synced', subjectContainerId: world.pool, externalId: 'S-1-5-32' }
    const synced = await api.done('POST', '/organization-manager/v1/external_groups', external)
    await membership(synced.id, 'ADD')
    t.same(await groups('ALL_GROUPS', 'ID'), [group.id, other.id, synced.id])
    t.same(await groups('ALL_GROUPS', 'EXTERNAL_ID'), ['S-1-5-32'])
    await membership(synced.id, 'REMOVE')
    t.notOk('groups' in claimsOf((await tokensAt(idp, world)).id_token), 'without the scope no groups')

    const names = Array.from({ length: 1001 }, (_one, index) => `many-${index}`)
    idp.app.emulator.namespace().act((call) => {
      for (const name of names) {
        groupRecords.insert(call, ORGANIZATION, name, { id: name, organizationId: ORGANIZATION, createdAt: '2026-01-01T00:00:00Z', name })
        members.add(call, ORGANIZATION, name, user.id)
      }
    })
    const told = (await groups('ALL_GROUPS')) as string[]
    t.strictSame([told.length, told.slice(0, 3), told.at(-1)], [1000, ['staff', 'others', 'many-0'], 'many-997'], 'the first thousand')
    t.same(await groups('ASSIGNED_GROUPS'), ['staff'])
    idp.app.emulator.namespace().act((call) => {
      for (const name of names) {
        groupRecords.remove(call, ORGANIZATION, name)
        members.removeTeam(call, ORGANIZATION, name)
      }
    })
  })

  t.test('a suspended application lets nobody in', async (t) => {
    const { access_token, refresh_token } = await tokensAt(idp, world)
    await api.done('POST', `${APPLICATIONS}/${application}:suspend`, {})
    const seen = browser(idp)
    const page = await seen.go(`/oauth/authorize?${askingFor(world)}`)
    t.strictSame([page.page, seen.text('error')], ['error', 'unauthorized_client'])
    t.match(page.text, /is SUSPENDED/)
    const again = { grant_type: 'refresh_token', refresh_token, redirect_uri: undefined, code_verifier: undefined }
    t.match(await exchange(idp, world, again), { status: 400, body: { error: 'unauthorized_client' } })
    t.not((await info(idp, access_token)).status, 200)
    await api.done('POST', `${APPLICATIONS}/${application}:reactivate`, {})
    t.equal((await info(idp, access_token)).status, 200)
  })

  t.test('a suspended or expired user is refused on the page, and forgotten', async (t) => {
    const { access_token } = await tokensAt(idp, world)
    const seen = browser(idp)
    const go = () => seen.go(`/oauth/authorize?${askingFor(world)}`)
    await go()
    await seen.submit('login', { username: user.username, password: CHOSEN })
    const early = await codeAt(idp, world)
    await api.done('POST', `${IDP}/users/${user.id}:suspend`, {})
    t.equal((await go()).page, 'login', 'the session is good for nothing')
    await seen.submit('login', { username: user.username, password: CHOSEN })
    t.strictSame([seen.last?.status, seen.text('error')], [400, 'User is not active'])
    t.match((await exchange(idp, world, { code: early })).body, { error: 'invalid_grant' })
    t.equal((await info(idp, access_token)).status, 401)
    await api.done('POST', `${IDP}/users/${user.id}:reactivate`, {})
    await api.done('PATCH', `${IDP}/users/${user.id}`, { updateMask: 'expiresAt', expiresAt: '2026-01-01T00:00:00Z' })
    await go()
    await seen.submit('login', { username: user.username, password: CHOSEN })
    t.equal(seen.text('error'), 'User has expired')
  })

  t.test('of a user who is deleted nothing is left', async (t) => {
    await api.done('PATCH', `${IDP}/users/${user.id}`, { updateMask: 'expiresAt', expiresAt: '2036-01-01T00:00:00Z' })
    const { access_token, refresh_token } = await tokensAt(idp, world)
    const seen = browser(idp)
    const go = () => seen.go(`/oauth/authorize?${askingFor(world)}`)
    await go()
    const { away } = await seen.submit('login', { username: user.username, password: CHOSEN })
    const code = away?.searchParams.get('code') as string
    await api.done('DELETE', `${IDP}/users/${user.id}`)
    t.match(await info(idp, access_token), { status: 401, body: { error: 'invalid_token' } })
    t.match(await exchange(idp, world, { code }), { status: 400, body: { error: 'invalid_grant' } })
    const again = { grant_type: 'refresh_token', refresh_token, redirect_uri: undefined, code_verifier: undefined }
    t.match(await exchange(idp, world, again), { status: 400, body: { error: 'invalid_grant' } })
    t.equal((await go()).page, 'login')
  })
  t.end()
})

test('the pages', async (t) => {
  const idp = await emulator(t)
  const world = await makeYandexWorld(idp)
  const fresh = await world.api.user({ userpoolId: world.pool })
  await assign(world.api, world.application, fresh.id)
  const start = `/oauth/authorize?${askingFor(world)}`

  t.test('a wrong password', async (t) => {
    const seen = browser(idp, { 'accept-language': 'ru' })
    await seen.go(start)
    const { status, page } = await seen.submit('login', { username: world.user.username, password: 'wrong' })
    t.strictSame([status, page, seen.text('error')], [400, 'login', 'Неверное имя пользователя или пароль.'])
    await seen.submit('login', { username: 'nobody@nowhere.example', password: 'wrong' })
    t.equal(seen.text('error'), 'Неверное имя пользователя или пароль.')
  })

  t.test('too many wrong ones', async (t) => {
    const seen = browser(idp)
    await seen.go(start)
    for (let n = 0; n < 15; n++) await seen.submit('login', { username: world.user.username, password: 'wrong' })
    await seen.submit('login', { username: world.user.username, password: CHOSEN })
    t.equal(seen.text('error'), 'Too many attempts; try again later')
    idp.clock.advance(600_000)
    t.ok((await seen.submit('login', { username: world.user.username, password: CHOSEN })).away?.searchParams.get('code'))
  })

  t.test('a temporary password is changed first', async (t) => {
    const seen = browser(idp)
    await seen.go(start)
    t.equal((await seen.submit('login', { username: fresh.username, password: PASSWORD })).page, 'change-password')
    const change = (password: string, confirm_password = password) => seen.submit('change-password', { password, confirm_password })
    await change('Another-4711-pw', 'something else')
    t.equal(seen.text('error'), 'The two passwords are not the same.')
    await change('short')
    t.equal(seen.text('error'), 'Password of 1 character class is not allowed')
    await change(PASSWORD)
    t.equal(seen.text('error'), 'Password must differ from the last one')
    t.ok((await change('Another-4711-pw')).away?.searchParams.get('code'))
    const operations = idp.app.emulator.namespace().journal.list({ limit: 1 })
    t.notMatch(JSON.stringify(operations), /Another-4711-pw/)
    const again = browser(idp)
    await again.go(start)
    t.ok((await again.submit('login', { username: fresh.username, password: 'Another-4711-pw' })).away)
    t.equal((await browser(idp).go(`/auth/password?${askingFor(world)}`)).page, 'login', 'nobody gets there without a password')
  })

  t.test('so is one that is too old', async (t) => {
    idp.clock.advance(366 * 86_400_000)
    const seen = browser(idp)
    await seen.go(start)
    t.equal((await seen.submit('login', { username: world.user.username, password: CHOSEN })).page, 'change-password')
    t.ok(
      (await seen.submit('change-password', { password: 'Another-4711-pw', confirm_password: 'Another-4711-pw' })).away?.searchParams.get(
        'code',
      ),
    )
  })

  t.test('a form without its secret, or replayed elsewhere, is not taken', async (t) => {
    const form = { username: fresh.username, password: 'Another-4711-pw' }
    const at = `/auth/login?${askingFor(world)}`
    t.match(await post(idp, at, form), { status: 403 })
    t.match(await post(idp, at, { ...form, _csrf: 'x' }, { cookie: 'yc-csrf=y' }), { status: 403 })
    const stranger = browser(idp)
    await stranger.go(start)
    const secret = stranger.cookies.get('yc-csrf') ?? ''
    t.match(await post(idp, at, { ...form, _csrf: secret }), { status: 403 })
    t.match(await post(idp, at, { ...form, _csrf: secret }, { cookie: `yc-csrf=${secret}` }), { status: 302 })
    for (const line of stranger.set) t.match(line, /; HttpOnly; SameSite=Lax$/)
    t.match(stranger.last?.headers, { 'x-frame-options': 'DENY', 'content-security-policy': /frame-ancestors 'none'/ })
  })

  t.test('echo nothing unescaped', async (t) => {
    const page = await browser(idp).go(`/auth/login?${askingFor(world, { login_hint: '"><script>x</script>', state: "'><b>" })}`)
    t.notMatch(page.text, '<script>x')
    t.notMatch(page.text, "'><b>")
  })

  t.test('the list of people', async (t) => {
    const seen = browser(idp)
    await seen.go(start)
    t.equal((await seen.follow(`pick-${fresh.username}`)).page, 'login')
    t.match(seen.last?.text, `value="${fresh.username}"`)
  })
  t.end()
})

test('the configuration and the keys, whole', async (t) => {
  const idp = await emulator(t)
  const { headers, body } = await idp.request('GET', '/.well-known/openid-configuration')
  t.equal(headers['cache-control'], 'public, max-age=300')
  t.strictSame(body, {
    issuer: SITE,
    authorization_endpoint: `${SITE}/oauth/authorize`,
    token_endpoint: `${SITE}/oauth/token`,
    userinfo_endpoint: `${SITE}/oauth/userinfo`,
    jwks_uri: `${SITE}/oauth/jwks/keys`,
    revocation_endpoint: `${SITE}/oauth/revoke`,
    end_session_endpoint: `${SITE}/oauth/logout`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile', 'email', 'address', 'phone', 'groups'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    code_challenge_methods_supported: ['S256'],
    claims_supported: [
      ...['iss', 'sub', 'aud', 'iat', 'exp', 'auth_time', 'nonce', 'at_hash', 'jti', 'amr', 'acr'],
      ...['name', 'given_name', 'family_name', 'preferred_username', 'email', 'phone_number', 'groups'],
    ],
  })
  const { keys } = (await idp.request('GET', '/oauth/jwks/keys')).body as { keys: Record<string, string>[] }
  t.ok(keys.length > 0)
  for (const key of keys) {
    t.strictSame(Object.keys(key), ['kty', 'use', 'alg', 'kid', 'n', 'e'])
    t.match(key, { kty: 'RSA', use: 'sig', alg: 'RS256', kid: /./, n: /^[\w-]{342}$/, e: 'AQAB' })
  }
})

test('poolhouse_user, where it is allowed', async (t) => {
  const idp = await emulator(t, { settings: { rooms: { yandex: { instantSignIn: true } } } })
  const world = await makeYandexWorld(idp)
  const go = (name: string) => browser(idp).go(`/oauth/authorize?${askingFor(world, { poolhouse_user: name })}`)
  t.ok((await go(world.user.username)).away?.searchParams.get('code'))
  t.equal((await go('nobody@nowhere')).page, 'error')
})

test('with auth: strict, browsers and applications need no IAM token', async (t) => {
  const idp = await emulator(t)
  const world = await makeYandexWorld(idp)
  Object.assign(idp.app.emulator.fittings.settings.rooms, { yandex: { auth: 'strict' } })
  t.teardown(() => Object.assign(idp.app.emulator.fittings.settings.rooms, { yandex: {} }))
  t.equal((await world.api.call('GET', `${APPLICATIONS}?organizationId=${ORGANIZATION}`)).status, 401)
  const { access_token } = await tokensAt(idp, world)
  t.equal((await info(idp, access_token)).status, 200)
})

test('a password that takes its time, as operations do where they are told to', async (t) => {
  const idp = await emulator(t)
  const world = await makeYandexWorld(idp)
  const fresh = await world.api.user({ userpoolId: world.pool })
  await assign(world.api, world.application, fresh.id)
  await idp.request('PUT', '/_/operations/policy', { kind: 'idp.UserService.SetOwnPassword', runs: '5s' })
  const seen = browser(idp)
  await seen.go(`/oauth/authorize?${askingFor(world)}`)
  await seen.submit('login', { username: fresh.username, password: PASSWORD })
  const { page } = await seen.submit('change-password', { password: 'Another-4711-pw', confirm_password: 'Another-4711-pw' })
  t.strictSame([page, seen.text('notice')], ['login', 'The new password is being taken over. Sign in with it in a while.'])
  idp.clock.advance(5000)
  t.ok((await seen.submit('login', { username: fresh.username, password: 'Another-4711-pw' })).away?.searchParams.get('code'))
})

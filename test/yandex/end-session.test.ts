import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'tap'
import { emulator, type TestEmulator } from '../support/emulator.ts'
import { browser, CALLBACK, post, SITE } from '../support/oauth.ts'
import { claimsOf } from '../support/sign-in.ts'
import { IDP, rest } from '../support/yandex.ts'
import {
  addApplication,
  askingFor,
  assign,
  CHOSEN,
  makePermanent,
  makeYandexWorld,
  tokensAt,
  type YandexWorld,
} from '../support/yandex-oauth.ts'

const at = (query: Record<string, string | undefined>) =>
  `/oauth/logout?${new URLSearchParams(Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined))}`

/** A browser at which the world's user is signed in. */
async function signedIn(idp: TestEmulator, world: YandexWorld, headers: Record<string, string> = {}) {
  const seen = browser(idp, headers)
  await seen.go(`/oauth/authorize?${askingFor(world)}`)
  await seen.submit('login', { username: world.user.username, password: CHOSEN })
  const holds = async () => (await seen.go(`/oauth/authorize?${askingFor(world, { prompt: 'none' })}`)).away?.searchParams.has('code')
  if ((await holds()) !== true) throw new Error('not signed in')
  return { seen, holds }
}

/** Where the client's people are led who signed out: another address than where they come with codes. */
const GONE = 'https://app.example/gone'

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

test('/oauth/logout', async (t) => {
  const idp = await emulator(t)
  const world = await makeYandexWorld(idp, { postLogoutRedirectUris: [GONE] })
  const { id_token, access_token, refresh_token } = await tokensAt(idp, world)
  const back = { post_logout_redirect_uri: GONE, state: 'bye & "bye"' }

  t.test('is announced', async (t) => {
    const { body } = await idp.request('GET', '/.well-known/openid-configuration')
    t.match(body, { end_session_endpoint: `${SITE}/oauth/logout` })
  })

  t.test('with an ID token of whoever is signed in, signs out and leads back with the state', async (t) => {
    const { seen, holds } = await signedIn(idp, world)
    const { away } = await seen.go(at({ id_token_hint: id_token, client_id: world.client, ...back }))
    t.equal(away?.href, `${GONE}?state=bye+%26+%22bye%22`)
    t.notOk(seen.cookies.has('yc_session'))
    t.notOk(await holds())
    t.equal((await seen.go(at({ id_token_hint: id_token, ...back }))).away?.pathname, '/gone', 'signing out twice does no harm')
    t.equal((await seen.go(at({ id_token_hint: id_token, post_logout_redirect_uri: GONE }))).away?.href, GONE)
  })

  t.test('the session is over at the server, not only at the browser', async (t) => {
    const { seen, holds } = await signedIn(idp, world)
    const kept = seen.cookies.get('yc_session') as string
    await seen.go(at({ id_token_hint: id_token }))
    t.equal(seen.last?.page, 'signed-out')
    seen.cookies.set('yc_session', kept)
    t.notOk(await holds())
  })

  t.test('an ID token that has expired will do, and tokens stay good', async (t) => {
    idp.clock.advance(3_600_000)
    const { seen, holds } = await signedIn(idp, world)
    t.equal((await seen.go(at({ id_token_hint: id_token, ...back }))).away?.pathname, '/gone')
    t.notOk(await holds())
    const form = { grant_type: 'refresh_token', refresh_token, client_id: world.client, client_secret: world.secret }
    t.equal((await post(idp, '/oauth/token', form)).status, 200)
  })

  t.test('without one it asks first', async (t) => {
    const { seen, holds } = await signedIn(idp, world)
    const url = at({ client_id: world.client, ...back })
    t.equal((await seen.go(url)).page, 'sign-out')
    t.equal(seen.text('lead'), `You are signed in as ${world.user.username}. Do you want to sign out?`)
    t.match(seen.last?.headers, { 'content-security-policy': /form-action 'self' https:\/\/app\.example/, 'x-frame-options': 'DENY' })
    t.ok(await holds(), 'nothing happened yet')
    await seen.go(url)
    t.equal((await seen.submit('sign-out')).away?.href, `${GONE}?state=bye+%26+%22bye%22`)
    t.notOk(await holds())
    t.equal((await seen.go('/oauth/logout')).page, 'signed-out', 'nobody is asked who is not signed in')
  })

  t.test('nor does the ID token of somebody else sign anybody out', async (t) => {
    const other = await world.api.user({ userpoolId: world.pool })
    await makePermanent(world.api, other.id)
    await assign(world.api, world.application, other.id)
    const { seen, holds } = await signedIn(idp, world)
    const theirs = await tokensAt(idp, { ...world, user: other })
    t.equal(claimsOf(theirs.id_token).sub, other.id)
    t.equal((await seen.go(at({ id_token_hint: theirs.id_token, ...back }))).page, 'sign-out')
    t.ok(await holds())
  })

  t.test('a form that another site sends is not taken for the one of our page', async (t) => {
    const { seen, holds } = await signedIn(idp, world)
    const forged = await seen.post('/oauth/logout', { action: 'sign-out', client_id: world.client, _csrf: 'guessed' })
    t.strictSame([forged.status, forged.page], [403, 'stale'])
    t.ok(await holds())
  })

  t.test('by POST as by GET', async (t) => {
    const { seen, holds } = await signedIn(idp, world)
    const first = await post(idp, '/oauth/logout', { id_token_hint: id_token, ...back, action: 'x' })
    t.equal(first.status, 302, 'without the cookies that other sites send none of')
    t.match(first.headers.location, `${SITE}/oauth/logout?id_token_hint=`)
    t.notMatch(first.headers.location, 'action')
    t.equal((await seen.post('/oauth/logout', { id_token_hint: id_token, ...back })).away?.pathname, '/gone')
    t.notOk(await holds())
  })

  t.test('leads nowhere but to an address of the client', async (t) => {
    const { seen, holds } = await signedIn(idp, world)
    const other = await addApplication(world.api, { postLogoutRedirectUris: ['https://other.example/callback'] })
    const cases: [Record<string, string | undefined>, string, RegExp][] = [
      [{ post_logout_redirect_uri: 'https://evil.example/' }, 'redirect_mismatch', /evil\.example\/ is not one of/],
      [{ post_logout_redirect_uri: `${GONE}/` }, 'redirect_mismatch', /is not one of/],
      [{ post_logout_redirect_uri: `${GONE}?x` }, 'redirect_mismatch', /is not one of/],
      [{ post_logout_redirect_uri: CALLBACK }, 'redirect_mismatch', /postLogoutRedirectUris. Registered: https:\/\/app\.example\/gone\./],
      [{ post_logout_redirect_uri: '//evil.example' }, 'redirect_mismatch', /is not one of/],
      [{ post_logout_redirect_uri: 'javascript:alert(1)' }, 'redirect_mismatch', /is not one of/],
      [{ post_logout_redirect_uri: '' }, 'redirect_mismatch', /is not one of/],
      [{ post_logout_redirect_uri: 'https://other.example/callback' }, 'redirect_mismatch', /Registered: https:\/\/app\.example/],
      [{ id_token_hint: undefined }, 'invalid_request', /needs a client_id or an id_token_hint/],
      [{ client_id: other.client }, 'invalid_request', /the ID token was issued to/],
      [{ id_token_hint: undefined, client_id: 'ajenobody' }, 'invalid_client', /There is no client ajenobody/],
    ]
    for (const [more, error, why] of cases) {
      const page = await seen.go(at({ id_token_hint: id_token, post_logout_redirect_uri: GONE, ...more }))
      t.strictSame([page.status, page.page, seen.text('error'), page.away], [400, 'error', error, undefined], JSON.stringify(more))
      t.match(page.text, why)
    }
    const twice = await seen.go(`${at({ id_token_hint: id_token, ...back })}&post_logout_redirect_uri=https://evil.example`)
    t.match([twice.status, seen.text('lead')], [400, /post_logout_redirect_uri came more than once/])
    const echoed = await seen.go(at({ client_id: world.client, post_logout_redirect_uri: 'https://evil.example/<script>x</script>' }))
    t.notMatch(echoed.text, '<script>x')
    t.ok(await holds(), 'what is refused signs nobody out')
  })

  t.test('an ID token has to be one of ours', async (t) => {
    const { seen, holds } = await signedIn(idp, world)
    const [header = '', payload = '', signature = ''] = id_token.split('.')
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const foreign = sign('sha256', Buffer.from(`${header}.${payload}`), privateKey).toString('base64url')
    const none = encode({ alg: 'none' })
    const mac = encode({ ...JSON.parse(Buffer.from(header, 'base64url').toString()), alg: 'HS256' })
    const changed = encode({ ...claimsOf(id_token), aud: 'ajeother' })
    const wrong = {
      nonsense: 'x',
      'an access token': access_token,
      'a foreign key': `${header}.${payload}.${foreign}`,
      'no signature': `${none}.${payload}.`,
      'a MAC': `${mac}.${payload}.${createHmac('sha256', 'x').update(`${mac}.${payload}`).digest('base64url')}`,
      'another client in it': `${header}.${changed}.${signature}`,
    }
    for (const [name, token] of Object.entries(wrong)) {
      const page = await seen.go(at({ id_token_hint: token, ...back }))
      t.strictSame([page.status, seen.text('error')], [400, 'invalid_request'], name)
      t.match(page.text, 'no ID token that was issued here', name)
    }
    t.ok(await holds())
  })

  t.test('of a client or a user that is gone signs out all the same', async (t) => {
    const fresh = { ...world, user: await world.api.user({ userpoolId: world.pool }) }
    await makePermanent(world.api, fresh.user.id)
    const app = await addApplication(world.api, { postLogoutRedirectUris: [GONE] })
    await assign(world.api, app.application, fresh.user.id)
    const theirs = { ...fresh, ...app }
    const tokens = await tokensAt(idp, theirs)
    const { seen, holds } = await signedIn(idp, theirs)
    await world.api.done('POST', `${IDP}/users/${fresh.user.id}:suspend`, {})
    t.equal((await seen.go(at({ id_token_hint: tokens.id_token, post_logout_redirect_uri: GONE }))).away?.href, GONE)
    await world.api.done('POST', `${IDP}/users/${fresh.user.id}:reactivate`, {})
    t.notOk(await holds())
    await world.api.done('DELETE', `${IDP}/application/oauth/applications/${app.application}`)
    await world.api.done('DELETE', `/iam/v1/oauthClients/${app.client}`)
    t.equal((await seen.go(at({ id_token_hint: tokens.id_token }))).page, 'signed-out')
    t.match(await seen.go(at({ id_token_hint: tokens.id_token, post_logout_redirect_uri: GONE })), { status: 400 })
  })

  t.test('of whichever organization the session is', async (t) => {
    const organizations = ['bpfone00000000000000', 'bpftwo00000000000000'].map((id) => ({ id, name: id }))
    const two = await emulator(t, { settings: { rooms: { yandex: { organizations } } } })
    const seen = browser(two)
    for (const { id: organizationId } of organizations) {
      const api = rest(two)
      const pool = await api.pool({ organizationId, name: 'p', defaultSubdomain: `of-${organizationId}` })
      const user = await api.user({ userpoolId: pool.id })
      await makePermanent(api, user.id)
      const app = await addApplication(api, {}, { organizationId })
      await assign(api, app.application, user.id)
      await seen.go(`/oauth/authorize?${askingFor(app)}`)
      t.ok((await seen.submit('login', { username: user.username, password: CHOSEN })).away?.searchParams.get('code'), organizationId)
      t.equal((await seen.go('/oauth/logout')).page, 'sign-out')
      t.match(seen.text('lead'), user.username)
    }
    t.equal((await seen.submit('sign-out')).page, 'signed-out')
    t.equal((await seen.go('/oauth/logout')).page, 'signed-out')
  })

  t.test('speaks the language that the application asks for', async (t) => {
    const seen = browser(idp)
    t.match((await seen.go(at({ ui_locales: 'ru de' }))).text, /<h1>Вы вышли\.<\/h1>/)
    t.match((await seen.go(at({ lang: 'de' }))).text, /<h1>Sie sind abgemeldet\.<\/h1>/)
  })

  t.test('is seen in the journal without tokens', async (t) => {
    await browser(idp).go(at({ id_token_hint: id_token }))
    const [entry] = idp.app.emulator.namespace().journal.list({ limit: 1 })
    t.match(entry, { room: 'yandex', operation: 'EndSession' })
    t.notOk(entry?.notes.event, 'nobody was signed in')
    const { seen } = await signedIn(idp, world)
    await seen.go(at({ id_token_hint: id_token }))
    const [ended] = idp.app.emulator.namespace().journal.list({ limit: 1 })
    t.equal(ended?.notes.event, 'yandex.cloud.audit.iam.credential.RevokeSsoSession')
    t.notMatch(JSON.stringify(entry), id_token.slice(-20))
  })

  t.test('in a namespace, an ID token of another one is none', async (t) => {
    const page = await browser(idp).go(`/~other${at({ id_token_hint: id_token })}`)
    t.match([page.status, page.text], [400, /no ID token that was issued here/])
  })
  t.end()
})

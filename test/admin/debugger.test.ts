import { test } from 'tap'
import type { Browser } from '../support/browser.ts'
import { emulator, type TestEmulator } from '../support/emulator.ts'
import { browser, hostedWorld, SITE } from '../support/oauth.ts'
import { only } from '../support/only.ts'
import { makeUser } from '../support/sign-in.ts'
import { addApplication, CHOSEN, makeYandexWorld } from '../support/yandex-oauth.ts'

const CALLBACK = `${SITE}/_/debugger/callback`

/** From the list of clients to the page of the flow, adding the redirect URI by the button. */
async function beginWith(idp: TestEmulator, client: string): Promise<Browser> {
  const seen = browser(idp)
  await seen.go(`${SITE}/_/debugger`)
  const list = seen.last?.text ?? ''
  const href = new RegExp(`href="([^"]*client=${client})" data-testid`).exec(list)?.[1]?.replaceAll('&amp;', '&') ?? ''
  await seen.go(href)
  await seen.submit('redirect')
  return seen
}

/** Whatever the pages say, none of these is in the journal. */
function isJournalled(idp: TestEmulator, ...secrets: string[]): boolean {
  const text = JSON.stringify(idp.app.emulator.namespace().journal.list({ limit: 1000 }))
  return secrets.some((secret) => text.includes(secret))
}

test('GET /_/debugger walks a code flow with a Cognito client', async (t) => {
  const idp = await emulator(t)
  const world = await hostedWorld(idp, {}, { GenerateSecret: true, RefreshTokenValidity: 7 })
  await makeUser(idp, world, 'ada', { email: 'ada@example.com' })
  const seen = browser(idp)
  const { text } = await seen.go(`${SITE}/_/debugger/client?vendor=cognito&client=${world.client}`)
  t.match(text, `is to come to <code>${CALLBACK}</code>`)
  t.match(text, /X-Amz-Target: AWSCognitoIdentityProviderService.UpdateUserPoolClient/i)
  t.match(text, /&quot;RefreshTokenValidity&quot;:7/, 'the call keeps what the client is set to')

  const walk = await beginWith(idp, world.client)
  t.notMatch(walk.last?.text, 'missing-redirect')
  const { UserPoolClient } = await idp.cognito.DescribeUserPoolClient({ UserPoolId: world.pool, ClientId: world.client })
  t.match(UserPoolClient, { RefreshTokenValidity: 7, LogoutURLs: only('https://app.example/bye') })
  t.ok(UserPoolClient?.CallbackURLs?.includes(CALLBACK))

  await walk.submit('begin', { scope: 'openid email' })
  const first = walk.last?.text ?? ''
  const flow = walk.last?.url ?? ''
  for (const name of ['response_type', 'redirect_uri', 'code_challenge', 'nonce', 'code_verifier']) t.match(first, name)
  t.match(first, `curl -i &#39;${SITE}/oauth2/authorize?response_type=code`)
  t.equal((await walk.follow('go')).page, 'login')
  await walk.submit('login', { username: 'ada', password: 'Secret-12' })
  t.match(walk.last?.text, /The state is the one that was sent/)
  await walk.submit('token')
  t.match(walk.text('answer-token'), /"refresh_token"/)
  t.match(walk.text('decoded-id_token'), /"email": "ada@example.com"/)
  t.match(walk.text('decoded-access_token'), /"scope": "openid email"/)
  t.match(walk.last?.text, 'It is good.')
  t.match(walk.last?.text, '$CLIENT_SECRET')
  t.notMatch(walk.last?.text, world.secret ?? 'none')
  await walk.submit('userinfo')
  t.match(walk.text('answer-userinfo'), /"username": "ada"/)
  await walk.submit('refresh')
  t.match(walk.text('answer-refresh'), /"id_token"/)
  await walk.submit('revoke')
  t.match(walk.last?.text, /The end of the refresh token/)
  const { away } = await walk.follow('logout')
  t.equal(away?.href, 'https://app.example/bye')
  const code = /data-testid="back-code">([^<]+)</.exec((await walk.go(flow)).text)?.[1] ?? ''
  t.ok(code)
  t.notOk(isJournalled(idp, code, world.secret ?? 'none', 'Secret-12'))
})

test('with an OAuth application of Yandex', async (t) => {
  const idp = await emulator(t)
  const gone = 'https://app.example/gone'
  const world = await makeYandexWorld(idp, { pkceRequired: true, postLogoutRedirectUris: [gone] })
  const lonely = await addApplication(world.api)
  t.match((await browser(idp).go(`${SITE}/_/debugger/client?vendor=yandex&client=${lonely.client}`)).text, /Nobody is assigned/)
  const { text } = await browser(idp).go(`${SITE}/_/debugger/client?vendor=yandex&client=${world.client}`)
  t.match(text, `curl -i -X PATCH &#39;${SITE}/iam/v1/oauthClients/${world.client}&#39;`)

  const walk = await beginWith(idp, world.client)
  await walk.submit('begin', { scope: 'openid profile', login_hint: world.user.username })
  await walk.follow('go')
  t.match(walk.last?.text, `value="${world.user.username}"`)
  await walk.submit('login', { username: world.user.username, password: CHOSEN })
  t.match(walk.last?.text, /Client secret/)
  await walk.submit('token', { secret: 'wrong' })
  t.match(walk.text('answer-token'), /invalid_client/)
  await walk.submit('token', { secret: world.secret })
  t.match(walk.text('decoded-id_token'), new RegExp(`"preferred_username": "${world.user.username}"`))
  t.match(walk.last?.text, /opaque/)
  await walk.submit('userinfo')
  t.match(walk.text('answer-userinfo'), /"given_name": "Ada"/)
  await walk.submit('refresh')
  await walk.submit('revoke')
  t.match(walk.text('sign-out'), /It ends the session of this browser/)
  t.notMatch(walk.last?.text, world.secret)
  t.notOk(isJournalled(idp, world.secret, CHOSEN))
  t.equal((await walk.follow('logout')).page, 'sign-out')
  t.equal((await walk.submit('sign-out')).away?.href, gone)
})

test('in a namespace, with a refusal, and what is not there', async (t) => {
  const idp = await emulator(t)
  const request: TestEmulator['request'] = (method, url, body, headers) => idp.request(method, `/~t1${url}`, body, headers)
  const world = await makeYandexWorld({ ...idp, request })
  const seen = browser(idp, {}, SITE)
  await seen.go(`${SITE}/~t1/_/debugger/client?vendor=yandex&client=${world.client}`)
  t.match(seen.last?.text, `${SITE}/~t1/_/debugger/callback`)
  await seen.submit('redirect')
  await seen.submit('begin', { scope: 'openid', prompt: 'none' })
  const { url } = seen.last ?? { url: '' }
  await seen.follow('go')
  t.match(seen.text('back-error'), 'login_required')
  t.match(seen.text('refused'), /was refused: login_required/)
  t.equal((await seen.go(url.replace('/~t1', ''))).status, 404, 'a walk belongs to its namespace')
  await seen.go(`${SITE}/~t1/_/debugger/client?vendor=yandex&client=${world.client}`)
  await seen.submit('begin', { scope: 'openid', more: ' max_age=60\r\n\r\nacr_values=phr any-mfa\r\nmax_age=x&y' })
  t.match(seen.text('authorize-url'), /&max_age=60&acr_values=phr\+any-mfa&max_age=x%26y$/)
  t.match(seen.last?.text, /how strongly they are to prove who they are/)
  await seen.follow('go')
  t.match(seen.text('back-error_description'), 'The parameter max_age came more than once.')
  for (const [more, why] of [
    ['acr_values', 'acr_values is no parameter: write name=value, one a line'],
    ['max_age=1\nstate=mine', 'state is set by the walk itself'],
  ] as const) {
    await seen.go(`${SITE}/~t1/_/debugger/client?vendor=yandex&client=${world.client}`)
    t.match(await seen.submit('begin', { scope: 'openid', more }), { status: 400, text: new RegExp(why) })
  }
  t.equal((await seen.go(`${SITE}/_/debugger/callback?state=nobody&error=x`)).status, 400)
  t.equal((await seen.go(`${SITE}/_/debugger/client?vendor=yandex&client=${world.client}`)).status, 404)
  t.equal((await seen.go(`${SITE}/_/debugger/client?vendor=nobody&client=x`)).status, 404)
  const foreign = { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' }
  t.equal((await idp.request('POST', '/_/debugger/begin', 'vendor=yandex', foreign)).status, 403)
  const { headers, text } = await browser(idp).go(`${SITE}/_/debugger`)
  t.match(headers, { 'content-security-policy': /default-src 'none'/, 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin' })
  t.match(text, 'Amazon Cognito')
})

test('where calls need a token', async (t) => {
  const idp = await emulator(t)
  const world = await makeYandexWorld(idp)
  Object.assign(idp.app.emulator.fittings.settings.rooms, { yandex: { auth: 'strict' } })
  t.teardown(() => Object.assign(idp.app.emulator.fittings.settings.rooms, { yandex: {} }))
  const { text } = await browser(idp).go(`${SITE}/_/debugger/client?vendor=yandex&client=${world.client}`)
  t.match(text, '-H &quot;authorization: Bearer $IAM_TOKEN&quot;')
  const walk = await beginWith(idp, world.client)
  t.notMatch(walk.last?.text, 'missing-redirect')
})

test('names are shown as they are', async (t) => {
  const idp = await emulator(t)
  const world = await hostedWorld(idp, { PoolName: 'p' }, { ClientName: 'c' })
  const walk = await beginWith(idp, world.client)
  await walk.submit('begin', { scope: '"><script>x</script>' })
  t.notMatch(walk.last?.text, '<script>x')
  const direct = await browser(idp).go(`${SITE}/_/debugger/client?vendor=cognito&client=${encodeURIComponent('"><b>')}`)
  t.strictSame([direct.status, JSON.parse(direct.text)], [404, { error: 'there is no client "><b>' }])
})

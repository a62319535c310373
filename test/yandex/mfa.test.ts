import { test } from 'tap'
import { Authenticator } from '../support/authenticator.ts'
import type { Browser } from '../support/browser.ts'
import { emulator, START } from '../support/emulator.ts'
import { browser, SITE } from '../support/oauth.ts'
import { claimsOf } from '../support/sign-in.ts'
import { totpAt } from '../support/totp.ts'
import { ORGANIZATION, PASSWORD, type Rest } from '../support/yandex.ts'
import { askingFor, assign, CHOSEN, exchange, makePermanent, makeYandexWorld, type YandexTokens } from '../support/yandex-oauth.ts'
import { formOf, makeSamlWorld, signInBySaml } from '../support/yandex-saml.ts'

const AT = '/organization-manager/v1/mfaEnforcements'
const HOUR = 3_600_000

/** An enforcement that holds for these subjects. */
async function enforce(api: Rest, subjects: readonly string[], more: object = {}): Promise<string> {
  const { id } = await api.done('POST', AT, {
    organizationId: ORGANIZATION,
    name: 'strict',
    acrId: 'any-mfa',
    ttl: '3600s',
    status: 'STATUS_ACTIVE',
    enrollWindow: '86400s',
    ...more,
  })
  const audienceDeltas = subjects.map((subjectId) => ({ action: 'ACTION_ADD', subjectId }))
  if (subjects.length > 0) await api.done('PATCH', `${AT}/${id}:updateAudience`, { audienceDeltas })
  return id
}

const html = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')

/** What the page asks an authenticator. */
function optionsAt(seen: Browser): never {
  return JSON.parse(html(/data-options="([^"]*)"/.exec(seen.last?.text ?? '')?.[1] ?? '')) as never
}

test('a second factor', async (t) => {
  const idp = await emulator(t)
  const world = await makeYandexWorld(idp)
  const { api, user } = world
  const now = () => idp.app.emulator.namespace().clock.now()
  const code = (secret: string | undefined, steps = 0) => totpAt(secret ?? '', now() + steps * 30_000)
  const start = (more = {}) => `/oauth/authorize?${askingFor(world, more)}`
  const signIn = async (seen: Browser, more = {}) => {
    await seen.go(start(more))
    return await seen.submit('login', { username: user.username, password: CHOSEN })
  }
  const claims = async (away: URL | undefined) => {
    const { body } = await exchange(idp, world, { code: away?.searchParams.get('code') as string })
    const { amr, acr, auth_time } = claimsOf((body as YandexTokens).id_token)
    return { amr, acr, auth_time, ...(body as YandexTokens) }
  }
  let secret = ''

  t.test('is not asked of who is in no audience', async (t) => {
    await enforce(api, [])
    const { away } = await signIn(browser(idp))
    const { amr, acr } = await claims(away)
    t.strictSame([amr, acr], [undefined, undefined])
  })

  t.test('is added at the first sign-in', async (t) => {
    await enforce(api, [user.id], { name: 'any' })
    const seen = browser(idp)
    t.equal((await signIn(seen)).page, 'add-factor')
    t.match(seen.last?.text, /<svg/)
    secret = seen.text('key') ?? ''
    t.match(secret, /^[A-Z2-7]{52}$/)
    t.equal((await seen.go(seen.last?.url ?? '')).page, 'add-factor')
    t.equal(seen.text('key'), secret, 'loading the page again shows the same key')
    await seen.submit('totp', { code: '000000' })
    t.strictSame([seen.last?.status, seen.last?.page, seen.text('error')], [400, 'add-factor', 'The code is wrong. Please try again.'])
    const { away } = await seen.submit('totp', { code: code(secret) })
    t.match(await claims(away), { amr: ['pwd', 'otp', 'mfa'], acr: 'any-except-sms', auth_time: START / 1000 })
    t.ok((await seen.go(start({ prompt: 'none' }))).away?.searchParams.get('code'), 'once it was shown nobody is asked again')
  })

  t.test('is shown at the next one', async (t) => {
    const seen = browser(idp)
    t.equal((await signIn(seen)).page, 'factor')
    t.notMatch(seen.last?.text, 'form-passkey')
    await seen.submit('totp', { code: code(secret) })
    t.equal(seen.text('error'), 'The code is wrong. Please try again.', 'a code works once')
    const { away } = await seen.submit('totp', { code: code(secret, 1) })
    t.match(await claims(away), { amr: ['pwd', 'otp', 'mfa'] })
    const tokens = await claims((await seen.go(start())).away)
    const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, redirect_uri: undefined, code_verifier: undefined }
    const { body } = await exchange(idp, world, form)
    t.match(claimsOf((body as YandexTokens).id_token), { amr: ['pwd', 'otp', 'mfa'], acr: 'any-except-sms' })
  })

  t.test('is asked again when its time is over, without the password', async (t) => {
    const seen = browser(idp)
    idp.clock.advance(60_000)
    await signIn(seen)
    await seen.submit('totp', { code: code(secret) })
    idp.clock.advance(HOUR - 1000)
    t.ok((await seen.go(start({ prompt: 'none' }))).away?.searchParams.get('code'))
    idp.clock.advance(1000)
    t.equal((await seen.go(start({ prompt: 'none' }))).away?.searchParams.get('error'), 'login_required')
    t.equal((await seen.go(start())).page, 'factor')
    t.ok((await seen.submit('totp', { code: code(secret) })).away?.searchParams.get('code'))
    t.equal((await seen.go(start({ prompt: 'login' }))).page, 'login', 'prompt=login wants the password')
  })

  t.test('nobody gets past the pages of factors', async (t) => {
    const seen = browser(idp)
    t.equal((await seen.go(`/auth/factor?${askingFor(world)}`)).page, 'login')
    t.equal((await seen.go(`/auth/factor/add?${askingFor(world)}`)).page, 'login')
    await signIn(seen)
    t.equal((await seen.go(start())).page, 'login', 'a password alone is no session')
    t.equal((await signIn(seen)).page, 'factor')
    const added = await seen.go(`/auth/factor/add?${askingFor(world)}`)
    t.equal(added.page, 'login', 'who has a factor adds none in its place')
    await signIn(seen)
    const stolen = browser(idp)
    await stolen.go(start())
    const forged = await stolen.post(`/auth/factor?${askingFor(world)}`, { code: code(secret, 1), _csrf: stolen.cookies.get('yc-csrf') })
    t.equal(forged.page, 'login', 'without the cookie of whoever gave the password')
  })

  t.test('wrong codes lock out like wrong passwords, and a right password changes nothing about that', async (t) => {
    idp.clock.advance(120_000)
    const seen = browser(idp)
    for (let n = 0; n < 15; n++) {
      if (n % 4 === 0) await signIn(seen)
      await seen.submit('totp', { code: '000000' })
    }
    await signIn(seen)
    await seen.submit('totp', { code: code(secret) })
    t.equal(seen.text('error'), 'Too many attempts; try again later')
    idp.clock.advance(600_000)
    t.ok((await seen.submit('totp', { code: code(secret) })).away?.searchParams.get('code'))
  })

  t.test('phr takes passkeys alone, and whoever has an app shows it before a passkey is added', async (t) => {
    const id = await enforce(api, [user.id], { name: 'phr', acrId: 'phr', ttl: '600s' })
    idp.clock.advance(60_000)
    const seen = browser(idp)
    t.equal((await signIn(seen)).page, 'factor')
    t.equal((await seen.submit('totp', { code: code(secret) })).page, 'add-factor')
    t.equal(seen.text('key'), undefined, 'no app is offered')
    const key = new Authenticator(SITE.replace(':80', ''))
    const options = optionsAt(seen) as { rp: { id: string }; user: { name: string } }
    t.match(options, { rp: { id: 'localhost' }, user: { name: user.username } })
    const elsewhere = new Authenticator('https://evil.example')
    await seen.submit('add-passkey', { credential: JSON.stringify(elsewhere.create(optionsAt(seen))) })
    t.equal(seen.text('error'), 'The passkey could not be used. Please try again.')
    const made = key.create(optionsAt(seen))
    const { away } = await seen.submit('add-passkey', { credential: JSON.stringify(made) })
    t.match(await claims(away), { amr: ['pwd', 'otp', 'pop', 'mfa'], acr: 'phr' })

    const again = browser(idp)
    t.equal((await signIn(again)).page, 'factor')
    t.equal(again.text('form-totp'), undefined, 'the app does not do any more')
    for (const bent of [{ challenge: 'bm90IG91cnM' }, { origin: 'https://evil.example' }, { forged: true }, { rp: 'evil.example' }]) {
      await again.submit('passkey', { credential: JSON.stringify(key.get(optionsAt(again), bent)) })
      t.strictSame(
        [again.last?.page, again.text('error')],
        ['factor', 'The passkey could not be used. Please try again.'],
        JSON.stringify(bent),
      )
    }
    await again.submit('passkey', { credential: 'nonsense' })
    t.equal(again.last?.status, 400)
    const stranger = new Authenticator(SITE.replace(':80', ''))
    await again.submit('passkey', { credential: JSON.stringify(stranger.get(optionsAt(again))) })
    t.equal(again.last?.page, 'factor')
    const assertion = JSON.stringify(key.get(optionsAt(again)))
    const done = await again.submit('passkey', { credential: assertion })
    t.match(await claims(done.away), { amr: ['pwd', 'pop', 'mfa'], acr: 'phr' })
    const replay = browser(idp)
    await signIn(replay)
    await replay.submit('passkey', { credential: assertion })
    t.strictSame([replay.last?.page, replay.last?.status], ['factor', 400], 'a challenge is answered once')

    idp.clock.advance(600_000)
    t.equal((await again.go(start())).page, 'factor', 'of several policies the shortest time counts')
    await api.done('PATCH', `${AT}/${id}:deactivate`, undefined)
    t.ok((await again.go(start({ prompt: 'none' }))).away?.searchParams.get('code'), 'and the other one is met still')
  })

  t.test('an excluded subject is not asked, nor is anybody before the policy begins', async (t) => {
    const fresh = await api.user({ userpoolId: world.pool })
    await makePermanent(api, fresh.id)
    await assign(api, world.application, fresh.id)
    const applyAt = new Date(now() + HOUR).toISOString()
    const id = await enforce(api, [fresh.id], { name: 'later', applyAt, enrollWindow: '300s' })
    const enters = async () => {
      const seen = browser(idp)
      await seen.go(start())
      await seen.submit('login', { username: fresh.username, password: CHOSEN })
      return seen.last?.page ?? seen.text('error') ?? String(seen.last?.away?.searchParams.has('code'))
    }
    t.equal(await enters(), 'true')
    idp.clock.advance(HOUR)
    t.equal(await enters(), 'add-factor')
    const excluded = (action: string) =>
      api.done('PATCH', `${AT}/${id}:updateExcludedAudience`, { audienceDeltas: [{ action, subjectId: fresh.id }] })
    await excluded('ACTION_ADD')
    t.equal(await enters(), 'true')
    await excluded('ACTION_REMOVE')
    idp.clock.advance(300_000)
    const seen = browser(idp)
    await seen.go(start())
    await seen.submit('login', { username: fresh.username, password: CHOSEN })
    t.match([seen.last?.page, seen.text('error')], ['login', /The time to add a second factor to this account is over/])
    await api.done('PATCH', `${AT}/${id}`, { updateMask: 'enrollWindow', enrollWindow: '86400s' })
    t.equal(await enters(), 'add-factor')
  })

  t.test('a temporary password comes first', async (t) => {
    const fresh = await api.user({ userpoolId: world.pool })
    await assign(api, world.application, fresh.id)
    await enforce(api, [fresh.id], { name: 'fresh' })
    const seen = browser(idp)
    await seen.go(start())
    t.equal((await seen.submit('login', { username: fresh.username, password: PASSWORD })).page, 'change-password')
    t.equal((await seen.submit('change-password', { password: CHOSEN, confirm_password: CHOSEN })).page, 'add-factor')
    t.ok((await seen.submit('totp', { code: code(seen.text('key')) })).away?.searchParams.get('code'))
  })

  t.test('a group in the audience asks its members', async (t) => {
    const fresh = await api.user({ userpoolId: world.pool })
    await makePermanent(api, fresh.id)
    const group = await api.done('POST', '/organization-manager/v1/groups', { organizationId: ORGANIZATION, name: 'staff' })
    await assign(api, world.application, group.id)
    const id = await enforce(api, [group.id], { name: 'group' })
    const memberDeltas = [{ action: 'ADD', subjectId: fresh.id }]
    await api.done('POST', `/organization-manager/v1/groups/${group.id}:updateMembers`, { memberDeltas })
    const seen = browser(idp)
    await seen.go(start())
    t.equal((await seen.submit('login', { username: fresh.username, password: CHOSEN })).page, 'add-factor')
    await api.done('PATCH', `${AT}/${id}:updateExcludedAudience`, { audienceDeltas: [{ action: 'ACTION_ADD', subjectId: group.id }] })
    t.equal((await seen.submit('totp', { code: code(seen.text('key')) })).page, 'login', 'nothing is to be added any more')
    t.ok((await seen.submit('login', { username: fresh.username, password: CHOSEN })).away?.searchParams.get('code'))
  })

  t.test('at a bare address no passkey can be made, and the page says so', async (t) => {
    const fresh = await api.user({ userpoolId: world.pool })
    await makePermanent(api, fresh.id)
    await assign(api, world.application, fresh.id)
    await enforce(api, [fresh.id], { name: 'bare', acrId: 'phr' })
    const seen = browser(idp, { host: '127.0.0.1:80' }, 'http://127.0.0.1')
    await seen.go(start())
    await seen.submit('login', { username: fresh.username, password: CHOSEN })
    t.match([seen.last?.page, seen.text('error')], ['add-factor', /cannot be added at 127\.0\.0\.1/])
  })

  t.test('the journal tells what happened, and no code', async (t) => {
    const told = new Map(
      idp.app.emulator
        .namespace()
        .journal.list({ limit: 500 })
        .filter(({ notes }) => notes.event !== undefined)
        .map(({ operation, notes }) => [operation, notes.event]),
    )
    t.equal(told.get('FactorPage'), 'yandex.cloud.audit.iam.mfa.VerifyUserCredential')
    t.equal(told.get('AddFactorPage'), 'yandex.cloud.audit.iam.mfa.VerifyUserCredential')
    t.equal(told.get('ChangePasswordPage'), 'yandex.cloud.audit.organizationmanager.idp.ChangeOneTimePassword')
    t.equal(told.get('LoginPage'), 'yandex.cloud.audit.organizationmanager.idp.AuthenticateByPassword')
    t.equal(told.get('Token'), 'yandex.cloud.audit.iam.credential.ApplicationLoginEvent')
    t.notMatch(JSON.stringify(idp.app.emulator.namespace().journal.list({ limit: 500 })), secret)
  })
  t.end()
})

test('a second factor on the way to a service provider of SAML', async (t) => {
  const world = await makeSamlWorld(t)
  const { idp, api, user } = world
  const now = () => idp.app.emulator.namespace().clock.now()
  const [sp, passive] = [await world.provider(), await world.provider({ passive: true })]
  const seen = browser(idp)
  const go = async (by = sp) => await seen.go(await by.getAuthorizeUrlAsync('', undefined, {}))
  await signInBySaml(world, sp, seen)
  t.equal((await go()).page, 'saml')
  await enforce(api, [user.id], { ttl: '300s' })
  await go(passive)
  t.match(Buffer.from(formOf(seen).SAMLResponse, 'base64').toString(), 'status:NoPassive', 'a password is not enough any more')
  t.equal((await go()).page, 'add-factor')
  const secret = seen.text('key') ?? ''
  await seen.submit('totp', { code: totpAt(secret, now()) })
  t.match((await sp.validatePostResponseAsync(formOf(seen))).profile, { nameID: user.username })
  t.equal((await go()).page, 'saml')
  idp.clock.advance(300_000)
  t.equal((await go()).page, 'factor')
  await seen.submit('totp', { code: totpAt(secret, now()) })
  t.match((await sp.validatePostResponseAsync(formOf(seen))).profile, { nameID: user.username })
})

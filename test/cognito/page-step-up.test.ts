import { type Test, test } from 'tap'
import type { Browser, Seen } from '../support/browser.ts'
import { emulator, START, type TestEmulator } from '../support/emulator.ts'
import { answerIn, comeInAs, federated } from '../support/federation.ts'
import { browser, CALLBACK, hostedClient, hostedWorld, post, requestOf } from '../support/oauth.ts'
import { only } from '../support/only.ts'
import { claimsOf, makeUser, PASSWORD, signIn, type World } from '../support/sign-in.ts'
import { totpAt } from '../support/totp.ts'

const loa = (level: number) => `urn:cognito:loa:${level}`
const OUT_OF_REACH = 'Your account has no way of signing in that is as strong as this application asks for.'
const EmailConfiguration = {
  EmailSendingAccount: 'DEVELOPER' as const,
  SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/a@example.com',
}

interface Claims {
  acr?: string
  amr?: string[]
  auth_time: number
}

/** What both tokens say of a sign-in that led back to the client. */
async function assured(t: Test, idp: TestEmulator, world: World, away: URL | undefined) {
  const form = {
    grant_type: 'authorization_code',
    client_id: world.client,
    redirect_uri: CALLBACK,
    code: away?.searchParams.get('code') ?? '',
  }
  const { status, body } = await post(idp, '/oauth2/token', form)
  if (status !== 200) throw new Error(`${away}: ${JSON.stringify(body)}`)
  const { id_token: id, access_token: access, refresh_token: refresh } = body as Record<string, string>
  const [told, also] = [claimsOf(id as string), claimsOf(access as string)] as unknown as [Claims, Claims]
  t.strictSame([told.acr, told.amr, told.auth_time], [also.acr, also.amr, also.auth_time], 'both tokens say alike')
  return { said: [told.acr, told.amr], authTime: told.auth_time, refresh: refresh as string }
}

/** ada has an app, bob a verified address, bare nothing but a password. */
async function setUp(t: Test, client: Parameters<typeof hostedWorld>[2] = {}, instantSignIn = false) {
  const idp = await emulator(t, { settings: { rooms: { cognito: { instantSignIn } } } })
  const Policies = { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD' as const, 'EMAIL_OTP' as const] } }
  const ExplicitAuthFlows = ['ALLOW_USER_PASSWORD_AUTH' as const, 'ALLOW_REFRESH_TOKEN_AUTH' as const]
  const world = await hostedWorld(idp, { EmailConfiguration, Policies }, { ExplicitAuthFlows, ...client })
  await idp.cognito.SetUserPoolMfaConfig({
    UserPoolId: world.pool,
    MfaConfiguration: 'OPTIONAL',
    SoftwareTokenMfaConfiguration: { Enabled: true },
    EmailMfaConfiguration: {},
  })
  await makeUser(idp, world, 'ada')
  await makeUser(idp, world, 'bob', { email: 'bob@example.com', email_verified: 'true' })
  await makeUser(idp, world, 'bare')
  let time = START
  const advance = (seconds: number) => {
    time += seconds * 1000
    idp.clock.advance(seconds * 1000)
  }
  const AccessToken = (await signIn(idp, world, 'ada')).AuthenticationResult?.AccessToken as string
  const { SecretCode = '' } = await idp.cognito.AssociateSoftwareToken({ AccessToken })
  await idp.cognito.VerifySoftwareToken({ AccessToken, UserCode: totpAt(SecretCode, time) })
  const go = (seen: Browser, more: Record<string, string | undefined> = {}) =>
    seen.go(`/oauth2/authorize?${requestOf(world, { scope: 'openid', ...more })}`)
  /** The code of ada's app, half a minute later. */
  const app = (seen: Browser): Promise<Seen> => {
    advance(30)
    return seen.submit('mfa', { code: totpAt(SecretCode, time) })
  }
  const mail = (seen: Browser) => seen.submit('mfa', { code: idp.outbox.latest()?.code as string })
  const enter = async (name: string, more: Record<string, string | undefined> = {}) => {
    const seen = browser(idp)
    await go(seen, more)
    return { seen, page: await seen.submit('login', { username: name, password: PASSWORD }) }
  }
  return { idp, world, advance, go, app, mail, enter, said: (t: Test, { away }: Seen) => assured(t, idp, world, away) }
}

test('a level of authentication is asked for at the pages', async (t) => {
  const { idp, world, advance, go, app, mail, enter, said } = await setUp(t)

  await t.test('a sign-in from the start proves what it takes', async (t) => {
    const { seen, page } = await enter('ada', { acr_values: loa(4) })
    t.equal(page.page, 'mfa', 'although ada has no second factor turned on')
    const led = await app(seen)
    t.strictSame((await said(t, led)).said, [loa(4), ['pwd', 'otp', 'mfa']])
    const bob = await enter('bob', { acr_values: `${loa(4)} nonsense ${loa(3)}` })
    t.match(bob.seen.text('lead'), 'b***@e***')
    t.strictSame((await said(t, await mail(bob.seen))).said, [loa(3), ['pwd', 'email_otp', 'mfa']], 'the first level in reach')
    t.strictSame((await said(t, (await enter('bare', { acr_values: loa(1) })).page)).said, [loa(1), ['pwd']])
  })

  await t.test('tokens say nothing of levels where nobody asked', async (t) => {
    t.strictSame((await said(t, (await enter('bare')).page)).said, [undefined, undefined])
  })

  await t.test('somebody who is signed in proves only what is missing', async (t) => {
    const { seen, page } = await enter('ada')
    const before = await said(t, page)
    advance(60)
    t.strictSame((await said(t, await go(seen, { acr_values: loa(1) }))).said, [loa(1), ['pwd']], 'a password was enough for that')
    const asked = await go(seen, { acr_values: loa(4) })
    t.strictSame([asked.page, seen.text('lead')], ['login', 'This application asks for stronger proof that it is you'])
    t.equal((await seen.submit('continue')).page, 'mfa', 'the password is not asked for again')
    const after = await said(t, await app(seen))
    t.strictSame(after.said, [loa(4), ['pwd', 'otp', 'mfa']])
    t.equal(after.authTime, before.authTime + 90, 'proven now')
    t.strictSame(
      (await said(t, await go(seen, { acr_values: loa(1) }))).said,
      [loa(4), ['pwd', 'otp', 'mfa']],
      'what it is, not what is asked',
    )
    t.strictSame((await said(t, await go(seen))).said, [undefined, undefined])

    const form = { grant_type: 'refresh_token', client_id: world.client, refresh_token: after.refresh }
    const { body } = await post(idp, '/oauth2/token', form)
    t.match(
      claimsOf((body as { access_token: string }).access_token),
      { acr: loa(4), amr: only('pwd', 'otp', 'mfa') },
      'it stays at a refresh',
    )
  })

  await t.test('a failed step leaves the session as it was', async (t) => {
    const { seen } = await enter('ada')
    await go(seen, { acr_values: loa(4) })
    await seen.submit('continue')
    t.equal((await seen.submit('mfa', { code: '000000' })).status, 400)
    t.strictSame((await said(t, await go(seen, { acr_values: loa(1) }))).said, [loa(1), ['pwd']])
  })

  await t.test('a proof that is too old counts for nothing', async (t) => {
    const { seen } = await enter('ada', { acr_values: loa(4) })
    await app(seen)
    advance(120)
    t.ok((await go(seen, { acr_values: loa(4), max_age: '120' })).away, 'young enough')
    const again = await go(seen, { acr_values: loa(4), max_age: '119' })
    t.equal(again.page, 'login')
    t.notMatch(again.text, 'form-continue')
    t.equal((await seen.submit('login', { username: 'ada', password: PASSWORD })).page, 'mfa')
  })

  await t.test('a level that the user has no factors for is refused on the page', async (t) => {
    const { seen, page } = await enter('bare', { acr_values: `${loa(4)} ${loa(3)}` })
    t.strictSame([page.status, page.page, seen.text('error')], [400, 'login', OUT_OF_REACH])
    const wrong = await seen.submit('login', { username: 'bare', password: 'Wrong-1234' })
    t.equal(seen.text('error'), 'Incorrect username or password.', 'only whoever knows the password is told')
    t.equal(wrong.status, 400)
    const weak = await enter('bare')
    await go(weak.seen, { acr_values: loa(4) })
    t.strictSame([(await weak.seen.submit('continue')).status, weak.seen.text('error')], [400, OUT_OF_REACH])
  })

  await t.test('the client hears of levels that there are not, and of a session that is too weak for prompt=none', async (t) => {
    const { seen } = await enter('ada')
    const answer = async (more: Record<string, string>) => answerIn((await go(seen, more)).away as URL)
    for (const acr_values of ['urn:cognito:loa:5', 'nonsense more', ' ']) {
      t.match(await answer({ acr_values }), { error: 'invalid_request', state: 'state-1' }, acr_values)
    }
    t.match(await answer({ acr_values: loa(4), prompt: 'none' }), { error: 'login_required' })
    t.match(await answer({ acr_values: loa(1), prompt: 'none' }), { code: /./ })
  })

  await t.test('the implicit grant says it, too', async (t) => {
    const { seen } = await enter('ada')
    const { away } = await go(seen, { response_type: 'token', acr_values: loa(1) })
    const told = new URLSearchParams(away?.hash.slice(1))
    t.match(claimsOf(told.get('id_token') as string), { acr: loa(1), amr: only('pwd') })
  })

  await t.test('names that the pool gives its levels are the names', async (t) => {
    const AcrConfiguration = { Level1: { AcrValue: 'urn:mine:one' } }
    await idp.cognito.UpdateUserPool({ UserPoolId: world.pool, EmailConfiguration, MfaConfiguration: 'OPTIONAL', AcrConfiguration })
    t.strictSame((await said(t, (await enter('bare', { acr_values: `${loa(1)} urn:mine:one` })).page)).said, ['urn:mine:one', ['pwd']])
  })
})

test('by choice of the first factor', async (t) => {
  const { go, mail, idp, said } = await setUp(t, { ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_USER_PASSWORD_AUTH'] })
  const seen = browser(idp)
  await go(seen, { acr_values: loa(2) })
  const offered = await seen.submit('login', { username: 'bob' })
  t.match(offered.text, 'form-choose-email')
  t.notMatch(offered.text, 'form-choose-password', 'a password is no proof of level 2')
  await seen.submit('choose-email')
  t.strictSame((await said(t, await mail(seen))).said, [loa(2), ['email_otp']])
  await go(seen, { acr_values: loa(3) })
  t.equal((await seen.submit('continue')).page, 'password', 'the password of a session without one is asked for')
  const led = await seen.submit('password', { password: PASSWORD })
  t.strictSame((await said(t, led)).said, [loa(3), ['email_otp', 'pwd', 'mfa']], 'the code counts still')
})

test('a pool of the cheapest plan passes over acr_values', async (t) => {
  const idp = await emulator(t)
  const world = await hostedWorld(idp, { UserPoolTier: 'LITE' })
  await makeUser(idp, world, 'ada')
  const seen = browser(idp)
  await seen.go(`/oauth2/authorize?${requestOf(world, { scope: 'openid', acr_values: loa(4) })}`)
  const { away } = await seen.submit('login', { username: 'ada', password: PASSWORD })
  t.strictSame((await assured(t, idp, world, away)).said, [undefined, undefined])
})

test('whoever is let in at once counts as having proven what is asked for', async (t) => {
  const { go, idp, said } = await setUp(t, {}, true)
  const as = async (poolhouse_user: string, acr_values?: string) =>
    (await said(t, await go(browser(idp), { poolhouse_user, acr_values }))).said
  t.strictSame(await as('ada', loa(4)), [loa(4), ['pwd', 'otp', 'mfa']])
  t.strictSame(await as('bob', loa(2)), [loa(2), ['email_otp']])
  t.strictSame(await as('bob', loa(3)), [loa(3), ['pwd', 'email_otp', 'mfa']])
  t.strictSame(await as('bare', `${loa(3)} ${loa(1)}`), [loa(1), ['pwd']])
  t.strictSame(await as('bare'), [undefined, undefined])
  const refused = await go(browser(idp), { poolhouse_user: 'bare', acr_values: loa(3) })
  t.match(refused.text, 'The user has no factors configured')
  const seen = browser(idp)
  await go(seen, { poolhouse_user: 'ada' })
  t.strictSame((await said(t, await go(seen, { acr_values: loa(4) }))).said, [loa(4), ['pwd', 'otp', 'mfa']], 'its session, too')
})

test('users of other providers bring their level along (AcrMapping)', async (t) => {
  const idp = await emulator(t)
  const ProviderDetails = {
    client_id: 'c',
    client_secret: 's',
    oidc_issuer: 'https://idp.example',
    authorize_scopes: 'openid',
    attributes_request_method: 'GET',
  }
  const provider = { ProviderName: 'Corp', ProviderType: 'OIDC' as const, ProviderDetails, AttributeMapping: { email: 'email' } }
  const world = await federated(idp, { ...provider, AcrMapping: { Level2: 'silver', Level4: 'gold' } })
  const asFor = (acr_values: string) => ({ scope: 'openid', acr_values })
  const come = async (claims: Record<string, string>, more = asFor(loa(2))) => {
    const { away, seen } = await comeInAs(idp, world, 'Corp', 'u1', claims, more)
    return { seen, ...(await assured(t, idp, world, away)) }
  }

  await t.test('the levels are asked for by the names of the provider', async (t) => {
    const asked = async (acr_values: string) => {
      const query = requestOf(world, { identity_provider: 'Corp', acr_values })
      const { headers } = await idp.request('GET', `/oauth2/authorize?${query}`)
      return new URL(String(headers.location)).searchParams.get('acr_values')
    }
    t.equal(await asked(`${loa(4)} ${loa(3)} ${loa(2)}`), 'gold silver')
    t.equal(await asked(loa(1)), null, 'one without a name is not')
  })

  await t.test('what it says is a level here, the lowest where it is not mapped', async (t) => {
    t.strictSame((await come({ acr: 'silver' })).said, [loa(2), ['fed']])
    t.strictSame((await come({ acr: 'gold', amr: 'otp' })).said, [loa(4), ['fed']], 'methods are a list')
    t.strictSame((await come({ acr: 'bronze' })).said, [loa(1), ['fed']])
    t.strictSame((await come({})).said, [undefined, ['fed']])
  })

  await t.test('a session that is too weak goes to the provider again', async (t) => {
    const { seen } = await come({ acr: 'silver' })
    const again = await seen.go(`/oauth2/authorize?${requestOf(world, asFor(loa(2)))}`)
    t.strictSame((await assured(t, idp, world, again.away)).said, [loa(2), ['fed']], 'strong enough')
    t.equal((await seen.go(`/oauth2/authorize?${requestOf(world, asFor(loa(4)))}`)).page, 'login')
    const there = await seen.submit('continue')
    t.equal(new URL(there.url, 'http://localhost').searchParams.get('acr_values'), 'gold')
    const unasked = await seen.go(`/oauth2/authorize?${requestOf(world, asFor(loa(3)))}`)
    t.strictSame((await assured(t, idp, world, unasked.away)).said, [loa(2), ['fed']], 'what it has no name for is not asked')
  })

  await t.test('social providers say nothing of it', async (t) => {
    const UserPoolId = world.pool
    const details = { client_id: 'g', client_secret: 's', authorize_scopes: 'openid' }
    await idp.cognito.CreateIdentityProvider({ UserPoolId, ProviderName: 'Google', ProviderType: 'Google', ProviderDetails: details })
    const by = await hostedClient(idp, UserPoolId, { SupportedIdentityProviders: ['Google'] })
    const { away } = await comeInAs(idp, by, 'Google', 'g1', { acr: 'gold' }, asFor(loa(2)))
    t.strictSame((await assured(t, idp, by, away)).said, [undefined, ['fed']])
  })
})

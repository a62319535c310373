import { test } from 'tap'
import { Authenticator } from '../support/authenticator.ts'
import type { Seen } from '../support/browser.ts'
import { emulator, START } from '../support/emulator.ts'
import { browser, CALLBACK, hostedClient, hostedWorld, requestOf } from '../support/oauth.ts'
import { makeUser, PASSWORD } from '../support/sign-in.ts'
import { totpAt } from '../support/totp.ts'

const EVIL = '"><script>alert(1)</script>'
const NEW = 'Another-34'
const SmsConfiguration = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sns' }
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

test('the login page', async (t) => {
  const idp = await emulator(t)
  const world = await hostedWorld(idp)
  await makeUser(idp, world, 'ada', { email: 'ada@example.com' })
  const path = `/login?${requestOf(world)}`

  t.test('cannot be framed, run anything or fetch anything', async (t) => {
    const { headers } = await browser(idp).go(path)
    t.match(headers, {
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-security-policy':
        /^default-src 'none'; style-src 'sha256-[^']+'; img-src data:; form-action 'self' https:\/\/app\.example; frame-ancestors 'none'; base-uri 'none'$/,
    })
  })

  t.test('keeps its cookies from scripts and other sites', async (t) => {
    const seen = browser(idp)
    await seen.go(path)
    await seen.submit('login', { username: 'ada', password: PASSWORD })
    t.ok(seen.set.length >= 2)
    for (const line of seen.set) t.match(line, /; Path=\/.*; HttpOnly; SameSite=Lax$/)
    t.match(
      seen.set.find((line) => line.startsWith('cognito-us-')),
      'Max-Age=3600',
    )
  })

  t.test('takes no form but its own', async (t) => {
    const seen = browser(idp)
    await seen.go(path)
    const forged = await seen.submit('login', { username: 'ada', password: PASSWORD, _csrf: 'x' })
    t.strictSame([forged.status, forged.page, forged.away], [403, 'stale', undefined])
    await seen.go(path)
    seen.cookies.clear()
    t.equal((await seen.submit('login', { username: 'ada', password: PASSWORD })).status, 403)
  })

  t.test('says what is wrong, in the language of the reader', async (t) => {
    const wrong: [string, Record<string, string>, string][] = [
      ['', {}, 'Incorrect username or password.'],
      ['&lang=ru', {}, 'Неверное имя пользователя или пароль.'],
      ['&lang=de-AT', {}, 'Benutzername oder Passwort ist falsch.'],
      ['&lang=es', { 'accept-language': 'de' }, 'Nombre de usuario o contraseña incorrectos.'],
      ['&lang=ja', {}, 'ユーザー名またはパスワードが正しくありません。'],
      ['', { 'accept-language': 'ja-JP' }, 'Incorrect username or password.'],
      ['&lang=xx', {}, 'Incorrect username or password.'],
    ]
    for (const [more, headers, text] of wrong) {
      const seen = browser(idp, headers)
      await seen.go(path + more)
      const page = await seen.submit('login', { username: 'ada', password: 'wrong' })
      t.strictSame([page.status, page.page, seen.text('error')], [400, 'login', text])
      idp.clock.advance(3_600_000)
    }
  })

  t.test('echoes nothing that a browser would run', async (t) => {
    const seen = browser(idp)
    const hinted = await seen.go(
      `${path}&login_hint=${encodeURIComponent(EVIL)}&state=${encodeURIComponent(EVIL)}&lang=${encodeURIComponent(EVIL)}`,
    )
    t.notMatch(hinted.text, '<script')
    const plain = await seen.go(`${path}&login_hint=${encodeURIComponent(EVIL)}&nonce=${encodeURIComponent(EVIL)}`)
    t.equal(plain.page, 'login')
    t.notMatch(plain.text, '<script')
    const page = await seen.submit('login', { username: EVIL, password: EVIL })
    t.equal(page.page, 'login')
    t.notMatch(page.text, '<script')
    t.notMatch((await seen.go(`/error?error=${encodeURIComponent(EVIL)}&client_id=${encodeURIComponent(EVIL)}`)).text, '<script')
  })

  t.test('lists people and fills in who is picked; signs in at once only where that is allowed', async (t) => {
    const seen = browser(idp)
    await seen.go(path)
    const picked = await seen.follow('pick-ada')
    t.match(picked.text, /name="username" type="text" value="ada"/)

    const open = await emulator(t, { settings: { rooms: { cognito: { instantSignIn: true } } } })
    const there = await hostedWorld(open)
    await makeUser(open, there, 'ada')
    await makeUser(open, there, 'new', {}, { confirmed: false })
    const other = browser(open)
    await other.go(`/login?${requestOf(there)}`)
    t.ok((await other.follow('pick-ada')).away?.searchParams.get('code'))
    t.ok((await browser(open).go(`/login?${requestOf(there, { poolhouse_user: 'ada' })}`)).away?.searchParams.get('code'))
    const gone = await browser(open).go(`/oauth2/authorize?${requestOf(there, { poolhouse_user: 'nobody' })}`)
    t.equal(gone.page, 'error')
  })

  t.end()
})

test('sign-up, confirmation and a forgotten password', async (t) => {
  const idp = await emulator(t)
  const world = await hostedWorld(idp, { AutoVerifiedAttributes: ['email'] }, { GenerateSecret: true })
  const seen = browser(idp)
  await seen.go(`/oauth2/authorize?${requestOf(world)}`)
  t.equal((await seen.follow('sign-up')).page, 'sign-up')
  const weak = { username: 'eve', password: 'short', 'requiredAttributes.email': 'eve@example.com' }
  t.equal((await seen.submit('sign-up', weak)).status, 400)
  t.equal(seen.text('error'), 'The password is too short.')
  t.equal((await seen.submit('sign-up', { ...weak, password: PASSWORD })).page, 'confirm')
  t.match(seen.last?.text, 'e***@e***')

  await seen.submit('confirm', { code: '000000' })
  t.equal(seen.text('error'), 'The code is wrong. Please try again.')
  await seen.submit('resend')
  t.equal(seen.text('notice'), 'A new code was sent.')
  t.equal((await seen.submit('confirm', { code: idp.outbox.latest({ user: 'eve' })?.code as string })).page, 'login')
  t.equal(seen.text('notice'), 'Your account is confirmed. You can sign in now.')

  t.equal((await seen.follow('forgot-password')).page, 'forgot-password')
  t.equal((await seen.submit('forgot-password', { username: 'eve' })).page, 'confirm-forgot-password')
  const code = idp.outbox.latest({ user: 'eve' })?.code as string
  await seen.submit('confirm-forgot-password', { code, password: NEW, confirm_password: 'Other-456' })
  t.equal(seen.text('error'), 'The two passwords are not the same.')
  t.equal((await seen.submit('confirm-forgot-password', { code, password: NEW, confirm_password: NEW })).page, 'login')
  t.ok((await seen.submit('login', { username: 'eve', password: NEW })).away?.searchParams.get('code'))

  const closed = await hostedWorld(idp, { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } })
  const login = await seen.go(`/login?${requestOf(closed)}`)
  t.notMatch(login.text, 'data-testid="sign-up"')
})

/** How a field of the page looks to a browser. */
function fieldIn(seen: Seen | undefined, name: string): Record<string, string> {
  const written = new RegExp(`<input [^>]*name="${name}"[^>]*>`).exec(seen?.text ?? '')?.[0] ?? ''
  return Object.fromEntries([...written.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, key = '', value = '']) => [key, value]))
}

test('the language that somebody chose stays', async (t) => {
  const idp = await emulator(t)
  const world = await hostedWorld(idp)
  const ids = { UserPoolId: world.pool, ClientId: world.client }
  await makeUser(idp, world, 'ada')
  await idp.cognito.CreateUserPoolDomain({ UserPoolId: world.pool, Domain: 'managed', ManagedLoginVersion: 2 })
  await idp.cognito.CreateManagedLoginBranding({ ...ids, UseCognitoProvidedValues: true })
  const title = ({ text }: Seen) => /<html lang="(\w+)">[\s\S]*<h1>([^<]*)</.exec(text)?.slice(1)
  const seen = browser(idp, { 'accept-language': 'ja' }, 'http://managed.auth.localhost')
  t.strictSame(title(await seen.go(`/login?${requestOf(world)}`)), ['en', 'Sign in'], 'English to begin with')
  t.strictSame(title(await seen.go(`/oauth2/authorize?${requestOf(world, { lang: 'es-419' })}`)), ['es', 'Iniciar sesión'])
  t.ok(seen.set.includes('lang=es; Path=/; HttpOnly; SameSite=Lax'))
  t.strictSame(title(await seen.go(`/login?${requestOf(world)}`)), ['es', 'Iniciar sesión'], 'without being said again')
  t.strictSame(title(await seen.go(`/login?${requestOf(world, { lang: 'xx' })}`)), ['es', 'Iniciar sesión'], 'there is no such language')
  t.strictSame(title(await seen.go(`/signup?${requestOf(world, { lang: 'de' })}`)), ['de', 'Registrieren'])
  t.strictSame(title(await seen.go(`/login?${requestOf(world)}`)), ['de', 'Anmelden'])

  await idp.cognito.UpdateUserPoolDomain({ UserPoolId: world.pool, Domain: 'managed', ManagedLoginVersion: 1 })
  t.strictSame(title(await seen.go(`/login?${requestOf(world, { lang: 'de' })}`)), ['en', 'Sign in'], 'the classic pages speak English')
  await seen.submit('login', { username: 'ada', password: 'wrong' })
  t.equal(seen.text('error'), 'Incorrect username or password.')
})

test('an error is about a field, and nothing that was typed is lost', async (t) => {
  const idp = await emulator(t)
  const Schema = ['name', 'birthdate', 'phone_number', 'website'].map((Name) => ({ Name, Required: true }))
  const Policies = { PasswordPolicy: { MinimumLength: 10, RequireUppercase: true, RequireNumbers: true } }
  const world = await hostedWorld(idp, { AutoVerifiedAttributes: ['email'], Schema, Policies })
  const seen = browser(idp)
  const page = await seen.go(`/signup?${requestOf(world)}`)
  t.match(page.text, 'At least 10 characters, an uppercase letter, and a digit')
  t.match(fieldIn(page, 'requiredAttributes.birthdate'), { type: 'date', autocomplete: 'bday' })
  t.match(fieldIn(page, 'requiredAttributes.website'), { autocomplete: 'url', inputmode: 'url' })
  t.equal(fieldIn(page, 'username').autofocus, '')
  const fields = {
    username: 'eve',
    password: 'Secret-1234',
    'requiredAttributes.name': 'Eve & Söhne "GmbH"',
    'requiredAttributes.birthdate': '1990-01-31',
    'requiredAttributes.website': 'https://eve.example',
    'requiredAttributes.phone_number': '+12025550123',
    'requiredAttributes.email': 'eve@example.com',
  }
  const cases: [Partial<typeof fields>, string, field: string][] = [
    [{ password: 'Short-1' }, 'The password is too short.', 'password'],
    [{ password: 'no-capitals-1' }, 'The password needs an uppercase letter.', 'password'],
    [{ password: 'No-digits-there' }, 'The password needs a digit.', 'password'],
    [
      { 'requiredAttributes.phone_number': '12' },
      'Enter the phone number with its country code, like +12025550123.',
      'requiredAttributes.phone_number',
    ],
    [{ 'requiredAttributes.email': 'nobody' }, 'This is not an email address.', 'requiredAttributes.email'],
  ]
  for (const [wrong, error, name] of cases) {
    const sent = { ...fields, ...wrong }
    const refused = await seen.submit('sign-up', sent)
    t.strictSame([refused.status, seen.text('error')], [400, error])
    for (const [field, value] of Object.entries(sent)) {
      const { 'aria-invalid': invalid, 'aria-describedby': described = '', autofocus, value: kept } = fieldIn(refused, field)
      const [about, focused] = [described.split(' ').includes('error'), autofocus === '']
      t.strictSame([invalid === 'true', about, focused], Array(3).fill(field === name), `${field}: ${error}`)
      if (field !== 'password') t.equal(kept, value.replace('&', '&amp;').replaceAll('"', '&quot;'), `${field} is kept`)
    }
  }
  t.equal((await seen.submit('sign-up', fields)).page, 'confirm')
  await seen.submit('confirm', { code: idp.outbox.latest({ user: 'eve' })?.code as string })
  t.ok(seen.text('notice'))
  await seen.submit('login', { username: 'eve', password: 'wrong' })
  t.equal(seen.text('notice'), undefined, 'good news of before is not told again')
  t.match(fieldIn(seen.last, 'password'), { 'aria-invalid': 'true', 'aria-describedby': 'error' })
  t.match(fieldIn(seen.last, 'username'), { value: 'eve' })
  await seen.submit('login', { username: 'nobody', password: 'wrong' })
  t.equal(seen.text('error'), 'There is no account with this name.')
  t.match(fieldIn(seen.last, 'username'), { value: 'nobody', 'aria-invalid': 'true' })
})

test('pages for a code ask whose it is, where nobody said', async (t) => {
  const idp = await emulator(t)
  const world = await hostedWorld(idp, { AutoVerifiedAttributes: ['email'], UsernameAttributes: ['email'] })
  const UserAttributes = [{ Name: 'email', Value: 'eve@example.com' }]
  await idp.cognito.SignUp({ ClientId: world.client, Username: 'eve@example.com', Password: PASSWORD, UserAttributes })
  const seen = browser(idp)
  const page = await seen.go(`/confirm?${requestOf(world)}`)
  t.match(fieldIn(page, 'username'), { type: 'email', autocomplete: 'username', autofocus: '' })
  t.notMatch(page.text, 'form-resend')
  await seen.submit('confirm', { username: 'eve@example.com', code: '000000' })
  t.equal(fieldIn(seen.last, 'username').value, 'eve@example.com')
  await seen.submit('resend')
  t.equal(seen.text('notice'), 'A new code was sent.')
  const code = () => idp.outbox.latest()?.code as string
  t.equal((await seen.submit('confirm', { code: code() })).page, 'login')
  await seen.go(`/forgotPassword?${requestOf(world)}`)
  await seen.submit('forgot-password', { username: 'eve@example.com' })
  await seen.go(`/confirmforgotPassword?${requestOf(world)}`)
  const given = { username: 'eve@example.com', code: code(), password: NEW, confirm_password: NEW }
  t.equal((await seen.submit('confirm-forgot-password', given)).page, 'login')
})

test('whoever has yet to confirm or to reset is led to where that is done', async (t) => {
  const idp = await emulator(t)
  const world = await hostedWorld(idp, { AutoVerifiedAttributes: ['email'] })
  const UserAttributes = [{ Name: 'email', Value: 'eve@example.com' }]
  await idp.cognito.SignUp({ ClientId: world.client, Username: 'eve', Password: PASSWORD, UserAttributes })
  const seen = browser(idp)
  await seen.go(`/oauth2/authorize?${requestOf(world)}`)
  t.equal((await seen.submit('login', { username: 'eve', password: PASSWORD })).page, 'confirm')
  t.equal(seen.text('notice'), 'Your account is not confirmed yet.')
  t.equal((await seen.submit('confirm', { code: idp.outbox.latest({ user: 'eve' })?.code as string })).page, 'login')

  await idp.cognito.AdminResetUserPassword({ UserPoolId: world.pool, Username: 'eve' })
  t.equal((await seen.submit('login', { username: 'eve', password: PASSWORD })).page, 'confirm-forgot-password')
  t.equal(seen.text('notice'), 'Your password has to be reset.')
  const code = idp.outbox.latest({ user: 'eve' })?.code as string
  t.equal((await seen.submit('confirm-forgot-password', { code, password: NEW, confirm_password: NEW })).page, 'login')
})

test('a temporary password is changed', async (t) => {
  const idp = await emulator(t)
  const world = await hostedWorld(idp, { Schema: [{ Name: 'nickname', Required: true }] })
  await makeUser(idp, world, 'ada', {}, { confirmed: false })
  const seen = browser(idp)
  await seen.go(`/oauth2/authorize?${requestOf(world)}`)
  t.equal((await seen.submit('login', { username: 'ada', password: PASSWORD })).page, 'change-password')
  await seen.submit('change-password', { password: 'short', confirm_password: 'short', 'userAttributes.nickname': 'A' })
  t.equal(seen.text('error'), 'The password is too short.')
  t.equal(fieldIn(seen.last, 'userAttributes.nickname').value, 'A', 'what was typed is there still')
  const done = await seen.submit('change-password', { password: NEW, confirm_password: NEW, 'userAttributes.nickname': 'A' })
  t.match(done.away?.href, /^https:\/\/app\.example\/callback\?code=/)
  const { UserStatus } = await idp.cognito.AdminGetUser({ UserPoolId: world.pool, Username: 'ada' })
  t.equal(UserStatus, 'CONFIRMED')
})

test('a second factor', async (t) => {
  const idp = await emulator(t)
  const world = await hostedWorld(idp)
  await idp.cognito.SetUserPoolMfaConfig({
    UserPoolId: world.pool,
    MfaConfiguration: 'ON',
    SoftwareTokenMfaConfiguration: { Enabled: true },
    SmsMfaConfiguration: { SmsConfiguration },
  })
  const names = { UserPoolId: world.pool, Username: 'ada' }

  await t.test('is set up with a QR code', async (t) => {
    await makeUser(idp, world, 'ada')
    const seen = browser(idp)
    await seen.go(`/oauth2/authorize?${requestOf(world)}`)
    t.equal((await seen.submit('login', { username: 'ada', password: PASSWORD })).page, 'mfa-setup')
    t.match(seen.last?.text, /<div class="figure" role="img" aria-label="QR code for your authenticator app"><svg/)
    const key = seen.text('key') as string
    await seen.submit('mfa-setup', { code: '000000' })
    t.strictSame([seen.text('error'), seen.text('key')], ['The code is wrong. Please try again.', key])
    t.ok(seen.cookies.has('cognito-fl'))
    const done = await seen.submit('mfa-setup', { code: totpAt(key, START), device: 'Phone' })
    t.ok(done.away?.searchParams.get('code'))
    t.notOk(seen.cookies.has('cognito-fl'), 'what was begun is forgotten')

    idp.clock.advance(60_000)
    const again = browser(idp)
    await again.go(`/oauth2/authorize?${requestOf(world)}`)
    t.equal((await again.submit('login', { username: 'ada', password: PASSWORD })).page, 'mfa')
    t.match(again.last?.text, 'shows for Phone')
    await again.submit('mfa', { code: '000000' })
    t.equal(again.text('error'), 'The code is wrong. Please try again.')
    t.ok((await again.submit('mfa', { code: totpAt(key, START + 60_000) })).away?.searchParams.get('code'))
  })

  await t.test('is chosen where there are several', async (t) => {
    await idp.cognito.AdminUpdateUserAttributes({ ...names, UserAttributes: [{ Name: 'phone_number', Value: '+12025550123' }] })
    await idp.cognito.AdminSetUserMFAPreference({
      ...names,
      SMSMfaSettings: { Enabled: true },
      SoftwareTokenMfaSettings: { Enabled: true },
    })
    const seen = browser(idp)
    await seen.go(`/oauth2/authorize?${requestOf(world)}`)
    t.equal((await seen.submit('login', { username: 'ada', password: PASSWORD })).page, 'mfa-choose')
    t.equal((await seen.submit('mfa-choose', { answer: 'SMS_MFA' })).page, 'mfa')
    t.match(seen.last?.text, '+*******0123')
    const code = idp.outbox.latest({ user: 'ada' })?.code as string
    t.ok((await seen.submit('mfa', { code })).away?.searchParams.get('code'))
  })

  await t.test('begins anew for whoever comes without its beginning', async (t) => {
    for (const path of ['/mfa', '/mfa/setup', '/changePassword', '/choose']) {
      t.equal((await browser(idp).go(`${path}?${requestOf(world)}`)).page, 'login')
    }
  })
})

test('the first factor is chosen', async (t) => {
  const idp = await emulator(t)
  const world = await hostedWorld(
    idp,
    { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP'] } }, SmsConfiguration },
    { ExplicitAuthFlows: ['ALLOW_USER_AUTH'] },
  )
  const contacts = { email: 'ada@example.com', email_verified: 'true', phone_number: '+12025550123', phone_number_verified: 'true' }
  await makeUser(idp, world, 'ada', contacts)
  const begin = async () => {
    const seen = browser(idp)
    await seen.go(`/oauth2/authorize?${requestOf(world)}`)
    t.notMatch(seen.last?.text, 'type="password"')
    t.equal((await seen.submit('login', { username: 'ada' })).page, 'choose')
    return seen
  }
  const byCode = await begin()
  t.equal((await byCode.submit('choose-email')).page, 'mfa')
  const code = idp.outbox.latest({ user: 'ada' })?.code as string
  t.match(code, /^\d{8}$/)
  t.ok((await byCode.submit('mfa', { code })).away?.searchParams.get('code'))

  const bySms = await begin()
  t.equal((await bySms.submit('choose-sms')).page, 'mfa')
  t.equal(bySms.text('lead'), 'A code was sent by SMS to +*******0123')
  await bySms.submit('mfa', { code: '00000000' })
  t.equal(bySms.text('error'), 'The code is wrong. Please try again.')
  t.ok((await bySms.submit('mfa', { code: idp.outbox.latest({ user: 'ada' })?.code as string })).away?.searchParams.get('code'))

  const discreet = await hostedClient(idp, world.pool, { ExplicitAuthFlows: ['ALLOW_USER_AUTH'], PreventUserExistenceErrors: 'ENABLED' })
  const byNobody = browser(idp)
  await byNobody.go(`/oauth2/authorize?${requestOf(discreet)}`)
  t.equal((await byNobody.submit('login', { username: 'nobody' })).page, 'choose', 'nobody is told who there is')
  t.equal((await byNobody.submit('choose-email')).page, 'mfa')
  t.equal((await byNobody.submit('mfa', { code: '00000000' })).status, 400)

  const byPassword = await begin()
  t.equal((await byPassword.submit('choose-password')).page, 'password')
  await byPassword.submit('password', { password: 'wrong' })
  t.equal(byPassword.text('error'), 'Incorrect username or password.')
  t.ok((await byPassword.submit('password', { password: PASSWORD })).away?.searchParams.get('code'))
})

test('passkeys', async (t) => {
  const site = 'http://keys.auth.localhost'
  const managed = async (ManagedLoginVersion: number) => {
    const idp = await emulator(t)
    const world = await hostedWorld(
      idp,
      { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } } },
      { ExplicitAuthFlows: ['ALLOW_USER_AUTH'] },
    )
    await idp.cognito.CreateUserPoolDomain({ UserPoolId: world.pool, Domain: 'keys', ManagedLoginVersion })
    if (ManagedLoginVersion === 2) {
      await idp.cognito.CreateManagedLoginBranding({ UserPoolId: world.pool, ClientId: world.client, UseCognitoProvidedValues: true })
    }
    await makeUser(idp, world, 'ada', { email: 'ada@example.com' })
    const add = (more: Record<string, string> = { redirect_uri: CALLBACK }) =>
      `${site}/passkeys/add?${new URLSearchParams({ client_id: world.client, ...more })}`
    return { idp, world, add, ask: (more = {}) => `${site}/oauth2/authorize?${requestOf(world, more)}` }
  }
  const { idp, world, add, ask } = await managed(2)
  const optionsOf = (text = '') => JSON.parse((/data-options="([^"]*)"/.exec(text)?.[1] ?? '').replaceAll('&quot;', '"'))
  const signIn = async () => {
    const seen = browser(idp, {}, site)
    await seen.go(ask())
    t.equal((await seen.submit('login', { username: 'ada' })).page, 'password')
    t.ok((await seen.submit('password', { password: PASSWORD })).away?.searchParams.get('code'))
    return seen
  }
  const authenticator = new Authenticator(site)

  await t.test('are made by whoever signed in, at /passkeys/add', async (t) => {
    t.equal((await browser(idp, {}, site).go(add())).away?.href, `${CALLBACK}?result=invalid_session`)
    t.match(await browser(idp, {}, site).go(add({})), { page: 'error', text: /redirect_uri/ })
    t.match(await browser(idp, {}, site).go(add({ redirect_uri: 'https://evil.example/' })), { page: 'error' })

    const seen = await signIn()
    const { page, text, headers } = await seen.go(add())
    t.equal(page, 'passkey')
    t.match(headers['content-security-policy'], /; script-src 'sha256-[^']+';/)
    t.match(text, `href="${CALLBACK}?result=cancelled" data-testid="not-now"`)
    const options = optionsOf(text)
    t.match(options, { rp: { id: 'keys.auth.localhost' }, user: { name: 'ada' } })
    await seen.submit('passkey', { credential: 'nonsense' })
    t.equal(seen.text('error'), 'Invalid WebAuthn credential.')
    const made = await seen.submit('passkey', { credential: JSON.stringify(authenticator.create(options)) })
    t.equal(made.away?.href, `${CALLBACK}?result=success`)
    const { ConfiguredUserAuthFactors } = await idp.cognito.AdminGetUserAuthFactors({ UserPoolId: world.pool, Username: 'ada' })
    t.strictSame(ConfiguredUserAuthFactors, ['PASSWORD', 'WEB_AUTHN'])
  })

  await t.test('sign people in', async (t) => {
    const seen = browser(idp, {}, site)
    await seen.go(ask())
    const { page, text } = await seen.submit('login', { username: 'ada' })
    t.equal(page, 'choose')
    const credential = JSON.stringify(authenticator.get(optionsOf(text)))
    t.ok((await seen.submit('choose-passkey', { credential })).away?.searchParams.get('code'))

    await seen.go(ask({ prompt: 'login' }))
    const again = await seen.submit('login', { username: 'ada' })
    const forged = JSON.stringify(authenticator.get(optionsOf(again.text), { forged: true }))
    t.equal((await seen.submit('choose-passkey', { credential: forged })).page, 'choose')
    t.equal(seen.text('error'), 'Incorrect username or password.')
    t.notMatch(seen.last?.text, '<form', 'its challenge is spent')
  })

  await t.test('are offered to whoever has just signed up', async (t) => {
    const seen = browser(idp, {}, site)
    await seen.go(ask())
    await seen.follow('sign-up')
    await seen.submit('sign-up', { username: 'eve', password: PASSWORD, 'requiredAttributes.email': 'eve@example.com' })
    await idp.cognito.AdminConfirmSignUp({ UserPoolId: world.pool, Username: 'eve' })
    await seen.go(`${site}/login?${requestOf(world, { done: 'confirmed' })}`)
    t.equal((await seen.submit('login', { username: 'eve' })).page, 'password')
    t.equal((await seen.submit('password', { password: PASSWORD })).page, 'passkey')
    const { text = '' } = seen.last ?? {}
    t.match(/href="([^"]*)" data-testid="not-now"/.exec(text)?.[1], /^https:\/\/app\.example\/callback\?code=[^&]+&amp;state=state-1$/)
    const credential = JSON.stringify(new Authenticator(site).create(optionsOf(text)))
    const { away } = await seen.submit('passkey', { credential })
    t.strictSame([away?.pathname, away?.searchParams.get('state')], ['/callback', 'state-1'])
    t.ok(away?.searchParams.get('code'))
  })

  await t.test('are not made by who comes after somebody that left the offer', async (t) => {
    const seen = browser(idp, {}, site)
    await seen.go(`/signup?${requestOf(world)}`)
    await seen.submit('sign-up', { username: 'leaver', password: PASSWORD, 'requiredAttributes.email': 'leaver@example.com' })
    await idp.cognito.AdminConfirmSignUp({ UserPoolId: world.pool, Username: 'leaver' })
    await seen.go(`${site}/login?${requestOf(world, { done: 'confirmed' })}`)
    t.equal((await seen.submit('login', { username: 'leaver' })).page, 'password')
    t.equal((await seen.submit('password', { password: PASSWORD })).page, 'passkey')
    const bye = new URLSearchParams({ client_id: world.client, logout_uri: 'https://app.example/bye' })
    t.ok((await seen.go(`/logout?${bye}`)).away)
    const { away } = await seen.go(`/passkeys/add?${requestOf(world)}`)
    t.equal(away?.searchParams.get('result'), 'invalid_session')
  })

  await t.test('are offered only where a browser would use them', async (t) => {
    const plain = browser(idp)
    await plain.go(`/oauth2/authorize?${requestOf(world)}`)
    t.equal((await plain.submit('login', { username: 'ada' })).page, 'choose')
    t.notMatch(plain.last?.text, 'form-choose-passkey')
    t.match(plain.text('notice'), /^Passkeys of this user pool belong to keys\.auth\.us-east-1\.amazoncognito\.com/)
    await plain.submit('choose-password')
    await plain.submit('password', { password: PASSWORD })
    t.match((await plain.go(add().replace(site, 'http://localhost:80'))).text, 'browsers do not use them at localhost')
  })

  await t.test('are not for the classic pages', async (t) => {
    const classic = await managed(1)
    const seen = browser(classic.idp, {}, site)
    await seen.go(classic.ask())
    t.ok((await seen.submit('login', { username: 'ada', password: PASSWORD })).away?.searchParams.get('code'))
    t.match(await seen.go(classic.add()), { status: 403, page: 'passkey', text: /ManagedLoginVersion/ })
    t.match(await seen.submit('passkey').catch((error: Error) => error.message), /^no form passkey/)
  })
})

test('settings change the look', async (t) => {
  const idp = await emulator(t)
  const world = await hostedWorld(idp)
  const ids = { UserPoolId: world.pool, ClientId: world.client }
  const seen = browser(idp)
  const look = async (path = '/login') => (await seen.go(`${path}?${requestOf(world)}`)).text
  await idp.cognito.CreateUserPoolDomain({ UserPoolId: world.pool, Domain: 'classic' })

  await idp.cognito.SetUICustomization({
    ...ids,
    CSS: '.submitButton-customizable {background-color: #0a0; content: "</style>"}',
    ImageFile: PNG,
  })
  const customized = await look()
  t.match(customized, '.submitButton-customizable {background-color: #0a0; content: "\\3c /style>"}')
  t.match(customized, `<img class="logo logo-customizable" src="data:image/png;base64,${PNG}" alt="client" data-testid="logo">`)

  const Links = { 'cognito:default': 'https://app.example/terms', 'cognito:german': 'https://app.example/agb' }
  const terms = { ...ids, TermsSource: 'LINK' as const, Enforcement: 'NONE' as const, Links }
  await idp.cognito.CreateTerms({ ...terms, TermsName: 'terms-of-use' })
  t.notMatch(await look('/signup'), 'https://app.example/terms', 'one kind is none')
  await idp.cognito.CreateTerms({ ...terms, TermsName: 'privacy-policy', Links: { 'cognito:default': 'https://app.example/privacy' } })
  const both = await look('/signup')
  t.match(both, 'href="https://app.example/terms"')
  t.match(both, 'href="https://app.example/privacy"')
  t.notMatch(await look('/login'), 'https://app.example/terms', 'who signs up agrees')
  const classic = await browser(idp, {}, 'http://classic.auth.localhost').go(`/signup?${requestOf(world)}`)
  t.notMatch(classic.text, 'https://app.example/terms', 'the classic pages show none')
  const german = await browser(idp).go(`/signup?${requestOf(world, { lang: 'de' })}`)
  t.match(german.text, 'href="https://app.example/agb"')

  const settings = {
    components: {
      primaryButton: { lightMode: { defaults: { backgroundColor: 'aa0000ff' } } },
      pageBackground: { lightMode: { color: 'x}' } },
    },
  }
  await idp.cognito.CreateManagedLoginBranding({
    ...ids,
    Settings: settings as never,
    Assets: [{ Category: 'FORM_LOGO', ColorMode: 'LIGHT', Extension: 'PNG', Bytes: PNG }],
  })
  const branded = await look()
  t.match(branded, '--button:#aa0000ff')
  t.notMatch(branded, '--page:#')
  t.match(branded, 'data-testid="logo"')
})

test('managed login shows nothing without a style (G9)', async (t) => {
  const idp = await emulator(t)
  const world = await hostedWorld(idp)
  await idp.cognito.CreateUserPoolDomain({ UserPoolId: world.pool, Domain: 'managed', ManagedLoginVersion: 2 })
  const site = 'http://managed.auth.localhost'
  const at = (by: typeof world) => browser(idp, {}, site).go(`${site}/login?${requestOf(by)}`)
  t.match(await at(world), { status: 403, page: 'unavailable' })
  await idp.cognito.CreateManagedLoginBranding({ UserPoolId: world.pool, ClientId: world.client, UseCognitoProvidedValues: true })
  t.match(await at(world), { status: 200, page: 'login' })
  t.match(await at(await hostedClient(idp, world.pool)), { status: 403, page: 'unavailable' })
})

test('a session lets nobody in who was disabled meanwhile', async (t) => {
  const idp = await emulator(t)
  const world = await hostedWorld(idp)
  await makeUser(idp, world, 'ada')
  const seen = browser(idp)
  await seen.go(`/oauth2/authorize?${requestOf(world)}`)
  t.match((await seen.submit('login', { username: 'ada', password: PASSWORD })).away?.href, CALLBACK)
  await idp.cognito.AdminDisableUser({ UserPoolId: world.pool, Username: 'ada' })
  t.equal((await seen.go(`/oauth2/authorize?${requestOf(world)}`)).page, 'login')
})

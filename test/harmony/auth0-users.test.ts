import { test } from 'tap'
import { emulator, START } from '../support/emulator.ts'
import { type Answer, harmonyOf, auth0Person as least } from '../support/harmony.ts'

const NOW = new Date(START).toISOString()

/** Every field of PostAuth0UserBody, and a key that no interface lists. */
const full = {
  appMetadata: {
    admin: 'yes',
    createdBy: 'SCRIPT',
    ctsAuthorized: true,
    ctsUserId: 'cts-1',
    customerId: 'cust-1',
    districtId: 'd-1',
    egrantsAuthorized: false,
    egrantsUserId: 'eg-1',
    erpAuthorized: true,
    erpNcAuthorized: false,
    erpNcUserId: 'nc-1',
    erpTenants: 'a,b',
    erpUserId: 'erp-1',
    fdpAuthorized: true,
    fdpStateAgency: 'agency',
    fdpStateCode: 'NC',
    isiteAuthorized: true,
    isiteMigration: false,
    mcAuthorized: true,
    mcUserId: 'mc-1',
    ooAuthorized: false,
    passwordResetRequired: true,
    role: 'teacher',
    scriptAuthorized: true,
    titanAuthorized: true,
    titanUserId: 'titan-1',
  },
  blocked: false,
  clientId: 'web',
  connection: 'self-signup',
  email: 'Ann@Example.com',
  emailVerified: true,
  familyName: 'Lee',
  givenName: 'Ann',
  name: 'Ann B. Lee',
  nickname: 'annie',
  password: 'Secret-123',
  picture: 'https://example.com/ann.png',
  sendInvite: false,
  userMetadata: { homeroomId: 'h', siteId: 's', mfaOptIn: 'sms', notificationSubscriptions: { news: { email: true } } },
  username: 'ann',
  colour: { favourite: 'red' },
}

test('Auth0 users', async (t) => {
  const idp = await emulator(t)
  const call = harmonyOf(idp)
  const post = (user: object) => call('POST', '/users', { user })
  const search = (query: string) => call('GET', `/users?${query}`)
  let made: Answer['body'] = {}

  await t.test('postUser keeps and answers every field, metadata nested', async (t) => {
    const { status, body } = await call('POST', '/users', { provider: 'auth0-user', user: full })
    t.equal(status, 201)
    const { password, sendInvite, ...shown } = full
    t.strictSame(body, { ...shown, id: body.id, provider: 'auth0-user', createdAt: NOW, updatedAt: NOW })
    t.match(body.id, /^auth0\|[0-9a-f]{24}$/)
    made = body
  })
  await t.test('getUser finds by id, user name and e-mail', async (t) => {
    for (const name of [String(made.id), 'ann', 'ann@example.COM']) {
      t.strictSame((await call('GET', `/users/${encodeURIComponent(name)}`)).body, made)
    }
  })
  await t.test('postUser fills in what is left out', async (t) => {
    const { body } = await post({ ...least, email: 'bob@example.com', password: 'Passw0rds', provider: 'auth0-user' })
    t.match(body, { name: 'Bob Ray', emailVerified: false, blocked: false, connection: 'district' })
    t.same([body.appMetadata, body.userMetadata], [{}, {}])
    t.equal(idp.outbox.latest({ to: 'bob@example.com' }), undefined)
  })

  const refusals: [what: string, status: number, user: object, error: string][] = [
    ['a missing given name', 400, { ...least, email: 'a@example.com', givenName: undefined }, 'user.givenName is required'],
    ['missing userMetadata', 400, { ...least, email: 'a@example.com', userMetadata: undefined }, 'user.userMetadata is required'],
    [
      'an unknown connection',
      400,
      { ...least, email: 'a@example.com', connection: 'x' },
      'user.connection must be one of district, self-signup',
    ],
    ['emailVerified as a text', 400, { ...least, email: 'a@example.com', emailVerified: 'true' }, 'user.emailVerified must be a boolean'],
    ['a weak password', 400, { ...least, email: 'a@example.com', password: 'password' }, 'PasswordStrengthError: Password is too weak'],
    ['a short password', 400, { ...least, email: 'a@example.com', password: 'Sh0rt-1' }, 'PasswordStrengthError: Password is too weak'],
    ['a plain password', 400, { ...least, email: 'a@example.com', password: 'password1' }, 'PasswordStrengthError: Password is too weak'],
    ['a taken e-mail', 409, { ...least, email: 'BOB@example.com' }, 'a user with this email exists already'],
    ['a taken user name', 409, { ...least, email: 'a@example.com', username: 'ANN' }, 'a user with this username exists already'],
    ['an id', 400, { ...least, email: 'a@example.com', id: 'x' }, 'user.id is set by the service'],
  ]
  for (const [what, status, user, error] of refusals) {
    await t.test(`postUser refuses ${what}`, async (t) => {
      const answer = await post(user)
      t.strictSame([answer.status, answer.body], [status, { error }])
    })
  }

  await t.test('getUsers answers one user and no array', async (t) => {
    const { status, body } = await search(`q=${encodeURIComponent('email:"ann@example.com"')}`)
    t.equal(status, 200)
    t.strictSame(body, made)
    t.equal((await search('')).body.email, 'Ann@Example.com')
  })
  const queries: [q: string, found: string | number][] = [
    ['name:"Ann B. Lee"', 'Ann@Example.com'],
    ['name:ann*', 'Ann@Example.com'],
    ['name:*b*ray', 'bob@example.com'],
    ['name:bob*bob', 404],
    ['name:*x*', 404],
    ['family_name:Ray', 'bob@example.com'],
    ['app_metadata.role:teacher AND user_metadata.siteId:s', 'Ann@Example.com'],
    ['app_metadata.role:teacher AND username:bob', 404],
    ['username:nobody OR given_name:bob', 'bob@example.com'],
    ['NOT username:ann', 'bob@example.com'],
    ['-username:ann', 'bob@example.com'],
    ['(username:ann OR email:"bob@example.com") AND -_exists_:picture', 'bob@example.com'],
    ['email_verified:true', 'Ann@Example.com'],
    ['email:"nobody@example.com"', 404],
    ['username:', 400],
    ['(username:ann', 400],
    ['ann', 400],
    [`${'('.repeat(3000)}username:ann${')'.repeat(3000)}`, 400],
  ]
  for (const [q, found] of queries) {
    await t.test(`getUsers with q ${q}`, async (t) => {
      const { status, body } = await search(`q=${encodeURIComponent(q)}`)
      if (typeof found === 'number') t.equal(status, found)
      else t.equal(body.email, found)
    })
  }
  await t.test('getUsers sorts, pages and picks fields', async (t) => {
    t.equal((await search('sort=given_name%3A-1')).body.givenName, 'Bob')
    t.equal((await search('sort=given_name%3A1&page=1')).body.givenName, 'Bob')
    t.equal((await search('page=1&pageSize=2')).status, 404)
    t.equal((await search('sort=nonsense')).status, 400)
    t.strictSame((await search('fields=email,given_name')).body, { email: 'Ann@Example.com', givenName: 'Ann' })
    t.notOk('email' in (await search('fields=email&include_fields=false')).body)
  })

  await t.test('patchUser replaces, merges and takes away', async (t) => {
    idp.clock.advance(1000)
    const { status, body } = await call('PATCH', '/users/ann', {
      user: {
        nickname: null,
        colour: 'blue',
        blocked: true,
        appMetadata: { role: null, districtId: 'd-2' },
        userMetadata: { siteId: 's-2' },
      },
    })
    t.equal(status, 200)
    const { nickname, ...rest } = made
    const { role, ...app } = made.appMetadata as Record<string, unknown>
    t.strictSame(body, {
      ...rest,
      colour: 'blue',
      blocked: true,
      appMetadata: { ...app, districtId: 'd-2' },
      userMetadata: { ...(made.userMetadata as object), siteId: 's-2' },
      updatedAt: new Date(START + 1000).toISOString(),
    })
  })
  await t.test('patchUser takes away with null, and refuses what postUser does', async (t) => {
    const { body } = await call('PATCH', '/users/ann', { user: { name: null, blocked: null, userMetadata: null } })
    t.match(body, { name: 'Ann Lee', blocked: false })
    t.strictSame(body.userMetadata, {})
    const refused = async (user: object) => (await call('PATCH', '/users/ann', { user })).body.error
    t.equal(await refused({ id: 'x' }), 'user.id is set by the service')
    t.equal(await refused({ password: 'Sh0rt-1' }), 'PasswordStrengthError: Password is too weak')
    t.equal((await call('PATCH', '/users/ann', { user: body })).status, 200, 'an answer may be sent back')
  })
  await t.test('patchUser invites', async (t) => {
    await call('PATCH', '/users/bob@example.com', { user: { sendInvite: true } })
    t.match(idp.outbox.latest({ to: 'bob@example.com' }), { template: 'invitation' })
  })
  await t.test('patchUser lets a new e-mail be unverified', async (t) => {
    t.match((await call('PATCH', '/users/ann', { user: { email: 'ann2@example.com' } })).body, { emailVerified: false })
    t.equal((await call('PATCH', '/users/ann', { user: { email: 'bob@EXAMPLE.com' } })).status, 409)
  })
  await t.test('deleteUser takes a body', async (t) => {
    t.equal((await call('DELETE', '/users/ann', { userId: 'bob@example.com' })).status, 204, 'the path says whom')
    t.equal((await call('DELETE', '/users/ann', {})).status, 404)
    t.equal((await call('DELETE', '/users/bob@example.com')).status, 204)
  })
  await t.test('no Auth0 user is in a user pool', async (t) => {
    t.same((await idp.cognito.ListUserPools({ MaxResults: 60 })).UserPools, [])
  })
})

test('mails and links', async (t) => {
  const idp = await emulator(t)
  const call = harmonyOf(idp)
  const open = async (url: string) => await idp.request('GET', new URL(url).pathname + new URL(url).search)
  const userOf = async () => (await call('GET', '/users/bob@example.com')).body
  const { body: client } = await call('POST', '/clients', {
    client: { product: 'TITAN', name: 'Titan <web>', callbacks: ['https://titan.example/back'] },
  })

  await t.test('sendInvite mails a link to choose a password', async (t) => {
    await call('POST', '/users', {
      user: { ...least, email: 'bob@example.com', clientId: client.id, sendInvite: true, password: undefined },
    })
    const mail = idp.outbox.latest({ to: 'bob@example.com' })
    t.match(mail, { channel: 'email', template: 'invitation', room: 'harmony' })
    const page = await open(mail?.link as string)
    t.equal(page.status, 200)
    t.match(page.headers['content-type'], /^text\/html/)
    t.match(page.body, /<form method="post">.*Choose|New password for bob@example.com/s)

    const ticket = new URL(mail?.link as string).searchParams.get('ticket') as string
    const form = (password: string) =>
      idp.request('POST', '/harmony/lo/reset', String(new URLSearchParams({ ticket, password })), {
        'content-type': 'application/x-www-form-urlencoded',
      })
    t.equal((await form('weak')).status, 400)
    const done = await form('Chosen-Horse-1')
    t.equal(done.status, 200)
    t.match(done.body, 'Back to Titan &lt;web&gt;')
    t.equal((await userOf()).emailVerified, true)
    t.equal((await form('Chosen-Horse-1')).status, 400, 'once')
  })

  await t.test('postSendEmail mails a link that verifies', async (t) => {
    await call('PATCH', '/users/bob@example.com', { user: { emailVerified: false } })
    const { status, body } = await call('POST', '/users/verification-email', { userId: 'bob@example.com', clientId: 'web' })
    t.strictSame([status, body], [201, {}])
    const first = idp.outbox.latest({ to: 'bob@example.com' })?.link as string
    t.equal((await userOf()).emailVerified, false)
    const by = { clientId: 'web', email: 'bob@example.com', accountProvider: 'auth0', connection: 'district' }
    t.equal((await call('POST', '/users/verification-email-by-email', by)).status, 201)
    const second = idp.outbox.latest({ to: 'bob@example.com' })?.link as string
    t.equal((await open(first)).status, 400, 'a newer link voids it')
    t.equal((await open(second)).status, 200)
    t.equal((await userOf()).emailVerified, true)
    t.equal((await open(second)).status, 400, 'once')
    const elsewhere = { ...by, accountProvider: 'google-oauth2' }
    t.equal((await call('POST', '/users/verification-email-by-email', elsewhere)).status, 404, 'for an account of another provider')
  })

  await t.test('a link is for one purpose and one address', async (t) => {
    const [now, then] = ['bob@example.com', 'moved@example.com']
    const move = async (from: string, to: string) => call('PATCH', `/users/${from}`, { user: { email: to } })
    const reset = await call('POST', '/users/password-reset', { userId: now, clientId: 'web' })
    const url = String(reset.body.url)
    await call('POST', '/users/verification-email', { userId: now, clientId: 'web' })
    t.equal((await open(url)).status, 200, 'a newer one of another purpose leaves it')
    t.equal((await open(url.replace('/lo/reset', '/u/email-verification'))).status, 400)

    await move(now, then)
    const mailed = idp.outbox.latest({ to: now })?.link as string
    t.equal((await open(mailed)).status, 400, 'the address is not theirs any more')
    const ticket = new URL(url).searchParams.get('ticket') as string
    const form = String(new URLSearchParams({ ticket, password: 'Chosen-Horse-2' }))
    t.equal((await idp.request('POST', '/harmony/lo/reset', form, { 'content-type': 'application/x-www-form-urlencoded' })).status, 200)
    t.equal((await call('GET', `/users/${then}`)).body.emailVerified, false)
    await move(then, now)
    const journal = JSON.stringify(idp.app.emulator.namespace().journal.list())
    t.ok(journal.includes('ticket=***'))
    for (const link of [url, mailed]) t.notOk(journal.includes(new URL(link).searchParams.get('ticket') as string), 'and in no journal')
  })

  await t.test('links expire', async (t) => {
    const { body } = await call('POST', '/users/password-reset', { userId: 'bob@example.com', clientId: 'web' })
    t.equal((await open(String(body.url))).status, 200)
    idp.clock.advance(5 * 24 * 3_600_000)
    t.equal((await open(String(body.url))).status, 400)
  })

  await t.test('a Cognito user gets the code that Cognito sends', async (t) => {
    const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'p', AutoVerifiedAttributes: ['email'] })
    const userPoolId = UserPool?.Id as string
    const { body: app } = await call('POST', '/clients', {
      provider: 'cognito-client',
      userPoolId,
      client: { product: 'TITAN', name: 'web', grantTypes: ['password'], tokenEndpointAuthMethod: 'none' },
    })
    const clientId = String(app.id)
    await idp.cognito.SignUp({
      ClientId: clientId,
      Username: 'carl',
      Password: 'Secret-123',
      UserAttributes: [{ Name: 'email', Value: 'carl@example.com' }],
    })
    const before = idp.outbox.list({ to: 'carl@example.com' }).length
    const provider = 'cognito-user'
    t.equal((await call('POST', '/users/verification-email', { provider, userId: 'carl', clientId })).status, 201)
    const by = { provider, clientId, email: 'Carl@example.com', userPoolId }
    t.equal((await call('POST', '/users/verification-email-by-email', by)).status, 201)
    t.equal(idp.outbox.list({ to: 'carl@example.com' }).length, before + 2)
    const { body: confidential } = await call('POST', '/clients', {
      provider: 'cognito-client',
      userPoolId,
      client: { product: 'TITAN', name: 'server', grantTypes: ['password'] },
    })
    t.ok(confidential.secret)
    const withSecret = { provider, userId: 'carl', clientId: confidential.id }
    t.equal((await call('POST', '/users/verification-email', withSecret)).status, 201, 'Harmony knows the secret of its clients')
    const code = idp.outbox.latest({ to: 'carl@example.com' })?.code as string
    await idp.cognito.ConfirmSignUp({ ClientId: clientId, Username: 'carl', ConfirmationCode: code })
  })
})

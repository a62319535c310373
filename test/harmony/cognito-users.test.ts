import { test } from 'tap'
import type { Operations } from '../../src/cognito/contract/types.ts'
import { emulator, START, type TestEmulator } from '../support/emulator.ts'

type Body = Record<string, unknown> & { appMetadata: Record<string, unknown>; userMetadata: Record<string, unknown> }

const NOW = new Date(START).toISOString()

const appMetadata = {
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
  isExternal: false,
  isiteAuthorized: true,
  isiteMigration: false,
  mcAuthorized: true,
  mcUserId: 'mc-1',
  ooAuthorized: false,
  passwordResetRequired: false,
  role: 'teacher',
  scriptAuthorized: true,
  titanAuthorized: true,
  titanUserId: 'titan-1',
}
const full = {
  appMetadata,
  blocked: false,
  email: 'Ann@Example.com',
  firstName: 'Ann',
  lastName: 'Lee',
  name: 'Ann B. Lee',
  nickname: 'annie',
  password: 'Secret-123',
  picture: 'https://example.com/ann.png',
  userMetadata: { homeroomId: 'h-1', siteId: 's-1' },
  username: 'ann',
  phoneNumber: '+15555550100',
  colour: { favourite: 'red', others: ['blue'] },
}

async function pool(idp: TestEmulator, settings: Partial<Operations['CreateUserPool']['input']> = {}): Promise<string> {
  const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'schools', ...settings })
  return UserPool?.Id as string
}

const least = { firstName: 'Ann', lastName: 'Lee', password: 'Secret-123', appMetadata: {} }

function harmony(idp: TestEmulator, userPoolId: string) {
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await idp.request(method, `/harmony${path}`, body)
    return { ...answer, body: answer.body as Body }
  }
  const query = `provider=cognito-user&userPoolId=${userPoolId}`
  return {
    post: (user: object) => call('POST', '/users', { provider: 'cognito-user', user: { userPoolId, ...user } }),
    get: (id: string) => call('GET', `/users/${encodeURIComponent(id)}?${query}`),
    list: (more = '') => call('GET', `/users?${query}${more}`),
    patch: (id: string, user: object) => call('PATCH', `/users/${encodeURIComponent(id)}`, { provider: 'cognito-user', userPoolId, user }),
    remove: (id: string) => call('DELETE', `/users/${id}`, { provider: 'cognito-user', userPoolId }),
  }
}

test('postUser', async (t) => {
  const idp = await emulator(t)
  const userPoolId = await pool(idp)
  const api = harmony(idp, userPoolId)

  await t.test('keeps and answers every field, flat and nested', async (t) => {
    const { status, body } = await api.post(full)
    t.equal(status, 201)
    const { password, blocked, userPoolId: _, ...shown } = { ...full, userPoolId }
    t.strictSame(body, {
      ...shown,
      ...Object.fromEntries(Object.entries({ ...appMetadata, ...full.userMetadata }).map(([key, value]) => [key, String(value)])),
      id: body.id,
      username: 'ann',
      emailVerified: 'true',
      phoneVerified: 'true',
      provider: 'cognito-user',
      connection: userPoolId,
      userPoolId,
      status: 'ACTIVE',
      disabled: false,
      blocked: false,
      createdAt: NOW,
      updatedAt: NOW,
    })
    t.match(body.id, /^[0-9a-f-]{36}$/)
    t.strictSame((await api.get('ann')).body, body, 'found by user name')
    t.strictSame((await api.get(String(body.id))).body, body, 'found by id')
    t.strictSame((await api.get('ann@example.COM')).body, body, 'found by e-mail, whatever its case')
  })

  await t.test('makes a real user of the pool', async (t) => {
    const user = await idp.cognito.AdminGetUser({ UserPoolId: userPoolId, Username: 'ann' })
    t.equal(user.UserStatus, 'CONFIRMED')
    const attributes = Object.fromEntries((user.UserAttributes ?? []).map(({ Name, Value }) => [Name, Value]))
    t.match(attributes, {
      email: 'Ann@Example.com',
      email_verified: 'true',
      given_name: 'Ann',
      family_name: 'Lee',
      name: 'Ann B. Lee',
      nickname: 'annie',
      picture: 'https://example.com/ann.png',
      phone_number: '+15555550100',
      phone_number_verified: 'true',
    })
    t.notOk('custom:role' in attributes, 'what the pool has no attribute for is not there')
  })

  await t.test('names a user without a user name by its id', async (t) => {
    const { body } = await api.post({ ...least, email: 'bob@example.com' })
    t.equal(body.username, body.id)
    t.equal(body.name, 'Ann Lee')
    t.strictSame(body.appMetadata, {})
    t.strictSame(body.userMetadata, {})
    const user = await idp.cognito.AdminGetUser({ UserPoolId: userPoolId, Username: String(body.id) })
    t.equal(user.Username, body.id)
  })

  await t.test('takes a bare PostCognitoUserBody and says what is missing', async (t) => {
    const bare = await idp.request('POST', '/users', { userPoolId, ...least, email: 'bare@example.com' })
    t.equal(bare.status, 201)
    t.equal(bare.headers['x-poolhouse-violations'], 'user is required: the body itself was taken for it')
    const wrapped = await api.get('bare@example.com')
    t.strictSame(bare.body, wrapped.body)
    const refused = await idp.request('POST', '/users', { userPoolId, ...least })
    t.strictSame([refused.status, refused.body], [400, { error: 'email is required' }])
  })

  await t.test('takes a form with brackets', async (t) => {
    const form = new URLSearchParams({
      provider: 'cognito-user',
      'user[userPoolId]': userPoolId,
      'user[email]': 'form@example.com',
      'user[firstName]': 'Fo',
      'user[lastName]': 'Rm',
      'user[password]': 'Secret-123',
      'user[blocked]': 'true',
      'user[appMetadata][role]': 'x',
      'user[appMetadata][titanAuthorized]': 'true',
    })
    const { status, body } = await idp.request('POST', '/users', String(form), { 'content-type': 'application/x-www-form-urlencoded' })
    t.equal(status, 201)
    t.match(body, { role: 'x', titanAuthorized: 'true', blocked: true, disabled: true, appMetadata: { role: 'x', titanAuthorized: true } })
  })

  const refusals: [what: string, status: number, user: object, error: string | RegExp][] = [
    ['an e-mail that is taken, in another case', 409, { ...least, email: 'ANN@example.com' }, 'a user with this email exists already'],
    ['a user name that is taken', 409, { ...least, email: 'new@example.com', username: 'ann' }, 'User account already exists'],
    ['a password the policy refuses', 400, { ...least, email: 'weak@example.com', password: 'weak' }, /Password did not conform/],
    ['an e-mail that is none', 400, { ...least, email: 'nobody' }, /email/],
    ['an id', 400, { ...least, email: 'id@example.com', id: 'mine' }, 'user.id is set by the service'],
    ['a flat flag that is none', 400, { ...least, email: 'f@example.com', titanAuthorized: 1 }, 'user.titanAuthorized must be a boolean'],
    ['a verified phone without a phone', 400, { ...least, email: 'f@example.com', phoneVerified: true }, /needs user.phoneNumber/],
    ['a flat text that is none', 400, { ...least, email: 'f@example.com', role: 1 }, 'user.role must be a string'],
  ]
  for (const [what, status, user, error] of refusals) {
    await t.test(`refuses ${what}`, async (t) => {
      const before = (await idp.cognito.ListUsers({ UserPoolId: userPoolId })).Users?.length
      const answer = await api.post(user)
      t.equal(answer.status, status)
      t.match(answer.body, { error })
      t.same(Object.keys(answer.body), ['error'])
      t.equal((await idp.cognito.ListUsers({ UserPoolId: userPoolId })).Users?.length, before, 'nothing is half done')
    })
  }

  await t.test('drops keys that would reach a prototype', async (t) => {
    const text = JSON.stringify({ provider: 'cognito-user', user: { userPoolId, ...least, email: 'proto@example.com' } })
    const nasty = text.replace('"appMetadata":{}', '"appMetadata":{},"__proto__":{"a":1},"constructor":{"prototype":{"b":1}},"prototype":1')
    const answer = await idp.request('POST', '/users', nasty, { 'content-type': 'application/json' })
    t.equal(answer.status, 201)
    t.notMatch(answer.body, { a: 1 })
    t.notOk(Object.hasOwn(answer.body as object, 'prototype'))
  })
})

test('passwords', async (t) => {
  const idp = await emulator(t)
  const userPoolId = await pool(idp)
  const api = harmony(idp, userPoolId)
  const statusOf = async (id: string) => (await idp.cognito.AdminGetUser({ UserPoolId: userPoolId, Username: id })).UserStatus

  await t.test('without one the user is invited with a temporary password', async (t) => {
    const { body } = await api.post({ ...least, password: undefined, email: 'invited@example.com' })
    t.equal(body.status, 'FORCE_CHANGE_PASSWORD')
    const mail = idp.outbox.latest({ to: 'invited@example.com' })
    t.match(mail, { channel: 'email', template: 'AdminCreateUser' })
  })
  await t.test('passwordResetRequired makes it temporary', async (t) => {
    const { body } = await api.post({ ...least, email: 'temporary@example.com', appMetadata: { passwordResetRequired: true } })
    t.match(body, { status: 'FORCE_CHANGE_PASSWORD', passwordResetRequired: 'true', appMetadata: { passwordResetRequired: true } })
    t.equal(idp.outbox.latest({ to: 'temporary@example.com' }), undefined)
    await idp.cognito.AdminSetUserPassword({ UserPoolId: userPoolId, Username: String(body.id), Password: 'Another-123', Permanent: true })
    t.match((await api.get(String(body.id))).body, { status: 'ACTIVE', appMetadata: { passwordResetRequired: false } })
  })
  await t.test('an external user gets none and no invitation', async (t) => {
    const { body } = await api.post({ ...least, password: undefined, email: 'ext@example.com', appMetadata: { isExternal: true } })
    t.match(body, { status: 'EXTERNAL_PROVIDER', isExternal: 'true' })
    t.equal(idp.outbox.latest({ to: 'ext@example.com' }), undefined)
    t.equal((await api.patch(String(body.id), { appMetadata: { isExternal: false } })).body.status, 'FORCE_CHANGE_PASSWORD')
    t.equal((await api.patch(String(body.id), { appMetadata: { isExternal: true } })).body.status, 'EXTERNAL_PROVIDER')
    t.equal((await api.patch(String(body.id), { password: 'Another-123' })).body.status, 'ACTIVE')
  })
  await t.test('a PATCH sets one for good, or until the next sign-in', async (t) => {
    const { body } = await api.post({ ...least, email: 'patched@example.com' })
    const id = String(body.id)
    t.equal(
      (await api.patch(id, { password: 'Another-123', appMetadata: { passwordResetRequired: true } })).body.status,
      'FORCE_CHANGE_PASSWORD',
    )
    t.equal((await api.patch(id, { password: 'Another-456' })).body.status, 'ACTIVE')
    t.equal(await statusOf(id), 'CONFIRMED')
  })
})

test('passwordResetRequired in a PATCH without a password', async (t) => {
  const idp = await emulator(t)
  const userPoolId = await pool(idp)
  const api = harmony(idp, userPoolId)
  for (const [where, user] of [
    ['nested', { appMetadata: { passwordResetRequired: true } }],
    ['flat', { passwordResetRequired: 'true' }],
  ] as const) {
    await t.test(`${where}, has Cognito ask for a new one`, async (t) => {
      const email = `${where}@example.com`
      const { body: made } = await api.post({ ...least, email })
      const { status, body } = await api.patch(String(made.id), user)
      t.equal(status, 200)
      t.match(body, { status: 'RESET_REQUIRED', appMetadata: { passwordResetRequired: true } })
      t.match(idp.outbox.latest({ to: email }), { channel: 'email', code: /^\d{6}$/ })
      const sent = idp.outbox.count()
      t.equal((await api.patch(String(made.id), user)).status, 200)
      t.equal(idp.outbox.count(), sent, 'once')
      const undone = await api.patch(String(made.id), { appMetadata: { passwordResetRequired: false } })
      t.match(undone.body, { status: 'RESET_REQUIRED', appMetadata: { passwordResetRequired: false } })
    })
  }
})

test('a pool with its own attributes', async (t) => {
  const idp = await emulator(t)
  const custom = (Name: string) => ({ Name, AttributeDataType: 'String' as const, Mutable: true })
  const userPoolId = await pool(idp, {
    UsernameAttributes: ['email'],
    Schema: [custom('role'), custom('titanAuthorized'), custom('siteId')],
  })
  const api = harmony(idp, userPoolId)
  const user = { ...least, email: 'ann@example.com', username: 'ann' }

  await t.test('holds what it has an attribute for', async (t) => {
    const { body, status } = await api.post({
      ...user,
      appMetadata: { role: 'x', titanAuthorized: true, districtId: 'd' },
      userMetadata: { siteId: 's', homeroomId: 'h' },
    })
    t.equal(status, 201)
    t.match(body, { username: 'ann', role: 'x', titanAuthorized: 'true', districtId: 'd', siteId: 's', homeroomId: 'h' })
    t.strictSame(body.appMetadata, { role: 'x', titanAuthorized: true, districtId: 'd' })
    const { UserAttributes = [], Username } = await idp.cognito.AdminGetUser({ UserPoolId: userPoolId, Username: 'ann@example.com' })
    const attributes = Object.fromEntries(UserAttributes.map(({ Name, Value }) => [Name, Value]))
    t.match(attributes, { 'custom:role': 'x', 'custom:titanAuthorized': 'true', 'custom:siteId': 's', preferred_username: 'ann' })
    t.equal(Username, body.id, 'its user name is the id')
    t.strictSame((await api.get('ann')).body, body, 'found by its own user name')
    t.equal((await api.post({ ...user, email: 'other@example.com' })).status, 409)
  })
  await t.test('lets a user have another name of its own, unless it is taken', async (t) => {
    const { body: made } = await api.post({ ...least, email: 'dan@example.com', username: 'dan' })
    const taken = await api.patch('dan', { username: 'ann' })
    t.strictSame([taken.status, taken.body as unknown], [409, { error: 'a user with this username exists already' }])
    t.match(await api.patch('dan', { username: 'dan', nickname: 'd' }), { status: 200, body: { username: 'dan', nickname: 'd' } })
    t.match(await api.patch('dan', { username: 'daniel' }), { status: 200, body: { username: 'daniel' } })
    t.equal((await api.get('dan')).status, 404)
    t.equal((await api.get('daniel')).body.id, made.id)
  })
  await t.test('keeps empty texts, which Cognito would take for deletions', async (t) => {
    const { body } = await api.patch('daniel', { nickname: '', appMetadata: { role: '' } })
    t.match(body, { nickname: '', role: '', appMetadata: { role: '' } })
  })
  await t.test('shows what others put there', async (t) => {
    await idp.cognito.AdminCreateUser({
      UserPoolId: userPoolId,
      Username: 'eve@example.com',
      UserAttributes: [
        { Name: 'custom:role', Value: 'guest' },
        { Name: 'custom:titanAuthorized', Value: 'false' },
      ],
    })
    const { status, body } = await api.get('eve@example.com')
    t.equal(status, 200)
    t.match(body, {
      email: 'eve@example.com',
      emailVerified: 'false',
      role: 'guest',
      appMetadata: { role: 'guest', titanAuthorized: false },
    })
    t.strictSame((await api.get(String(body.id))).body, body)
  })
})

test('getUsers', async (t) => {
  const idp = await emulator(t)
  const userPoolId = await pool(idp)
  const api = harmony(idp, userPoolId)
  for (let n = 0; n < 3; n++) await api.post({ ...least, email: `user${n}@example.com` })
  const emails = (body: unknown) => (body as { email: string }[]).map(({ email }) => email)

  await t.test('answers an array', async (t) => {
    const { status, body, headers } = await api.list()
    t.equal(status, 200)
    t.strictSame(emails(body), ['user0@example.com', 'user1@example.com', 'user2@example.com'])
    t.notOk('x-next-token' in headers)
  })
  await t.test('gives pages by either name of the token', async (t) => {
    const first = await api.list('&limit=2')
    t.strictSame(emails(first.body), ['user0@example.com', 'user1@example.com'])
    const token = encodeURIComponent(String(first.headers['x-next-token']))
    for (const name of ['lastEvaluatedKey', 'next']) {
      const second = await api.list(`&limit=2&${name}=${token}`)
      t.strictSame(emails(second.body), ['user2@example.com'])
      t.notOk('x-next-token' in second.headers)
    }
  })
  await t.test('puts the token into the body if asked to', async (t) => {
    const { body, headers } = await api.list('&limit=1&envelope=true')
    t.strictSame(emails(body.users), ['user0@example.com'])
    t.equal(body.lastEvaluatedKey, headers['x-next-token'])
  })
  await t.test('refuses a token it did not give', async (t) => {
    const { status, body } = await api.list('&lastEvaluatedKey=bm9wZQ')
    t.equal(status, 400)
    t.same(Object.keys(body), ['error'])
  })
  await t.test('needs a pool', async (t) => {
    const answer = await idp.request('GET', '/users?provider=cognito-user')
    t.strictSame([answer.status, answer.body], [400, { error: 'userPoolId is required' }])
  })
  await t.test('tells of what it does not know', async (t) => {
    t.equal((await api.list('&colour=red')).headers['x-poolhouse-violations'], 'colour is not documented')
  })
})

test('patchUser', async (t) => {
  const idp = await emulator(t)
  const userPoolId = await pool(idp)
  const api = harmony(idp, userPoolId)
  const { body: made } = await api.post(full)
  const id = String(made.id)
  await api.post({ ...least, email: 'bob@example.com' })

  await t.test('replaces keys at the top and merges metadata', async (t) => {
    idp.clock.advance(1000)
    const { status, body } = await api.patch(id, { nickname: 'a', appMetadata: { role: 'head' }, colour: 'blue' })
    t.equal(status, 200)
    t.strictSame(body, {
      ...made,
      nickname: 'a',
      colour: 'blue',
      role: 'head',
      appMetadata: { ...made.appMetadata, role: 'head' },
      updatedAt: new Date(START + 1000).toISOString(),
    })
  })
  await t.test('null takes away', async (t) => {
    const { body } = await api.patch(id, {
      nickname: null,
      phoneNumber: null,
      colour: null,
      appMetadata: { role: null },
      userMetadata: null,
    })
    t.strictSame(
      [body.nickname, body.phoneNumber, body.phoneVerified, body.colour, body.role, body.appMetadata.role, body.userMetadata, body.siteId],
      [undefined, undefined, undefined, undefined, undefined, undefined, {}, undefined],
    )
  })
  await t.test('an answer may be sent back, changed', async (t) => {
    const { body: before } = await api.get(id)
    const { status, body } = await api.patch(id, { ...before, appMetadata: { ...before.appMetadata, districtId: 'd-2' } })
    t.equal(status, 200)
    t.strictSame(body.appMetadata, { ...before.appMetadata, districtId: 'd-2' })
    t.equal(body.districtId, 'd-2')
    const flat = await api.patch(id, { ...body, districtId: 'd-3', appMetadata: undefined })
    t.equal(flat.body.appMetadata.districtId, 'd-3')
  })
  await t.test('blocks and lets in again', async (t) => {
    t.match((await api.patch(id, { blocked: true })).body, { blocked: true, disabled: true, status: 'ACTIVE' })
    t.match((await api.patch(id, { blocked: false })).body, { blocked: false, disabled: false })
  })
  await t.test('a new e-mail is not verified', async (t) => {
    t.match((await api.patch(id, { email: 'ann2@example.com' })).body, { email: 'ann2@example.com', emailVerified: 'false' })
    t.equal((await api.get('ann@example.com')).status, 404)
    t.equal((await api.get('ANN2@example.com')).body.id, id)
    t.match(
      (await api.patch(id, { email: 'ann3@example.com', emailVerified: true })).body,
      { emailVerified: 'true' },
      'unless it is said to be',
    )
  })

  await t.test('a new e-mail that Cognito was told of counts', async (t) => {
    const tell = (Value: string) =>
      idp.cognito.AdminUpdateUserAttributes({ UserPoolId: userPoolId, Username: 'ann', UserAttributes: [{ Name: 'email', Value }] })
    await tell('ann4@example.com')
    t.equal((await api.get('ann3@example.com')).status, 404)
    t.equal((await api.get('ann4@example.com')).body.id, id)
  })

  const refusals: [what: string, status: number, id: string, user: object, error: string][] = [
    ['a verified phone without a phone', 400, id, { phoneVerified: true }, 'user.phoneVerified needs user.phoneNumber'],
    ['a user whose name would end a filter', 404, 'no"body\\', {}, 'user no"body\\ does not exist'],
    ['a user of a name too long to look for', 404, 'x'.repeat(201), {}, `user ${'x'.repeat(201)} does not exist`],
    ['a user it does not know', 404, 'nobody', {}, 'user nobody does not exist'],
    ['an e-mail that is taken', 409, id, { email: 'BOB@example.com' }, 'a user with this email exists already'],
    ['another user name', 400, id, { username: 'new' }, 'user.username cannot be changed: Cognito keeps a Username for good'],
    ['another pool', 400, id, { userPoolId: 'us-east-1_other' }, 'userPoolId and user.userPoolId differ'],
    ['no e-mail', 400, id, { email: null }, 'user.email must be a string'],
    ['another status', 400, id, { status: 'ACTIVE!' }, 'user.status is set by the service'],
  ]
  for (const [what, status, who, user, error] of refusals) {
    await t.test(`refuses ${what}`, async (t) => {
      const answer = await api.patch(who, user)
      t.strictSame([answer.status, answer.body], [status, { error }])
    })
  }
  await t.test('needs a pool', async (t) => {
    const answer = await idp.request('PATCH', `/users/${id}`, { provider: 'cognito-user', user: {} })
    t.strictSame([answer.status, answer.body], [400, { error: 'user.userPoolId is required' }])
  })
})

test('deleteUser', async (t) => {
  const idp = await emulator(t)
  const userPoolId = await pool(idp)
  const api = harmony(idp, userPoolId)
  for (const how of ['body', 'query']) {
    await t.test(`by ${how}`, async (t) => {
      const { body } = await api.post({ ...least, email: 'ann@example.com' })
      const id = String(body.id)
      const answer =
        how === 'body' ? await api.remove(id) : await idp.request('DELETE', `/users/${id}?provider=cognito-user&userPoolId=${userPoolId}`)
      t.strictSame([answer.status, answer.body as unknown], [204, ''])
      const again = await api.remove(id)
      t.strictSame([again.status, again.body as unknown], [404, { error: `user ${id} does not exist` }])
      await t.rejects(idp.cognito.AdminGetUser({ UserPoolId: userPoolId, Username: id }), { name: 'UserNotFoundException' })
    })
  }
})

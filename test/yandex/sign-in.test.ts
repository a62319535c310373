import { test } from 'tap'
import { emulator } from '../support/emulator.ts'
import { IDP, ORGANIZATION, PASSWORD, type RestAnswer, rest } from '../support/yandex.ts'

const NEW = 'Another-Secret-42!'

test('users sign in with their passwords', async (t) => {
  const idp = await emulator(t, { settings: { rooms: { yandex: { auth: 'strict' } } } })
  const api = rest(idp)
  const login = (username: string, password: string): Promise<RestAnswer> =>
    api.call('POST', '/iam/v1/tokens', { yandexPassportOauthToken: `login:${username}:${password}` })
  const admin = (await api.call('POST', '/iam/v1/tokens', { yandexPassportOauthToken: 'y0_poolhouse-demo' })).body.iamToken
  const call = (token: string, method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<RestAnswer> =>
    api.call(method, path, body, { authorization: `Bearer ${token}` })
  const pool = (
    await call(admin, 'POST', `${IDP}/userpools`, {
      organizationId: ORGANIZATION,
      name: 'p',
      defaultSubdomain: 'p',
      userSettings: { allowEditSelfPassword: true },
      passwordLifetimePolicy: { maxDaysCount: 30 },
      bruteforceProtectionPolicy: { attempts: 3, window: '60s', block: '300s' },
    })
  ).body.response
  let count = 0
  const create = async (more: object = {}) => {
    const user = { userpoolId: pool.id, username: `u${++count}@p.idp.yandexcloud.net`, fullName: 'U', passwordSpec: { password: PASSWORD } }
    return (await call(admin, 'POST', `${IDP}/users`, { ...user, ...more })).body.response
  }
  const settled = async (more: object = {}) => {
    const user = await create(more)
    const { body } = await login(user.username, PASSWORD)
    await call(body.iamToken, 'POST', `${IDP}/users:setOwnPassword`, { passwordSpec: { password: NEW } })
    return user
  }

  await t.test('a temporary password is good for changing it, and nothing else', async (t) => {
    const user = await create()
    const { status, body } = await login(user.username.toUpperCase(), PASSWORD)
    t.equal(status, 200)
    t.match(body.iamToken, /^t1\./)
    const refused = await call(body.iamToken, 'GET', `${IDP}/users/${user.id}`)
    t.equal(refused.body.code, 7)
    t.equal(refused.body.message, 'Password must be changed')
    const metadata = (await call(body.iamToken, 'GET', `${IDP}/users:getSelfPasswordMetadata`)).body
    t.match(metadata, { type: 'TEMPORARY', lastUsage: { usedAt: '2026-01-02T03:04:05Z', ipAddress: '127.0.0.1' } })
    t.equal((await call(body.iamToken, 'POST', `${IDP}/users:setOwnPassword`, { passwordSpec: { password: NEW } })).status, 200)
    const again = await login(user.username, NEW)
    t.equal((await call(again.body.iamToken, 'GET', `${IDP}/users/${user.id}`)).status, 200)
    t.equal((await login(user.username, PASSWORD)).body.code, 16)
  })

  await t.test('an expired password must be changed, too', async (t) => {
    const user = await settled()
    idp.clock.advance(30 * 86_400_000)
    const { body } = await login(user.username, NEW)
    t.equal((await call(body.iamToken, 'GET', `${IDP}/users/${user.id}`)).body.message, 'Password must be changed')
    idp.clock.advance(-30 * 86_400_000)
  })

  await t.test('suspended and expired users stay out', async (t) => {
    const user = await settled()
    await call(admin, 'POST', `${IDP}/users/${user.id}:suspend`, {})
    t.equal((await login(user.username, NEW)).body.message, 'User is not active')
    await call(admin, 'POST', `${IDP}/users/${user.id}:reactivate`, {})
    await call(admin, 'PATCH', `${IDP}/users/${user.id}`, { updateMask: 'expiresAt', expiresAt: '2026-01-02T03:04:05Z' })
    t.equal((await login(user.username, NEW)).body.message, 'User has expired')
    t.equal((await login('nobody@p.idp.yandexcloud.net', NEW)).body.message, 'Invalid username or password')
    t.equal((await login('nobody@elsewhere.example', NEW)).body.message, 'Invalid username or password')
  })

  await t.test('too many failures lock a user out for a while', async (t) => {
    const user = await settled()
    const fail = async () => (await login(user.username, 'wrong')).body.message
    t.equal(await fail(), 'Invalid username or password')
    t.equal(await fail(), 'Invalid username or password')
    idp.clock.advance(60_000)
    t.equal(await fail(), 'Invalid username or password', 'the first two are out of the window')
    await fail()
    t.equal((await login(user.username, NEW)).status, 200, 'a success forgets them')
    for (const _ of [1, 2, 3]) t.equal(await fail(), 'Invalid username or password')
    t.equal((await login(user.username, NEW)).body.message, 'Too many attempts; try again later')
    idp.clock.advance(299_000)
    t.equal((await login(user.username, NEW)).status, 401)
    idp.clock.advance(1000)
    t.equal((await login(user.username, NEW)).status, 200)
  })

  await t.test('a pool may do without that', async (t) => {
    const user = await settled()
    await call(admin, 'PATCH', `${IDP}/userpools/${pool.id}`, {
      updateMask: 'bruteforceProtectionPolicy',
      bruteforceProtectionPolicy: { attempts: 0, window: '60s', block: '60s' },
    })
    for (const _ of [1, 2, 3, 4]) await login(user.username, 'wrong')
    t.equal((await login(user.username, NEW)).status, 200)
  })

  await t.test('the journal tells audit events and no password', async (t) => {
    const journal = idp.app.emulator.namespace().journal.list()
    const events = new Set(journal.map(({ notes }) => notes.event))
    for (const event of ['CreateUserpool', 'CreateUser', 'SuspendUser', 'ChangeOneTimePassword', 'AuthenticateByPassword']) {
      t.ok(events.has(`yandex.cloud.audit.organizationmanager.idp.${event}`), event)
    }
    for (const secret of [PASSWORD, NEW]) t.notOk(JSON.stringify(journal).includes(secret))
  })
})

test('the limits of the service are held to when asked for', async (t) => {
  const idp = await emulator(t, { settings: { rooms: { yandex: { quotas: true } } } })
  const api = rest(idp)
  const groups = '/organization-manager/v1/groups'
  for (let n = 0; n < 100; n++) await api.done('POST', groups, { organizationId: ORGANIZATION, name: `g${n}` })
  const { status, body } = await api.call('POST', groups, { organizationId: ORGANIZATION, name: 'more' })
  t.equal(status, 429)
  t.equal(body.code, 8)
  const description = 'The limit of 100 groups in an organization is exceeded'
  t.equal(body.message, description)
  t.same(body.details[1], {
    '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
    violations: [{ subject: ORGANIZATION, description }],
  })

  const pool = await api.pool()
  const binding = (n: number) => ({ roleId: `role${n}`, subject: { id: 'x', type: 'userAccount' } })
  const bind = (from: number, to: number): Promise<RestAnswer> =>
    api.call('PATCH', `${IDP}/userpools/${pool.id}:updateAccessBindings`, {
      accessBindingDeltas: Array.from({ length: to - from }, (_, n) => ({ action: 'ADD', accessBinding: binding(from + n) })),
    })
  t.equal((await bind(0, 1000)).status, 200)
  t.equal((await bind(1000, 2000)).status, 200)
  t.equal((await bind(2000, 2001)).body.code, 8)
})

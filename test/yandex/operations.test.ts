import { test } from 'tap'
import { createApp } from '../../src/app.ts'
import { control, options } from '../../src/yandex/index.ts'
import { emulator, START } from '../support/emulator.ts'
import { only } from '../support/only.ts'
import { IDP, ORGANIZATION, PASSWORD, type RestAnswer, rest } from '../support/yandex.ts'

const TYPES = 'type.googleapis.com/yandex.cloud.organizationmanager.v1.idp.'

test('an operation is done at once by default, and stays readable', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const { body } = await api.call('POST', `${IDP}/userpools`, { organizationId: ORGANIZATION, name: 'p', defaultSubdomain: 'p' })
  t.equal(body.done, true)
  const answer = await api.call('GET', `/operations/${body.id}`)
  t.strictSame(answer.body, body)
  t.equal(answer.headers['x-operation-poll-interval'], '0')
  for (const method of ['GET', 'POST'] as const) {
    t.strictSame((await api.call(method, `/operations/${body.id}:cancel`)).body, body, 'cancelling what is over changes nothing')
  }
  t.equal((await api.call('GET', '/operations/nope')).body.code, 5)
  t.equal((await api.call('GET', '/operations/nope:cancel')).body.message, 'Operation nope not found')
})

test('a policy lets operations run', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const namespace = idp.app.emulator.namespace()
  const pool = await api.pool()
  let count = 0
  const create = (): Promise<RestAnswer> =>
    api.call('POST', `${IDP}/users`, {
      userpoolId: pool.id,
      username: `u${++count}@${pool.domains[0]}`,
      fullName: 'U',
      passwordSpec: { password: PASSWORD },
    })
  const operation = async (id: string) => (await api.call('GET', `/operations/${id}`)).body
  const user = async (id: string) => (await api.call('GET', `${IDP}/users/${id}`)).body
  const runs = (kind: string, policy: string) => t.ok(control.setPolicy(namespace, { kind, runs: policy }))

  await t.test('time: 5s', async (t) => {
    runs('idp.UserService.Create', 'time: 5s')
    const { status, body } = await create()
    t.equal(status, 200)
    t.strictSame(body, {
      id: body.id,
      description: 'Create user',
      createdAt: '2026-01-02T03:04:05Z',
      createdBy: 'ajedemo0000000000000',
      modifiedAt: '2026-01-02T03:04:05Z',
      done: false,
      metadata: { '@type': `${TYPES}CreateUserMetadata`, userId: body.metadata.userId },
    })
    t.equal((await user(body.metadata.userId)).status, 'CREATING')
    const poll = await api.call('GET', `/operations/${body.id}`)
    t.strictSame(poll.body, body)
    t.equal(poll.headers['x-operation-poll-interval'], '1')

    const rival = await api.call('POST', `${IDP}/users`, {
      userpoolId: pool.id,
      username: `u${count}@${pool.domains[0]}`,
      fullName: 'Rival',
      passwordSpec: { password: PASSWORD },
    })
    t.equal(rival.body.code, 6, 'the name is taken meanwhile')

    idp.clock.advance(4999)
    t.equal((await operation(body.id)).done, false)
    idp.clock.advance(10_000)
    const done = await operation(body.id)
    t.equal(done.done, true)
    t.equal(done.modifiedAt, '2026-01-02T03:04:10Z', 'finished at its own time, whenever it is looked at')
    t.equal(done.response['@type'], `${TYPES}User`)
    t.match(await user(body.metadata.userId), { status: 'ACTIVE', fullName: 'U' })
  })

  await t.test('polls: 3', async (t) => {
    runs('idp.UserService.Create', 'polls: 3')
    const { body } = await create()
    t.equal(body.done, false)
    t.equal((await operation(body.id)).done, false)
    t.equal((await operation(body.id)).done, false)
    t.equal((await operation(body.id)).done, true)
    t.equal((await operation(body.id)).done, true)
    t.equal((await user(body.metadata.userId)).status, 'ACTIVE')
  })

  await t.test('manual: completed', async (t) => {
    runs('idp.UserService.Create', 'manual')
    const { body } = await create()
    idp.clock.advance(3_600_000)
    t.equal((await operation(body.id)).done, false)
    t.same(
      control.list(namespace).map(({ kind, operation }) => [kind, operation.id]),
      [['idp.UserService.Create', body.id]],
    )
    t.equal(control.complete(namespace, body.id)?.operation.done, true)
    t.equal((await user(body.metadata.userId)).status, 'ACTIVE')
    t.same(control.list(namespace), [])
    t.equal(control.complete(namespace, 'nope'), undefined)
  })

  await t.test('manual: failed', async (t) => {
    const { body } = await create()
    control.fail(namespace, body.id, { code: 'UNAVAILABLE', message: 'try later' })
    const { error, response, done } = await operation(body.id)
    t.strictSame({ error, response, done }, { error: { code: 14, message: 'try later' }, response: undefined, done: true })
    t.equal((await user(body.metadata.userId)).code, 5, 'what was being created is gone')
    t.equal(control.complete(namespace, body.id)?.operation.error?.code, 14, 'what is over stays over')
  })

  await t.test('cancelled', async (t) => {
    const { body } = await create()
    const { body: cancelled } = await api.call('POST', `/operations/${body.id}:cancel`)
    t.strictSame(cancelled.error, { code: 1, message: 'Operation is cancelled' })
    t.equal(cancelled.done, true)
    t.equal((await user(body.metadata.userId)).code, 5)
  })

  await t.test('paused, then completed', async (t) => {
    runs('idp.UserService.Create', '5s')
    const { body } = await create()
    t.equal(control.pause(namespace, body.id)?.operation.done, false)
    idp.clock.advance(60_000)
    t.equal((await operation(body.id)).done, false)
    t.equal(control.complete(namespace, body.id)?.operation.done, true)
  })

  await t.test('an update shows when it is done, and fails when what it needs is gone', async (t) => {
    control.dropPolicy(namespace, 'idp.UserService.Create')
    runs('idp.UserService.Update', 'manual')
    const one = await api.user({ userpoolId: pool.id, department: 'D' })
    const two = await api.user({ userpoolId: pool.id })
    const update = async (id: string, body: object) => (await api.call('PATCH', `${IDP}/users/${id}`, body)).body
    const first = await update(one.id, { updateMask: 'department', department: 'New' })
    const second = await update(one.id, { updateMask: 'jobTitle', jobTitle: 'J' })
    t.strictSame(await user(one.id), one, 'nothing shows yet')
    control.complete(namespace, second.id)
    control.complete(namespace, first.id)
    t.match(await user(one.id), { department: 'New', jobTitle: 'J' }, 'neither undid the other')

    const name = `same@${pool.domains[0]}`
    const third = await update(one.id, { updateMask: 'username', username: name })
    const fourth = await update(two.id, { updateMask: 'username', username: name })
    control.complete(namespace, third.id)
    t.equal(control.complete(namespace, fourth.id)?.operation.error?.code, 6)
    t.equal((await user(two.id)).username, two.username)
  })

  await t.test('a deletion shows DELETING, and is taken back when it fails', async (t) => {
    runs('idp.UserService.Delete', 'manual')
    const one = await api.user({ userpoolId: pool.id, isActive: false })
    const { body } = await api.call('DELETE', `${IDP}/users/${one.id}`)
    t.equal((await user(one.id)).status, 'DELETING')
    control.fail(namespace, body.id, { code: 13 })
    t.strictSame(await user(one.id), one)
    const again = await api.call('DELETE', `${IDP}/users/${one.id}`)
    control.complete(namespace, again.body.id)
    t.equal((await user(one.id)).code, 5)
  })

  await t.test('a pool is CREATING, too', async (t) => {
    runs('UserpoolService.Create', 'polls:1')
    const { body } = await api.call('POST', `${IDP}/userpools`, { organizationId: ORGANIZATION, name: 'slow', defaultSubdomain: 'slow' })
    const { userpoolId } = body.metadata
    t.match((await api.call('GET', `${IDP}/userpools/${userpoolId}`)).body, {
      status: 'CREATING',
      domains: only('slow.idp.yandexcloud.net'),
    })
    const early = await api.call('POST', `${IDP}/users`, {
      userpoolId,
      username: 'a@slow.idp.yandexcloud.net',
      fullName: 'A',
      passwordSpec: { password: PASSWORD },
    })
    t.equal(early.body.code, 9)
    t.equal((await operation(body.id)).response.status, 'ACTIVE')
    t.equal((await api.call('GET', `${IDP}/userpools/${userpoolId}`)).body.status, 'ACTIVE')
  })

  await t.test('a user of a pool that goes meanwhile is not created', async (t) => {
    control.setPolicy(namespace, { kind: 'UserpoolService.Create', runs: 'immediate' })
    control.setPolicy(namespace, { kind: 'idp.UserService.Create', runs: 'manual' })
    const gone = await api.pool()
    const { body } = await api.call('POST', `${IDP}/users`, {
      userpoolId: gone.id,
      username: `a@${gone.domains[0]}`,
      fullName: 'A',
      passwordSpec: { password: PASSWORD },
    })
    await api.call('DELETE', `${IDP}/userpools/${gone.id}`)
    t.strictSame(control.complete(namespace, body.id)?.operation.error, { code: 5, message: `Userpool ${gone.id} not found`, details: [] })
    t.equal((await user(body.metadata.userId)).code, 5)
    control.dropPolicy(namespace, 'idp.UserService.Create')
  })

  await t.test('what ends at different times ends in that order, each at its own time', async (t) => {
    const ends: string[] = []
    for (const [kind, policy] of [
      ['idp.UserService.Suspend', '30s'],
      ['idp.UserService.Reactivate', '10s'],
    ] as const) {
      control.setPolicy(namespace, { kind, runs: policy })
    }
    const one = await api.user({ userpoolId: pool.id })
    const suspended = await api.call('POST', `${IDP}/users/${one.id}:suspend`, {})
    const reactivated = await api.call('POST', `${IDP}/users/${one.id}:reactivate`, {})
    idp.clock.advance(3_600_000)
    t.equal((await user(one.id)).status, 'SUSPENDED', 'the one that ended last')
    for (const { body } of [reactivated, suspended]) ends.push((await operation(body.id)).modifiedAt)
    t.equal(Date.parse(ends[1] as string) - Date.parse(ends[0] as string), 20_000)
    control.dropPolicy(namespace, 'idp.UserService.Suspend')
  })

  await t.test('a policy may make operations fail', async (t) => {
    control.setPolicy(namespace, { kind: 'idp.UserService.Suspend', runs: 'immediate', error: { code: 'INTERNAL' } })
    const one = await api.user({ userpoolId: pool.id })
    const { status, body } = await api.call('POST', `${IDP}/users/${one.id}:suspend`, {})
    t.equal(status, 200)
    t.strictSame(body.error, { code: 13, message: 'INTERNAL' })
    t.equal((await user(one.id)).status, 'ACTIVE')
  })

  await t.test('policies are listed, set, dropped, and refused when they say nothing', async (t) => {
    t.ok(control.policies(namespace).find(({ kind, runs }) => kind === 'UserpoolService.Create' && runs === 'immediate'))
    t.ok(control.dropPolicy(namespace, 'UserpoolService.Create'))
    for (const runs of ['', 'soon', 'polls: 0', 'polls:x', 'time: -1s', 'manual: 3']) {
      t.equal(control.setPolicy(namespace, { kind: '*', runs }), undefined, runs)
    }
    t.equal(control.setPolicy(namespace, { kind: 'idp.UserService.Get', runs: 'manual' }), undefined, 'not a changing method')
    t.equal(control.setPolicy(namespace, { kind: '*', runs: 'manual', error: { code: 0 } }), undefined, 'OK is no failure')
  })
})

test('operations run as the start says until another policy is set; a fixture does not wait', async (t) => {
  const folder = t.testdir({
    'world.yaml': `
- { call: yandex.UserpoolService.Create, as: pool, id: ek0fixture, input: { organizationId: ${ORGANIZATION}, name: f, defaultSubdomain: f } }
- call: yandex.idp.UserService.Create
  id: ajefixture
  input:
    userpoolId: \${pool.response.id}
    username: ada@\${pool.response.domains.0}
    fullName: Ada
    passwordSpec: { password: ${PASSWORD} }
`,
  })
  const idp = await emulator(t, { settings: { rooms: { yandex: { operations: 'manual' } } } })
  const api = rest(idp)
  const namespace = idp.app.emulator.namespace()
  t.same(control.policies(namespace), [{ kind: '*', runs: 'manual' }])
  const { body } = await api.call('POST', `${IDP}/userpools`, { organizationId: ORGANIZATION, name: 'p', defaultSubdomain: 'p' })
  t.equal(body.done, false)
  control.setPolicy(namespace, { kind: '*', runs: 'immediate' })
  t.equal((await api.call('POST', `${IDP}/userpools`, { organizationId: ORGANIZATION, name: 'q', defaultSubdomain: 'q' })).body.done, true)

  const seeded = await createApp({ settings: { strict: true, rooms: { yandex: { operations: 'manual' } } } })
  t.teardown(() => seeded.close())
  await seeded.prepare({ fixtures: [`${folder}/world.yaml`] })
  const { statusCode, body: user } = await seeded.server.inject(`${IDP}/users/ajefixture`)
  t.equal(statusCode, 200)
  t.match(JSON.parse(user), { userpoolId: 'ek0fixture', username: 'ada@f.idp.yandexcloud.net', status: 'ACTIVE' })
})

test('a flag or a config file gives one policy for all kinds, or one for each', async (t) => {
  const parse = (raw: unknown) => options.find(({ name }) => name === 'operations')?.parse(String(raw), raw)
  t.same(parse({ '*': '5s' }), { '*': '5s' })
  t.equal(parse({ nope: '5s' }), undefined)
  t.equal(parse('5s'), '5s')
  t.same(parse('idp.UserService.Create=5s, * = manual'), { 'idp.UserService.Create': '5s', '*': 'manual' })
  for (const text of ['soon', 'idp.UserService.Get=5s', 'nope=5s', '*=soon', '*=5s,', '=']) t.equal(parse(text), undefined, text)
})

test('an idempotency key answers the first operation again, as it is now', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const namespace = idp.app.emulator.namespace()
  const pool = await api.pool()
  const key = { 'idempotency-key': '0b6a9a0e-4c1f-4d59-8f0c-3c4a3f1d9f10' }
  const create = (username: string, headers: Record<string, string> = key) =>
    api.call(
      'POST',
      `${IDP}/users`,
      { userpoolId: pool.id, username: `${username}@${pool.domains[0]}`, fullName: 'U', passwordSpec: { password: PASSWORD } },
      headers,
    )
  control.setPolicy(namespace, { kind: '*', runs: '1m' })
  const first = await create('a')
  t.strictSame((await create('a')).body, first.body)
  t.strictSame((await create('b')).body, first.body, 'whatever the body says')
  idp.clock.advance(60_000)
  t.equal((await create('a')).body.done, true, 'with its current state')

  const other = { 'idempotency-key': 'another' }
  t.not((await create('c', other)).body.id, first.body.id)
  t.equal((await api.call('POST', `${IDP}/users/${first.body.metadata.userId}:suspend`, {}, key)).body.description, 'Suspend user')
  t.equal((await api.call('GET', `${IDP}/users/${first.body.metadata.userId}`, undefined, key)).status, 200, 'ignored on reads')
  idp.clock.advance(86_400_000)
  t.equal((await create('a')).body.code, 6, 'forgotten after a day')
})

test('running operations survive a restart', async (t) => {
  const folder = t.testdir()
  const open = async () => {
    const app = await createApp({
      folder,
      settings: { strict: true, rooms: { yandex: { operations: { 'idp.UserService.Create': '10s' } } } },
    })
    await app.server.ready()
    const call = async (method: 'GET' | 'POST', url: string, payload?: object) =>
      JSON.parse((await app.server.inject({ method, url, ...(payload === undefined ? {} : { payload }) })).body)
    return { app, call }
  }
  const before = await open()
  before.app.emulator.namespace().setClock((clock) => clock.freeze(START))
  const pool = await before.call('POST', `${IDP}/userpools`, { organizationId: ORGANIZATION, name: 'p', defaultSubdomain: 'p' })
  const username = 'a@p.idp.yandexcloud.net'
  const user = { userpoolId: pool.metadata.userpoolId, username, fullName: 'A', passwordSpec: { password: PASSWORD } }
  const { id, metadata } = await before.call('POST', `${IDP}/users`, user)
  await before.app.close()

  const after = await open()
  t.teardown(() => after.app.close())
  t.equal((await after.call('GET', `/operations/${id}`)).done, false, 'a frozen clock holds it')
  t.equal((await after.call('GET', `${IDP}/users/${metadata.userId}`)).status, 'CREATING')
  after.app.emulator.namespace().setClock((clock) => clock.advance(10_000))
  t.equal((await after.call('GET', `${IDP}/users/${metadata.userId}`)).status, 'ACTIVE')
  t.equal((await after.call('GET', `/operations/${id}`)).response.username, username)
})

import { readFileSync } from 'node:fs'
import { test } from 'tap'
import { createApp } from '../../src/app.ts'
import { run } from '../../src/core/run.ts'
import { operations } from '../../src/yandex/index.ts'
import { emulator, type TestEmulator } from '../support/emulator.ts'
import { only } from '../support/only.ts'
import { IDP, type RestAnswer, rest } from '../support/yandex.ts'

const NOW = '2026-01-02T03:04:05Z'
const NEW = 'Another-Secret-42!'

/** One step of the stream, as gRPC takes it. */
async function changes(idp: TestEmulator, input: object): Promise<Record<string, unknown>> {
  const operation = await operations.load('idp.UserService.GetPasswordChanges')
  if (operation === undefined) throw new Error('no such operation')
  const origin = { transport: 'grpc', requestId: 'test', base: 'http://localhost', headers: {} }
  return (await run(operation, () => input, origin, idp.app.emulator.namespace())) as Record<string, unknown>
}

test('synchronization settings and replication tokens', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const { id } = await api.pool()
  const at = `${IDP}/synchronization-settings`
  const create = (more: object): Promise<RestAnswer> =>
    api.call('POST', at, { subjectContainerId: id, filter: { domain: 'corp.example.com' }, ...more })

  t.equal((await api.call('GET', `${at}/${id}`)).body.message, `Synchronization settings of ${id} not found`)
  const mappings = { userAttributeMappings: [{ source: 'mail', target: 'EMAIL', type: 'DIRECT' }] }
  const { '@type': _type, ...made } = (await create({ enablePasswordWriteback: true, removeUserBehavior: 'BLOCK', ...mappings })).body
    .response
  t.strictSame(made, {
    subjectContainerId: id,
    filter: { domain: 'corp.example.com' },
    removeUserBehavior: 'BLOCK',
    synchronizationInterval: '1800s',
    ...mappings,
    createdAt: NOW,
    enablePasswordWriteback: true,
  })
  t.strictSame((await api.call('GET', `${at}/${id}`)).body, made)
  t.equal((await create({})).body.code, 6)
  t.equal((await create({ synchronizationInterval: '60s' })).body.code, 3)
  const updated = await api.call('PATCH', `${at}/${id}`, {
    updateMask: 'filter.groups,synchronizationInterval',
    filter: { groups: ['staff'] },
    synchronizationInterval: '900s',
  })
  t.equal(updated.status, 400, 'a filter without its domain breaks the contract, whatever the mask')
  const filter = { domain: 'other.example.com', groups: ['staff'] }
  const masked = await api.call('PATCH', `${at}/${id}`, {
    updateMask: 'filter.groups,synchronizationInterval',
    filter,
    synchronizationInterval: '900s',
  })
  t.match(masked.body.response, { filter: { domain: 'corp.example.com', groups: only('staff') }, synchronizationInterval: '900s' })

  const token = async () => (await api.call('GET', `${IDP}/replication-token?subjectContainerId=${id}&sessionType=AD_SYNC`)).body
  t.strictSame(await token(), {})
  const set = { subjectContainerId: id, replicationToken: 'cookie', sessionType: 'AD_SYNC' }
  t.equal((await api.call('POST', `${at}:setReplicationToken`, set)).status, 200)
  t.strictSame(await token(), { replicationToken: 'cookie' })
  t.equal((await api.call('POST', `${at}:resetReplicationToken`, { subjectContainerId: id })).status, 200)
  t.strictSame(await token(), {})

  const { body } = await api.call('GET', `${IDP}/synchronization-supported-attributes?flavor=ACTIVE_DIRECTORY`)
  t.same(body.userSupportedAttributes[3], { targetAttribute: 'EMAIL', sourceAttributes: [{ type: 'DIRECT', attributes: ['mail'] }] })
  t.same(body.groupSupportedAttributes.length, 2)
  t.equal((await api.call('DELETE', `${at}/${id}`)).status, 200)
  t.equal((await api.call('GET', `${at}/${id}`)).body.code, 5)
})

test('synchronization sessions', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const { id } = await api.pool()
  const at = `${IDP}/synchronization-sessions`
  const open = async (more: object = {}) =>
    (await api.call('POST', `${at}:open`, { subjectContainerId: id, agentId: 'agent-1', sessionType: 'AD_SYNC', ...more })).body
  t.equal((await open()).code, 5, 'nothing is synchronised')
  await api.call('POST', `${IDP}/synchronization-settings`, { subjectContainerId: id, filter: { domain: 'corp' } })

  const first = await open()
  const { sessionId } = first.metadata
  t.match(first.response, {
    result: 'SUCCESS',
    openedSession: {
      sessionId,
      agentId: 'agent-1',
      createdAt: NOW,
      expiresAt: '2026-01-02T03:09:05Z',
      syncMode: 'FULL_SYNC',
      status: 'OPENED',
    },
    synchronizationSettings: { subjectContainerId: id },
  })
  t.match((await open({ agentId: 'agent-2' })).response, { result: 'OPENED_SESSION_EXISTS', openedSession: { sessionId } })
  t.equal((await open({ sessionType: 'AD_USER_CONTROL' })).response.result, 'SUCCESS', 'of another kind')

  idp.clock.advance(240_000)
  t.equal((await api.call('POST', `${at}/${sessionId}:heartbeat`)).status, 200)
  idp.clock.advance(240_000)
  const progressEntries = [{ objectType: 'USER', changeInfo: [{ changeType: 'CREATE', successful: '5', failed: '1' }] }]
  const report = await api.call('POST', `${at}/${sessionId}:reportProgress`, { progressEntries })
  t.match(report.body.response, { sessionId, progressEntries })
  const again = [{ objectType: 'USER', changeInfo: [{ changeType: 'CREATE', successful: 9 }] }]
  t.equal((await api.call('POST', `${at}/${sessionId}:reportProgress`, { progressEntries: again })).body.response.progressEntries.length, 1)
  const closed = (await api.call('POST', `${at}/${sessionId}:close`, {})).body.response
  t.match(closed, { status: 'COMPLETED', closedAt: '2026-01-02T03:12:05Z' })
  t.equal((await api.call('POST', `${at}/${sessionId}:heartbeat`)).body.code, 9)

  t.strictSame((await open()).response.nextSessionAt, '2026-01-02T03:34:05Z')
  idp.clock.advance(1_320_000)
  await api.call('POST', `${IDP}/synchronization-settings:setReplicationToken`, {
    subjectContainerId: id,
    replicationToken: 'c',
    sessionType: 'AD_SYNC',
  })
  const second = await open()
  t.match(second.response, { result: 'SUCCESS', replicationToken: 'c', openedSession: { syncMode: 'DELTA' } })
  idp.clock.advance(300_000)
  t.match((await api.call('GET', `${at}/${second.metadata.sessionId}`)).body.session, { status: 'EXPIRED' })
  const third = await open()
  t.equal(third.response.result, 'SUCCESS', 'an expired one is in nobody’s way')
  const failed = await api.call('POST', `${at}/${third.metadata.sessionId}:close`, { failed: true, failReason: 'no directory' })
  t.match(failed.body.response, { status: 'FAILED', failReason: 'no directory' })
  const { body } = await api.call('GET', `${at}?subjectContainerId=${id}&filter=${encodeURIComponent('status="EXPIRED"')}`)
  t.equal(body.sessions.length, 2)
  t.equal((await api.call('GET', `${at}/nope`)).body.code, 5)
})

test('a password is written back to the directory before it counts', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const pool = await api.pool({ userSettings: { allowEditSelfPassword: true } })
  await api.call('POST', `${IDP}/synchronization-settings`, {
    subjectContainerId: pool.id,
    filter: { domain: 'corp' },
    enablePasswordWriteback: true,
  })
  const local = await api.user({ userpoolId: pool.id })
  const user = await api.user({
    userpoolId: pool.id,
    externalId: 'guid-1',
    passwordHash: { passwordHash: '8846f7eaee8fb117ad06bdd830b7586c', passwordHashType: 'AD_MD4' },
  } as never)
  const as = { authorization: `Bearer ${user.id}` }
  const own = (password: string, oldPassword: string): Promise<RestAnswer> =>
    api.call('POST', `${IDP}/users:setOwnPassword`, { passwordSpec: { password }, oldPassword }, as)
  const others = (id: string): Promise<RestAnswer> =>
    api.call('POST', `${IDP}/users/${id}:setOthersPassword`, { passwordSpec: { password: NEW } })
  const commit = (id: string, more: object = {}): Promise<RestAnswer> =>
    api.call('POST', `${IDP}/users:commitPassword`, {
      userpoolId: pool.id,
      externalUserId: 'guid-1',
      password: NEW,
      modifyingOperationId: id,
      ...more,
    })
  const stream = (offset?: string) => changes(idp, { userpoolId: pool.id, agentId: 'agent', offset })
  const operation = async (id: string) => (await api.call('GET', `/operations/${id}`)).body

  t.equal((await others(local.id)).body.done, true, 'a local user has no directory')
  t.same(await stream(), {})

  const { body: first } = await own(NEW, 'password')
  t.equal(first.done, false)
  t.equal((await own(NEW, 'password')).body.done, false, 'the old password still counts')
  const change = await stream('1')
  t.match(change, {
    externalUserId: 'guid-1',
    password: NEW,
    offset: '2',
    oldPassword: 'password',
    operationExpiresAt: '2026-01-02T04:04:05Z',
  })
  t.equal((await stream()).modifyingOperationId, first.id)

  const failed = await commit(first.id, { errorDetails: { errorCode: 'PASSWORD_POLICY_VIOLATION', errorMessage: 'too short' } })
  t.equal(failed.body.done, true)
  t.strictSame((await operation(first.id)).error, { code: 9, message: 'too short' })
  t.equal((await commit(first.id)).body.code, 5, 'settled')
  t.equal((await commit('nope')).body.code, 5)

  t.equal((await commit(String(change.modifyingOperationId), { externalUserId: 'other' })).body.code, 5)
  const done = await commit(String(change.modifyingOperationId))
  t.strictSame(done.body.response, { '@type': 'type.googleapis.com/google.protobuf.Empty' })
  t.equal((await operation(String(change.modifyingOperationId))).done, true)
  t.same(await stream(), {})
  t.equal((await own('Third-Secret-42!', 'password')).body.code, 3, 'the new one counts')

  const { body: third } = await others(user.id)
  t.equal(third.code, 3, 'it is the last one')
  const { body: fourth } = await own('Third-Secret-42!', NEW)
  t.equal(fourth.done, false)
  t.equal((await stream('2')).oldPassword, NEW)
  idp.clock.advance(3_600_000)
  t.strictSame((await operation(fourth.id)).error, { code: 4, message: 'Nobody completed the operation in time' })
  t.same(await stream(), {}, 'it expired')
})

test('no password lies in the database in clear', async (t) => {
  const folder = t.testdir()
  const app = await createApp({ folder, settings: { strict: true } })
  const call = async (method: 'GET' | 'POST', url: string, payload: object, headers = {}) =>
    JSON.parse((await app.server.inject({ method, url, payload, headers })).body)
  const organizationId = 'bpfdemo0000000000000'
  const pool = await call('POST', `${IDP}/userpools`, { organizationId, name: 'p', defaultSubdomain: 'p' })
  const { userpoolId } = pool.metadata
  await call('POST', `${IDP}/synchronization-settings`, {
    subjectContainerId: userpoolId,
    filter: { domain: 'c' },
    enablePasswordWriteback: true,
  })
  const secrets = ['Clear-Secret-111!', 'Clear-Secret-222!', 'Clear-Secret-333!']
  const [one, two, three] = secrets
  const { metadata } = await call('POST', `${IDP}/users`, {
    userpoolId,
    username: 'a@p.idp.yandexcloud.net',
    fullName: 'A',
    externalId: 'g',
    passwordSpec: { password: one },
  })
  const written = await call(
    'POST',
    `${IDP}/users:setOwnPassword`,
    { passwordSpec: { password: two }, oldPassword: one },
    { authorization: `Bearer ${metadata.userId}` },
  )
  t.equal(written.done, false)
  await call('POST', `${IDP}/users/${metadata.userId}:setOthersPassword`, { passwordSpec: { password: three } })
  const journal = JSON.stringify(app.emulator.namespace().journal.list())
  await app.close()
  const bytes = ['default.sqlite', 'default.sqlite-wal'].map((file) => {
    try {
      return readFileSync(`${folder}/${file}`).toString('latin1')
    } catch {
      return ''
    }
  })
  t.ok(bytes[0]?.includes('a@p.idp.yandexcloud.net'), 'the file is the one that was written')
  for (const secret of secrets)
    t.notOk(
      [...bytes, journal].some((text) => text.includes(secret)),
      secret,
    )
})

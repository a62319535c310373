// biome-ignore-all lint/suspicious/noThenProperty: the word that faults are written with
import { join } from 'node:path'
import { test } from 'tap'
import { wait } from '../../src/core/clock.ts'
import { start, UsageError } from '../../src/index.ts'
import { only } from '../support/only.ts'

async function post(url: string, operation: string, input: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}` }
  return (await fetch(`${url}/`, { method: 'POST', headers, body: JSON.stringify(input) })).json()
}

const DEMO = { UserPoolId: 'us-east-1_PoolDemo1', Username: 'alice' }

test('an emulator in this process', async (t) => {
  const handles = () => (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles().length
  const before = handles()
  const signals = process.listenerCount('SIGTERM')
  const idp = await start()
  t.teardown(() => idp.close())

  await t.test('holds the demo world', async (t) => {
    t.match(await post(idp.url, 'AdminGetUser', DEMO), { Username: 'alice' })
  })

  await t.test('has a clock, a journal and worlds of their own', async (t) => {
    idp.clock.freeze('2026-01-01T00:00:00Z')
    idp.clock.advance('1h30m')
    t.equal(idp.clock.now().toISOString(), '2026-01-01T01:30:00.000Z')
    idp.clock.set(0)
    t.equal(idp.clock.now().getTime(), 0)
    idp.clock.run()
    t.throws(() => idp.clock.advance('soon'), UsageError)
    const other = idp.namespace('t1')
    t.equal(other.url, `${idp.url}/~t1`)
    await post(other.url, 'AdminDisableUser', DEMO)
    t.equal(idp.journal.list({ operation: 'AdminDisableUser' }).length, 0)
    t.equal(other.journal.list({ operation: 'AdminDisableUser' }).length, 1)
    other.reset()
    t.equal(other.journal.list().length, 0)
  })

  await t.test('has an outbox to wait at', async (t) => {
    t.equal(await idp.outbox.latest({ wait: 10 }), undefined)
    const waiting = idp.outbox.latest({ to: 'carol@example.com', wait: 30_000 })
    await post(idp.url, 'AdminCreateUser', {
      UserPoolId: DEMO.UserPoolId,
      Username: 'carol',
      DesiredDeliveryMediums: ['EMAIL'],
      UserAttributes: [{ Name: 'email', Value: 'carol@example.com' }],
    })
    t.match(await waiting, { to: 'carol@example.com', template: 'AdminCreateUser' })
    t.equal(idp.outbox.list().length, 1)
    idp.outbox.clear()
    t.equal(idp.outbox.list().length, 0)
  })

  await t.test('has faults, operations, fixtures and expectations', async (t) => {
    await idp.faults.set({ match: { operation: 'AdminGetUser' }, then: { error: 'TooManyRequestsException' } })
    t.match(await idp.faults.list(), only({ id: 1 }))
    t.match(await post(idp.url, 'AdminGetUser', DEMO), { __type: 'TooManyRequestsException' })
    await t.rejects(idp.faults.set({ then: { error: 'NoSuchException' } }), {
      name: 'UsageError',
      message: /does not refuse with NoSuchException/,
    })
    await idp.faults.clear()

    await idp.journal.expect({ operation: 'AdminGetUser', user: 'alice', outcome: 'refused' }, 1)
    await t.rejects(idp.journal.expect({ operation: 'AdminGetUser', input: { Username: 'zoe' } }), {
      message: /^expected at least 1, found 0\nnearest:\n {2}#\d+ cognito\.AdminGetUser: input\.Username is "alice", not "zoe"\n/,
    })

    const { pool } = await idp.apply([{ call: 'cognito.CreateUserPool', as: 'pool', input: { PoolName: 'applied' } }])
    t.match(pool, { UserPool: { Name: 'applied' } })
    await t.rejects(idp.apply('- call: nope'), { message: 'fixtures:1:9 [0].call: there is no operation nope' })

    const world = join(t.testdir({ 'w.yaml': 'pools: [{ PoolName: seeded, groups: [a] }]' }), 'w.yaml')
    t.match(await idp.seed(world, { dryRun: true }), { created: 2 })
    t.match(await idp.seed([world]), { created: 2, changes: only({ what: 'created', name: 'seeded' }, {}) })
    t.match(await idp.seed({ pools: [{ PoolName: 'seeded', groups: ['a', 'b'] }] }), { created: 1, unchanged: 2 })
    await t.rejects(idp.seed('none.yaml'), { name: 'UsageError', message: 'none.yaml: there is no such file' })
    await t.rejects(idp.seed(world, { mode: 'create' }), { message: /pools\[0\]: cognito\.CreateUserPool: seeded is there already/ })

    await idp.operations.policy({ runs: 'manual' })
    t.match(
      (await idp.operations.list()).map(({ done }) => done),
      only(true, true),
    )
    await t.rejects(idp.operations.complete('nope'), { message: 'there is no operation nope' })

    idp.snapshot('here')
    idp.reset()
    t.equal(idp.journal.list().length, 0)
    idp.reset({ to: 'here' })
    t.match(await post(idp.url, 'DescribeUserPool', { UserPoolId: (pool as { UserPool: { Id: string } }).UserPool.Id }), { UserPool: {} })
    t.match(idp.namespace('t1').env('aws-sdk'), { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: `${idp.url}/~t1` })
  })

  await t.test('leaves nothing behind', async (t) => {
    t.equal(process.listenerCount('SIGTERM'), signals)
    await idp[Symbol.asyncDispose]()
    await idp.close()
    await t.rejects(fetch(`${idp.url}/_/health`), { cause: { code: 'ECONNREFUSED' } })
    // At most the client’s own connection pool; what is closed goes by and by.
    while (handles() > before + 1) await wait(10)
  })
})

test('fixed codes', async (t) => {
  const idp = await start({ codes: { '*': '111111', 'dora@example.com': '222222' } })
  t.teardown(() => idp.close())
  const ClientId = '1demo0client0000000000000w'
  for (const [Username, code] of [
    ['carl', '111111'],
    ['dora', '222222'],
  ]) {
    const UserAttributes = [{ Name: 'email', Value: `${Username}@example.com` }]
    await post(idp.url, 'SignUp', { ClientId, Username, Password: 'Demo-Passw0rd', UserAttributes })
    t.match(idp.outbox.list({ to: `${Username}@example.com` }), only({ code }))
    t.strictSame(await post(idp.url, 'ConfirmSignUp', { ClientId, Username, ConfirmationCode: code }), {})
  }
})

test('a taken port', async (t) => {
  const idp = await start({ empty: true })
  t.teardown(() => idp.close())
  await t.rejects(start({ port: idp.port, empty: true }), { name: 'UsageError', message: /is taken/ })
})

test('an export that cannot be written does not keep it from ending', async (t) => {
  const idp = await start({ empty: true, exportOnExit: `${t.testdir({})}/nowhere/end.json` })
  await t.rejects(idp.close(), { code: 'ENOENT' })
  await t.rejects(fetch(idp.url), { cause: { code: 'ECONNREFUSED' } })
})

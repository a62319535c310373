import { test } from 'tap'
import { createApp } from '../../src/app.ts'
import { elapsed, wait } from '../../src/core/clock.ts'
import { emulator } from '../support/emulator.ts'
import { only } from '../support/only.ts'

const JSON_11 = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSCognitoIdentityProviderService.ListUserPools' }

test('namespaces', async (t) => {
  const idp = await emulator(t)
  await idp.cognito.CreateUserPool({ PoolName: 'everywhere' })
  idp.app.emulator.keepBaseline()
  await idp.cognito.CreateUserPool({ PoolName: 'default only' })
  const pools = async (headers: Record<string, string>, path = '/') => {
    const { body } = await idp.request('POST', path, '{"MaxResults":10}', { ...JSON_11, ...headers })
    return (body as { UserPools: { Name: string }[] }).UserPools.map(({ Name }) => Name)
  }

  await t.test('are chosen by path, header, host or access key', async (t) => {
    idp.app.emulator.namespace('t1').outbox.add(0, { channel: 'sms', to: '+1', body: '', template: '', room: '' })
    const ways: [string, Record<string, string>][] = [
      ['/~t1', {}],
      ['', { 'x-poolhouse-namespace': 't1' }],
      ['', { host: 't1.localhost:7665' }],
      ['', { host: 't1.localhost' }],
      [
        '',
        { authorization: 'AWS4-HMAC-SHA256 Credential=NSt1/20260101/us-east-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=0' },
      ],
      ['', { authorization: 'AWS4-HMAC-SHA256 Credential=NS0000000000000000T1/20260101/us-east-1/cognito-idp/aws4_request' }],
    ]
    for (const [path, headers] of ways) {
      t.same(await pools(headers, `${path}/`), ['everywhere'], JSON.stringify(headers))
      t.equal(((await idp.request('GET', `${path}/_/outbox`, undefined, headers)).body as unknown[]).length, 1)
    }
    for (const headers of [
      { host: 'localhost:7665' },
      { authorization: 'AWS4-HMAC-SHA256 Credential=AKIANSt1/20260101/us-east-1/cognito-idp/aws4_request' },
    ] as Record<string, string>[]) {
      t.same((await pools(headers)).sort(), ['default only', 'everywhere'])
    }
  })

  await t.test('are in the issuer however they were named', async (t) => {
    const read = async (headers: Record<string, string>, path: string) => {
      const { UserPools } = (await idp.request('POST', '/~t1/', '{"MaxResults":1}', JSON_11)).body as { UserPools: { Id: string }[] }
      const { body } = await idp.request('GET', `${path}/${UserPools[0]?.Id}/.well-known/openid-configuration`, undefined, headers)
      return (body as { jwks_uri: string }).jwks_uri.replace(/us-east-1_\w+/, 'POOL')
    }
    t.equal(await read({}, '/~t1'), 'http://localhost:80/~t1/POOL/.well-known/jwks.json')
    t.equal(await read({ 'x-poolhouse-namespace': 't1' }, ''), 'http://localhost:80/~t1/POOL/.well-known/jwks.json')
    t.equal(await read({ host: 't1.localhost:7665' }, ''), 'http://t1.localhost:7665/POOL/.well-known/jwks.json')
  })

  await t.test('are made, listed and dropped', async (t) => {
    t.match(await idp.request('POST', '/_/namespaces', { name: 't2' }), {
      status: 200,
      body: { name: 't2', url: 'http://localhost:80/~t2' },
    })
    t.match(await idp.request('POST', '/_/namespaces', { name: 't2' }), { status: 409 })
    t.match(await idp.request('POST', '/_/namespaces'), { status: 200, body: { name: /^n[0-9a-f]{8}$/ } })
    await idp.request('POST', '/_/namespaces', { name: 't3', from: 'empty' })
    t.same(await pools({}, '/~t2/'), ['everywhere'])
    t.same(await pools({}, '/~t3/'), [])
    t.match(
      (await idp.request('GET', '/_/namespaces')).body,
      only({ name: 'default', url: 'http://localhost:80' }, {}, { name: 't1' }, {}, {}),
    )
    t.equal((await idp.request('DELETE', '/_/namespaces/t2')).status, 204)
    t.match(await idp.request('DELETE', '/_/namespaces/t2'), { status: 404, body: { error: 'there is no namespace t2' } })
    t.match(await idp.request('DELETE', '/_/namespaces/default'), { status: 400 })
    t.match(await idp.request('POST', '/_/namespaces', { name: '../x' }), { status: 400, body: { error: /^name must match pattern/ } })
    t.match(await idp.request('POST', '/_/namespaces', { from: 'nope' }), { status: 404, body: { error: 'there is no snapshot nope' } })
  })

  await t.test('are kept and brought back by name', async (t) => {
    t.match(await idp.request('PUT', '/_/snapshots/two-pools'), { status: 200, body: { name: 'two-pools' } })
    await idp.request('POST', '/_/reset')
    t.same(await pools({}), ['everywhere'])
    t.equal((await idp.request('POST', '/_/snapshots/two-pools/restore')).status, 204)
    t.equal((await pools({})).length, 2)
    await idp.request('POST', '/_/namespaces', { name: 't4', from: 'two-pools' })
    t.equal((await pools({}, '/~t4/')).length, 2)
    t.equal((await idp.request('POST', '/~t1/_/reset?to=two-pools')).status, 204)
    t.equal((await pools({}, '/~t1/')).length, 2)
    t.equal((await idp.request('POST', '/~t1/_/reset?to=empty')).status, 204)
    t.equal((await pools({}, '/~t1/')).length, 0)
    t.match((await idp.request('GET', '/_/snapshots')).body, only({ name: 'two-pools', size: Number }))
    t.equal((await idp.request('DELETE', '/_/snapshots/two-pools')).status, 204)
    t.match(await idp.request('POST', '/_/snapshots/two-pools/restore'), { status: 404 })
    t.match(await idp.request('PUT', '/_/snapshots/..%2Fx'), { status: 400 })
    t.match(await idp.request('POST', '/_/reset?to=nope'), { status: 404, body: { error: 'there is no snapshot nope' } })
  })
})

test('namespaces only on request', async (t) => {
  const idp = await emulator(t, { autoCreate: false })
  const ask = () => idp.request('POST', '/~t1/', '{"MaxResults":10}', JSON_11)
  t.match(await ask(), { status: 400, body: { message: 'there is no namespace "t1"' } })
  t.match(await idp.request('GET', '/~t1/_/outbox'), { status: 404, body: { error: /^there is no namespace t1/ } })
  await idp.request('POST', '/_/namespaces', { name: 't1' })
  t.equal((await ask()).status, 200)
})

test('idle namespaces are dropped', async (t) => {
  const idp = await emulator(t, { idle: 30 })
  await idp.request('GET', '/~t1/_/outbox')
  t.same(idp.app.emulator.names, ['default', 't1'])
  await wait(31)
  await idp.request('GET', '/~t2/_/outbox')
  t.same(idp.app.emulator.names, ['default', 't2'])

  // Less than has passed since the process began: what nobody has used yet counts from its making, not from then.
  const patient = await emulator(t, { idle: elapsed() })
  await patient.request('POST', '/_/namespaces', { name: 't1' })
  await patient.request('GET', '/~t2/_/outbox')
  t.same(patient.app.emulator.names, ['default', 't1', 't2'], 'one that was made and not yet called is not idle')
})

test('a folder keeps namespaces and snapshots', async (t) => {
  const folder = `${t.testdir({})}/data`
  const first = await createApp({ folder })
  await first.prepare({ fixtures: [] })
  first.emulator.namespace('t1')
  first.emulator.saveSnapshot('s1')
  await first.close()
  const second = await createApp({ folder })
  t.teardown(() => second.close())
  t.same(second.emulator.names, ['default', 't1'])
  t.match(second.emulator.snapshots.list(), only({ name: 's1' }))
  t.ok(second.emulator.loadSnapshot('s1', 't1'))
  t.notOk(second.emulator.loadSnapshot('../baseline', 't1'), 'and no other file')
  t.ok(second.emulator.remove('t1'))
  t.same(second.emulator.names, ['default'])
  t.ok(second.emulator.snapshots.remove('s1'))
  t.same(second.emulator.snapshots.list(), [])
})

test('clock', async (t) => {
  const idp = await emulator(t)
  const now = '2026-01-02T03:04:05.000Z'

  await t.test('shows the time, and every answer does', async (t) => {
    t.same((await idp.request('GET', '/_/clock')).body, { now, frozen: true, offset: idp.app.emulator.namespace().clock.state.offset })
    t.equal((await idp.request('POST', '/', '{"MaxResults":10}', JSON_11)).headers['x-poolhouse-now'], now)
  })

  await t.test('advances and says what ran', async (t) => {
    await idp.request('PUT', '/_/operations/policy', { runs: '5s' })
    const body = { organizationId: 'bpfdemo0000000000000', name: 'slow', defaultSubdomain: 'slow' }
    const { id } = (await idp.request('POST', '/organization-manager/v1/idp/userpools', body)).body as { id: string }
    t.match(await idp.request('POST', '/_/clock/advance', { by: '4s' }), {
      status: 200,
      body: { now: '2026-01-02T03:04:09.000Z', ran: only() },
    })
    t.match((await idp.request('POST', '/_/clock/advance', { by: 3000 })).body, {
      now: '2026-01-02T03:04:12.000Z',
      ran: only({ at: '2026-01-02T03:04:10.000Z', kind: 'yandex.operation', key: id }),
    })
    t.match((await idp.request('GET', `/operations/${id}`)).body, { done: true, modifiedAt: /03:04:10/ })
  })

  await t.test('is set, runs and stops', async (t) => {
    t.match((await idp.request('PUT', '/_/clock', { now: '2030-01-01T00:00:00Z' })).body, { now: '2030-01-01T00:00:00.000Z', frozen: true })
    t.match((await idp.request('PUT', '/_/clock', { frozen: false })).body, { now: /^2030-01-01T00:00:00/, frozen: false })
    t.match((await idp.request('PUT', '/_/clock', { now: 'real', frozen: false })).body, { frozen: false, offset: 0 })
    t.match((await idp.request('PUT', '/_/clock', { now: 0, frozen: true })).body, { now: /^1970-01-01T00:00:00/, frozen: true })
  })

  for (const [body, error] of [
    [{ now: 'soon' }, /^now must be an RFC 3339 time/],
    [{}, /must NOT have fewer than 1 properties/],
    [{ at: 1 }, /additional properties \(at\)/],
  ] as const) {
    await t.test(`refuses ${JSON.stringify(body)}`, async (t) => {
      t.match(await idp.request('PUT', '/_/clock', body), { status: 400, body: { error } })
    })
  }
  t.match(await idp.request('POST', '/_/clock/advance', { by: 'a while' }), { status: 400, body: { error: /^by must be a span/ } })
  t.match(await idp.request('POST', '/_/clock/advance'), { status: 400 })
})

// biome-ignore-all lint/suspicious/noThenProperty: the word that faults are written with
import { CognitoIdentityProviderClient, ListUserPoolsCommand } from '@aws-sdk/client-cognito-identity-provider'
import { test } from 'tap'
import { drawDelay } from '../../src/core/faults.ts'
import { Random } from '../../src/core/random.ts'
import { emulator } from '../support/emulator.ts'
import { only } from '../support/only.ts'

const AWS = { 'content-type': 'application/x-amz-json-1.1' }

test('faults', async (t) => {
  const idp = await emulator(t)
  const { port } = await idp.app.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${port}`
  const put = (...faults: object[]) => idp.request('PUT', '/_/faults', faults)
  const left = async () => (await idp.request('GET', '/_/faults')).body as object[]
  const client = new CognitoIdentityProviderClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
  })
  t.teardown(() => client.destroy())
  const list = () => client.send(new ListUserPoolsCommand({ MaxResults: 1 }))
  const { Id } = (await idp.cognito.CreateUserPool({ PoolName: 'p' })).UserPool as { Id: string }

  await t.test('an error by the vendor’s name strikes once', async (t) => {
    t.match(await put({ match: { vendor: 'cognito', operation: 'ListUserPools' }, then: { error: 'TooManyRequestsException' } }), {
      status: 200,
      body: only({ id: 1, times: 1, probability: 1, match: { vendor: 'cognito', operation: 'ListUserPools' } }),
    })
    await t.rejects(list(), { name: 'TooManyRequestsException', message: 'A fault of the emulator, as asked for.' })
    t.equal((await list()).UserPools?.length, 1)
    t.same(await left(), [])
    t.match((await idp.request('GET', '/_/journal?op=ListUserPools&outcome=refused')).body, only({ fault: 1 }))
  })

  await t.test('so often, or for ever, with its own text', async (t) => {
    await put({ times: 2, then: { error: { name: 'InternalErrorException', message: 'on fire' } } })
    await t.rejects(list(), { name: 'InternalErrorException', message: 'on fire' })
    await t.rejects(list(), { name: 'InternalErrorException', message: 'on fire' })
    await list()
    await put({ times: null, then: { error: 'InternalErrorException' } })
    for (let i = 0; i < 3; i++) await t.rejects(list(), { name: 'InternalErrorException' })
    t.equal((await idp.request('DELETE', '/_/faults')).status, 204)
    await list()
  })

  await t.test('for one user, client or part of the input', async (t) => {
    const ask = (Username: string) => idp.cognito.AdminGetUser({ UserPoolId: Id, Username })
    await put({ match: { user: 'ann' }, then: { error: 'TooManyRequestsException' } })
    await t.rejects(ask('bob'), { name: 'UserNotFoundException' })
    await t.rejects(ask('ann'), { name: 'TooManyRequestsException' })
    await put({ match: { input: { UserPoolId: Id, Username: 'eve' } }, then: { error: 'TooManyRequestsException' } })
    await t.rejects(ask('ann'), { name: 'UserNotFoundException' })
    await t.rejects(ask('eve'), { name: 'TooManyRequestsException' })
    await put({ match: { client: 'c1' }, then: { error: 'TooManyRequestsException' } })
    await t.rejects(ask('ann'), { name: 'UserNotFoundException' })
    await t.rejects(idp.cognito.DescribeUserPoolClient({ UserPoolId: Id, ClientId: 'c1' }), { name: 'TooManyRequestsException' })
    await put({ match: { user: 'ann', client: 'c1' }, then: { error: 'TooManyRequestsException' } })
    const signIn = (USERNAME: string) =>
      idp.cognito.InitiateAuth({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId: 'c1', AuthParameters: { USERNAME, PASSWORD: 'x' } })
    await t.rejects(signIn('bob'), { name: 'ResourceNotFoundException' })
    await t.rejects(signIn('ann'), { name: 'TooManyRequestsException' }, 'however deep the name lies')
  })

  await t.test('beyond a rate', async (t) => {
    const beyond = (rate: string) => ({ times: null, beyond: rate, then: { error: 'TooManyRequestsException' } })
    await put(beyond('2/2s'))
    await list()
    idp.clock.advance(1000)
    await list()
    await t.rejects(list(), { name: 'TooManyRequestsException' })
    idp.clock.advance(1000)
    await list()
    await t.rejects(list(), { name: 'TooManyRequestsException' }, 'what it struck does not count')
    await put(beyond('1/2s'))
    await list()
    await t.rejects(list(), { name: 'TooManyRequestsException' })
    await idp.request('DELETE', '/_/faults/1')
    await idp.request('POST', '/_/faults', beyond('1/2s'))
    await list()
    await t.rejects(list(), { name: 'TooManyRequestsException' }, 'each counts for itself')
  })

  await t.test('with some probability', async (t) => {
    await put({ times: null, probability: 0.5, then: { error: 'InternalErrorException' } })
    let failed = 0
    for (let i = 0; i < 40; i++) await idp.cognito.ListUserPools({ MaxResults: 1 }).catch(() => failed++)
    t.ok(failed > 5 && failed < 35, String(failed))
  })

  await t.test('a delay', async (t) => {
    await put({ then: { delay: '60ms' } })
    const begun = performance.now()
    await list()
    t.ok(performance.now() - begun >= 60)
  })

  const lines: [string, RegExp][] = [
    ['drop', /socket hang up|ECONNRESET/],
    ['reset', /ECONNRESET|socket hang up/],
    ['malformed', /JSON|unexpected/i],
  ]
  for (const [how, seen] of lines) {
    await t.test(`a broken line: ${how}`, async (t) => {
      await put({ then: { [how]: true } })
      const error = (await list().catch((error: Error) => error)) as Error
      t.match(`${error.name} ${error.message}`, seen)
      await list()
    })
  }

  await t.test('a bare status', async (t) => {
    await put({ then: { status: 503 } })
    t.match(await idp.request('POST', '/cognito/ListUserPools', '{}', { 'content-type': 'application/x-amz-json-1.1' }), {
      status: 503,
      body: '',
    })
  })

  await t.test('an answer lost after the call was done', async (t) => {
    await put({ match: { operation: 'CreateGroup' }, then: { drop: true, after: true } })
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSCognitoIdentityProviderService.CreateGroup' }
    const lost = fetch(`${url}/`, { method: 'POST', headers, body: JSON.stringify({ UserPoolId: Id, GroupName: 'made' }) })
    await t.rejects(lost, { name: 'TypeError', message: 'fetch failed' })
    t.match(await idp.cognito.GetGroup({ UserPoolId: Id, GroupName: 'made' }), { Group: { GroupName: 'made' } })
  })

  await t.test('of a vendor that speaks otherwise', async (t) => {
    await put({ match: { vendor: 'yandex' }, then: { error: 'RESOURCE_EXHAUSTED' } })
    t.match(await idp.request('GET', '/organization-manager/v1/idp/users/x'), { status: 429, body: { code: 8 } })
    await put({ match: { vendor: 'harmony', operation: 'getUsers' }, then: { error: 'InternalServerError' } })
    t.match(await idp.request('GET', '/harmony/users'), { status: 500, body: { error: /^A fault/ } })
  })

  const refused: [fault: object, error: RegExp][] = [
    [{ match: { operation: 'ListUserPool' }, then: { drop: true } }, /there is no operation ListUserPool \(did you mean ListUserPools\?\)/],
    [{ match: { vendor: 'cognit' }, then: { drop: true } }, /there is no vendor cognit \(did you mean cognito\?\)/],
    [
      { match: { operation: 'ListUserPools' }, then: { error: 'TooManyRequestException' } },
      /^ListUserPools does not refuse with TooManyRequestException \(did you mean TooManyRequestsException\?\): InternalErrorException, /,
    ],
    [
      { match: { operation: 'ListUserPools' }, then: { error: 'UsernameExistsException' } },
      /^ListUserPools does not refuse with UsernameExistsException/,
    ],
    [{ then: {} }, /must NOT have fewer than 1 properties/],
    [{ then: { delay: 'long' } }, /"long" must be a time/],
    [{ then: { slow: '11m' } }, /"11m" must be a time like 250ms or 2s, at most 10m/],
    [{ match: { namespace: 'No Name' }, then: { drop: true } }, /^there is no namespace No Name$/],
    [{ then: { delay: { uniform: [1, 2], max: 3 } } }, /then.delay must/],
    [{ then: { delay: { lognormal: { median: 1, sigma: 1, most: 3 } } } }, /then.delay.*must/],
    [{ then: { drop: true }, wen: 1 }, /additional properties \(wen\)/],
    [{ then: { drop: true }, beyond: 'often' }, /must match pattern/],
  ]
  for (const [fault, error] of refused) {
    await t.test(`refuses ${JSON.stringify(fault)}`, async (t) => t.match(await put(fault), { status: 400, body: { error } }))
  }

  await t.test('are added and taken away one by one, and go with a reset', async (t) => {
    await put({ then: { drop: true } })
    t.match(await idp.request('POST', '/_/faults', { match: { user: 'x' }, then: { drop: true } }), { status: 200, body: { id: 2 } })
    t.equal((await idp.request('DELETE', '/_/faults/1')).status, 204)
    t.equal((await idp.request('DELETE', '/_/faults/1')).status, 404)
    t.equal((await left()).length, 1)
    await idp.request('POST', '/_/reset')
    t.same(await left(), [])
  })
})

test('a request orders its own fault', async (t) => {
  const idp = await emulator(t, { settings: { allowFaultHeader: true } })
  const ordered = (order: string) =>
    idp.request('POST', '/cognito/ListUserPools', '{"MaxResults":1}', { ...AWS, 'x-poolhouse-fault': order })
  for (const order of ['', 'status=200', 'status=5030', 'delay', 'delay=-1s', 'slow=long', 'drop=true', 'error=', 'error', 'explode']) {
    const message = `Poolhouse does not understand "${order}" in the header x-poolhouse-fault`
    t.match(await ordered(order), { status: 400, body: { __type: 'ContractViolation', message } })
  }
  t.match(await ordered('delay=1ms, status=503'), { status: 503, body: '' })
  t.match(await ordered('error=InternalErrorException; after'), { status: 500, body: { __type: 'InternalErrorException' } })
  t.equal(
    (await (await emulator(t)).request('POST', '/cognito/ListUserPools', '{"MaxResults":1}', { ...AWS, 'x-poolhouse-fault': 'drop' }))
      .status,
    200,
  )
})

test('calls beyond a limit', async (t) => {
  const idp = await emulator(t)
  const put = (rates: object) => idp.request('PUT', '/_/limits', rates)
  const list = () => idp.cognito.ListUserPools({ MaxResults: 1 })
  await put({ ListUserPools: '2/2s', '*': '3/1m' })
  await list()
  idp.clock.advance(1000)
  await list()
  await t.rejects(list(), { name: 'TooManyRequestsException' })
  idp.clock.advance(1000)
  await list()
  await t.rejects(list(), { name: 'TooManyRequestsException' }, 'what was refused did not count, what was taken does for all')
  idp.clock.advance(1000)
  t.match(await idp.request('GET', '/harmony/users'), { status: 429, headers: { 'retry-after': /^57$/ } })
  idp.clock.advance(57_000)
  t.equal((await idp.request('GET', '/harmony/users')).status, 404)
  for (const rate of ['0', '5/0s', '5/-1s', '/s', '5/fortnight', '1e3/s']) {
    t.match(await put({ '*': rate }), { status: 400, body: { error: `* must be a rate like 5/s or 100/1m, not "${rate}"` } })
  }
})

test('delays are drawn', async (t) => {
  const random = new Random(Buffer.from('seed'))
  t.equal(drawDelay(5, random), 5)
  for (let i = 0; i < 50; i++) {
    const even = drawDelay({ uniform: [10, 20] }, random)
    t.ok(even >= 10 && even <= 20)
    t.ok(drawDelay({ lognormal: { median: 100, sigma: 1, max: 150 } }, random) <= 150)
  }
})

import { test } from 'tap'
import { emulator } from '../support/emulator.ts'
import { only } from '../support/only.ts'

test('verification', async (t) => {
  const idp = await emulator(t)
  const { Id } = (await idp.cognito.CreateUserPool({ PoolName: 'p' })).UserPool as { Id: string }
  await idp.cognito.AdminCreateUser({ UserPoolId: Id, Username: 'ann', TemporaryPassword: 'Secret-123!', MessageAction: 'SUPPRESS' })
  await idp.cognito.AdminCreateUser({ UserPoolId: Id, Username: 'bob', MessageAction: 'SUPPRESS' })
  await idp.cognito.AdminGetUser({ UserPoolId: Id, Username: 'eve' }).catch(() => undefined)
  const verify = (match: object, times?: object | number) =>
    idp.request('POST', '/_/journal/verify', { match, ...(times === undefined ? {} : { times }) })

  const held: [match: object, times: object | number | undefined, count: number][] = [
    [{ operation: 'AdminCreateUser' }, undefined, 2],
    [{ vendor: 'cognito', operation: 'AdminCreateUser', user: 'ann' }, 1, 1],
    [{ operation: 'AdminCreateUser', input: { MessageAction: 'SUPPRESS' } }, { min: 1, max: 2 }, 2],
    [{ operation: 'AdminGetUser', outcome: 'refused', error: 'UserNotFoundException' }, 1, 1],
    [{ operation: 'AdminDeleteUser' }, 0, 0],
    [{ input: { TemporaryPassword: 'Secret-123!' } }, 1, 1],
  ]
  for (const [match, times, count] of held) {
    await t.test(`holds for ${JSON.stringify(match)}`, async (t) => t.match(await verify(match, times), { status: 200, body: { count } }))
  }

  await t.test('shows no secret', async (t) => {
    t.notMatch(JSON.stringify((await verify({ operation: 'AdminCreateUser' })).body), /Secret-123/)
    t.notMatch(JSON.stringify((await verify({ operation: 'AdminCreateUser', input: { TemporaryPassword: 'x' } })).body), /Secret-123/)
  })

  await t.test('tells the nearest and how they differ', async (t) => {
    const { status, body } = await verify({
      operation: 'AdminCreateUser',
      outcome: 'ok',
      input: { Username: 'carl', MessageAction: 'SUPPRESS' },
    })
    t.equal(status, 409)
    t.match(body, {
      error: 'expected at least 1, found 0',
      count: 0,
      nearest: only(
        { id: 3, operation: 'AdminCreateUser', differences: only({ path: 'input.Username', expected: 'carl', actual: 'bob' }) },
        { id: 2, differences: only({ path: 'input.Username', actual: 'ann' }) },
        {},
      ),
    })
    t.match(await verify({ operation: 'AdminCreateUser' }, 1), { status: 409, body: { error: 'expected 1 such call, found 2' } })
    t.match(await verify({ operation: 'AdminCreateUser' }, { min: 3, max: 4 }), {
      status: 409,
      body: { error: 'expected 3 to 4, found 2' },
    })
    t.match(await verify({ operatoin: 'x' }), { status: 400, body: { error: /additional properties \(operatoin\)/ } })
  })

  await t.test('search by error', async (t) => {
    t.match((await idp.request('GET', '/_/journal?error=UserNotFoundException')).body, only({ operation: 'AdminGetUser' }))
  })
})

test('calls that nobody handles', async (t) => {
  const idp = await emulator(t)
  const aws = { 'content-type': 'application/x-amz-json-1.1' }
  const cases: [method: string, url: string, headers: Record<string, string>, room: string, message: string][] = [
    [
      'POST',
      '/',
      { ...aws, 'x-amz-target': 'AWSCognitoIdentityProviderService.AdminCreateUsr' },
      'cognito',
      'there is no AdminCreateUsr (did you mean AdminCreateUser?)',
    ],
    [
      'GET',
      '/organization-manager/v1/idp/userz?x=1',
      {},
      'yandex',
      'there is no GET /organization-manager/v1/idp/userz (did you mean GET /organization-manager/v1/idp/users?)',
    ],
    ['GET', '/harmony/user', {}, 'harmony', 'there is no GET /user (did you mean GET /users?)'],
    ['GET', '/_health', {}, 'poolhouse', 'there is no GET /_health (did you mean GET /_/health?)'],
  ]
  for (const [method, url, headers, room, message] of cases) {
    await t.test(`${method} ${url}`, async (t) => {
      await idp.request('DELETE', '/_/journal')
      const { status } = await idp.request(method, url, method === 'POST' ? '{}' : undefined, headers)
      t.ok(status === 404 || status === 400)
      t.match(
        (await idp.request('GET', '/_/journal?outcome=unhandled')).body,
        only({ room, outcome: 'unhandled', error: { name: 'Unhandled', message } }),
      )
    })
  }
  t.match((await idp.request('GET', '/nowhere/at/all')).body, { error: 'there is no GET /nowhere/at/all' })
})

test('metrics', async (t) => {
  const idp = await emulator(t)
  await idp.cognito.CreateUserPool({ PoolName: 'p' })
  await idp.cognito.CreateUserPool({ PoolName: 'p2' })
  await idp.cognito.DescribeUserPool({ UserPoolId: 'us-east-1_nothere00' }).catch(() => undefined)
  const { body, headers } = await idp.request('GET', '/_/metrics')
  t.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
  const text = String(body)
  t.match(text, 'poolhouse_calls_total{vendor="cognito",operation="CreateUserPool",outcome="ok",error=""} 2\n')
  t.match(
    text,
    'poolhouse_calls_total{vendor="cognito",operation="DescribeUserPool",outcome="refused",error="ResourceNotFoundException"} 1\n',
  )
  t.match(text, /poolhouse_call_duration_seconds_bucket\{vendor="cognito",le="\+Inf"\} 3\n/)
  t.match(text, 'poolhouse_outbox_messages{namespace="default"} 0\n')
  for (const line of text.trimEnd().split('\n')) t.match(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? [\d.e+-]+)$/)
})

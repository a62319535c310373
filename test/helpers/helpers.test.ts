import { test } from 'tap'
import { worldOf as nodeWorld } from '../../src/helpers/node-test.ts'
import { withWorld as playwright } from '../../src/helpers/playwright.ts'
import { type TestWorld, worldOf } from '../../src/helpers/tap.ts'
import { withWorld as vitest } from '../../src/helpers/vitest.ts'
import { start } from '../../src/index.ts'
import { only } from '../support/only.ts'

const ALICE = { UserPoolId: 'us-east-1_PoolDemo1', Username: 'alice' }

async function ask({ url }: { url: string }, operation: string, input: object): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}` }
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) })).json() as Promise<Record<string, unknown>>
}

async function names(url: string): Promise<string[]> {
  const all = (await (await fetch(`${url}/_/namespaces`)).json()) as { name: string }[]
  return all.map(({ name }) => name)
}

test('a world of one test', async (t) => {
  const world = await worldOf(t)
  const base = world.url.replace(/\/~.*/, '')

  await t.test('is seen by no other', async (t) => {
    const other = await worldOf(t)
    await ask(other, 'AdminDisableUser', ALICE)
    t.match(await ask(other, 'AdminGetUser', ALICE), { Enabled: false })
    t.match(await ask(world, 'AdminGetUser', ALICE), { Enabled: true })
    t.same(await names(base), ['default', other.name, world.name].sort())
    await other.reset()
    t.match(await ask(other, 'AdminGetUser', ALICE), { Enabled: true })
  })

  await t.test('goes when its test is over', async (t) => t.same(await names(base), ['default', world.name]))

  await t.test('awaits messages, moves time, has things go wrong', async (t) => {
    const later = world.message({ to: 'alice@example.com', wait: '5s' })
    await ask(world, 'ForgotPassword', { ClientId: '1demo0client0000000000000w', Username: 'alice' })
    t.match(await later, { template: 'ForgotPassword', code: /^\d{6}$/ })

    await world.freeze('2030-01-01T00:00:00Z')
    await world.advance('1h')
    const { headers } = await fetch(`${world.url}/harmony/connections`)
    t.equal(headers.get('x-poolhouse-now'), '2030-01-01T01:00:00.000Z')

    // biome-ignore lint/suspicious/noThenProperty: never awaited.
    await world.faults({ match: { operation: 'AdminGetUser' }, then: { error: 'TooManyRequestsException' } })
    t.match(await ask(world, 'AdminGetUser', ALICE), { __type: 'TooManyRequestsException' })
    t.match(await world.journal({ op: 'AdminGetUser', outcome: 'refused' }), only({ error: { name: 'TooManyRequestsException' } }))

    const { pool } = await world.apply([{ call: 'cognito.CreateUserPool', input: { PoolName: 'p' }, as: 'pool' }])
    t.match(pool, { UserPool: { Name: 'p' } })
    await t.rejects(world.apply([{ call: 'cognito.Nope' }]), /POST \/_\/fixtures: .*Nope/)
    t.match(await world.env('harmony'), { HARMONY_AUTH_URL: `${world.url}/harmony` })
  })
})

test('evidence of a failure', async (t) => {
  const use = async (world: TestWorld) => {
    await ask(world, 'SignUp', { ClientId: '1demo0client0000000000000w', Username: 'ann', Password: 'short' })
  }
  const expected =
    /^poolhouse: what was called in \w+\n {2}cognito SignUp .*"Password":"\*\*\*".* → \w+: .*\npoolhouse: what was sent\n {2}nothing/

  await t.test('node:test tells it', async (t) => {
    const said: string[] = []
    let over = async () => {}
    const context = {
      error: new Error('no'),
      diagnostic: (line: string) => said.push(line),
      after: (end: () => Promise<void>) => (over = end),
    }
    await use(await nodeWorld(context))
    await over()
    t.match(said.join('\n'), expected)
  })

  await t.test('Vitest prints it', async (t) => {
    const { error } = console
    let said = ''
    console.error = (text: string) => {
      said += text
    }
    t.teardown(() => Object.assign(console, { error }))
    const { world } = await vitest()
    await world({ task: { result: { state: 'pass' } } }, use)
    t.equal(said, '')
    await world({ task: { result: { state: 'fail' } } }, use)
    t.match(said, expected)
  })

  await t.test('Playwright attaches it', async (t) => {
    const attached: [string, { body: string; contentType: string }][] = []
    const attach = async (name: string, content: { body: string; contentType: string }) => {
      attached.push([name, content])
    }
    const { world } = playwright()
    await world({}, use, { status: 'passed', expectedStatus: 'passed', attach })
    t.same(attached, [])
    await world({}, use, { status: 'failed', expectedStatus: 'passed', attach })
    t.match(attached, only(only('poolhouse', { body: expected, contentType: 'text/plain' })))
  })
})

test('inside exec, worlds are of its emulator', async (t) => {
  const idp = await start()
  t.teardown(() => idp.close())
  process.env.POOLHOUSE_URL = idp.url
  t.teardown(() => {
    delete process.env.POOLHOUSE_URL
  })
  await t.test('and counted there', async (t) => {
    const world = await worldOf(t)
    t.ok(world.url.startsWith(`${idp.url}/~`))
    await ask(world, 'AdminGetUser', ALICE)
    t.match(await (await fetch(`${idp.url}/_/contract/report`)).json(), { totals: { calls: 1 } })
  })
})

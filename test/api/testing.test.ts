import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { test } from 'tap'
import { configure, emulator, type TestWorld, world } from '../../src/testing.ts'

configure({ seed: 1, frozen: true, clock: '2026-01-01T00:00:00Z' })

async function ask(idp: { url: string }, operation: string, input: object): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}` }
  return (await fetch(`${idp.url}/`, { method: 'POST', headers, body: JSON.stringify(input) })).json() as Promise<Record<string, unknown>>
}

const ALICE = { UserPoolId: 'us-east-1_PoolDemo1', Username: 'alice' }

test('one world a test', async (t) => {
  let first: TestWorld | undefined
  await t.test('one changes what it likes', async (t) => {
    first = await world(t)
    await ask(first, 'AdminDisableUser', ALICE)
    t.match(await ask(first, 'AdminGetUser', ALICE), { Enabled: false })
    t.equal(first.clock.now().toISOString(), '2026-01-01T00:00:00.000Z')
  })

  await t.test('the next does not see it', async (t) => {
    const second = await world(t)
    t.match(await ask(second, 'AdminGetUser', ALICE), { Enabled: true })
    t.not(second.url, first?.url)
    t.equal((await emulator()).url, second.url.replace(/\/~.*/, ''))
  })

  await t.test('it is gone when its test is over, however the runner says so', async (t) => {
    const idp = await emulator()
    const names = async () => ((await (await fetch(`${idp.url}/_/namespaces`)).json()) as { name: string }[]).map(({ name }) => name)
    t.same(await names(), ['default'])
    const ends: (() => void)[] = []
    for (const hook of ['after', 'onTestFinished']) await world({ [hook]: (end: () => void) => ends.push(end) })
    const used = await world()
    t.equal((await names()).length, 4)
    for (const end of ends) end()
    await used[Symbol.asyncDispose]()
    t.same(await names(), ['default'])
  })

  t.throws(() => configure({}), /comes before the first world/)
})

test('a process that closes nothing still ends', async (t) => {
  const module = fileURLToPath(new URL('../../src/testing.ts', import.meta.url))
  const code = `const { world } = await import(${JSON.stringify(module)}); const idp = await world(); await fetch(idp.url + '/_/health'); console.log('done')`
  const { status, stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, '--input-type=module', '-e', code], {
    timeout: 100_000,
  })
  t.equal(status, 0, String(stderr))
  t.equal(String(stdout), 'done\n')
})

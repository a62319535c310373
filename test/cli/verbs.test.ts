import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { start } from '../../src/index.ts'
import { only } from '../support/only.ts'
import { poolhouse } from '../support/verb.ts'

const FIXTURE = `- call: cognito.AdminCreateUser
  input:
    UserPoolId: us-east-1_PoolDemo1
    Username: dora
    DesiredDeliveryMediums: [EMAIL]
    UserAttributes: [{ Name: email, Value: dora@example.com }]
`

const MODULE = `export default ({ clock, seed }) => [
  { call: 'cognito.CreateGroup', input: { UserPoolId: 'us-east-1_PoolDemo1', GroupName: 'g-' + seed, Description: clock.at('-3d') } },
]
`

test('verbs that talk to a running emulator', async (t) => {
  const idp = await start()
  t.teardown(() => idp.close())
  const folder = t.testdir({
    'f.yaml': FIXTURE,
    'bad.yaml': '- call: nope\n',
    'more.mjs': MODULE,
    'w1.yaml': 'pools: [{ PoolName: demo, users: seeded.csv }]',
    'seeded.csv': 'Username,email\nfred,fred@example.com\n',
  })
  const file = join(folder, 'f.yaml')
  const verb = (...args: string[]) => poolhouse(...args, '--url', idp.url)

  await t.test('seed', async (t) => {
    const made = '+ cognito.AdminCreateUser dora\n1 created, 0 changed, 0 unchanged'
    t.same(await verb('seed', file, '--dry-run'), { out: `${made} (dry run: nothing was done)\n`, err: '', code: 0 })
    t.same(await verb('seed', file), { out: `${made}\n`, err: '', code: 0 })
    t.same(await verb('seed', file), { out: '0 created, 0 changed, 1 unchanged\n', err: '', code: 0 })
    t.match(await verb('seed', file, '--mode', 'create'), {
      err: `poolhouse: ${file}:3:5 [0].input: cognito.AdminCreateUser: dora is there already\n`,
      code: 2,
    })
    t.match(JSON.parse((await verb('seed', join(folder, 'more.mjs'), join(folder, 'w*.yaml'), '--json')).out), { created: 2, unchanged: 1 })
    t.match(await verb('seed', file, '--mode', 'make'), { err: /--mode must be one of create, upsert, replace, skip/, code: 2 })
    t.match(await verb('seed', join(folder, 'bad.yaml')), { err: /bad\.yaml:1:9 \[0\]\.call: there is no operation nope\n$/, code: 2 })
    t.match(await verb('seed', join(folder, 'none.yaml')), { err: /none\.yaml: there is no such file/, code: 2 })
  })

  await t.test('codes', async (t) => {
    t.match((await verb('codes', 'dora')).out, /email\tdora@example\.com\tdora\tAdminCreateUser\t\S{8}\n/)
    t.match((await verb('codes', '--only')).out, /^\S{8}\n$/)
    t.match(await verb('codes', 'nobody', '--wait', '10ms'), { err: 'poolhouse: there is no message like that\n', code: 2 })
    t.equal((await verb('codes', '--namespace', 't1')).out, 'nothing was sent\n')
  })

  await t.test('snapshot and reset', async (t) => {
    t.equal((await verb('snapshot', 'list')).out, 'no snapshots\n')
    t.equal((await verb('snapshot', 'save', 'one')).out, 'saved one\n')
    t.equal((await verb('reset')).out, 'reset to baseline\n')
    t.equal((await verb('codes')).out, 'nothing was sent\n')
    t.equal((await verb('snapshot', 'load', 'one')).out, 'loaded one\n')
    t.match((await verb('codes')).out, /dora/)
    t.match((await verb('snapshot', 'list')).out, /^one\t\d+ bytes\n$/)
    t.equal((await verb('snapshot', 'drop', 'one')).out, 'dropped one\n')
    t.match(await verb('snapshot', 'load', 'one'), { err: 'poolhouse: there is no snapshot one\n', code: 2 })
    t.match(await verb('snapshot', 'keep', 'one'), { err: 'poolhouse: "keep" is none of save, load, list, drop\n', code: 2 })
  })

  await t.test('clock', async (t) => {
    t.match((await verb('clock', 'set', '2026-01-01T00:00:00Z')).out, /^2026-01-01T00:00:00/)
    t.match((await verb('clock', 'freeze')).out, /\(frozen\)\n$/)
    t.match((await verb('clock', 'advance', '1h')).out, /^2026-01-01T01:00:0\d\.\d+Z \(frozen\)\n/)
    t.match((await verb('clock')).out, /^2026-01-01T01/)
    t.match(await verb('clock', 'sideways'), { err: /none of set, advance, freeze, run, real/, code: 2 })
    t.match((await verb('clock', 'real')).out, /Z\n$/)
  })

  await t.test('export and import', async (t) => {
    const to = join(folder, 'state.json')
    t.equal((await verb('export', to)).out, `wrote ${to}\n`)
    const before = readFileSync(to, 'utf8')
    await verb('reset')
    t.equal((await verb('import', to)).out, `read ${to}\n`)
    t.equal((await verb('export')).out, before)
  })

  await t.test('when nothing answers', async (t) => {
    t.match(await poolhouse('reset', '--url', 'http://127.0.0.1:1'), {
      err: /^poolhouse: no Poolhouse answers at http:\/\/127\.0\.0\.1:1: start one/,
      code: 2,
    })
  })
})

test('verbs that need no emulator', async (t) => {
  await t.test('env', async (t) => {
    t.equal(
      (await poolhouse('env', '--for', 'harmony', '--url', 'http://h:1/')).out,
      "export POOLHOUSE_URL='http://h:1'\nexport HARMONY_AUTH_URL='http://h:1/harmony'\n",
    )
    t.match(JSON.parse((await poolhouse('env', '--namespace', 't1', '--format', 'json', '--url', 'http://h:1')).out), {
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: 'http://h:1/~t1',
      AWS_ACCESS_KEY_ID: 'NS0000000000000000t1',
    })
    t.match(await poolhouse('env', '--for', 'gcp'), { err: /--for must be one of all, aws-sdk/, code: 2 })
  })

  await t.test('list, config, completion, help', async (t) => {
    t.match((await poolhouse('list', 'cognito')).out, /^cognito: \d+ of 140\n {2}[+-] AddCustomAttributes\n/)
    t.match(JSON.parse((await poolhouse('list', '--json')).out), only({ room: 'cognito' }, { room: 'yandex' }, { room: 'harmony' }))
    t.match(await poolhouse('list', 'okta'), { err: /there is no vendor okta; known are cognito/, code: 2 })
    t.match((await poolhouse('config', '--explain', '--port', '5')).out, /port: 5 +--port +--port, POOLHOUSE_PORT\n/)
    t.match(JSON.parse((await poolhouse('config', '--schema')).out), {
      properties: { bcryptCost: { default: 4 } },
      additionalProperties: false,
    })
    for (const shell of ['bash', 'zsh', 'fish']) t.match((await poolhouse('completion', shell)).out, /poolhouse/)
    t.match(await poolhouse('completion', 'tcsh'), { code: 2 })
    t.match((await poolhouse('--help')).out, /Usage: poolhouse/)
    t.match((await poolhouse('seed', '--help')).out, /--dry-run/)
    t.match((await poolhouse('--version')).out, /^\d+\.\d+\.\d+\n$/)
  })

  await t.test('doctor', async (t) => {
    t.match(await poolhouse('doctor', '--memory', '--port', '0'), { out: /ok {3}Node .*\nok {3}SQLite /, code: 0 })
  })
})

test('verbs that look at a running emulator', async (t) => {
  const idp = await start()
  t.teardown(() => idp.close())
  const folder = t.testdir({})

  await t.test('env for each kind of client, and as each reads it', async (t) => {
    const env = async (...args: string[]) => (await poolhouse('env', '--url', idp.url, ...args)).out
    const address = idp.url.replace('http://', '')
    t.match(await env('--for', 'yc-go'), `export YC_ENDPOINT='${address}'\nexport YC_TOKEN='t1.`)
    for (const target of ['yc-node', 'yc-python', 'yandex']) t.match(await env('--for', target), `YC_ENDPOINT='${address}'`)
    for (const target of ['aws-sdk', 'boto3', 'amplify', 'terraform']) {
      t.match(await env('--for', target), `export AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER='${idp.url}'\n`)
    }
    t.match(await env('--for', 'harmony'), `HARMONY_AUTH_URL='${idp.url}/harmony'`)
    t.match(await env('--for', 'dotenv'), `\nAWS_REGION=us-east-1\n`)
    t.match(await env('--format', 'powershell'), `$env:AWS_REGION = 'us-east-1'\n`)
    const file = join(folder, 'github.env')
    process.env.GITHUB_ENV = file
    t.teardown(() => delete process.env.GITHUB_ENV)
    t.equal(await env('--for', 'github'), '')
    t.match(readFileSync(file, 'utf8'), `POOLHOUSE_URL=${idp.url}\n`)
  })

  await t.test('doctor says what may surprise', async (t) => {
    const sign = (url: string) =>
      idp.tokens.mint({ user: 'alice' }).then(() => fetch(`${url}/_/tokens`, { method: 'POST', body: '{"user":"alice"}' }))
    await sign(`http://localhost:${idp.port}`)
    idp.clock.advance('2h')
    Object.assign(process.env, { AWS_ENDPOINT_URL_COGNITO_IDP: 'x', AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE' })
    t.teardown(() => {
      delete process.env.AWS_ENDPOINT_URL_COGNITO_IDP
      delete process.env.AWS_ACCESS_KEY_ID
    })
    const { out } = await poolhouse('doctor', '--memory', '--port', String(idp.port))
    t.match(out, /^warn Poolhouse .* answers at port/m)
    t.match(out, /^warn AWS_ENDPOINT_URL_COGNITO_IDP has no effect: AWS SDKs read /m)
    t.match(out, /^warn AWS_ACCESS_KEY_ID looks like a real one/m)
    t.match(out, /^warn its clock shows .*, 7200 s off this machine's: /m)
    t.match(out, `warn its tokens name several addresses: http://127.0.0.1:${idp.port}, http://localhost:${idp.port}: `)
    idp.reset()
  })
})

test('token mint', async (t) => {
  const idp = await start()
  t.teardown(() => idp.close())
  const folder = t.testdir({
    'f.yaml': `pools:
  - PoolName: shaped
    id: us-east-1_Shaped001
    triggers: { PreTokenGeneration: ./shape.mjs }
    clients: [{ ClientName: web }]
    users: [{ Username: eve, password: Correct-Horse-1 }]
`,
    'shape.mjs': `export const handler = async (event) => ({ ...event, response: { claimsOverrideDetails: { claimsToAddOrOverride: { plan: 'gold' } } } })`,
  })
  const verb = (...args: string[]) => poolhouse(...args, '--url', idp.url)
  t.equal((await verb('seed', join(folder, 'f.yaml'))).code, 0)
  const said = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { plan?: string }

  const passed = await verb('token', 'mint', '--user', 'eve', '--use', 'id')
  t.match(passed, { code: 0, err: "poolhouse: the pool's PreTokenGeneration function was not asked; --triggers has it asked\n" })
  t.equal(said(passed.out).plan, undefined)
  const asked = await verb('token', 'mint', '--user', 'eve', '--use', 'id', '--triggers')
  t.match(asked, { code: 0, err: '' })
  t.equal(said(asked.out).plan, 'gold')
  t.match(JSON.parse((await verb('token', 'mint', '--user', 'alice', '--json')).out), { triggers: 'none', expiresIn: 3600 })

  t.match(await verb('token', 'mint', '--user', 'eve', '--use', 'acess'), {
    code: 2,
    err: /--use must be access, id or refresh, not "acess"/,
  })
})

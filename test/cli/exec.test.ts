import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { only } from '../support/only.ts'
import { poolhouse } from '../support/verb.ts'

const script = (code: string) => ['--', process.execPath, '-e', code]

/** One good call, one with a member too many, one to nowhere. */
const CALLS = `
const call = (input) => fetch(process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER, { method: 'POST', body: JSON.stringify(input), headers: {
  'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSCognitoIdentityProviderService.ListUserPools' } })
call({ MaxResults: 1 }).then(() => call({ MaxResults: 1, Filter: 'x' })).then(() => call({ MaxResults: 0 }))
  .then(() => fetch(process.env.POOLHOUSE_URL + '/nowhere')).then(() => process.exit(0))`

test('exec', async (t) => {
  const folder = t.testdir({})

  await t.test('passes the exit code on', async (t) => {
    t.equal((await poolhouse('exec', '--empty', ...script('process.exit(7)'))).code, 7)
    t.match(await poolhouse('exec', '--empty', '--', 'no-such-program'), {
      err: 'poolhouse: there is no program no-such-program\n',
      code: 127,
    })
    t.match(await poolhouse('exec'), { err: /say what to run behind --/, code: 2 })
    t.match(await poolhouse('exec', '--max-violations', 'few', ...script('')), {
      err: 'poolhouse: --max-violations must be a whole number, not "few"\n',
      code: 2,
    })
  })

  await t.test('sends the clients of the command here', async (t) => {
    const file = join(folder, 'env.json')
    await poolhouse('exec', '--empty', ...script(`fs.writeFileSync(${JSON.stringify(file)}, JSON.stringify(process.env))`))
    const env = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
    const url = env.POOLHOUSE_URL ?? ''
    t.match(url, /^http:\/\/127\.0\.0\.1:\d+$/)
    t.match(env, {
      AWS_ENDPOINT_URL: url,
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'POOLHOUSE',
      AWS_SECRET_ACCESS_KEY: 'poolhouse',
      YC_ENDPOINT: url.replace('http://', ''),
      POOLHOUSE_YANDEX_ENDPOINT: url.replace('http://', ''),
      POOLHOUSE_HARMONY_URL: `${url}/harmony`,
    })
  })

  await t.test('has them trust the development authority', async (t) => {
    const tls = ['--tls', '--tls-folder', join(folder, 'tls')]
    // The command's own Node reads NODE_EXTRA_CA_CERTS at its start.
    const code = 'fetch(process.env.POOLHOUSE_TLS_URL + "/_/health").then((r) => process.exit(r.status === 200 ? 0 : 1))'
    t.equal((await poolhouse('exec', '--empty', ...tls, ...script(code))).code, 0)
  })

  await t.test('writes a report, and exits with 3 when limits are violated', async (t) => {
    const limits = [
      ...['--report', folder, '--max-unhandled', '0', '--max-violations', '0', '--min-operations', '1'],
      ...['--require-op', 'cognito:ListUserPools', '--require-op', 'cognito:SignUp'],
      ...['--require-error', 'InvalidParameterException', '--require-error', 'NotAuthorizedException'],
    ]
    const { code, err } = await poolhouse('exec', '--empty', ...limits, ...script(CALLS))
    t.equal(code, 3)
    t.strictSame(err.split('\n').slice(0, -1), [
      'poolhouse: 1 contract violations, at most 0 may be: cognito: ListUserPools has no member Filter',
      'poolhouse: 1 calls were handled by nobody, at most 0 may be: poolhouse: GET /nowhere',
      'poolhouse: cognito:SignUp was not used',
      'poolhouse: NotAuthorizedException was never seen',
    ])
    t.match(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')), {
      schema: 'poolhouse-contract-report/1',
      totals: { calls: 4, unhandled: 1, violations: 1, operationsUsed: 1 },
      operations: only({
        vendor: 'cognito',
        name: 'ListUserPools',
        calls: 3,
        outcomes: { ok: 2, errors: { InvalidParameterException: 1 } },
      }),
      unhandled: only({ method: 'GET', path: '/nowhere', count: 1 }),
    })
    const junit = readFileSync(join(folder, 'junit.xml'), 'utf8')
    t.match(junit, '<testsuite name="thresholds" tests="7" failures="4">')
    t.match(junit, '<failure message="cognito:SignUp was not used">')
    t.match(JSON.parse(readFileSync(join(folder, 'ctrf.json'), 'utf8')).results.summary, { tests: 8, failed: 5 })
    t.match(readFileSync(join(folder, 'report.md'), 'utf8'), '| FAILED | require-op cognito:SignUp | cognito:SignUp was not used |')
  })

  await t.test('is content within its limits', async (t) => {
    const limits = ['--max-unhandled', '1', '--max-violations', '1', '--min-operations', '1', '--require-op', 'cognito.ListUserPools']
    t.match(await poolhouse('exec', '--empty', ...limits, ...script(CALLS)), { err: '', code: 0 })
  })

  await t.test('is not content with calls that nobody handles, if they are to be errors', async (t) => {
    t.match(await poolhouse('exec', '--empty', '--on-unhandled', 'error', ...script(CALLS)), {
      err: /1 calls were handled by nobody, at most 0 may be: poolhouse: GET \/nowhere/,
      code: 3,
    })
    t.match(await poolhouse('exec', '--empty', '--on-unhandled', 'warn', ...script(CALLS)), { code: 0 })
  })

  await t.test("a failure of the command's own is passed on first", async (t) => {
    t.equal((await poolhouse('exec', '--empty', '--min-operations', '1', ...script('process.exit(5)'))).code, 5)
  })

  await t.test('puts the report where GitHub shows it', async (t) => {
    const summary = join(folder, 'summary.md')
    Object.assign(process.env, { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary })
    t.teardown(() => {
      delete process.env.GITHUB_ACTIONS
      delete process.env.GITHUB_STEP_SUMMARY
    })
    const { out } = await poolhouse('exec', '--empty', '--max-violations', '0', ...script(CALLS))
    t.match(out, '::warning title=cognito contract::ListUserPools has no member Filter\n')
    t.match(out, /::error title=poolhouse::1 contract violations/)
    t.match(readFileSync(summary, 'utf8'), /^# Contract report\n/)
  })

  await t.test('passes signals on', async (t) => {
    const main = new URL('../../src/cli/main.ts', import.meta.url).pathname
    const waits = 'process.on("SIGTERM", () => process.exit(9)); console.log("waiting"); setInterval(() => undefined, 1000)'
    const child = spawn(process.execPath, [...process.execArgv, main, 'exec', '--empty', ...script(waits)])
    child.stdout.on('data', (said: Buffer) => {
      if (said.includes('waiting')) child.kill('SIGTERM')
    })
    t.equal(await new Promise((resolve) => child.once('exit', resolve)), 9)
  })
})

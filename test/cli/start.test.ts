import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Test, test } from 'tap'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** What `npm run build` made, unless something changed since: then the sources themselves, which take seconds more to start. */
function program(): string[] {
  const built = `${ROOT}dist/cli/main.js`
  const since = existsSync(built) ? statSync(built).mtimeMs : 0
  const sources = (readdirSync(`${ROOT}src`, { recursive: true }) as string[]).filter((file) => file.endsWith('.ts'))
  const fresh = sources.every((file) => statSync(`${ROOT}src/${file}`).mtimeMs <= since)
  return fresh ? [built] : [...process.execArgv, `${ROOT}src/cli/main.ts`]
}

const PROGRAM = program()

interface Run {
  child: ChildProcess
  out: () => string
  err: () => string
  /** The URL of the ready line. */
  ready: Promise<string>
  /** The first line that it prints, or has printed, with this in it: what it says before it answers may be read after the answer. */
  line(having: string): Promise<string>
  ended: Promise<number | null>
}

/** The command line as a user runs it, in a folder of its own. */
function poolhouse(t: Test, args: string[], { cwd = t.testdir({}), env = {} as Record<string, string> } = {}): Run {
  const child = spawn(process.execPath, [...PROGRAM, ...args], { cwd, env: { ...process.env, ...env } })
  let out = ''
  let err = ''
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  const line = (having: string) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = out
          .split('\n')
          .slice(0, -1)
          .find((text) => text.includes(having))
        if (found === undefined) return
        child.stdout.off('data', look)
        resolve(found)
      }
      child.stdout.on('data', look)
      look()
      ended.then((code) => reject(new Error(`ended with ${code}: ${err}`)))
    })
  const ready = line('poolhouse ready ').then((text) => text.slice('poolhouse ready '.length))
  ready.catch(() => undefined)
  t.teardown(() => child.kill('SIGKILL'))
  return { child, out: () => out, err: () => err, ready, line, ended }
}

test('start --json', async (t) => {
  const { out, line } = poolhouse(t, ['--port', '0', '--memory', '--empty', '--json', '--log-level', 'silent'])
  t.match(JSON.parse(await line('{')), { ready: true, url: /^http:/, env: { AWS_REGION: 'us-east-1', YC_ENDPOINT: /^127/ } })
  t.equal(out().trim().split('\n').length, 1)
})

test('start', async (t) => {
  const cwd = t.testdir({ 'poolhouse.config.yaml': 'logLevel: debug\nport: 1\n' })
  const first = poolhouse(t, ['start', '--port', '0'], { cwd, env: { POOLHOUSE_SEED: '7' } })
  const url = await first.ready

  await t.test('says where each vendor answers and one ready line', async (t) => {
    t.equal(first.out().match(/poolhouse ready/g)?.length, 1)
    t.match(first.out(), new RegExp(`Cognito +${url}\n`))
    t.match(first.out(), `issuer  ${url}/us-east-1_PoolDemo1\n`)
    t.match(first.out(), `export AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER='${url}'\n`)
    t.match(first.out(), /alice/)
    t.equal(first.err(), '')
    t.match(await (await fetch(`${url}/_/ready`)).json(), { ready: true })
  })

  await t.test('logs a call in a line, with the reason of a refusal and no secret', async (t) => {
    await fetch(`${url}/`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSCognitoIdentityProviderService.SignUp' },
      body: JSON.stringify({ ClientId: 'nobody', Username: 'ann', Password: 'Secret-123!' }),
    })
    t.match(JSON.parse(await first.line('SignUp')), {
      room: 'cognito',
      operation: 'SignUp',
      outcome: 'refused',
      status: 400,
      client: 'nobody',
      error: /Exception$/,
      namespace: 'default',
    })
    t.notMatch(first.out(), /Secret-123/)
  })

  await t.test('a data folder in use is refused', async (t) => {
    const second = poolhouse(t, ['start', '--port', '0'], { cwd })
    t.equal(await second.ended, 2)
    t.equal(
      second.err(),
      'poolhouse: the data folder data is in use by another Poolhouse: stop it, choose another with --data, or use --memory\n',
    )
  })

  await t.test('SIGTERM ends it, although a client waits', async (t) => {
    const waiting = request(`${url}/_/outbox/latest?wait=1m`, { headers: { expect: '100-continue' } })
    const cut = new Promise((resolve) => waiting.once('error', resolve))
    waiting.once('response', () => t.fail('it waits for nobody'))
    // It has been heard.
    await new Promise((resolve) => waiting.once('continue', resolve).end())
    first.child.kill('SIGTERM')
    t.equal(await first.ended, 0)
    await cut
  })

  await t.test('state is there after a restart', async (t) => {
    const again = poolhouse(t, ['--port', '0'], { cwd })
    const answer = await fetch(`${await again.ready}/`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSCognitoIdentityProviderService.AdminGetUser' },
      body: JSON.stringify({ UserPoolId: 'us-east-1_PoolDemo1', Username: 'alice' }),
    })
    t.match(await answer.json(), { Username: 'alice', UserStatus: 'CONFIRMED' })
    again.child.kill('SIGINT')
    t.equal(await again.ended, 0)
  })
})

test('what a user does wrong is one sentence and exit code 2', async (t) => {
  const cwd = t.testdir({
    'bad.yaml': '- call: cognito.CreateUserPol\n  input: { PoolName: a }\n',
    'poolhouse.config.yaml': 'prot: 1\n',
    clean: {},
  })
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  t.teardown(() => taken.close())
  const { port } = taken.address() as { port: number }

  const clean = join(cwd, 'clean')
  const cases: [what: string, args: string[], expected: string, where: string][] = [
    ['a flag that is none', ['start', '--prot', '1'], "unknown option '--prot' (Did you mean --port?); see poolhouse start --help", clean],
    ['a verb that is none', ['strat'], 'there is no "strat" (did you mean start?); see poolhouse --help', clean],
    [
      'a taken port',
      ['--memory', '--port', String(port)],
      `port ${port} on 127.0.0.1 is taken, perhaps by another Poolhouse: stop it, or choose another with --port (0 takes a free one)`,
      clean,
    ],
    [
      'a bad fixture',
      ['--memory', '--port', '0', '--fixtures', '../bad.yaml'],
      '../bad.yaml:1:9 [0].call: there is no operation cognito.CreateUserPol (did you mean cognito.CreateUserPool?)',
      clean,
    ],
    ['a config file with a key that is none', ['start'], 'poolhouse.config.yaml: prot is not a setting (did you mean port?)', cwd],
  ]
  await Promise.all(
    cases.map(([what, args, expected, where]) =>
      t.test(what, async (t) => {
        const run = poolhouse(t, args, { cwd: where })
        t.equal(await run.ended, 2)
        t.equal(run.err(), `poolhouse: ${expected}\n`)
        t.equal(run.out(), '')
      }),
    ),
  )
})

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { functionsIn } from '../../src/cognito/settings.ts'
import { wait } from '../../src/core/clock.ts'
import { emulator, type Refused, type TestEmulator } from '../support/emulator.ts'
import { arn } from '../support/functions.ts'

/** Does what the name of the user says. */
const PROGRAM = `
// tap gives every child its own variables, one of them with the names of all test files.
const own = (env) => Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('_TAPJS')))
let text = ''
process.stdin.on('data', (chunk) => (text += chunk)).on('end', () => {
  const event = JSON.parse(text)
  const refuse = (error) => { console.error('a line before'); console.error(error); process.exit(3) }
  switch (event.userName) {
    case 'tell': return refuse(JSON.stringify({ event, args: process.argv.slice(2), env: own(process.env), cwd: process.cwd() }))
    case 'told': process.stdout.write(JSON.stringify({ errorMessage: 'not today' })); return process.exit(1)
    case 'softly': return process.stdout.write(JSON.stringify({ errorMessage: 'not now' }))
    case 'mute': return process.exit(7)
    case 'garbled': return process.stdout.write('{"unfinished"')
    case 'wrong': return process.stdout.write(JSON.stringify({ ...event, response: { autoConfirmUser: 'yes' } }))
    case 'endless': return process.stdout.write(Buffer.alloc(7_000_000, 'x'), () => undefined)
  }
  event.response.autoConfirmUser = true
  process.stdout.write(JSON.stringify(event))
})
`
/** Answers without reading what it is told. */
const DEAF = `process.stdin.destroy(); process.stdout.write(JSON.stringify({ response: { autoConfirmUser: true } }))`

/** Says who it is, and goes on for ever. */
const LATE = `echo $$ >> pids; exec sleep 100000`

const ARGS = ['--x', '$(touch pwned); `touch pwned`', '& touch pwned | x', 'a b']

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

async function world(t: Test, idp: TestEmulator, name = 'run') {
  const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'p', LambdaConfig: { PreSignUp: arn(name) } })
  const { UserPoolClient } = await idp.cognito.CreateUserPoolClient({ UserPoolId: UserPool?.Id ?? '', ClientName: 'c' })
  const signUp = (Username: string) => idp.cognito.SignUp({ ClientId: UserPoolClient?.ClientId ?? '', Username, Password: 'Passw0rd!' })
  const refused = async (Username: string) => {
    const error = (await signUp(Username).catch((error: unknown) => error)) as Refused
    return [error.name, error.message] as const
  }
  t.ok(UserPool?.Id)
  return { signUp, refused, pool: UserPool?.Id ?? '' }
}

test('a program answers for a function (H3)', async (t) => {
  const folder = t.testdir({ 'run.cjs': PROGRAM, 'deaf.cjs': DEAF })
  const { execPath } = process
  const functions = {
    [arn('run')]: { command: [execPath, './run.cjs', ...ARGS], folder },
    [arn('deaf')]: { command: [execPath, './deaf.cjs'], folder },
    [arn('late')]: { command: ['/bin/sh', '-c', LATE], folder },
    [arn('absent')]: { command: ['./absent', 'x'], folder },
    [arn('astray')]: { command: [execPath], folder: join(folder, 'nowhere') },
  }
  process.env.HUSH = 'nobody is to see this'
  t.teardown(() => delete process.env.HUSH)
  const idp = await emulator(t, { settings: { rooms: { cognito: { functions, triggerLimit: 60_000 } } } })
  const { signUp, refused, pool } = await world(t, idp)

  await t.test('with the event on its standard input', async (t) => {
    t.match(await signUp('jane'), { UserConfirmed: true })
    t.match(await (await world(t, idp, 'deaf')).signUp('jane'), { UserConfirmed: true })
  })

  await t.test('without a shell, in its folder, with little of the environment', async (t) => {
    const [name, message] = await refused('tell')
    t.equal(name, 'UserLambdaValidationException')
    const told = JSON.parse(message.replace('PreSignUp failed with error ', '').replace(/\.$/, '')) as Record<string, object>
    t.match(told, { event: { triggerSource: 'PreSignUp_SignUp', userPoolId: pool, userName: 'tell' }, args: ARGS, cwd: folder })
    t.match(told.env, { PATH: process.env.PATH, AWS_LAMBDA_FUNCTION_NAME: 'run', AWS_REGION: 'us-east-1' })
    t.notOk('HUSH' in (told.env ?? {}))
    t.notOk(existsSync(join(folder, 'pwned')))
  })

  const cases: [user: string, name: string, message: RegExp | string][] = [
    ['told', 'UserLambdaValidationException', 'PreSignUp failed with error not today.'],
    ['softly', 'UserLambdaValidationException', 'PreSignUp failed with error not now.'],
    [
      'mute',
      'UserLambdaValidationException',
      /^PreSignUp failed with error RequestId: \S+ Error: Runtime exited with error: exit status 7\.$/,
    ],
    ['garbled', 'InvalidLambdaResponseException', 'Invalid lambda function output : Invalid JSON'],
    ['wrong', 'InvalidLambdaResponseException', /Unrecognizable lambda output/],
    ['endless', 'UnexpectedLambdaException', /larger than 6291556 bytes/],
  ]
  for (const [user, name, message] of cases) {
    await t.test(`that fails: ${user}`, async (t) => t.match(await refused(user), [name, message]))
  }

  await t.test('that is not there', async (t) => {
    for (const name of ['absent', 'astray']) {
      t.match(await (await world(t, idp, name)).refused('jane'), ['UnexpectedLambdaException', /: ENOENT/])
    }
  })

  await t.test('in time, or it is ended and started again, three times in all', async (t) => {
    const hasty = await emulator(t, { settings: { rooms: { cognito: { functions, triggerLimit: 1500 } } } })
    t.match(await (await world(t, hasty, 'late')).refused('jane'), ['UnexpectedLambdaException', /timeout/])
    const pids = existsSync(join(folder, 'pids')) ? readFileSync(join(folder, 'pids'), 'utf8').trim().split('\n').map(Number) : []
    t.ok(pids.length > 0 && pids.length <= 3, `${pids.length} tries`)
    // What was killed is there until its end was noticed.
    for (const pid of pids) while (lives(pid)) await wait(10)
  })
})

test('nothing that comes by an API starts a program of its own', async (t) => {
  const folder = t.testdir({ 'run.cjs': PROGRAM })
  const idp = await emulator(t)
  const target = `command:${process.execPath} -e require('fs').writeFileSync('${folder}/pwned','')`
  t.match(await idp.request('PUT', '/_/cognito/functions', { arn: '*', target }), {
    status: 400,
    body: { error: /programs are named by settings and fixtures only$/ },
  })
  const { refused } = await world(t, idp, target.replace(/[^\w-]/g, '-'))
  t.match(await refused('jane'), ['UnexpectedLambdaException', /Nothing answers for/])
  await t.rejects(idp.cognito.CreateUserPool({ PoolName: 'p', LambdaConfig: { PreSignUp: target } }), { name: /Exception$/ })
  t.notOk(existsSync(join(folder, 'pwned')))
})

test('a fixture names programs beside itself, and finds them again', async (t) => {
  const folder = t.testdir({ 'run.cjs': PROGRAM })
  const idp = await emulator(t)
  const told = (trigger: string) => ({
    sources: [
      {
        file: join(folder, 'f.yaml'),
        text: `pools: [{ PoolName: shop, id: us-east-1_Programs1, clients: [{ ClientName: c, id: 1programclient00000000000c }], triggers: { PreSignUp: ${trigger} } }]`,
      },
    ],
  })
  const apply = async (trigger: string) => (await idp.request('POST', '/_/fixtures', told(trigger))).body
  const program = `{ command: [${process.execPath}, ./run.cjs] }`
  t.match(await apply(program), { created: 2 })
  const input = { ClientId: '1programclient00000000000c', Username: 'jane', Password: 'Passw0rd!' }
  t.match(await idp.cognito.SignUp(input), { UserConfirmed: true })
  t.match(await apply(program), { created: 0, changed: 0 })
  t.match(await apply(`"command:${process.execPath} ./run.cjs"`), { changed: 0 }, 'the same in a line')
  t.match(await apply(`"command:${process.execPath} ./run.cjs more"`), { changed: 1 })
  t.match(await apply('{ comand: [x] }'), { errors: [/triggers\.PreSignUp\.comand: there is no such member \(did you mean command\?\)/] })
  t.match(await apply('{ command: [] }'), { errors: [/functions are named like/] })
})

test('where others can reach the emulator, only its settings name programs', async (t) => {
  const folder = t.testdir({ 'run.cjs': PROGRAM })
  const program = { command: [process.execPath, './run.cjs'], folder }
  const idp = await emulator(t, { settings: { exposed: true, rooms: { cognito: { functions: { [arn('mine')]: program } } } } })
  const said = await idp.request('POST', '/_/fixtures', [{ call: 'cognito.functions', input: { [arn('theirs')]: program } }])
  t.match(said, { status: 200 })
  t.match(await (await world(t, idp, 'theirs')).refused('jane'), ['UnexpectedLambdaException', /only --cognito-functions does\.$/])
  t.match(await (await world(t, idp, 'mine')).signUp('jane'), { UserConfirmed: true })
})

test('programs in settings', async (t) => {
  const folder = process.cwd()
  const one = (target: unknown) => functionsIn([['*', target]])?.['*']
  t.same(one('command:python3  ./t.py'), { command: ['python3', './t.py'], folder })
  t.same(one({ command: ['a b', 'c'], folder: '/x' }), { command: ['a b', 'c'], folder: '/x' })
  for (const wrong of ['command:', { command: [] }, { command: 'x' }, { command: ['x', ''] }, { command: ['x'], shell: true }, 5, null]) {
    t.equal(one(wrong), undefined, JSON.stringify(wrong))
  }
})

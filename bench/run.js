// `npm run bench`: ratios in one run, never absolute claims. The load and the servers share the machine's cores.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { directory } from './directory.js'
import { grpc } from './grpc.js'
import { srpSignIns } from './srp.js'
import { toolkit } from './toolkit.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const seconds = Number(process.env.BENCH_SECONDS ?? 4)
const TARGET = 'AWSCognitoIdentityProviderService.'

const running = new Set()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

function start(args) {
  const started = performance.now()
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return new Promise((resolve, reject) => {
    let out = ''
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}: ${out}`)))
    child.stdout.on('data', (chunk) => {
      out += chunk
      const url = /^(?:poolhouse )?ready (\S+)$/m.exec(out)?.[1]
      if (url !== undefined) resolve({ url, child, ms: performance.now() - started })
    })
  })
}

function stop({ child }) {
  return new Promise((resolve) => {
    child.removeAllListeners('exit')
    child.once('exit', resolve)
    child.kill('SIGKILL')
  })
}

function load(options) {
  return new Promise((resolve, reject) =>
    autocannon({ connections: 16, duration: seconds, method: 'POST', ...options }, (error, result) =>
      error ? reject(error) : resolve(result),
    ),
  )
}

const emulator = ['dist/cli/main.js', 'start', '--memory', '--empty', '--port', '0', '--log-level', 'silent']
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
const row = (name, rate, ratio, result) =>
  console.log(
    `${name.padEnd(44)} ${String(Math.round(rate)).padStart(8)}/s  ${ratio === undefined ? '' : `${ratio.toFixed(2)} of bare`}  p50 ${result.latency.p50} ms  p99 ${result.latency.p99} ms${result.non2xx > 0 ? `  (${result.non2xx} refused)` : ''}`,
  )

console.log('Start to ready (spawn of the process to the ready line), 5 runs each (bar: 700 ms)')
for (const [world, args] of [
  ['empty', emulator],
  ['demo', emulator.filter((word) => word !== '--empty')],
]) {
  const times = []
  for (let i = 0; i < 5; i++) {
    const server = await start(args)
    times.push(server.ms)
    await stop(server)
  }
  console.log(`  ${world} world: median ${Math.round(median(times))} ms, least ${Math.round(Math.min(...times))} ms`)
}
console.log()

const bare = await start(['bench/bare.js'])
const idp = await start(emulator)

async function cognito(name, input) {
  const response = await fetch(idp.url, { method: 'POST', headers: headersOf(name), body: JSON.stringify(input) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${name}: ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}

function headersOf(name) {
  return { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': TARGET + name }
}

const { UserPool: pool } = await cognito('CreateUserPool', { PoolName: 'bench' })
const { UserPoolClient: client } = await cognito('CreateUserPoolClient', {
  UserPoolId: pool.Id,
  ClientName: 'bench',
  ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH'],
})
const password = 'Correct-Horse-1'
await cognito('AdminCreateUser', { UserPoolId: pool.Id, Username: 'reader', MessageAction: 'SUPPRESS' })
await cognito('AdminSetUserPassword', { UserPoolId: pool.Id, Username: 'reader', Password: password, Permanent: true })

let serial = 0
const each = (headers, body) => ({
  requests: [{ method: 'POST', headers, setupRequest: (request) => ({ ...request, body: JSON.stringify(body(serial++)) }) }],
})
const read = { headers: headersOf('AdminGetUser'), body: JSON.stringify({ UserPoolId: pool.Id, Username: 'reader' }) }
const signIn = {
  headers: headersOf('InitiateAuth'),
  body: JSON.stringify({
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: client.ClientId,
    AuthParameters: { USERNAME: 'reader', PASSWORD: password },
  }),
}

await load({ url: bare.url, duration: 1, headers: { 'content-type': 'application/json' }, body: read.body })
await load({ url: idp.url, duration: 1, ...read })

console.log(`Requests a second at 16 connections, ${seconds} s each`)
const floor = await load({ url: bare.url, headers: { 'content-type': 'application/json' }, body: read.body })
row('bare Fastify, echo', floor.requests.average, undefined, floor)
const compare = async (name, options) => {
  const result = await load({ url: idp.url, ...options })
  row(name, result.requests.average, result.requests.average / floor.requests.average, result)
}
await compare('cognito AdminGetUser (bar: 0.50)', read)
await compare('cognito AdminCreateUser', {
  ...each(headersOf('AdminCreateUser'), (n) => ({
    UserPoolId: pool.Id,
    Username: `user-${n}`,
    TemporaryPassword: password,
    MessageAction: 'SUPPRESS',
  })),
})
await compare('cognito InitiateAuth USER_PASSWORD_AUTH', signIn)

const organizations = await (await fetch(`${idp.url}/organization-manager/v1/organizations`)).json()
const created = await (
  await fetch(`${idp.url}/organization-manager/v1/idp/userpools`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ organizationId: organizations.organizations[0].id, name: 'bench', defaultSubdomain: 'bench' }),
  })
).json()
const users = `${idp.url}/organization-manager/v1/idp/users`
const known = await (
  await fetch(users, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      userpoolId: created.metadata.userpoolId,
      username: 'reader@bench.idp.yandexcloud.net',
      fullName: 'Reader',
      passwordSpec: { password },
    }),
  })
).json()
await compare('yandex UserService.Get', { url: `${users}/${known.metadata.userId}`, method: 'GET' })
await compare('yandex UserService.Create', {
  url: users,
  ...each({ 'content-type': 'application/json' }, (n) => ({
    userpoolId: created.metadata.userpoolId,
    username: `user${n}@bench.idp.yandexcloud.net`,
    fullName: 'Bench User',
    passwordSpec: { password: 'Correct-Horse-1' },
  })),
})

const echo = await start(['bench/bare-grpc.js'])
await grpc({ echo: echo.url, emulator: idp.url, user: known.metadata.userId, userpool: created.metadata.userpoolId, seconds })
await stop(echo)

console.log('\nLatency of AdminGetUser, one connection')
const alone = await load({ url: idp.url, connections: 1, ...read })
row('alone', alone.requests.average, undefined, alone)
const busy = load({ url: idp.url, duration: seconds + 1, ...signIn })
const beside = await load({ url: idp.url, connections: 1, ...read })
await busy
row('while 16 sign-ins run', beside.requests.average, undefined, beside)

const who = { pool: pool.Id, client: client.ClientId, username: 'reader', password }
const proving = srpSignIns(cognito, who, { connections: 16, seconds: seconds + 1 })
const besideSrp = await load({ url: idp.url, connections: 1, ...read })
const proven = await proving
row('while 16 SRP sign-ins run', besideSrp.requests.average, undefined, besideSrp)
console.log(
  `SRP sign-ins, both steps, 16 at a time, their client in this process: ${Math.round(proven.rate)}/s  p50 ${Math.round(proven.p50)} ms  p99 ${Math.round(proven.p99)} ms`,
)

await directory(cognito)

await stop(bare)
await stop(idp)

await toolkit()

// `npm run bench:peers`: the same calls against Poolhouse and against cognito-local, one after the other in one run. It installs the peer
// from the registry into a temporary folder; neither the emulator nor its tests know of it.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'

const PEER = 'cognito-local@5.3.0'
const USERS = 1000
const address = (i) => `user${i}@example.com`
const seconds = Number(process.env.BENCH_SECONDS ?? 3)
const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'poolhouse-peers-'))
execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', folder, PEER], { stdio: 'inherit' })

const running = new Set()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** A server, once a line says that it listens. */
function start(args, ready, options) {
  const from = performance.now()
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], ...options })
  running.add(child)
  return new Promise((resolve, reject) => {
    let out = ''
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}: ${out}`)))
    child.stdout.on('data', (chunk) => {
      out += chunk
      const found = ready.exec(out)
      if (found !== null) resolve({ child, out: found, ms: performance.now() - from })
    })
  })
}

async function measure(name, { url, child, ms }) {
  const headers = (operation) => ({
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
    authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=0',
  })
  const call = async (operation, input) => {
    const response = await fetch(url, { method: 'POST', headers: headers(operation), body: JSON.stringify(input) })
    const text = await response.text()
    if (!response.ok) throw new Error(`${name} ${operation}: ${response.status} ${text}`)
    return text === '' ? {} : JSON.parse(text)
  }
  const load = (operation, inputOf, connections = 16) =>
    new Promise((resolve, reject) => {
      let serial = 0
      const body = () => JSON.stringify(inputOf(serial++))
      const requests = [
        { method: 'POST', headers: headers(operation), setupRequest: (request) => ({ ...request, path: '/', body: body() }) },
      ]
      autocannon({ url, connections, duration: seconds, requests }, (error, result) => (error ? reject(error) : resolve(result)))
    })

  const { UserPool: pool } = await call('CreateUserPool', { PoolName: 'peers', UsernameAttributes: ['email'] })
  const { UserPoolClient: client } = await call('CreateUserPoolClient', {
    UserPoolId: pool.Id,
    ClientName: 'peers',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  })
  const password = 'Correct-Horse-1'
  for (let i = 0; i < USERS; i++) {
    await call('AdminCreateUser', { UserPoolId: pool.Id, Username: address(i), MessageAction: 'SUPPRESS' })
  }
  await call('AdminSetUserPassword', { UserPoolId: pool.Id, Username: address(0), Password: password, Permanent: true })
  const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

  const rows = { 'start to ready, ms': ms, [`memory with ${USERS} users, MB`]: process.platform === 'linux' ? memory() : Number.NaN }
  const rate = async (title, operation, inputOf) => {
    const result = await load(operation, inputOf)
    rows[`${title}, a second`] = result.requests.average
    if (result.non2xx > 0) rows[`${title}, refused`] = result.non2xx
  }
  await rate('AdminGetUser', 'AdminGetUser', () => ({ UserPoolId: pool.Id, Username: address(7) }))
  await rate('ListUsers by e-mail', 'ListUsers', (i) => ({ UserPoolId: pool.Id, Filter: `email = "${address(i % USERS)}"` }))
  await rate('InitiateAuth, password', 'InitiateAuth', () => ({
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: client.ClientId,
    AuthParameters: { USERNAME: address(0), PASSWORD: password },
  }))
  await rate('AdminCreateUser', 'AdminCreateUser', (i) => ({
    UserPoolId: pool.Id,
    Username: address(USERS + i),
    MessageAction: 'SUPPRESS',
  }))
  child.removeAllListeners('exit')
  child.kill('SIGKILL')
  running.delete(child)
  return rows
}

const ours = await start(
  [join(root, 'dist/cli/main.js'), 'start', '--empty', '--port', '0', '--log-level', 'silent', '--data', join(folder, 'data')],
  /^poolhouse ready (\S+)$/m,
)
const mine = await measure('Poolhouse', { ...ours, url: ours.out[1] })

const PORT = 9340
const peer = await start([join(folder, 'node_modules/cognito-local/lib/bin/start.js')], /listening|running/i, {
  cwd: folder,
  env: { ...process.env, PORT: String(PORT), HOST: '127.0.0.1', NODE_ENV: 'production' },
})
const theirs = await measure(PEER, { ...peer, url: `http://127.0.0.1:${PORT}/` })

console.log(`Kept in files, ${USERS} users, 16 connections, ${seconds} s each`)
console.log(`${''.padEnd(36)}${'Poolhouse'.padStart(12)}${PEER.padStart(22)}`)
for (const row of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
  const told = (value) => (value === undefined ? '0' : value >= 100 ? String(Math.round(value)) : value.toFixed(1))
  console.log(`${row.padEnd(36)}${told(mine[row]).padStart(12)}${told(theirs[row]).padStart(22)}`)
}
process.exit(0)

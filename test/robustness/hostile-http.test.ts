import { connect } from 'node:net'
import { type Test, test } from 'tap'
import { emulator } from '../support/emulator.ts'

/** What comes back for these bytes until the connection is closed. */
function bytes(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.from(text, 'latin1')))
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')))
    socket.on('close', () => resolve(heard))
  })
}

async function listening(t: Test) {
  const idp = await emulator(t)
  return { ...idp, ...(await idp.app.listen({ host: '127.0.0.1', port: 0 })) }
}

const LIST = [
  'X-Amz-Target: AWSCognitoIdentityProviderService.ListUserPools',
  'Content-Type: application/x-amz-json-1.1',
  'Connection: close',
]
const INPUT = '{"MaxResults":1}'
const CHUNKED = `10\r\n${INPUT}\r\n0\r\n\r\n`

test('HTTP that nobody means well by, or few understand', async (t) => {
  const { port, app } = await listening(t)
  const post = (headers: string[], body: string, target = '/') =>
    ['POST', target, 'HTTP/1.1\r\nHost: localhost\r\n'].join(' ').concat([...LIST, ...headers, '', body].join('\r\n'))
  const get = (target: string, headers: string[] = ['Host: localhost']) =>
    [`GET ${target} HTTP/1.1`, ...headers, 'Connection: close', '', ''].join('\r\n')
  const cases: [string, string, RegExp][] = [
    ['two lengths of one body', post(['Content-Length: 4', 'Transfer-Encoding: chunked'], CHUNKED), /^HTTP\/1.1 400 /],
    ['two lengths', post(['Content-Length: 4', 'Content-Length: 16'], INPUT), /^HTTP\/1.1 400 /],
    ['a length below nothing', post(['Content-Length: -4'], INPUT), /^HTTP\/1.1 400 /],
    ['a length beyond the limit', post(['Content-Length: 9999999999'], INPUT), /^HTTP\/1.1 413 .*RequestEntityTooLargeException/s],
    ['an encoding that is none', post(['Transfer-Encoding: chunked, identity'], CHUNKED), /^HTTP\/1.1 400 /],
    ['chunks that are none', post(['Transfer-Encoding: chunked'], 'zz\r\n'), /^HTTP\/1.1 400 /],
    ['chunks', post(['Transfer-Encoding: chunked'], CHUNKED), /^HTTP\/1.1 200 .*"UserPools"/s],
    [
      'trailers behind them, which change nothing',
      post(['Transfer-Encoding: chunked', 'Trailer: x-amz-target'], CHUNKED.replace(/\r\n$/, 'x-amz-target: evil\r\n\r\n')),
      /^HTTP\/1.1 200 .*"UserPools"/s,
    ],
    ['a body that waits to be asked for', post(['Content-Length: 16', 'Expect: 100-continue'], INPUT), /^HTTP\/1.1 100 .*HTTP\/1.1 200 /s],
    ['another expectation', post(['Content-Length: 16', 'Expect: 200-ok'], INPUT), /^HTTP\/1.1 417 /],
    ['a whole URL, as to a proxy', post(['Content-Length: 16'], INPUT, 'http://localhost'), /^HTTP\/1.1 200 .*"UserPools"/s],
    ['one with a path', get('http://localhost:80/~t1/_/health', ['Host: elsewhere']), /^HTTP\/1.1 200 /],
    ['one of another host', get('http://evil.example/_/namespaces'), /^HTTP\/1.1 4\d\d .*evil\.example is not known/s],
    ['another protocol', get('/health', ['Host: localhost', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']), /^HTTP\/1.1 200 /],
    ['no host', get('/health', []), /^HTTP\/1.1 400 /],
    [
      'no namespace',
      'POST /~/oauth2/register HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      /^HTTP\/1.1 400 .*cannot be a namespace/s,
    ],
  ]
  for (const [what, request, answer] of cases) t.match(await bytes(port, request), answer, what)
  t.equal(await bytes(port, 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n'), '', 'a tunnel')
  t.same(app.emulator.namespace().journal.list({ outcome: 'failed' }), [], 'nothing of it is a fault of ours')
})

/** Mistakes of percent-encoding, bytes that are no text, and names that every object of JavaScript has. */
const ODD = ['%', '%zz', '%00', '%c0%ae', '%ed%a0%80', '%2e%2e%2f', '__proto__', 'constructor', 'toString', '%0d%0aa:b', '-1', '[]']

interface Document {
  paths: Record<string, Record<string, unknown>>
}

test('no path parameter of any route makes the emulator fail, whatever it holds', async (t) => {
  const { port, app } = await listening(t)
  const { paths } = app.server.swagger() as unknown as Document
  const failed: string[] = []
  let asked = 0
  for (const [path, verbs] of Object.entries(paths)) {
    if (!path.includes('{')) continue
    for (const odd of ODD) {
      const target = path.replace(/\{[^}]+\}/g, odd)
      const all = Object.keys(verbs).map((verb) => verb.toUpperCase())
      // One connection for all verbs of a path: the last one closes it.
      const requests = all.map((verb, index) => {
        const last = index === all.length - 1 ? 'Connection: close\r\n' : ''
        const head = `${verb} ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${last}`
        return verb === 'GET' || verb === 'DELETE' ? `${head}\r\n` : `${head}Content-Length: 2\r\n\r\n{}`
      })
      const heard = await bytes(port, requests.join(''))
      asked += all.length
      const statuses = [...heard.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
      if (statuses.length !== all.length || statuses.some((status) => status === 500) || /\n {4}at /.test(heard))
        failed.push(`${all} ${target}`)
    }
  }
  t.ok(asked > 1000, `${asked} requests`)
  t.same(failed, [])
})

test('no parameter of a page does', async (t) => {
  const idp = await emulator(t)
  const failed: string[] = []
  for (const path of ['/error', '/login', '/oauth2/authorize', '/logout', '/oauth/authorize', '/_/debugger']) {
    for (const name of ['error', 'lang', 'client_id', 'response_type', 'prompt', 'identity_provider', 'code_challenge_method']) {
      for (const odd of ODD) {
        const { status } = await idp.request('GET', `${path}?${name}=${odd}`)
        if (status >= 500) failed.push(`${path}?${name}=${odd}`)
      }
    }
  }
  t.same(failed, [])
})

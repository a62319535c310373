import { test } from 'tap'
import { createApp } from '../../src/app.ts'
import { logCalls } from '../../src/cli/log.ts'
import type { Entry } from '../../src/core/journal.ts'
import { only } from '../support/only.ts'

/** An emulator in which something breaks that nobody thought of. */
async function broken(t: { teardown(act: () => unknown): void }) {
  const app = await createApp()
  const { server, emulator } = app
  server.get('/stands-alone', () => {
    throw new Error('cannot read hunter2secret of t0ken-value-1 in /some/where')
  })
  server.post('/stands-alone/:secret', () => {
    throw new Error('path-secret-1, body-secret-2, bearer-secret-3, Bearer bearer-secret-3, cookie-secret-4, short')
  })
  server.get('/throws-a-text', () => {
    throw 'hunter2secret'
  })
  await server.ready()
  t.teardown(() => app.close())
  const lines: [level: string, line: string][] = []
  const write = (level: string) => (facts: unknown, line: string) => lines.push([level, `${JSON.stringify(facts)} ${line}`])
  const log = { info: write('info'), warn: write('warn'), error: write('error'), isLevelEnabled: () => true }
  logCalls(log as never, app, { onUnhandled: 'warn' })
  const failed = (): Omit<Entry, 'mask'>[] => emulator.namespace().journal.list({ outcome: 'failed' })
  return { app, server, emulator, lines, failed }
}

test('a fault of ours in a route that stands alone', async (t) => {
  const { server, lines, failed } = await broken(t)
  const answer = await server.inject({
    url: '/stands-alone?password=hunter2secret',
    headers: { authorization: 'Bearer x', cookie: 't0ken-value-1' },
  })
  t.equal(answer.statusCode, 500)
  const [entry] = failed()
  t.same(answer.json(), { error: `The emulator failed; its log and its journal say why under ${entry?.requestId}.` })
  t.match(entry, {
    room: 'poolhouse',
    operation: 'GET /stands-alone',
    error: { name: 'Error', message: 'cannot read *** of *** in /some/where', stack: /cannot read \*\*\*[\s\S]*failed\.test\.ts/ },
  })
  t.match(lines, only(only('error', /poolhouse GET \/stands-alone 500 .*failed: Error: cannot read \*\*\*[\s\S]* at /)))
  t.match(lines[0]?.[1], String(entry?.requestId))
  t.notMatch(JSON.stringify([lines, failed()]), /hunter2secret|t0ken-value-1/)

  const { statusCode } = await server.inject({
    method: 'POST',
    url: '/stands-alone/path-secret-1',
    headers: { authorization: 'Bearer bearer-secret-3', cookie: 'first=short; second=cookie-secret-4' },
    payload: { list: ['short', { deep: 'body-secret-2' }] },
  })
  t.equal(statusCode, 500)
  t.match(failed()[1]?.error, { message: '***, ***, ***, ***, ***, short', stack: /\*\*\*, short/ })
  t.notMatch(JSON.stringify([lines, failed()]), /(body|bearer|cookie)-secret/)

  t.match((await server.inject('/throws-a-text')).json(), { error: /^The emulator failed/ })
  t.match(failed()[2], { operation: 'GET /throws-a-text', error: { message: 'something was thrown that is no error' } })
})

test('a fault of ours where a namespace is found', async (t) => {
  const { server, emulator, failed } = await broken(t)
  emulator.find = () => {
    throw new Error('no store')
  }
  const cases: [method: 'GET' | 'POST', url: string, room: string, answer: object | RegExp][] = [
    ['GET', '/_/clock', 'poolhouse', { error: /^The emulator failed; .* under [\w-]+\.$/ }],
    ['GET', '/us-east-1_Demo00001/.well-known/jwks.json', 'poolhouse', { error: /^The emulator failed/ }],
    ['POST', '/oauth2/token', 'cognito', { error: 'server_error' }],
    ['GET', '/oauth2/userInfo', 'cognito', { error: 'server_error' }],
    ['POST', '/cognito/ListUserPools', 'poolhouse', { __type: 'InternalErrorException' }],
    ['GET', '/organization-manager/v1/organizations', 'poolhouse', { code: 13 }],
    ['GET', '/harmony/users/x', 'poolhouse', {}],
  ]
  for (const [method, url, room, answer] of cases) {
    await t.test(`${method} ${url}`, async (t) => {
      const before = failed().length
      const { statusCode, body } = await server.inject({ method, url })
      t.equal(statusCode, 500)
      t.match(JSON.parse(body), answer)
      t.notMatch(body, /no store/)
      t.match(failed().slice(before), only({ room, operation: `${method} ${url}`, error: { message: 'no store', stack: /failed\.test/ } }))
    })
  }

  await t.test('the page says so', async (t) => {
    const { statusCode, headers } = await server.inject('/oauth2/authorize?client_id=a')
    t.equal(statusCode, 302)
    t.match(
      Buffer.from(/poolhouse-reason=([\w-]+)/.exec(String(headers['set-cookie']))?.[1] ?? '', 'base64url').toString(),
      /^The emulator failed; /,
    )
    t.match(failed().at(-1), { operation: 'GET /oauth2/authorize', error: { message: 'no store' } })
  })
})

test('a fault of ours within a call is told once', async (t) => {
  const { server, emulator, failed } = await broken(t)
  emulator.namespace().limits.exceeded = () => {
    throw new Error('limits broke')
  }
  for (const [url, room, operation] of [
    ['/oauth2/token', 'cognito', 'Token'],
    ['/cognito/ListUserPools', 'cognito', 'ListUserPools'],
  ] as const) {
    const before = failed().length
    t.equal(
      (await server.inject({ method: 'POST', url, headers: { 'content-type': 'application/x-amz-json-1.1' }, payload: '{}' })).statusCode,
      500,
    )
    t.match(failed().slice(before), only({ room, operation, error: { message: 'limits broke' } }))
    t.equal(failed().length, before + 1)
  }
})

test('a mistake of the caller is none of ours', async (t) => {
  const { server, failed } = await broken(t)
  const answer = await server.inject({ method: 'POST', url: '/_/import', payload: '{' })
  t.match([answer.statusCode, answer.json().error], [400, /^the body is not JSON/])
  const wrong = await server.inject({ method: 'PUT', url: '/_/clock', payload: '{"nwo": 1}' })
  t.equal(wrong.statusCode, 400)
  t.same(failed(), [])
})

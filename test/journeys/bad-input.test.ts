import { connect } from 'node:net'
import { test } from 'tap'
import { start } from '../../src/index.ts'

const TARGET = 'AWSCognitoIdentityProviderService.'
const BIG = `{"pad":"${'x'.repeat(10 * 1024 * 1024)}"}`
const POISON = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"UserPoolId":"us-east-1_unknown00"}'

test('bad input is answered in the vendor’s manner, and the process lives', async (t) => {
  const poolhouse = await start()
  t.teardown(() => poolhouse.close())
  const { url, port } = poolhouse

  const send = async (
    path: string,
    { method = 'POST', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string | Buffer },
  ) => {
    const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body: body as string }) })
    const text = await response.text()
    const json = /json/.test(response.headers.get('content-type') ?? '') && text !== '' ? JSON.parse(text) : text
    return { status: response.status, body: json }
  }
  const alive = async () => t.equal((await fetch(`${url}/_/health`)).status, 200, 'alive')

  const aws = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${TARGET}DescribeUserPool` }
  const cognito: [string, Parameters<typeof send>[1], { status: number; type: string }][] = [
    ['malformed JSON', { headers: aws, body: '{"UserPoolId":' }, { status: 400, type: 'SerializationException' }],
    ['no body', { headers: aws }, { status: 400, type: 'SerializationException' }],
    ['a list', { headers: aws, body: '[]' }, { status: 400, type: 'SerializationException' }],
    ['a bare text', { headers: aws, body: '"x"' }, { status: 400, type: 'SerializationException' }],
    [
      'invalid UTF-8',
      { headers: aws, body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]) },
      { status: 400, type: 'SerializationException' },
    ],
    ['a body of 10 MB', { headers: aws, body: BIG }, { status: 413, type: 'RequestEntityTooLargeException' }],
    ['prototype keys', { headers: aws, body: POISON }, { status: 400, type: 'ResourceNotFoundException' }],
    [
      'a wrong content type',
      { headers: { ...aws, 'content-type': 'text/plain' }, body: '{}' },
      { status: 400, type: 'UnknownOperationException' },
    ],
    [
      'an unknown target',
      { headers: { ...aws, 'x-amz-target': `${TARGET}Nope` }, body: '{}' },
      { status: 400, type: 'UnknownOperationException' },
    ],
    [
      'another service’s target',
      { headers: { ...aws, 'x-amz-target': 'DynamoDB_20120810.GetItem' }, body: '{}' },
      { status: 400, type: 'UnknownOperationException' },
    ],
    ['no target', { headers: { 'content-type': aws['content-type'] }, body: '{}' }, { status: 400, type: 'UnknownOperationException' }],
    [
      'deep nesting',
      { headers: aws, body: `{"UserPoolId":${'['.repeat(50_000)}${']'.repeat(50_000)}}` },
      { status: 400, type: 'SerializationException' },
    ],
  ]
  for (const [what, request, { status, type }] of cognito) {
    await t.test(`cognito: ${what}`, async (t) => {
      const answer = await send('/', request)
      t.match(answer, { status, body: { __type: type } })
      await alive()
    })
  }

  const json = { 'content-type': 'application/json' }
  const users = '/organization-manager/v1/idp/users'
  const yandex: [string, string, Parameters<typeof send>[1], { status: number; code: number }][] = [
    ['malformed JSON', users, { headers: json, body: '{' }, { status: 400, code: 3 }],
    ['a list', users, { headers: json, body: '[]' }, { status: 400, code: 3 }],
    ['invalid UTF-8', users, { headers: json, body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) }, { status: 400, code: 3 }],
    ['a body of 10 MB', users, { headers: json, body: BIG }, { status: 429, code: 8 }],
    ['prototype keys', users, { headers: json, body: POISON }, { status: 400, code: 3 }],
    ['an unknown field', users, { headers: json, body: '{"nope":1}' }, { status: 400, code: 3 }],
    ['an unknown path', '/organization-manager/v1/nope', { headers: json, body: '{}' }, { status: 404, code: 5 }],
    ['a path with a broken escape', '/organization-manager/v1/idp/users/%ff', { method: 'GET' }, { status: 404, code: 5 }],
  ]
  for (const [what, path, request, { status, code }] of yandex) {
    await t.test(`yandex: ${what}`, async (t) => {
      const answer = await send(path, request)
      t.match(answer, { status, body: { code, message: String } })
      await alive()
    })
  }

  const harmony: [string, string, Parameters<typeof send>[1], number][] = [
    ['malformed JSON', '/harmony/users', { headers: json, body: '{' }, 400],
    ['a list', '/harmony/users', { headers: json, body: '[]' }, 400],
    ['invalid UTF-8', '/harmony/users', { headers: json, body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) }, 400],
    ['a body of 10 MB', '/harmony/users', { headers: json, body: BIG }, 400],
    ['a wrong content type', '/harmony/users', { headers: { 'content-type': 'text/plain' }, body: 'x' }, 400],
    ['prototype keys', '/harmony/users', { headers: json, body: POISON }, 400],
    ['an unknown path', '/harmony/nope', { method: 'GET' }, 404],
  ]
  for (const [what, path, request, status] of harmony) {
    await t.test(`harmony: ${what}`, async (t) => {
      const answer = await send(path, request)
      t.equal(answer.status, status)
      t.same(Object.keys(answer.body), ['error'], 'one key, error')
      await alive()
    })
  }

  await t.test('bytes that are no HTTP at all', async (t) => {
    for (const bytes of [Buffer.from('\x16\x03\x01\x02\x00'), Buffer.from('GARBAGE\r\n\r\n'), Buffer.from('PRI * HTTP/2.0\r\n\r\nxx')]) {
      await new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.end(bytes))
        socket.on('error', () => undefined)
        socket.on('data', () => undefined)
        socket.on('close', () => resolve())
      })
      await alive()
    }
    t.equal(({} as Record<string, unknown>).polluted, undefined, 'no prototype was touched')
  })
})

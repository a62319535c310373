import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'tap'
import type { Message } from '../../src/core/outbox.ts'
import { emulator, START } from '../support/emulator.ts'
import { only } from '../support/only.ts'

const AT = new Date(START).toISOString()

function mail(to: string, more: Partial<Message> = {}): Message {
  return {
    channel: 'email',
    to,
    body: 'Your code is 123456',
    code: '123456',
    template: 'SignUp',
    room: 'cognito',
    user: 'u-1',
    username: 'ann',
    ...more,
  }
}

test('state', async (t) => {
  const idp = await emulator(t)

  await t.test('health', async (t) => {
    const { status, body, headers } = await idp.request('GET', '/_/health')
    t.equal(status, 200)
    t.match(body, { status: 'ok', version: /^\d/ })
    t.match(headers['x-poolhouse-emulator'], /^\d/)
  })

  await t.test('ready', async (t) => t.same((await idp.request('GET', '/_/ready')).body, { ready: true }))

  await t.test('info and coverage name every room', async (t) => {
    const info = (await idp.request('GET', '/_/info')).body as { vendors: { name: string; known: number }[]; node: string }
    t.equal(info.node, process.versions.node)
    const cognito = info.vendors.find(({ name }) => name === 'cognito')
    const coverage = (await idp.request('GET', '/_/coverage')).body as { room: string; known: number; operations: unknown[] }[]
    t.equal(coverage.find(({ room }) => room === 'cognito')?.operations.length, cognito?.known)
  })

  await t.test('env sends clients to a namespace', async (t) => {
    const { body } = await idp.request('GET', '/~t1/_/env?for=aws-sdk')
    t.match(body, { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: 'http://localhost:80/~t1', AWS_ACCESS_KEY_ID: 'NS0000000000000000t1' })
    t.match(await idp.request('GET', '/_/env?for=gcp'), { status: 400 })
  })

  await t.test('what is not there', async (t) => {
    const { status, body } = await idp.request('GET', '/_/nope?x=1')
    t.equal(status, 404)
    t.same(body, { error: 'there is no GET /_/nope; see /_/docs' })
  })

  await t.test('a name that cannot be a namespace', async (t) => {
    const { status, body } = await idp.request('GET', '/~No!/_/outbox')
    t.equal(status, 400)
    t.match(body, { error: /"No!" cannot be a namespace/ })
  })
})

test('reset', async (t) => {
  const idp = await emulator(t)
  idp.outbox.add(START, mail('a@example.com'))
  await idp.request('POST', '/cognito/DescribeUserPool', '{}', { 'content-type': 'application/x-amz-json-1.1' })
  idp.clock.advance(5000)

  await t.test('refuses a page of another site', async (t) => {
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1.evil.example']) {
      const { status, body } = await idp.request('POST', '/_/reset', undefined, { origin, host: new URL('http://x.evil.example').host })
      t.equal(status, 403, origin)
      t.same(body, { error: `pages of ${origin} may not change anything here` })
    }
    t.equal(idp.outbox.count(), 1)
  })

  for (const headers of [{}, { origin: 'http://localhost:3000' }, { origin: 'http://192.168.1.5:7665', host: '192.168.1.5:7665' }]) {
    await t.test(`goes back to the baseline ${JSON.stringify(headers)}`, async (t) => {
      idp.outbox.add(START, mail('b@example.com'))
      const { status, body } = await idp.request('POST', '/_/reset', undefined, { 'content-type': 'application/json', ...headers })
      t.equal(status, 204)
      t.equal(body, '')
      t.same((await idp.request('GET', '/_/outbox')).body, [])
      t.same((await idp.request('GET', '/_/journal')).body, [])
      t.equal(idp.app.emulator.namespace().clock.now(), START)
    })
  }

  await t.test('goes back to nothing, or to a snapshot, with what was said too', async (t) => {
    await idp.request('PUT', '/_/snapshots/kept')
    for (const to of ['empty', 'kept']) {
      await idp.request('POST', '/cognito/DescribeUserPool', '{}', { 'content-type': 'application/x-amz-json-1.1' })
      t.equal((await idp.request('POST', `/_/reset?to=${to}`)).status, 204)
      t.same((await idp.request('GET', '/_/journal')).body, [], to)
    }
  })

  await t.test('takes back codes, limits and keys', async (t) => {
    const codes = { 'ann@example.com': '111111' }
    t.match(await idp.request('PUT', '/_/codes', codes), { status: 200, body: codes })
    const wrong = await idp.request('PUT', '/_/codes', { 'ann@example.com': '1111a1' })
    t.strictSame([wrong.status, wrong.body], [400, { error: 'the code of ann@example.com must be of digits, not "1111a1"' }])
    await idp.request('PUT', '/_/limits', { '*': '5/s' })
    const rotate = async (query = '') => (await idp.request('POST', `/_/keys/rotate${query}`)).body
    t.same(
      [await rotate(), await rotate(), await rotate('?forget=true')],
      [
        { turn: 1, kept: 1 },
        { turn: 2, kept: 2 },
        { turn: 3, kept: 0 },
      ],
    )
    await idp.request('POST', '/_/reset')
    for (const path of ['codes', 'limits']) t.same((await idp.request('GET', `/_/${path}`)).body, {}, path)
    t.same(await rotate(), { turn: 1, kept: 1 })
  })

  await t.test('of one namespace leaves the others', async (t) => {
    idp.app.emulator.namespace('t1').outbox.add(START, mail('c@example.com'))
    idp.outbox.add(START, mail('d@example.com'))
    t.equal((await idp.request('POST', '/~t1/_/reset')).status, 204)
    t.same((await idp.request('GET', '/~t1/_/outbox')).body, [])
    t.equal(idp.outbox.count(), 1)
  })
})

test('outbox', async (t) => {
  const idp = await emulator(t)
  idp.outbox.add(START, mail('a@example.com'))
  idp.outbox.add(START + 1000, mail('+79990000000', { channel: 'sms', user: 'u-2', username: 'bob', code: '654321' }))
  idp.outbox.add(START + 2000, mail('a@example.com', { template: 'ForgotPassword' }))
  const list = async (query: string) => ((await idp.request('GET', `/_/outbox${query}`)).body as { id: number }[]).map(({ id }) => id)

  await t.test('is listed oldest first', async (t) => {
    const { body } = await idp.request('GET', '/_/outbox')
    t.same((body as object[])[0], { id: 1, at: AT, ...mail('a@example.com') })
    t.same(await list(''), [1, 2, 3])
  })

  const filters: [query: string, ids: number[]][] = [
    ['?to=a@example.com', [1, 3]],
    ['?to=%2B79990000000', [2]],
    ['?user=u-2', [2]],
    ['?user=ann', [1, 3]],
    ['?channel=sms', [2]],
    ['?since=1', [2, 3]],
    [`?since=${new Date(START + 2000).toISOString()}`, [3]],
    ['?to=a@example.com&since=1', [3]],
    ['?to=nobody', []],
  ]
  for (const [query, ids] of filters) await t.test(`is filtered by ${query}`, async (t) => t.same(await list(query), ids))

  const refused: [query: string, error: RegExp][] = [
    ['?channel=fax', /channel must be equal to one of the allowed values: email, sms, push/],
    ['?too=a', /additional properties \(too\)/],
    ['?since=yesterday', /since must be the id of a message or an RFC 3339 time/],
    ['/latest?wait=soon', /wait must be a time like 10s/],
    ['/latest?wait=-1s', /wait must be a time like 10s/],
    ['/latest?wait=601s', /at most 10m/],
  ]
  for (const [query, error] of refused) {
    await t.test(`refuses ${query}`, async (t) => {
      const { status, body } = await idp.request('GET', `/_/outbox${query}`)
      t.equal(status, 400)
      t.match(body, { error })
    })
  }

  await t.test('latest is the newest', async (t) => {
    t.match((await idp.request('GET', '/_/outbox/latest?to=a@example.com')).body, { id: 3, template: 'ForgotPassword' })
    t.match(await idp.request('GET', '/_/outbox/latest?to=x'), { status: 404, body: { error: 'there is no message like that' } })
    t.match(await idp.request('GET', '/_/outbox/latest?to=x&wait=20ms'), { status: 404 })
  })

  await t.test('latest waits for what is to come', async (t) => {
    const waiting = idp.request('GET', '/_/outbox/latest?to=late@example.com&wait=10s')
    await sleep(20)
    idp.outbox.add(START, mail('other@example.com'))
    idp.outbox.add(START, mail('late@example.com'))
    t.match(await waiting, { status: 200, body: { to: 'late@example.com' } })
  })

  await t.test('is emptied', async (t) => {
    t.equal((await idp.request('DELETE', '/_/outbox')).status, 204)
    t.same(await list(''), [])
  })
})

test('journal', async (t) => {
  const idp = await emulator(t)
  const call = (operation: string, input: unknown) =>
    idp.request('POST', `/cognito/${operation}`, JSON.stringify(input), { 'content-type': 'application/x-amz-json-1.1' })
  await call('DescribeUserPool', { UserPoolId: 'us-east-1_abcdefghi' })
  await call('SignUp', { ClientId: 'c', Username: 'ann', Password: 'Secret-123!' })

  await t.test('shows calls with secrets masked', async (t) => {
    const { body } = await idp.request('GET', '/_/journal')
    t.match(
      body,
      only(
        {
          id: 1,
          at: AT,
          room: 'cognito',
          operation: 'DescribeUserPool',
          transport: 'http',
          outcome: 'refused',
          error: { name: 'ResourceNotFoundException' },
          input: { UserPoolId: 'us-east-1_abcdefghi' },
        },
        { id: 2, operation: 'SignUp', input: { Password: '***' } },
      ),
    )
    t.notMatch(JSON.stringify(body), /Secret-123/)
  })

  await t.test('is searched', async (t) => {
    t.match((await idp.request('GET', '/_/journal?op=SignUp')).body, only({ id: 2 }))
    t.match((await idp.request('GET', '/_/journal?since=1&limit=5&outcome=refused&room=cognito')).body, only({ id: 2 }))
    t.same((await idp.request('GET', '/_/journal?room=yandex')).body, [])
    t.match((await idp.request('GET', '/_/journal?status=400&limit=1')).body, only({ id: 2, status: 400 }))
    t.same((await idp.request('GET', '/_/journal?status=500')).body, [])
    t.match(await idp.request('GET', '/_/journal?limit=some'), { status: 400, body: { error: 'limit must be a whole number' } })
  })

  await t.test('masks what endpoints and pages are sent', async (t) => {
    const names = ['client_secret', 'code', 'refresh_token', 'token', 'code_verifier', 'password', '_csrf', 'session', 'SAMLResponse']
    const secrets = Object.fromEntries(names.map((name) => [name, 'Secret-123!']))
    const form = new URLSearchParams({ ...secrets, grant_type: 'x', code_challenge: 'shown' })
    await idp.request('POST', '/oauth2/token', String(form), { 'content-type': 'application/x-www-form-urlencoded' })
    const [entry] = idp.app.emulator.namespace().journal.list({ operation: 'Token' })
    t.strictSame(entry?.input, {
      ...Object.fromEntries(names.map((name) => [name, '***'])),
      grant_type: 'x',
      code_challenge: 'shown',
    })
  })

  await t.test('is emptied', async (t) => {
    t.equal((await idp.request('DELETE', '/_/journal')).status, 204)
    t.same((await idp.request('GET', '/_/journal')).body, [])
  })
})

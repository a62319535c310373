import { test } from 'tap'
import { emulator } from '../support/emulator.ts'

const FORM = 'application/x-www-form-urlencoded'
const POOL = 'us-east-1_abcdefghi'
const user = { userPoolId: POOL, email: 'ann@example.com', firstName: 'Ann', lastName: 'Lee', appMetadata: {} }
const post = (value: object) => JSON.stringify({ provider: 'cognito-user', user: { ...user, ...value } })

test('what Harmony refuses before it acts', async (t) => {
  const idp = await emulator(t)

  const refusals: [what: string, body: string, error: string, type?: string][] = [
    ['no body', '', 'user is required'],
    ['malformed JSON', '{', 'the body is not JSON'],
    ['a body that is no object', '[]', 'the body must be an object'],
    ['another content type', '<a/>', 'Content-Type must be application/json or application/x-www-form-urlencoded', 'text/xml'],
    ['an unknown provider', '{"provider":"okta","user":{}}', 'provider must be one of auth0-user, cognito-user'],
    ['a provider that is no text', '{"provider":5,"user":{}}', 'provider must be one of auth0-user, cognito-user'],
    ['a body without user', '{"provider":"cognito-user"}', 'user is required'],
    ['a user that is no object', '{"provider":"cognito-user","user":"ann"}', 'user must be an object'],
    ['a missing e-mail', post({ email: undefined }), 'user.email is required'],
    ['an empty first name', post({ firstName: '' }), 'user.firstName is required'],
    ['a last name that is no text', post({ lastName: 5 }), 'user.lastName must be a string'],
    ['missing appMetadata', post({ appMetadata: undefined }), 'user.appMetadata is required'],
    ['blocked as a text', post({ blocked: 'true' }), 'user.blocked must be a boolean'],
    [
      'a flag of appMetadata as a text',
      post({ appMetadata: { titanAuthorized: 'yes' } }),
      'user.appMetadata.titanAuthorized must be a boolean',
    ],
    ['admin as a boolean', post({ appMetadata: { admin: true } }), 'user.appMetadata.admin must be a string'],
    ['a site that is no text', post({ userMetadata: { siteId: 1 } }), 'user.userMetadata.siteId must be a string'],
    ['a malformed pool id', post({ userPoolId: 'nope' }), 'user.userPoolId is not a user pool id'],
    ['a pool that does not exist', post({}), `user pool ${POOL} does not exist`],
    [
      'a form nested too deeply',
      `user${'[a]'.repeat(20)}=1`,
      'the form is too large: Input depth exceeded depth option of 16 and strictDepth is true',
      FORM,
    ],
    [
      'a form of too many members',
      Array.from({ length: 1001 }, (_, n) => `k${n}=1`).join('&'),
      'the form is too large: Parameter limit exceeded. Only 1000 parameters allowed.',
      FORM,
    ],
    ['JSON nested too deeply', `{"user":${'['.repeat(300)}${']'.repeat(300)}}`, 'the body is nested too deeply'],
    ['a form with a wrong value', 'provider=cognito-user&user[email]=a&user[blocked]=maybe', 'user.userPoolId is required', FORM],
  ]
  for (const [what, body, error, type = 'application/json'] of refusals) {
    await t.test(`refuses ${what}`, async (t) => {
      for (const path of ['/harmony/users', '/users']) {
        const answer = await idp.request('POST', path, body, { 'content-type': type })
        t.equal(answer.status, 400)
        t.strictSame(answer.body, { error })
        t.equal(answer.headers['content-type'], 'application/json')
      }
    })
  }

  await t.test('refuses a body that is not UTF-8', async (t) => {
    const answer = await idp.app.server.inject({
      method: 'POST',
      url: '/users',
      headers: { 'content-type': 'application/json' },
      payload: Buffer.from([0x7b, 0xff, 0x7d]),
    })
    t.equal(answer.statusCode, 400)
    t.strictSame(answer.json(), { error: 'the body is not UTF-8' })
  })

  await t.test('refuses a body that is too large', async (t) => {
    const answer = await idp.request('POST', '/users', post({ name: 'x'.repeat(2_000_000) }), { 'content-type': 'application/json' })
    t.equal(answer.status, 400)
    t.same(Object.keys(answer.body as object), ['error'])
  })

  await t.test('has an error of one key for a path it does not know', async (t) => {
    const answer = await idp.request('GET', '/harmony/nothing')
    t.equal(answer.status, 404)
    t.strictSame(answer.body, { error: 'GET /harmony/nothing not found' })
  })

  await t.test('answers 404 for an unknown pool where that is documented', async (t) => {
    for (const [method, path] of [
      ['GET', `/users?provider=cognito-user&userPoolId=${POOL}`],
      ['GET', `/users/ann?provider=cognito-user&userPoolId=${POOL}`],
      ['DELETE', `/users/ann?provider=cognito-user&userPoolId=${POOL}`],
    ] as const) {
      const answer = await idp.request(method, path)
      t.equal(answer.status, 404, path)
      t.strictSame(answer.body, { error: `user pool ${POOL} does not exist` })
    }
  })

  await t.test('a list takes limits from 1 to 60', async (t) => {
    for (const limit of ['0', '61', 'x', '1.5']) {
      const answer = await idp.request('GET', `/users?provider=cognito-user&userPoolId=${POOL}&limit=${limit}`)
      t.equal(answer.status, 400, limit)
    }
  })
})

test('contract mode strict', async (t) => {
  const idp = await emulator(t, { settings: { rooms: { harmony: { contract: 'strict' } } } })
  await t.test('refuses the bare interface as a body', async (t) => {
    const answer = await idp.request('POST', '/users', user)
    t.equal(answer.status, 400)
    t.strictSame(answer.body, { error: 'user is required: the body itself was taken for it' })
  })
  await t.test('refuses what is documented nowhere', async (t) => {
    const answer = await idp.request('GET', `/users?provider=cognito-user&userPoolId=${POOL}&colour=red`)
    t.equal(answer.status, 400)
    t.strictSame(answer.body, { error: 'colour is not documented' })
  })
})

test('what is not documented is told in a header', async (t) => {
  const idp = await emulator(t)
  const quiet = await emulator(t, { settings: { rooms: { harmony: { contract: 'off' } } } })
  const query = (key: string) => `/harmony/connections?provider=cognito-connection&${encodeURIComponent(key)}=1`
  const header = 'x-poolhouse-violations'

  t.equal((await idp.request('GET', `${query('a')}&b=2`)).headers[header], 'a is not documented; b is not documented')
  t.equal(
    (await idp.request('GET', query('ключ\r\nset-cookie: a'))).headers[header],
    '????  set-cookie: a is not documented'.replace('  ', '??'),
  )
  const many = Array.from({ length: 300 }, (_, n) => `key${n}=1`).join('&')
  t.ok(String((await idp.request('GET', `${query('a')}&${many}`)).headers[header]).length < 3000)
  t.notOk(header in (await quiet.request('GET', query('a'))).headers)
})

test('auth mode static', async (t) => {
  const idp = await emulator(t, { settings: { rooms: { harmony: { auth: 'static', tokens: ['good'] } } } })
  const get = (headers?: Record<string, string>) =>
    idp.request('GET', `/users?provider=cognito-user&userPoolId=${POOL}`, undefined, headers)
  for (const headers of [{}, { authorization: 'Bearer bad' }, { authorization: 'Basic good' }] as Record<string, string>[]) {
    await t.test(`refuses ${headers.authorization ?? 'a caller without a token'}`, async (t) => {
      const answer = await get(headers)
      t.equal(answer.status, 401)
      t.strictSame(answer.body, { error: 'Unauthorized' })
    })
  }
  await t.test('lets a caller in who has one of the tokens', async (t) => {
    t.equal((await get({ authorization: 'Bearer good' })).status, 404)
  })
})

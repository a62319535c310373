import { test } from 'tap'
import { emulator } from '../support/emulator.ts'
import { IDP, ORGANIZATION, PASSWORD, rest } from '../support/yandex.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const REQUEST_INFO = 'type.googleapis.com/google.rpc.RequestInfo'
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest'

test('the wire', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const pool = await api.pool()
  const user = await api.user({ userpoolId: pool.id })

  await t.test('answers an error as google.rpc.Status', async (t) => {
    const { status, headers, body } = await api.call('GET', `${IDP}/users/nope`)
    t.equal(status, 404)
    t.equal(headers['content-type'], 'application/json')
    t.match(headers['x-request-id'], UUID)
    t.match(headers['x-server-trace-id'], UUID)
    t.strictSame(body, {
      code: 5,
      message: 'User nope not found',
      details: [{ '@type': REQUEST_INFO, requestId: headers['x-server-request-id'] }],
    })
  })

  await t.test("answers a client's own request id", async (t) => {
    const { headers } = await api.call('GET', '/endpoints', undefined, { 'x-request-id': 'mine-1' })
    t.equal(headers['x-request-id'], 'mine-1')
    t.match(headers['x-server-request-id'], UUID)
  })

  const create = (body: object) => ({ userpoolId: pool.id, username: `a@${pool.domains[0]}`, fullName: 'A', ...body })
  const secret = { passwordSpec: { password: PASSWORD } }
  const violations: [what: string, body: unknown, field: string, description: string][] = [
    ['a missing member', { ...create(secret), fullName: undefined }, 'full_name', 'Field is required'],
    ['an empty required member', create({ ...secret, fullName: '' }), 'full_name', 'Field is required'],
    ['a null required member', create({ ...secret, fullName: null }), 'full_name', 'Field is required'],
    ['a text that is too long', create({ ...secret, department: 'x'.repeat(257) }), 'department', 'String length is out of range <=256'],
    [
      'a text that does not match',
      create({ ...secret, username: 'no domain' }),
      'username',
      'Field does not match the pattern /[a-z0-9A-Z\\._-]{1,64}@.{1,256}/',
    ],
    ['neither of two credentials', create({}), 'credentials', 'One of the options must be selected'],
    [
      'both credentials',
      create({ ...secret, passwordHash: { passwordHash: '8846f7eaee8fb117ad06bdd830b7586c', passwordHashType: 'AD_MD4' } }),
      'password_hash',
      'Only one of the fields password_spec, password_hash may be set',
    ],
    ['a member deep inside', create({ passwordSpec: {} }), 'password_spec.password', 'Field is required'],
    [
      'a time out of range',
      create({ ...secret, expiresAt: '2106-01-01T00:00:00Z' }),
      'expires_at',
      'Value is out of range 19700101T000000.000000000-21051231T235959.999999999',
    ],
    ['a time that is none', create({ ...secret, expiresAt: '2026-02-31T00:00:00Z' }), 'expires_at', 'Expected an RFC 3339 timestamp'],
    ['an unknown member', create({ ...secret, nickName: 'x' }), 'nickName', 'Unknown field'],
    ['a member of Object.prototype', create({ ...secret, constructor: 'x' }), 'constructor', 'Unknown field'],
    ['a wrong type', create({ ...secret, fullName: 5 }), 'full_name', 'Expected a string'],
    ['a text for a boolean', create({ ...secret, isActive: 'true' }), 'is_active', 'Expected a boolean'],
    [
      'an unknown value of an enum',
      create({ passwordHash: { passwordHash: 'x', passwordHashType: 'ROT13' } }),
      'password_hash.password_hash_type',
      'Unknown value "ROT13"',
    ],
    ['a member given twice', create({ ...secret, full_name: 'B' }), 'full_name', 'The field is given twice'],
  ]
  for (const [what, body, field, description] of violations) {
    await t.test(`refuses ${what}`, async (t) => {
      const answer = await api.call('POST', `${IDP}/users`, body)
      t.equal(answer.status, 400)
      t.strictSame(answer.body, {
        code: 3,
        message: `Validation failed:\n  - ${field}: ${description}`,
        details: [
          { '@type': REQUEST_INFO, requestId: answer.headers['x-server-request-id'] },
          { '@type': BAD_REQUEST, fieldViolations: [{ field, description }] },
        ],
      })
    })
  }

  await t.test('names every violation, in the order of the contract', async (t) => {
    const { body } = await api.call('POST', `${IDP}/users`, { department: 'x'.repeat(257) })
    t.same(
      body.details[1].fieldViolations.map(({ field }: { field: string }) => field),
      ['userpool_id', 'username', 'full_name', 'department', 'credentials'],
    )
  })

  await t.test('takes either name of a member, numbers for int64, enums by number, null for absent', async (t) => {
    const { status, body } = await api.call('POST', `${IDP}/userpools`, {
      organization_id: ORGANIZATION,
      name: 'snake',
      default_subdomain: 'snake',
      description: null,
      password_quality_policy: { max_length: 64, fixed: { min_length: '8', lowers_required: true } },
    })
    t.equal(status, 200)
    t.same(body.response.passwordQualityPolicy, { maxLength: '64', fixed: { minLength: '8', lowersRequired: true } })

    const hashed = await api.call(
      'POST',
      `${IDP}/users`,
      create({ passwordHash: { passwordHash: '8846f7eaee8fb117ad06bdd830b7586c', passwordHashType: 1 } }),
    )
    t.equal(hashed.status, 200)
  })

  await t.test('lets a parameter of the path win over a member of the body', async (t) => {
    const { status, body } = await api.call('POST', `${IDP}/users/${user.id}:suspend`, { userId: 'other', user_id: 'another' })
    t.not(status, 404, body.message)
  })

  const requests: [what: string, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body: unknown, status: number, code: number][] =
    [
      ['malformed JSON', 'POST', `${IDP}/users`, '{', 400, 3],
      ['JSON that is no object', 'POST', `${IDP}/users`, '[]', 400, 3],
      ['a body where none belongs', 'DELETE', `${IDP}/users/x`, { a: 1 }, 400, 3],
      ['an unknown parameter in the query', 'GET', `${IDP}/users?userpoolId=x&foo=1`, undefined, 400, 3],
      ['a query beside a body', 'POST', `${IDP}/users?userpoolId=x`, {}, 400, 3],
      ['a page size that is no number', 'GET', `${IDP}/users?userpoolId=x&pageSize=ten`, undefined, 400, 3],
      ['a page size out of range', 'GET', `${IDP}/users?userpoolId=x&pageSize=1001`, undefined, 400, 3],
      ['an unknown path', 'GET', '/organization-manager/v1/nope', undefined, 404, 5],
      ['an unknown verb', 'POST', `${IDP}/users/${user.id}:nope`, {}, 404, 5],
      ['a path with the wrong method', 'DELETE', '/operations/x', undefined, 404, 5],
      ['a body of 2 MB', 'POST', `${IDP}/users`, { fullName: 'x'.repeat(2 ** 21) }, 429, 8],
    ]
  for (const [what, method, path, body, status, code] of requests) {
    await t.test(`refuses ${what}`, async (t) => {
      const answer = await api.call(method, path, body)
      t.equal(answer.status, status)
      t.equal(answer.body.code, code)
      t.type(answer.body.message, 'string')
    })
  }

  await t.test('keeps a custom verb out of the id before it', async (t) => {
    const { body } = await api.call('GET', `${IDP}/userpools/nope:listAccessBindings`)
    t.not(body.message, 'Userpool nope:listAccessBindings not found')
  })

  await t.test('says which method nobody has built', async (t) => {
    const { missing } = await import('../../src/yandex/index.ts')
    t.throws(() => missing('MfaEnforcementService.List').handle({}, {} as never), {
      name: 'UNIMPLEMENTED',
      message: 'Poolhouse does not implement MfaEnforcementService.List yet',
    })
  })
})

test('prints members that hold their default when asked to', async (t) => {
  const idp = await emulator(t, { settings: { rooms: { yandex: { printDefaults: true } } } })
  const pool = await rest(idp).pool()
  t.match(pool, { description: '', userSettings: { allowEditSelfPassword: false }, passwordQualityPolicy: { maxLength: '0' } })
  t.same(pool.labels, {})
})

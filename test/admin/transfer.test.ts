// biome-ignore-all lint/suspicious/noTemplateCurlyInString: fixtures write their references so
import { test } from 'tap'
import { emulator } from '../support/emulator.ts'
import { only } from '../support/only.ts'

const YAML = { 'content-type': 'application/yaml' }
/** Hashes are the work of other threads, which have to be started: whoever applies this waits for them. */
const HASHED = 'pools: [{ PoolName: many, users: [{ repeat: 50, Username: "u${n}", password: Some-Passw0rd }] }]'
const POOL = `- call: cognito.CreateUserPool
  id: us-east-1_Seeded001
  as: pool
  input: { PoolName: seeded }
- call: cognito.AdminCreateUser
  as: ann
  input: { UserPoolId: "\${pool.UserPool.Id}", Username: ann, TemporaryPassword: Secret-123!, MessageAction: SUPPRESS }
`

test('fixtures at run time', async (t) => {
  const idp = await emulator(t)
  const seeded = () => idp.cognito.AdminGetUser({ UserPoolId: 'us-east-1_Seeded001', Username: 'ann' })

  await t.test('are tried', async (t) => {
    const answer = await idp.request('POST', '/_/fixtures?dry=true', POOL, YAML)
    t.match(answer, { status: 200, body: { calls: 2, answers: { pool: { UserPool: { Id: 'us-east-1_Seeded001' } }, ann: {} } } })
    await t.rejects(seeded(), { name: 'ResourceNotFoundException' })
    await idp.cognito.CreateUserPool({ PoolName: 'before' })
    t.equal((await idp.request('POST', '/_/fixtures?dry=true&baseline=true', POOL, YAML)).status, 200)
    await idp.request('POST', '/_/reset')
    t.same((await idp.cognito.ListUserPools({ MaxResults: 1 })).UserPools, [], 'what is only tried is no baseline')
  })

  await t.test('are refused as a whole, with places', async (t) => {
    const bad = `${POOL}- call: cognito.AdminGetUser\n  input: { UserPoolId: "\${pool.UserPool.Id}", Username: eve }\n`
    const { status, body } = await idp.request('POST', '/_/fixtures?file=a.yaml', bad, YAML)
    t.equal(status, 400)
    t.same((body as { errors: string[] }).errors, [
      'a.yaml:9:10 [2].input: cognito.AdminGetUser: UserNotFoundException: User does not exist.',
    ])
    await t.rejects(seeded(), { name: 'ResourceNotFoundException' })
    t.match(await idp.request('POST', '/_/fixtures', [{ cal: 'x' }]), {
      status: 400,
      body: { errors: only(/call: must name/, /fixtures:3:3 \[0\]\.cal: unknown key/) },
    })
    t.match(await idp.request('POST', '/_/fixtures', { sources: [1] }), {
      status: 400,
      body: { error: 'sources must be a list of { file, text }' },
    })
  })

  const beside: [body: object, error: string][] = [
    [{ sources: [], dry: true }, 'dry: goes into the query: ?dry=true'],
    [{ mode: 'skip', sources: [] }, 'mode: goes into the query: ?mode=upsert'],
    [{ sources: [], basline: true }, 'basline: unknown key beside sources (did you mean baseline?)'],
    [{ sources: [], pools: [] }, 'pools: unknown key beside sources'],
    [{ sources: [{ file: 'a.yaml', txt: '' }] }, 'sources must be a list of { file, text }'],
    [{ sources: [{ file: 'a.yaml', text: '', attach: {} }] }, 'attach: unknown key of a source (did you mean attached?)'],
  ]
  for (const [body, error] of beside) {
    await t.test(`drop nothing of ${JSON.stringify(body)}`, async (t) =>
      t.match(await idp.request('POST', '/_/fixtures', body), { status: 400, body: { error } }),
    )
  }

  await t.test('are applied, and may become the baseline', async (t) => {
    const [pool, ann] = POOL.split('- call: cognito.AdminCreateUser')
    const sources = [
      { file: 'pool.yaml', text: pool },
      { file: 'ann.yaml', text: `- call: cognito.AdminCreateUser${ann}` },
    ]
    t.match(await idp.request('POST', '/_/fixtures?baseline=true', { sources }), { status: 200, body: { calls: 2 } })
    t.match(await seeded(), { Username: 'ann' })
    await idp.request('POST', '/_/reset')
    t.match(await seeded(), { Username: 'ann' })
    t.match(await idp.request('POST', '/_/fixtures', POOL, YAML), { status: 200, body: { created: 0, changed: 0, unchanged: 2 } })
    const again = { errors: ['fixtures:4:10 [0].input: cognito.CreateUserPool: seeded is there already'] }
    t.match(await idp.request('POST', '/_/fixtures?mode=create', POOL, YAML), { status: 400, body: again })
  })
})

test('export and import', async (t) => {
  const idp = await emulator(t)
  await idp.request('POST', '/_/fixtures', POOL, YAML)
  await idp.request('POST', '/harmony/users', {
    provider: 'cognito-user',
    user: {
      userPoolId: 'us-east-1_Seeded001',
      email: 'c@example.com',
      firstName: 'C',
      lastName: 'D',
      appMetadata: {},
      password: 'Secret-123!',
    },
  })
  idp.clock.advance(1000)
  const first = (await idp.request('GET', '/_/export')).body

  await t.test('give the same state, byte for byte', async (t) => {
    await idp.request('POST', '/_/reset')
    await t.rejects(idp.cognito.DescribeUserPool({ UserPoolId: 'us-east-1_Seeded001' }), { name: 'ResourceNotFoundException' })
    t.equal((await idp.request('POST', '/_/import', first as object)).status, 204)
    t.equal(JSON.stringify((await idp.request('GET', '/_/export')).body), JSON.stringify(first))
    t.match(await idp.cognito.AdminGetUser({ UserPoolId: 'us-east-1_Seeded001', Username: 'ann' }), { Username: 'ann' })
    t.equal((await idp.request('POST', '/~t2/_/import', first as object)).status, 204)
    t.equal(JSON.stringify((await idp.request('GET', '/~t2/_/export')).body), JSON.stringify(first))
  })

  await t.test('hold no password in clear', async (t) => t.notMatch(JSON.stringify(first), /Secret-123/))

  const cases: [body: object, error: RegExp][] = [
    [{}, /must have required property 'schema'/],
    [{ schema: 99, tables: {} }, /no export that this Poolhouse can read/],
    [{ schema: 1, tables: { nope: { columns: [], rows: [] } } }, /there is no table nope/],
    [{ schema: 1, tables: { meta: { columns: ['x'], rows: [] } } }, /table meta has other columns/],
    [{ schema: 1, tables: { meta: { columns: ['name'], rows: [['x', 'y']] } } }, /does not hold together/],
  ]
  for (const [body, error] of cases) {
    await t.test(`refuse ${JSON.stringify(body)}`, async (t) =>
      t.match(await idp.request('POST', '/_/import', body), { status: 400, body: { error } }),
    )
  }
})

test('how far a fixture is, is of one emulator and not of another in this process', async (t) => {
  const [idp, other] = [await emulator(t), await emulator(t)]
  const far = async (one: typeof idp) => (await one.request('GET', '/_/fixtures/progress')).body as { done: number; total: number }
  const seeding = idp.request('POST', '/_/fixtures', HASHED, YAML)
  let over = false
  void seeding.finally(() => {
    over = true
  })
  let seen = await far(idp)
  while (seen.total === 0 && !over) {
    await new Promise((resolve) => setImmediate(resolve))
    seen = await far(idp)
  }
  t.equal(seen.total, 51)
  t.same(await far(other), { done: 0, total: 0 })
  t.match(await seeding, { status: 200, body: { created: 51 } })
  t.same(await far(idp), { done: 0, total: 0 })
})

test('where others can reach the emulator, a fixture sees neither its variables nor its files', async (t) => {
  const folder = t.testdir({ 'people.csv': 'name\nann\n' })
  const pool = (users: string) => `- call: cognito.CreateUserPool\n  rows: ${users}\n  input: { PoolName: "\${row.name}" }\n`
  const [file, text] = [`${folder}/f.yaml`, pool('people.csv')]
  const told = { sources: [{ file, text }] }
  const idp = await emulator(t, { settings: { exposed: true } })
  t.match(await idp.request('POST', '/_/fixtures', told), {
    status: 400,
    body: { errors: [/people\.csv: only what is attached is read where others can reach the emulator$/] },
  })
  t.match(await idp.request('POST', '/_/fixtures', '- call: cognito.CreateUserPool\n  input: { PoolName: "${HOME}" }\n', YAML), {
    status: 400,
    body: { errors: [/the environment has no HOME$/] },
  })
  const attached = { sources: [{ file, text, attached: { 'people.csv': 'name\nbob\n' } }] }
  t.match(await idp.request('POST', '/_/fixtures', attached), { status: 200, body: { created: 1 } })
  t.match(
    await (await emulator(t)).request('POST', '/_/fixtures', told),
    { status: 200, body: { created: 1 } },
    'on this machine alone it does',
  )
})

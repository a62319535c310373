import { test } from 'tap'
import { emulator, START } from '../support/emulator.ts'
import { arn, recorder } from '../support/functions.ts'
import { only } from '../support/only.ts'
import { addClient, claimsOf, makeUser, makeWorld, tokensOf } from '../support/sign-in.ts'

interface Answer {
  vendor: string
  kind: string
  valid: boolean
  problems: { rule: string; reason: string }[]
}

test('POST /_/tokens/inspect', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(idp)
  const other = await addClient(idp, world.pool)
  await makeUser(idp, world, 'ada')
  const { AccessToken, IdToken, RefreshToken } = await tokensOf(idp, world, 'ada')
  const at = { host: 'localhost:80' }
  const inspect = async (token: string, more: object = {}, headers: Record<string, string> = at) =>
    (await idp.request('POST', '/_/tokens/inspect', { token, ...more }, headers)).body as Answer
  const rules = async (token: string, more: object = {}, headers = at) =>
    (await inspect(token, more, headers)).problems.map(({ rule }) => rule)

  t.match(await inspect(AccessToken), {
    vendor: 'cognito',
    kind: 'access',
    valid: true,
    problems: only(),
    claims: { username: 'ada' },
  })
  t.match(await inspect(IdToken), { kind: 'id', valid: true })
  t.strictSame(await inspect(RefreshToken), { vendor: 'cognito', kind: 'refresh', problems: [], valid: true })

  t.strictSame(await rules(AccessToken, { use: 'id', client: other.client, scope: 'openid' }), ['token_use', 'client', 'scope'])
  t.strictSame(await rules(RefreshToken, { use: 'access', client: other.client }), ['token_use', 'client'])
  t.strictSame(await rules(AccessToken, {}, { host: 'elsewhere:1' }), ['iss'])
  const [head, , signature] = AccessToken.split('.') as [string, string, string]
  const claims = {
    iss: `http://localhost:80/${world.pool}`,
    token_use: 'access',
    client_id: world.client,
    exp: START / 1000 + 60,
    iat: START / 1000 + 30,
  }
  const forged = Buffer.from(JSON.stringify(claims)).toString('base64url')
  t.strictSame(await rules(`${head}.${forged}.${signature}`), ['signature', 'iat'])
  const unsigned = Buffer.from('{"alg":"none","kid":"x"}').toString('base64url')
  t.strictSame(await rules(`${unsigned}.${forged}.`), ['alg', 'kid', 'iat'])

  await idp.cognito.AdminDisableUser({ UserPoolId: world.pool, Username: 'ada' })
  idp.clock.advance(3_600_000)
  t.match(await inspect(AccessToken), {
    valid: false,
    problems: only(
      { rule: 'exp', reason: 'It expired at 2026-01-02T04:04:05.000Z; the clock here says 2026-01-02T04:04:05.000Z.' },
      { rule: 'sub', reason: 'The user ada is disabled.' },
      { rule: 'event_id', reason: 'The sign-in that it came of was ended at 2026-01-02T03:04:05.000Z.' },
    ),
  })
  const elsewhere = await idp.request('POST', '/~other/_/tokens/inspect', { token: AccessToken }, at)
  t.match((elsewhere.body as Answer).problems[0], { rule: 'iss', reason: /^There is no user pool/ })
  t.match(await idp.request('POST', '/_/tokens/inspect', { token: 'nonsense' }), {
    status: 400,
    body: { error: 'this is no token that any vendor here made' },
  })
})

test('a token of an address that the emulator is known by, of keys that were replaced', async (t) => {
  const idp = await emulator(t, { settings: { issuerAliases: ['http://localhost:80'] } })
  const world = await makeWorld(idp)
  await makeUser(idp, world, 'ada')
  const { AccessToken } = await tokensOf(idp, world, 'ada')
  const inspect = async () =>
    (await idp.request('POST', '/_/tokens/inspect', { token: AccessToken }, { host: '127.0.0.1:7665' })).body as Answer
  t.match(await inspect(), { valid: true, problems: only() })
  for (const _turn of [1, 2]) await idp.request('POST', '/_/keys/rotate')
  t.match(await inspect(), { valid: true }, 'whatever turn')
  await idp.request('POST', '/_/keys/rotate?forget=true')
  t.match(await inspect(), { valid: false, problems: only({ rule: 'kid' }) })
})

test('POST /_/tokens asks the PreTokenGeneration function of the pool where that is wanted', async (t) => {
  const lambda = await recorder(t)
  const idp = await emulator(t, { settings: { rooms: { cognito: { functions: { '*': { url: lambda.url } } } } } })
  const world = await makeWorld(idp, { LambdaConfig: { PreTokenGeneration: arn('shape') } })
  await makeUser(idp, world, 'ada')
  const plain = await makeWorld(idp)
  await makeUser(idp, plain, 'bob')
  lambda.answers.TokenGeneration_Authentication = () => ({ claimsOverrideDetails: { claimsToAddOrOverride: { plan: 'gold', shoe: '42' } } })
  const mint = async (order: object) => {
    const { status, body } = await idp.request('POST', '/_/tokens', order)
    return { status, ...(body as { idToken: string; accessToken: string; triggers: string; error?: string }) }
  }

  const without = await mint({ user: 'ada' })
  t.equal(without.triggers, 'passed over')
  t.notMatch(claimsOf(without.idToken), { plan: String })
  t.equal(lambda.events.length, 0)

  const asked = await mint({ user: 'ada', triggers: true, claims: { shoe: '43' }, expires: '5m' })
  t.equal(asked.triggers, 'asked')
  t.match(claimsOf(asked.idToken), { plan: 'gold', shoe: '43', exp: START / 1000 + 300 })
  t.match(lambda.events, only({ triggerSource: 'TokenGeneration_Authentication', userName: 'ada' }))
  const inspected = (await idp.request('POST', '/_/tokens/inspect', { token: asked.idToken })).body
  t.match(inspected, { valid: true, kind: 'id' })

  t.equal((await mint({ user: 'bob', pool: plain.pool, triggers: true })).triggers, 'none')
  t.equal((await mint({ user: 'bob', pool: plain.pool })).triggers, 'none')

  lambda.answers.TokenGeneration_Authentication = () => new Error('no shoes')
  t.match(await mint({ user: 'ada', triggers: true }), {
    status: 400,
    error: 'UserLambdaValidationException: PreTokenGeneration failed with error no shoes.',
  })
  t.match(await mint({ user: 'ada', triggers: 'yes' }), { status: 400, error: 'triggers must be boolean' })
})

import { test } from 'tap'
import { emulator } from '../support/emulator.ts'
import { IDP } from '../support/yandex.ts'
import { addApplication, makeYandexWorld, tokensAt } from '../support/yandex-oauth.ts'

interface Answer {
  vendor: string
  kind: string
  valid: boolean
  problems: { rule: string; reason: string }[]
}

test('POST /_/tokens/inspect knows tokens of Identity Hub', async (t) => {
  const idp = await emulator(t)
  const world = await makeYandexWorld(idp)
  const other = await addApplication(world.api)
  const at = { host: 'localhost:80' }
  const tokens = await tokensAt(idp, world)
  const inspect = async (token: string, more: object = {}, headers: Record<string, string> = at, path = '') =>
    (await idp.request('POST', `${path}/_/tokens/inspect`, { token, ...more }, headers)).body as Answer
  const rules = async (...asked: Parameters<typeof inspect>) => (await inspect(...asked)).problems.map(({ rule }) => rule)
  const { iamToken } = (await idp.request('POST', '/_/yandex/iam-tokens', { subject: 'ajeservice' })).body as { iamToken: string }

  const sub = world.user.id
  t.match(await inspect(tokens.access_token), { vendor: 'yandex', kind: 'access', valid: true, claims: { sub, client: world.client } })
  t.match(await inspect(tokens.id_token), { vendor: 'yandex', kind: 'id', valid: true, claims: { sub, aud: world.client } })
  t.match(await inspect(tokens.refresh_token), { vendor: 'yandex', kind: 'refresh', valid: true })
  t.match(await inspect(iamToken), { kind: 'access', valid: true, claims: { sub: 'ajeservice' } })
  const wrong = { use: 'refresh', client: other.client, scope: 'groups' }
  t.strictSame(await rules(tokens.access_token, wrong), ['use', 'client', 'scope'])
  t.strictSame(await rules(tokens.id_token, wrong), ['use', 'client', 'scope'])
  t.strictSame(await rules(tokens.refresh_token, { ...wrong, use: 'id' }), ['use', 'client', 'scope'])
  t.strictSame(await rules(iamToken, { client: other.client, scope: 'openid' }), ['client', 'scope'])
  t.strictSame(await rules(tokens.id_token, {}, { host: 'elsewhere:1' }), ['iss'])
  t.strictSame(await rules('t1.abc.def'), ['unknown'])

  const [head, , signature] = tokens.id_token.split('.') as [string, string, string]
  const forged = Buffer.from(JSON.stringify({ iss: 'http://localhost:80', aud: 'nobody', sub: 'nobody', exp: 1, iat: 9e9 })).toString(
    'base64url',
  )
  t.strictSame(await rules(`${head}.${forged}.${signature}`), ['signature', 'exp', 'iat', 'client', 'sub'])
  const unsigned = Buffer.from('{"alg":"none","kid":"x"}').toString('base64url')
  t.strictSame(await rules(`${unsigned}.${forged}.`), ['alg', 'kid', 'exp', 'iat', 'client', 'sub'])
  const endless = Buffer.from(JSON.stringify({ iss: 'http://localhost:80', aud: world.client, sub, exp: -1e20, iat: 1e20 })).toString(
    'base64url',
  )
  t.strictSame(await rules(`${head}.${endless}.${signature}`), ['signature', 'exp', 'iat'], 'times that no date can say')
  t.strictSame(await rules(tokens.access_token, {}, at, '/~elsewhere'), ['unknown'])

  const keySet = async () => ((await idp.request('GET', '/oauth/jwks/keys', undefined, at)).body as { keys: { kid: string }[] }).keys
  const [first] = await keySet()
  await idp.request('POST', '/_/keys/rotate')
  t.match(await keySet(), { length: 2, 1: first })
  t.match(await inspect(tokens.id_token), { valid: true }, 'signed by a key that was replaced and still verifies')
  await idp.request('POST', '/_/keys/rotate?forget=true')
  t.equal((await keySet()).length, 1)
  t.strictSame(await rules(tokens.id_token), ['kid'])

  await world.api.done('POST', `${IDP}/users/${sub}:suspend`, {})
  idp.clock.advance(31 * 86_400_000)
  for (const token of [tokens.access_token, tokens.refresh_token]) t.strictSame(await rules(token), ['exp', 'sub'])
  t.strictSame(await rules(tokens.id_token), ['kid', 'exp', 'sub'])
  const login = { yandexPassportOauthToken: `login:nobody:x` }
  t.equal((await idp.request('POST', '/iam/v1/tokens', login)).status, 401)
})

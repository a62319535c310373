import { request } from 'node:http'
import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  GetUserCommand,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { type Test, test } from 'tap'
import { start } from '../../src/index.ts'
import { only } from '../support/only.ts'
import { poolhouse } from '../support/verb.ts'

/** Tokens and users by short cuts, as verifiers and the AWS SDK see them. */

const pool = 'us-east-1_PoolDemo1'
const ClientId = '1demo0client0000000000000w'

async function begin(t: Test) {
  const idp = await start()
  t.teardown(() => idp.close())
  const sdk = new CognitoIdentityProviderClient({
    endpoint: idp.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  })
  t.teardown(() => sdk.destroy())
  const keys = createRemoteJWKSet(new URL(`${idp.url}/${pool}/.well-known/jwks.json`))
  const verify = (token: string) => jwtVerify(token, keys, { issuer: `${idp.url}/${pool}` })
  const signIn = async () => {
    const AuthParameters = { USERNAME: 'alice', PASSWORD: 'Demo-Passw0rd' }
    const { AuthenticationResult } = await sdk.send(new InitiateAuthCommand({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId, AuthParameters }))
    return AuthenticationResult as { AccessToken: string; IdToken: string; RefreshToken: string }
  }
  const who = (AccessToken: string) => sdk.send(new GetUserCommand({ AccessToken }))
  return { idp, sdk, verify, signIn, who }
}

test('tokens that are minted', async (t) => {
  const { idp, sdk, verify, who } = await begin(t)

  await t.test('hold, and have a sign-in behind them', async (t) => {
    const { accessToken, idToken, refreshToken, expiresIn } = await idp.tokens.mint({ user: 'alice@example.com', client: 'web' })
    t.equal(expiresIn, 3600)
    t.match((await verify(idToken)).payload, { aud: ClientId, email: 'alice@example.com', token_use: 'id' })
    t.match((await verify(accessToken)).payload, { client_id: ClientId, username: 'alice' })
    t.equal((await who(accessToken)).Username, 'alice')
    t.match(await idp.tokens.inspect(accessToken, { use: 'access', client: ClientId }), { valid: true, problems: only() })
    const AuthParameters = { REFRESH_TOKEN: refreshToken }
    t.ok((await sdk.send(new InitiateAuthCommand({ AuthFlow: 'REFRESH_TOKEN_AUTH', ClientId, AuthParameters }))).AuthenticationResult)
  })

  await t.test('have expired if they are to', async (t) => {
    const { accessToken } = await idp.tokens.mint({ user: 'alice', expires: '-1h' })
    await t.rejects(verify(accessToken), { code: 'ERR_JWT_EXPIRED' })
    await t.rejects(who(accessToken), { name: 'NotAuthorizedException', message: 'Access Token has expired' })
    const { exp = 0, iat = 0 } = decodeJwt(accessToken)
    t.equal(exp - iat, 3600)
    const soon = await idp.tokens.mint({ user: 'alice', expires: '5m' })
    t.equal(soon.expiresIn, 300)
    idp.clock.advance('6m')
    await t.rejects(who(soon.accessToken), { message: 'Access Token has expired' })
    idp.clock.set(new Date())
  })

  await t.test('say what they are told', async (t) => {
    const { accessToken, idToken } = await idp.tokens.mint({ user: 'alice', scope: 'openid a/b', claims: { tenant: 7 } })
    t.match([(await verify(accessToken)).payload, (await verify(idToken)).payload], [{ tenant: 7, scope: 'openid a/b' }, { tenant: 7 }])
  })

  await t.test('are for somebody', async (t) => {
    await t.rejects(idp.tokens.mint({ user: 'nobody' }), { message: 'there is no user nobody' })
    await t.rejects(idp.tokens.mint({ user: 'alice', client: 'none' }), { message: 'there is no user alice at a client none' })
    await t.rejects(idp.tokens.mint({ user: 'alice', expires: 'soon' }), { message: /must be a span of time/ })
  })
})

test('a token that names another address of the same emulator', async (t) => {
  const token = async (aliases: string[]) => {
    const idp = await start({ issuerAliases: aliases })
    t.teardown(() => idp.close())
    const headers = { 'content-type': 'application/json', host: 'poolhouse:7665' }
    const text = await new Promise<string>((resolve) => {
      const asked = request(`${idp.url}/_/tokens`, { method: 'POST', headers }, (answer) => {
        answer.setEncoding('utf8').once('data', resolve)
      })
      asked.end('{"user":"alice"}')
    })
    const payload = JSON.parse(text) as { accessToken: string }
    t.equal(decodeJwt(payload.accessToken).iss, `http://poolhouse:7665/${pool}`)
    return (await idp.tokens.inspect(payload.accessToken)).problems.map(({ rule }) => rule)
  }
  t.same(await token([]), ['iss'])
  t.same(await token(['http://poolhouse:7665/']), [])
})

test('tokens of a sign-in that are to expire', async (t) => {
  const { idp, sdk, signIn, who } = await begin(t)
  const refresh = (REFRESH_TOKEN: string) =>
    sdk.send(new InitiateAuthCommand({ AuthFlow: 'REFRESH_TOKEN_AUTH', ClientId, AuthParameters: { REFRESH_TOKEN } }))
  const [one, two] = [await signIn(), await signIn()]
  t.equal(await idp.tokens.expire({ token: one.AccessToken }), 1)
  await t.rejects(who(one.AccessToken), { message: 'Access Token has expired' })
  await t.rejects(refresh(one.RefreshToken), { message: 'Refresh Token has expired' })
  t.match((await idp.tokens.inspect(one.AccessToken)).problems, only({ rule: 'expired' }))
  await who(two.AccessToken)
  t.equal(await idp.tokens.expire({ user: 'alice', client: 'web' }), 2)
  await t.rejects(who(two.AccessToken), { message: 'Access Token has expired' })
  await t.rejects(idp.tokens.expire({ token: 'x' }), { message: 'there is no sign-in of that token' })
  await who((await signIn()).AccessToken)
})

test('claims for the next tokens', async (t) => {
  const { idp, signIn } = await begin(t)
  await idp.tokens.enqueue({ user: 'bob', claims: { never: true } })
  await idp.tokens.enqueue({ claims: { plan: 'gold' }, times: 2 })
  await idp.tokens.enqueue({ user: 'alice', client: ClientId, use: 'id', claims: { email: 'other@example.com' } })
  const first = await signIn()
  t.match(decodeJwt(first.AccessToken), { plan: 'gold', email: undefined, never: undefined })
  t.match(decodeJwt(first.IdToken), { plan: 'gold', email: 'other@example.com' })
  const second = await signIn()
  t.match(decodeJwt(second.IdToken), { plan: 'gold', email: 'alice@example.com' })
  t.match(decodeJwt((await signIn()).IdToken), { plan: undefined })
  await t.rejects(idp.tokens.enqueue({ user: 'nobody', claims: {} }), { message: 'there is no user nobody' })
})

test('poolhouse token', async (t) => {
  const { idp, verify } = await begin(t)
  const verb = (...args: string[]) => poolhouse('token', ...args, '--url', idp.url)
  const { out } = await verb('mint', '--user', 'alice', '--client', 'web', '--claims', '{"plan":"gold"}')
  t.match((await verify(out.trim())).payload, { username: 'alice', plan: 'gold' })
  t.match(await verb('inspect', out.trim()), { out: /a good access token\n$/, code: 0 })
  t.match(await verb('expire', '--user', 'alice'), { out: '1 sign-in expired\n' })
  t.match(await verb('inspect', out.trim()), { out: /expired: Whoever runs the emulator/, code: 1 })
  t.match(JSON.parse((await verb('mint', '--user', 'alice', '--json')).out), { expiresIn: 3600 })
  t.match(await verb('enqueue', '{"plan":"lead"}', '--use', 'id'), { out: 'the next tokens will say so\n' })
  const id = await verb('mint', '--user', 'alice', '--use', 'id', '--expires', '-1h')
  t.match(decodeJwt(id.out.trim()), { plan: 'lead', token_use: 'id' })
  t.match(await verb('mint', '--user', 'alice', '--use', 'x'), {
    err: 'poolhouse: --use must be access, id or refresh, not "x"\n',
    code: 2,
  })
  t.match(await verb('mint', '--user', 'alice', '--claims', '{'), { err: 'poolhouse: claims must be JSON, not {\n', code: 2 })
  t.match(await verb('mint'), { err: 'poolhouse: say whose: poolhouse token mint --user alice\n', code: 2 })
  t.match(await poolhouse('token', 'steal'), { err: 'poolhouse: "steal" is none of mint, inspect, expire, enqueue\n', code: 2 })
  t.match(await poolhouse('token'), { out: /Usage: poolhouse token mint\|inspect/ })
})

test('short cuts to what is done to a user', async (t) => {
  const { idp, sdk, signIn } = await begin(t)
  const user = (Username: string) => sdk.send(new AdminGetUserCommand({ UserPoolId: pool, Username }))
  const UserAttributes = [{ Name: 'email', Value: 'new@example.com' }]
  await sdk.send(new SignUpCommand({ ClientId, Username: 'new', Password: 'Some-Passw0rd', UserAttributes }))
  await idp.user('new', 'confirm')
  t.equal((await user('new')).UserStatus, 'CONFIRMED')
  await t.rejects(idp.user('new', 'confirm'), { message: /^AdminConfirmSignUp: NotAuthorizedException: / })
  await idp.user('alice@example.com', 'disable')
  await t.rejects(signIn(), { message: 'User is disabled.' })
  await idp.user('00000000-0000-4000-8000-0000000a11ce', 'enable')
  const { AccessToken } = await signIn()
  await idp.user('alice', 'sign-out')
  await t.rejects(sdk.send(new GetUserCommand({ AccessToken })), { message: 'Access Token has been revoked' })
  await idp.user('alice', 'reset')
  t.match(await idp.outbox.latest({ user: 'alice' }), { to: 'alice@example.com', code: /^\d{6}$/ })
  await t.rejects(idp.user('nobody', 'reset'), { message: 'there is no user nobody' })
  t.same(await (await fetch(`${idp.url}/_/users/alice/events`)).json(), [])

  const anna = 'anna@demo.idp.yandexcloud.net'
  const input = { userpoolId: 'ek0demo0000000000000', username: anna, fullName: 'Anna', passwordSpec: { password: 'Correct-Horse-1' } }
  await idp.apply([{ call: 'yandex.idp.UserService.Create', input }])
  await idp.user(anna, 'disable')
  await idp.journal.expect({ vendor: 'yandex', operation: 'idp.UserService.Suspend' })
  await t.rejects(idp.user(anna, 'reset'), { message: 'yandex has no operation to reset a user' })
})

import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { test } from 'tap'
import { emulator, START, type TestEmulator } from '../support/emulator.ts'
import { only } from '../support/only.ts'
import { addClient, claimsOf, headerOf, makeUser, makeWorld, refuses, signIn, tokensOf, type World } from '../support/sign-in.ts'

const NOW = START / 1000
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const INVALID = ['NotAuthorizedException', 'Invalid Access Token'] as const

async function verifyWith(idp: TestEmulator, pool: string, token: string) {
  const { body } = await idp.request('GET', `/${pool}/.well-known/jwks.json`)
  return jwtVerify(token, createLocalJWKSet(body as JSONWebKeySet), { currentDate: new Date(START) })
}

function refresh(idp: TestEmulator, world: World, token: string) {
  return idp.cognito.InitiateAuth({ AuthFlow: 'REFRESH_TOKEN_AUTH', ClientId: world.client, AuthParameters: { REFRESH_TOKEN: token } })
}

test('tokens', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(idp, {
    Schema: [
      { Name: 'level', AttributeDataType: 'Number' },
      { Name: 'hidden', AttributeDataType: 'String', DeveloperOnlyAttribute: true },
    ],
  })
  const sub = await makeUser(idp, world, 'ada', {
    email: 'ada@example.com',
    email_verified: 'true',
    'custom:level': '7',
    'dev:custom:hidden': 'x',
  })
  for (const [GroupName, Precedence] of [
    ['low', 5],
    ['high', 1],
    ['plain', undefined],
  ] as const) {
    const RoleArn = Precedence === undefined ? undefined : `arn:aws:iam::000000000000:role/${GroupName}`
    await idp.cognito.CreateGroup({ UserPoolId: world.pool, GroupName, Precedence, RoleArn })
    await idp.cognito.AdminAddUserToGroup({ UserPoolId: world.pool, GroupName, Username: 'ada' })
  }
  const { AccessToken, IdToken, RefreshToken } = await tokensOf(idp, world, 'ada')
  const access = claimsOf(AccessToken)
  const id = claimsOf(IdToken)

  await t.test('a refresh token has the form of an encrypted one, and as many letters (I5)', (t) => {
    const [header = '', ...parts] = RefreshToken.split('.')
    t.equal(Buffer.from(header, 'base64url').toString(), '{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}')
    // An RSA key's worth of encrypted key, the initial vector, what is said, and the tag.
    t.strictSame(
      parts.map((part) => Buffer.from(part, 'base64url').length),
      [256, 12, 700, 16],
    )
    t.end()
  })

  await t.test('an access token says who may do what, in the order of the service (T1, T3, T4)', async (t) => {
    t.strictSame(Object.entries(access), [
      ['sub', sub],
      ['cognito:groups', ['high', 'low', 'plain']],
      ['iss', `http://localhost:80/${world.pool}`],
      ['client_id', world.client],
      ['origin_jti', access.origin_jti],
      ['event_id', access.event_id],
      ['token_use', 'access'],
      ['scope', 'aws.cognito.signin.user.admin'],
      ['auth_time', NOW],
      ['exp', NOW + 3600],
      ['iat', NOW],
      ['jti', access.jti],
      ['username', 'ada'],
    ])
    for (const claim of ['origin_jti', 'event_id', 'jti']) t.match(access[claim], UUID)
  })

  await t.test('an ID token says who the user is (T2, T3)', async (t) => {
    t.strictSame(Object.entries(id), [
      ['sub', sub],
      ['cognito:groups', ['high', 'low', 'plain']],
      ['email_verified', true],
      ['iss', `http://localhost:80/${world.pool}`],
      ['cognito:username', 'ada'],
      ['cognito:preferred_role', 'arn:aws:iam::000000000000:role/high'],
      ['cognito:roles', ['arn:aws:iam::000000000000:role/high', 'arn:aws:iam::000000000000:role/low']],
      ['aud', world.client],
      ['origin_jti', access.origin_jti],
      ['event_id', access.event_id],
      ['token_use', 'id'],
      ['auth_time', NOW],
      ['exp', NOW + 3600],
      ['iat', NOW],
      ['jti', id.jti],
      ['email', 'ada@example.com'],
      ['custom:level', '7'],
    ])
    t.not(id.jti, access.jti)
  })

  await t.test('two keys of the pool sign them (I6, T14)', async (t) => {
    const { headers, body } = await idp.request('GET', `/${world.pool}/.well-known/jwks.json`)
    const { keys } = body as { keys: Record<string, string>[] }
    t.match(headers['content-type'], /^application\/json/)
    t.strictSame(
      keys.map((key) => Object.keys(key)),
      [
        ['alg', 'e', 'kid', 'kty', 'n', 'use'],
        ['alg', 'e', 'kid', 'kty', 'n', 'use'],
      ],
    )
    t.match(
      keys,
      only(
        { alg: 'RS256', e: 'AQAB', kid: /^[\w+/]{43}=$/, kty: 'RSA', use: 'sig' },
        { alg: 'RS256', e: 'AQAB', kid: /^[\w+/]{43}=$/, kty: 'RSA', use: 'sig' },
      ),
    )
    t.not(keys[0]?.n, keys[1]?.n)
    t.strictSame(headerOf(IdToken), { kid: keys[0]?.kid, alg: 'RS256' })
    t.strictSame(headerOf(AccessToken), { kid: keys[1]?.kid, alg: 'RS256' })
    await t.resolves(verifyWith(idp, world.pool, AccessToken))
    await t.resolves(verifyWith(idp, world.pool, IdToken))
  })

  await t.test('an issuer is discovered where it says it is (T6)', async (t) => {
    const base = 'http://localhost:80'
    const { status, body } = await idp.request('GET', `${new URL(id.iss as string).pathname}/.well-known/openid-configuration`)
    t.equal(status, 200)
    t.strictSame(body, {
      authorization_endpoint: `${base}/oauth2/authorize`,
      end_session_endpoint: `${base}/logout`,
      id_token_signing_alg_values_supported: ['RS256'],
      issuer: `${base}/${world.pool}`,
      jwks_uri: `${base}/${world.pool}/.well-known/jwks.json`,
      response_types_supported: ['code', 'token'],
      revocation_endpoint: `${base}/oauth2/revoke`,
      scopes_supported: ['openid', 'email', 'phone', 'profile'],
      subject_types_supported: ['public'],
      token_endpoint: `${base}/oauth2/token`,
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      userinfo_endpoint: `${base}/oauth2/userInfo`,
    })
    t.equal((await idp.request('GET', '/us-east-1_nothing11/.well-known/jwks.json')).status, 404)
    t.equal((await idp.request('GET', `/~other/${world.pool}/.well-known/jwks.json`)).status, 404)
  })

  await t.test('refreshing keeps the time of sign-in and reads the user again (T5, T10)', async (t) => {
    idp.clock.advance(60_000)
    await idp.cognito.AdminRemoveUserFromGroup({ UserPoolId: world.pool, GroupName: 'high', Username: 'ada' })
    const UserAttributes = [{ Name: 'custom:level', Value: '8' }]
    await idp.cognito.AdminUpdateUserAttributes({ UserPoolId: world.pool, Username: 'ada', UserAttributes })
    const { ChallengeParameters, AuthenticationResult } = await refresh(idp, world, RefreshToken)
    t.strictSame(ChallengeParameters, {})
    t.strictSame(Object.keys(AuthenticationResult ?? {}), ['AccessToken', 'ExpiresIn', 'TokenType', 'IdToken'])
    const again = claimsOf(AuthenticationResult?.AccessToken as string)
    const { jti, ...rest } = again
    t.equal(claimsOf(AuthenticationResult?.IdToken as string)['custom:level'], '8')
    t.not(jti, access.jti)
    t.strictSame(rest, {
      ...Object.fromEntries(Object.entries(access).filter(([name]) => name !== 'jti')),
      'cognito:groups': ['low', 'plain'],
      iat: NOW + 60,
      exp: NOW + 3660,
    })
    const old = await idp.cognito.InitiateAuth({
      AuthFlow: 'REFRESH_TOKEN',
      ClientId: world.client,
      AuthParameters: { REFRESH_TOKEN: RefreshToken },
    })
    t.ok(old.AuthenticationResult?.IdToken)
  })

  await t.test('a refresh token that is not one of this client is refused (T10)', async (t) => {
    const invalid = ['NotAuthorizedException', 'Invalid Refresh Token'] as const
    await refuses(t, refresh(idp, world, 'abc'), ...invalid)
    await refuses(t, refresh(idp, world, AccessToken), ...invalid)
    await refuses(t, refresh(idp, await addClient(idp, world.pool), RefreshToken), ...invalid)
  })

  await t.test('GetUser shows what the client may read (A17)', async (t) => {
    t.strictSame(await idp.cognito.GetUser({ AccessToken }), {
      Username: 'ada',
      UserAttributes: [
        { Name: 'sub', Value: sub },
        { Name: 'email', Value: 'ada@example.com' },
        { Name: 'email_verified', Value: 'true' },
        { Name: 'custom:level', Value: '8' },
      ],
    })
    const narrow = await addClient(idp, world.pool, { ReadAttributes: ['email'] })
    const tokens = await tokensOf(idp, narrow, 'ada')
    t.strictSame((await idp.cognito.GetUser({ AccessToken: tokens.AccessToken })).UserAttributes, [
      { Name: 'sub', Value: sub },
      { Name: 'email', Value: 'ada@example.com' },
    ])
    t.notOk('email_verified' in claimsOf(tokens.IdToken))
  })

  await t.test('an access token that is none of ours is refused (T7)', async (t) => {
    const getUser = (token: string) => idp.cognito.GetUser({ AccessToken: token })
    const [header, , signature] = AccessToken.split('.')
    const forged = Buffer.from(JSON.stringify({ ...access, sub: 'somebody' })).toString('base64url')
    await refuses(t, getUser('abc'), ...INVALID)
    await refuses(t, getUser(IdToken), ...INVALID)
    await refuses(t, getUser(`${header}.${forged}.${signature}`), ...INVALID)
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    await refuses(t, getUser(`${none}.${AccessToken.split('.')[1]}.`), ...INVALID)

    // Another pool's token under this pool's issuer: signed by shared material, perhaps, but not by a key of this pool.
    const other = await makeWorld(idp)
    await makeUser(idp, other, 'ada')
    const foreign = await tokensOf(idp, other, 'ada')
    const parts = foreign.AccessToken.split('.')
    await refuses(t, getUser(`${parts[0]}.${AccessToken.split('.')[1]}.${parts[2]}`), ...INVALID)
    await t.rejects(verifyWith(idp, world.pool, foreign.AccessToken), { code: 'ERR_JWKS_NO_MATCHING_KEY' })

    // The same pool id in another namespace is another pool.
    const elsewhere = await idp.request('POST', '/~other/', JSON.stringify({ AccessToken }), {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSCognitoIdentityProviderService.GetUser',
    })
    t.match(elsewhere.body, { __type: 'ResourceNotFoundException' })
  })

  await t.test('lifetimes are the client’s (C4, T7, T10)', async (t) => {
    const short = await addClient(idp, world.pool, {
      AccessTokenValidity: 10,
      IdTokenValidity: 2700,
      RefreshTokenValidity: 60,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'seconds', RefreshToken: 'minutes' },
    })
    const { AuthenticationResult } = await signIn(idp, short, 'ada')
    const tokens = AuthenticationResult as { AccessToken: string; IdToken: string; RefreshToken: string }
    t.equal(AuthenticationResult?.ExpiresIn, 600)
    t.equal(Number(claimsOf(tokens.AccessToken).exp) - Number(claimsOf(tokens.AccessToken).iat), 600)
    t.equal(Number(claimsOf(tokens.IdToken).exp) - Number(claimsOf(tokens.IdToken).iat), 2700)
    idp.clock.advance(600_000)
    await refuses(t, idp.cognito.GetUser({ AccessToken: tokens.AccessToken }), 'NotAuthorizedException', 'Access Token has expired')
    t.ok((await refresh(idp, short, tokens.RefreshToken)).AuthenticationResult)
    idp.clock.advance(3_000_000)
    await refuses(t, refresh(idp, short, tokens.RefreshToken), 'NotAuthorizedException', 'Refresh Token has expired')
  })

  await t.test('a client without revocation gets tokens without origin_jti', async (t) => {
    const plain = await addClient(idp, world.pool, { EnableTokenRevocation: false })
    const tokens = await tokensOf(idp, plain, 'ada')
    t.notOk('origin_jti' in claimsOf(tokens.AccessToken))
    t.notOk('origin_jti' in claimsOf(tokens.IdToken))
    t.equal((await idp.cognito.GetUser({ AccessToken: tokens.AccessToken })).Username, 'ada')
  })

  await t.test('a deleted user is nobody', async (t) => {
    await makeUser(idp, world, 'eve')
    const tokens = await tokensOf(idp, world, 'eve')
    await idp.cognito.AdminDeleteUser({ UserPoolId: world.pool, Username: 'eve' })
    const gone = ['UserNotFoundException', 'User does not exist.'] as const
    await refuses(t, idp.cognito.GetUser({ AccessToken: tokens.AccessToken }), ...gone)
    await refuses(t, refresh(idp, world, tokens.RefreshToken), 'NotAuthorizedException', 'Invalid Refresh Token')
  })

  await t.test('what expired long ago is cleared away by the next of its kind', async (t) => {
    await makeUser(idp, world, 'old')
    const { RefreshToken: first } = await tokensOf(idp, world, 'old')
    idp.clock.advance(31 * 86_400_000)
    await tokensOf(idp, world, 'old')
    await refuses(t, refresh(idp, world, first), 'NotAuthorizedException', 'Refresh Token has expired')
    idp.clock.advance(30 * 86_400_000)
    await tokensOf(idp, world, 'old')
    await refuses(t, refresh(idp, world, first), 'NotAuthorizedException', 'Invalid Refresh Token')
  })
})

test('the issuer of the service', async (t) => {
  const idp = await emulator(t, { settings: { rooms: { cognito: { issuer: 'aws' } } } })
  const world = await makeWorld(idp)
  await makeUser(idp, world, 'ada')
  const { AccessToken } = await tokensOf(idp, world, 'ada')
  const iss = `https://cognito-idp.us-east-1.amazonaws.com/${world.pool}`
  t.equal(claimsOf(AccessToken).iss, iss)
  t.equal((await idp.cognito.GetUser({ AccessToken })).Username, 'ada')
  await t.resolves(verifyWith(idp, world.pool, AccessToken))
  const { body } = await idp.request('GET', `/${world.pool}/.well-known/openid-configuration`)
  t.match(body, { issuer: iss, jwks_uri: `http://localhost:80/${world.pool}/.well-known/jwks.json` })
})

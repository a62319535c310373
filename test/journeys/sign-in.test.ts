import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ListUsersCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { CognitoJwtVerifier, JwtVerifier } from 'aws-jwt-verify'
import { SimpleFetcher } from 'aws-jwt-verify/https'
import { SimpleJwksCache } from 'aws-jwt-verify/jwk'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { test } from 'tap'
import { only } from '../support/only.ts'
import { awsClient, target } from '../support/target.ts'

test('from an empty service to a signed-in user, with the AWS SDK', async (t) => {
  const url = await target(t)
  const sdk = new CognitoIdentityProviderClient(awsClient(url))
  t.teardown(() => sdk.destroy())

  const { UserPool } = await sdk.send(new CreateUserPoolCommand({ PoolName: 'journey', AutoVerifiedAttributes: ['email'] }))
  const UserPoolId = UserPool?.Id as string
  const { UserPoolClient } = await sdk.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'app',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    }),
  )
  const ClientId = UserPoolClient?.ClientId as string

  const { User } = await sdk.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username: 'ada',
      TemporaryPassword: 'First-Secret-1',
      MessageAction: 'SUPPRESS',
      UserAttributes: [
        { Name: 'email', Value: 'ada@example.com' },
        { Name: 'email_verified', Value: 'true' },
      ],
    }),
  )
  t.equal(User?.UserStatus, 'FORCE_CHANGE_PASSWORD')
  const sub = User?.Attributes?.find(({ Name }) => Name === 'sub')?.Value

  const first = await sdk.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'ada', PASSWORD: 'First-Secret-1' },
    }),
  )
  t.equal(first.ChallengeName, 'NEW_PASSWORD_REQUIRED')
  t.equal(first.ChallengeParameters?.USER_ID_FOR_SRP, 'ada')
  const changed = await sdk.send(
    new RespondToAuthChallengeCommand({
      ClientId,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session: first.Session,
      ChallengeResponses: { USERNAME: 'ada', NEW_PASSWORD: 'Second-Secret-2' },
    }),
  )
  const { AccessToken = '', IdToken = '', RefreshToken = '', ...result } = changed.AuthenticationResult ?? {}
  t.match(result, { ExpiresIn: 3600, TokenType: 'Bearer' })

  await t.test('the tokens verify with aws-jwt-verify and jose against the published keys (T14)', async (t) => {
    const issuer = `${url}/${UserPoolId}`
    const configuration = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Record<string, string>
    t.equal(configuration.issuer, issuer)
    const jwksUri = configuration.jwks_uri as string

    // aws-jwt-verify fetches over https alone; its fetcher is handed the key set as the emulator serves it.
    const keys = await (await fetch(jwksUri)).arrayBuffer()
    const fetcher = Object.assign(new SimpleFetcher(), { fetch: async () => keys })
    const verifier = JwtVerifier.create(
      { issuer, audience: null, jwksUri: jwksUri.replace('http:', 'https:') },
      { jwksCache: new SimpleJwksCache({ fetcher }) },
    )
    t.match(await verifier.verify(AccessToken), { token_use: 'access', sub, client_id: ClientId, username: 'ada' })
    t.match(await verifier.verify(IdToken), { token_use: 'id', sub, aud: ClientId, email: 'ada@example.com', email_verified: true })

    const remote = createRemoteJWKSet(new URL(jwksUri))
    const { payload } = await jwtVerify(IdToken, remote, { issuer, audience: ClientId })
    t.match(payload, { sub, 'cognito:username': 'ada' })
    await t.resolves(jwtVerify(AccessToken, remote, { issuer }))
    await t.rejects(jwtVerify(IdToken, remote, { issuer, audience: 'another' }), { message: 'unexpected "aud" claim value' })
  })

  await t.test('the access token opens the user’s own operations', async (t) => {
    const self = await sdk.send(new GetUserCommand({ AccessToken }))
    t.match(self, { Username: 'ada', UserAttributes: only({ Name: 'sub', Value: sub }, { Name: 'email' }, { Name: 'email_verified' }) })
  })

  await t.test('the refresh token gives new ones', async (t) => {
    const { AuthenticationResult } = await sdk.send(
      new InitiateAuthCommand({ ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN: RefreshToken } }),
    )
    t.ok(AuthenticationResult?.AccessToken)
    t.equal(AuthenticationResult?.RefreshToken, undefined)
  })

  await t.test('errors arrive as the SDK’s own classes', async (t) => {
    const wrong = new InitiateAuthCommand({
      ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'ada', PASSWORD: 'First-Secret-1' },
    })
    await t.rejects(sdk.send(wrong), { name: 'NotAuthorizedException', message: 'Incorrect username or password.' })
  })

  await t.test('users are listed with a filter and in pages', async (t) => {
    for (const name of ['bob', 'cleo', 'dan', 'eve']) {
      await sdk.send(
        new AdminCreateUserCommand({
          UserPoolId,
          Username: name,
          MessageAction: 'SUPPRESS',
          UserAttributes: [{ Name: 'email', Value: `${name}@example.org` }],
        }),
      )
    }
    const { Users } = await sdk.send(new ListUsersCommand({ UserPoolId, Filter: 'email ^= "ada@"' }))
    t.strictSame(
      Users?.map(({ Username }) => Username),
      ['ada'],
    )
    const seen: (string | undefined)[] = []
    let PaginationToken: string | undefined
    do {
      const page = await sdk.send(
        new ListUsersCommand({ UserPoolId, Limit: 2, ...(PaginationToken === undefined ? {} : { PaginationToken }) }),
      )
      t.ok((page.Users?.length ?? 0) <= 2)
      seen.push(...(page.Users ?? []).map(({ Username }) => Username))
      PaginationToken = page.PaginationToken
    } while (PaginationToken !== undefined)
    t.strictSame([...seen].sort(), ['ada', 'bob', 'cleo', 'dan', 'eve'])
  })
})

test('tokens under the service’s own issuer, for verifiers that know nothing of emulators', async (t) => {
  const url = await target(t, { cognito: { issuer: 'aws' } })
  const sdk = new CognitoIdentityProviderClient(awsClient(url))
  t.teardown(() => sdk.destroy())
  const { UserPool } = await sdk.send(new CreateUserPoolCommand({ PoolName: 'journey' }))
  const UserPoolId = UserPool?.Id as string
  const { UserPoolClient } = await sdk.send(
    new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'app', ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] }),
  )
  const ClientId = UserPoolClient?.ClientId as string
  const Password = 'First-Secret-1'
  await sdk.send(new AdminCreateUserCommand({ UserPoolId, Username: 'ada', TemporaryPassword: Password, MessageAction: 'SUPPRESS' }))
  await sdk.send(new AdminSetUserPasswordCommand({ UserPoolId, Username: 'ada', Password, Permanent: true }))
  const { AuthenticationResult } = await sdk.send(
    new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'ada', PASSWORD: Password } }),
  )
  const { AccessToken = '', IdToken = '' } = AuthenticationResult ?? {}

  const jwks = (await (await fetch(`${url}/${UserPoolId}/.well-known/jwks.json`)).json()) as Parameters<
    ReturnType<typeof CognitoJwtVerifier.create>['cacheJwks']
  >[0]
  const verifierOf = (tokenUse: 'access' | 'id') => {
    const verifier = CognitoJwtVerifier.create({ userPoolId: UserPoolId, tokenUse, clientId: ClientId })
    verifier.cacheJwks(jwks)
    return verifier
  }
  t.match(await verifierOf('access').verify(AccessToken), { username: 'ada', client_id: ClientId })
  t.match(await verifierOf('id').verify(IdToken), { 'cognito:username': 'ada', aud: ClientId })
  await t.rejects(verifierOf('access').verify(IdToken), { message: 'Token use not allowed: id. Expected: access' })
  await t.rejects(verifierOf('access').verify(`${AccessToken.slice(0, -8)}AAAAAAAA`), { message: 'Invalid signature' })
  t.match(await sdk.send(new GetUserCommand({ AccessToken })), { Username: 'ada' })
})

import { test } from 'tap'
import { emulator } from '../support/emulator.ts'
import { addClient, claimsOf, makeUser, makeWorld, PASSWORD, refuses, type Tokens, tokensOf, type World } from '../support/sign-in.ts'

const ACCESS_REVOKED = ['NotAuthorizedException', 'Access Token has been revoked'] as const
const REFRESH_REVOKED = ['NotAuthorizedException', 'Refresh Token has been revoked'] as const
const REUSED = ['RefreshTokenReuseException', 'Refresh token has been used already'] as const

test('revocation', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(idp)
  await makeUser(idp, world, 'ada')
  const refresh = (token: string, { client }: World = world) =>
    idp.cognito.InitiateAuth({ AuthFlow: 'REFRESH_TOKEN_AUTH', ClientId: client, AuthParameters: { REFRESH_TOKEN: token } })
  const getUser = ({ AccessToken }: { AccessToken: string }) => idp.cognito.GetUser({ AccessToken })

  await t.test('GlobalSignOut ends every token of the user, and a new sign-in works at once (T7, T8, T10)', async (t) => {
    const [one, two] = [await tokensOf(idp, world, 'ada'), await tokensOf(idp, world, 'ada')]
    const later = (await refresh(two.RefreshToken)).AuthenticationResult as Tokens
    t.strictSame(await idp.cognito.GlobalSignOut({ AccessToken: one.AccessToken }), {})
    for (const tokens of [one, two, later]) await refuses(t, getUser(tokens), ...ACCESS_REVOKED)
    for (const tokens of [one, two]) await refuses(t, refresh(tokens.RefreshToken), ...REFRESH_REVOKED)
    await refuses(t, idp.cognito.GlobalSignOut({ AccessToken: one.AccessToken }), ...ACCESS_REVOKED)
    t.ok(await getUser(await tokensOf(idp, world, 'ada')))
  })

  await t.test('AdminUserGlobalSignOut does it too, whatever the client (T8)', async (t) => {
    const plain = await addClient(idp, world.pool, { EnableTokenRevocation: false, ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] })
    const [one, two] = [await tokensOf(idp, world, 'ada'), await tokensOf(idp, plain, 'ada')]
    t.strictSame(await idp.cognito.AdminUserGlobalSignOut({ UserPoolId: world.pool, Username: 'ada' }), {})
    for (const tokens of [one, two]) await refuses(t, getUser(tokens), ...ACCESS_REVOKED)
    const nobody = idp.cognito.AdminUserGlobalSignOut({ UserPoolId: world.pool, Username: 'nobody' })
    await refuses(t, nobody, 'UserNotFoundException', 'User does not exist.')
  })

  await t.test('a disabled user is stopped at once, and enabling brings no token back (A9)', async (t) => {
    await makeUser(idp, world, 'dora')
    const tokens = await tokensOf(idp, world, 'dora')
    await idp.cognito.AdminDisableUser({ UserPoolId: world.pool, Username: 'dora' })
    await refuses(t, getUser(tokens), 'NotAuthorizedException', 'User is disabled.')
    await refuses(t, refresh(tokens.RefreshToken), 'NotAuthorizedException', 'User is disabled.')
    await idp.cognito.AdminEnableUser({ UserPoolId: world.pool, Username: 'dora' })
    await refuses(t, getUser(tokens), ...ACCESS_REVOKED)
    await refuses(t, refresh(tokens.RefreshToken), ...REFRESH_REVOKED)
  })

  await t.test('a user who has to reset the password is told so whatever the token opens, and goes on afterwards (L3)', async (t) => {
    await makeUser(idp, world, 'rita', { email: 'rita@example.com', email_verified: 'true' })
    const { AccessToken } = await tokensOf(idp, world, 'rita')
    await idp.cognito.AdminResetUserPassword({ UserPoolId: world.pool, Username: 'rita' })
    const ConfirmationCode = idp.outbox.latest({ to: 'rita@example.com' })?.code as string
    const reset = ['PasswordResetRequiredException', 'Password reset required for the user'] as const
    await refuses(t, getUser({ AccessToken }), ...reset)
    await refuses(t, idp.cognito.ListDevices({ AccessToken }), ...reset)
    await refuses(t, idp.cognito.GlobalSignOut({ AccessToken }), ...reset)
    await idp.cognito.ConfirmForgotPassword({ ClientId: world.client, Username: 'rita', ConfirmationCode, Password: PASSWORD })
    t.equal((await getUser({ AccessToken })).Username, 'rita')
  })

  await t.test('RevokeToken (T9)', async (t) => {
    const [one, two] = [await tokensOf(idp, world, 'ada'), await tokensOf(idp, world, 'ada')]
    const later = (await refresh(one.RefreshToken)).AuthenticationResult as Tokens
    t.strictSame(await idp.cognito.RevokeToken({ ClientId: world.client, Token: one.RefreshToken }), {})
    await refuses(t, refresh(one.RefreshToken), ...REFRESH_REVOKED)
    for (const tokens of [one, later]) await refuses(t, getUser(tokens), ...ACCESS_REVOKED)
    t.ok(await getUser(two), 'another sign-in goes on')

    t.strictSame(await idp.cognito.RevokeToken({ ClientId: world.client, Token: 'abc' }), {})
    const access = idp.cognito.RevokeToken({ ClientId: world.client, Token: two.AccessToken })
    await refuses(t, access, 'UnsupportedTokenTypeException', 'Only refresh tokens can be revoked')
    const plain = await addClient(idp, world.pool, { EnableTokenRevocation: false })
    const off = idp.cognito.RevokeToken({ ClientId: plain.client, Token: 'abc' })
    await refuses(t, off, 'UnsupportedOperationException', 'Token revocation is not enabled for this client')

    const kept = await addClient(idp, world.pool, { GenerateSecret: true })
    const wrong = idp.cognito.RevokeToken({ ClientId: kept.client, Token: 'abc', ClientSecret: 'x'.repeat(30) })
    await refuses(t, wrong, 'UnauthorizedException', 'Invalid client')
    await refuses(t, idp.cognito.RevokeToken({ ClientId: kept.client, Token: 'abc' }), 'UnauthorizedException', 'Invalid client')
    t.strictSame(await idp.cognito.RevokeToken({ ClientId: kept.client, Token: 'abc', ClientSecret: kept.secret }), {})
  })
})

test('GetTokensFromRefreshToken', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(idp)
  await makeUser(idp, world, 'ada')
  const exchange = (RefreshToken: string, { client, secret }: World = world) =>
    idp.cognito.GetTokensFromRefreshToken({ ClientId: client, RefreshToken, ClientSecret: secret })

  await t.test('works without rotation, again and again (T11)', async (t) => {
    const { RefreshToken, AccessToken } = await tokensOf(idp, world, 'ada')
    for (let i = 0; i < 2; i++) {
      const { AuthenticationResult } = await exchange(RefreshToken)
      t.strictSame(Object.keys(AuthenticationResult ?? {}), ['AccessToken', 'ExpiresIn', 'TokenType', 'IdToken'])
      t.equal(claimsOf(AuthenticationResult?.AccessToken as string).origin_jti, claimsOf(AccessToken).origin_jti)
    }
    await refuses(t, exchange('abc'), 'NotAuthorizedException', 'Invalid Refresh Token.')
  })

  await t.test('takes the client’s secret, not a hash (T11)', async (t) => {
    const kept = await addClient(idp, world.pool, { GenerateSecret: true })
    const wrong = ['NotAuthorizedException', `Unable to verify secret for client ${kept.client}`] as const
    await refuses(t, exchange('abc', { ...kept, secret: undefined }), ...wrong)
    await refuses(t, exchange('abc', { ...kept, secret: 'x'.repeat(30) }), ...wrong)
    await refuses(t, exchange('abc', kept), 'NotAuthorizedException', 'Invalid Refresh Token.')
  })

  await t.test('rotates: a new token each time, the old one good for the grace period only (T11, T12)', async (t) => {
    const rotating = await addClient(idp, world.pool, {
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 },
      RefreshTokenValidity: 1,
    })
    const first = await tokensOf(idp, rotating, 'ada')
    const second = (await exchange(first.RefreshToken, rotating)).AuthenticationResult as Tokens
    t.not(second.RefreshToken, first.RefreshToken)
    idp.clock.advance(9_999)
    t.ok((await exchange(first.RefreshToken, rotating)).AuthenticationResult)
    idp.clock.advance(1)
    await refuses(t, exchange(first.RefreshToken, rotating), ...REUSED)
    const third = (await exchange(second.RefreshToken, rotating)).AuthenticationResult as Tokens
    // The last one ends when the first would have.
    idp.clock.advance(86_400_000 - 10_000)
    await refuses(t, exchange(third.RefreshToken, rotating), 'NotAuthorizedException', 'Refresh Token has expired')
  })

  await t.test('is the only way to refresh where tokens rotate (T13)', async (t) => {
    const rotating = await addClient(idp, world.pool, { ExplicitAuthFlows: undefined, RefreshTokenRotation: { Feature: 'ENABLED' } })
    await idp.cognito.UpdateUserPoolClient({
      UserPoolId: world.pool,
      ClientId: rotating.client,
      ExplicitAuthFlows: ['USER_PASSWORD_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED' },
    })
    const { RefreshToken } = await tokensOf(idp, rotating, 'ada')
    const old = idp.cognito.InitiateAuth({
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      ClientId: rotating.client,
      AuthParameters: { REFRESH_TOKEN: RefreshToken },
    })
    const message = 'Refresh token rotation is enabled for this client. Use GetTokensFromRefreshToken.'
    await refuses(t, old, 'NotAuthorizedException', message)
    const both = await Promise.allSettled([exchange(RefreshToken, rotating), exchange(RefreshToken, rotating)])
    t.strictSame(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    await refuses(t, exchange(RefreshToken, rotating), ...REUSED)
  })
})

test('RevokeToken of a sign-in through the pages', async (t) => {
  const idp = await emulator(t)
  const redirect_uri = 'https://app.example/cb'
  const world = await makeWorld(
    idp,
    {},
    {
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid'],
      CallbackURLs: [redirect_uri],
      SupportedIdentityProviders: ['COGNITO'],
    },
  )
  await makeUser(idp, world, 'ada')
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const query = new URLSearchParams({ client_id: world.client, response_type: 'code', redirect_uri, scope: 'openid' }).toString()
  const cookiesOf = (headers: Record<string, unknown>) =>
    [headers['set-cookie'] ?? []].flat().map((cookie) => String(cookie).split(';', 1)[0] as string)
  const pathOf = ({ headers }: { headers: Record<string, unknown> }) => new URL(String(headers.location), 'http://localhost').pathname

  /** Signs in at the pages; answers the browser's cookies and the refresh token. */
  const signIn = async () => {
    const page = await idp.request('GET', `/login?${query}`)
    const csrf = cookiesOf(page.headers).find((cookie) => cookie.startsWith('XSRF-TOKEN=')) as string
    const body = new URLSearchParams({ _csrf: csrf.slice('XSRF-TOKEN='.length), username: 'ada', password: PASSWORD }).toString()
    const posted = await idp.request('POST', `/login?${query}`, body, { ...form, cookie: csrf })
    const code = new URL(String(posted.headers.location)).searchParams.get('code') as string
    const grant = new URLSearchParams({ grant_type: 'authorization_code', client_id: world.client, code, redirect_uri }).toString()
    const tokens = (await idp.request('POST', '/oauth2/token', grant, form)).body as { refresh_token: string }
    return { cookie: cookiesOf(posted.headers).join('; '), Token: tokens.refresh_token }
  }

  await t.test('GlobalSignOut leaves the browser signed in at the pages (T8)', async (t) => {
    const { cookie } = await signIn()
    const direct = await addClient(idp, world.pool)
    await idp.cognito.GlobalSignOut({ AccessToken: (await tokensOf(idp, direct, 'ada')).AccessToken })
    t.equal(pathOf(await idp.request('GET', `/oauth2/authorize?${query}`, undefined, { cookie })), '/cb')
    await idp.cognito.AdminUserGlobalSignOut({ UserPoolId: world.pool, Username: 'ada' })
    t.equal(pathOf(await idp.request('GET', `/oauth2/authorize?${query}`, undefined, { cookie })), '/cb')
  })

  for (const [RevokeAssociatedSessions, next] of [
    ['NONE', '/cb'],
    ['LINKED', '/login'],
  ] as const) {
    await t.test(`${RevokeAssociatedSessions} leads the browser to ${next}`, async (t) => {
      const { cookie, Token } = await signIn()
      t.equal(pathOf(await idp.request('GET', `/oauth2/authorize?${query}`, undefined, { cookie })), '/cb', 'signed in at the pages')
      await idp.cognito.RevokeToken({ ClientId: world.client, Token, RevokeAssociatedSessions })
      t.equal(pathOf(await idp.request('GET', `/oauth2/authorize?${query}`, undefined, { cookie })), next)
      const refresh = idp.cognito.InitiateAuth({
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        ClientId: world.client,
        AuthParameters: { REFRESH_TOKEN: Token },
      })
      await refuses(t, refresh, ...REFRESH_REVOKED)
    })
  }
})

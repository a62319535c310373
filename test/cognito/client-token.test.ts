import { test } from 'tap'
import type { Operations } from '../../src/cognito/contract/types.ts'
import { emulator, START } from '../support/emulator.ts'
import { addClient, claimsOf, makeWorld, refuses, signIn } from '../support/sign-in.ts'

test('GetClientToken', async (t) => {
  const idp = await emulator(t)
  const { pool } = await makeWorld(idp)
  await idp.cognito.CreateResourceServer({
    UserPoolId: pool,
    Identifier: 'solar',
    Name: 'solar',
    Scopes: ['read', 'write', 'other'].map((ScopeName) => ({ ScopeName, ScopeDescription: ScopeName })),
  })
  const flow = { ExplicitAuthFlows: ['ALLOW_CLIENT_TOKEN_AUTH'] } as unknown as Operations['CreateUserPoolClient']['input']
  const oauth = {
    GenerateSecret: true,
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['client_credentials' as const],
    AllowedOAuthScopes: ['solar/read', 'solar/write'],
  }
  const machine = await addClient(idp, pool, { ...flow, ...oauth })
  const get = (Scopes?: string[], { client, secret } = machine) =>
    idp.cognito.GetClientToken({ ClientId: client, Secret: secret as string, Scopes })

  await t.test('answers an access token of the client itself', async (t) => {
    const { ClientAuthenticationResult } = await get(['solar/read'])
    const { AccessToken = '', ...rest } = ClientAuthenticationResult ?? {}
    t.strictSame(rest, { ExpiresIn: 3600, TokenType: 'Bearer' })
    const { jti, ...claims } = claimsOf(AccessToken)
    t.match(jti, /^[0-9a-f-]{36}$/)
    t.strictSame(claims, {
      sub: machine.client,
      token_use: 'access',
      scope: 'solar/read',
      auth_time: START / 1000,
      iss: `http://localhost:80/${pool}`,
      exp: START / 1000 + 3600,
      iat: START / 1000,
      version: 2,
      client_id: machine.client,
    })
    await refuses(t, idp.cognito.GetUser({ AccessToken }), 'NotAuthorizedException', 'Access Token does not have required scopes')
    t.equal(claimsOf((await get()).ClientAuthenticationResult?.AccessToken as string).scope, 'solar/read solar/write')
  })

  await t.test('refuses what is not allowed', async (t) => {
    const wrong = `Unable to verify secret for client ${machine.client}`
    await refuses(t, get(undefined, { ...machine, secret: 'x'.repeat(30) }), 'NotAuthorizedException', wrong)
    await refuses(t, get(['solar/other']), 'InvalidParameterException', 'The scope solar/other is not allowed for the client.')
    const off = await addClient(idp, pool, { GenerateSecret: true })
    await refuses(t, get(undefined, off), 'InvalidParameterException', 'CLIENT_TOKEN_AUTH is not enabled for the client.')
    await refuses(
      t,
      addClient(idp, pool, { ...oauth, ExplicitAuthFlows: [...(flow.ExplicitAuthFlows ?? []), 'ALLOW_USER_AUTH'] }),
      'InvalidParameterException',
      'ALLOW_CLIENT_TOKEN_AUTH cannot be combined with other values of ExplicitAuthFlows.',
    )
    await refuses(
      t,
      signIn(idp, machine, 'ada'),
      'NotAuthorizedException',
      `Client ${machine.client} is configured with secret but SECRET_HASH was not received`,
    )
  })

  await t.test('grants no scope whose resource server is gone (G7)', async (t) => {
    await idp.cognito.DeleteResourceServer({ UserPoolId: pool, Identifier: 'solar' })
    t.equal(claimsOf((await get()).ClientAuthenticationResult?.AccessToken as string).scope, '')
  })
})

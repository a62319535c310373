import { test } from 'tap'
import { emulator, START } from '../support/emulator.ts'

test('CreateUserPoolClient', async (t) => {
  const idp = await emulator(t)
  const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'people' })
  const UserPoolId = UserPool?.Id as string

  await t.test('answers the defaults of a plain client', async (t) => {
    const { UserPoolClient } = await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'web' })
    const ClientId = UserPoolClient?.ClientId ?? ''
    t.match(ClientId, /^[0-9a-z]{26}$/)
    t.strictSame(UserPoolClient, {
      UserPoolId,
      ClientName: 'web',
      ClientId,
      LastModifiedDate: START / 1000,
      CreationDate: START / 1000,
      RefreshTokenValidity: 30,
      AllowedOAuthFlowsUserPoolClient: false,
      EnableTokenRevocation: true,
      EnablePropagateAdditionalUserContextData: false,
      AuthSessionValidity: 3,
    })
    t.strictSame(await idp.cognito.DescribeUserPoolClient({ UserPoolId, ClientId }), { UserPoolClient })
  })

  await t.test('makes a secret, and keeps one that is given', async (t) => {
    const made = await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'server', GenerateSecret: true })
    t.match(made.UserPoolClient?.ClientSecret, /^[0-9a-z]{51}$/)
    const ClientSecret = 'a'.repeat(30)
    const given = await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'server', ClientSecret })
    t.equal(given.UserPoolClient?.ClientSecret, ClientSecret)
  })
})

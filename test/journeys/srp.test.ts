import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { AuthenticationDetails, CognitoUser, CognitoUserPool, type CognitoUserSession } from 'amazon-cognito-identity-js'
import { createSecretHash, createSrpSession, signSrpSession, wrapAuthChallenge, wrapInitiateAuth } from 'cognito-srp-helper'
import { test } from 'tap'
import { awsClient, target } from '../support/target.ts'

const PASSWORD = 'Secret-Password-1'

test('signing in without sending the password', async (t) => {
  const url = await target(t)
  const sdk = new CognitoIdentityProviderClient(awsClient(url))
  t.teardown(() => sdk.destroy())

  async function makeWorld(pool: Partial<CreateUserPoolCommandInput> = {}, secret = false) {
    const { UserPool } = await sdk.send(new CreateUserPoolCommand({ PoolName: 'srp', ...pool }))
    const { UserPoolClient } = await sdk.send(
      new CreateUserPoolClientCommand({ UserPoolId: UserPool?.Id, ClientName: 'app', GenerateSecret: secret }),
    )
    return { pool: UserPool?.Id as string, client: UserPoolClient?.ClientId as string, secret: UserPoolClient?.ClientSecret ?? '' }
  }

  async function makeUser(pool: string, Username: string, permanent = true): Promise<string> {
    const { User } = await sdk.send(
      new AdminCreateUserCommand({ UserPoolId: pool, Username, TemporaryPassword: PASSWORD, MessageAction: 'SUPPRESS' }),
    )
    if (permanent) await sdk.send(new AdminSetUserPasswordCommand({ UserPoolId: pool, Username, Password: PASSWORD, Permanent: true }))
    return User?.Username as string
  }

  const world = await makeWorld()
  await makeUser(world.pool, 'ada')

  await t.test('amazon-cognito-identity-js: the right password, a wrong one, a first one', async (t) => {
    const pool = new CognitoUserPool({ UserPoolId: world.pool, ClientId: world.client, endpoint: url })
    const authenticate = (Username: string, Password: string, newPassword?: string) =>
      new Promise<CognitoUserSession>((resolve, reject) => {
        const user = new CognitoUser({ Username, Pool: pool })
        const callbacks = { onSuccess: resolve, onFailure: reject }
        user.authenticateUser(new AuthenticationDetails({ Username, Password }), {
          ...callbacks,
          newPasswordRequired: () => user.completeNewPasswordChallenge(newPassword ?? '', {}, callbacks),
        })
      })
    for (let round = 0; round < 5; round++) {
      const session = await authenticate('ada', PASSWORD)
      t.equal(session.getIdToken().payload['cognito:username'], 'ada')
      t.ok(session.isValid())
    }
    await t.rejects(authenticate('ada', 'Wrong-Password-1'), { code: 'NotAuthorizedException', message: 'Incorrect username or password.' })
    await t.rejects(authenticate('nobody', PASSWORD), { code: 'UserNotFoundException', message: 'User does not exist.' })

    await makeUser(world.pool, 'new', false)
    t.ok((await authenticate('new', PASSWORD, 'Another-Password-2')).isValid())
    t.ok((await authenticate('new', 'Another-Password-2')).isValid())
  })

  const proofs: [title: string, pool: Partial<CreateUserPoolCommandInput>, secret: boolean, name: string][] = [
    ['a plain pool', {}, false, 'ada'],
    ['a client with a secret', {}, true, 'ada'],
    ['users named by e-mail', { UsernameAttributes: ['email'] }, false, 'ada@example.com'],
    ['users named by e-mail and a client with a secret', { UsernameAttributes: ['email'] }, true, 'ada@example.com'],
  ]
  for (const [title, options, secret, name] of proofs) {
    await t.test(`cognito-srp-helper: ${title} (L13)`, async (t) => {
      const here = await makeWorld(options, secret)
      const real = await makeUser(here.pool, name)
      for (const answerAs of new Set([name, real])) {
        for (const withSession of [true, false]) {
          const session = createSrpSession(name, PASSWORD, here.pool, false)
          const hash = (username: string) => (secret ? { SECRET_HASH: createSecretHash(username, here.client, here.secret) } : {})
          const first = await sdk.send(
            new InitiateAuthCommand(
              wrapInitiateAuth(session, {
                ClientId: here.client,
                AuthFlow: 'USER_SRP_AUTH',
                AuthParameters: { USERNAME: name, ...hash(name) },
              }) as never,
            ),
          )
          t.equal(first.ChallengeParameters?.USER_ID_FOR_SRP, real)
          const signed = signSrpSession(session, first as never)
          const second = await sdk.send(
            new RespondToAuthChallengeCommand(
              wrapAuthChallenge(signed, {
                ClientId: here.client,
                ChallengeName: 'PASSWORD_VERIFIER',
                ChallengeResponses: { USERNAME: answerAs, ...hash(answerAs) },
                ...(withSession ? { Session: first.Session } : {}),
              }) as never,
            ),
          )
          t.ok(second.AuthenticationResult?.RefreshToken)
        }
      }
    })
  }
})

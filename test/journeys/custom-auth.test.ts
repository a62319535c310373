import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { AuthenticationDetails, CognitoUser, CognitoUserPool, type CognitoUserSession } from 'amazon-cognito-identity-js'
import { createSrpSession, signSrpSession, wrapAuthChallenge, wrapInitiateAuth } from 'cognito-srp-helper'
import { test } from 'tap'
import { arn, moduleAt } from '../support/functions.ts'
import { awsClient, target } from '../support/target.ts'

const PASSWORD = 'Secret-Password-1'

/** The functions of test/fixtures/functions/passwordless.js; against the real service, a Lambda function made of it. */
const LAMBDA = process.env.PASSWORDLESS_FUNCTION ?? arn('passwordless.js')

test('signing in by questions of one’s own', async (t) => {
  const url = await target(t, { cognito: { functions: { [LAMBDA]: moduleAt('passwordless.js') } } })
  const sdk = new CognitoIdentityProviderClient(awsClient(url))
  t.teardown(() => sdk.destroy())
  const triggers = { DefineAuthChallenge: LAMBDA, CreateAuthChallenge: LAMBDA, VerifyAuthChallengeResponse: LAMBDA }
  const { UserPool } = await sdk.send(new CreateUserPoolCommand({ PoolName: 'custom', LambdaConfig: triggers }))
  const UserPoolId = UserPool?.Id as string
  const { UserPoolClient } = await sdk.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'app' }))
  const ClientId = UserPoolClient?.ClientId as string
  await sdk.send(new AdminCreateUserCommand({ UserPoolId, Username: 'ada', TemporaryPassword: PASSWORD, MessageAction: 'SUPPRESS' }))
  await sdk.send(new AdminSetUserPasswordCommand({ UserPoolId, Username: 'ada', Password: PASSWORD, Permanent: true }))

  const pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint: url })
  /** Signs in and answers the questions with these, one after the other. */
  const signIn = (how: 'initiateAuth' | 'authenticateUser', answers: string[], password = PASSWORD) =>
    new Promise<{ session: CognitoUserSession; questions: unknown[] }>((resolve, reject) => {
      const user = new CognitoUser({ Username: 'ada', Pool: pool })
      user.setAuthenticationFlowType('CUSTOM_AUTH')
      const questions: unknown[] = []
      const callbacks = {
        onSuccess: (session: CognitoUserSession) => resolve({ session, questions }),
        onFailure: reject,
        customChallenge(parameters: unknown) {
          questions.push(parameters)
          user.sendCustomChallengeAnswer(answers[questions.length - 1] ?? '', callbacks)
        },
      }
      user[how](new AuthenticationDetails({ Username: 'ada', ...(how === 'initiateAuth' ? {} : { Password: password }) }), callbacks)
    })

  await t.test('amazon-cognito-identity-js: without a password, at the second try', async (t) => {
    const { session, questions } = await signIn('initiateAuth', ['five', '4'])
    t.ok(session.isValid())
    const question = { USERNAME: 'ada', question: 'What is two and two?' }
    t.same(questions, [question, question])
  })

  await t.test('amazon-cognito-identity-js: three wrong answers', async (t) => {
    await t.rejects(signIn('initiateAuth', ['1', '2', '3']), {
      code: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
    })
  })

  await t.test('amazon-cognito-identity-js: after the password', async (t) => {
    const { session, questions } = await signIn('authenticateUser', ['4'])
    t.equal(session.getIdToken().payload['cognito:username'], 'ada')
    t.equal(questions.length, 1)
    await t.rejects(signIn('authenticateUser', ['4'], 'Wrong-Password-1'), { message: 'Incorrect username or password.' })
  })

  await t.test('cognito-srp-helper: after the password', async (t) => {
    const session = createSrpSession('ada', PASSWORD, UserPoolId, false)
    const first = await sdk.send(
      new InitiateAuthCommand(
        wrapInitiateAuth(session, {
          ClientId,
          AuthFlow: 'CUSTOM_AUTH',
          AuthParameters: { USERNAME: 'ada', CHALLENGE_NAME: 'SRP_A' },
        }) as never,
      ),
    )
    t.equal(first.ChallengeName, 'PASSWORD_VERIFIER')
    const second = await sdk.send(
      new RespondToAuthChallengeCommand(
        wrapAuthChallenge(signSrpSession(session, first as never), {
          ClientId,
          ChallengeName: 'PASSWORD_VERIFIER',
          ChallengeResponses: { USERNAME: 'ada' },
          Session: first.Session,
        }) as never,
      ),
    )
    t.equal(second.ChallengeName, 'CUSTOM_CHALLENGE')
    const { AuthenticationResult } = await sdk.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName: 'CUSTOM_CHALLENGE',
        Session: second.Session,
        ChallengeResponses: { USERNAME: 'ada', ANSWER: '4' },
      }),
    )
    t.ok(AuthenticationResult?.AccessToken)
  })
})

import {
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  AuthenticationDetails,
  CognitoRefreshToken,
  CognitoUser,
  CognitoUserAttribute,
  CognitoUserPool,
  type CognitoUserSession,
} from 'amazon-cognito-identity-js'
import { test } from 'tap'
import { arn, moduleAt } from '../support/functions.ts'
import { only } from '../support/only.ts'
import { awsClient, target } from '../support/target.ts'

const PASSWORD = 'Secret-Password-1'
const OTHER = 'Another-Password-2'

/** Calls back as the library does, awaited. */
function done<T>(act: (callbacks: { onSuccess: (value: T) => void; onFailure: (error: Error) => void }) => void): Promise<T> {
  return new Promise((resolve, reject) => act({ onSuccess: resolve, onFailure: reject }))
}

function called<T>(act: (callback: (error?: Error | null, value?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => act((error, value) => (error ? reject(error) : resolve(value as T))))
}

test('a browser’s life with amazon-cognito-identity-js', async (t) => {
  const name = 'passwordless.js'
  const url = await target(t, { cognito: { functions: { [arn(name)]: moduleAt(name) } } })
  const sdk = new CognitoIdentityProviderClient(awsClient(url))
  t.teardown(() => sdk.destroy())
  const { UserPool } = await sdk.send(
    new CreateUserPoolCommand({
      PoolName: 'browser',
      AutoVerifiedAttributes: ['email'],
      LambdaConfig: { DefineAuthChallenge: arn(name), CreateAuthChallenge: arn(name), VerifyAuthChallengeResponse: arn(name) },
    }),
  )
  const { UserPoolClient } = await sdk.send(new CreateUserPoolClientCommand({ UserPoolId: UserPool?.Id, ClientName: 'web' }))
  const pool = new CognitoUserPool({
    UserPoolId: UserPool?.Id as string,
    ClientId: UserPoolClient?.ClientId as string,
    endpoint: url,
  })
  const mailedCode = async () => {
    const answer = await fetch(`${url}/_/outbox/latest?to=ada@example.com`)
    return ((await answer.json()) as { code: string }).code
  }
  const user = () => new CognitoUser({ Username: 'ada', Pool: pool })
  const signIn = (Password: string, as = user()) =>
    done<CognitoUserSession>((callbacks) => as.authenticateUser(new AuthenticationDetails({ Username: 'ada', Password }), callbacks))

  await t.test('signs up, is not let in unconfirmed, and confirms', async (t) => {
    const email = new CognitoUserAttribute({ Name: 'email', Value: 'ada@example.com' })
    const result = await called<{ userSub: string; userConfirmed: boolean; codeDeliveryDetails: { Destination?: string } }>((callback) =>
      pool.signUp('ada', PASSWORD, [email], [], callback as never),
    )
    t.match(result, { userConfirmed: false, codeDeliveryDetails: { Destination: 'a***@e***' } })
    await t.rejects(signIn(PASSWORD), { code: 'UserNotConfirmedException', message: 'User is not confirmed.' })
    const wrong = called((callback) => user().confirmRegistration('000000', false, callback))
    await t.rejects(wrong, { code: 'CodeMismatchException', message: 'Invalid verification code provided, please try again.' })
    t.equal((await called((callback) => user().resendConfirmationCode(callback))) === undefined, false)
    const code = await mailedCode()
    t.equal(await called((callback) => user().confirmRegistration(code, false, callback)), 'SUCCESS')
  })

  await t.test('signs in, reads and writes attributes, refreshes', async (t) => {
    const ada = user()
    const session = await signIn(PASSWORD, ada)
    t.ok(session.isValid())
    await called((callback) => ada.updateAttributes([new CognitoUserAttribute({ Name: 'given_name', Value: 'Ada' })], callback))
    const attributes = await called<CognitoUserAttribute[]>((callback) => ada.getUserAttributes(callback as never))
    t.match(
      attributes.map((attribute) => `${attribute.getName()}=${attribute.getValue()}`),
      only(/^sub=/, 'email=ada@example.com', 'email_verified=true', 'given_name=Ada'),
    )
    const refreshed = await called<CognitoUserSession>((callback) => ada.refreshSession(session.getRefreshToken(), callback))
    t.equal(refreshed.getIdToken().payload.given_name, 'Ada')
    const forged = called((callback) => ada.refreshSession(new CognitoRefreshToken({ RefreshToken: 'abc' }), callback))
    await t.rejects(forged, { code: 'NotAuthorizedException', message: 'Invalid Refresh Token' })
  })

  await t.test('changes the password, forgets it and sets another', async (t) => {
    const ada = user()
    await signIn(PASSWORD, ada)
    t.equal(await called((callback) => ada.changePassword(PASSWORD, OTHER, callback)), 'SUCCESS')
    await t.rejects(signIn(PASSWORD), { code: 'NotAuthorizedException', message: 'Incorrect username or password.' })
    t.match(await done((callbacks) => user().forgotPassword(callbacks)), { CodeDeliveryDetails: { DeliveryMedium: 'EMAIL' } })
    const code = await mailedCode()
    t.equal(await done((callbacks) => user().confirmPassword(code, PASSWORD, callbacks)), 'SUCCESS')
    t.ok((await signIn(PASSWORD)).isValid())
  })

  await t.test('answers a question of the pool’s own', async (t) => {
    const ada = user()
    ada.setAuthenticationFlowType('CUSTOM_AUTH')
    const asked: unknown[] = []
    const session = await done<CognitoUserSession>((callbacks) => {
      const more = {
        ...callbacks,
        customChallenge: (parameters: { question?: string }) => {
          asked.push(parameters.question)
          ada.sendCustomChallengeAnswer(asked.length === 1 ? '5' : '4', more)
        },
      }
      ada.initiateAuth(new AuthenticationDetails({ Username: 'ada' }), more)
    })
    t.strictSame(asked, ['What is two and two?', 'What is two and two?'])
    t.ok(session.isValid())
  })

  await t.test('deletes the account', async (t) => {
    const ada = user()
    await signIn(PASSWORD, ada)
    t.equal(await called((callback) => ada.deleteUser(callback as never)), 'SUCCESS')
    await t.rejects(signIn(PASSWORD), { code: 'UserNotFoundException', message: 'User does not exist.' })
  })
})

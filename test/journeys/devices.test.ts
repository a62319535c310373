import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  ConfirmDeviceCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { AuthenticationDetails, CognitoUser, CognitoUserPool, type CognitoUserSession } from 'amazon-cognito-identity-js'
import {
  createDeviceVerifier,
  createSrpSession,
  signSrpSession,
  signSrpSessionWithDevice,
  wrapAuthChallenge,
  wrapInitiateAuth,
} from 'cognito-srp-helper'
import { test } from 'tap'
import { awsClient, target } from '../support/target.ts'
import { totpAt } from '../support/totp.ts'

const PASSWORD = 'Secret-Password-1'

test('remembered devices and an authenticator app', async (t) => {
  const url = await target(t)
  const sdk = new CognitoIdentityProviderClient(awsClient(url))
  t.teardown(() => sdk.destroy())
  const { UserPool } = await sdk.send(
    new CreateUserPoolCommand({
      PoolName: 'devices',
      DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: false },
    }),
  )
  const UserPoolId = UserPool?.Id as string
  const { UserPoolClient } = await sdk.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'app' }))
  const ClientId = UserPoolClient?.ClientId as string
  const makeUser = async (Username: string) => {
    await sdk.send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }))
    await sdk.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: PASSWORD, Permanent: true }))
  }
  await sdk.send(
    new SetUserPoolMfaConfigCommand({ UserPoolId, MfaConfiguration: 'OPTIONAL', SoftwareTokenMfaConfiguration: { Enabled: true } }),
  )

  await t.test('amazon-cognito-identity-js', async (t) => {
    await makeUser('ada')
    const storage = new Map<string, string>()
    const Storage = {
      setItem: (key: string, value: string) => void storage.set(key, value),
      getItem: (key: string) => storage.get(key) ?? null,
      removeItem: (key: string) => void storage.delete(key),
      clear: () => storage.clear(),
    }
    const pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint: url, Storage })
    const asked: string[] = []
    const signIn = (code?: string) =>
      new Promise<{ user: CognitoUser; session: CognitoUserSession }>((resolve, reject) => {
        const user = new CognitoUser({ Username: 'ada', Pool: pool, Storage })
        const callbacks = {
          onSuccess: (session: CognitoUserSession) => resolve({ user, session }),
          onFailure: reject,
          totpRequired: () => {
            asked.push('totp')
            user.sendMFACode(code ?? '', callbacks, 'SOFTWARE_TOKEN_MFA')
          },
        }
        user.authenticateUser(new AuthenticationDetails({ Username: 'ada', Password: PASSWORD }), callbacks)
      })
    const deviceOf = ({ session }: { session: CognitoUserSession }) => session.getAccessToken().payload.device_key as string

    const first = await signIn()
    const again = await signIn()
    t.equal(deviceOf(again), deviceOf(first), 'the cached device signed in again')
    await new Promise((resolve, reject) =>
      again.user.refreshSession(again.session.getRefreshToken(), (error, session) => (error ? reject(error) : resolve(session))),
    )

    // An authenticator app, then a sign-in that the remembered device spares, then one from a device that is gone.
    const secret = await new Promise<string>((resolve, reject) =>
      again.user.associateSoftwareToken({ associateSecretCode: resolve, onFailure: reject }),
    )
    await new Promise((resolve, reject) =>
      again.user.verifySoftwareToken(totpAt(secret, Date.now()), 'my telephone', { onSuccess: resolve, onFailure: reject }),
    )
    await new Promise((resolve, reject) =>
      again.user.setUserMfaPreference(null, { Enabled: true, PreferredMfa: true }, (error, result) =>
        error ? reject(error) : resolve(result),
      ),
    )
    await signIn()
    t.strictSame(asked, [])
    await new Promise((resolve, reject) => again.user.forgetDevice({ onSuccess: resolve, onFailure: reject }))
    const fresh = await signIn(totpAt(secret, Date.now() + 30_000))
    t.strictSame(asked, ['totp'])
    t.not(deviceOf(fresh), deviceOf(first))

    await new Promise((resolve, reject) => fresh.user.globalSignOut({ onSuccess: resolve, onFailure: reject }))
    const { user, session } = fresh
    user.setSignInUserSession(session)
    const refused = new Promise((_resolve, reject) => user.getUserData((error) => reject(error), { bypassCache: true }))
    await t.rejects(refused, { code: 'NotAuthorizedException', message: 'Access Token has been revoked' })
  })

  await t.test('cognito-srp-helper', async (t) => {
    await makeUser('bob')
    const begin = async (more: Record<string, string> = {}) => {
      const session = createSrpSession('bob', PASSWORD, UserPoolId, false)
      const request = { ClientId, AuthFlow: 'USER_SRP_AUTH', AuthParameters: { USERNAME: 'bob', ...more } }
      const answer = await sdk.send(new InitiateAuthCommand(wrapInitiateAuth(session, request) as never))
      const signed = signSrpSession(session, answer as never)
      const proof = { ClientId, ChallengeName: 'PASSWORD_VERIFIER', ChallengeResponses: { USERNAME: 'bob', ...more } }
      return { session, signed, proven: await sdk.send(new RespondToAuthChallengeCommand(wrapAuthChallenge(signed, proof) as never)) }
    }
    const { proven } = await begin()
    const { DeviceKey = '', DeviceGroupKey = '' } = proven.AuthenticationResult?.NewDeviceMetadata ?? {}
    const { DeviceSecretVerifierConfig, DeviceRandomPassword } = createDeviceVerifier(DeviceKey, DeviceGroupKey)
    const confirmed = await sdk.send(
      new ConfirmDeviceCommand({ AccessToken: proven.AuthenticationResult?.AccessToken, DeviceKey, DeviceSecretVerifierConfig }),
    )
    t.equal(confirmed.UserConfirmationNecessary, false)

    const next = await begin({ DEVICE_KEY: DeviceKey })
    t.equal(next.proven.ChallengeName, 'DEVICE_SRP_AUTH')
    const ChallengeResponses = { USERNAME: 'bob', DEVICE_KEY: DeviceKey }
    const asked = await sdk.send(
      new RespondToAuthChallengeCommand(
        wrapAuthChallenge(next.signed, {
          ClientId,
          ChallengeName: 'DEVICE_SRP_AUTH',
          ChallengeResponses,
          Session: next.proven.Session as string,
        }) as never,
      ),
    )
    const signed = signSrpSessionWithDevice(next.session, asked as never, DeviceGroupKey, DeviceRandomPassword)
    const done = await sdk.send(
      new RespondToAuthChallengeCommand(
        wrapAuthChallenge(signed, { ClientId, ChallengeName: 'DEVICE_PASSWORD_VERIFIER', ChallengeResponses }) as never,
      ),
    )
    t.ok(done.AuthenticationResult?.AccessToken)
  })
})

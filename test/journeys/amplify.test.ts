import {
  confirmSignIn,
  fetchAuthSession,
  fetchUserAttributes,
  getCurrentUser,
  setUpTOTP,
  signIn,
  signOut,
  updateMFAPreference,
  verifyTOTPSetup,
} from '@aws-amplify/auth'
import { cognitoUserPoolsTokenProvider } from '@aws-amplify/auth/cognito'
import { Amplify } from '@aws-amplify/core'
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  SetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { test } from 'tap'
import { awsClient, target } from '../support/target.ts'
import { totpAt } from '../support/totp.ts'

const PASSWORD = 'Secret-Password-1'

test('an application with Amplify', async (t) => {
  const url = await target(t)
  const sdk = new CognitoIdentityProviderClient(awsClient(url))
  t.teardown(() => sdk.destroy())
  const { UserPool } = await sdk.send(new CreateUserPoolCommand({ PoolName: 'amplify' }))
  const UserPoolId = UserPool?.Id as string
  const { UserPoolClient } = await sdk.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'web' }))
  await sdk.send(
    new SetUserPoolMfaConfigCommand({ UserPoolId, MfaConfiguration: 'OPTIONAL', SoftwareTokenMfaConfiguration: { Enabled: true } }),
  )
  const makeUser = async (Username: string, permanent: boolean) => {
    const UserAttributes = [{ Name: 'email', Value: `${Username}@example.com` }]
    await sdk.send(
      new AdminCreateUserCommand({ UserPoolId, Username, TemporaryPassword: PASSWORD, MessageAction: 'SUPPRESS', UserAttributes }),
    )
    if (permanent) await sdk.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: PASSWORD, Permanent: true }))
  }

  const stored = new Map<string, string>()
  cognitoUserPoolsTokenProvider.setKeyValueStorage({
    setItem: async (key, value) => void stored.set(key, value),
    getItem: async (key) => stored.get(key) ?? null,
    removeItem: async (key) => void stored.delete(key),
    clear: async () => stored.clear(),
  })
  // What the umbrella package does for a browser.
  const Auth = { Cognito: { userPoolId: UserPoolId, userPoolClientId: UserPoolClient?.ClientId as string, userPoolEndpoint: url } }
  cognitoUserPoolsTokenProvider.setAuthConfig(Auth)
  Amplify.configure({ Auth }, { Auth: { tokenProvider: cognitoUserPoolsTokenProvider } })

  await t.test('signs in by SRP, reads the user, refreshes and signs out', async (t) => {
    await makeUser('ada', true)
    t.match(await signIn({ username: 'ada', password: PASSWORD }), { isSignedIn: true, nextStep: { signInStep: 'DONE' } })
    t.match(await getCurrentUser(), { username: 'ada' })
    t.match(await fetchUserAttributes(), { email: 'ada@example.com' })
    const before = (await fetchAuthSession()).tokens
    const after = (await fetchAuthSession({ forceRefresh: true })).tokens
    t.not(after?.accessToken.toString(), before?.accessToken.toString())
    t.equal(after?.accessToken.payload.origin_jti, before?.accessToken.payload.origin_jti)
    await signOut({ global: true })
    await t.rejects(getCurrentUser(), { name: 'UserUnAuthenticatedException' })
    await t.rejects(signIn({ username: 'ada', password: 'Wrong-Password-1' }), {
      name: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
    })
  })

  await t.test('changes a first password', async (t) => {
    await makeUser('bob', false)
    const { nextStep } = await signIn({ username: 'bob', password: PASSWORD })
    t.equal(nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED')
    t.match(await confirmSignIn({ challengeResponse: 'Another-Password-2' }), { isSignedIn: true })
    await signOut()
  })

  await t.test('sets up an authenticator app and is asked for its code', async (t) => {
    await makeUser('cleo', true)
    await signIn({ username: 'cleo', password: PASSWORD })
    const { sharedSecret } = await setUpTOTP()
    await verifyTOTPSetup({ code: totpAt(sharedSecret, Date.now()) })
    await updateMFAPreference({ totp: 'PREFERRED' })
    await signOut()
    const { nextStep } = await signIn({ username: 'cleo', password: PASSWORD })
    t.equal(nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_TOTP_CODE')
    const code = totpAt(sharedSecret, Date.now() + 30_000)
    t.match(await confirmSignIn({ challengeResponse: code }), { isSignedIn: true })
    await signOut()
  })
})

import { test } from 'tap'
import type { ChallengeNameType } from '../../src/cognito/contract/types.ts'
import { Authenticator } from '../support/authenticator.ts'
import { emulator, START } from '../support/emulator.ts'
import { makeUser, makeWorld, PASSWORD, refuses, signIn, tokensOf } from '../support/sign-in.ts'
import { deviceVerifier, srpClient } from '../support/srp.ts'
import { totpAt } from '../support/totp.ts'

const WRONG = ['NotAuthorizedException', 'Incorrect username or password.'] as const
const INVALID = ['NotAuthorizedException', 'Invalid session for the user.'] as const
const MISTYPED = ['CodeMismatchException', 'Invalid verification code provided, please try again.'] as const
const NO_DEVICE = ['ResourceNotFoundException', 'Device does not exist.'] as const

/** Whatever is one user's, sent as another's: codes, sessions, passkeys, devices. */
test('what proves somebody else', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(
    idp,
    {
      AutoVerifiedAttributes: ['email'],
      DeviceConfiguration: { ChallengeRequiredOnNewDevice: false, DeviceOnlyRememberedOnUserPrompt: false },
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'WEB_AUTHN'] } },
    },
    { ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
  )
  const { pool, client: ClientId } = world
  await idp.cognito.SetUserPoolMfaConfig({
    UserPoolId: pool,
    MfaConfiguration: 'OPTIONAL',
    SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sns' } },
    SoftwareTokenMfaConfiguration: { Enabled: true },
    WebAuthnConfiguration: { RelyingPartyId: 'example.com' },
  })
  const respond = (username: string, ChallengeName: ChallengeNameType, Session: string | undefined, more: Record<string, string>) =>
    idp.cognito.RespondToAuthChallenge({ ClientId, ChallengeName, Session, ChallengeResponses: { USERNAME: username, ...more } })
  const codeTo = (to: string) => idp.outbox.latest({ to })?.code ?? ''
  const contacts = (name: string, phone: string) => ({
    email: `${name}@example.com`,
    email_verified: 'true',
    phone_number: phone,
    phone_number_verified: 'true',
  })
  const PHONES = { ada: '+15555550101', bob: '+15555550102' }
  for (const [name, phone] of Object.entries(PHONES)) await makeUser(idp, world, name, contacts(name, phone))

  await t.test('a code to confirm a sign-up', async (t) => {
    for (const Username of ['cleo', 'dan']) {
      const UserAttributes = [{ Name: 'email', Value: `${Username}@example.com` }]
      await idp.cognito.SignUp({ ClientId, Username, Password: PASSWORD, UserAttributes })
    }
    const confirm = (Username: string, ConfirmationCode: string) => idp.cognito.ConfirmSignUp({ ClientId, Username, ConfirmationCode })
    t.not(codeTo('cleo@example.com'), codeTo('dan@example.com'))
    await refuses(t, confirm('cleo', codeTo('dan@example.com')), ...MISTYPED)
    t.ok(await confirm('cleo', codeTo('cleo@example.com')))
  })

  await t.test('a code to set a new password', async (t) => {
    for (const Username of ['ada', 'bob']) await idp.cognito.ForgotPassword({ ClientId, Username })
    const set = (Username: string, ConfirmationCode: string) =>
      idp.cognito.ConfirmForgotPassword({ ClientId, Username, ConfirmationCode, Password: PASSWORD })
    await refuses(t, set('ada', codeTo('bob@example.com')), ...MISTYPED)
    t.ok(await set('ada', codeTo('ada@example.com')))
  })

  await t.test('a code to verify an address', async (t) => {
    const [ada, bob] = [await tokensOf(idp, world, 'ada'), await tokensOf(idp, world, 'bob')]
    for (const { AccessToken } of [ada, bob]) await idp.cognito.GetUserAttributeVerificationCode({ AccessToken, AttributeName: 'email' })
    const verify = (Code: string) => idp.cognito.VerifyUserAttribute({ AccessToken: ada.AccessToken, AttributeName: 'email', Code })
    await refuses(t, verify(codeTo('bob@example.com')), ...MISTYPED)
    t.ok(await verify(codeTo('ada@example.com')))
  })

  await t.test('a code to sign in by, and the session that it belongs to', async (t) => {
    const begin = (USERNAME: string) =>
      idp.cognito.InitiateAuth({ AuthFlow: 'USER_AUTH', ClientId, AuthParameters: { USERNAME, PREFERRED_CHALLENGE: 'EMAIL_OTP' } })
    const [ada, bob] = [await begin('ada'), await begin('bob')]
    const give = (username: string, Session: string | undefined, EMAIL_OTP_CODE: string) =>
      respond(username, 'EMAIL_OTP', Session, { EMAIL_OTP_CODE })
    const mismatch = ['CodeMismatchException', 'Invalid code or auth state for the user.'] as const
    await refuses(t, give('ada', ada.Session, codeTo('bob@example.com')), ...mismatch)
    await refuses(t, give('ada', bob.Session, codeTo('bob@example.com')), ...INVALID)
    t.ok((await give('ada', ada.Session, codeTo('ada@example.com'))).AuthenticationResult)
  })

  await t.test('a passkey', async (t) => {
    const keyOf = async (username: string) => {
      const { AccessToken } = await tokensOf(idp, world, username)
      const { CredentialCreationOptions } = await idp.cognito.StartWebAuthnRegistration({ AccessToken })
      const authenticator = new Authenticator('https://example.com')
      const Credential = authenticator.create(CredentialCreationOptions as never) as never
      await idp.cognito.CompleteWebAuthnRegistration({ AccessToken, Credential })
      return authenticator
    }
    const [own, other] = [await keyOf('ada'), await keyOf('bob')]
    const signInBy = async (authenticator: Authenticator) => {
      const AuthParameters = { USERNAME: 'ada', PREFERRED_CHALLENGE: 'WEB_AUTHN' }
      const { Session, ChallengeParameters } = await idp.cognito.InitiateAuth({ AuthFlow: 'USER_AUTH', ClientId, AuthParameters })
      const options = JSON.parse(ChallengeParameters?.CREDENTIAL_REQUEST_OPTIONS ?? '') as never
      return respond('ada', 'WEB_AUTHN', Session, { CREDENTIAL: JSON.stringify(authenticator.get(options)) })
    }
    await refuses(t, signInBy(other), ...WRONG)
    t.ok((await signInBy(own)).AuthenticationResult)
  })

  await t.test('a device', async (t) => {
    const { AuthenticationResult } = await signIn(idp, world, 'bob')
    const { DeviceKey = '', DeviceGroupKey = '' } = AuthenticationResult?.NewDeviceMetadata ?? {}
    const AccessToken = AuthenticationResult?.AccessToken ?? ''
    await idp.cognito.ConfirmDevice({
      AccessToken,
      DeviceKey,
      DeviceSecretVerifierConfig: deviceVerifier(DeviceGroupKey, DeviceKey, 'its own password'),
    })
    await refuses(t, signIn(idp, world, 'ada', PASSWORD, { DEVICE_KEY: DeviceKey }), ...NO_DEVICE)
    const { AccessToken: hers } = await tokensOf(idp, world, 'ada')
    await refuses(t, idp.cognito.GetDevice({ AccessToken: hers, DeviceKey }), ...NO_DEVICE)
    await refuses(t, idp.cognito.ForgetDevice({ AccessToken: hers, DeviceKey }), ...NO_DEVICE)
  })

  await t.test('the proof of a password', async (t) => {
    const begin = async (USERNAME: string) => {
      const srp = srpClient(pool.split('_')[1] as string, PASSWORD)
      const AuthParameters = { USERNAME, SRP_A: srp.SRP_A }
      const { ChallengeParameters = {} } = await idp.cognito.InitiateAuth({ AuthFlow: 'USER_SRP_AUTH', ClientId, AuthParameters })
      return srp.prove(ChallengeParameters, new Date(START))
    }
    const [ada, bob] = [await begin('ada'), await begin('bob')]
    await refuses(t, respond('ada', 'PASSWORD_VERIFIER', undefined, bob), ...INVALID)
    const { PASSWORD_CLAIM_SECRET_BLOCK } = ada
    await refuses(t, respond('ada', 'PASSWORD_VERIFIER', undefined, { ...bob, PASSWORD_CLAIM_SECRET_BLOCK }), ...WRONG)
  })

  await t.test('a code of a second factor', async (t) => {
    for (const Username of ['ada', 'bob']) {
      await idp.cognito.AdminSetUserMFAPreference({ UserPoolId: pool, Username, SMSMfaSettings: { Enabled: true } })
    }
    const [ada, bob] = [await signIn(idp, world, 'ada'), await signIn(idp, world, 'bob')]
    const give = (Session: string | undefined, SMS_MFA_CODE: string) => respond('ada', 'SMS_MFA', Session, { SMS_MFA_CODE })
    const mismatch = ['CodeMismatchException', 'Invalid code or auth state for the user.'] as const
    await refuses(t, give(ada.Session, codeTo(PHONES.bob)), ...mismatch)
    await refuses(t, give(bob.Session, codeTo(PHONES.bob)), ...INVALID)
    const { AuthenticationResult } = await give(ada.Session, codeTo(PHONES.ada))
    const bobs = (await respond('bob', 'SMS_MFA', bob.Session, { SMS_MFA_CODE: codeTo(PHONES.bob) })).AuthenticationResult

    const secrets = new Map<string, string>()
    for (const [name, AccessToken = ''] of [
      ['ada', AuthenticationResult?.AccessToken],
      ['bob', bobs?.AccessToken],
    ] as const) {
      const { SecretCode = '' } = await idp.cognito.AssociateSoftwareToken({ AccessToken })
      await idp.cognito.VerifySoftwareToken({ AccessToken, UserCode: totpAt(SecretCode, START) })
      const on = { Enabled: true, PreferredMfa: true }
      await idp.cognito.SetUserMFAPreference({ AccessToken, SoftwareTokenMfaSettings: on })
      secrets.set(name, totpAt(SecretCode, START + 30_000))
    }
    const { Session } = await signIn(idp, world, 'ada')
    const app = (code = '') => respond('ada', 'SOFTWARE_TOKEN_MFA', Session, { SOFTWARE_TOKEN_MFA_CODE: code })
    await refuses(t, app(secrets.get('bob')), 'CodeMismatchException', 'Invalid code received for user')
    t.ok((await app(secrets.get('ada'))).AuthenticationResult)
  })
})

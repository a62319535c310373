import { test } from 'tap'
import type { ChallengeNameType, Operations } from '../../src/cognito/contract/types.ts'
import { totp } from '../../src/directory/totp.ts'
import { emulator, START } from '../support/emulator.ts'
import { makeUser, makeWorld, refuses, signIn, tokensOf, type World } from '../support/sign-in.ts'
import { totpAt } from '../support/totp.ts'

const SmsConfiguration = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sns' }
const EmailConfiguration = {
  EmailSendingAccount: 'DEVELOPER' as const,
  SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/a@example.com',
}
const PHONE = { phone_number: '+15555550199', email: 'ada@example.com' }
const CODE_WRONG = ['CodeMismatchException', 'Invalid code or auth state for the user.'] as const
const TOTP_WRONG = ['CodeMismatchException', 'Invalid code received for user'] as const
const UNDELIVERABLE = (factor: string) =>
  ['InvalidParameterException', `User does not have delivery config set to turn on ${factor}`] as const

type Config = Partial<Operations['SetUserPoolMfaConfig']['input']>

test('MFA', async (t) => {
  const idp = await emulator(t)
  let time = START
  const advance = (milliseconds: number) => {
    time += milliseconds
    idp.clock.advance(milliseconds)
  }
  const poolWith = async (config: Config): Promise<World> => {
    const world = await makeWorld(idp, { EmailConfiguration })
    await idp.cognito.SetUserPoolMfaConfig({ UserPoolId: world.pool, ...config })
    return world
  }
  const ALL: Config = {
    MfaConfiguration: 'OPTIONAL',
    SmsMfaConfiguration: { SmsConfiguration, SmsAuthenticationMessage: 'Code: {####}' },
    SoftwareTokenMfaConfiguration: { Enabled: true },
    EmailMfaConfiguration: { Message: 'Mail code: {####}', Subject: 'Hello' },
  }
  const respond = (
    { client }: World,
    username: string,
    ChallengeName: ChallengeNameType,
    Session: string | undefined,
    more: Record<string, string> = {},
  ) => idp.cognito.RespondToAuthChallenge({ ClientId: client, ChallengeName, Session, ChallengeResponses: { USERNAME: username, ...more } })
  const enrol = async (AccessToken: string, name?: string): Promise<string> => {
    const { SecretCode = '' } = await idp.cognito.AssociateSoftwareToken({ AccessToken })
    await idp.cognito.VerifySoftwareToken({ AccessToken, UserCode: totpAt(SecretCode, time), FriendlyDeviceName: name })
    return SecretCode
  }
  const lastCode = () => idp.outbox.list().at(-1)

  await t.test('codes are those of RFC 6238 (I9)', async (t) => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
    for (const [at, code] of [
      [59, '287082'],
      [1_111_111_109, '081804'],
      [1_234_567_890, '005924'],
      [20_000_000_000, '353130'],
    ] as const) {
      t.equal(totp(secret, Math.floor(at / 30)), code)
      t.equal(totpAt(secret, at * 1000), code)
    }
  })

  await t.test('AssociateSoftwareToken and VerifySoftwareToken (M5, M6)', async (t) => {
    const none = await poolWith({ MfaConfiguration: 'OPTIONAL', SmsMfaConfiguration: { SmsConfiguration } })
    await makeUser(idp, none, 'ada')
    const off = idp.cognito.AssociateSoftwareToken({ AccessToken: (await tokensOf(idp, none, 'ada')).AccessToken })
    await refuses(t, off, 'SoftwareTokenMFANotFoundException', 'Software Token MFA has not been enabled by the userPool')

    const world = await poolWith(ALL)
    await makeUser(idp, world, 'ada')
    const { AccessToken } = await tokensOf(idp, world, 'ada')
    const early = idp.cognito.VerifySoftwareToken({ AccessToken, UserCode: '123456' })
    await refuses(t, early, 'SoftwareTokenMFANotFoundException', 'Software Token MFA does not exist for the user.')
    const answer = await idp.cognito.AssociateSoftwareToken({ AccessToken })
    t.strictSame(Object.keys(answer), ['SecretCode'])
    t.match(answer.SecretCode, /^[A-Z2-7]{52}$/)
    const code = totpAt(answer.SecretCode as string, time)
    const wrong = idp.cognito.VerifySoftwareToken({ AccessToken, UserCode: code === '000000' ? '000001' : '000000' })
    await refuses(t, wrong, 'EnableSoftwareTokenMFAException', 'Code mismatch and fail enable Software Token MFA')
    t.strictSame(await idp.cognito.VerifySoftwareToken({ AccessToken, UserCode: code }), { Status: 'SUCCESS' })
    t.ok((await signIn(idp, world, 'ada')).AuthenticationResult, 'a token alone asks nothing of the user yet')
    await refuses(t, idp.cognito.AssociateSoftwareToken({}), 'InvalidParameterException', 'Either AccessToken or Session must be provided.')
  })

  await t.test('SetUserMFAPreference (M7)', async (t) => {
    const world = await poolWith(ALL)
    await makeUser(idp, world, 'ada')
    const { AccessToken } = await tokensOf(idp, world, 'ada')
    const set = (settings: object) => idp.cognito.SetUserMFAPreference({ AccessToken, ...settings })
    await refuses(t, set({ SMSMfaSettings: { Enabled: true } }), ...UNDELIVERABLE('SMS_MFA'))
    await refuses(t, set({ SoftwareTokenMfaSettings: { Enabled: true } }), ...UNDELIVERABLE('SOFTWARE_TOKEN_MFA'))
    await refuses(t, set({ EmailMfaSettings: { Enabled: true } }), ...UNDELIVERABLE('EMAIL_OTP'))

    await idp.cognito.AdminUpdateUserAttributes({
      UserPoolId: world.pool,
      Username: 'ada',
      UserAttributes: Object.entries(PHONE).map(([Name, Value]) => ({ Name, Value })),
    })
    const both = { Enabled: true, PreferredMfa: true }
    const message = 'Only one MFA method can be set as preferred'
    await refuses(t, set({ SMSMfaSettings: both, EmailMfaSettings: both }), 'InvalidParameterException', message)
    const lists = async () => {
      const { UserMFASettingList, PreferredMfaSetting } = await idp.cognito.GetUser({ AccessToken })
      return [UserMFASettingList, PreferredMfaSetting]
    }
    t.strictSame(await lists(), [undefined, undefined])
    t.strictSame(await set({ SMSMfaSettings: both, EmailMfaSettings: { Enabled: true } }), {})
    t.strictSame(await lists(), [['SMS_MFA', 'EMAIL_OTP'], 'SMS_MFA'])
    await idp.cognito.AdminSetUserMFAPreference({ UserPoolId: world.pool, Username: 'ada', EmailMfaSettings: both })
    t.strictSame(await lists(), [['SMS_MFA', 'EMAIL_OTP'], 'EMAIL_OTP'])
    await set({ EmailMfaSettings: { Enabled: false } })
    t.strictSame(await lists(), [['SMS_MFA'], undefined])
    await set({ SMSMfaSettings: { Enabled: false } })
    t.strictSame(await lists(), [undefined, undefined])

    const passkeys = { WebAuthnMfaSettings: { Enabled: true } }
    const single = 'WebAuthn MFA requires the FactorConfiguration MULTI_FACTOR_WITH_USER_VERIFICATION'
    await refuses(t, set(passkeys), 'InvalidParameterException', single)
    const WebAuthnConfiguration = {
      RelyingPartyId: 'localhost',
      UserVerification: 'required' as const,
      FactorConfiguration: 'MULTI_FACTOR_WITH_USER_VERIFICATION' as const,
    }
    await idp.cognito.SetUserPoolMfaConfig({ UserPoolId: world.pool, ...ALL, WebAuthnConfiguration })
    await refuses(t, set(passkeys), 'InvalidParameterException', 'WebAuthn MFA requires another MFA method to be activated')
    t.strictSame(await set({ ...passkeys, EmailMfaSettings: { Enabled: true } }), {})
    t.strictSame(await lists(), [['EMAIL_OTP'], undefined])
  })

  await t.test('SMS_MFA (M2, L18)', async (t) => {
    const world = await poolWith(ALL)
    await makeUser(idp, world, 'ada', PHONE)
    await idp.cognito.AdminSetUserMFAPreference({ UserPoolId: world.pool, Username: 'ada', SMSMfaSettings: { Enabled: true } })
    const { Session, ...answer } = await signIn(idp, world, 'ada')
    t.strictSame(answer, {
      ChallengeName: 'SMS_MFA',
      ChallengeParameters: {
        CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS',
        CODE_DELIVERY_DESTINATION: '+*******0199',
        USER_ID_FOR_SRP: 'ada',
      },
    })
    const sent = lastCode()
    t.match(sent, { channel: 'sms', to: '+15555550199', template: 'Authentication', body: `Code: ${sent?.code}`, code: /^\d{6}$/ })
    const missing = respond(world, 'ada', 'SMS_MFA', Session)
    await refuses(t, missing, 'InvalidParameterException', 'Missing required parameter SMS_MFA_CODE')
    await refuses(t, respond(world, 'ada', 'SMS_MFA', Session, { SMS_MFA_CODE: 'abc' }), ...CODE_WRONG)
    const noName = respond(world, 'ada', 'ADMIN_NO_SRP_AUTH', Session)
    await refuses(t, noName, 'InvalidParameterException', 'Invalid challenge name ADMIN_NO_SRP_AUTH')
    const wrongName = respond(world, 'ada', 'SOFTWARE_TOKEN_MFA', Session, { SOFTWARE_TOKEN_MFA_CODE: '123456' })
    await refuses(t, wrongName, 'NotAuthorizedException', 'Invalid session for the user.')
    const code = sent?.code as string
    t.ok((await respond(world, 'ada', 'SMS_MFA', Session, { SMS_MFA_CODE: code })).AuthenticationResult)
    const { UserAttributes } = await idp.cognito.AdminGetUser({ UserPoolId: world.pool, Username: 'ada' })
    t.ok(UserAttributes?.some(({ Name, Value }) => Name === 'phone_number_verified' && Value === 'true'))

    const later = await signIn(idp, world, 'ada')
    advance(3 * 60_000)
    const late = respond(world, 'ada', 'SMS_MFA', later.Session, { SMS_MFA_CODE: lastCode()?.code as string })
    await refuses(t, late, 'NotAuthorizedException', 'Invalid session for the user, session is expired.')
  })

  await t.test('EMAIL_OTP as a second factor (M3)', async (t) => {
    const world = await poolWith(ALL)
    await makeUser(idp, world, 'ada', PHONE)
    await idp.cognito.AdminSetUserMFAPreference({ UserPoolId: world.pool, Username: 'ada', EmailMfaSettings: { Enabled: true } })
    const { Session, ChallengeName, ChallengeParameters } = await signIn(idp, world, 'ada')
    t.equal(ChallengeName, 'EMAIL_OTP')
    t.match(ChallengeParameters, { CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL', CODE_DELIVERY_DESTINATION: 'a***@e***' })
    const sent = lastCode()
    t.match(sent, { subject: 'Hello', body: `Mail code: ${sent?.code}`, code: /^\d{6}$/ })
    await refuses(t, respond(world, 'ada', 'EMAIL_OTP', Session, { EMAIL_OTP_CODE: '1' }), ...CODE_WRONG)
    t.ok((await respond(world, 'ada', 'EMAIL_OTP', Session, { EMAIL_OTP_CODE: sent?.code as string })).AuthenticationResult)
  })

  await t.test('SOFTWARE_TOKEN_MFA: a code works once (M4)', async (t) => {
    const world = await poolWith(ALL)
    await makeUser(idp, world, 'ada')
    const { AccessToken } = await tokensOf(idp, world, 'ada')
    const secret = await enrol(AccessToken, 'my phone')
    await idp.cognito.SetUserMFAPreference({ AccessToken, SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true } })
    const { Session, ...answer } = await signIn(idp, world, 'ada')
    t.strictSame(answer, {
      ChallengeName: 'SOFTWARE_TOKEN_MFA',
      ChallengeParameters: { FRIENDLY_DEVICE_NAME: 'my phone', USER_ID_FOR_SRP: 'ada' },
    })
    const give = (code: string, session = Session) =>
      respond(world, 'ada', 'SOFTWARE_TOKEN_MFA', session, { SOFTWARE_TOKEN_MFA_CODE: code })
    const used = ['ExpiredCodeException', 'Your software token has already been used once.'] as const
    await refuses(t, give(totpAt(secret, time)), ...used)
    await refuses(t, give(totpAt(secret, time + 600_000)), ...TOTP_WRONG)
    const next = totpAt(secret, time + 30_000)
    t.ok((await give(next)).AuthenticationResult)
    for (const code of [next, totpAt(secret, time)]) {
      await refuses(t, give(code, (await signIn(idp, world, 'ada')).Session), ...used)
    }
    const onTelephone = totpAt(secret, Date.now())
    const { AuthenticationResult } = await give(onTelephone, (await signIn(idp, world, 'ada')).Session)
    t.ok(AuthenticationResult, 'an app goes by the time of the machine, not by the one here')

    // A new secret takes the old one's place only once a code of it was given.
    const { SecretCode = '' } = await idp.cognito.AssociateSoftwareToken({ AccessToken })
    advance(90_000)
    t.ok((await give(totpAt(secret, time), (await signIn(idp, world, 'ada')).Session)).AuthenticationResult)
    await idp.cognito.VerifySoftwareToken({ AccessToken, UserCode: totpAt(SecretCode, time) })
    advance(90_000)
    await refuses(t, give(totpAt(secret, time), (await signIn(idp, world, 'ada')).Session), ...TOTP_WRONG)

    const names = { UserPoolId: world.pool, Username: 'ada' }
    await idp.cognito.AdminSetUserMFAPreference({ ...names, SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true } })
    t.strictSame(await idp.cognito.AdminDeleteSoftwareToken(names), {})
    const { UserMFASettingList, PreferredMfaSetting } = await idp.cognito.AdminGetUser(names)
    t.strictSame([UserMFASettingList, PreferredMfaSetting], [undefined, undefined], 'it is preferred no more')
    t.ok((await signIn(idp, world, 'ada')).AuthenticationResult)
  })

  await t.test('SELECT_MFA_TYPE where nothing is preferred (M8)', async (t) => {
    const world = await poolWith(ALL)
    await makeUser(idp, world, 'ada', PHONE)
    const on = { Enabled: true }
    await idp.cognito.AdminSetUserMFAPreference({ UserPoolId: world.pool, Username: 'ada', SMSMfaSettings: on, EmailMfaSettings: on })
    const { Session, ChallengeName, ChallengeParameters } = await signIn(idp, world, 'ada')
    t.equal(ChallengeName, 'SELECT_MFA_TYPE')
    t.strictSame(ChallengeParameters, { MFAS_CAN_CHOOSE: '["SMS_MFA","EMAIL_OTP"]', USER_ID_FOR_SRP: 'ada' })
    const other = respond(world, 'ada', 'SELECT_MFA_TYPE', Session, { ANSWER: 'SOFTWARE_TOKEN_MFA' })
    await refuses(t, other, 'InvalidParameterException', 'Invalid answer to the SELECT_MFA_TYPE challenge')
    const prefer = { ...on, PreferredMfa: true }
    await idp.cognito.AdminSetUserMFAPreference({ UserPoolId: world.pool, Username: 'ada', EmailMfaSettings: prefer })
    t.equal((await signIn(idp, world, 'ada')).ChallengeName, 'EMAIL_OTP', 'what is preferred is asked for')
    const chosen = await respond(world, 'ada', 'SELECT_MFA_TYPE', Session, { ANSWER: 'EMAIL_OTP' })
    t.equal(chosen.ChallengeName, 'EMAIL_OTP')
    const done = await respond(world, 'ada', 'EMAIL_OTP', chosen.Session, { EMAIL_OTP_CODE: lastCode()?.code as string })
    t.ok(done.AuthenticationResult)
  })

  await t.test('MFA_SETUP where the pool demands a second factor (M1, M5, M6, M9)', async (t) => {
    const world = await poolWith({ MfaConfiguration: 'ON', SoftwareTokenMfaConfiguration: { Enabled: true } })
    await makeUser(idp, world, 'ada')
    const { Session, ...answer } = await signIn(idp, world, 'ada')
    t.strictSame(answer, {
      ChallengeName: 'MFA_SETUP',
      ChallengeParameters: { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]', USER_ID_FOR_SRP: 'ada' },
    })
    const early = respond(world, 'ada', 'MFA_SETUP', Session)
    await refuses(t, early, 'SoftwareTokenMFANotFoundException', 'Software Token MFA does not exist for the user.')
    const associated = await idp.cognito.AssociateSoftwareToken({ Session })
    t.match(associated.Session, /^AYABe/)
    t.not(associated.Session, Session)
    const again = idp.cognito.AssociateSoftwareToken({ Session })
    await refuses(t, again, 'NotAuthorizedException', 'Invalid session for the user, session can only be used once.')
    const secret = associated.SecretCode as string
    const verified = await idp.cognito.VerifySoftwareToken({ Session: associated.Session, UserCode: totpAt(secret, time) })
    t.equal(verified.Status, 'SUCCESS')
    t.ok((await respond(world, 'ada', 'MFA_SETUP', verified.Session)).AuthenticationResult)
    advance(90_000)
    const next = await signIn(idp, world, 'ada')
    t.equal(next.ChallengeName, 'SOFTWARE_TOKEN_MFA')
    const code = totpAt(secret, time)
    t.ok((await respond(world, 'ada', 'SOFTWARE_TOKEN_MFA', next.Session, { SOFTWARE_TOKEN_MFA_CODE: code })).AuthenticationResult)
  })

  await t.test('in a pool that demands it, a phone number is enough; where MFA is off, nothing is asked (M1, L16)', async (t) => {
    const world = await poolWith({ MfaConfiguration: 'ON', SmsMfaConfiguration: { SmsConfiguration } })
    await makeUser(idp, world, 'ada', PHONE)
    t.equal((await signIn(idp, world, 'ada')).ChallengeName, 'SMS_MFA')
    await makeUser(idp, world, 'new', PHONE, { confirmed: false })
    const first = await signIn(idp, world, 'new')
    t.equal(first.ChallengeName, 'NEW_PASSWORD_REQUIRED')
    const second = await respond(world, 'new', 'NEW_PASSWORD_REQUIRED', first.Session, { NEW_PASSWORD: 'Another-34' })
    t.equal(second.ChallengeName, 'SMS_MFA')

    await idp.cognito.SetUserPoolMfaConfig({ UserPoolId: world.pool, MfaConfiguration: 'OFF' })
    t.ok((await signIn(idp, world, 'ada')).AuthenticationResult)
  })
})

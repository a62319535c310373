import { type Test, test } from 'tap'
import type { ChallengeNameType } from '../../src/cognito/contract/types.ts'
import { Authenticator } from '../support/authenticator.ts'
import { refuses } from '../support/cognito.ts'
import { emulator, START } from '../support/emulator.ts'
import { arn, moduleAt } from '../support/functions.ts'
import { makeUser, makeWorld, signIn as signInWith } from '../support/sign-in.ts'
import { timestamp } from '../support/srp.ts'

const PASSWORD = 'Correct-Horse-1'
const STOLEN = 'Stolen-Horse-1'
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

async function protectedPool(t: Test, AdvancedSecurityMode: 'OFF' | 'AUDIT' | 'ENFORCED', settings: object = {}) {
  const idp = await emulator(t, { settings: { rooms: { cognito: { compromisedPasswords: [STOLEN], ...settings } } } })
  const { UserPool } = await idp.cognito.CreateUserPool({
    PoolName: 'people',
    UserPoolTier: 'PLUS',
    AutoVerifiedAttributes: ['email'],
    ...(AdvancedSecurityMode === 'OFF' ? {} : { UserPoolAddOns: { AdvancedSecurityMode } }),
  })
  const UserPoolId = UserPool?.Id ?? ''
  const { UserPoolClient } = await idp.cognito.CreateUserPoolClient({
    UserPoolId,
    ClientName: 'app',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  })
  const ClientId = UserPoolClient?.ClientId ?? ''
  const user = { UserPoolId, Username: 'ada' }
  const UserAttributes = [
    { Name: 'email', Value: 'ada@example.com' },
    { Name: 'email_verified', Value: 'true' },
  ]
  await idp.cognito.AdminCreateUser({ ...user, UserAttributes, MessageAction: 'SUPPRESS' })
  await idp.cognito.AdminSetUserPassword({ ...user, Password: PASSWORD, Permanent: true })
  const signIn = (password = PASSWORD, more: object = {}) =>
    idp.cognito.InitiateAuth({
      ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'ada', PASSWORD: password },
      ...more,
    })
  const events = async () => (await idp.cognito.AdminListUserAuthEvents(user)).AuthEvents ?? []
  return { idp, UserPoolId, ClientId, user, signIn, events }
}

test('nothing is seen without threat protection (X6)', async (t) => {
  const { idp, user, signIn } = await protectedPool(t, 'OFF')
  await signIn()
  const refused = ['UserPoolAddOnNotEnabledException', 'Threat protection is not enabled for this user pool.'] as const
  await refuses(t, idp.cognito.AdminListUserAuthEvents(user), ...refused)
  const feedback = { ...user, EventId: 'e', FeedbackValue: 'Valid' as const }
  await refuses(t, idp.cognito.AdminUpdateAuthEventFeedback(feedback), ...refused)
  await refuses(t, idp.cognito.UpdateAuthEventFeedback({ ...feedback, FeedbackToken: 'abc' }), ...refused)
})

test('events are seen in audit mode', async (t) => {
  const { idp, user, signIn, events, ClientId } = await protectedPool(t, 'AUDIT')

  await t.test('AdminListUserAuthEvents shows the newest first (X6)', async (t) => {
    await refuses(t, signIn('wrong'), 'NotAuthorizedException', 'Incorrect username or password.')
    idp.clock.advance(1000)
    await signIn()
    const [second, first, ...rest] = await events()
    t.strictSame(rest, [])
    t.match(second?.EventId, UUID)
    const seen = { EventType: 'SignIn', EventContextData: { IpAddress: '127.0.0.1' } }
    const EventRisk = { RiskDecision: 'NoRisk', CompromisedCredentialsDetected: false }
    const password = (ChallengeResponse: string) => [{ ChallengeName: 'Password', ChallengeResponse }]
    t.strictSame(second, {
      ...seen,
      EventId: second?.EventId,
      CreationDate: START / 1000 + 1,
      EventResponse: 'Pass',
      EventRisk,
      ChallengeResponses: password('Success'),
    })
    t.strictSame(first, {
      ...seen,
      EventId: first?.EventId,
      CreationDate: START / 1000,
      EventResponse: 'Fail',
      EventRisk,
      ChallengeResponses: password('Failure'),
    })
  })

  await t.test('AdminListUserAuthEvents in pages, whose tokens name the last event', async (t) => {
    const all = await events()
    const first = await idp.cognito.AdminListUserAuthEvents({ ...user, MaxResults: 1 })
    t.strictSame(first.AuthEvents, all.slice(0, 1))
    t.equal(first.NextToken, `${all[0]?.EventId}#2026-01-02T03:04:06.000Z`)
    const second = await idp.cognito.AdminListUserAuthEvents({ ...user, MaxResults: 1, NextToken: first.NextToken })
    t.strictSame(second, { AuthEvents: all.slice(1) })
    await refuses(
      t,
      idp.cognito.AdminListUserAuthEvents({ ...user, NextToken: 'x#y' }),
      'InvalidParameterException',
      'Invalid pagination token provided',
    )
    await refuses(t, idp.cognito.AdminListUserAuthEvents({ ...user, Username: 'nobody' }), 'UserNotFoundException', 'User does not exist.')
  })

  await t.test('AdminUpdateAuthEventFeedback', async (t) => {
    const [{ EventId = '' } = {}] = await events()
    t.strictSame(await idp.cognito.AdminUpdateAuthEventFeedback({ ...user, EventId, FeedbackValue: 'Invalid' }), {})
    const [event] = await events()
    t.strictSame(event?.EventFeedback, { FeedbackValue: 'Invalid', Provider: 'Admin', FeedbackDate: START / 1000 + 1 })
    const unknown = idp.cognito.AdminUpdateAuthEventFeedback({ ...user, EventId: 'nobody', FeedbackValue: 'Valid' })
    await refuses(t, unknown, 'ResourceNotFoundException', 'Authentication event does not exist.')
  })

  await t.test('UpdateAuthEventFeedback refuses a token that was never sent', async (t) => {
    const [{ EventId = '' } = {}] = await events()
    const forged = idp.cognito.UpdateAuthEventFeedback({ ...user, EventId, FeedbackToken: 'forged', FeedbackValue: 'Valid' })
    await refuses(t, forged, 'NotAuthorizedException', 'Invalid feedback token')
  })

  await t.test('passwords, codes and sign-ups are seen, too (X6)', async (t) => {
    const { AuthenticationResult } = await signIn()
    await idp.cognito.ChangePassword({
      AccessToken: AuthenticationResult?.AccessToken ?? '',
      PreviousPassword: PASSWORD,
      ProposedPassword: 'Another-Horse-1',
    })
    await idp.cognito.ForgotPassword({ ClientId, Username: 'ada' })
    const kinds = (await events()).map(({ EventType, EventResponse }) => [EventType, EventResponse])
    t.strictSame(kinds.slice(0, 3), [
      ['ForgotPassword', 'Pass'],
      ['PasswordChange', 'Pass'],
      ['SignIn', 'Pass'],
    ])
    const UserAttributes = [{ Name: 'email', Value: 'bob@example.com' }]
    await idp.cognito.SignUp({ ClientId, Username: 'bob', Password: STOLEN, UserAttributes })
    await idp.cognito.ResendConfirmationCode({ ClientId, Username: 'bob' })
    const { AuthEvents = [] } = await idp.cognito.AdminListUserAuthEvents({ ...user, Username: 'bob' })
    t.strictSame(
      AuthEvents.map(({ EventType }) => EventType),
      ['ResendCode', 'SignUp'],
    )
  })

  await t.test('events go with their user', async (t) => {
    await idp.cognito.AdminDeleteUser(user)
    await idp.cognito.AdminCreateUser({ ...user, MessageAction: 'SUPPRESS' })
    t.strictSame(await events(), [])
  })
})

test('enforced protection refuses', async (t) => {
  const { idp, UserPoolId, ClientId, user, signIn, events } = await protectedPool(t, 'ENFORCED')

  await t.test('sign-ins from blocked addresses, unless the client has a configuration of its own (X5)', async (t) => {
    const block = (...BlockedIPRangeList: string[]) => ({ UserPoolId, RiskExceptionConfiguration: { BlockedIPRangeList } })
    await idp.cognito.SetRiskConfiguration(block('198.51.100.0/24', '2001:db8::/32'))
    t.ok((await signIn()).AuthenticationResult)
    for (const IpAddress of ['198.51.100.7', '2001:db8::1']) {
      await refuses(
        t,
        signIn(PASSWORD, { UserContextData: { IpAddress } }),
        'NotAuthorizedException',
        'Request not allowed due to security reasons.',
      )
    }
    const [event] = await events()
    t.match(event, {
      EventResponse: 'Fail',
      EventRisk: { RiskDecision: 'Block', RiskLevel: 'High' },
      EventContextData: { IpAddress: '2001:db8::1' },
    })
    await idp.cognito.SetRiskConfiguration({ ...block('203.0.113.0/24'), ClientId })
    t.ok((await signIn(PASSWORD, { UserContextData: { IpAddress: '198.51.100.7' } })).AuthenticationResult)
  })

  await t.test('compromised passwords, where the configuration blocks them (X5)', async (t) => {
    await idp.cognito.AdminSetUserPassword({ ...user, Password: STOLEN, Permanent: true })
    t.ok((await signIn(STOLEN)).AuthenticationResult)
    const CompromisedCredentialsRiskConfiguration = { Actions: { EventAction: 'BLOCK' as const } }
    await idp.cognito.SetRiskConfiguration({ UserPoolId, ClientId, CompromisedCredentialsRiskConfiguration })
    await refuses(t, signIn(STOLEN), 'PasswordResetRequiredException', 'Password reset required for the user')
    t.equal((await idp.cognito.AdminGetUser(user)).UserStatus, 'COMPROMISED')
    t.match((await events())[0], { EventResponse: 'Fail', EventRisk: { CompromisedCredentialsDetected: true } })
    const UserAttributes = [{ Name: 'email', Value: 'bob@example.com' }]
    await refuses(
      t,
      idp.cognito.SignUp({ ClientId, Username: 'bob', Password: STOLEN, UserAttributes }),
      'InvalidPasswordException',
      'Provided password cannot be used for security reasons.',
    )
  })

  await t.test('a compromised user, until there is a new password (X5)', async (t) => {
    await refuses(t, signIn(STOLEN), 'PasswordResetRequiredException', 'Password reset required for the user')
    await idp.cognito.ForgotPassword({ ClientId, Username: 'ada' })
    const ConfirmationCode = idp.outbox.latest()?.code ?? ''
    await idp.cognito.SetRiskConfiguration({
      UserPoolId,
      CompromisedCredentialsRiskConfiguration: { EventFilter: ['PASSWORD_CHANGE'], Actions: { EventAction: 'BLOCK' } },
    })
    await refuses(
      t,
      idp.cognito.ConfirmForgotPassword({ ClientId, Username: 'ada', ConfirmationCode, Password: STOLEN }),
      'InvalidPasswordException',
      'Provided password cannot be used for security reasons.',
    )
    await idp.cognito.ConfirmForgotPassword({ ClientId, Username: 'ada', ConfirmationCode, Password: 'Fresh-Horse-1' })
    t.ok((await signIn('Fresh-Horse-1')).AuthenticationResult)
  })
})

test('risky sign-ins', async (t) => {
  const riskyAddresses = { '198.51.100.0/24': 'High', '203.0.113.0/24': 'Medium', '192.0.2.0/24': 'Low' }
  const { idp, UserPoolId, user, signIn, events } = await protectedPool(t, 'ENFORCED', { riskyAddresses })
  const from = (IpAddress: string) => signIn(PASSWORD, { UserContextData: { IpAddress } })
  const action = (EventAction: 'BLOCK' | 'NO_ACTION' | 'MFA_REQUIRED', Notify = true) => ({ EventAction, Notify })
  const security = ['NotAuthorizedException', 'Request not allowed due to security reasons.'] as const
  await idp.cognito.SetRiskConfiguration({
    UserPoolId,
    AccountTakeoverRiskConfiguration: {
      NotifyConfiguration: {
        SourceArn: 'arn:aws:ses:us-east-1:111111111111:identity/a@example.com',
        BlockEmail: { Subject: 'Blocked', TextBody: '{username} from {ip-address} at {login-time}: {one-click-link-invalid}' },
      },
      Actions: { LowAction: action('NO_ACTION'), MediumAction: action('MFA_REQUIRED', false), HighAction: action('BLOCK') },
    },
    RiskExceptionConfiguration: { SkippedIPRangeList: ['198.51.100.200/32'] },
  })

  await t.test('go on with a mail where nothing else is to be done', async (t) => {
    t.ok((await from('192.0.2.1')).AuthenticationResult)
    t.match((await events())[0], {
      EventResponse: 'Pass',
      EventRisk: { RiskDecision: 'AccountTakeover', RiskLevel: 'Low' },
      EventContextData: { IpAddress: '192.0.2.1' },
    })
    t.match(idp.outbox.latest(), { to: 'ada@example.com', subject: 'New sign-in attempt', template: 'NoActionEmail' })
  })

  await t.test('need a second proof where the configuration asks for one', async (t) => {
    await refuses(t, from('203.0.113.1'), ...security)
    t.match((await events())[0], { EventResponse: 'Fail', EventRisk: { RiskDecision: 'Block', RiskLevel: 'Medium' } })
    t.equal(idp.outbox.count(), 1, 'nobody is told')
  })

  await t.test('are blocked with a mail, whose links say whose sign-in it was', async (t) => {
    t.ok((await from('198.51.100.200')).AuthenticationResult, 'from an address that is skipped')
    await refuses(t, from('198.51.100.1'), ...security)
    const [event] = await events()
    t.match(event, { EventResponse: 'Fail', EventRisk: { RiskDecision: 'Block', RiskLevel: 'High' } })
    const mail = idp.outbox.latest()
    t.match(mail, { subject: 'Blocked', template: 'BlockEmail', body: /^ada from 198\.51\.100\.1 at 2026-01-02T03:04:05\.000Z: http/ })

    const link = new URL(mail?.link ?? '')
    t.equal((await idp.request('GET', `${link.pathname}${link.search}`)).status, 200)
    const given = { FeedbackValue: 'Invalid', Provider: 'User', FeedbackDate: START / 1000 }
    t.strictSame((await events())[0]?.EventFeedback, given)

    const FeedbackToken = link.searchParams.get('feedback_token') ?? ''
    const answer = { ...user, EventId: event?.EventId ?? '', FeedbackToken, FeedbackValue: 'Valid' as const }
    t.strictSame(await idp.cognito.UpdateAuthEventFeedback(answer), {})
    t.equal((await events())[0]?.EventFeedback?.FeedbackValue, 'Valid')
    const [, other] = await events()
    const wrongToken = ['NotAuthorizedException', 'Invalid feedback token'] as const
    await refuses(t, idp.cognito.UpdateAuthEventFeedback({ ...answer, EventId: other?.EventId ?? '' }), ...wrongToken)
    idp.clock.advance(8 * 24 * 60 * 60 * 1000)
    await refuses(t, idp.cognito.UpdateAuthEventFeedback(answer), ...wrongToken)
    t.equal((await idp.request('GET', `${link.pathname}${link.search}`)).status, 400)
  })
})

test('audits see risk and let it pass', async (t) => {
  const { idp, UserPoolId, signIn, events } = await protectedPool(t, 'AUDIT', { riskyAddresses: { '127.0.0.0/8': 'High' } })
  const HighAction = { EventAction: 'BLOCK', Notify: true } as const
  await idp.cognito.SetRiskConfiguration({ UserPoolId, AccountTakeoverRiskConfiguration: { Actions: { HighAction } } })
  t.ok((await signIn()).AuthenticationResult)
  t.match((await events())[0], { EventResponse: 'Pass', EventRisk: { RiskDecision: 'AccountTakeover', RiskLevel: 'High' } })
})

test('second proofs are seen, wrong and right (X6)', async (t) => {
  const { idp, UserPoolId, ClientId, user, signIn, events } = await protectedPool(t, 'AUDIT')
  await idp.cognito.SetUserPoolMfaConfig({
    UserPoolId,
    MfaConfiguration: 'OPTIONAL',
    SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms', ExternalId: 'x' } },
  })
  const UserAttributes = [{ Name: 'phone_number', Value: '+12065550100' }]
  await idp.cognito.AdminUpdateUserAttributes({ ...user, UserAttributes })
  await idp.cognito.AdminSetUserMFAPreference({ ...user, SMSMfaSettings: { Enabled: true, PreferredMfa: true } })
  const { Session, ChallengeName } = await signIn()
  t.equal(ChallengeName, 'SMS_MFA')
  const respond = (code: string) =>
    idp.cognito.RespondToAuthChallenge({
      ClientId,
      ChallengeName: 'SMS_MFA',
      Session,
      ChallengeResponses: { USERNAME: 'ada', SMS_MFA_CODE: code },
    })
  const code = idp.outbox.latest()?.code ?? ''
  await t.rejects(respond(code === '000000' ? '000001' : '000000'), {
    type: 'CodeMismatchException',
    message: 'Invalid code or auth state for the user.',
  })
  t.strictSame((await events())[0]?.ChallengeResponses, [{ ChallengeName: 'Mfa', ChallengeResponse: 'Failure' }])
  t.ok((await respond(code)).AuthenticationResult)
  t.strictSame((await events())[0]?.ChallengeResponses, [
    { ChallengeName: 'Password', ChallengeResponse: 'Success' },
    { ChallengeName: 'Mfa', ChallengeResponse: 'Success' },
  ])
})

const WRONG_PROOF = { type: 'NotAuthorizedException', message: 'Incorrect username or password.' }

test('failed passkeys, devices and answers to own questions are seen (X6)', async (t) => {
  const functions = { [arn('passwordless.js')]: moduleAt('passwordless.js') }
  const idp = await emulator(t, { settings: { rooms: { cognito: { functions } } } })
  const name = arn('passwordless.js')
  const world = await makeWorld(
    idp,
    {
      UserPoolTier: 'PLUS',
      UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' },
      LambdaConfig: { DefineAuthChallenge: name, CreateAuthChallenge: name, VerifyAuthChallengeResponse: name },
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } },
      DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: false },
    },
    { ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_CUSTOM_AUTH', 'ALLOW_USER_PASSWORD_AUTH'] },
  )
  await idp.cognito.SetUserPoolMfaConfig({ UserPoolId: world.pool, WebAuthnConfiguration: { RelyingPartyId: 'example.com' } })
  await makeUser(idp, world, 'ada')
  const { AuthenticationResult } = await signInWith(idp, world, 'ada')
  const AccessToken = AuthenticationResult?.AccessToken ?? ''
  const { CredentialCreationOptions } = await idp.cognito.StartWebAuthnRegistration({ AccessToken })
  const authenticator = new Authenticator('https://example.com')
  const Credential = authenticator.create(CredentialCreationOptions as never) as never
  await idp.cognito.CompleteWebAuthnRegistration({ AccessToken, Credential })
  const DeviceKey = AuthenticationResult?.NewDeviceMetadata?.DeviceKey ?? ''
  const DeviceSecretVerifierConfig = { PasswordVerifier: 'AAAA', Salt: 'AAAA' }
  await idp.cognito.ConfirmDevice({ AccessToken, DeviceKey, DeviceSecretVerifierConfig })

  const begin = (AuthFlow: 'CUSTOM_AUTH' | 'USER_AUTH' | 'USER_PASSWORD_AUTH', more: Record<string, string> = {}) =>
    idp.cognito.InitiateAuth({ AuthFlow, ClientId: world.client, AuthParameters: { USERNAME: 'ada', ...more } })
  const respond = (ChallengeName: ChallengeNameType, Session: string | undefined, more: Record<string, string>) =>
    idp.cognito.RespondToAuthChallenge({ ClientId: world.client, ChallengeName, Session, ChallengeResponses: { USERNAME: 'ada', ...more } })
  const seen = async () =>
    ((await idp.cognito.AdminListUserAuthEvents({ UserPoolId: world.pool, Username: 'ada' })).AuthEvents ?? []).map(
      ({ EventType, EventResponse, ChallengeResponses }) => [EventType, EventResponse, ChallengeResponses],
    )
  const failed = ['SignIn', 'Fail', []]
  const before = (await seen()).length

  const passkey = await begin('USER_AUTH', { PREFERRED_CHALLENGE: 'WEB_AUTHN' })
  await t.rejects(respond('WEB_AUTHN', passkey.Session, { CREDENTIAL: '{}' }), WRONG_PROOF)
  t.strictSame((await seen())[0], failed)
  const choice = await begin('USER_AUTH')
  await t.rejects(respond('SELECT_CHALLENGE', choice.Session, { ANSWER: 'WEB_AUTHN', CREDENTIAL: '{}' }), {
    name: 'NotAuthorizedException',
  })
  t.equal((await seen()).length, before + 2)

  let { Session } = await begin('CUSTOM_AUTH')
  for (const ANSWER of ['1', '2']) Session = (await respond('CUSTOM_CHALLENGE', Session, { ANSWER })).Session
  t.equal((await seen()).length, before + 2, 'a wrong answer that may be mended is none yet')
  await t.rejects(respond('CUSTOM_CHALLENGE', Session, { ANSWER: '3' }), WRONG_PROOF)
  t.strictSame((await seen())[0], failed)

  const device = await begin('USER_PASSWORD_AUTH', { PASSWORD: 'Secret-12', DEVICE_KEY: DeviceKey })
  const asked = await respond('DEVICE_SRP_AUTH', device.Session, { DEVICE_KEY: DeviceKey, SRP_A: 'abc' })
  const claim = {
    PASSWORD_CLAIM_SECRET_BLOCK: asked.ChallengeParameters?.SECRET_BLOCK ?? '',
    PASSWORD_CLAIM_SIGNATURE: 'AAAA',
    TIMESTAMP: timestamp(new Date(START)),
    DEVICE_KEY: DeviceKey,
  }
  await t.rejects(respond('DEVICE_PASSWORD_VERIFIER', asked.Session, claim), WRONG_PROOF)
  t.strictSame((await seen())[0], failed)
  t.equal((await seen()).length, before + 4)
})

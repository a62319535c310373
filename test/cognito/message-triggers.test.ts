import { t, test } from 'tap'
import { emulator, type TestEmulator } from '../support/emulator.ts'
import { decrypted, KEY } from '../support/envelope.ts'
import { arn, recorder } from '../support/functions.ts'
import { only } from '../support/only.ts'
import { addClient, makeUser, makeWorld, PASSWORD, refuses, signIn } from '../support/sign-in.ts'

const lambda = await recorder(t)
const settings = (more: Record<string, unknown> = {}) => ({
  settings: { rooms: { cognito: { functions: { '*': { url: lambda.url } }, ...more } } },
})
const idp = await emulator(t, settings())
t.beforeEach(() => lambda.clear())

const DEVELOPER = { EmailSendingAccount: 'DEVELOPER', SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/a@example.com' } as const

function signUp(api: TestEmulator, ClientId: string, attributes: Record<string, string> = { email: 'ada@example.com' }) {
  const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))
  return api.cognito.SignUp({ ClientId, Username: 'ada', Password: PASSWORD, UserAttributes, ClientMetadata: { lang: 'en' } })
}

test('CustomMessage', async (t) => {
  const pool = { AutoVerifiedAttributes: ['email' as const], EmailConfiguration: DEVELOPER, LambdaConfig: { CustomMessage: arn('m') } }

  t.test('gets the documented event and words the message (H1, H11)', async (t) => {
    const world = await makeWorld(idp, pool)
    lambda.answers.CustomMessage_SignUp = () => ({ emailMessage: 'Hello, {####} is for you', emailSubject: 'Welcome' })
    const { UserSub } = await signUp(idp, world.client)
    t.same(lambda.events, [
      {
        version: '1',
        triggerSource: 'CustomMessage_SignUp',
        region: 'us-east-1',
        userPoolId: world.pool,
        userName: 'ada',
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: world.client },
        request: {
          userAttributes: { sub: UserSub, 'cognito:user_status': 'UNCONFIRMED', email: 'ada@example.com', email_verified: 'false' },
          codeParameter: '{####}',
          linkParameter: '{##Click Here##}',
          usernameParameter: null,
          clientMetadata: { lang: 'en' },
        },
        response: { smsMessage: null, emailMessage: null, emailSubject: null },
      },
    ])
    const message = idp.outbox.latest({ user: UserSub })
    t.match(message, { subject: 'Welcome', body: `Hello, ${message?.code} is for you` })
  })

  t.test('leaves the pool’s texts where it says nothing', async (t) => {
    const world = await makeWorld(idp, pool)
    const { UserSub } = await signUp(idp, world.client)
    t.match(idp.outbox.latest({ user: UserSub }), { subject: 'Your verification code' })
  })

  t.test('words invitations, which name the user, too (H11)', async (t) => {
    const world = await makeWorld(idp, pool)
    lambda.answers.CustomMessage_AdminCreateUser = () => ({ emailMessage: '{username}: {####}' })
    const make = () =>
      idp.cognito.AdminCreateUser({
        UserPoolId: world.pool,
        Username: 'ada',
        TemporaryPassword: PASSWORD,
        DesiredDeliveryMediums: ['EMAIL'],
        UserAttributes: [{ Name: 'email', Value: 'ada@example.com' }],
      })
    const { User } = await make()
    const sub = User?.Attributes?.[0]?.Value
    t.match(idp.outbox.latest({ user: sub }), { body: `ada: ${PASSWORD}` })
    t.match(
      lambda.events,
      only({
        callerContext: { clientId: 'CLIENT_ID_NOT_APPLICABLE' },
        request: { usernameParameter: '{username}', codeParameter: '{####}' },
      }),
    )
    await idp.cognito.AdminDeleteUser({ UserPoolId: world.pool, Username: 'ada' })
    lambda.answers.CustomMessage_AdminCreateUser = () => ({ emailMessage: '{####}' })
    await refuses(t, make(), 'InvalidLambdaResponseException', 'The message of the custom message trigger must contain {username}')
  })

  t.test('runs when a code is sent again, for a forgotten password and for a changed attribute (H2)', async (t) => {
    const world = await makeWorld(idp, pool)
    await signUp(idp, world.client)
    const at = { ClientId: world.client, Username: 'ada' }
    await idp.cognito.ResendConfirmationCode({ ...at, ClientMetadata: { again: '1' } })
    await idp.cognito.AdminConfirmSignUp({ UserPoolId: world.pool, Username: 'ada' })
    const { AuthenticationResult } = await signIn(idp, world, 'ada')
    const AccessToken = AuthenticationResult?.AccessToken ?? ''
    await idp.cognito.UpdateUserAttributes({ AccessToken, UserAttributes: [{ Name: 'email', Value: 'new@example.com' }] })
    await idp.cognito.GetUserAttributeVerificationCode({ AccessToken, AttributeName: 'email', ClientMetadata: { more: '1' } })
    await idp.cognito.AdminUpdateUserAttributes({
      UserPoolId: world.pool,
      Username: 'ada',
      UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
    })
    await idp.cognito.ForgotPassword(at)
    t.match(
      lambda.events.map(({ triggerSource, callerContext, request }) => [triggerSource, callerContext.clientId, request.clientMetadata]),
      only(
        only('CustomMessage_SignUp', world.client, { lang: 'en' }),
        only('CustomMessage_ResendCode', world.client, { again: '1' }),
        only('CustomMessage_UpdateUserAttribute', world.client, undefined),
        only('CustomMessage_VerifyUserAttribute', world.client, { more: '1' }),
        only('CustomMessage_ForgotPassword', world.client, undefined),
      ),
    )
  })

  const refusals: [string, Record<string, unknown>, unknown, string][] = [
    ['a mail without the code', {}, { emailMessage: 'Hello' }, 'The message of the custom message trigger must contain {####}'],
    [
      'a mail where the service sends for the pool',
      { EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' } },
      { emailMessage: '{####}' },
      'Custom email messages need an email configuration with the sending account DEVELOPER.',
    ],
    ['a text that is none', {}, { smsMessage: 4 }, 'Unrecognizable lambda output'],
  ]
  for (const [what, more, said, message] of refusals) {
    t.test(`refuses ${what} (H11)`, async (t) => {
      const world = await makeWorld(idp, { ...pool, ...more })
      lambda.answers.CustomMessage_SignUp = () => said
      await refuses(t, signUp(idp, world.client), 'InvalidLambdaResponseException', message)
    })
  }
})

test('CustomEmailSender and CustomSMSSender', async (t) => {
  const LambdaConfig = {
    CustomEmailSender: { LambdaVersion: 'V1_0' as const, LambdaArn: arn('mail') },
    CustomSMSSender: { LambdaVersion: 'V1_0' as const, LambdaArn: arn('sms') },
    KMSKeyID: KEY,
  }

  t.test('get the code in the envelope of the AWS Encryption SDK, and nothing else goes out (H12)', async (t) => {
    const world = await makeWorld(idp, { AutoVerifiedAttributes: ['email'], LambdaConfig: { ...LambdaConfig, CustomMessage: arn('m') } })
    const { UserSub } = await signUp(idp, world.client)
    const [event, ...more] = lambda.events
    t.same(more, [])
    const { code, ...request } = (event?.request ?? {}) as { code: string }
    t.same(
      { ...event, request },
      {
        version: '1',
        triggerSource: 'CustomEmailSender_SignUp',
        region: 'us-east-1',
        userPoolId: world.pool,
        userName: 'ada',
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: world.client },
        request: {
          type: 'customEmailSenderRequestV1',
          clientMetadata: { lang: 'en' },
          userAttributes: { sub: UserSub, 'cognito:user_status': 'UNCONFIRMED', email: 'ada@example.com', email_verified: 'false' },
        },
        response: {},
      },
    )
    t.equal(idp.outbox.latest({ user: UserSub }), undefined)
    const { plain, context } = await decrypted(code)
    t.match(plain, /^\d{6}$/)
    t.equal(context['userpool-id'], world.pool)
    await idp.cognito.ConfirmSignUp({ ClientId: world.client, Username: 'ada', ConfirmationCode: plain })
  })

  t.test('get an invitation’s password escaped, under a key of one’s own, in clear too if that is wanted (H12)', async (t) => {
    const key = Buffer.alloc(32, 7)
    const own = await emulator(t, settings({ senderKey: key.toString('base64'), senderCodes: 'plain' }))
    const world = await makeWorld(own, { LambdaConfig })
    await own.cognito.AdminCreateUser({
      UserPoolId: world.pool,
      Username: 'ada',
      TemporaryPassword: 'A<b>&1"xyz',
      UserAttributes: [{ Name: 'phone_number', Value: '+12025550123' }],
    })
    const { type, code, plaintextCode } = (lambda.events[0]?.request ?? {}) as Record<string, string>
    t.equal(lambda.events[0]?.triggerSource, 'CustomSMSSender_AdminCreateUser')
    t.equal(type, 'customSMSSenderRequestV1')
    t.equal(plaintextCode, 'A&lt;b&gt;&amp;1&quot;xyz')
    t.equal((await decrypted(code ?? '', key)).plain, plaintextCode)
  })

  t.test('that throw change nothing for the caller (H12)', async (t) => {
    const world = await makeWorld(idp, { AutoVerifiedAttributes: ['email'], LambdaConfig })
    lambda.answers.CustomEmailSender_SignUp = () => new Error('mail is down')
    t.match(await signUp(idp, world.client), { UserConfirmed: false, CodeDeliveryDetails: { Destination: 'a***@e***' } })
  })
})

test('CustomEmailSender_AccountTakeOverNotification (H2, H12)', async (t) => {
  const own = await emulator(t, settings({ riskyAddresses: { '198.51.100.0/24': 'High', '192.0.2.0/24': 'Low' } }))
  const world = await makeWorld(own, {
    UserPoolTier: 'PLUS',
    UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' },
    LambdaConfig: { CustomEmailSender: { LambdaVersion: 'V1_0', LambdaArn: arn('mail') }, KMSKeyID: KEY },
  })
  const sub = await makeUser(own, world, 'ada', { email: 'ada@example.com' })
  await own.cognito.SetRiskConfiguration({
    UserPoolId: world.pool,
    AccountTakeoverRiskConfiguration: {
      NotifyConfiguration: { SourceArn: 'arn:aws:ses:us-east-1:111111111111:identity/a@example.com' },
      Actions: { LowAction: { EventAction: 'NO_ACTION', Notify: true }, HighAction: { EventAction: 'BLOCK', Notify: true } },
    },
  })
  const from = (IpAddress: string) =>
    own.cognito.InitiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: world.client,
      AuthParameters: { USERNAME: 'ada', PASSWORD },
      UserContextData: { IpAddress },
    })
  t.ok((await from('192.0.2.1')).AuthenticationResult)
  await refuses(t, from('198.51.100.1'), 'NotAuthorizedException', 'Request not allowed due to security reasons.')
  const told = {
    version: '1',
    triggerSource: 'CustomEmailSender_AccountTakeOverNotification',
    region: 'us-east-1',
    userPoolId: world.pool,
    userName: 'ada',
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: world.client },
    request: {
      type: 'customEmailSenderRequestV1',
      code: null,
      userAttributes: { sub, 'cognito:user_status': 'CONFIRMED', email: 'ada@example.com' },
    },
    response: {},
  }
  t.strictSame(lambda.events, [told, told])
  t.equal(own.outbox.count(), 0)
})

test('forgotten passwords', async (t) => {
  t.test('PostConfirmation_ConfirmForgotPassword runs, and UserMigration_ForgotPassword before (F6, H2, H10)', async (t) => {
    const world = await makeWorld(idp, { LambdaConfig: { PostConfirmation: arn('p'), UserMigration: arn('u') } })
    lambda.answers.UserMigration_ForgotPassword = () => ({ userAttributes: { email: 'old@example.com', email_verified: 'true' } })
    const at = { ClientId: world.client, Username: 'old' }
    t.match(await idp.cognito.ForgotPassword({ ...at, ClientMetadata: { from: 'web' } }), {
      CodeDeliveryDetails: { Destination: 'o***@e***' },
    })
    t.match(
      lambda.events,
      only({ triggerSource: 'UserMigration_ForgotPassword', request: { validationData: null, clientMetadata: { from: 'web' } } }),
    )
    t.equal(Object.hasOwn(lambda.events[0]?.request ?? {}, 'password'), false)
    const ConfirmationCode = idp.outbox.latest({ to: 'old@example.com' })?.code ?? ''
    await idp.cognito.ConfirmForgotPassword({ ...at, ConfirmationCode, Password: 'An0ther-one!', ClientMetadata: { a: '1' } })
    t.match(lambda.events[1], {
      triggerSource: 'PostConfirmation_ConfirmForgotPassword',
      callerContext: { clientId: world.client },
      request: { userAttributes: { 'cognito:user_status': 'CONFIRMED', email: 'old@example.com' }, clientMetadata: { a: '1' } },
    })
    t.ok((await signIn(idp, world, 'old', 'An0ther-one!')).AuthenticationResult)
  })

  t.test('UserMigration that knows nobody leaves the name unknown', async (t) => {
    const world = await makeWorld(idp, { LambdaConfig: { UserMigration: arn('u') } })
    await makeUser(idp, world, 'ada')
    const other = await addClient(idp, world.pool)
    await refuses(
      t,
      idp.cognito.ForgotPassword({ ClientId: other.client, Username: 'old' }),
      'UserNotFoundException',
      'Username/client id combination not found.',
    )
  })
})

import { test } from 'tap'
import type { ChallengeNameType, Operations } from '../../src/cognito/contract/types.ts'
import { emulator, START } from '../support/emulator.ts'
import { addClient, makeUser, makeWorld, PASSWORD, refuses, tokensOf, type World } from '../support/sign-in.ts'
import { srpClient } from '../support/srp.ts'

const WRONG = ['NotAuthorizedException', 'Incorrect username or password.'] as const
const VERIFIED = {
  email: 'ada@example.com',
  email_verified: 'true',
  phone_number: '+15555550199',
  phone_number_verified: 'true',
}

test('USER_AUTH', async (t) => {
  const idp = await emulator(t)
  const flows = { ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_USER_PASSWORD_AUTH'] as const }
  const make = (
    factors: ('PASSWORD' | 'EMAIL_OTP' | 'SMS_OTP')[],
    more: Partial<Operations['CreateUserPool']['input']> = {},
    client: Partial<Operations['CreateUserPoolClient']['input']> = {},
  ) =>
    makeWorld(
      idp,
      { Policies: { SignInPolicy: { AllowedFirstAuthFactors: factors } }, ...more },
      { ExplicitAuthFlows: [...flows.ExplicitAuthFlows], ...client },
    )
  const world = await make(['PASSWORD', 'EMAIL_OTP', 'SMS_OTP'])
  await makeUser(idp, world, 'ada', VERIFIED)
  const begin = (username: string, more: Record<string, string> = {}, { client }: World = world, Session?: string) =>
    idp.cognito.InitiateAuth({ AuthFlow: 'USER_AUTH', ClientId: client, AuthParameters: { USERNAME: username, ...more }, Session })
  const respond = (
    username: string,
    ChallengeName: ChallengeNameType,
    Session: string | undefined,
    more: Record<string, string>,
    { client }: World = world,
  ) => idp.cognito.RespondToAuthChallenge({ ClientId: client, ChallengeName, Session, ChallengeResponses: { USERNAME: username, ...more } })
  const lastCode = () => idp.outbox.list().at(-1)?.code as string
  const ALL = ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP', 'SMS_OTP'] as const

  await t.test('offers what the pool allows and the user has (L19, L20)', async (t) => {
    const { Session, ...answer } = await begin('ada')
    t.match(Session, /^AYABe/)
    t.strictSame(answer, { ChallengeName: 'SELECT_CHALLENGE', ChallengeParameters: {}, AvailableChallenges: [...ALL] })
    t.equal((await begin('ada', { PREFERRED_CHALLENGE: 'WEB_AUTHN' })).ChallengeName, 'SELECT_CHALLENGE')
    await makeUser(idp, world, 'bob', { email: 'bob@example.com' })
    t.strictSame((await begin('bob', { PREFERRED_CHALLENGE: 'EMAIL_OTP' })).AvailableChallenges, ['PASSWORD_SRP', 'PASSWORD'])
    await makeUser(idp, world, 'new', VERIFIED, { confirmed: false })
    t.strictSame((await begin('new')).AvailableChallenges, ['PASSWORD_SRP', 'PASSWORD'])
  })

  await t.test('signs in by a code of eight digits (L19, L22)', async (t) => {
    for (const [choice, contact, medium, destination] of [
      ['EMAIL_OTP', 'ada@example.com', 'EMAIL', 'a***@e***'],
      ['SMS_OTP', '+15555550199', 'SMS', '+*******0199'],
    ] as const) {
      const { Session, ...answer } = await begin('ada', { PREFERRED_CHALLENGE: choice })
      t.strictSame(answer, {
        ChallengeName: choice,
        ChallengeParameters: { CODE_DELIVERY_DELIVERY_MEDIUM: medium, CODE_DELIVERY_DESTINATION: destination },
      })
      t.match(idp.outbox.list().at(-1), {
        to: contact,
        template: 'Authentication',
        code: /^\d{8}$/,
        body: `Your authentication code is ${lastCode()}. `,
      })
      const wrong = respond('ada', choice, Session, { [`${choice}_CODE`]: '1' })
      await refuses(t, wrong, 'CodeMismatchException', 'Invalid code or auth state for the user.')
      t.ok((await respond('ada', choice, Session, { [`${choice}_CODE`]: lastCode() })).AuthenticationResult)
    }
  })

  await t.test('takes the choice with or without its proof (L21)', async (t) => {
    const select = async (more: Record<string, string>) => respond('ada', 'SELECT_CHALLENGE', (await begin('ada')).Session, more)
    t.ok((await select({ ANSWER: 'PASSWORD', PASSWORD })).AuthenticationResult)
    await refuses(t, select({ ANSWER: 'PASSWORD', PASSWORD: 'Wrong-123' }), ...WRONG)
    const alone = await select({ ANSWER: 'PASSWORD' })
    t.equal(alone.ChallengeName, 'PASSWORD')
    t.ok((await respond('ada', 'PASSWORD', alone.Session, { PASSWORD })).AuthenticationResult)
    const mailed = await select({ ANSWER: 'EMAIL_OTP' })
    t.equal(mailed.ChallengeName, 'EMAIL_OTP')
    t.ok((await respond('ada', 'EMAIL_OTP', mailed.Session, { EMAIL_OTP_CODE: lastCode() })).AuthenticationResult)
    const srp = srpClient(world.pool.split('_')[1] as string, PASSWORD)
    const proving = await select({ ANSWER: 'PASSWORD_SRP', SRP_A: srp.SRP_A })
    t.equal(proving.ChallengeName, 'PASSWORD_VERIFIER')
    const proof = srp.prove(proving.ChallengeParameters ?? {}, new Date(START))
    t.ok((await respond('ada', 'PASSWORD_VERIFIER', proving.Session, proof)).AuthenticationResult)
    await refuses(t, select({ ANSWER: 'WEB_AUTHN' }), 'InvalidParameterException', 'Selected challenge is not available')
    await refuses(t, select({}), 'InvalidParameterException', 'Missing required parameter ANSWER')
  })

  await t.test('takes the preferred password at once (L19)', async (t) => {
    t.ok((await begin('ada', { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD })).AuthenticationResult)
    await refuses(t, begin('ada', { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: 'Wrong-123' }), ...WRONG)
    const srp = srpClient(world.pool.split('_')[1] as string, PASSWORD)
    const first = await begin('ada', { PREFERRED_CHALLENGE: 'PASSWORD_SRP', SRP_A: srp.SRP_A })
    t.equal(first.ChallengeName, 'PASSWORD_VERIFIER')
    const proof = srp.prove(first.ChallengeParameters ?? {}, new Date(START))
    t.ok((await respond('ada', 'PASSWORD_VERIFIER', first.Session, proof)).AuthenticationResult)
    const waiting = await begin('ada', { PREFERRED_CHALLENGE: 'PASSWORD_SRP' })
    t.equal(waiting.ChallengeName, 'PASSWORD_SRP')
    t.equal((await respond('ada', 'PASSWORD_SRP', waiting.Session, { SRP_A: srp.SRP_A })).ChallengeName, 'PASSWORD_VERIFIER')
  })

  await t.test('pretends for nobody, where the client hides who exists (L14, L22)', async (t) => {
    await refuses(t, begin('nobody'), 'UserNotFoundException', 'User does not exist.')
    const hiding = await addClient(idp, world.pool, { ExplicitAuthFlows: ['ALLOW_USER_AUTH'], PreventUserExistenceErrors: 'ENABLED' })
    t.strictSame((await begin('nobody', {}, hiding)).AvailableChallenges, [...ALL])
    const before = idp.outbox.count()
    const { ChallengeName, ChallengeParameters, Session } = await begin('nobody@example.com', { PREFERRED_CHALLENGE: 'EMAIL_OTP' }, hiding)
    t.equal(ChallengeName, 'EMAIL_OTP')
    t.match(ChallengeParameters, { CODE_DELIVERY_DESTINATION: 'n***@e***' })
    t.equal(idp.outbox.count(), before)
    const guess = respond('nobody@example.com', 'EMAIL_OTP', Session, { EMAIL_OTP_CODE: '12345678' }, hiding)
    await refuses(t, guess, 'CodeMismatchException', 'Invalid code or auth state for the user.')
    await refuses(t, begin('nobody', { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD }, hiding), ...WRONG)
  })

  await t.test('sends no code to somebody whom it would not let in (L3)', async (t) => {
    await makeUser(idp, world, 'dora', VERIFIED)
    await idp.cognito.AdminDisableUser({ UserPoolId: world.pool, Username: 'dora' })
    const before = idp.outbox.count()
    await refuses(t, begin('dora', { PREFERRED_CHALLENGE: 'EMAIL_OTP' }), 'NotAuthorizedException', 'User is disabled.')
    t.equal(idp.outbox.count(), before)
  })

  await t.test('must be allowed, and needs more than the cheapest plan (L19)', async (t) => {
    const off = await addClient(idp, world.pool)
    await refuses(t, begin('ada', {}, off), 'InvalidParameterException', 'USER_AUTH is not enabled for the client.')
    await refuses(
      t,
      idp.cognito.InitiateAuth({ AuthFlow: 'USER_AUTH', ClientId: world.client }),
      'InvalidParameterException',
      'Missing required parameter USERNAME',
    )
  })

  await t.test('who asks for a second proof begins with the password (L20)', async (t) => {
    const strict = await make(['PASSWORD', 'EMAIL_OTP', 'SMS_OTP'])
    await makeUser(idp, strict, 'bob', VERIFIED)
    await idp.cognito.SetUserPoolMfaConfig({
      UserPoolId: strict.pool,
      MfaConfiguration: 'OPTIONAL',
      SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sns' } },
    })
    await makeUser(idp, strict, 'ada', VERIFIED)
    await idp.cognito.AdminSetUserMFAPreference({ UserPoolId: strict.pool, Username: 'ada', SMSMfaSettings: { Enabled: true } })
    t.strictSame((await begin('ada', {}, strict)).AvailableChallenges, ['PASSWORD_SRP', 'PASSWORD'])
    t.equal((await begin('ada', { PREFERRED_CHALLENGE: 'EMAIL_OTP' }, strict)).ChallengeName, 'SELECT_CHALLENGE')
    t.strictSame((await begin('bob', {}, strict)).AvailableChallenges, [...ALL])
    t.equal((await begin('ada', { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD }, strict)).ChallengeName, 'SMS_MFA')
  })

  await t.test('the session of ConfirmSignUp signs in (S17)', async (t) => {
    const open = await make(['PASSWORD', 'EMAIL_OTP'], { AutoVerifiedAttributes: ['email'] })
    const { Session: signedUp } = await idp.cognito.SignUp({
      ClientId: open.client,
      Username: 'eve',
      Password: PASSWORD,
      UserAttributes: [{ Name: 'email', Value: 'eve@example.com' }],
    })
    const code = idp.outbox.list().at(-1)?.code as string
    const { Session } = await idp.cognito.ConfirmSignUp({
      ClientId: open.client,
      Username: 'eve',
      ConfirmationCode: code,
      Session: signedUp,
    })
    t.ok((await begin('eve', {}, open, Session)).AuthenticationResult?.RefreshToken)
    const used = 'Invalid session for the user, session can only be used once.'
    await refuses(t, begin('eve', {}, open, Session), 'NotAuthorizedException', used)
  })

  await t.test('GetUserAuthFactors (M17)', async (t) => {
    const { AccessToken } = await tokensOf(idp, world, 'ada')
    const factors = { Username: 'ada', ConfiguredUserAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP'] }
    t.strictSame(await idp.cognito.GetUserAuthFactors({ AccessToken }), factors)
    t.strictSame(await idp.cognito.AdminGetUserAuthFactors({ UserPoolId: world.pool, Username: 'ada' }), factors)
  })
})

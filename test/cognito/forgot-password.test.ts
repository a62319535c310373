import { test } from 'tap'
import type { Operations } from '../../src/cognito/contract/types.ts'
import { attributesOf, refuses } from '../support/cognito.ts'
import { emulator } from '../support/emulator.ts'
import { addClient, makeUser, makeWorld, PASSWORD, signIn, tokensOf, type World } from '../support/sign-in.ts'

const HOUR = 3_600_000
const NO_CODE = 'Invalid code provided, please request a code again.'
const WRONG_CODE = 'Invalid verification code provided, please try again.'
const NO_CONTACT = 'Cannot reset password for the user as there is no registered/verified email or phone_number'
const WRONG_STATE = 'User password cannot be reset in the current state.'
const NO_PAIR = 'Username/client id combination not found.'
const other = (code: string) => (code === '000000' ? '000001' : '000000')

const EMAIL = { email: 'ada@example.com', email_verified: 'true' }
const PHONE = { phone_number: '+15555559934', phone_number_verified: 'true' }
const EMAIL_DETAILS = { Destination: 'a***@e***', DeliveryMedium: 'EMAIL' as const, AttributeName: 'email' }
const PHONE_DETAILS = { Destination: '+*******9934', DeliveryMedium: 'SMS' as const, AttributeName: 'phone_number' }
type Recovery = Operations['CreateUserPool']['input']['AccountRecoverySetting']

test('ForgotPassword', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(idp)
  const discreet = await addClient(idp, world.pool, { PreventUserExistenceErrors: 'ENABLED' })
  const secret = await addClient(idp, world.pool, { GenerateSecret: true })
  await makeUser(idp, world, 'ada', { ...EMAIL, ...PHONE })
  await makeUser(idp, world, 'bare')
  await makeUser(idp, world, 'disabled', EMAIL)
  await idp.cognito.AdminDisableUser({ UserPoolId: world.pool, Username: 'disabled' })
  await makeUser(idp, world, 'invited', EMAIL, { confirmed: false })
  const forget = (Username: string, { client }: World = world) => idp.cognito.ForgotPassword({ ClientId: client, Username })

  await t.test('sends a code to the verified contact and changes nothing else (F1)', async (t) => {
    t.strictSame(await forget('ada'), { CodeDeliveryDetails: EMAIL_DETAILS })
    t.match(idp.outbox.latest(), { to: 'ada@example.com', template: 'ForgotPassword', code: /^\d{6}$/ })
    t.equal((await idp.cognito.AdminGetUser({ UserPoolId: world.pool, Username: 'ada' })).UserStatus, 'CONFIRMED')
    t.ok((await signIn(idp, world, 'ada')).AuthenticationResult)
  })

  const ways: [what: string, setting: Recovery, attributes: Record<string, string>, details: object | undefined][] = [
    ['the phone where that comes first', recovery('verified_phone_number', 'verified_email'), { ...EMAIL, ...PHONE }, PHONE_DETAILS],
    ['the e-mail where that comes first', recovery('verified_email', 'verified_phone_number'), { ...EMAIL, ...PHONE }, EMAIL_DETAILS],
    ['the next where the first is missing', recovery('verified_phone_number', 'verified_email'), EMAIL, EMAIL_DETAILS],
    ['nothing that is not verified', recovery('verified_email'), { email: 'ada@example.com' }, undefined],
    ['nothing the setting does not name', recovery('verified_email'), PHONE, undefined],
  ]
  for (const [what, AccountRecoverySetting, attributes, details] of ways) {
    await t.test(`chooses ${what}`, async (t) => {
      const own = await makeWorld(idp, { AccountRecoverySetting })
      await makeUser(idp, own, 'ada', attributes)
      if (details === undefined) await refuses(t, forget('ada', own), 'InvalidParameterException', NO_CONTACT)
      else t.strictSame(await forget('ada', own), { CodeDeliveryDetails: details })
    })
  }

  await t.test('does not send to the phone that is the second factor (F1)', async (t) => {
    const own = await makeWorld(idp, { AccountRecoverySetting: recovery('verified_phone_number', 'verified_email') })
    await makeUser(idp, own, 'ada', { ...EMAIL, ...PHONE })
    const MFAOptions = [{ DeliveryMedium: 'SMS' as const, AttributeName: 'phone_number' }]
    await idp.cognito.AdminSetUserSettings({ UserPoolId: own.pool, Username: 'ada', MFAOptions })
    t.strictSame(await forget('ada', own), { CodeDeliveryDetails: EMAIL_DETAILS })
  })

  await t.test('tells a discreet client of nobody, disabled or unreachable as of anybody (F2)', async (t) => {
    idp.outbox.clear()
    for (const name of ['nobody', 'disabled', 'bare']) {
      const { CodeDeliveryDetails } = await forget(name, discreet)
      t.match(CodeDeliveryDetails, { Destination: /^[a-z]\*\*\*@[a-z]\*\*\*$/, DeliveryMedium: 'EMAIL', AttributeName: 'email' })
    }
    t.equal(idp.outbox.count(), 0)
  })

  await t.test('refuses nobody, disabled, unreachable and invited users (F2, F3, F4)', async (t) => {
    await refuses(t, forget('nobody'), 'UserNotFoundException', NO_PAIR)
    await refuses(t, forget('disabled'), 'NotAuthorizedException', 'User is disabled.')
    await refuses(t, forget('bare'), 'InvalidParameterException', NO_CONTACT)
    await refuses(t, forget('invited'), 'NotAuthorizedException', WRONG_STATE)
  })

  await t.test('refuses where only administrators reset, and a missing secret hash (F4)', async (t) => {
    const own = await makeWorld(idp, { AccountRecoverySetting: recovery('admin_only') })
    await makeUser(idp, own, 'ada', EMAIL)
    await refuses(t, forget('ada', own), 'NotAuthorizedException', 'Contact administrator to reset password.')
    await refuses(
      t,
      forget('ada', secret),
      'NotAuthorizedException',
      `Client ${secret.client} is configured for secret but secret was not received`,
    )
  })
})

test('ConfirmForgotPassword', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(idp, { Policies: { PasswordPolicy: { PasswordHistorySize: 3 } } })
  const discreet = await addClient(idp, world.pool, { PreventUserExistenceErrors: 'ENABLED' })
  for (const name of ['ada', 'disabled']) {
    const user = { UserPoolId: world.pool, Username: name }
    const UserAttributes = Object.entries(EMAIL).map(([Name, Value]) => ({ Name, Value }))
    await idp.cognito.AdminCreateUser({ ...user, UserAttributes, TemporaryPassword: 'Temporary-0', MessageAction: 'SUPPRESS' })
    await idp.cognito.AdminSetUserPassword({ ...user, Password: PASSWORD, Permanent: true })
  }
  await idp.cognito.AdminDisableUser({ UserPoolId: world.pool, Username: 'disabled' })
  const forget = async () => {
    await idp.cognito.ForgotPassword({ ClientId: world.client, Username: 'ada' })
    return idp.outbox.latest()?.code as string
  }
  const confirm = (ConfirmationCode: string, Password = 'Another-34', Username = 'ada', { client }: World = world) =>
    idp.cognito.ConfirmForgotPassword({ ClientId: client, Username, ConfirmationCode, Password })

  await t.test('sets the new password, once (F5, F6)', async (t) => {
    await refuses(t, confirm('123456'), 'ExpiredCodeException', NO_CODE)
    const code = await forget()
    await refuses(t, confirm(other(code)), 'CodeMismatchException', WRONG_CODE)
    await refuses(t, confirm(code, 'weak'), 'InvalidPasswordException', 'Password did not conform with policy: Password not long enough')
    await refuses(t, confirm(code, PASSWORD), 'PasswordHistoryPolicyViolationException', 'Password has previously been used')
    t.strictSame(await confirm(code), {})
    t.ok((await signIn(idp, world, 'ada', 'Another-34')).AuthenticationResult)
    await refuses(t, signIn(idp, world, 'ada'), 'NotAuthorizedException', 'Incorrect username or password.')
    await refuses(t, confirm(code, 'Third-567'), 'ExpiredCodeException', NO_CODE)
  })

  await t.test('refuses a code after an hour (F1, F5)', async (t) => {
    const code = await forget()
    idp.clock.advance(HOUR)
    await refuses(t, confirm(code, 'Third-567'), 'ExpiredCodeException', NO_CODE)
  })

  await t.test('says of nobody and of the disabled what the client may know (F5)', async (t) => {
    await refuses(t, confirm('123456', 'Third-567', 'nobody'), 'UserNotFoundException', NO_PAIR)
    await refuses(t, confirm('123456', 'Third-567', 'disabled'), 'NotAuthorizedException', 'User is disabled.')
    for (const name of ['nobody', 'disabled']) {
      await refuses(t, confirm('123456', 'Third-567', name, discreet), 'CodeMismatchException', WRONG_CODE)
    }
    await refuses(t, confirm('123456', 'Third-567', 'ada', discreet), 'ExpiredCodeException', NO_CODE)
  })
})

test('AdminResetUserPassword', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(idp)
  await makeUser(idp, world, 'ada', EMAIL)
  await makeUser(idp, world, 'bare')
  await makeUser(idp, world, 'invited', EMAIL, { confirmed: false })
  const reset = (Username: string) => idp.cognito.AdminResetUserPassword({ UserPoolId: world.pool, Username })

  await t.test('asks for a reset and sends the code (A8)', async (t) => {
    t.strictSame(await reset('ada'), {})
    t.equal((await idp.cognito.AdminGetUser({ UserPoolId: world.pool, Username: 'ada' })).UserStatus, 'RESET_REQUIRED')
    await refuses(t, signIn(idp, world, 'ada'), 'PasswordResetRequiredException', 'Password reset required for the user')
    t.strictSame(await reset('ada'), {})
    await idp.cognito.ConfirmForgotPassword({
      ClientId: world.client,
      Username: 'ada',
      Password: 'Another-34',
      ConfirmationCode: idp.outbox.latest()?.code as string,
    })
    t.equal((await idp.cognito.AdminGetUser({ UserPoolId: world.pool, Username: 'ada' })).UserStatus, 'CONFIRMED')
    t.match(await attributesOf(idp, world.pool, 'ada'), { email_verified: 'true' })
  })

  await t.test('refuses nobody, disabled, unreachable and invited users (A8)', async (t) => {
    await refuses(t, reset('nobody'), 'UserNotFoundException', 'User does not exist.')
    await refuses(t, reset('bare'), 'InvalidParameterException', NO_CONTACT)
    await refuses(t, reset('invited'), 'NotAuthorizedException', WRONG_STATE)
    await idp.cognito.AdminDisableUser({ UserPoolId: world.pool, Username: 'ada' })
    await refuses(t, reset('ada'), 'NotAuthorizedException', 'User is disabled.')
  })
})

test('in quota mode', async (t) => {
  const idp = await emulator(t, { settings: { rooms: { cognito: { quotas: true } } } })
  const world = await makeWorld(idp, { AutoVerifiedAttributes: ['email'] })
  await makeUser(idp, world, 'ada', EMAIL)
  const { AccessToken } = await tokensOf(idp, world, 'ada')
  const UserAttributes = [{ Name: 'email', Value: 'new@example.com' }]
  const Username = 'new'
  await idp.cognito.SignUp({ ClientId: world.client, Username, Password: PASSWORD, UserAttributes })
  const spent = 'Attempt limit exceeded, please try after some time.'

  const limits: [most: number, what: string, attempt: () => Promise<unknown>][] = [
    [5, 'ResendConfirmationCode', () => idp.cognito.ResendConfirmationCode({ ClientId: world.client, Username })],
    [15, 'ConfirmSignUp', () => idp.cognito.ConfirmSignUp({ ClientId: world.client, Username, ConfirmationCode: 'x' })],
    [5, 'ForgotPassword', () => idp.cognito.ForgotPassword({ ClientId: world.client, Username: 'ada' })],
    [5, 'GetUserAttributeVerificationCode', () => idp.cognito.GetUserAttributeVerificationCode({ AccessToken, AttributeName: 'email' })],
    [15, 'VerifyUserAttribute', () => idp.cognito.VerifyUserAttribute({ AccessToken, AttributeName: 'email', Code: 'x' })],
    [5, 'ChangePassword', () => idp.cognito.ChangePassword({ AccessToken, PreviousPassword: PASSWORD, ProposedPassword: 'weak' })],
  ]
  for (const [most, what, attempt] of limits) {
    await t.test(`${what} may be tried ${most} times an hour (S21, A16, F1)`, async (t) => {
      for (let time = 0; time < most; time++) await attempt().catch((error) => t.not(error.name, 'LimitExceededException'))
      await refuses(t, attempt(), 'LimitExceededException', spent)
    })
  }
  await t.test('forgets after an hour', async (t) => {
    idp.clock.advance(HOUR)
    t.ok(await idp.cognito.ForgotPassword({ ClientId: world.client, Username: 'ada' }))
  })
})

function recovery(...names: ('verified_email' | 'verified_phone_number' | 'admin_only')[]): Recovery {
  return { RecoveryMechanisms: names.map((Name, index) => ({ Name, Priority: index + 1 })) }
}

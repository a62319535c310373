import { createHmac } from 'node:crypto'
import { test } from 'tap'
import type { Operations } from '../../src/cognito/contract/types.ts'
import { attributesOf, makeClient, makePool, refuses } from '../support/cognito.ts'
import { emulator } from '../support/emulator.ts'
import { only } from '../support/only.ts'

const HOUR = 3_600_000
const Password = 'Secret-12'
const email = (Value: string) => ({ Name: 'email', Value })
const phone = (Value: string) => ({ Name: 'phone_number', Value })

const NO_CODE = 'Invalid code provided, please request a code again.'
const WRONG_CODE = 'Invalid verification code provided, please try again.'

test('SignUp', async (t) => {
  const idp = await emulator(t)
  const pool = await makePool(idp, {
    AutoVerifiedAttributes: ['email', 'phone_number'],
    SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::000000000000:role/sms' },
  })
  const client = await makeClient(idp, pool)
  const clientOf = async (
    input: Partial<Operations['CreateUserPool']['input']>,
    more: Partial<Operations['CreateUserPoolClient']['input']> = {},
  ) => {
    const UserPoolId = await makePool(idp, input)
    return { pool: UserPoolId, ...(await makeClient(idp, UserPoolId, more)) }
  }
  const byEmail = await clientOf({ UsernameAttributes: ['email'], AutoVerifiedAttributes: ['email'] })
  const byPhone = await clientOf({ UsernameAttributes: ['phone_number'] })
  const byEither = await clientOf({ UsernameAttributes: ['phone_number', 'email'] })
  const aliased = await clientOf({ AliasAttributes: ['email', 'preferred_username'], AutoVerifiedAttributes: ['email'] })
  const closed = await clientOf({ AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } })
  const secret = await clientOf({}, { GenerateSecret: true })
  const narrow = await clientOf({}, { WriteAttributes: ['name'] })
  const demanding = await clientOf({
    Schema: [
      { Name: 'email', Required: true },
      { Name: 'name', Required: true },
    ],
  })

  await t.test('makes an unconfirmed user and sends a code to the phone first (S1, S3)', async (t) => {
    const answer = await idp.cognito.SignUp({
      ClientId: client.id,
      Username: 'ada',
      Password,
      UserAttributes: [email('ada@example.com'), phone('+15555559934')],
    })
    const { sub, ...attributes } = await attributesOf(idp, pool, 'ada')
    t.strictSame(answer, {
      UserConfirmed: false,
      UserSub: sub,
      CodeDeliveryDetails: { Destination: '+*******9934', DeliveryMedium: 'SMS', AttributeName: 'phone_number' },
    })
    t.strictSame(attributes, {
      email: 'ada@example.com',
      phone_number: '+15555559934',
      email_verified: 'false',
      phone_number_verified: 'false',
    })
    t.match(await idp.cognito.AdminGetUser({ UserPoolId: pool, Username: 'ada' }), { UserStatus: 'UNCONFIRMED', Enabled: true })
    t.match(idp.outbox.list(), only({ channel: 'sms', to: '+15555559934', template: 'SignUp', code: /^\d{6}$/, username: 'ada' }))
  })

  await t.test('masks an e-mail address (S2)', async (t) => {
    const { CodeDeliveryDetails } = await idp.cognito.SignUp({
      ClientId: client.id,
      Username: 'jane',
      Password,
      UserAttributes: [email('jane@example.com')],
    })
    t.strictSame(CodeDeliveryDetails, { Destination: 'j***@e***', DeliveryMedium: 'EMAIL', AttributeName: 'email' })
  })

  await t.test('sends no code where nothing given is verified (S3)', async (t) => {
    idp.outbox.clear()
    t.notOk((await idp.cognito.SignUp({ ClientId: client.id, Username: 'plain', Password })).CodeDeliveryDetails)
    t.equal(idp.outbox.count(), 0)
  })

  await t.test('makes the e-mail the attribute and the sub the user name (S13)', async (t) => {
    const { UserSub } = await idp.cognito.SignUp({ ClientId: byEmail.id, Username: 'ada@example.com', Password })
    const user = await idp.cognito.AdminGetUser({ UserPoolId: byEmail.pool, Username: 'ada@example.com' })
    t.equal(user.Username, UserSub)
    t.match(await attributesOf(idp, byEmail.pool, UserSub), { email: 'ada@example.com', email_verified: 'false' })
  })

  await t.test('makes the phone number the attribute and the sub the user name (S13)', async (t) => {
    const { UserSub } = await idp.cognito.SignUp({ ClientId: byPhone.id, Username: '+15555550123', Password })
    t.match(await attributesOf(idp, byPhone.pool, UserSub), { phone_number: '+15555550123', phone_number_verified: 'false' })
  })

  await t.test('writes texts from the templates of the pool, or a link (S20)', async (t) => {
    const templated = await clientOf({
      AutoVerifiedAttributes: ['email'],
      VerificationMessageTemplate: { EmailSubject: 'Code', EmailMessage: '{username}: {####}', DefaultEmailOption: 'CONFIRM_WITH_CODE' },
    })
    await idp.cognito.SignUp({ ClientId: templated.id, Username: 'ada', Password, UserAttributes: [email('ada@example.com')] })
    const sent = idp.outbox.latest()
    t.match(sent, { subject: 'Code', body: `ada: ${sent?.code}` })

    const linked = await clientOf({
      AutoVerifiedAttributes: ['email'],
      VerificationMessageTemplate: { EmailMessageByLink: 'Go {##here##} now', DefaultEmailOption: 'CONFIRM_WITH_LINK' },
    })
    await idp.cognito.SignUp({ ClientId: linked.id, Username: 'ada', Password, UserAttributes: [email('ada@example.com')] })
    const link = idp.outbox.latest()
    t.match(link?.link, `/confirmUser?client_id=${linked.id}&user_name=ada&confirmation_code=${link?.code}`)
    t.equal(link?.body, `Go <a href="${link?.link}">here</a> now`)

    const follow = async (url = '') => {
      const { status, body } = await idp.request('GET', url.replace(/^http:\/\/[^/]+/, ''))
      return [status, /data-testid="(notice|error)">(.*?)<\/p>/.exec(String(body))?.slice(1)]
    }
    t.strictSame(await follow(link?.link?.replace(/code=.*/, 'code=x')), [400, ['error', 'The code is wrong. Please try again.']])
    t.strictSame(await follow(link?.link), [200, ['notice', 'Your registration has been confirmed!']])
    t.match(await attributesOf(idp, linked.pool, 'ada'), { email_verified: 'true' })
    t.strictSame(await follow(link?.link), [400, ['error', 'Your account is confirmed already. You can sign in.']])
    t.match(await follow('/confirmUser'), only(400, only('error', /^The link is incomplete/)))
  })

  await t.test('takes a sign-up whose e-mail is another user’s alias (S5)', async (t) => {
    await idp.cognito.AdminCreateUser({
      UserPoolId: aliased.pool,
      Username: 'first',
      UserAttributes: [email('one@example.com'), { Name: 'email_verified', Value: 'true' }],
      MessageAction: 'SUPPRESS',
    })
    await idp.cognito.SignUp({ ClientId: aliased.id, Username: 'second', Password, UserAttributes: [email('one@example.com')] })
    t.equal((await idp.cognito.AdminGetUser({ UserPoolId: aliased.pool, Username: 'one@example.com' })).Username, 'first')
  })

  await t.test('takes the right secret hash (S14)', async (t) => {
    const SecretHash = createHmac('sha256', secret.secret).update(`ada${secret.id}`).digest('base64')
    const { UserConfirmed } = await idp.cognito.SignUp({ ClientId: secret.id, Username: 'ada', Password, SecretHash })
    t.equal(UserConfirmed, false)
  })

  await t.test('takes a sign-up without a password where a code to a contact is a first factor', async (t) => {
    const passwordless = await clientOf({ Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } } })
    await idp.cognito.SignUp({ ClientId: passwordless.id, Username: 'ada', UserAttributes: [email('ada@example.com')] })
    await refuses(
      t,
      idp.cognito.SignUp({ ClientId: passwordless.id, Username: 'bob' }),
      'InvalidParameterException',
      "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must not be null",
    )
  })

  const IPE = 'InvalidParameterException'
  const NAE = 'NotAuthorizedException'
  const policy = (words: string) => `Password did not conform with policy: Password ${words}`
  const schema = (words: string) => `Attributes did not conform to the schema: ${words}`
  const UNWRITABLE = 'A client attempted to write unauthorized attribute'
  const refusals: [what: string, input: Partial<Operations['SignUp']['input']>, type: string, message: string][] = [
    ['a user name that is taken (S4)', { Username: 'ada' }, 'UsernameExistsException', 'User already exists'],
    [
      'an e-mail that is taken as user name (S4)',
      { ClientId: byEmail.id, Username: 'ada@example.com' },
      'UsernameExistsException',
      'An account with the given email already exists.',
    ],
    [
      'a phone number that is taken as user name (S4)',
      { ClientId: byPhone.id, Username: '+15555550123' },
      'UsernameExistsException',
      'An account with the given phone_number already exists.',
    ],
    ['a sign-up that only administrators may do (S6)', { ClientId: closed.id }, NAE, 'SignUp is not permitted for this user pool'],
    ['a name that is no e-mail (S7)', { ClientId: byEmail.id }, IPE, 'Username should be an email.'],
    ['a name that is no phone number (S7)', { ClientId: byPhone.id }, IPE, 'Username should be a phone number.'],
    ['a name that is neither (S7)', { ClientId: byEither.id }, IPE, 'Username should be either an email or a phone number.'],
    [
      'an e-mail as name beside the e-mail alias (S7)',
      { ClientId: aliased.id, Username: 'x@example.com' },
      IPE,
      'Username cannot be of email format, since user pool is configured for email alias.',
    ],
    ['a malformed e-mail (S8)', { UserAttributes: [email('x')] }, IPE, 'Invalid email address format.'],
    ['a malformed phone number (S8)', { UserAttributes: [phone('5')] }, IPE, 'Invalid phone number format.'],
    ['a short password (S9)', { Password: 'x' }, 'InvalidPasswordException', policy('not long enough')],
    ['a password without capitals (S9)', { Password: 'secret-12' }, 'InvalidPasswordException', policy('must have uppercase characters')],
    [
      'a password without small letters (S9)',
      { Password: 'SECRET-12' },
      'InvalidPasswordException',
      policy('must have lowercase characters'),
    ],
    ['a password without digits (S9)', { Password: 'Secret-xx' }, 'InvalidPasswordException', policy('must have numeric characters')],
    ['a password without symbols (S9)', { Password: 'Secret123' }, 'InvalidPasswordException', policy('must have symbol characters')],
    [
      'what lacks a required attribute (S10)',
      { ClientId: demanding.id, UserAttributes: [email('x@example.com')] },
      IPE,
      schema('name.formatted: The attribute name.formatted is required'),
    ],
    [
      'what lacks several (S10)',
      { ClientId: demanding.id },
      IPE,
      schema('name.formatted: The attribute name.formatted is required, emails: The attribute emails is required'),
    ],
    [
      'an unknown attribute (S10)',
      { UserAttributes: [{ Name: 'custom:x', Value: '1' }] },
      IPE,
      schema('Type for attribute {custom:x} could not be determined'),
    ],
    ['what the client may not write (S11)', { ClientId: narrow.id, UserAttributes: [email('x@example.com')] }, NAE, UNWRITABLE],
    ['a client that calls an e-mail verified (S11)', { UserAttributes: [{ Name: 'email_verified', Value: 'true' }] }, NAE, UNWRITABLE],
    [
      'a preferred name where that is an alias (S12)',
      { ClientId: aliased.id, UserAttributes: [{ Name: 'preferred_username', Value: 'x' }] },
      IPE,
      'Unable to set preferred_username value until user is confirmed',
    ],
    [
      'a missing secret hash (S14)',
      { ClientId: secret.id },
      NAE,
      `Client ${secret.id} is configured for secret but secret was not received`,
    ],
    ['a wrong secret hash (S14)', { ClientId: secret.id, SecretHash: 'x' }, NAE, `Unable to verify secret hash for client ${secret.id}`],
    [
      'a superfluous secret hash (S14)',
      { SecretHash: 'x' },
      IPE,
      `App client ${client.id} is not configured for secret but secret hash was received`,
    ],
    ['an unknown client (C13)', { ClientId: 'nope' }, 'ResourceNotFoundException', 'User pool client nope does not exist.'],
  ]
  for (const [what, input, type, message] of refusals) {
    await t.test(`refuses ${what}`, (t) =>
      refuses(t, idp.cognito.SignUp({ ClientId: client.id, Username: 'new', Password, ...input }), type, message),
    )
  }
})

test('ConfirmSignUp', async (t) => {
  const idp = await emulator(t)
  const pool = await makePool(idp, { AutoVerifiedAttributes: ['email'], AliasAttributes: ['email'] })
  const { id: ClientId } = await makeClient(idp, pool)
  const { id: discreet } = await makeClient(idp, pool, { PreventUserExistenceErrors: 'ENABLED' })
  const { id: choosing } = await makeClient(idp, pool, { ExplicitAuthFlows: ['ALLOW_USER_AUTH'] })
  const signUp = async (Username: string, address: string, client = ClientId) => {
    const answer = await idp.cognito.SignUp({ ClientId: client, Username, Password, UserAttributes: [email(address)] })
    return { ...answer, code: idp.outbox.latest({ user: Username })?.code as string }
  }
  const confirm = (Username: string, ConfirmationCode: string, more = {}) =>
    idp.cognito.ConfirmSignUp({ ClientId, Username, ConfirmationCode, ...more })
  const other = (code: string) => (code === '000000' ? '000001' : '000000')

  await t.test('confirms the user and verifies the address (S15, S16)', async (t) => {
    const { code } = await signUp('ada', 'ada@example.com')
    await refuses(t, confirm('ada', other(code)), 'CodeMismatchException', WRONG_CODE)
    t.strictSame(await confirm('ada', code), {})
    t.match(await attributesOf(idp, pool, 'ada@example.com'), { email_verified: 'true' })
    t.equal((await idp.cognito.AdminGetUser({ UserPoolId: pool, Username: 'ada' })).UserStatus, 'CONFIRMED')
    await refuses(t, confirm('ada', code), 'NotAuthorizedException', 'User cannot be confirmed. Current status is CONFIRMED')
  })

  await t.test('refuses an alias that is taken unless forced (S16)', async (t) => {
    const { code } = await signUp('two', 'ada@example.com')
    await refuses(t, confirm('two', code), 'AliasExistsException', 'An account with the email already exists.')
    await confirm('two', code, { ForceAliasCreation: true })
    t.equal((await idp.cognito.AdminGetUser({ UserPoolId: pool, Username: 'ada@example.com' })).Username, 'two')
    t.match(await attributesOf(idp, pool, 'ada'), { email_verified: 'false' })
  })

  await t.test('refuses any code where none went out (S15)', async (t) => {
    await idp.cognito.SignUp({ ClientId, Username: 'bare', Password })
    await refuses(t, confirm('bare', '123456'), 'ExpiredCodeException', NO_CODE)
  })

  await t.test('refuses a code older than a day (S15, S21)', async (t) => {
    const { code } = await signUp('late', 'late@example.com')
    idp.clock.advance(24 * HOUR)
    await refuses(t, confirm('late', code), 'ExpiredCodeException', NO_CODE)
    await idp.cognito.ResendConfirmationCode({ ClientId, Username: 'late' })
    await confirm('late', idp.outbox.latest({ user: 'late' })?.code as string)
  })

  await t.test('says of an unknown user what the client may know (S15)', async (t) => {
    await refuses(t, confirm('nobody', '123456'), 'UserNotFoundException', 'Username/client id combination not found.')
    await refuses(t, confirm('nobody', '123456', { ClientId: discreet }), 'ExpiredCodeException', NO_CODE)
  })

  await t.test('passes the session of the sign-up on (S17)', async (t) => {
    const { code, Session } = await signUp('sam', 'sam@example.com', choosing)
    t.match(Session, /^AYABe.{1000,}$/)
    const answer = await confirm('sam', code, { ClientId: choosing, Session })
    t.match(answer.Session, /^AYABe.{1000,}$/)
    t.not(answer.Session, Session)
    const { code: another } = await signUp('tim', 'tim@example.com', choosing)
    await refuses(t, confirm('tim', another, { ClientId: choosing, Session }), 'NotAuthorizedException', 'Invalid session for the user.')
  })
})

test('AdminConfirmSignUp', async (t) => {
  const idp = await emulator(t)
  const pool = await makePool(idp, { AutoVerifiedAttributes: ['email'] })
  const { id: ClientId } = await makeClient(idp, pool)
  await idp.cognito.SignUp({ ClientId, Username: 'ada', Password, UserAttributes: [email('ada@example.com')] })
  const ada = { UserPoolId: pool, Username: 'ada' }

  await t.test('confirms without verifying anything (S18)', async (t) => {
    t.strictSame(await idp.cognito.AdminConfirmSignUp(ada), {})
    t.equal((await idp.cognito.AdminGetUser(ada)).UserStatus, 'CONFIRMED')
    t.match(await attributesOf(idp, pool, 'ada'), { email_verified: 'false' })
  })

  await t.test('refuses who is confirmed, or nobody (S15)', async (t) => {
    const words = 'User cannot be confirmed. Current status is CONFIRMED'
    await refuses(t, idp.cognito.AdminConfirmSignUp(ada), 'NotAuthorizedException', words)
    await refuses(t, idp.cognito.AdminConfirmSignUp({ ...ada, Username: 'x' }), 'UserNotFoundException', 'User does not exist.')
  })
})

test('ResendConfirmationCode', async (t) => {
  const idp = await emulator(t)
  const pool = await makePool(idp, { AutoVerifiedAttributes: ['email'] })
  const { id: ClientId } = await makeClient(idp, pool)
  const { id: discreet } = await makeClient(idp, pool, { PreventUserExistenceErrors: 'ENABLED' })
  await idp.cognito.SignUp({ ClientId, Username: 'ada', Password, UserAttributes: [email('ada@example.com')] })
  const first = idp.outbox.latest()?.code as string

  await t.test('sends a new code; the old one dies (S19)', async (t) => {
    t.strictSame(await idp.cognito.ResendConfirmationCode({ ClientId, Username: 'ada' }), {
      CodeDeliveryDetails: { Destination: 'a***@e***', DeliveryMedium: 'EMAIL', AttributeName: 'email' },
    })
    const sent = idp.outbox.latest()
    t.match(sent, { template: 'ResendCode', to: 'ada@example.com' })
    t.not(sent?.code, first)
    await refuses(t, idp.cognito.ConfirmSignUp({ ClientId, Username: 'ada', ConfirmationCode: first }), 'CodeMismatchException', WRONG_CODE)
    await idp.cognito.ConfirmSignUp({ ClientId, Username: 'ada', ConfirmationCode: sent?.code as string })
  })

  await t.test('refuses who is confirmed, and who has nothing to verify (S19)', async (t) => {
    await refuses(
      t,
      idp.cognito.ResendConfirmationCode({ ClientId, Username: 'ada' }),
      'InvalidParameterException',
      'User is already confirmed.',
    )
    await idp.cognito.SignUp({ ClientId, Username: 'bare', Password })
    await refuses(
      t,
      idp.cognito.ResendConfirmationCode({ ClientId, Username: 'bare' }),
      'InvalidParameterException',
      'Auto verification not turned on.',
    )
  })

  await t.test('says of an unknown user what the client may know (S19)', async (t) => {
    await refuses(
      t,
      idp.cognito.ResendConfirmationCode({ ClientId, Username: 'nobody' }),
      'UserNotFoundException',
      'Username/client id combination not found.',
    )
    const simulate = () => idp.cognito.ResendConfirmationCode({ ClientId: discreet, Username: 'nobody' })
    const answer = await simulate()
    t.match(answer, { CodeDeliveryDetails: { Destination: /^[a-z]\*\*\*@[a-z]\*\*\*$/, DeliveryMedium: 'EMAIL', AttributeName: 'email' } })
    t.strictSame(await simulate(), answer)
  })
})

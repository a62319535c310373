import { test } from 'tap'
import type { Operations } from '../../src/cognito/contract/types.ts'
import { attributesOf, makePool, refuses } from '../support/cognito.ts'
import { emulator } from '../support/emulator.ts'
import { only } from '../support/only.ts'
import { makeUser, makeWorld, PASSWORD, signIn } from '../support/sign-in.ts'

const DAY = 86_400_000

/** Epoch seconds at which the clock of these tests stands. */
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000

const SUB = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

test('AdminCreateUser', async (t) => {
  const idp = await emulator(t)
  const pool = await makePool(idp)
  const byEmail = await makePool(idp, { UsernameAttributes: ['email'] })
  const byEither = await makePool(idp, { UsernameAttributes: ['email', 'phone_number'] })
  const byPhone = await makePool(idp, { UsernameAttributes: ['phone_number'] })
  const aliased = await makePool(idp, { AliasAttributes: ['email', 'phone_number', 'preferred_username'] })

  await t.test('makes a user who must change the password, sub first (A1)', async (t) => {
    const { User } = await idp.cognito.AdminCreateUser({
      UserPoolId: pool,
      Username: 'ada',
      TemporaryPassword: 'Secret-12',
      UserAttributes: [{ Name: 'email', Value: 'ada@example.com' }],
      MessageAction: 'SUPPRESS',
    })
    const sub = User?.Attributes?.[0]?.Value as string
    t.match(sub, SUB)
    t.strictSame(User, {
      Username: 'ada',
      Attributes: [
        { Name: 'sub', Value: sub },
        { Name: 'email', Value: 'ada@example.com' },
      ],
      UserCreateDate: NOW,
      UserLastModifiedDate: NOW,
      Enabled: true,
      UserStatus: 'FORCE_CHANGE_PASSWORD',
    })
    t.equal(idp.outbox.count(), 0)
    const { UserAttributes, ...rest } = await idp.cognito.AdminGetUser({ UserPoolId: pool, Username: 'ada' })
    const { Attributes, ...made } = User ?? {}
    t.strictSame({ UserAttributes, ...rest }, { UserAttributes: Attributes, ...made })
  })

  await t.test('finds the user by sub (A6)', async (t) => {
    const { UserAttributes = [] } = await idp.cognito.AdminGetUser({ UserPoolId: pool, Username: 'ada' })
    const found = await idp.cognito.AdminGetUser({ UserPoolId: pool, Username: UserAttributes[0]?.Value as string })
    t.equal(found.Username, 'ada')
  })

  await t.test('draws a password that meets the policy and sends it by SMS unless told otherwise (A2)', async (t) => {
    await idp.cognito.AdminCreateUser({
      UserPoolId: pool,
      Username: 'bob',
      UserAttributes: [
        { Name: 'email', Value: 'bob@example.com' },
        { Name: 'phone_number', Value: '+15555550100' },
      ],
    })
    const [sms, ...others] = idp.outbox.list()
    t.strictSame(others, [])
    t.match(sms?.code, /^(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9])(?=.*[^A-Za-z0-9]).{8,}$/)
    t.match(sms, {
      channel: 'sms',
      to: '+15555550100',
      body: `Your username is bob and temporary password is ${sms?.code}. `,
      template: 'AdminCreateUser',
      pool,
      username: 'bob',
    })
  })

  await t.test("sends by e-mail, in the service's own words or from the template of the pool (A2, cognito-facts 38)", async (t) => {
    idp.outbox.clear()
    const Username = 'dora'
    const UserAttributes = [{ Name: 'email', Value: 'dora@example.com' }]
    await idp.cognito.AdminCreateUser({ UserPoolId: pool, Username, UserAttributes, DesiredDeliveryMediums: ['EMAIL'] })
    const [sent] = idp.outbox.list()
    const body = `Your username is dora and temporary password is ${sent?.code}. `
    t.match(sent, { channel: 'email', to: 'dora@example.com', subject: 'Your temporary password', body })
    idp.outbox.clear()
    const templated = await makePool(idp, {
      AdminCreateUserConfig: { InviteMessageTemplate: { EmailSubject: 'Welcome', EmailMessage: 'Hi {username}, use {####}' } },
    })
    await idp.cognito.AdminCreateUser({
      UserPoolId: templated,
      Username: 'carol',
      TemporaryPassword: 'Given-Password1',
      UserAttributes: [{ Name: 'email', Value: 'carol@example.com' }],
      DesiredDeliveryMediums: ['EMAIL'],
    })
    t.match(
      idp.outbox.list(),
      only({
        channel: 'email',
        to: 'carol@example.com',
        subject: 'Welcome',
        body: 'Hi carol, use Given-Password1',
        code: 'Given-Password1',
      }),
    )
  })

  await t.test('stores the sub as user name where users are named by e-mail, and greets by e-mail (S13)', async (t) => {
    idp.outbox.clear()
    const { User } = await idp.cognito.AdminCreateUser({
      UserPoolId: byEmail,
      Username: 'dan@example.com',
      DesiredDeliveryMediums: ['EMAIL'],
    })
    t.equal(User?.Username, User?.Attributes?.[0]?.Value)
    t.strictSame(User?.Attributes?.[1], { Name: 'email', Value: 'dan@example.com' })
    t.match(idp.outbox.latest()?.body, /^Your username is dan@example\.com and/)
    const found = await idp.cognito.AdminGetUser({ UserPoolId: byEmail, Username: 'dan@example.com' })
    t.equal(found.Username, User?.Username)
  })

  await t.test('finds a user by a verified alias only (A6)', async (t) => {
    await idp.cognito.AdminCreateUser({
      UserPoolId: aliased,
      Username: 'eve',
      MessageAction: 'SUPPRESS',
      UserAttributes: [
        { Name: 'email', Value: 'eve@example.com' },
        { Name: 'email_verified', Value: 'true' },
        { Name: 'phone_number', Value: '+15555550101' },
        { Name: 'preferred_username', Value: 'evie' },
      ],
    })
    for (const name of ['eve@example.com', 'evie']) {
      t.equal((await idp.cognito.AdminGetUser({ UserPoolId: aliased, Username: name })).Username, 'eve')
    }
    await refuses(
      t,
      idp.cognito.AdminGetUser({ UserPoolId: aliased, Username: '+15555550101' }),
      'UserNotFoundException',
      'User does not exist.',
    )
  })

  await t.test('moves a verified alias when forced, and unverifies the old owner (S16)', async (t) => {
    const input = {
      UserPoolId: aliased,
      Username: 'mallory',
      MessageAction: 'SUPPRESS' as const,
      UserAttributes: [
        { Name: 'email', Value: 'eve@example.com' },
        { Name: 'email_verified', Value: 'true' },
      ],
    }
    await refuses(t, idp.cognito.AdminCreateUser(input), 'AliasExistsException', 'An account with the email already exists.')
    await idp.cognito.AdminCreateUser({ ...input, ForceAliasCreation: true })
    t.equal((await idp.cognito.AdminGetUser({ UserPoolId: aliased, Username: 'eve@example.com' })).Username, 'mallory')
    const { UserAttributes } = await idp.cognito.AdminGetUser({ UserPoolId: aliased, Username: 'eve' })
    t.strictSame(
      UserAttributes?.filter(({ Name }) => Name.startsWith('email')),
      [
        { Name: 'email', Value: 'eve@example.com' },
        { Name: 'email_verified', Value: 'false' },
      ],
    )
  })

  await t.test('folds names where the pool is not case sensitive (P10)', async (t) => {
    const folding = await makePool(idp, { UsernameConfiguration: { CaseSensitive: false } })
    await idp.cognito.AdminCreateUser({ UserPoolId: folding, Username: 'Frank', MessageAction: 'SUPPRESS' })
    t.equal((await idp.cognito.AdminGetUser({ UserPoolId: folding, Username: 'fRANK' })).Username, 'Frank')
    await refuses(
      t,
      idp.cognito.AdminCreateUser({ UserPoolId: folding, Username: 'FRANK' }),
      'UsernameExistsException',
      'User account already exists',
    )
  })

  await t.test('folds e-mail and preferred name with it, and nothing unless it was told to (P10)', async (t) => {
    const attributes = [
      { Name: 'email', Value: 'Frank@Example.com' },
      { Name: 'email_verified', Value: 'true' },
      { Name: 'preferred_username', Value: 'Frankie' },
    ]
    for (const CaseSensitive of [false, undefined]) {
      const AliasAttributes = ['email' as const, 'preferred_username' as const]
      const configuration = CaseSensitive === undefined ? {} : { UsernameConfiguration: { CaseSensitive } }
      const own = await makePool(idp, { AliasAttributes, ...configuration })
      const create = (Username: string, UserAttributes: typeof attributes) =>
        idp.cognito.AdminCreateUser({ UserPoolId: own, Username, UserAttributes, MessageAction: 'SUPPRESS' })
      await create('frank', attributes)
      for (const name of ['FRANK@example.COM', 'fRANKIE']) {
        const found = idp.cognito.AdminGetUser({ UserPoolId: own, Username: name })
        if (CaseSensitive === false) t.equal((await found).Username, 'frank')
        else await refuses(t, found, 'UserNotFoundException', 'User does not exist.')
      }
      const preferred = [{ Name: 'preferred_username', Value: 'FRANKIE' }]
      if (CaseSensitive === undefined) t.ok(await create('other', preferred))
      else
        await refuses(t, create('other', preferred), 'AliasExistsException', 'An account with the given preferred_username already exists.')
    }
  })

  await t.test('makes a confirmed user without a password where a verified contact suffices (A4)', async (t) => {
    const passwordless = await makePool(idp, {
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
    })
    const attributes = [{ Name: 'email', Value: 'gina@example.com' }]
    const unverified = await idp.cognito.AdminCreateUser({ UserPoolId: passwordless, Username: 'gus', UserAttributes: attributes })
    t.equal(unverified.User?.UserStatus, 'FORCE_CHANGE_PASSWORD')
    const { User } = await idp.cognito.AdminCreateUser({
      UserPoolId: passwordless,
      Username: 'gina',
      UserAttributes: [...attributes, { Name: 'email_verified', Value: 'true' }],
    })
    t.equal(User?.UserStatus, 'CONFIRMED')
  })

  await t.test('lets required attributes be absent (A5)', async (t) => {
    const demanding = await makePool(idp, { Schema: [{ Name: 'email', Required: true }] })
    const { User } = await idp.cognito.AdminCreateUser({ UserPoolId: demanding, Username: 'hal', MessageAction: 'SUPPRESS' })
    t.equal(User?.Attributes?.length, 1)
  })

  await t.test('RESEND makes a new password and sends it (A3)', async (t) => {
    idp.outbox.clear()
    const input = { UserPoolId: pool, Username: 'bob', MessageAction: 'RESEND' as const, DesiredDeliveryMediums: ['EMAIL' as const] }
    const { User } = await idp.cognito.AdminCreateUser(input)
    t.equal(User?.UserStatus, 'FORCE_CHANGE_PASSWORD')
    t.match(idp.outbox.latest(), { channel: 'email', to: 'bob@example.com', username: 'bob' })
    await idp.cognito.AdminSetUserPassword({ UserPoolId: pool, Username: 'bob', Password: 'Secret-12', Permanent: true })
    await refuses(
      t,
      idp.cognito.AdminCreateUser(input),
      'UnsupportedUserStateException',
      'Resend not possible. bob status is not FORCE_CHANGE_PASSWORD',
    )
    await refuses(t, idp.cognito.AdminCreateUser({ ...input, Username: 'nobody' }), 'UserNotFoundException', 'User does not exist.')
  })

  await t.test('RESEND restarts the time of the temporary password (A3)', async (t) => {
    const world = await makeWorld(idp)
    await makeUser(idp, world, 'ivy', {}, { confirmed: false })
    idp.clock.advance(7 * DAY)
    const words = 'Temporary password has expired and must be reset by an administrator.'
    await refuses(t, signIn(idp, world, 'ivy'), 'NotAuthorizedException', words)
    await idp.cognito.AdminCreateUser({
      UserPoolId: world.pool,
      Username: 'ivy',
      MessageAction: 'RESEND',
      TemporaryPassword: PASSWORD,
    })
    t.equal((await signIn(idp, world, 'ivy')).ChallengeName, 'NEW_PASSWORD_REQUIRED')
  })

  const schemaError = (words: string) => `Attributes did not conform to the schema: ${words}`
  const refusals: [what: string, input: Partial<Operations['AdminCreateUser']['input']>, type: string, message: string][] = [
    ['a name that is taken (A1)', { Username: 'ada' }, 'UsernameExistsException', 'User account already exists'],
    [
      'an e-mail that is taken as name (A1)',
      { UserPoolId: byEmail, Username: 'dan@example.com' },
      'UsernameExistsException',
      'User account already exists',
    ],
    [
      'a name that is no e-mail (S7)',
      { UserPoolId: byEmail, Username: 'dan' },
      'InvalidParameterException',
      'Username should be an email.',
    ],
    [
      'a name that is no phone number (S7)',
      { UserPoolId: byPhone, Username: 'dan@example.com' },
      'InvalidParameterException',
      'Username should be a phone number.',
    ],
    [
      'a name that is neither (S7)',
      { UserPoolId: byEither, Username: 'dan' },
      'InvalidParameterException',
      'Username should be either an email or a phone number.',
    ],
    [
      'an e-mail as name beside the e-mail alias (S7)',
      { UserPoolId: aliased, Username: 'x@example.com' },
      'InvalidParameterException',
      'Username cannot be of email format, since user pool is configured for email alias.',
    ],
    [
      'a phone number as name beside the phone alias (S7)',
      { UserPoolId: aliased, Username: '+15555550100' },
      'InvalidParameterException',
      'Username cannot be of phone number format, since user pool is configured for phone number alias.',
    ],
    [
      'a preferred name that is taken (A12)',
      { UserPoolId: aliased, UserAttributes: [{ Name: 'preferred_username', Value: 'evie' }] },
      'AliasExistsException',
      'An account with the given preferred_username already exists.',
    ],
    [
      'a malformed e-mail',
      { UserAttributes: [{ Name: 'email', Value: 'nope' }] },
      'InvalidParameterException',
      'Invalid email address format.',
    ],
    [
      'a malformed phone number (S8)',
      { UserAttributes: [{ Name: 'phone_number', Value: '555' }] },
      'InvalidParameterException',
      'Invalid phone number format.',
    ],
    [
      'an attribute the pool does not have (S10)',
      { UserAttributes: [{ Name: 'custom:x', Value: '1' }] },
      'InvalidParameterException',
      schemaError('Type for attribute {custom:x} could not be determined'),
    ],
    [
      'a value that is too short',
      { UserAttributes: [{ Name: 'birthdate', Value: '1990' }] },
      'InvalidParameterException',
      schemaError('birthdate: String must be no shorter than 10 characters\n'),
    ],
    ['a sub', { UserAttributes: [{ Name: 'sub', Value: 'x' }] }, 'InvalidParameterException', 'user.sub: Attribute cannot be updated.'],
    [
      'a password that is too short (S9)',
      { TemporaryPassword: 'Aa1!' },
      'InvalidPasswordException',
      'Password did not conform with policy: Password not long enough',
    ],
    [
      'a password without a capital (S9)',
      { TemporaryPassword: 'secret-12' },
      'InvalidPasswordException',
      'Password did not conform with policy: Password must have uppercase characters',
    ],
    [
      'a password without a small letter (S9)',
      { TemporaryPassword: 'SECRET-12' },
      'InvalidPasswordException',
      'Password did not conform with policy: Password must have lowercase characters',
    ],
    [
      'a password without a digit (S9)',
      { TemporaryPassword: 'Secret-xx' },
      'InvalidPasswordException',
      'Password did not conform with policy: Password must have numeric characters',
    ],
    [
      'a password without a symbol (S9)',
      { TemporaryPassword: 'Secret123' },
      'InvalidPasswordException',
      'Password did not conform with policy: Password must have symbol characters',
    ],
    [
      'a pool that does not exist (P20)',
      { UserPoolId: 'us-east-1_abcdefghi' },
      'ResourceNotFoundException',
      'User pool us-east-1_abcdefghi does not exist.',
    ],
  ]
  for (const [what, input, type, message] of refusals) {
    await t.test(`refuses ${what}`, (t) =>
      refuses(t, idp.cognito.AdminCreateUser({ UserPoolId: pool, Username: 'new', ...input }), type, message),
    )
  }
})

test('AdminSetUserPassword', async (t) => {
  const idp = await emulator(t)
  const pool = await makePool(idp, { Policies: { PasswordPolicy: { PasswordHistorySize: 2 } } })
  await idp.cognito.AdminCreateUser({ UserPoolId: pool, Username: 'ada', TemporaryPassword: 'Secret-1', MessageAction: 'SUPPRESS' })
  const set = (Password: string, Permanent?: boolean) =>
    idp.cognito.AdminSetUserPassword({ UserPoolId: pool, Username: 'ada', Password, Permanent })
  const status = async () => (await idp.cognito.AdminGetUser({ UserPoolId: pool, Username: 'ada' })).UserStatus

  await t.test('confirms the user with a permanent one, and not with a temporary one (A7)', async (t) => {
    idp.clock.advance(1000)
    t.strictSame(await set('Secret-2', true), {})
    t.equal(await status(), 'CONFIRMED')
    t.equal((await idp.cognito.AdminGetUser({ UserPoolId: pool, Username: 'ada' })).UserLastModifiedDate, NOW + 1)
    await set('Secret-3')
    t.equal(await status(), 'FORCE_CHANGE_PASSWORD')
  })

  await t.test('refuses a password used before, as many as the pool remembers (A7)', async (t) => {
    const words = 'Password has previously been used'
    await refuses(t, set('Secret-3', true), 'PasswordHistoryPolicyViolationException', words)
    await refuses(t, set('Secret-2', true), 'PasswordHistoryPolicyViolationException', words)
    await set('Secret-1', true)
    t.equal(await status(), 'CONFIRMED')
  })

  await t.test('refuses a weak password and an unknown user (A7)', async (t) => {
    await refuses(t, set('short'), 'InvalidPasswordException', 'Password did not conform with policy: Password not long enough')
    await refuses(
      t,
      idp.cognito.AdminSetUserPassword({ UserPoolId: pool, Username: 'bob', Password: 'Secret-12' }),
      'UserNotFoundException',
      'User does not exist.',
    )
  })
})

test('AdminUpdateUserAttributes', async (t) => {
  const idp = await emulator(t)
  const Schema = [
    { Name: 'level', AttributeDataType: 'Number' as const, Mutable: true, NumberAttributeConstraints: { MinValue: '1', MaxValue: '9' } },
    { Name: 'fixed', AttributeDataType: 'String' as const, Mutable: false },
    { Name: 'on', AttributeDataType: 'Boolean' as const, Mutable: true },
    { Name: 'at', AttributeDataType: 'DateTime' as const, Mutable: true },
    { Name: 'nick', AttributeDataType: 'String' as const, Mutable: true, StringAttributeConstraints: { MaxLength: '3' } },
  ]
  const pool = await makePool(idp, { AutoVerifiedAttributes: ['email'], Schema })
  const aliased = await makePool(idp, { AliasAttributes: ['email'] })
  const byEmail = await makePool(idp, { UsernameAttributes: ['email'] })
  const create = (UserPoolId: string, Username: string, UserAttributes: { Name: string; Value: string }[] = []) =>
    idp.cognito.AdminCreateUser({ UserPoolId, Username, UserAttributes, MessageAction: 'SUPPRESS' })
  await create(pool, 'ada', [{ Name: 'custom:fixed', Value: 'x' }])
  const update = (attributes: Record<string, string>, UserPoolId = pool, Username = 'ada') =>
    idp.cognito.AdminUpdateUserAttributes({
      UserPoolId,
      Username,
      UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
    })

  await t.test('sets, replaces and deletes by an empty value, and says when (A14)', async (t) => {
    idp.clock.advance(1500)
    t.strictSame(await update({ name: 'Ada', 'custom:level': '5', 'custom:on': 'true', 'custom:at': '2026-01-02' }), {})
    await update({ name: 'Ada L.', 'custom:on': '' })
    t.match(await attributesOf(idp, pool, 'ada'), { name: 'Ada L.', 'custom:level': '5', 'custom:on': undefined })
    t.equal((await idp.cognito.AdminGetUser({ UserPoolId: pool, Username: 'ada' })).UserLastModifiedDate, NOW + 1.5)
  })

  await t.test('unverifies a new e-mail and sends a code to it (A10)', async (t) => {
    await update({ email: 'ada@example.com' })
    t.match(await attributesOf(idp, pool, 'ada'), { email: 'ada@example.com', email_verified: 'false' })
    const sent = idp.outbox.latest()
    t.match(sent, { to: 'ada@example.com', template: 'UpdateUserAttribute', subject: 'Your verification code' })
    t.match(sent?.code, /^\d{6}$/)
    t.equal(sent?.body, `Your verification code is ${sent?.code}. `)
  })

  await t.test('takes the word of an administrator for a new e-mail (A10)', async (t) => {
    idp.outbox.clear()
    await update({ email: 'ada@example.org', email_verified: 'true' })
    t.match(await attributesOf(idp, pool, 'ada'), { email: 'ada@example.org', email_verified: 'true' })
    t.equal(idp.outbox.count(), 0)
  })

  await t.test('keeps the old value until the new one is verified, where the pool wants that (A11)', async (t) => {
    const careful = await makePool(idp, {
      AutoVerifiedAttributes: ['email'],
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
    })
    await create(careful, 'bob', [
      { Name: 'email', Value: 'bob@example.com' },
      { Name: 'email_verified', Value: 'true' },
    ])
    await update({ email: 'bob@example.org' }, careful, 'bob')
    t.match(await attributesOf(idp, careful, 'bob'), { email: 'bob@example.com', email_verified: 'true' })
    t.equal(idp.outbox.latest()?.to, 'bob@example.org')
    await update({ email_verified: 'true' }, careful, 'bob')
    t.match(await attributesOf(idp, careful, 'bob'), { email: 'bob@example.org', email_verified: 'true' })
  })

  await t.test('refuses an e-mail that somebody else is found by (A12)', async (t) => {
    const email = { email: 'one@example.com', email_verified: 'true' }
    await create(aliased, 'one', [
      { Name: 'email', Value: 'one@example.com' },
      { Name: 'email_verified', Value: 'true' },
    ])
    await create(aliased, 'two')
    const words = 'An account with the given email already exists.'
    await refuses(t, update(email, aliased, 'two'), 'AliasExistsException', words)
    await update({ email: 'one@example.com' }, aliased, 'two')
    await create(byEmail, 'one@example.com')
    await create(byEmail, 'two@example.com')
    await refuses(t, update({ email: 'one@example.com' }, byEmail, 'two@example.com'), 'AliasExistsException', words)
    await update({ email: 'three@example.com' }, byEmail, 'two@example.com')
    t.match(await attributesOf(idp, byEmail, 'three@example.com'), { email: 'three@example.com', email_verified: 'false' })
  })

  const schemaError = (words: string) => `Attributes did not conform to the schema: ${words}`
  const refusals: [what: string, attributes: Record<string, string>, message: string][] = [
    ['an immutable attribute (A13)', { 'custom:fixed': 'y' }, 'user.custom:fixed: Attribute cannot be updated.'],
    ['a sub', { sub: 'y' }, 'user.sub: Attribute cannot be updated.'],
    ['an unknown attribute (S10)', { 'custom:y': 'y' }, schemaError('Type for attribute {custom:y} could not be determined')],
    ['a number out of range (A15)', { 'custom:level': '10' }, schemaError('custom:level: Number must be no larger than 9\n')],
    ['a number below the range (A15)', { 'custom:level': '0' }, schemaError('custom:level: Number must be no smaller than 1\n')],
    ['what is no number (A15)', { 'custom:level': 'x' }, schemaError('custom:level: Attribute value must be a number\n')],
    ['what is no boolean (A15)', { 'custom:on': 'x' }, schemaError('custom:on: Attribute value must be true or false\n')],
    ['what is no date (A15)', { 'custom:at': 'x' }, schemaError('custom:at: Attribute value must be a date\n')],
    ['a text that is too long (A15)', { 'custom:nick': 'four' }, schemaError('custom:nick: String must be no longer than 3 characters\n')],
    ['a malformed e-mail', { email: 'x@' }, 'Invalid email address format.'],
  ]
  for (const [what, attributes, message] of refusals) {
    await t.test(`refuses ${what}`, (t) => refuses(t, update(attributes), 'InvalidParameterException', message))
  }
  await t.test('refuses an unknown user', (t) => refuses(t, update({}, pool, 'nobody'), 'UserNotFoundException', 'User does not exist.'))
})

test('AdminDeleteUserAttributes', async (t) => {
  const idp = await emulator(t)
  const pool = await makePool(idp, { Schema: [{ Name: 'phone_number', Required: true }] })
  await idp.cognito.AdminCreateUser({
    UserPoolId: pool,
    Username: 'ada',
    MessageAction: 'SUPPRESS',
    UserAttributes: [
      { Name: 'phone_number', Value: '+15555550100' },
      { Name: 'email', Value: 'ada@example.com' },
      { Name: 'email_verified', Value: 'true' },
      { Name: 'name', Value: 'Ada' },
    ],
  })
  const remove = (...UserAttributeNames: string[]) =>
    idp.cognito.AdminDeleteUserAttributes({ UserPoolId: pool, Username: 'ada', UserAttributeNames })

  await t.test('deletes attributes, and with a contact its flag', async (t) => {
    t.strictSame(await remove('name', 'email', 'nickname'), {})
    t.strictSame(Object.keys(await attributesOf(idp, pool, 'ada')), ['sub', 'phone_number'])
  })

  await t.test('refuses what is required, unknown or fixed (A13)', async (t) => {
    await refuses(
      t,
      remove('phone_number'),
      'InvalidParameterException',
      'Invalid user attributes: phone_number: Required attribute cannot be deleted.',
    )
    await refuses(
      t,
      remove('custom:foo'),
      'InvalidParameterException',
      'Invalid user attributes: user.custom:foo: Attribute does not exist in the schema.\n',
    )
    await refuses(t, remove('sub'), 'InvalidParameterException', 'Invalid user attributes: sub: Required attribute cannot be deleted.')
  })
})

test('AdminDisableUser, AdminEnableUser, AdminDeleteUser', async (t) => {
  const idp = await emulator(t)
  const pool = await makePool(idp)
  const ada = { UserPoolId: pool, Username: 'ada' }
  await idp.cognito.AdminCreateUser({ ...ada, MessageAction: 'SUPPRESS' })

  await t.test('disable keeps the status, enable undoes it (A9)', async (t) => {
    idp.clock.advance(1000)
    t.strictSame(await idp.cognito.AdminDisableUser(ada), {})
    t.match(await idp.cognito.AdminGetUser(ada), { Enabled: false, UserStatus: 'FORCE_CHANGE_PASSWORD', UserLastModifiedDate: NOW + 1 })
    t.strictSame(await idp.cognito.AdminEnableUser(ada), {})
    t.match(await idp.cognito.AdminGetUser(ada), { Enabled: true })
  })

  await t.test('delete removes the user and frees the name', async (t) => {
    t.equal(await idp.cognito.AdminDeleteUser(ada), undefined)
    for (const gone of [
      idp.cognito.AdminGetUser(ada),
      idp.cognito.AdminDeleteUser(ada),
      idp.cognito.AdminDisableUser(ada),
      idp.cognito.AdminEnableUser(ada),
    ]) {
      await refuses(t, gone, 'UserNotFoundException', 'User does not exist.')
    }
    await idp.cognito.AdminCreateUser({ ...ada, MessageAction: 'SUPPRESS' })
  })
})

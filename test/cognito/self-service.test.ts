import { test } from 'tap'
import { attributesOf, refuses } from '../support/cognito.ts'
import { emulator } from '../support/emulator.ts'
import { only } from '../support/only.ts'
import { addClient, makeUser, makeWorld, tokensOf } from '../support/sign-in.ts'

const DAY = 86_400_000
const NO_CODE = 'Invalid code provided, please request a code again.'
const WRONG_CODE = 'Invalid verification code provided, please try again.'
const list = (attributes: Record<string, string>) => Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))
const other = (code: string | undefined) => (code === '000000' ? '000001' : '000000')

test('UpdateUserAttributes', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(idp, {
    AutoVerifiedAttributes: ['email'],
    Schema: [
      { Name: 'fixed', AttributeDataType: 'String', Mutable: false },
      { Name: 'name', Required: true },
    ],
  })
  const narrow = await addClient(idp, world.pool, { WriteAttributes: ['name'] })
  await makeUser(idp, world, 'ada', { name: 'Ada' })
  const { AccessToken } = await tokensOf(idp, world, 'ada')
  const update = (attributes: Record<string, string>, token = AccessToken) =>
    idp.cognito.UpdateUserAttributes({ AccessToken: token, UserAttributes: list(attributes) })

  await t.test('sets and deletes attributes', async (t) => {
    t.strictSame(await update({ nickname: 'A', gender: 'f' }), {})
    t.strictSame(await update({ gender: '', phone_number: '+15555550100' }), {})
    const { sub, ...attributes } = await attributesOf(idp, world.pool, 'ada')
    t.strictSame(attributes, { name: 'Ada', nickname: 'A', phone_number: '+15555550100', phone_number_verified: 'false' })
  })

  await t.test('sends a code to a new e-mail and says where (A10)', async (t) => {
    t.strictSame(await update({ email: 'ada@example.com' }), {
      CodeDeliveryDetailsList: [{ Destination: 'a***@e***', DeliveryMedium: 'EMAIL', AttributeName: 'email' }],
    })
    t.match(await attributesOf(idp, world.pool, 'ada'), { email: 'ada@example.com', email_verified: 'false' })
  })

  const IPE = 'InvalidParameterException'
  const NAE = 'NotAuthorizedException'
  const UNWRITABLE = 'A client attempted to write unauthorized attribute'
  const refusals: [what: string, attributes: Record<string, string>, type: string, message: string][] = [
    ['an immutable attribute (A13)', { 'custom:fixed': 'x' }, IPE, 'user.custom:fixed: Attribute cannot be updated.'],
    ['a flag that no client may set (S11)', { email_verified: 'true' }, NAE, UNWRITABLE],
    [
      'an unknown attribute (S10)',
      { 'custom:y': 'x' },
      IPE,
      'Attributes did not conform to the schema: Type for attribute {custom:y} could not be determined',
    ],
    ['to empty what is required (A13)', { name: '' }, IPE, 'Invalid user attributes: name: Required attribute cannot be deleted.'],
    ['a malformed e-mail (S8)', { email: 'x' }, IPE, 'Invalid email address format.'],
  ]
  for (const [what, attributes, type, message] of refusals) {
    await t.test(`refuses ${what}`, (t) => refuses(t, update(attributes), type, message))
  }

  await t.test('refuses what the client may not write, and a token that is none (S11)', async (t) => {
    const tokens = await tokensOf(idp, narrow, 'ada')
    t.strictSame(await update({ name: 'Ada L.' }, tokens.AccessToken), {})
    await refuses(t, update({ nickname: 'x' }, tokens.AccessToken), NAE, UNWRITABLE)
    await refuses(
      t,
      idp.cognito.DeleteUserAttributes({ AccessToken: tokens.AccessToken, UserAttributeNames: ['nickname'] }),
      NAE,
      UNWRITABLE,
    )
    await refuses(t, update({}, 'nonsense'), NAE, 'Invalid Access Token')
  })
})

test('GetUserAttributeVerificationCode and VerifyUserAttribute', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(idp, { AutoVerifiedAttributes: ['email'], AliasAttributes: ['email'] })
  await makeUser(idp, world, 'ada', { email: 'ada@example.com' })
  const { AccessToken } = await tokensOf(idp, world, 'ada')
  const ask = (AttributeName = 'email') => idp.cognito.GetUserAttributeVerificationCode({ AccessToken, AttributeName })
  const verify = (Code: string, AttributeName = 'email', token = AccessToken) =>
    idp.cognito.VerifyUserAttribute({ AccessToken: token, AttributeName, Code })
  const code = () => idp.outbox.latest()?.code as string

  await t.test('verifies an e-mail by the code sent to it', async (t) => {
    await refuses(t, verify('123456'), 'ExpiredCodeException', NO_CODE)
    t.strictSame(await ask(), {
      CodeDeliveryDetails: { Destination: 'a***@e***', DeliveryMedium: 'EMAIL', AttributeName: 'email' },
    })
    t.match(idp.outbox.latest(), { to: 'ada@example.com', template: 'VerifyUserAttribute' })
    await refuses(t, verify(other(code())), 'CodeMismatchException', WRONG_CODE)
    t.strictSame(await verify(code()), {})
    t.match(await attributesOf(idp, world.pool, 'ada@example.com'), { email_verified: 'true' })
    await refuses(t, verify(code()), 'ExpiredCodeException', NO_CODE)
  })

  await t.test('refuses a code older than a day', async (t) => {
    await ask()
    idp.clock.advance(DAY)
    const { AccessToken: fresh } = await tokensOf(idp, world, 'ada')
    await refuses(t, verify(code(), 'email', fresh), 'ExpiredCodeException', NO_CODE)
  })

  await t.test('refuses an alias that somebody else has verified (A12)', async (t) => {
    await makeUser(idp, world, 'bob', { email: 'ada@example.com' })
    const bob = await tokensOf(idp, world, 'bob')
    await idp.cognito.GetUserAttributeVerificationCode({ AccessToken: bob.AccessToken, AttributeName: 'email' })
    await refuses(t, verify(code(), 'email', bob.AccessToken), 'AliasExistsException', 'An account with the given email already exists.')
  })

  await t.test('refuses attributes that no code verifies', async (t) => {
    const { AccessToken: token } = await tokensOf(idp, world, 'ada')
    const words = 'Invalid attribute name. Only phone_number and email can be verified.'
    await refuses(
      t,
      idp.cognito.GetUserAttributeVerificationCode({ AccessToken: token, AttributeName: 'name' }),
      'InvalidParameterException',
      words,
    )
    await refuses(t, verify('1', 'name', token), 'InvalidParameterException', words)
    await refuses(
      t,
      idp.cognito.GetUserAttributeVerificationCode({ AccessToken: token, AttributeName: 'phone_number' }),
      'InvalidParameterException',
      'User does not have a valid registered phone number',
    )
  })

  await t.test('brings a waiting value in, where the pool keeps the old one until then (A11)', async (t) => {
    const careful = await makeWorld(idp, {
      AutoVerifiedAttributes: ['email'],
      UsernameAttributes: ['email'],
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
    })
    await makeUser(idp, careful, 'old@example.com', { email_verified: 'true' })
    await makeUser(idp, careful, 'taken@example.com')
    const { AccessToken: token } = await tokensOf(idp, careful, 'old@example.com')
    const update = (email: string) =>
      idp.cognito.UpdateUserAttributes({ AccessToken: token, UserAttributes: list({ email, nickname: 'N' }) })
    await refuses(t, update('taken@example.com'), 'AliasExistsException', 'An account with the given email already exists.')
    t.strictSame(await update('new@example.com'), {
      CodeDeliveryDetailsList: [{ Destination: 'n***@e***', DeliveryMedium: 'EMAIL', AttributeName: 'email' }],
    })
    t.match(await attributesOf(idp, careful.pool, 'old@example.com'), { email: 'old@example.com', nickname: 'N', email_verified: 'true' })
    await idp.cognito.GetUserAttributeVerificationCode({ AccessToken: token, AttributeName: 'email' })
    t.equal(idp.outbox.latest()?.to, 'new@example.com')
    await verify(code(), 'email', token)
    t.match(await attributesOf(idp, careful.pool, 'new@example.com'), { email: 'new@example.com', email_verified: 'true' })
    await refuses(
      t,
      idp.cognito.AdminGetUser({ UserPoolId: careful.pool, Username: 'old@example.com' }),
      'UserNotFoundException',
      'User does not exist.',
    )
  })
})

test('DeleteUserAttributes and DeleteUser', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(idp)
  await makeUser(idp, world, 'ada', { name: 'Ada', nickname: 'A' })
  const { AccessToken } = await tokensOf(idp, world, 'ada')

  await t.test('deletes attributes (A13)', async (t) => {
    t.strictSame(await idp.cognito.DeleteUserAttributes({ AccessToken, UserAttributeNames: ['nickname'] }), {})
    t.strictSame(Object.keys(await attributesOf(idp, world.pool, 'ada')), ['sub', 'name'])
    await refuses(
      t,
      idp.cognito.DeleteUserAttributes({ AccessToken, UserAttributeNames: ['custom:x'] }),
      'InvalidParameterException',
      'Invalid user attributes: user.custom:x: Attribute does not exist in the schema.\n',
    )
  })

  await t.test('deletes the user; the token then belongs to nobody (A18)', async (t) => {
    t.equal(await idp.cognito.DeleteUser({ AccessToken }), undefined)
    await refuses(t, idp.cognito.DeleteUser({ AccessToken }), 'UserNotFoundException', 'User does not exist.')
    await refuses(t, idp.cognito.UpdateUserAttributes({ AccessToken, UserAttributes: [] }), 'UserNotFoundException', 'User does not exist.')
  })
})

test('AdminDisableUser', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(idp)
  await makeUser(idp, world, 'ada')
  const { AccessToken } = await tokensOf(idp, world, 'ada')
  const ada = { UserPoolId: world.pool, Username: 'ada' }

  await t.test('stops access tokens at once, and enabling does not bring them back (A9)', async (t) => {
    await idp.cognito.AdminDisableUser(ada)
    await refuses(t, idp.cognito.GetUser({ AccessToken }), 'NotAuthorizedException', 'User is disabled.')
    await idp.cognito.AdminEnableUser(ada)
    await refuses(t, idp.cognito.GetUser({ AccessToken }), 'NotAuthorizedException', 'Access Token has been revoked')
  })
})

test('AdminSetUserSettings and SetUserSettings', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(idp)
  await makeUser(idp, world, 'ada')
  const ada = { UserPoolId: world.pool, Username: 'ada' }
  const { AccessToken } = await tokensOf(idp, world, 'ada')
  const MFAOptions = [{ DeliveryMedium: 'SMS' as const, AttributeName: 'phone_number' }]

  await t.test('refuses SMS without a phone number, and any other way', async (t) => {
    const type = 'InvalidParameterException'
    await refuses(
      t,
      idp.cognito.AdminSetUserSettings({ ...ada, MFAOptions }),
      type,
      'User does not have delivery config set to turn on SMS_MFA',
    )
    const byMail = [{ DeliveryMedium: 'EMAIL' as const, AttributeName: 'email' }]
    const words = 'Only SMS delivery to phone_number can be configured.'
    await refuses(t, idp.cognito.AdminSetUserSettings({ ...ada, MFAOptions: byMail }), type, words)
    await refuses(t, idp.cognito.SetUserSettings({ AccessToken, MFAOptions: byMail }), type, words)
  })

  await t.test('turns SMS on and off', async (t) => {
    await idp.cognito.AdminUpdateUserAttributes({ ...ada, UserAttributes: list({ phone_number: '+15555550100' }) })
    t.strictSame(await idp.cognito.AdminSetUserSettings({ ...ada, MFAOptions }), {})
    t.match(await idp.cognito.AdminGetUser(ada), { MFAOptions, UserMFASettingList: only('SMS_MFA') })
    t.match((await idp.cognito.ListUsers({ UserPoolId: world.pool })).Users, only({ MFAOptions }))
    t.strictSame(await idp.cognito.SetUserSettings({ AccessToken, MFAOptions: [] }), {})
    const { MFAOptions: options, UserMFASettingList } = await idp.cognito.AdminGetUser(ada)
    t.strictSame([options, UserMFASettingList], [undefined, undefined])
  })
})

import { test } from 'tap'
import { refuses } from '../support/cognito.ts'
import { emulator, START } from '../support/emulator.ts'

const acr = () => Object.fromEntries([1, 2, 3, 4].map((level) => [`Level${level}`, { AcrValue: `urn:cognito:loa:${level}` }]))

test('CreateUserPool', async (t) => {
  const idp = await emulator(t)

  await t.test('answers the defaults of a pool made with only a name (P1, P2)', async (t) => {
    const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'people' })
    const { Id = '', SchemaAttributes, ...rest } = UserPool ?? {}
    t.match(Id, /^us-east-1_[0-9A-Za-z]{9}$/)
    t.strictSame(rest, {
      Name: 'people',
      Policies: {
        PasswordPolicy: {
          MinimumLength: 8,
          RequireUppercase: true,
          RequireLowercase: true,
          RequireNumbers: true,
          RequireSymbols: true,
          TemporaryPasswordValidityDays: 7,
        },
        SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD'] },
      },
      DeletionProtection: 'INACTIVE',
      LambdaConfig: {},
      VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_CODE' },
      MfaConfiguration: 'OFF',
      EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' },
      UserPoolTags: {},
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: false, UnusedAccountValidityDays: 7 },
      AccountRecoverySetting: {
        RecoveryMechanisms: [
          { Priority: 1, Name: 'verified_email' },
          { Priority: 2, Name: 'verified_phone_number' },
        ],
      },
      UserPoolTier: 'ESSENTIALS',
      AcrConfiguration: acr(),
      LastModifiedDate: START / 1000,
      CreationDate: START / 1000,
      Arn: `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${Id}`,
      EstimatedNumberOfUsers: 0,
    })
    t.equal(SchemaAttributes?.length, 21)
    t.strictSame((await idp.cognito.DescribeUserPool({ UserPoolId: Id })).UserPool, UserPool)
  })
})

const ROLE = { SnsCallerArn: 'arn:aws:iam::000000000000:role/sms', ExternalId: 'x' }
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:trigger'
const IPE = 'InvalidParameterException'

type Create = Parameters<Awaited<ReturnType<typeof emulator>>['cognito']['CreateUserPool']>[0]

/** What a pool is refused for, whether it is made or updated so. */
const REFUSED: [what: string, input: Omit<Create, 'PoolName'>, type: string, message: string][] = [
  [
    'MFA without a way to send messages (P13)',
    { MfaConfiguration: 'OPTIONAL' },
    IPE,
    'SMS configuration and Auto verification for phone_number are required when MFA is required/optional',
  ],
  [
    'both names of the validity of temporary passwords (P17)',
    {
      Policies: { PasswordPolicy: { TemporaryPasswordValidityDays: 3 } },
      AdminCreateUserConfig: { UnusedAccountValidityDays: 3 },
    },
    IPE,
    'Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays',
  ],
  [
    'passkeys as the only first factor (P16)',
    { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['WEB_AUTHN'] } } },
    IPE,
    'Password should be configured as one of the allowed first auth factors.',
  ],
  [
    'codes as a first factor where MFA is required',
    {
      MfaConfiguration: 'ON',
      SmsConfiguration: ROLE,
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
    },
    IPE,
    'Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled',
  ],
  [
    'single passkeys as a first factor where MFA is required',
    {
      MfaConfiguration: 'ON',
      SmsConfiguration: ROLE,
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } },
    },
    IPE,
    'WEB_AUTHN cannot be used as an auth factor when MFA is enabled if not configured for MFA.',
  ],
  [
    'holding back an attribute that is not verified by itself',
    { UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] } },
    IPE,
    'All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes',
  ],
  [
    'admin_only beside another recovery mechanism',
    {
      AccountRecoverySetting: {
        RecoveryMechanisms: [
          { Priority: 1, Name: 'admin_only' },
          { Priority: 2, Name: 'verified_email' },
        ],
      },
    },
    IPE,
    'Invalid account recovery setting parameter. Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms.',
  ],
  [
    'two recovery mechanisms of one priority',
    {
      AccountRecoverySetting: {
        RecoveryMechanisms: [
          { Priority: 1, Name: 'verified_phone_number' },
          { Priority: 1, Name: 'verified_email' },
        ],
      },
    },
    IPE,
    'Invalid account recovery setting parameter. Account Recovery Setting cannot have duplicate priorities or recovery mechanisms.',
  ],
  [
    "a developer's sender without an identity",
    { EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' } },
    IPE,
    'Source ARN is required to use DEVELOPER email sending owner',
  ],
  ['a sender that is no address', { EmailConfiguration: { From: 'Example' } }, IPE, 'Provided From email address is invalid'],
  [
    'codes to phones without a way to send them',
    { AutoVerifiedAttributes: ['phone_number'] },
    IPE,
    'SMS configuration is required when phone_number is selected for auto verification',
  ],
  [
    'an invitation that does not say the password',
    { AdminCreateUserConfig: { InviteMessageTemplate: { EmailMessage: 'Welcome aboard.' } } },
    IPE,
    "1 validation error detected: Value 'Welcome aboard.' at 'adminCreateUserConfig.inviteMessage.emailMessage' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*\\{####\\}[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*",
  ],
  [
    'an invitation by SMS that does not say the password',
    { AdminCreateUserConfig: { InviteMessageTemplate: { SMSMessage: 'Welcome aboard.' } } },
    IPE,
    "1 validation error detected: Value 'Welcome aboard.' at 'adminCreateUserConfig.inviteMessage.smsMessage' failed to satisfy constraint: Member must satisfy regular expression pattern: (?s).*\\{####\\}(?s).*",
  ],
  [
    'codes as the only first factor',
    { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['EMAIL_OTP'] } } },
    IPE,
    'Password should be configured as one of the allowed first auth factors.',
  ],
  [
    'a custom sender without a key',
    { LambdaConfig: { CustomEmailSender: { LambdaVersion: 'V1_0', LambdaArn: FUNCTION } } },
    IPE,
    'KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used.',
  ],
  [
    'two functions before tokens',
    { LambdaConfig: { PreTokenGeneration: FUNCTION, PreTokenGenerationConfig: { LambdaVersion: 'V1_0', LambdaArn: `${FUNCTION}2` } } },
    IPE,
    "Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's",
  ],
  [
    "a customer's key without its name",
    { KeyConfiguration: { KeyType: 'CUSTOMER_MANAGED_KEY' } },
    IPE,
    'KmsKeyArn is required when KeyType is CUSTOMER_MANAGED_KEY.',
  ],
  [
    'the name of a key that is not used',
    { KeyConfiguration: { KeyType: 'AWS_OWNED_KEY', KmsKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/1' } },
    IPE,
    'KmsKeyArn can only be given when KeyType is CUSTOMER_MANAGED_KEY.',
  ],
  [
    'a code of an app as a first factor',
    { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'SOFTWARE_TOKEN'] } } },
    IPE,
    'SOFTWARE_TOKEN is not supported as a first auth factor.',
  ],
  [
    'a level of assurance that there is not',
    { AcrConfiguration: { high: { AcrValue: 'urn:a' } } },
    IPE,
    "1 validation error detected: Value at 'acrConfiguration' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy enum value set: [Level1, Level2, Level3, Level4]]",
  ],
  [
    'a level of assurance without a name',
    { AcrConfiguration: { Level1: {} } },
    IPE,
    "1 validation error detected: Value null at 'acrConfiguration.Level1.member.acrValue' failed to satisfy constraint: Member must not be null",
  ],
  [
    'a name that is too long for a level of assurance',
    { AcrConfiguration: { Level1: { AcrValue: 'a'.repeat(65) } } },
    IPE,
    `1 validation error detected: Value '${'a'.repeat(65)}' at 'acrConfiguration.Level1.member.acrValue' failed to satisfy constraint: Member must have length less than or equal to 64`,
  ],
  [
    'a name that is no URI for a level of assurance',
    { AcrConfiguration: { Level1: { AcrValue: 'a b' } } },
    IPE,
    "1 validation error detected: Value 'a b' at 'acrConfiguration.Level1.member.acrValue' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\x21\\x23-\\x5B\\x5D-\\x7E]+",
  ],
  [
    'one name for two levels of assurance',
    { AcrConfiguration: { Level1: { AcrValue: 'urn:cognito:loa:2' } } },
    IPE,
    'AcrConfiguration must name each level differently.',
  ],
  [
    'a tag that is reserved (P19)',
    { UserPoolTags: { 'aws:x': 'y' } },
    IPE,
    'aws: prefixed tag key names are not allowed for external use.',
  ],
  [
    'threat protection on the middle plan (P15)',
    { UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' } },
    'FeatureUnavailableInTierException',
    'The following features need to be disabled for the ESSENTIALS pricing tier configured: Threat Protection',
  ],
  [
    'what the cheapest plan has not (P15)',
    {
      UserPoolTier: 'LITE',
      Policies: {
        PasswordPolicy: { PasswordHistorySize: 3 },
        SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] },
      },
      LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion: 'V2_0', LambdaArn: FUNCTION } },
      DcrConfiguration: { OpenDcrEnabled: true },
      AcrConfiguration: { Level1: { AcrValue: 'urn:a' } },
    },
    'FeatureUnavailableInTierException',
    'The following features need to be disabled for the LITE pricing tier configured: Passwordless Sign-In, Password reuse prevention, Token Customization with Pre-Token Generation Lambda V2_0, Dynamic client registration, Custom ACR level names',
  ],
]

test('CreateUserPool and UpdateUserPool', async (t) => {
  const idp = await emulator(t)
  const UserPoolId = (await idp.cognito.CreateUserPool({ PoolName: 'people' })).UserPool?.Id ?? ''
  for (const [what, input, type, message] of REFUSED) {
    await t.test(`refuse ${what}`, async (t) => {
      await refuses(t, idp.cognito.CreateUserPool({ PoolName: 'people', ...input }), type, message)
      await refuses(t, idp.cognito.UpdateUserPool({ UserPoolId, ...input }), type, message)
    })
  }
  await t.test('made none of the refused pools', async (t) => {
    t.equal((await idp.cognito.ListUserPools({ MaxResults: 60 })).UserPools?.length, 1)
  })
})

test('the schema of a pool', async (t) => {
  const idp = await emulator(t)
  const create = async (Schema: Create['Schema']) =>
    (await idp.cognito.CreateUserPool({ PoolName: 'people', Schema })).UserPool?.SchemaAttributes ?? []

  await t.test("holds the standard attributes in the service's order (P3)", async (t) => {
    const schema = (await idp.cognito.CreateUserPool({ PoolName: 'people' })).UserPool?.SchemaAttributes ?? []
    t.strictSame(
      schema.map(({ Name }) => Name),
      [
        ...['sub', 'name', 'given_name', 'family_name', 'middle_name', 'nickname', 'preferred_username', 'profile', 'picture', 'website'],
        ...['email', 'email_verified', 'gender', 'birthdate', 'zoneinfo', 'locale', 'phone_number', 'phone_number_verified', 'address'],
        ...['updated_at', 'identities'],
      ],
    )
    const byName = Object.fromEntries(schema.map(({ Name, ...rest }) => [Name, rest]))
    const text = { AttributeDataType: 'String', DeveloperOnlyAttribute: false, Mutable: true, Required: false }
    t.strictSame(byName.sub, {
      ...text,
      Mutable: false,
      Required: true,
      StringAttributeConstraints: { MinLength: '1', MaxLength: '2048' },
    })
    t.strictSame(byName.email, { ...text, StringAttributeConstraints: { MinLength: '0', MaxLength: '2048' } })
    t.strictSame(byName.birthdate, { ...text, StringAttributeConstraints: { MinLength: '10', MaxLength: '10' } })
    t.strictSame(byName.email_verified, { ...text, AttributeDataType: 'Boolean' })
    t.strictSame(byName.updated_at, { ...text, AttributeDataType: 'Number', NumberAttributeConstraints: { MinValue: '0' } })
    t.strictSame(byName.identities, { ...text, StringAttributeConstraints: {} })
  })

  await t.test('takes changes of standard attributes, and custom ones with their prefixes at its end (P4)', async (t) => {
    const schema = await create([
      { Name: 'tenant', AttributeDataType: 'String', Mutable: false, StringAttributeConstraints: { MaxLength: '36' } },
      { Name: 'email', AttributeDataType: 'String', Required: true, Mutable: true },
      { Name: 'level', AttributeDataType: 'Number', DeveloperOnlyAttribute: true, NumberAttributeConstraints: { MinValue: '1' } },
      { Name: 'name', Required: true },
    ])
    t.equal(schema.length, 23)
    t.strictSame(schema.slice(21), [
      {
        Name: 'custom:tenant',
        AttributeDataType: 'String',
        DeveloperOnlyAttribute: false,
        Mutable: false,
        Required: false,
        StringAttributeConstraints: { MaxLength: '36' },
      },
      {
        Name: 'dev:custom:level',
        AttributeDataType: 'Number',
        DeveloperOnlyAttribute: true,
        Mutable: true,
        Required: false,
        NumberAttributeConstraints: { MinValue: '1' },
      },
    ])
    t.strictSame(
      schema.filter(({ Required }) => Required).map(({ Name }) => Name),
      ['sub', 'name', 'email'],
    )
  })

  const refused: [what: string, schema: NonNullable<Create['Schema']>, message: string][] = [
    [
      'a required custom attribute (P4)',
      [{ Name: 'x', AttributeDataType: 'String', Required: true }],
      'Required custom attributes are not supported currently.',
    ],
    [
      'another type of a standard attribute (P7)',
      [{ Name: 'email', AttributeDataType: 'Number' }],
      'You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email',
    ],
    [
      'a standard attribute for developers only (P7)',
      [{ Name: 'name', AttributeDataType: 'String', DeveloperOnlyAttribute: true }],
      'You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute name',
    ],
    [
      'a custom attribute twice',
      [
        { Name: 'x', AttributeDataType: 'String' },
        { Name: 'x', AttributeDataType: 'Number' },
      ],
      'Duplicate custom attribute names custom:x are not allowed in a user pool schema.',
    ],
    ['an attribute without a name', [{ AttributeDataType: 'String' }], 'Attribute name cannot be empty.'],
    [
      'a custom attribute without a type',
      [{ Name: 'x' }],
      'Invalid AttributeDataType input, consider using the provided AttributeDataType enum.',
    ],
    [
      'a length that is no number',
      [{ Name: 'x', AttributeDataType: 'String', StringAttributeConstraints: { MinLength: 'a' } }],
      'Invalid StringAttributeConstraints.MinLength for schema attribute custom:x',
    ],
    [
      'a value longer than 2048 (P5)',
      [{ Name: 'x', AttributeDataType: 'String', StringAttributeConstraints: { MaxLength: '2049' } }],
      'user.custom:x: String attributes cannot have a length of more than 2048',
    ],
    [
      'lengths in the wrong order',
      [{ Name: 'x', AttributeDataType: 'String', StringAttributeConstraints: { MinLength: '9', MaxLength: '8' } }],
      "Attribute custom:x cannot have a max length shorter than it's min length",
    ],
    [
      'values in the wrong order',
      [{ Name: 'x', AttributeDataType: 'Number', NumberAttributeConstraints: { MinValue: '9', MaxValue: '-8' } }],
      "Attribute custom:x cannot have a max value smaller than it's min value",
    ],
  ]
  for (const [what, schema, message] of refused) {
    await t.test(`refuses ${what}`, (t) => refuses(t, create(schema), IPE, message))
  }

  await t.test('AddCustomAttributes (P5, P6)', async (t) => {
    const UserPoolId = (await idp.cognito.CreateUserPool({ PoolName: 'people' })).UserPool?.Id ?? ''
    const add = (...names: string[]) =>
      idp.cognito.AddCustomAttributes({
        UserPoolId,
        CustomAttributes: names.map((Name) => ({ Name, AttributeDataType: 'String' as const })),
      })
    t.strictSame(await add('a', 'b'), {})
    const { UserPool } = await idp.cognito.DescribeUserPool({ UserPoolId })
    t.strictSame(
      UserPool?.SchemaAttributes?.slice(21).map(({ Name, Mutable }) => [Name, Mutable]),
      [
        ['custom:a', true],
        ['custom:b', true],
      ],
    )
    await refuses(t, add('c', 'b'), IPE, 'custom:b: Existing attribute already has name custom:b.')
    const many = Array.from({ length: 24 }, (_, i) => `n${i}`)
    await add(...many)
    await refuses(
      t,
      add(...many.map((name) => `${name}x`), 'last'),
      IPE,
      'User pools cannot have more than 50 custom attributes, this one would have 51.',
    )
    await t.rejects(add(...many.map((name) => `${name}x`), 'one', 'two'), {
      type: IPE,
      message: /at 'customAttributes' failed to satisfy constraint: Member must have length less than or equal to 25$/,
    })
    await t.rejects(add('a'.repeat(21)), { type: IPE, message: /Member must have length less than or equal to 20$/ })
  })
})

test('CreateUserPool with everything', async (t) => {
  const idp = await emulator(t)
  const everything: Create = {
    PoolName: 'everything',
    Policies: {
      PasswordPolicy: {
        MinimumLength: 12,
        RequireUppercase: true,
        RequireLowercase: true,
        RequireNumbers: false,
        RequireSymbols: false,
        PasswordHistorySize: 5,
        TemporaryPasswordValidityDays: 3,
      },
      SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] },
    },
    DeletionProtection: 'ACTIVE',
    LambdaConfig: { PreSignUp: FUNCTION, KMSKeyID: 'arn:aws:kms:us-east-1:000000000000:key/1' },
    AutoVerifiedAttributes: ['email', 'phone_number'],
    UsernameAttributes: ['email'],
    SmsVerificationMessage: 'Code {####}',
    EmailVerificationMessage: 'Your code is {####}',
    EmailVerificationSubject: 'Code',
    VerificationMessageTemplate: {
      SmsMessage: 'Code {####}',
      EmailMessage: 'Your code is {####}',
      EmailSubject: 'Code',
      EmailMessageByLink: 'Press {##here##}',
      EmailSubjectByLink: 'Link',
      DefaultEmailOption: 'CONFIRM_WITH_LINK',
    },
    SmsAuthenticationMessage: 'MFA {####}',
    MfaConfiguration: 'OPTIONAL',
    UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
    DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: true },
    EmailConfiguration: {
      EmailSendingAccount: 'DEVELOPER',
      SourceArn: 'arn:aws:ses:us-east-1:000000000000:identity/a@example.com',
      ReplyToEmailAddress: 'reply@example.com',
      From: 'People <a@example.com>',
      ConfigurationSet: 'set',
    },
    SmsConfiguration: { ...ROLE, SnsRegion: 'us-east-1' },
    UserPoolTags: { team: 'a', stage: 'test' },
    AdminCreateUserConfig: {
      AllowAdminCreateUserOnly: true,
      InviteMessageTemplate: { SMSMessage: '{username} {####}', EmailMessage: 'Hello {username}: {####}', EmailSubject: 'Hello' },
    },
    UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED', AdvancedSecurityAdditionalFlows: { CustomAuthMode: 'AUDIT' } },
    UsernameConfiguration: { CaseSensitive: false },
    AccountRecoverySetting: { RecoveryMechanisms: [{ Priority: 1, Name: 'verified_phone_number' }] },
    UserPoolTier: 'PLUS',
    DcrConfiguration: { EnableStatus: 'Enabled', AllowedScopes: ['openid'], AuthenticatedGrantTypes: ['code'] },
    KeyConfiguration: { KeyType: 'AWS_OWNED_KEY' },
    IssuerConfiguration: { Type: 'ORIGINAL' },
    AcrConfiguration: { Level2: { AcrValue: 'urn:mace:incommon:iap:silver' } },
  }
  const made = (await idp.cognito.CreateUserPool(everything)).UserPool ?? {}
  const UserPoolId = made.Id ?? ''

  await t.test('keeps every member', async (t) => {
    const { PoolName, AdminCreateUserConfig, AcrConfiguration, ...same } = everything
    t.match(made, same)
    t.strictSame(made.AcrConfiguration, { ...acr(), ...AcrConfiguration })
    t.equal(made.Name, PoolName)
    t.strictSame(made.AdminCreateUserConfig, { ...AdminCreateUserConfig, UnusedAccountValidityDays: 3 })
    t.strictSame((await idp.cognito.DescribeUserPool({ UserPoolId })).UserPool, made)
  })

  await t.test('UpdateUserPool replaces all but the tier, MFA, the policies, the name and what is fixed (P8, P9)', async (t) => {
    idp.clock.advance(60_000)
    t.strictSame(await idp.cognito.UpdateUserPool({ UserPoolId }), {})
    const after = (await idp.cognito.DescribeUserPool({ UserPoolId })).UserPool
    const fresh = (await idp.cognito.CreateUserPool({ PoolName: 'fresh', UserPoolTier: 'PLUS' })).UserPool
    t.strictSame(after, {
      ...fresh,
      Id: UserPoolId,
      Name: 'everything',
      Arn: made.Arn,
      CreationDate: START / 1000,
      LastModifiedDate: START / 1000 + 60,
      UsernameAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
      DcrConfiguration: { ...everything.DcrConfiguration, OpenDcrEnabled: false },
      MfaConfiguration: 'OPTIONAL',
      Policies: everything.Policies,
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: false, UnusedAccountValidityDays: 3 },
    })
    await idp.cognito.UpdateUserPool({
      UserPoolId,
      PoolName: 'renamed',
      UserPoolTier: 'LITE',
      MfaConfiguration: 'OFF',
      DcrConfiguration: { EnableStatus: 'Disabled' },
      Policies: { PasswordPolicy: { MinimumLength: 10 }, SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD'] } },
    })
    const renamed = (await idp.cognito.DescribeUserPool({ UserPoolId })).UserPool
    t.match(renamed, { Name: 'renamed', UserPoolTier: 'LITE', MfaConfiguration: 'OFF' })

    // Each part of the policies is kept by itself; the old name of the validity of temporary passwords counts where it is given alone.
    await idp.cognito.UpdateUserPool({ UserPoolId, Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD'] } } })
    t.strictSame((await idp.cognito.DescribeUserPool({ UserPoolId })).UserPool?.Policies, renamed?.Policies)
    await idp.cognito.UpdateUserPool({
      UserPoolId,
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: false, UnusedAccountValidityDays: 9 },
    })
    t.match((await idp.cognito.DescribeUserPool({ UserPoolId })).UserPool?.Policies?.PasswordPolicy, {
      MinimumLength: 10,
      TemporaryPasswordValidityDays: 9,
    })
  })

  await t.test('reads 0 days of a temporary password as 7 (P2)', async (t) => {
    await idp.cognito.UpdateUserPool({ UserPoolId, Policies: { PasswordPolicy: { TemporaryPasswordValidityDays: 0 } } })
    const { UserPool } = await idp.cognito.DescribeUserPool({ UserPoolId })
    t.equal(UserPool?.Policies?.PasswordPolicy?.TemporaryPasswordValidityDays, 7)
  })

  await t.test('shows a trigger before tokens in both places', async (t) => {
    await idp.cognito.UpdateUserPool({ UserPoolId, LambdaConfig: { PreTokenGeneration: FUNCTION } })
    t.strictSame((await idp.cognito.DescribeUserPool({ UserPoolId })).UserPool?.LambdaConfig, {
      PreTokenGeneration: FUNCTION,
      PreTokenGenerationConfig: { LambdaVersion: 'V1_0', LambdaArn: FUNCTION },
    })
  })

  await t.test('refuses both kinds of names', (t) =>
    refuses(
      t,
      idp.cognito.CreateUserPool({ PoolName: 'a', UsernameAttributes: ['email'], AliasAttributes: ['email'] }),
      IPE,
      'Only one of the aliasAttributes or usernameAttributes can be set in a User pool.',
    ),
  )

  await t.test('takes its id from a tag', async (t) => {
    const id = async (tags: Record<string, string>) =>
      (await idp.cognito.CreateUserPool({ PoolName: 'a', UserPoolTags: tags })).UserPool?.Id
    t.equal(await id({ _custom_id_: 'eu-west-1_fixed0001' }), 'eu-west-1_fixed0001')
    t.equal(await id({ 'floci:override-id': 'myid123' }), 'us-east-1_myid123')
    await refuses(t, id({ _custom_id_: 'my id' }), IPE, 'my id cannot be the id of a user pool.')
    await refuses(t, id({ _custom_id_: 'myid123' }), IPE, 'A user pool with the id us-east-1_myid123 exists already.')
  })

  await t.test('takes its region from the signature', async (t) => {
    const { body } = await idp.request('POST', '/', '{"PoolName":"a"}', {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSCognitoIdentityProviderService.CreateUserPool',
      authorization: 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/eu-west-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=0',
    })
    const { Id, Arn } = (body as { UserPool: { Id: string; Arn: string } }).UserPool
    t.match(Id, /^eu-west-1_[0-9A-Za-z]{9}$/)
    t.equal(Arn, `arn:aws:cognito-idp:eu-west-1:000000000000:userpool/${Id}`)
  })
})

test('ListUserPools', async (t) => {
  const idp = await emulator(t)
  for (const PoolName of ['a', 'b', 'c']) await idp.cognito.CreateUserPool({ PoolName })

  await t.test('answers descriptions, page by page (P18)', async (t) => {
    const first = await idp.cognito.ListUserPools({ MaxResults: 2 })
    t.strictSame(
      first.UserPools?.map(({ Id, ...rest }) => rest),
      ['a', 'b'].map((Name) => ({ Name, LambdaConfig: {}, LastModifiedDate: START / 1000, CreationDate: START / 1000 })),
    )
    const second = await idp.cognito.ListUserPools({ MaxResults: 2, NextToken: first.NextToken })
    t.strictSame(
      second.UserPools?.map(({ Name }) => Name),
      ['c'],
    )
    t.notOk('NextToken' in second)
  })

  await t.test('lists the pools and replicas of the region that a call is signed for, page by page', async (t) => {
    const own = await emulator(t)
    const there = async (region: string, name: string, input: unknown) => {
      const { body } = await own.request('POST', '/', JSON.stringify(input), {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AWSCognitoIdentityProviderService.${name}`,
        authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/${region}/cognito-idp/aws4_request, SignedHeaders=host, Signature=0`,
      })
      return body as { UserPool?: { Id: string }; UserPools?: { Id: string; Name: string }[]; NextToken?: string; __type?: string }
    }
    const key = { KeyType: 'CUSTOMER_MANAGED_KEY', KmsKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/mrk-1' }
    for (const [region, PoolName] of [
      ['us-east-1', 'a'],
      ['eu-west-1', 'b'],
      ['us-east-1', 'c'],
      ['eu-west-1', 'd'],
      ['eu-west-1', 'e'],
    ] as const) {
      const { UserPool } = await there(region, 'CreateUserPool', { PoolName, KeyConfiguration: key })
      if (PoolName === 'c') await there(region, 'CreateUserPoolReplica', { UserPoolId: UserPool?.Id, RegionName: 'eu-west-1' })
    }
    const names = async (region: string, MaxResults: number) => {
      const found: string[][] = []
      let NextToken: string | undefined
      do {
        const page = await there(region, 'ListUserPools', { MaxResults, NextToken })
        found.push((page.UserPools ?? []).map(({ Name }) => Name))
        NextToken = page.NextToken
      } while (NextToken !== undefined)
      return found
    }
    t.strictSame(await names('us-east-1', 60), [['a', 'c']])
    t.strictSame(await names('eu-west-1', 3), [['b', 'c', 'd'], ['e']])
    t.strictSame(await names('ap-south-1', 60), [[]])
    t.equal((await own.cognito.ListUserPools({ MaxResults: 60 })).UserPools?.length, 5, 'a call that names no region sees all')
    const { NextToken } = await there('eu-west-1', 'ListUserPools', { MaxResults: 1 })
    t.equal((await there('us-east-1', 'ListUserPools', { MaxResults: 1, NextToken })).__type, IPE)
  })

  await t.test('refuses a token of another list and a limit out of range (P18)', async (t) => {
    const token = (await idp.cognito.ListUserPools({ MaxResults: 1 })).NextToken ?? ''
    await refuses(
      t,
      idp.cognito.ListUserPools({ MaxResults: 2, NextToken: `${token.slice(0, -4)}AAAA` }),
      IPE,
      'Invalid pagination token provided',
    )
    const wrong = (value: string, rule: string) =>
      `1 validation error detected: Value ${value} at 'maxResults' failed to satisfy constraint: ${rule}`
    const limits: [limit: number | undefined, message: string][] = [
      [61, wrong("'61'", 'Member must have value less than or equal to 60')],
      [0, wrong("'0'", 'Member must have value greater than or equal to 1')],
      [undefined, wrong("'0'", 'Member must have value greater than or equal to 1')],
    ]
    for (const [MaxResults, message] of limits) {
      await refuses(t, idp.cognito.ListUserPools({ MaxResults: MaxResults as number }), IPE, message)
    }
  })
})

test('DeleteUserPool', async (t) => {
  const idp = await emulator(t)
  const create = async (input: Partial<Create> = {}) =>
    (await idp.cognito.CreateUserPool({ PoolName: 'people', ...input })).UserPool?.Id ?? ''

  await t.test('removes the pool and everything in it (P20)', async (t) => {
    const UserPoolId = await create()
    const { UserPoolClient } = await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'web' })
    t.equal(await idp.cognito.DeleteUserPool({ UserPoolId }), undefined)
    const message = `User pool ${UserPoolId} does not exist.`
    await refuses(t, idp.cognito.DescribeUserPool({ UserPoolId }), 'ResourceNotFoundException', message)
    await refuses(t, idp.cognito.DeleteUserPool({ UserPoolId }), 'ResourceNotFoundException', message)
    const { store } = idp.app.emulator.namespace()
    for (const table of ['record', 'person', 'person_name', 'person_attribute', 'member', 'credential', 'ticket']) {
      t.strictSame(store.all(`SELECT * FROM ${table}`), [], table)
    }
    t.match(UserPoolClient?.ClientId, /^\w{26}$/)
  })

  await t.test('leaves other pools alone', async (t) => {
    const one = await create()
    const other = await create()
    const { UserPoolClient } = await idp.cognito.CreateUserPoolClient({ UserPoolId: other, ClientName: 'web' })
    await idp.cognito.DeleteUserPool({ UserPoolId: one })
    t.equal((await idp.cognito.ListUserPoolClients({ UserPoolId: other })).UserPoolClients?.[0]?.ClientId, UserPoolClient?.ClientId)
  })

  await t.test('refuses a protected pool (P11)', async (t) => {
    const UserPoolId = await create({ DeletionProtection: 'ACTIVE' })
    await refuses(
      t,
      idp.cognito.DeleteUserPool({ UserPoolId }),
      IPE,
      'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',
    )
    await idp.cognito.UpdateUserPool({ UserPoolId })
    await idp.cognito.DeleteUserPool({ UserPoolId })
  })
})

test('DeleteUserPool with people and a domain', async (t) => {
  const idp = await emulator(t)
  const UserPoolId = (await idp.cognito.CreateUserPool({ PoolName: 'people' })).UserPool?.Id ?? ''

  await t.test('refuses a pool that has a domain, which is shown with it (P12)', async (t) => {
    await idp.cognito.CreateUserPoolDomain({ UserPoolId, Domain: 'people' })
    t.equal((await idp.cognito.DescribeUserPool({ UserPoolId })).UserPool?.Domain, 'people')
    await refuses(
      t,
      idp.cognito.DeleteUserPool({ UserPoolId }),
      IPE,
      'User pool cannot be deleted. It has a domain configured that should be deleted first.',
    )
    await idp.cognito.DeleteUserPoolDomain({ UserPoolId, Domain: 'people' })
  })

  await t.test('leaves nothing of its people, groups and settings', async (t) => {
    await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'web', GenerateSecret: true })
    await idp.cognito.CreateGroup({ UserPoolId, GroupName: 'staff' })
    for (const Username of ['ada', 'bob']) await idp.cognito.AdminCreateUser({ UserPoolId, Username, TemporaryPassword: 'Secret-Horse-1' })
    await idp.cognito.AdminAddUserToGroup({ UserPoolId, GroupName: 'staff', Username: 'ada' })
    await idp.cognito.SetUserPoolMfaConfig({ UserPoolId, MfaConfiguration: 'OPTIONAL', SoftwareTokenMfaConfiguration: { Enabled: true } })
    t.equal((await idp.cognito.DescribeUserPool({ UserPoolId })).UserPool?.EstimatedNumberOfUsers, 2)

    await idp.cognito.DeleteUserPool({ UserPoolId })
    const { store } = idp.app.emulator.namespace()
    for (const table of ['record', 'person', 'person_name', 'person_attribute', 'member', 'credential', 'ticket']) {
      t.strictSame(store.all(`SELECT * FROM ${table}`), [], table)
    }
  })
})

test('in quota mode an account has 1,000 pools (X8)', async (t) => {
  const idp = await emulator(t, { settings: { rooms: { cognito: { quotas: true } } } })
  await idp.cognito.CreateUserPool({ PoolName: 'people' })
  // As if 999 more had been made.
  idp.app.emulator.namespace().store.run(
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
      INSERT INTO record (kind, parent, key, doc) SELECT kind, parent, key || i, doc FROM record, n WHERE kind = 'cognito.pool'`,
  )
  await refuses(
    t,
    idp.cognito.CreateUserPool({ PoolName: 'one too many' }),
    'LimitExceededException',
    'Exceeded the maximum number of user pools in the account: 1000.',
  )
})

import { X509Certificate } from 'node:crypto'
import {
  AddCustomAttributesCommand,
  AddUserPoolClientSecretCommand,
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  CognitoIdentityProviderClient,
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  CreateUserPoolReplicaCommand,
  DeleteUserPoolClientCommand,
  DeleteUserPoolClientSecretCommand,
  DeleteUserPoolCommand,
  DeleteUserPoolReplicaCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  GetSigningCertificateCommand,
  GetUserPoolMfaConfigCommand,
  ListTagsForResourceCommand,
  ListUserPoolClientSecretsCommand,
  paginateListUserPoolClients,
  paginateListUserPools,
  SetUserPoolMfaConfigCommand,
  TagResourceCommand,
  UpdateUserPoolClientCommand,
  UpdateUserPoolCommand,
  UpdateUserPoolReplicaCommand,
  type UserPoolClientType,
  type UserPoolType,
} from '@aws-sdk/client-cognito-identity-provider'
import { test } from 'tap'
import { awsClient, target } from '../support/target.ts'

const ACCOUNT = '000000000000'
const TRIGGER = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:trigger`

/** Every member of CreateUserPool but AliasAttributes, which excludes UsernameAttributes. */
const POOL = {
  PoolName: 'everything',
  Policies: {
    PasswordPolicy: {
      MinimumLength: 12,
      RequireUppercase: true,
      RequireLowercase: true,
      RequireNumbers: true,
      RequireSymbols: false,
      PasswordHistorySize: 4,
      TemporaryPasswordValidityDays: 2,
    },
    SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'WEB_AUTHN'] },
  },
  DeletionProtection: 'ACTIVE',
  LambdaConfig: {
    PostAuthentication: TRIGGER,
    PreTokenGeneration: TRIGGER,
    PreTokenGenerationConfig: { LambdaVersion: 'V2_0', LambdaArn: TRIGGER },
    CustomEmailSender: { LambdaVersion: 'V1_0', LambdaArn: TRIGGER },
    KMSKeyID: `arn:aws:kms:us-east-1:${ACCOUNT}:key/1`,
  },
  AutoVerifiedAttributes: ['email'],
  UsernameAttributes: ['email', 'phone_number'],
  SmsVerificationMessage: 'Your code: {####}',
  EmailVerificationMessage: 'Your code: {####}',
  EmailVerificationSubject: 'Your code',
  VerificationMessageTemplate: {
    SmsMessage: 'Your code: {####}',
    EmailMessage: 'Your code: {####}',
    EmailSubject: 'Your code',
    EmailMessageByLink: '{##Press here##}',
    EmailSubjectByLink: 'Your link',
    DefaultEmailOption: 'CONFIRM_WITH_CODE',
  },
  SmsAuthenticationMessage: 'Your code: {####}',
  MfaConfiguration: 'OPTIONAL',
  UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
  DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: false },
  EmailConfiguration: {
    EmailSendingAccount: 'DEVELOPER',
    SourceArn: `arn:aws:ses:us-east-1:${ACCOUNT}:identity/people@example.com`,
    From: 'People <people@example.com>',
    ReplyToEmailAddress: 'reply@example.com',
    ConfigurationSet: 'mail',
  },
  SmsConfiguration: { SnsCallerArn: `arn:aws:iam::${ACCOUNT}:role/sms`, ExternalId: 'x', SnsRegion: 'us-east-1' },
  UserPoolTags: { team: 'identity' },
  AdminCreateUserConfig: {
    AllowAdminCreateUserOnly: true,
    InviteMessageTemplate: { SMSMessage: '{username} {####}', EmailMessage: '{username} {####}', EmailSubject: 'Welcome' },
  },
  Schema: [
    { Name: 'email', AttributeDataType: 'String', Required: true, Mutable: true },
    { Name: 'tenant', AttributeDataType: 'String', Mutable: false, StringAttributeConstraints: { MinLength: '1', MaxLength: '36' } },
    { Name: 'level', AttributeDataType: 'Number', Mutable: true, NumberAttributeConstraints: { MinValue: '0', MaxValue: '9' } },
  ],
  UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED', AdvancedSecurityAdditionalFlows: { CustomAuthMode: 'ENFORCED' } },
  UsernameConfiguration: { CaseSensitive: false },
  AccountRecoverySetting: { RecoveryMechanisms: [{ Priority: 1, Name: 'verified_email' }] },
  UserPoolTier: 'PLUS',
  KeyConfiguration: { KeyType: 'CUSTOMER_MANAGED_KEY', KmsKeyArn: `arn:aws:kms:us-east-1:${ACCOUNT}:key/mrk-1` },
  IssuerConfiguration: { Type: 'ORIGINAL' },
} satisfies CreateUserPoolCommandInput

test("a pool's life with everything configured, with the AWS SDK", async (t) => {
  const url = await target(t)
  const sdk = new CognitoIdentityProviderClient(awsClient(url))
  const elsewhere = new CognitoIdentityProviderClient({ ...awsClient(url), region: 'eu-west-1' })
  t.teardown(() => {
    sdk.destroy()
    elsewhere.destroy()
  })

  const made = (await sdk.send(new CreateUserPoolCommand(POOL))).UserPool as UserPoolType
  const UserPoolId = made.Id as string
  const describe = async (client = sdk) => (await client.send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool as UserPoolType

  await t.test('reads back equal', async (t) => {
    const { PoolName, Schema, AdminCreateUserConfig, ...same } = POOL
    t.match(made, { ...same, Name: PoolName, AdminCreateUserConfig, EstimatedNumberOfUsers: 0 })
    t.ok(made.CreationDate instanceof Date && made.LastModifiedDate instanceof Date)
    t.same(
      made.SchemaAttributes?.slice(21).map(({ Name }) => Name),
      ['custom:tenant', 'custom:level'],
    )
    t.match(
      made.SchemaAttributes?.find(({ Name }) => Name === Schema[0]?.Name),
      { Required: true },
    )
    t.same(await describe(), made)
  })

  await t.test('takes back what it answered, save the old name of one setting', async (t) => {
    const { Name, AdminCreateUserConfig, ...answered } = await describe()
    const again = { ...answered, UserPoolId, PoolName: Name }
    await t.rejects(sdk.send(new UpdateUserPoolCommand({ ...again, AdminCreateUserConfig })), {
      name: 'InvalidParameterException',
      message: 'Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays',
    })
    const { UnusedAccountValidityDays, ...config } = AdminCreateUserConfig ?? {}
    await sdk.send(new UpdateUserPoolCommand({ ...again, AdminCreateUserConfig: config }))
    const { LastModifiedDate: _before, ...before } = made
    const { LastModifiedDate: _after, ...after } = await describe()
    t.same(after, before)
    t.equal(UnusedAccountValidityDays, 2)
  })

  await t.test('keeps second factors and passkeys beside it', async (t) => {
    const settings = {
      SmsMfaConfiguration: { SmsAuthenticationMessage: 'Sign in: {####}', SmsConfiguration: POOL.SmsConfiguration },
      SoftwareTokenMfaConfiguration: { Enabled: true },
      EmailMfaConfiguration: { Message: 'Sign in: {####}', Subject: 'Sign in' },
      MfaConfiguration: 'OPTIONAL' as const,
      WebAuthnConfiguration: { RelyingPartyId: 'example.com', UserVerification: 'preferred' as const },
    }
    await sdk.send(new SetUserPoolMfaConfigCommand({ UserPoolId, ...settings }))
    const { $metadata, ...answered } = await sdk.send(new GetUserPoolMfaConfigCommand({ UserPoolId }))
    t.equal($metadata.httpStatusCode, 200)
    t.same(answered, settings)
    t.equal((await describe()).SmsAuthenticationMessage, 'Sign in: {####}')
  })

  await t.test('takes more attributes and tags', async (t) => {
    await sdk.send(new AddCustomAttributesCommand({ UserPoolId, CustomAttributes: [{ Name: 'born', AttributeDataType: 'DateTime' }] }))
    await sdk.send(new TagResourceCommand({ ResourceArn: made.Arn, Tags: { stage: 'test' } }))
    const { SchemaAttributes, UserPoolTags } = await describe()
    t.match(SchemaAttributes?.at(-1), { Name: 'custom:born', AttributeDataType: 'DateTime' })
    t.same(UserPoolTags, { team: 'identity', stage: 'test' })
    t.same((await sdk.send(new ListTagsForResourceCommand({ ResourceArn: made.Arn }))).Tags, UserPoolTags)
  })

  await t.test('has a certificate to sign SAML requests with', async (t) => {
    const { Certificate } = await sdk.send(new GetSigningCertificateCommand({ UserPoolId }))
    const certificate = new X509Certificate(Buffer.from(Certificate ?? '', 'base64'))
    t.ok(certificate.verify(certificate.publicKey))
  })

  await t.test('has clients with everything configured', async (t) => {
    await sdk.send(
      new CreateResourceServerCommand({
        UserPoolId,
        Identifier: 'https://shop.example.com',
        Name: 'shop',
        Scopes: [{ ScopeName: 'read', ScopeDescription: 'reads' }],
      }),
    )
    const settings = {
      RefreshTokenValidity: 12,
      AccessTokenValidity: 30,
      IdTokenValidity: 600,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'seconds', RefreshToken: 'hours' },
      ReadAttributes: ['email', 'custom:tenant'],
      WriteAttributes: ['email', 'custom:tenant'],
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      SupportedIdentityProviders: ['COGNITO'],
      CallbackURLs: ['https://example.com/back', 'http://localhost:3000/back'],
      LogoutURLs: ['https://example.com/out'],
      DefaultRedirectURI: 'https://example.com/back',
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'https://shop.example.com/read'],
      AllowedOAuthFlowsUserPoolClient: true,
      AnalyticsConfiguration: {
        ApplicationId: 'abc',
        RoleArn: 'arn:aws:iam::000000000000:role/pinpoint',
        ExternalId: 'x',
        UserDataShared: false,
      },
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: true,
      EnablePropagateAdditionalUserContextData: true,
      AuthSessionValidity: 10,
    } satisfies Partial<CreateUserPoolClientCommandInput>
    const { UserPoolClient: client = {} } = await sdk.send(
      new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'web', GenerateSecret: true, ...settings }),
    )
    t.match(client, settings)
    const ClientId = client.ClientId as string
    const read = async () =>
      (await sdk.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))).UserPoolClient as UserPoolClientType
    t.same(await read(), client)

    await sdk.send(new AdminCreateUserCommand({ UserPoolId, Username: 'ada@example.com', MessageAction: 'SUPPRESS' }))
    t.equal((await describe()).EstimatedNumberOfUsers, 1)
    await t.rejects(
      sdk.send(
        new AdminInitiateAuthCommand({
          UserPoolId,
          ClientId,
          AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'ada@example.com', PASSWORD: 'x' },
        }),
      ),
      { name: 'NotAuthorizedException', message: `Client ${ClientId} is configured with secret but SECRET_HASH was not received` },
    )

    const second = (await sdk.send(new AddUserPoolClientSecretCommand({ UserPoolId, ClientId }))).ClientSecretDescriptor
    const secrets = (await sdk.send(new ListUserPoolClientSecretsCommand({ UserPoolId, ClientId }))).ClientSecrets ?? []
    t.same(secrets[1], { ClientSecretId: second?.ClientSecretId, ClientSecretCreateDate: second?.ClientSecretCreateDate })
    await sdk.send(new DeleteUserPoolClientSecretCommand({ UserPoolId, ClientId, ClientSecretId: secrets[0]?.ClientSecretId }))
    t.equal((await read()).ClientSecret, second?.ClientSecretValue)

    const { UserPoolClient: plain = {} } = await sdk.send(new UpdateUserPoolClientCommand({ UserPoolId, ClientId }))
    t.same(Object.keys(plain).sort(), [
      'AllowedOAuthFlowsUserPoolClient',
      'AuthSessionValidity',
      'ClientId',
      'ClientName',
      'ClientSecret',
      'CreationDate',
      'EnablePropagateAdditionalUserContextData',
      'EnableTokenRevocation',
      'LastModifiedDate',
      'RefreshTokenValidity',
      'UserPoolId',
    ])
    await sdk.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'mobile' }))
    const names: (string | undefined)[] = []
    for await (const page of paginateListUserPoolClients({ client: sdk, pageSize: 1 }, { UserPoolId })) {
      names.push(...(page.UserPoolClients ?? []).map(({ ClientName }) => ClientName))
    }
    t.same(names, ['web', 'mobile'])
    await sdk.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }))
    await t.rejects(read(), { name: 'ResourceNotFoundException', message: `User pool client ${ClientId} does not exist.` })
  })

  await t.test('is reached in a second region', async (t) => {
    const RegionName = 'eu-west-1'
    await sdk.send(new CreateUserPoolReplicaCommand({ UserPoolId, RegionName, UserPoolTags: { where: 'there' } }))
    await sdk.send(new UpdateUserPoolReplicaCommand({ UserPoolId, RegionName, Status: 'ACTIVE' }))
    const there = await describe(elsewhere)
    t.match(there, { Id: UserPoolId, Arn: made.Arn?.replace('us-east-1', RegionName), UserPoolTags: { where: 'there' } })
    t.equal(there.EstimatedNumberOfUsers, 1)
    await t.rejects(elsewhere.send(new AdminCreateUserCommand({ UserPoolId, Username: 'bob@example.com' })), {
      name: 'OperationNotEnabledException',
    })
    await sdk.send(new UpdateUserPoolReplicaCommand({ UserPoolId, RegionName, Status: 'INACTIVE' }))
    await sdk.send(new DeleteUserPoolReplicaCommand({ UserPoolId, RegionName }))
  })

  await t.test('is replaced by defaults when an update names nothing, save the tier, MFA and the policies', async (t) => {
    const fresh = (await sdk.send(new CreateUserPoolCommand({ PoolName: 'fresh' }))).UserPool as UserPoolType
    await t.rejects(sdk.send(new DeleteUserPoolCommand({ UserPoolId })), {
      message: 'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',
    })
    const { MfaConfiguration, Policies, AdminCreateUserConfig } = await describe()
    await sdk.send(new UpdateUserPoolCommand({ UserPoolId }))
    const now = await describe()
    const kept = {
      MfaConfiguration,
      Policies,
      AdminCreateUserConfig: {
        AllowAdminCreateUserOnly: false,
        UnusedAccountValidityDays: AdminCreateUserConfig?.UnusedAccountValidityDays,
      },
    }
    const own = ['Id', 'Arn', 'Name', 'CreationDate', 'LastModifiedDate', 'SchemaAttributes', 'UsernameAttributes', 'UsernameConfiguration']
    const replaced = (pool: object) => Object.fromEntries(Object.entries(pool).filter(([key]) => !own.includes(key)))
    t.same(replaced(now), { ...replaced(fresh), ...kept, UserPoolTier: 'PLUS', EstimatedNumberOfUsers: 1 })
    t.equal(now.Name, 'everything')
    await sdk.send(new DeleteUserPoolCommand({ UserPoolId: fresh.Id }))
  })

  await t.test('is deleted with all that is in it', async (t) => {
    await sdk.send(new DeleteUserPoolCommand({ UserPoolId }))
    await t.rejects(describe(), { name: 'ResourceNotFoundException', message: `User pool ${UserPoolId} does not exist.` })
    const ids: (string | undefined)[] = []
    for await (const page of paginateListUserPools({ client: sdk, pageSize: 60 }, { MaxResults: 60 })) {
      ids.push(...(page.UserPools ?? []).map(({ Id }) => Id))
    }
    t.notOk(ids.includes(UserPoolId))
  })

  await t.test('has its functions where it is itself, and its mails from where it may send them', async (t) => {
    const make = (more: Partial<CreateUserPoolCommandInput>) => sdk.send(new CreateUserPoolCommand({ PoolName: 'near', ...more }))
    const far = TRIGGER.replace('us-east-1', 'ap-northeast-1')
    await t.rejects(make({ LambdaConfig: { PreSignUp: far } }), {
      name: 'InvalidParameterException',
      message: 'Cross-region lambda functions are not supported',
    })
    const mails = (region: string) => ({
      EmailConfiguration: {
        EmailSendingAccount: 'DEVELOPER' as const,
        SourceArn: `arn:aws:ses:${region}:${ACCOUNT}:identity/a@example.com`,
      },
    })
    await t.rejects(make(mails('ap-northeast-1')), {
      name: 'InvalidParameterException',
      message:
        'Invalid EmailConfiguration.SourceArn. Provided SourceArn must be in one of the following SES regions: eu-west-1, us-east-1, us-west-2.',
    })
    const { UserPool } = await make(mails('eu-west-1'))
    t.match(UserPool?.EmailConfiguration, mails('eu-west-1').EmailConfiguration)
  })
})

import { createHmac, type JsonWebKey, X509Certificate } from 'node:crypto'
import { type Test, test } from 'tap'
import { freshKeys } from '../../src/core/keys.ts'
import { refuses } from '../support/cognito.ts'
import { emulator, START, type TestEmulator } from '../support/emulator.ts'

const IPE = 'InvalidParameterException'
const RNF = 'ResourceNotFoundException'
const TIER = 'FeatureUnavailableInTierException'
const ROLE = { SnsCallerArn: 'arn:aws:iam::000000000000:role/sms', ExternalId: 'x' }
const SENDER = { EmailSendingAccount: 'DEVELOPER' as const, SourceArn: 'arn:aws:ses:us-east-1:000000000000:identity/a@example.com' }
const YEAR = 365 * 86_400_000

type Create = Parameters<TestEmulator['cognito']['CreateUserPool']>[0]

async function world(t: Test): Promise<{ idp: TestEmulator; pool: (input?: Partial<Create>) => Promise<string> }> {
  const idp = await emulator(t)
  return { idp, pool: async (input = {}) => (await idp.cognito.CreateUserPool({ PoolName: 'people', ...input })).UserPool?.Id ?? '' }
}

/** A call that says by its signature to which region it is addressed. */
function from(idp: TestEmulator, region: string) {
  return async (operation: string, input: unknown) => {
    const { body } = await idp.request('POST', '/', JSON.stringify(input), {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/${region}/cognito-idp/aws4_request, SignedHeaders=host, Signature=0`,
    })
    return body as Record<string, unknown> & { UserPool?: Record<string, unknown> }
  }
}

test('client secrets', async (t) => {
  const { idp, pool } = await world(t)
  const UserPoolId = await pool()
  const made = await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'server', GenerateSecret: true })
  const { ClientId = '', ClientSecret = '' } = made.UserPoolClient ?? {}
  const list = async () => (await idp.cognito.ListUserPoolClientSecrets({ UserPoolId, ClientId })).ClientSecrets

  await t.test('AddUserPoolClientSecret makes a second one and shows it once (C12)', async (t) => {
    t.strictSame(await list(), [{ ClientSecretId: `${ClientId}--${START}`, ClientSecretCreateDate: START / 1000 }])
    idp.clock.advance(1000)
    const { ClientSecretDescriptor } = await idp.cognito.AddUserPoolClientSecret({ UserPoolId, ClientId })
    const { ClientSecretValue, ...rest } = ClientSecretDescriptor ?? {}
    t.match(ClientSecretValue, /^[0-9a-z]{51}$/)
    t.strictSame(rest, { ClientSecretId: `${ClientId}--${START + 1000}`, ClientSecretCreateDate: START / 1000 + 1 })
    t.strictSame(await list(), [{ ClientSecretId: `${ClientId}--${START}`, ClientSecretCreateDate: START / 1000 }, rest])
    t.equal((await idp.cognito.DescribeUserPoolClient({ UserPoolId, ClientId })).UserPoolClient?.ClientSecret, ClientSecret)

    for (const secret of [ClientSecret, ClientSecretValue ?? '']) {
      const SecretHash = createHmac('sha256', secret).update(`nobody${ClientId}`).digest('base64')
      await t.rejects(idp.cognito.ConfirmSignUp({ ClientId, Username: 'nobody', ConfirmationCode: '1', SecretHash }), {
        message: /^((?!secret hash).)*$/i,
      })
    }
    const SecretHash = createHmac('sha256', 'another').update(`nobody${ClientId}`).digest('base64')
    await refuses(
      t,
      idp.cognito.ConfirmSignUp({ ClientId, Username: 'nobody', ConfirmationCode: '1', SecretHash }),
      'NotAuthorizedException',
      `Unable to verify secret hash for client ${ClientId}`,
    )
  })

  await t.test('refuses a third (C12)', (t) =>
    refuses(
      t,
      idp.cognito.AddUserPoolClientSecret({ UserPoolId, ClientId }),
      'LimitExceededException',
      'An app client can have at most 2 client secrets.',
    ),
  )

  await t.test('DeleteUserPoolClientSecret removes one, but not the last (C12)', async (t) => {
    const ClientSecretId = `${ClientId}--${START}`
    t.strictSame(await idp.cognito.DeleteUserPoolClientSecret({ UserPoolId, ClientId, ClientSecretId }), {})
    t.not((await idp.cognito.DescribeUserPoolClient({ UserPoolId, ClientId })).UserPoolClient?.ClientSecret, ClientSecret)
    await refuses(
      t,
      idp.cognito.DeleteUserPoolClientSecret({ UserPoolId, ClientId, ClientSecretId }),
      RNF,
      `Client secret ${ClientSecretId} does not exist.`,
    )
    const last = (await list())?.[0]?.ClientSecretId ?? ''
    await refuses(
      t,
      idp.cognito.DeleteUserPoolClientSecret({ UserPoolId, ClientId, ClientSecretId: last }),
      IPE,
      'The only client secret of an app client cannot be deleted.',
    )
  })

  await t.test('keeps a secret that is given without telling it back, and refuses one for a public client', async (t) => {
    const value = 'b'.repeat(24)
    const answer = await idp.cognito.AddUserPoolClientSecret({ UserPoolId, ClientId, ClientSecret: value })
    t.notOk('ClientSecretValue' in (answer.ClientSecretDescriptor ?? {}))
    const open = (await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'web' })).UserPoolClient?.ClientId ?? ''
    await refuses(
      t,
      idp.cognito.AddUserPoolClientSecret({ UserPoolId, ClientId: open }),
      IPE,
      'Client secrets can only be added to an app client that has a client secret.',
    )
    t.strictSame(await idp.cognito.ListUserPoolClientSecrets({ UserPoolId, ClientId: open }), { ClientSecrets: [] })
  })
})

test('MFA settings', async (t) => {
  const { idp, pool } = await world(t)
  const set = idp.cognito.SetUserPoolMfaConfig
  const totp = { SoftwareTokenMfaConfiguration: { Enabled: true } }

  await t.test('GetUserPoolMfaConfig of a new pool says OFF and no more', async (t) => {
    t.strictSame(await idp.cognito.GetUserPoolMfaConfig({ UserPoolId: await pool() }), { MfaConfiguration: 'OFF' })
  })

  await t.test('SetUserPoolMfaConfig sets everything, reads back equal, and replaces it (P14)', async (t) => {
    const UserPoolId = await pool({ EmailConfiguration: SENDER })
    const everything = {
      SmsMfaConfiguration: { SmsAuthenticationMessage: 'Code {####}', SmsConfiguration: ROLE },
      SoftwareTokenMfaConfiguration: { Enabled: true },
      EmailMfaConfiguration: { Message: 'Your code: {####}', Subject: 'Code' },
      MfaConfiguration: 'OPTIONAL' as const,
      WebAuthnConfiguration: {
        RelyingPartyId: 'example.com',
        UserVerification: 'required' as const,
        FactorConfiguration: 'MULTI_FACTOR_WITH_USER_VERIFICATION' as const,
      },
    }
    t.same(await set({ UserPoolId, ...everything }), everything)
    t.same(await idp.cognito.GetUserPoolMfaConfig({ UserPoolId }), everything)
    const { UserPool } = await idp.cognito.DescribeUserPool({ UserPoolId })
    t.match(UserPool, { MfaConfiguration: 'OPTIONAL', SmsConfiguration: ROLE, SmsAuthenticationMessage: 'Code {####}' })

    t.strictSame(await set({ UserPoolId, MfaConfiguration: 'ON', ...totp }), { ...totp, MfaConfiguration: 'ON' })
    t.strictSame(await set({ UserPoolId, MfaConfiguration: 'OFF' }), { MfaConfiguration: 'OFF' })
    t.strictSame(await set({ UserPoolId, WebAuthnConfiguration: { RelyingPartyId: 'example.com' } }), {
      MfaConfiguration: 'OFF',
      WebAuthnConfiguration: { RelyingPartyId: 'example.com' },
    })
    t.same((await idp.cognito.DescribeUserPool({ UserPoolId })).UserPool?.SmsConfiguration, ROLE)
  })

  await t.test('shows messages as a factor where the pool was made with them', async (t) => {
    const UserPoolId = await pool({ MfaConfiguration: 'OPTIONAL', SmsConfiguration: ROLE, SmsAuthenticationMessage: 'Code {####}' })
    t.strictSame(await idp.cognito.GetUserPoolMfaConfig({ UserPoolId }), {
      SmsMfaConfiguration: { SmsAuthenticationMessage: 'Code {####}', SmsConfiguration: ROLE },
      MfaConfiguration: 'OPTIONAL',
    })
  })

  await t.test('a pool with another factor may be updated to MFA without SMS', async (t) => {
    const UserPoolId = await pool()
    await set({ UserPoolId, MfaConfiguration: 'ON', ...totp })
    t.strictSame(await idp.cognito.UpdateUserPool({ UserPoolId, MfaConfiguration: 'OPTIONAL' }), {})
  })

  const refused: [
    what: string,
    input: Partial<Create>,
    settings: Omit<Parameters<typeof set>[0], 'UserPoolId'>,
    type: string,
    text: string,
  ][] = [
    ...(
      [
        ['SMS', { SmsMfaConfiguration: { SmsConfiguration: ROLE } }],
        ['TOTP', totp],
        ['TOTP that is not enabled', { SoftwareTokenMfaConfiguration: { Enabled: false } }],
        ['e-mail', { EmailMfaConfiguration: { Subject: 'x' } }],
      ] as const
    ).map(([what, factor]): (typeof refused)[number] => [
      `OFF with ${what}`,
      {},
      { MfaConfiguration: 'OFF', ...factor },
      IPE,
      "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
    ]),
    ...(['ON', 'OPTIONAL'] as const).map((MfaConfiguration): (typeof refused)[number] => [
      `${MfaConfiguration} without a factor`,
      { SmsConfiguration: ROLE },
      { MfaConfiguration, SoftwareTokenMfaConfiguration: { Enabled: false } },
      IPE,
      "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.",
    ]),
    [
      'SMS without a role',
      {},
      { MfaConfiguration: 'ON', SmsMfaConfiguration: { SmsAuthenticationMessage: 'Code {####}' } },
      IPE,
      'SMS configuration and Auto verification for phone_number are required when MFA is required/optional',
    ],
    [
      "e-mail from the service's own address",
      {},
      { MfaConfiguration: 'ON', EmailMfaConfiguration: {} },
      IPE,
      'Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of COGNITO_DEFAULT. Update the value of EmailSendingAccount.',
    ],
    [
      'a relying party that is an address',
      {},
      { WebAuthnConfiguration: { RelyingPartyId: 'https://example.com' } },
      IPE,
      'RelyingPartyId contains invalid characters',
    ],
    [
      'e-mail on the cheapest plan (P15)',
      { UserPoolTier: 'LITE', EmailConfiguration: SENDER },
      { MfaConfiguration: 'ON', EmailMfaConfiguration: {} },
      TIER,
      'The following feature is not available for the LITE pricing tier configured: Email MFA',
    ],
    [
      'passkeys on the cheapest plan (P15)',
      { UserPoolTier: 'LITE' },
      { WebAuthnConfiguration: { RelyingPartyId: 'example.com' } },
      TIER,
      'The following feature is not available for the LITE pricing tier configured: Passkeys',
    ],
    [
      'required MFA beside codes as a first factor',
      { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'SMS_OTP'] } } },
      { MfaConfiguration: 'ON', ...totp },
      IPE,
      'Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled',
    ],
    [
      'required MFA beside single passkeys as a first factor',
      { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } } },
      { MfaConfiguration: 'ON', ...totp, WebAuthnConfiguration: { FactorConfiguration: 'SINGLE_FACTOR' } },
      IPE,
      'Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an allowed first auth factor',
    ],
  ]
  for (const [what, input, settings, type, message] of refused) {
    await t.test(`refuses ${what}`, async (t) => {
      await refuses(t, set({ UserPoolId: await pool(input), ...settings }), type, message)
    })
  }

  await t.test('keeps a pool from a plan that has not what it uses (P15)', async (t) => {
    const UserPoolId = await pool({ EmailConfiguration: SENDER })
    await set({
      UserPoolId,
      MfaConfiguration: 'OPTIONAL',
      EmailMfaConfiguration: {},
      WebAuthnConfiguration: { RelyingPartyId: 'example.com' },
    })
    await refuses(
      t,
      idp.cognito.UpdateUserPool({ UserPoolId, UserPoolTier: 'LITE' }),
      TIER,
      'The following features need to be disabled for the LITE pricing tier configured: Email MFA, Passkeys',
    )
  })

  await t.test('allows codes as a first factor where MFA is optional', async (t) => {
    const UserPoolId = await pool({ Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } } })
    t.strictSame(await set({ UserPoolId, MfaConfiguration: 'OPTIONAL', ...totp }), { ...totp, MfaConfiguration: 'OPTIONAL' })
  })
})

test('tags', async (t) => {
  const { idp, pool } = await world(t)
  const UserPoolId = await pool({ UserPoolTags: { team: 'a' } })
  const ResourceArn = `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${UserPoolId}`
  const list = async () => (await idp.cognito.ListTagsForResource({ ResourceArn })).Tags

  await t.test('TagResource and UntagResource change those of the pool (P19)', async (t) => {
    t.strictSame(await idp.cognito.TagResource({ ResourceArn, Tags: { team: 'b', stage: 'test' } }), {})
    t.strictSame(await list(), { team: 'b', stage: 'test' })
    t.strictSame((await idp.cognito.DescribeUserPool({ UserPoolId })).UserPool?.UserPoolTags, { team: 'b', stage: 'test' })
    t.strictSame(await idp.cognito.UntagResource({ ResourceArn, TagKeys: ['team', 'none'] }), {})
    t.strictSame(await list(), { stage: 'test' })
    await idp.cognito.UpdateUserPool({ UserPoolId })
    t.strictSame(await list(), {})
  })

  await t.test('refuse what is reserved, too much, or tagged nowhere (P19)', async (t) => {
    await refuses(
      t,
      idp.cognito.TagResource({ ResourceArn, Tags: { 'aws:x': '' } }),
      IPE,
      'aws: prefixed tag key names are not allowed for external use.',
    )
    const Tags = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`key${i}`, '']))
    await refuses(t, idp.cognito.TagResource({ ResourceArn, Tags }), IPE, 'The number of tags cannot exceed 50.')
    const unknown = 'arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_unknown00'
    await refuses(t, idp.cognito.ListTagsForResource({ ResourceArn: unknown }), RNF, 'User pool us-east-1_unknown00 does not exist.')
    await refuses(
      t,
      idp.cognito.ListTagsForResource({ ResourceArn: ResourceArn.replace(':us-east-1:', ':eu-west-1:') }),
      RNF,
      `User pool ${UserPoolId} does not exist.`,
    )
    const other = 'arn:aws:lambda:us-east-1:000000000000:function:a'
    await refuses(t, idp.cognito.ListTagsForResource({ ResourceArn: other }), IPE, `Invalid ARN: ${other}`)
  })
})

test('GetSigningCertificate', async (t) => {
  const { idp, pool } = await world(t)
  const UserPoolId = await pool()
  const get = async (id = UserPoolId) => (await idp.cognito.GetSigningCertificate({ UserPoolId: id })).Certificate ?? ''
  const parse = (text: string) => new X509Certificate(Buffer.from(text, 'base64'))

  await t.test('answers a certificate that verifies, valid for ten years, the same each time', async (t) => {
    const text = await get()
    const certificate = parse(text)
    t.equal(await get(), text)
    t.ok(certificate.verify(certificate.publicKey))
    t.equal(certificate.subject, `CN=${UserPoolId}`)
    t.equal(Date.parse(certificate.validFrom), START)
    t.equal(Date.parse(certificate.validTo), START + 10 * YEAR)
    t.not(await get(await pool()), text)
  })

  await t.test('issues another after a year', async (t) => {
    const before = parse(await get())
    idp.clock.advance(YEAR)
    const after = parse(await get())
    t.equal(Date.parse(after.validFrom), START + YEAR)
    t.not(after.serialNumber, before.serialNumber)
    t.ok(after.verify(before.publicKey))
  })

  await t.test('is of other keys once keys are rotated, here and in no other namespace', async (t) => {
    const before = parse(await get())
    t.equal((await idp.request('POST', '/_/keys/rotate')).status, 200)
    const after = parse(await get())
    t.notOk(after.verify(before.publicKey))
    t.ok(after.verify(after.publicKey))
    t.not(after.serialNumber, before.serialNumber)
    t.same([after.subject, after.validFrom, after.validTo], [before.subject, before.validFrom, before.validTo])
    t.equal(await get(), await get())
  })

  await t.test('is of the keys that the emulator was started with, the same after a restart', async (t) => {
    const keys = (await freshKeys()).slice(0, 1)
    const { n } = keys[0] as JsonWebKey
    const started = async () => {
      const own = await emulator(t, { settings: { keys } })
      await own.request('POST', '/_/fixtures', [{ call: 'cognito.CreateUserPool', id: 'us-east-1_Certified', input: { PoolName: 'a' } }])
      return (await own.cognito.GetSigningCertificate({ UserPoolId: 'us-east-1_Certified' })).Certificate ?? ''
    }
    const certificate = await started()
    t.equal(parse(certificate).publicKey.export({ format: 'jwk' }).n, n)
    t.equal(await started(), certificate)
  })
})

test('session settings', async (t) => {
  const { idp, pool } = await world(t)
  const { cognito } = idp
  const UserPoolId = await pool()
  const ClientId = (await cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'web' })).UserPoolClient?.ClientId ?? ''

  await t.test('are off at first', async (t) => {
    t.strictSame(await cognito.GetUserPoolSessionConfiguration({ UserPoolId }), {
      UserPoolId,
      UserSessionTracking: 'DISABLED',
      TokenSession: { MaxPerUser: 20 },
    })
    t.strictSame(await cognito.GetUserPoolClientSessionConfiguration({ UserPoolId, ClientId }), {
      UserPoolId,
      ClientId,
      SSOSession: { MaxValidityMinutes: 60 },
    })
    await refuses(
      t,
      cognito.SetUserPoolClientSessionConfiguration({ UserPoolId, ClientId, SSOSession: { MaxValidityMinutes: 5 } }),
      IPE,
      'Session tracking is not enabled for the user pool.',
    )
  })

  await t.test('are set and read back; those of a client sleep while the pool tracks nothing', async (t) => {
    const set = (UserSessionTracking: 'ENABLED' | 'DISABLED') =>
      cognito.SetUserPoolSessionConfiguration({ UserPoolId, UserSessionTracking, TokenSession: { MaxPerUser: 3 } })
    const answer = { UserPoolId, UserSessionTracking: 'ENABLED', TokenSession: { MaxPerUser: 3 } }
    t.strictSame(await set('ENABLED'), answer)
    t.strictSame(await cognito.GetUserPoolSessionConfiguration({ UserPoolId }), answer)
    const client = { UserPoolId, ClientId, SSOSession: { MaxValidityMinutes: 0 } }
    t.strictSame(await cognito.SetUserPoolClientSessionConfiguration(client), client)
    await set('DISABLED')
    t.strictSame(await cognito.GetUserPoolClientSessionConfiguration({ UserPoolId, ClientId }), client)
  })

  await t.test('refuse numbers out of range and the cheapest plan', async (t) => {
    const pooled = (MaxPerUser: number) =>
      cognito.SetUserPoolSessionConfiguration({ UserPoolId, UserSessionTracking: 'ENABLED', TokenSession: { MaxPerUser } })
    const start = "1 validation error detected: Value '"
    await refuses(
      t,
      pooled(101),
      IPE,
      `${start}101' at 'tokenSession.maxPerUser' failed to satisfy constraint: Member must have value less than or equal to 100`,
    )
    await t.rejects(pooled(0), {
      message: `${start}0' at 'tokenSession.maxPerUser' failed to satisfy constraint: Member must have value greater than or equal to 1`,
    })
    await t.rejects(cognito.SetUserPoolClientSessionConfiguration({ UserPoolId, ClientId, SSOSession: { MaxValidityMinutes: 129_601 } }), {
      message: `${start}129601' at 'sSOSession.maxValidityMinutes' failed to satisfy constraint: Member must have value less than or equal to 129600`,
    })
    const lite = await pool({ UserPoolTier: 'LITE' })
    await refuses(
      t,
      cognito.SetUserPoolSessionConfiguration({ UserPoolId: lite, UserSessionTracking: 'ENABLED', TokenSession: { MaxPerUser: 1 } }),
      TIER,
      'The following feature is not available for the LITE pricing tier configured: Session tracking',
    )
  })
})

test('provisioned limits', async (t) => {
  const { idp } = await world(t)
  const LimitDefinition = { LimitClass: 'API_CATEGORY' as const, Attributes: { Category: 'UserAuthentication' } }

  await t.test('are the free ones until they are changed', async (t) => {
    const free = { LimitDefinition, ProvisionedLimitValue: 120, FreeLimitValue: 120 }
    t.strictSame(await idp.cognito.GetProvisionedLimit({ LimitDefinition }), { Limit: free })
    const bought = { Limit: { ...free, ProvisionedLimitValue: 500 } }
    t.strictSame(await idp.cognito.UpdateProvisionedLimit({ LimitDefinition, RequestedLimitValue: 500 }), bought)
    t.strictSame(await idp.cognito.GetProvisionedLimit({ LimitDefinition }), bought)
  })

  await t.test('refuse too little, too much, and what is none', async (t) => {
    await refuses(
      t,
      idp.cognito.UpdateProvisionedLimit({ LimitDefinition, RequestedLimitValue: 119 }),
      IPE,
      'RequestedLimitValue cannot be less than the default of 120.',
    )
    await refuses(
      t,
      idp.cognito.UpdateProvisionedLimit({ LimitDefinition, RequestedLimitValue: 12_001 }),
      'ServiceQuotaExceededException',
      'RequestedLimitValue cannot be more than the quota of 12000.',
    )
    const fixed = { LimitClass: 'API_CATEGORY' as const, Attributes: { Category: 'UserUpdate' } }
    await refuses(
      t,
      idp.cognito.UpdateProvisionedLimit({ LimitDefinition: fixed, RequestedLimitValue: 25 }),
      IPE,
      'The limit of UserUpdate cannot be adjusted.',
    )
    const unknown = { LimitClass: 'API_CATEGORY' as const, Attributes: { Category: 'constructor' } }
    await refuses(
      t,
      idp.cognito.GetProvisionedLimit({ LimitDefinition: unknown }),
      RNF,
      'The limit that LimitDefinition names does not exist.',
    )
    await refuses(
      t,
      idp.cognito.GetProvisionedLimit({ LimitDefinition: { LimitClass: 'API_CATEGORY' } }),
      IPE,
      'LimitDefinition must have a LimitClass and the attribute Category.',
    )
  })
})

test('in quota mode requests are held to the rate of their category (W13)', async (t) => {
  const idp = await emulator(t, { settings: { rooms: { cognito: { quotas: true } } } })
  const { cognito } = idp
  const UserPoolId = (await cognito.CreateUserPool({ PoolName: 'people' })).UserPool?.Id ?? ''
  const LimitDefinition = { LimitClass: 'API_CATEGORY' as const, Attributes: { Category: 'UserRead' } }
  const nobody = () => cognito.AdminGetUser({ UserPoolId, Username: 'nobody' })
  const exceeded = ['TooManyRequestsException', 'Rate exceeded'] as const

  for (let i = 0; i < 15; i++) await cognito.DescribeUserPool({ UserPoolId })
  await refuses(t, cognito.DescribeUserPool({ UserPoolId }), ...exceeded)
  t.ok(await cognito.ListUsers({ UserPoolId }), 'each category has its own')
  idp.clock.advance(1000)
  t.ok(await cognito.DescribeUserPool({ UserPoolId }))

  for (let i = 0; i < 120; i++) await nobody().catch(() => undefined)
  await refuses(t, nobody(), ...exceeded)
  await cognito.UpdateProvisionedLimit({ LimitDefinition, RequestedLimitValue: 121 })
  await refuses(t, nobody(), 'UserNotFoundException', 'User does not exist.')
  await refuses(t, nobody(), ...exceeded)
  await refuses(t, cognito.GetProvisionedLimit({ LimitDefinition }), ...exceeded)
})

test('replicas', async (t) => {
  const { idp, pool } = await world(t)
  const { cognito } = idp
  const KeyConfiguration = { KeyType: 'CUSTOMER_MANAGED_KEY' as const, KmsKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/mrk-1' }
  const UserPoolId = await pool({ KeyConfiguration })
  const RegionName = 'eu-west-1'
  const UserPoolArn = `arn:aws:cognito-idp:eu-west-1:000000000000:userpool/${UserPoolId}`
  const secondary = { RegionName, Role: 'SECONDARY', UserPoolArn }
  const there = from(idp, RegionName)

  await t.test('CreateUserPoolReplica makes a second region, which waits to be activated', async (t) => {
    t.same(await cognito.CreateUserPoolReplica({ UserPoolId, RegionName, UserPoolTags: { where: 'there' } }), {
      UserPoolReplica: { ...secondary, Status: 'CREATING' },
    })
    t.same(await cognito.ListUserPoolReplicas({ UserPoolId }), {
      UserPoolReplicas: [
        { RegionName: 'us-east-1', Status: 'ACTIVE', Role: 'PRIMARY', UserPoolArn: UserPoolArn.replace('eu-west-1', 'us-east-1') },
        { ...secondary, Status: 'INACTIVE' },
      ],
    })
    t.strictSame((await cognito.ListUserPools({ MaxResults: 1 })).UserPools?.[0]?.ReplicaRegions, [RegionName])
    t.same((await cognito.ListTagsForResource({ ResourceArn: UserPoolArn })).Tags, { where: 'there' })
  })

  await t.test('the same pool is there, with what is its own, and without what only the first region does', async (t) => {
    const { UserPool } = await there('DescribeUserPool', { UserPoolId })
    t.match(UserPool, { Id: UserPoolId, Arn: UserPoolArn, UserPoolTags: { where: 'there' } })
    t.same(await there('AddCustomAttributes', { UserPoolId, CustomAttributes: [{ Name: 'x', AttributeDataType: 'String' }] }), {
      __type: 'OperationNotEnabledException',
      message: `AddCustomAttributes is not available in the replica of user pool ${UserPoolId} in eu-west-1.`,
    })
    const { UserPoolClient } = await cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'web' })
    const signIn = { ClientId: UserPoolClient?.ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'a', PASSWORD: 'b' } }
    t.match(await there('InitiateAuth', signIn), { __type: 'OperationNotEnabledException' })
    t.same((await cognito.UpdateUserPoolReplica({ UserPoolId, RegionName, Status: 'ACTIVE' })).UserPoolReplica, {
      ...secondary,
      Status: 'ACTIVE',
    })
    t.not((await there('InitiateAuth', signIn)).__type, 'OperationNotEnabledException')
    t.match(await from(idp, 'ap-south-1')('DescribeUserPool', { UserPoolId }), { UserPool: { Id: UserPoolId } })
  })

  await t.test('the replica has senders, functions, tags and log exports of its own, and nothing else', async (t) => {
    const own = {
      EmailConfiguration: SENDER,
      SmsConfiguration: ROLE,
      LambdaConfig: { PreAuthentication: 'arn:aws:lambda:eu-west-1:000000000000:function:there' },
      UserPoolTags: { where: 'over there' },
    }
    t.same(await there('UpdateUserPool', { UserPoolId, ...own }), {})
    t.match((await there('DescribeUserPool', { UserPoolId })).UserPool, own)
    const { UserPool } = await cognito.DescribeUserPool({ UserPoolId })
    t.match(UserPool, { EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' } })
    t.same(UserPool?.LambdaConfig, {})
    t.notOk(UserPool?.SmsConfiguration)
    t.match(await there('UpdateUserPool', { UserPoolId, EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' } }), {
      __type: IPE,
      message: 'Source ARN is required to use DEVELOPER email sending owner',
    })
    t.same(await there('UpdateUserPool', { UserPoolId, MfaConfiguration: 'OFF', PoolName: 'x' }), {
      __type: 'OperationNotEnabledException',
      message: 'MfaConfiguration, PoolName cannot be set in the replica in eu-west-1.',
    })
    const CloudWatchLogsConfiguration = { LogGroupArn: 'arn:aws:logs:eu-west-1:123456789012:log-group:there' }
    const LogConfigurations = [{ LogLevel: 'ERROR', EventSource: 'userNotification', CloudWatchLogsConfiguration }]
    await there('SetLogDeliveryConfiguration', { UserPoolId, LogConfigurations })
    t.match(await there('GetLogDeliveryConfiguration', { UserPoolId }), { LogDeliveryConfiguration: { LogConfigurations } })
    t.strictSame((await cognito.GetLogDeliveryConfiguration({ UserPoolId })).LogDeliveryConfiguration?.LogConfigurations, [])

    // What is set in the first region is not taken from there.
    await cognito.TagResource({ ResourceArn: UserPoolArn.replace('eu-west-1', 'us-east-1'), Tags: { first: 'yes' } })
    await there('TagResource', { ResourceArn: UserPoolArn.replace('eu-west-1', 'us-east-1'), Tags: { second: 'yes' } })
    const after = (await cognito.DescribeUserPool({ UserPoolId })).UserPool
    t.strictSame([after?.UserPoolTags, after?.LambdaConfig], [{ first: 'yes', second: 'yes' }, {}])
  })

  await t.test('the replica has a prefix domain of its own, which may be the one of the first region', async (t) => {
    const described = async (region: string) => (await from(idp, region)('DescribeUserPool', { UserPoolId })).UserPool?.Domain
    const description = async (region: string, Domain: string) =>
      ((await from(idp, region)('DescribeUserPoolDomain', { Domain })) as { DomainDescription: { UserPoolId?: string } }).DomainDescription
    await cognito.CreateUserPoolDomain({ UserPoolId, Domain: 'people' })
    await there('CreateUserPoolDomain', { UserPoolId, Domain: 'people' })
    t.match(await there('CreateUserPoolDomain', { UserPoolId, Domain: 'more' }), {
      __type: IPE,
      message: 'User pool already has a domain configured.',
    })
    t.strictSame(await Promise.all(['us-east-1', RegionName].map(described)), ['people', 'people'])
    t.match(await there('UpdateUserPoolDomain', { UserPoolId, Domain: 'people', ManagedLoginVersion: 2 }), { ManagedLoginVersion: 2 })
    t.match(await description(RegionName, 'people'), { UserPoolId, ManagedLoginVersion: 2 })
    t.match(await description('us-east-1', 'people'), { UserPoolId, ManagedLoginVersion: 1 })
    t.strictSame(await description('ap-south-1', 'people'), {})
    await cognito.DeleteUserPoolDomain({ UserPoolId, Domain: 'people' })
    t.strictSame(await Promise.all(['us-east-1', RegionName].map(described)), [undefined, 'people'])

    await cognito.UpdateUserPoolReplica({ UserPoolId, RegionName, Status: 'INACTIVE' })
    await refuses(
      t,
      cognito.DeleteUserPoolReplica({ UserPoolId, RegionName }),
      IPE,
      'User pool replica cannot be deleted. It has a domain configured that should be deleted first.',
    )
    await there('DeleteUserPoolDomain', { UserPoolId, Domain: 'people' })
    t.strictSame(await description(RegionName, 'people'), {})
    await cognito.UpdateUserPoolReplica({ UserPoolId, RegionName, Status: 'ACTIVE' })
  })

  await t.test('DeleteUserPoolReplica removes it once it is inactive, and the pool can go only after it', async (t) => {
    await refuses(
      t,
      cognito.DeleteUserPoolReplica({ UserPoolId, RegionName }),
      IPE,
      'The replica in eu-west-1 is ACTIVE. Only an INACTIVE replica can be deleted.',
    )
    await cognito.UpdateUserPoolReplica({ UserPoolId, RegionName, Status: 'INACTIVE' })
    await refuses(
      t,
      cognito.DeleteUserPool({ UserPoolId }),
      IPE,
      'User pool cannot be deleted. It has replicas that should be deleted first.',
    )
    t.same(await cognito.DeleteUserPoolReplica({ UserPoolId, RegionName }), { UserPoolReplica: { ...secondary, Status: 'DELETING' } })
    t.equal((await cognito.ListUserPoolReplicas({ UserPoolId })).UserPoolReplicas?.length, 1)
    await refuses(
      t,
      cognito.UpdateUserPoolReplica({ UserPoolId, RegionName, Status: 'ACTIVE' }),
      RNF,
      `User pool ${UserPoolId} has no replica in eu-west-1.`,
    )
    await cognito.DeleteUserPool({ UserPoolId })
  })

  await t.test('refuses a pool without a key of its own, the cheapest plan, and regions that are none or taken', async (t) => {
    const plain = await pool()
    await refuses(
      t,
      cognito.CreateUserPoolReplica({ UserPoolId: plain, RegionName }),
      IPE,
      'A user pool needs a customer managed key (KeyConfiguration) before it can have a replica.',
    )
    await refuses(
      t,
      cognito.CreateUserPoolReplica({ UserPoolId: plain, RegionName: 'us-east-1' }),
      IPE,
      `User pool ${plain} is already in us-east-1.`,
    )
    await refuses(t, cognito.CreateUserPoolReplica({ UserPoolId: plain, RegionName: 'moon' }), IPE, 'Invalid region moon.')
    const lite = await pool({ UserPoolTier: 'LITE', KeyConfiguration })
    await refuses(
      t,
      cognito.CreateUserPoolReplica({ UserPoolId: lite, RegionName }),
      TIER,
      'The following feature is not available for the LITE pricing tier configured: Multi-Region replication',
    )
  })
})

import { test } from 'tap'
import { refuses } from '../support/cognito.ts'
import { emulator, START } from '../support/emulator.ts'

test('CreateUserPoolClient', async (t) => {
  const idp = await emulator(t)
  const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'people' })
  const UserPoolId = UserPool?.Id as string

  await t.test('answers the defaults of a plain client (C1)', async (t) => {
    const { UserPoolClient } = await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'web' })
    const ClientId = UserPoolClient?.ClientId ?? ''
    t.match(ClientId, /^[0-9a-z]{26}$/)
    t.strictSame(UserPoolClient, {
      UserPoolId,
      ClientName: 'web',
      ClientId,
      LastModifiedDate: START / 1000,
      CreationDate: START / 1000,
      RefreshTokenValidity: 30,
      AllowedOAuthFlowsUserPoolClient: false,
      EnableTokenRevocation: true,
      EnablePropagateAdditionalUserContextData: false,
      AuthSessionValidity: 3,
    })
    t.strictSame(await idp.cognito.DescribeUserPoolClient({ UserPoolId, ClientId }), { UserPoolClient })
  })

  await t.test('makes a secret, and keeps one that is given', async (t) => {
    const made = await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'server', GenerateSecret: true })
    t.match(made.UserPoolClient?.ClientSecret, /^[0-9a-z]{51}$/)
    const ClientSecret = 'a'.repeat(30)
    const given = await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'server', ClientSecret })
    t.equal(given.UserPoolClient?.ClientSecret, ClientSecret)
  })
})

const IPE = 'InvalidParameterException'
const FLOW = 'InvalidOAuthFlowException'
const OAUTH = { AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthScopes: ['openid'], CallbackURLs: ['https://example.com/back'] }

type Create = Parameters<Awaited<ReturnType<typeof emulator>>['cognito']['CreateUserPoolClient']>[0]
type Settings = Omit<Create, 'UserPoolId' | 'ClientName' | 'GenerateSecret' | 'ClientSecret'>

const RANGE = 'Invalid range for token validity.'

/** What a client is refused for, whether it is made or updated so. */
const REFUSED: [what: string, input: Settings, type: string, message: string][] = [
  ['an access token of less than 5 minutes (C4)', { AccessTokenValidity: 4, TokenValidityUnits: { AccessToken: 'minutes' } }, IPE, RANGE],
  ['an access token of more than a day (C4)', { AccessTokenValidity: 25 }, IPE, RANGE],
  ['an ID token of less than 5 minutes (C4)', { IdTokenValidity: 299, TokenValidityUnits: { IdToken: 'seconds' } }, IPE, RANGE],
  ['an ID token of more than a day (C4)', { IdTokenValidity: 2, TokenValidityUnits: { IdToken: 'days' } }, IPE, RANGE],
  ['a refresh token of less than an hour (C4)', { RefreshTokenValidity: 59, TokenValidityUnits: { RefreshToken: 'minutes' } }, IPE, RANGE],
  ['a refresh token of more than ten years (C4)', { RefreshTokenValidity: 3651 }, IPE, RANGE],
  [
    'a session of less than 3 minutes (C4)',
    { AuthSessionValidity: 2 },
    IPE,
    "1 validation error detected: Value '2' at 'authSessionValidity' failed to satisfy constraint: Member must have value greater than or equal to 3",
  ],
  [
    'a session of more than 15 minutes (C4)',
    { AuthSessionValidity: 16 },
    IPE,
    "1 validation error detected: Value '16' at 'authSessionValidity' failed to satisfy constraint: Member must have value less than or equal to 15",
  ],
  [
    'a grace period of more than a minute (C14)',
    { RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 61 } },
    IPE,
    "1 validation error detected: Value '61' at 'refreshTokenRotation.retryGracePeriodSeconds' failed to satisfy constraint: Member must have value less than or equal to 60",
  ],
  [
    'old names of flows beside new ones (C6)',
    { ExplicitAuthFlows: ['ADMIN_NO_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
    IPE,
    "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.",
  ],
  [
    'rotation beside the flow it replaces (C14)',
    { ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'], RefreshTokenRotation: { Feature: 'ENABLED' } },
    IPE,
    'ALLOW_REFRESH_TOKEN_AUTH cannot be enabled together with refresh token rotation.',
  ],
  [
    'context of users from a client that keeps no secret',
    { EnablePropagateAdditionalUserContextData: true },
    IPE,
    'Client Secret is required to set EnablePropagateAdditionalUserContextData as true',
  ],
  [
    'OAuth without flows (C8)',
    { AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthScopes: ['openid'] },
    IPE,
    'AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.',
  ],
  [
    'OAuth without scopes (C8)',
    { AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows: ['code'], CallbackURLs: ['https://example.com'] },
    IPE,
    'AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.',
  ],
  [
    'client_credentials beside another flow (C9)',
    { ...OAUTH, AllowedOAuthFlows: ['client_credentials', 'code'] },
    FLOW,
    'client_credentials flow can not be selected along with code flow or implicit flow.',
  ],
  [
    'client_credentials without a secret (C9)',
    { ...OAUTH, AllowedOAuthFlows: ['client_credentials'] },
    FLOW,
    'client_credentials flow can not be selected if client does not have a client secret.',
  ],
  [
    'a flow of users without a place to come back to',
    { ...OAUTH, AllowedOAuthFlows: ['code'], CallbackURLs: [] },
    FLOW,
    'CallbackUrls can not be empty when code flow or implicit flow is selected',
  ],
  [
    'a scope that no resource server has (C10)',
    { ...OAUTH, AllowedOAuthFlows: ['code'], AllowedOAuthScopes: ['openid', 'shop/read'] },
    'ScopeDoesNotExistException',
    'Invalid scope requested: shop/read',
  ],
  [
    'a provider that the pool has not (C10)',
    { SupportedIdentityProviders: ['COGNITO', 'Google'] },
    IPE,
    'The provider Google does not exist for User Pool <pool>.',
  ],
  [
    'plain HTTP to another machine (C11)',
    { CallbackURLs: ['http://example.com/'] },
    IPE,
    'http://example.com/ cannot use the HTTP protocol.',
  ],
  [
    'plain HTTP for logging out (C11)',
    { LogoutURLs: ['http://localhost.com/'] },
    IPE,
    'http://localhost.com/ cannot use the HTTP protocol.',
  ],
  [
    'tokens that outlive the refresh token',
    { AccessTokenValidity: 12, RefreshTokenValidity: 2, TokenValidityUnits: { AccessToken: 'hours', RefreshToken: 'hours' } },
    IPE,
    'Access and Id Token expiration times must be less than or equal to refresh token expiration times.',
  ],
  [
    'analytics by name and by number',
    {
      AnalyticsConfiguration: {
        ApplicationArn: 'arn:aws:mobiletargeting:us-east-1:000000000000:apps/a',
        ApplicationId: 'a',
        RoleArn: 'arn:aws:iam::000000000000:role/a',
      },
    },
    IPE,
    'Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid',
  ],
  [
    'analytics without a role',
    { AnalyticsConfiguration: { ApplicationId: 'a' } },
    IPE,
    'Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid',
  ],
  ['a relative URL (C11)', { CallbackURLs: ['/back'] }, IPE, '/back is not an absolute URI.'],
  ['a fragment (C11)', { CallbackURLs: ['https://example.com/#a'] }, IPE, 'https://example.com/#a cannot use fragment'],
  [
    'a default that is not listed (C11)',
    { CallbackURLs: ['https://example.com/a'], DefaultRedirectURI: 'https://example.com/b' },
    IPE,
    'The default redirect URI https://example.com/b is not in the callback URIs list.',
  ],
]

test('CreateUserPoolClient and UpdateUserPoolClient', async (t) => {
  const idp = await emulator(t)
  const pool = async (input: Partial<Parameters<typeof idp.cognito.CreateUserPool>[0]> = {}) =>
    (await idp.cognito.CreateUserPool({ PoolName: 'people', ...input })).UserPool?.Id ?? ''
  const UserPoolId = await pool()
  const ClientId = (await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'web' })).UserPoolClient?.ClientId ?? ''

  for (const [what, input, type, text] of REFUSED) {
    await t.test(`refuse ${what}`, async (t) => {
      const message = text.replace('<pool>', UserPoolId)
      await refuses(t, idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'web', ...input }), type, message)
      await refuses(t, idp.cognito.UpdateUserPoolClient({ UserPoolId, ClientId, ...input }), type, message)
    })
  }

  await t.test('refuse what only users can be asked for from client_credentials', (t) =>
    refuses(
      t,
      idp.cognito.CreateUserPoolClient({
        UserPoolId,
        ClientName: 'machine',
        GenerateSecret: true,
        ...OAUTH,
        AllowedOAuthFlows: ['client_credentials'],
      }),
      FLOW,
      'openid is not supported with client_credentials flow',
    ),
  )

  await t.test('refuse choice-based sign-in on the cheapest plan (P15)', async (t) => {
    const lite = await pool({ UserPoolTier: 'LITE' })
    await refuses(
      t,
      idp.cognito.CreateUserPoolClient({ UserPoolId: lite, ClientName: 'web', ExplicitAuthFlows: ['ALLOW_USER_AUTH'] }),
      'FeatureUnavailableInTierException',
      'The following feature is not available for the LITE pricing tier configured: Choice-based authentication',
    )
  })

  await t.test('hold lists of attributes to the schema (C5)', async (t) => {
    const strict = await pool({
      Schema: [
        { Name: 'email', Required: true },
        { Name: 'tenant', AttributeDataType: 'String' },
        { Name: 'secret', AttributeDataType: 'String', DeveloperOnlyAttribute: true },
      ],
    })
    const create = (input: Settings) => idp.cognito.CreateUserPoolClient({ UserPoolId: strict, ClientName: 'web', ...input })
    const good = { ReadAttributes: ['email', 'email_verified', 'custom:tenant', 'sub'], WriteAttributes: ['email', 'custom:tenant'] }
    const { UserPoolClient } = await create(good)
    t.match(UserPoolClient, good)
    for (const WriteAttributes of [['name'], ['email', 'email_verified'], ['email', 'custom:x'], ['email', 'dev:custom:secret']]) {
      await refuses(t, create({ WriteAttributes }), IPE, 'Invalid write attributes specified while creating a client')
    }
    await refuses(t, create({ ReadAttributes: ['custom:x'] }), IPE, 'Invalid read attributes specified while creating a client')
    const ClientId = UserPoolClient?.ClientId ?? ''
    await refuses(
      t,
      idp.cognito.UpdateUserPoolClient({ UserPoolId: strict, ClientId, WriteAttributes: ['name'] }),
      IPE,
      'Invalid write attributes specified while updating a client',
    )
  })

  await t.test('refuse a secret that is both made and given', (t) =>
    refuses(
      t,
      idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'web', GenerateSecret: true, ClientSecret: 'a'.repeat(24) }),
      IPE,
      'ClientSecret cannot be given when GenerateSecret is true.',
    ),
  )

  await t.test('refuse an unknown pool and an unknown client (C13, P20)', async (t) => {
    const type = 'ResourceNotFoundException'
    await refuses(
      t,
      idp.cognito.CreateUserPoolClient({ UserPoolId: 'us-east-1_unknown00', ClientName: 'web' }),
      type,
      'User pool us-east-1_unknown00 does not exist.',
    )
    const message = 'User pool client unknown does not exist.'
    await refuses(t, idp.cognito.UpdateUserPoolClient({ UserPoolId, ClientId: 'unknown' }), type, message)
    await refuses(t, idp.cognito.DescribeUserPoolClient({ UserPoolId, ClientId: 'unknown' }), type, message)
    await refuses(t, idp.cognito.DeleteUserPoolClient({ UserPoolId, ClientId: 'unknown' }), type, message)
    await refuses(
      t,
      idp.cognito.DescribeUserPoolClient({ UserPoolId: await pool(), ClientId }),
      type,
      `User pool client ${ClientId} does not exist.`,
    )
  })
})

test('a client that names no flows allows refresh, SRP and custom, and no other (C2)', async (t) => {
  const idp = await emulator(t)
  const UserPoolId = (await idp.cognito.CreateUserPool({ PoolName: 'people' })).UserPool?.Id ?? ''
  const ClientId = (await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'web' })).UserPoolClient?.ClientId ?? ''
  await idp.cognito.AdminCreateUser({ UserPoolId, Username: 'ada', TemporaryPassword: 'Secret-12', MessageAction: 'SUPPRESS' })
  const start = (AuthFlow: 'USER_SRP_AUTH' | 'REFRESH_TOKEN_AUTH' | 'CUSTOM_AUTH' | 'USER_PASSWORD_AUTH' | 'USER_AUTH') =>
    idp.cognito.InitiateAuth({
      ClientId,
      AuthFlow,
      AuthParameters: { USERNAME: 'ada', PASSWORD: 'Secret-12', SRP_A: 'abcdef1234', REFRESH_TOKEN: 'none' },
    })
  t.equal((await start('USER_SRP_AUTH')).ChallengeName, 'PASSWORD_VERIFIER')
  await refuses(t, start('REFRESH_TOKEN_AUTH'), 'NotAuthorizedException', 'Invalid Refresh Token')
  await refuses(t, start('CUSTOM_AUTH'), IPE, 'Custom auth lambda trigger is not configured for the user pool.')
  await refuses(t, start('USER_PASSWORD_AUTH'), IPE, 'USER_PASSWORD_AUTH flow not enabled for this client')
})

test('a client with everything', async (t) => {
  const idp = await emulator(t)
  const UserPoolId = (await idp.cognito.CreateUserPool({ PoolName: 'people' })).UserPool?.Id ?? ''
  const everything: Settings = {
    RefreshTokenValidity: 90,
    AccessTokenValidity: 10,
    IdTokenValidity: 20,
    TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
    ReadAttributes: ['email', 'name'],
    WriteAttributes: ['email'],
    ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_AUTH'],
    SupportedIdentityProviders: ['COGNITO'],
    CallbackURLs: [
      'https://example.com/back',
      'http://localhost:3000/back',
      'http://127.0.0.1/back',
      'http://[::1]:8080/back',
      'myapp://back',
    ],
    LogoutURLs: ['https://example.com/out'],
    DefaultRedirectURI: 'myapp://back',
    AllowedOAuthFlows: ['code', 'implicit'],
    AllowedOAuthScopes: ['openid', 'email', 'phone', 'profile', 'aws.cognito.signin.user.admin'],
    AllowedOAuthFlowsUserPoolClient: true,
    AnalyticsConfiguration: {
      ApplicationId: 'abc123',
      RoleArn: 'arn:aws:iam::000000000000:role/pinpoint',
      ExternalId: 'x',
      UserDataShared: true,
    },
    PreventUserExistenceErrors: 'ENABLED',
    EnableTokenRevocation: false,
    EnablePropagateAdditionalUserContextData: true,
    AuthSessionValidity: 15,
    RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 },
  }
  const { UserPoolClient } = await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'web', GenerateSecret: true, ...everything })
  const { ClientId = '', ClientSecret } = UserPoolClient ?? {}

  await t.test('keeps every member (C5)', async (t) => {
    const times = { CreationDate: START / 1000, LastModifiedDate: START / 1000 }
    t.strictSame(UserPoolClient, { UserPoolId, ClientName: 'web', ClientId, ClientSecret, ...times, ...everything })
    t.strictSame((await idp.cognito.DescribeUserPoolClient({ UserPoolId, ClientId })).UserPoolClient, UserPoolClient)
  })

  await t.test('UpdateUserPoolClient replaces all but the name and the secret (C7)', async (t) => {
    idp.clock.advance(1500)
    const answer = await idp.cognito.UpdateUserPoolClient({ UserPoolId, ClientId })
    t.strictSame(answer.UserPoolClient, {
      UserPoolId,
      ClientName: 'web',
      ClientId,
      ClientSecret,
      LastModifiedDate: START / 1000 + 1.5,
      CreationDate: START / 1000,
      RefreshTokenValidity: 30,
      AllowedOAuthFlowsUserPoolClient: false,
      EnableTokenRevocation: true,
      EnablePropagateAdditionalUserContextData: false,
      AuthSessionValidity: 3,
    })
    t.strictSame(await idp.cognito.DescribeUserPoolClient({ UserPoolId, ClientId }), answer)
    t.equal((await idp.cognito.UpdateUserPoolClient({ UserPoolId, ClientId, ClientName: 'new' })).UserPoolClient?.ClientName, 'new')
  })

  await t.test('fills in the units that are not given, and reads 0 days as 30 (C3)', async (t) => {
    const update = async (input: Settings) => (await idp.cognito.UpdateUserPoolClient({ UserPoolId, ClientId, ...input })).UserPoolClient
    t.match(await update({ AccessTokenValidity: 30, RefreshTokenValidity: 0, TokenValidityUnits: { AccessToken: 'minutes' } }), {
      AccessTokenValidity: 30,
      RefreshTokenValidity: 30,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'hours', RefreshToken: 'days' },
    })
    t.strictSame((await update({ RefreshTokenRotation: { Feature: 'ENABLED' } }))?.RefreshTokenRotation, {
      RetryGracePeriodSeconds: 0,
      Feature: 'ENABLED',
    })
    t.strictSame((await update({ ExplicitAuthFlows: ['ADMIN_NO_SRP_AUTH'] }))?.ExplicitAuthFlows, ['ADMIN_NO_SRP_AUTH'])
  })
})

test('ListUserPoolClients and DeleteUserPoolClient', async (t) => {
  const idp = await emulator(t)
  const UserPoolId = (await idp.cognito.CreateUserPool({ PoolName: 'people' })).UserPool?.Id ?? ''
  const other = (await idp.cognito.CreateUserPool({ PoolName: 'others' })).UserPool?.Id ?? ''
  const ids: string[] = []
  for (const ClientName of ['a', 'b', 'c']) {
    ids.push((await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName })).UserPoolClient?.ClientId ?? '')
  }

  await t.test('answers names and ids, page by page', async (t) => {
    const first = await idp.cognito.ListUserPoolClients({ UserPoolId, MaxResults: 2 })
    t.strictSame(first.UserPoolClients, [
      { ClientId: ids[0], UserPoolId, ClientName: 'a' },
      { ClientId: ids[1], UserPoolId, ClientName: 'b' },
    ])
    t.strictSame(await idp.cognito.ListUserPoolClients({ UserPoolId, MaxResults: 2, NextToken: first.NextToken }), {
      UserPoolClients: [{ ClientId: ids[2], UserPoolId, ClientName: 'c' }],
    })
    t.equal((await idp.cognito.ListUserPoolClients({ UserPoolId, ClientType: 'REGULAR' })).UserPoolClients?.length, 3)
    t.strictSame(await idp.cognito.ListUserPoolClients({ UserPoolId, ClientType: 'DCR' }), { UserPoolClients: [] })
    await refuses(
      t,
      idp.cognito.ListUserPoolClients({ UserPoolId: other, NextToken: first.NextToken }),
      IPE,
      'Invalid pagination token provided',
    )
  })

  await t.test('removes what is kept for the client alone', async (t) => {
    const [ClientId = '', , keeper = ''] = ids
    await idp.cognito.CreateUserPoolDomain({ UserPoolId, Domain: 'pages' })
    for (const id of [ClientId, keeper]) {
      await idp.cognito.SetUICustomization({ UserPoolId, ClientId: id, CSS: '.submitButton-customizable { color: red; }' })
      await idp.cognito.CreateManagedLoginBranding({ UserPoolId, ClientId: id, UseCognitoProvidedValues: true })
      await idp.cognito.CreateTerms({
        UserPoolId,
        ClientId: id,
        TermsName: 'terms-of-use',
        TermsSource: 'LINK',
        Enforcement: 'NONE',
        Links: { 'cognito:default': 'https://example.com/terms' },
      })
    }
    await idp.cognito.DeleteUserPoolClient({ UserPoolId, ClientId })
    const { store } = idp.app.emulator.namespace()
    const of = (id: string) => store.all('SELECT kind FROM record WHERE key = ? OR doc LIKE ?', id, `%${id}%`)
    t.strictSame(of(ClientId), [])
    t.equal(of(keeper).length, 5)
    ids.shift()
  })

  await t.test('removes a client, once', async (t) => {
    const ClientId = ids[0] ?? ''
    t.equal(await idp.cognito.DeleteUserPoolClient({ UserPoolId, ClientId }), undefined)
    const refusal = ['ResourceNotFoundException', `User pool client ${ClientId} does not exist.`] as const
    await refuses(t, idp.cognito.DeleteUserPoolClient({ UserPoolId, ClientId }), ...refusal)
    await refuses(t, idp.cognito.DescribeUserPoolClient({ UserPoolId, ClientId }), ...refusal)
    t.equal((await idp.cognito.ListUserPoolClients({ UserPoolId })).UserPoolClients?.length, 1)
  })
})

test('scopes and providers of a client', async (t) => {
  const idp = await emulator(t)
  const UserPoolId = (await idp.cognito.CreateUserPool({ PoolName: 'people' })).UserPool?.Id ?? ''
  await idp.cognito.CreateResourceServer({
    UserPoolId,
    Identifier: 'shop',
    Name: 'shop',
    Scopes: [{ ScopeName: 'read', ScopeDescription: 'reads' }],
  })
  await idp.cognito.CreateIdentityProvider({
    UserPoolId,
    ProviderName: 'Google',
    ProviderType: 'Google',
    ProviderDetails: { client_id: 'a', client_secret: 'b', authorize_scopes: 'openid' },
  })

  await t.test('may be those of the pool', async (t) => {
    const machine = {
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['client_credentials' as const],
      AllowedOAuthScopes: ['shop/read'],
    }
    const made = await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'machine', GenerateSecret: true, ...machine })
    t.match(made.UserPoolClient, machine)
    const web = await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'web', SupportedIdentityProviders: ['COGNITO', 'Google'] })
    t.strictSame(web.UserPoolClient?.SupportedIdentityProviders, ['COGNITO', 'Google'])
  })

  await t.test('are refused when the server has no such scope (C10)', (t) =>
    refuses(
      t,
      idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'web', AllowedOAuthScopes: ['shop/write'] }),
      'ScopeDoesNotExistException',
      'Invalid scope requested: shop/write',
    ),
  )
})

test('in quota mode', async (t) => {
  const idp = await emulator(t, { settings: { rooms: { cognito: { quotas: true } } } })
  const UserPoolId = (await idp.cognito.CreateUserPool({ PoolName: 'people' })).UserPool?.Id ?? ''
  // As if 999 more had been made.
  await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'web' })
  idp.app.emulator.namespace().store.run(
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
      INSERT INTO record (kind, parent, key, doc) SELECT kind, parent, key || i, doc FROM record, n WHERE kind = 'cognito.client'`,
  )
  await refuses(
    t,
    idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'one too many' }),
    'LimitExceededException',
    'Exceeded the maximum number of app clients in the user pool: 1000.',
  )
})

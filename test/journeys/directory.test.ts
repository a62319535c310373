import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminLinkProviderForUserCommand,
  AdminListGroupsForUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
  CreateIdentityProviderCommand,
  CreateManagedLoginBrandingCommand,
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  CreateUserPoolDomainCommand,
  DeleteGroupCommand,
  DeleteIdentityProviderCommand,
  DeleteResourceServerCommand,
  DeleteUserPoolCommand,
  DeleteUserPoolDomainCommand,
  DescribeIdentityProviderCommand,
  DescribeManagedLoginBrandingByClientCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  DescribeUserPoolDomainCommand,
  GetIdentityProviderByIdentifierCommand,
  paginateListGroups,
  paginateListIdentityProviders,
  paginateListUsersInGroup,
  SetUICustomizationCommand,
  UpdateGroupCommand,
  UpdateIdentityProviderCommand,
  UpdateManagedLoginBrandingCommand,
  UpdateUserPoolClientCommand,
  UpdateUserPoolDomainCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { decodeJwt } from 'jose'
import { type Test, test } from 'tap'
import { only } from '../support/only.ts'
import { awsClient, target } from '../support/target.ts'

const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/a1b2c3d4-5678-90ab-cdef-EXAMPLE22222'
const PASSWORD = 'Correct-Horse-1'

async function directory(t: Test) {
  const sdk = new CognitoIdentityProviderClient(awsClient(await target(t)))
  t.teardown(() => sdk.destroy())
  const { UserPool } = await sdk.send(new CreateUserPoolCommand({ PoolName: 'directory' }))
  return { sdk, UserPoolId: UserPool?.Id as string }
}

test('groups with roles, from the first group to the claims of a token', async (t) => {
  const { sdk, UserPoolId } = await directory(t)
  const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`
  for (const [GroupName, Precedence] of [
    ['readers', 30],
    ['writers', 20],
    ['admins', 10],
  ] as const) {
    await sdk.send(new CreateGroupCommand({ UserPoolId, GroupName, Precedence, RoleArn: role(GroupName), Description: `The ${GroupName}` }))
  }
  await t.rejects(sdk.send(new CreateGroupCommand({ UserPoolId, GroupName: 'admins' })), { name: 'GroupExistsException' })

  for (const Username of ['ada', 'bob', 'eve']) {
    await sdk.send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }))
    await sdk.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName: 'readers' }))
  }
  await sdk.send(new AdminAddUserToGroupCommand({ UserPoolId, Username: 'ada', GroupName: 'admins' }))

  const readers: (string | undefined)[] = []
  for await (const page of paginateListUsersInGroup({ client: sdk, pageSize: 2 }, { UserPoolId, GroupName: 'readers' })) {
    readers.push(...(page.Users ?? []).map(({ Username }) => Username))
  }
  t.strictSame(readers, ['ada', 'bob', 'eve'])
  const { Groups } = await sdk.send(new AdminListGroupsForUserCommand({ UserPoolId, Username: 'ada' }))
  t.strictSame(
    Groups?.map(({ GroupName }) => GroupName),
    ['readers', 'admins'],
  )
  t.type(Groups?.[0]?.CreationDate, Date)

  await sdk.send(new AdminSetUserPasswordCommand({ UserPoolId, Username: 'ada', Password: PASSWORD, Permanent: true }))
  const { UserPoolClient } = await sdk.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'app',
      ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    }),
  )
  const signIn = async () => {
    const { AuthenticationResult } = await sdk.send(
      new AdminInitiateAuthCommand({
        UserPoolId,
        ClientId: UserPoolClient?.ClientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'ada', PASSWORD },
      }),
    )
    const { IdToken = '', AccessToken = '' } = AuthenticationResult ?? {}
    return { id: decodeJwt(IdToken), access: decodeJwt(AccessToken) }
  }
  const { id, access } = await signIn()
  t.strictSame(access['cognito:groups'], ['admins', 'readers'])
  t.match(id, {
    'cognito:groups': only('admins', 'readers'),
    'cognito:roles': only(role('admins'), role('readers')),
    'cognito:preferred_role': role('admins'),
  })

  await sdk.send(new UpdateGroupCommand({ UserPoolId, GroupName: 'admins', Precedence: 30 }))
  t.notOk('cognito:preferred_role' in (await signIn()).id, 'two groups of one rank disagree')
  await sdk.send(new DeleteGroupCommand({ UserPoolId, GroupName: 'admins' }))
  t.equal((await signIn()).id['cognito:preferred_role'], role('readers'))

  const names: (string | undefined)[] = []
  for await (const page of paginateListGroups({ client: sdk, pageSize: 1 }, { UserPoolId })) {
    names.push(...(page.Groups ?? []).map(({ GroupName }) => GroupName))
  }
  t.strictSame(names, ['readers', 'writers'])
})

test('identity providers, from creation to a client that offers them', async (t) => {
  const { sdk, UserPoolId } = await directory(t)
  const google = { client_id: 'id.apps.googleusercontent.com', client_secret: 'secret', authorize_scopes: 'email profile openid' }
  const oidc = {
    client_id: 'id',
    client_secret: 'secret',
    attributes_request_method: 'GET',
    authorize_scopes: 'openid',
    oidc_issuer: 'https://auth.example.com',
    authorize_url: 'https://auth.example.com/authorize',
    token_url: 'https://auth.example.com/token',
    attributes_url: 'https://auth.example.com/userInfo',
    jwks_uri: 'https://auth.example.com/keys',
  }
  await t.rejects(
    sdk.send(new CreateIdentityProviderCommand({ UserPoolId, ProviderName: 'MyGoogle', ProviderType: 'Google', ProviderDetails: google })),
    { name: 'InvalidParameterException', message: 'Provider MyGoogle cannot be of type Google.' },
  )
  const made = await sdk.send(
    new CreateIdentityProviderCommand({
      UserPoolId,
      ProviderName: 'Google',
      ProviderType: 'Google',
      ProviderDetails: google,
      AttributeMapping: { email: 'email' },
    }),
  )
  t.strictSame(made.IdentityProvider?.AttributeMapping, { email: 'email', username: 'sub' })
  await sdk.send(
    new CreateIdentityProviderCommand({
      UserPoolId,
      ProviderName: 'Okta',
      ProviderType: 'OIDC',
      ProviderDetails: oidc,
      IdpIdentifiers: ['example.com'],
    }),
  )

  const { IdentityProvider: described } = await sdk.send(new DescribeIdentityProviderCommand({ UserPoolId, ProviderName: 'Okta' }))
  const found = await sdk.send(new GetIdentityProviderByIdentifierCommand({ UserPoolId, IdpIdentifier: 'example.com' }))
  t.strictSame(found.IdentityProvider, described)
  const updated = await sdk.send(
    new UpdateIdentityProviderCommand({ UserPoolId, ProviderName: 'Okta', ProviderDetails: { ...oidc, client_id: 'other' } }),
  )
  t.equal(updated.IdentityProvider?.ProviderDetails?.client_id, 'other')
  t.strictSame(updated.IdentityProvider?.IdpIdentifiers, ['example.com'])

  const { UserPoolClient } = await sdk.send(
    new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'app', SupportedIdentityProviders: ['COGNITO', 'Google', 'Okta'] }),
  )
  t.strictSame(UserPoolClient?.SupportedIdentityProviders, ['COGNITO', 'Google', 'Okta'])
  await t.rejects(sdk.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'bad', SupportedIdentityProviders: ['Facebook'] })), {
    name: 'InvalidParameterException',
    message: `The provider Facebook does not exist for User Pool ${UserPoolId}.`,
  })

  await sdk.send(new AdminCreateUserCommand({ UserPoolId, Username: 'ada', MessageAction: 'SUPPRESS' }))
  await sdk.send(
    new AdminLinkProviderForUserCommand({
      UserPoolId,
      DestinationUser: { ProviderName: 'Cognito', ProviderAttributeValue: 'ada' },
      SourceUser: { ProviderName: 'Google', ProviderAttributeName: 'Cognito_Subject', ProviderAttributeValue: '42' },
    }),
  )

  const names: (string | undefined)[] = []
  for await (const page of paginateListIdentityProviders({ client: sdk, pageSize: 1 }, { UserPoolId })) {
    names.push(...(page.Providers ?? []).map(({ ProviderName }) => ProviderName))
  }
  t.strictSame(names, ['Google', 'Okta'])
  await sdk.send(new DeleteIdentityProviderCommand({ UserPoolId, ProviderName: 'Okta' }))
  await t.rejects(sdk.send(new DescribeIdentityProviderCommand({ UserPoolId, ProviderName: 'Okta' })), {
    name: 'ResourceNotFoundException',
  })
})

test('domains, scopes and the look of pages', async (t) => {
  const { sdk, UserPoolId } = await directory(t)
  const server = { UserPoolId, Identifier: 'https://api.example.com', Name: 'API' }
  await sdk.send(new CreateResourceServerCommand({ ...server, Scopes: [{ ScopeName: 'read', ScopeDescription: 'Read' }] }))
  const oauth = {
    UserPoolId,
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['client_credentials' as const],
    AllowedOAuthScopes: ['https://api.example.com/read'],
  }
  const { UserPoolClient } = await sdk.send(new CreateUserPoolClientCommand({ ...oauth, ClientName: 'machine', GenerateSecret: true }))
  const ClientId = UserPoolClient?.ClientId as string
  await t.rejects(
    sdk.send(new UpdateUserPoolClientCommand({ ...oauth, ClientId, AllowedOAuthScopes: ['https://api.example.com/write'] })),
    { name: 'ScopeDoesNotExistException' },
  )
  await sdk.send(new DeleteResourceServerCommand({ UserPoolId, Identifier: server.Identifier }))
  const { UserPoolClient: later } = await sdk.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))
  t.strictSame(later?.AllowedOAuthScopes, ['https://api.example.com/read'], 'a client keeps listing the scopes of a deleted server')

  const logo = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
  await t.rejects(sdk.send(new SetUICustomizationCommand({ UserPoolId, ImageFile: logo })), {
    message: 'There has to be an existing domain associated with this user pool.',
  })
  await sdk.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain: 'journey' }))
  await t.rejects(sdk.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain: 'another' })), {
    name: 'InvalidParameterException',
    message: 'User pool already has a domain configured.',
  })
  const custom = { UserPoolId, Domain: 'auth.example.com', CustomDomainConfig: { CertificateArn: CERTIFICATE } }
  const { CloudFrontDomain } = await sdk.send(new CreateUserPoolDomainCommand(custom))
  t.match(CloudFrontDomain, /\.cloudfront\.net$/)
  await sdk.send(new UpdateUserPoolDomainCommand({ UserPoolId, Domain: 'journey', ManagedLoginVersion: 2 }))
  const { DomainDescription } = await sdk.send(new DescribeUserPoolDomainCommand({ Domain: 'journey' }))
  t.match(DomainDescription, { UserPoolId, Status: 'ACTIVE', ManagedLoginVersion: 2 })
  const { UserPool } = await sdk.send(new DescribeUserPoolCommand({ UserPoolId }))
  t.match(UserPool, { Domain: 'journey', CustomDomain: 'auth.example.com' })

  const { UICustomization } = await sdk.send(new SetUICustomizationCommand({ UserPoolId, ImageFile: logo }))
  t.match(UICustomization?.ImageUrl, /image\.jpg$/)
  const { ManagedLoginBranding } = await sdk.send(
    new CreateManagedLoginBrandingCommand({
      UserPoolId,
      ClientId,
      Settings: { components: { form: { borderRadius: 3 } } },
      Assets: [{ Category: 'FORM_LOGO', ColorMode: 'LIGHT', Extension: 'PNG', Bytes: logo }],
    }),
  )
  await sdk.send(
    new UpdateManagedLoginBrandingCommand({
      UserPoolId,
      ManagedLoginBrandingId: ManagedLoginBranding?.ManagedLoginBrandingId,
      Settings: { categories: { global: { colorSchemeMode: 'DARK' } } },
    }),
  )
  const styled = await sdk.send(new DescribeManagedLoginBrandingByClientCommand({ UserPoolId, ClientId }))
  t.match(styled.ManagedLoginBranding, {
    Settings: { components: { form: { borderRadius: 3 } }, categories: { global: { colorSchemeMode: 'DARK' } } },
  })
  t.strictSame(Buffer.from(styled.ManagedLoginBranding?.Assets?.[0]?.Bytes ?? []), logo)

  await t.rejects(sdk.send(new DeleteUserPoolCommand({ UserPoolId })), {
    message: 'User pool cannot be deleted. It has a domain configured that should be deleted first.',
  })
  for (const Domain of ['journey', 'auth.example.com']) await sdk.send(new DeleteUserPoolDomainCommand({ UserPoolId, Domain }))
  await sdk.send(new DeleteUserPoolCommand({ UserPoolId }))
  t.strictSame((await sdk.send(new DescribeUserPoolDomainCommand({ Domain: 'journey' }))).DomainDescription, {})
})

import { test } from 'tap'
import { refuses } from '../support/cognito.ts'
import { emulator, START } from '../support/emulator.ts'

const SECRET = { client_id: 'id', client_secret: 'secret', authorize_scopes: 'email' }

test('linked identities', async (t) => {
  const idp = await emulator(t)
  const { UserPool } = await idp.cognito.CreateUserPool({
    PoolName: 'people',
    Schema: [{ Name: 'badge', AttributeDataType: 'String', Mutable: false }],
  })
  const UserPoolId = UserPool?.Id ?? ''
  await idp.cognito.CreateIdentityProvider({ UserPoolId, ProviderName: 'Google', ProviderType: 'Google', ProviderDetails: SECRET })
  const endpoints = { authorize_url: 'https://a/1', token_url: 'https://a/2', attributes_url: 'https://a/3', jwks_uri: 'https://a/4' }
  await idp.cognito.CreateIdentityProvider({
    UserPoolId,
    ProviderName: 'Okta',
    ProviderType: 'OIDC',
    ProviderDetails: { ...SECRET, attributes_request_method: 'GET', oidc_issuer: 'https://a', ...endpoints },
  })
  for (const Username of ['diego', 'Google_9']) await idp.cognito.AdminCreateUser({ UserPoolId, Username, MessageAction: 'SUPPRESS' })
  const diego = { ProviderName: 'Cognito', ProviderAttributeValue: 'diego' }
  const google = (ProviderAttributeValue: string) => ({
    ProviderName: 'Google',
    ProviderAttributeName: 'Cognito_Subject',
    ProviderAttributeValue,
  })
  const identities = async (Username: string) => {
    const { UserAttributes = [] } = await idp.cognito.AdminGetUser({ UserPoolId, Username })
    const text = UserAttributes.find(({ Name }) => Name === 'identities')?.Value
    return text === undefined ? undefined : (JSON.parse(text) as object[])
  }
  const link = (SourceUser: object, DestinationUser: object = diego) =>
    idp.cognito.AdminLinkProviderForUser({ UserPoolId, DestinationUser, SourceUser })

  await t.test('AdminLinkProviderForUser adds to the identities of the user', async (t) => {
    t.strictSame(await link(google('1')), {})
    const identity = { userId: '1', providerName: 'Google', providerType: 'Google', issuer: null, primary: false, dateCreated: START }
    t.strictSame(await identities('diego'), [identity])
    await link({ ProviderName: 'Okta', ProviderAttributeName: 'email', ProviderAttributeValue: 'd@example.com' })
    t.equal((await identities('diego'))?.length, 2)
  })

  const merging = 'Merging is not currently supported, provide a SourceUser that has not been signed up in order to link'
  const refusals: [what: string, source: object, destination: object, name: string, message: string][] = [
    ['a source that has signed up (G6)', google('9'), diego, 'InvalidParameterException', merging],
    ['a source that is linked already (G6)', google('1'), diego, 'InvalidParameterException', merging],
    [
      'a local user as source',
      { ...google('1'), ProviderName: 'Cognito' },
      diego,
      'InvalidParameterException',
      'Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser, only as a DestinationUser',
    ],
    [
      'another attribute than the subject for a social provider',
      { ...google('2'), ProviderAttributeName: 'email' },
      diego,
      'InvalidParameterException',
      'Invalid SourceUser: ProviderAttributeName must be Cognito_Subject for social identity providers',
    ],
    [
      'a source without a value',
      { ProviderName: 'Google' },
      diego,
      'InvalidParameterException',
      'Invalid SourceUser: ProviderName, ProviderAttributeName and ProviderAttributeValue are required',
    ],
    [
      'a destination without a name',
      google('2'),
      {},
      'InvalidParameterException',
      'Invalid DestinationUser: ProviderName and ProviderAttributeValue are required',
    ],
    [
      'an unknown provider',
      { ...google('2'), ProviderName: 'Nobody' },
      diego,
      'ResourceNotFoundException',
      'Identity provider Nobody does not exist.',
    ],
    [
      'an unknown destination',
      google('2'),
      { ...diego, ProviderAttributeValue: 'nobody' },
      'UserNotFoundException',
      'User does not exist.',
    ],
  ]
  for (const [what, source, destination, name, message] of refusals) {
    await t.test(`AdminLinkProviderForUser refuses ${what}`, (t) => refuses(t, link(source, destination), name, message))
  }

  await t.test('AdminLinkProviderForUser allows five links (G6, X8)', async (t) => {
    for (const id of ['2', '3', '4']) await link(google(id))
    await refuses(t, link(google('5')), 'LimitExceededException', 'A user can have at most 5 linked identities')
  })

  await t.test('AdminLinkProviderForUser refuses a user with an attribute that cannot change', async (t) => {
    const UserAttributes = [{ Name: 'custom:badge', Value: '7' }]
    await idp.cognito.AdminCreateUser({ UserPoolId, Username: 'fixed', UserAttributes, MessageAction: 'SUPPRESS' })
    await refuses(
      t,
      link(google('6'), { ...diego, ProviderAttributeValue: 'fixed' }),
      'InvalidParameterException',
      'Invalid DestinationUser: user.custom:badge: Attribute cannot be updated.',
    )
  })

  await t.test('AdminDisableProviderForUser parts an identity, which may be linked again', async (t) => {
    const User = google('1')
    t.strictSame(await idp.cognito.AdminDisableProviderForUser({ UserPoolId, User }), {})
    t.equal((await identities('diego'))?.length, 4)
    await refuses(t, idp.cognito.AdminDisableProviderForUser({ UserPoolId, User }), 'UserNotFoundException', 'User does not exist.')
    await link(google('1'))
    for (const id of ['1', '2', '3', '4']) await idp.cognito.AdminDisableProviderForUser({ UserPoolId, User: google(id) })
    await idp.cognito.AdminDisableProviderForUser({
      UserPoolId,
      User: { ProviderName: 'Okta', ProviderAttributeName: 'email', ProviderAttributeValue: 'd@example.com' },
    })
    t.equal(await identities('diego'), undefined)
  })

  await t.test('AdminDisableProviderForUser disables a federated user that is linked to nobody', async (t) => {
    await idp.cognito.AdminDisableProviderForUser({ UserPoolId, User: google('9') })
    t.equal((await idp.cognito.AdminGetUser({ UserPoolId, Username: 'Google_9' })).Enabled, false)
  })

  await t.test('AdminDisableProviderForUser takes the password of a local user', async (t) => {
    const { UserPoolClient } = await idp.cognito.CreateUserPoolClient({
      UserPoolId,
      ClientName: 'app',
      ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    })
    await idp.cognito.AdminSetUserPassword({ UserPoolId, Username: 'diego', Password: 'Secret-123', Permanent: true })
    const signIn = () =>
      idp.cognito.AdminInitiateAuth({
        UserPoolId,
        ClientId: UserPoolClient?.ClientId ?? '',
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'diego', PASSWORD: 'Secret-123' },
      })
    t.ok((await signIn()).AuthenticationResult)
    const User = { ...diego, ProviderAttributeName: 'Cognito_Subject' }
    await idp.cognito.AdminDisableProviderForUser({ UserPoolId, User })
    await refuses(t, signIn(), 'NotAuthorizedException', 'Incorrect username or password.')
    await refuses(
      t,
      idp.cognito.AdminDisableProviderForUser({ UserPoolId, User: { ...User, ProviderAttributeName: 'email' } }),
      'InvalidParameterException',
      'Invalid User: ProviderAttributeName must be Cognito_Subject for users of the user pool',
    )
    await refuses(
      t,
      idp.cognito.AdminDisableProviderForUser({ UserPoolId, User: diego }),
      'InvalidParameterException',
      'Invalid User: ProviderName, ProviderAttributeName and ProviderAttributeValue are required',
    )
  })
})

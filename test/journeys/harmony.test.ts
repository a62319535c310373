import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { test } from 'tap'
import { serve } from '../support/server.ts'

const PASSWORD = 'Correct-Horse-1'

/** Every field of PostCognitoUserBody. */
const person = {
  appMetadata: {
    admin: 'true',
    createdBy: 'SCRIPT',
    ctsAuthorized: true,
    ctsUserId: 'c1',
    customerId: 'c2',
    districtId: 'd1',
    egrantsAuthorized: true,
    egrantsUserId: 'e1',
    erpAuthorized: true,
    erpNcAuthorized: true,
    erpNcUserId: 'e2',
    erpTenants: 'one,two',
    erpUserId: 'e3',
    fdpAuthorized: true,
    fdpStateAgency: 'agency',
    fdpStateCode: 'NC',
    isiteAuthorized: true,
    isiteMigration: false,
    mcAuthorized: true,
    mcUserId: 'm1',
    ooAuthorized: true,
    passwordResetRequired: false,
    role: 'teacher',
    scriptAuthorized: true,
    titanAuthorized: true,
    titanUserId: 't1',
    isExternal: false,
  },
  blocked: false,
  email: 'ann@district.example',
  firstName: 'Ann',
  lastName: 'Lee',
  name: 'Ann Lee',
  nickname: 'annie',
  password: PASSWORD,
  picture: 'https://district.example/ann.png',
  userMetadata: { homeroomId: 'h1', siteId: 's1' },
  username: 'ann',
}

test('a user made through Harmony is a user of the Cognito pool', async (t) => {
  const { url } = await serve(t, ['--memory', '--empty', '--log-level', 'silent'])
  const aws = new CognitoIdentityProviderClient({
    region: 'us-east-1',
    endpoint: url,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  t.teardown(() => aws.destroy())
  const harmony = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${url}/harmony${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>) }
  }

  const { UserPool } = await aws.send(new CreateUserPoolCommand({ PoolName: 'district', AliasAttributes: ['email'] }))
  const userPoolId = UserPool?.Id as string
  const { UserPoolClient } = await aws.send(
    new CreateUserPoolClientCommand({ UserPoolId: userPoolId, ClientName: 'web', ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] }),
  )
  const signIn = (USERNAME: string, password: string) =>
    aws.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: UserPoolClient?.ClientId as string,
        AuthParameters: { USERNAME, PASSWORD: password },
      }),
    )
  const adminGet = (Username: string) => aws.send(new AdminGetUserCommand({ UserPoolId: userPoolId, Username }))
  const envelope = (user: object) => ({ provider: 'cognito-user', userPoolId, user })
  const query = `?provider=cognito-user&userPoolId=${userPoolId}`

  const made = await harmony('POST', '/users', { provider: 'cognito-user', user: { userPoolId, ...person } })
  t.equal(made.status, 201)
  const { password, username, ...shown } = person
  t.match(made.body, { ...shown, username, emailVerified: 'true', status: 'ACTIVE', role: 'teacher', titanAuthorized: 'true' })
  const id = String(made.body?.id)

  const user = await adminGet(username)
  t.equal(user.UserStatus, 'CONFIRMED')
  t.same(Object.fromEntries((user.UserAttributes ?? []).map(({ Name, Value }) => [Name, Value])), {
    sub: id,
    email: person.email,
    email_verified: 'true',
    given_name: 'Ann',
    family_name: 'Lee',
    name: 'Ann Lee',
    nickname: 'annie',
    picture: person.picture,
  })

  for (const name of [username, id, person.email]) {
    const { AuthenticationResult } = await signIn(name, PASSWORD)
    t.ok(AuthenticationResult?.AccessToken, `signs in as ${name}`)
  }

  t.equal((await harmony('PATCH', `/users/${id}`, envelope({ blocked: true }))).status, 200)
  await t.rejects(signIn(username, PASSWORD), { name: 'NotAuthorizedException', message: 'User is disabled.' })
  t.equal((await harmony('PATCH', `/users/${id}`, envelope({ blocked: false }))).status, 200)
  t.ok((await signIn(username, PASSWORD)).AuthenticationResult)

  const temporary = 'Temporary-Horse-2'
  await harmony('PATCH', `/users/${id}`, envelope({ password: temporary, appMetadata: { passwordResetRequired: true } }))
  const challenge = await signIn(username, temporary)
  t.equal(challenge.ChallengeName, 'NEW_PASSWORD_REQUIRED')
  await aws.send(
    new RespondToAuthChallengeCommand({
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      ClientId: UserPoolClient?.ClientId as string,
      Session: challenge.Session,
      ChallengeResponses: { USERNAME: username, NEW_PASSWORD: PASSWORD },
    }),
  )
  const after = await harmony('GET', `/users/${id}${query}`)
  t.match(after.body, { status: 'ACTIVE', appMetadata: { passwordResetRequired: false } })

  const reset = await harmony('POST', '/users/password-reset', {
    provider: 'cognito-user',
    userId: person.email,
    userPoolId,
    password: 'Reset-Horse-3',
  })
  t.match(reset, { status: 200, body: { status: 'success', $metadata: { httpStatusCode: 200 } } })
  await t.rejects(signIn(username, PASSWORD), { name: 'NotAuthorizedException', message: 'Incorrect username or password.' })
  t.ok((await signIn(username, 'Reset-Horse-3')).AuthenticationResult)

  t.equal((await harmony('DELETE', `/users/${id}`, { provider: 'cognito-user', userPoolId })).status, 204)
  await t.rejects(adminGet(username), { name: 'UserNotFoundException' })

  await aws.send(
    new AdminCreateUserCommand({
      UserPoolId: userPoolId,
      Username: 'bob',
      UserAttributes: [
        { Name: 'email', Value: 'bob@district.example' },
        { Name: 'given_name', Value: 'Bob' },
      ],
    }),
  )
  const byEmail = await harmony('GET', `/users/bob@district.example${query}`)
  t.match(byEmail.body, { username: 'bob', firstName: 'Bob', status: 'FORCE_CHANGE_PASSWORD' })
  t.same((await harmony('GET', `/users/${byEmail.body?.id}${query}`)).body, byEmail.body)
})

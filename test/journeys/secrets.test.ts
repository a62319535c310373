import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { cognito, folder, json, serve } from '../support/server.ts'

/** Every password that is said at any door; none may be found anywhere afterwards. */
const said: string[] = []
const secret = () => {
  const password = `Sesame-${said.length}-xyzxyzxyz-Open!`
  said.push(password)
  return password
}

test('no password and no told secret is anywhere in clear', async (t) => {
  const data = folder(t)
  const server = await serve(t, ['--data', data, '--empty', '--log-level', 'debug'])
  const { url } = server

  const { UserPool: pool } = await cognito<{ UserPool: { Id: string } }>(url, 'CreateUserPool', { PoolName: 'secrets' })
  const { UserPoolClient: client } = await cognito<{ UserPoolClient: { ClientId: string } }>(url, 'CreateUserPoolClient', {
    UserPoolId: pool.Id,
    ClientName: 'web',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  })
  const signIn = (USERNAME: string, PASSWORD: string) =>
    cognito<{ Session: string }>(url, 'InitiateAuth', {
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: client.ClientId,
      AuthParameters: { USERNAME, PASSWORD },
    })

  const temporary = secret()
  await cognito(url, 'AdminCreateUser', {
    UserPoolId: pool.Id,
    Username: 'anna',
    TemporaryPassword: temporary,
    MessageAction: 'SUPPRESS',
  })
  const { Session } = await signIn('anna', temporary)
  const chosen = secret()
  const { AuthenticationResult } = await cognito<{ AuthenticationResult: { AccessToken: string } }>(url, 'RespondToAuthChallenge', {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    ClientId: client.ClientId,
    Session,
    ChallengeResponses: { USERNAME: 'anna', NEW_PASSWORD: chosen },
  })
  const { AccessToken } = AuthenticationResult
  await cognito(url, 'ChangePassword', { AccessToken, PreviousPassword: chosen, ProposedPassword: secret() })
  await cognito(url, 'AdminSetUserPassword', { UserPoolId: pool.Id, Username: 'anna', Password: secret(), Permanent: true })
  await t.rejects(signIn('anna', secret()), { name: 'NotAuthorizedException' })
  const refused = { UserPoolId: pool.Id, Username: 'anna', Password: `${secret()} with spaces`, Permanent: true }
  await t.rejects(cognito(url, 'AdminSetUserPassword', refused), { name: 'InvalidParameterException' })
  await cognito(url, 'SignUp', { ClientId: client.ClientId, Username: 'bert', Password: secret() })

  await cognito(url, 'AdminCreateUser', {
    UserPoolId: pool.Id,
    Username: 'carl',
    UserAttributes: [{ Name: 'email', Value: 'carl@example.com' }],
    DesiredDeliveryMediums: ['EMAIL'],
  })
  const { body: invitation } = await json<{ code: string }>(`${url}/_/outbox/latest?to=carl@example.com`)
  t.type(invitation.code, 'string', 'the generated password is in its own message')

  const details = { client_id: 'a', authorize_scopes: 'openid', attributes_request_method: 'GET' }
  const provider = { UserPoolId: pool.Id, ProviderType: 'OIDC' }
  const issuer = 'x'.repeat(131_073)
  const wrong = { ...provider, ProviderName: 'wrong', ProviderDetails: { ...details, client_secret: secret(), oidc_issuer: issuer } }
  await t.rejects(cognito(url, 'CreateIdentityProvider', wrong), { message: /client_secret=\*\*\*/ })
  const confirmation = { ClientId: client.ClientId, Username: 'bert', ConfirmationCode: secret() }
  await t.rejects(cognito(url, 'ConfirmSignUp', confirmation), { name: /Code/ })
  const DeviceSecretVerifierConfig = { PasswordVerifier: secret(), Salt: secret() }
  await t.rejects(cognito(url, 'ConfirmDevice', { AccessToken, DeviceKey: 'us-east-1_x', DeviceSecretVerifierConfig }), { name: /./ })

  const organizations = await json<{ organizations: { id: string }[] }>(`${url}/organization-manager/v1/organizations`)
  const userpool = await json<{ metadata: { userpoolId: string } }>(`${url}/organization-manager/v1/idp/userpools`, 'POST', {
    organizationId: organizations.body.organizations[0]?.id,
    name: 'secrets',
    defaultSubdomain: 'secrets',
  })
  const yandex = (password: string, username: string) =>
    json(`${url}/organization-manager/v1/idp/users`, 'POST', {
      userpoolId: userpool.body.metadata.userpoolId,
      username,
      fullName: 'Dora',
      passwordSpec: { password },
    })
  t.equal((await yandex(secret(), 'dora@secrets.idp.yandexcloud.net')).status, 200)
  t.equal((await yandex(secret(), 'not a user name')).status, 400)

  const oauthClient = await json<{ metadata: { oauthClientId: string } }>(`${url}/iam/v1/oauthClients`, 'POST', {
    name: 'web',
    folderId: 'f',
  })
  const { oauthClientId } = oauthClient.body.metadata
  const made = await json<{ id: string; response: { secretValue: string } }>(`${url}/iam/v1/oauthClientSecrets`, 'POST', { oauthClientId })
  said.push(made.body.response.secretValue)
  const again = await json<typeof made.body>(`${url}/operations/${made.body.id}`)
  t.strictSame(again.body, made.body, 'clients that poll find it in the operation')
  const { body: operations } = await json(`${url}/_/operations?all=true`)

  const harmony = (password: string, email: string) =>
    json(`${url}/harmony/users`, 'POST', {
      provider: 'cognito-user',
      user: { userPoolId: pool.Id, email, firstName: 'Emil', lastName: 'E', appMetadata: {}, password },
    })
  t.equal((await harmony(secret(), 'emil@example.com')).status, 201)
  t.equal((await harmony(secret(), 'emil@example.com')).status, 409)
  const reset = (password: string) =>
    json(`${url}/harmony/users/password-reset`, 'POST', {
      provider: 'cognito-user',
      userId: 'emil@example.com',
      userPoolId: pool.Id,
      password,
    })
  t.equal((await reset(secret())).status, 200)
  const auth0 = { email: 'fay@example.com', givenName: 'Fay', familyName: 'F', appMetadata: {}, userMetadata: {}, password: secret() }
  t.equal((await json(`${url}/harmony/users`, 'POST', { user: auth0 })).status, 201)
  const link = await json(`${url}/harmony/users/password-reset`, 'POST', { userId: 'fay@example.com', clientId: 'web' })
  const ticket = new URL(String(link.body.url)).searchParams.get('ticket') as string
  const page = await fetch(`${url}/harmony/lo/reset`, { method: 'POST', body: new URLSearchParams({ ticket, password: secret() }) })
  t.equal(page.status, 200)

  const { body: journal } = await json(`${url}/_/journal`)
  const { body: outbox } = await json<Record<string, unknown>[]>(`${url}/_/outbox`)
  const { body: exported } = await json(`${url}/_/export`)
  t.ok(JSON.stringify(exported).includes('yandex.operation'), 'the export has the operations')
  t.ok(JSON.stringify(journal).includes('AdminCreateUser'), 'the journal has the calls')
  await server.kill('SIGTERM')

  const places: Record<string, string> = {
    journal: JSON.stringify(journal),
    outbox: JSON.stringify(outbox),
    export: JSON.stringify(exported),
    operations: JSON.stringify(operations),
    'what it printed': server.printed(),
  }
  for (const file of readdirSync(data, { recursive: true }) as string[]) {
    if (/\.(sqlite|image)/.test(file)) places[file] = readFileSync(join(data, file)).toString('latin1')
  }
  t.ok(
    Object.keys(places).some((name) => name.endsWith('.sqlite')),
    'the database is on disk',
  )
  for (const [place, text] of Object.entries(places)) {
    for (const password of said) t.notOk(text.includes(password), `${password} is not in ${place}`)
  }
  for (const place of ['journal', 'what it printed']) {
    t.notOk(places[place]?.includes(invitation.code), `the generated password is not in ${place}`)
  }
})

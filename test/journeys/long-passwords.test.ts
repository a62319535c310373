import { test } from 'tap'
import { emulator } from '../support/emulator.ts'

/** bcrypt reads 72 bytes; nothing may make two longer passwords one. */
const HEAD = 'Aa1!'.repeat(18)
const FLOWS = ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] as const

test('a long password is more than its first 72 characters, at every door', async (t) => {
  t.equal(HEAD.length, 72)
  const idp = await emulator(t)
  const pool = await idp.cognito.CreateUserPool({ PoolName: 'long' })
  const UserPoolId = pool.UserPool?.Id as string
  const created = await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'web', ExplicitAuthFlows: [...FLOWS] })
  const ClientId = created.UserPoolClient?.ClientId as string
  const signIn = (USERNAME: string, PASSWORD: string) =>
    idp.cognito.InitiateAuth({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId, AuthParameters: { USERNAME, PASSWORD } })
  const refused = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' }

  await t.test('cognito', async (t) => {
    const password = HEAD + 'b'.repeat(128)
    t.equal(password.length, 200)
    await idp.cognito.SignUp({ ClientId, Username: 'anna', Password: password })
    await idp.cognito.AdminConfirmSignUp({ UserPoolId, Username: 'anna' })
    t.ok((await signIn('anna', password)).AuthenticationResult)
    for (const wrong of [HEAD, HEAD + 'c'.repeat(128), password.slice(0, -1), `${password}b`])
      await t.rejects(signIn('anna', wrong), refused)
  })

  await t.test('harmony', async (t) => {
    const password = HEAD + 'd'.repeat(128)
    const { status } = await idp.request('POST', '/harmony/users', {
      provider: 'cognito-user',
      user: {
        userPoolId: UserPoolId,
        email: 'bert@example.com',
        firstName: 'B',
        lastName: 'B',
        username: 'bert',
        appMetadata: {},
        password,
      },
    })
    t.equal(status, 201)
    t.ok((await signIn('bert', password)).AuthenticationResult)
    await t.rejects(signIn('bert', HEAD), refused)
  })

  await t.test('yandex, where 128 are the most', async (t) => {
    const password = HEAD + 'e'.repeat(56)
    const users = '/organization-manager/v1/idp'
    const organizations = (await idp.request('GET', '/organization-manager/v1/organizations')).body as { organizations: { id: string }[] }
    const made = await idp.request('POST', `${users}/userpools`, {
      organizationId: organizations.organizations[0]?.id,
      name: 'long',
      defaultSubdomain: 'long',
    })
    const { userpoolId } = (made.body as { metadata: { userpoolId: string } }).metadata
    const username = 'carl@long.idp.yandexcloud.net'
    const created = await idp.request('POST', `${users}/users`, { userpoolId, username, fullName: 'C', passwordSpec: { password } })
    t.equal(created.status, 200)
    const login = async (given: string) =>
      (await idp.request('POST', '/iam/v1/tokens', { yandexPassportOauthToken: `login:${username}:${given}` })).status
    t.equal(await login(password), 200)
    for (const wrong of [HEAD, HEAD + 'f'.repeat(56)]) t.equal(await login(wrong), 401)
    const tooLong = await idp.request('POST', `${users}/users`, {
      userpoolId,
      username: 'dora@long.idp.yandexcloud.net',
      fullName: 'D',
      passwordSpec: { password: `${password}x` },
    })
    t.equal(tooLong.status, 400)
  })
})

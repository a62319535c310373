import { test } from 'tap'
import type { Operations } from '../../src/cognito/contract/types.ts'
import { emulator } from '../support/emulator.ts'
import { arn, recorder } from '../support/functions.ts'
import { auth0Person, cognitoPerson, harmonyOf, world } from '../support/harmony.ts'
import { only } from '../support/only.ts'

/** A pool whose users need no password: many of them are made at once. */
const PASSWORDLESS: Operations['CreateUserPool']['input'] = {
  PoolName: 'many',
  UsernameAttributes: ['email'],
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
  EmailConfiguration: { EmailSendingAccount: 'DEVELOPER', SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/a@example.com' },
}

/** harmony-auth section 9: what the documentation alone gives reason to test, a subtest for each line. */
test('what the documentation gives reason to test', async (t) => {
  const idp = await emulator(t)
  const { call, pool, user, client } = await world(idp)
  const query = `provider=cognito-user&userPoolId=${pool}`

  await t.test('GET takes the pool from the query, DELETE from a JSON body', async (t) => {
    t.equal((await call('GET', `/users/${user}?${query}`)).status, 200)
    t.equal((await call('GET', `/users/${user}?provider=cognito-user`)).status, 400)
    t.equal((await call('DELETE', `/users/${user}`, { provider: 'cognito-user', userPoolId: pool })).status, 204)
  })
  await t.test('POST /clients gives 200 and POST /connections 201', async (t) => {
    t.equal((await call('POST', '/clients', { client: { product: 'MC', name: 'x' } })).status, 200)
    t.equal((await call('POST', '/connections', { connectionBody: { name: 'x', metadata: {} } })).status, 201)
  })
  await t.test('a Cognito body without provider meets the checks of Auth0', async (t) => {
    const body = { userPoolId: pool, email: 'x@example.com', ...cognitoPerson }
    const { status, body: answer } = await call('POST', '/users', { user: body })
    t.strictSame([status, answer], [400, { error: 'user.givenName is required' }])
  })
  await t.test('emailVerified is a text for Cognito and a boolean for Auth0', async (t) => {
    const cognito = { userPoolId: pool, email: 'text@example.com', ...cognitoPerson }
    t.equal((await call('POST', '/users', { provider: 'cognito-user', user: cognito })).body.emailVerified, 'true')
    t.equal((await call('GET', '/users/bob')).body.emailVerified, false)
  })
  await t.test('the Auth0 list gives one object, the Cognito list an array', async (t) => {
    t.notOk(Array.isArray((await call('GET', '/users')).body))
    t.ok(Array.isArray((await call('GET', `/users?${query}`)).body))
  })
  await t.test('limit 61 is refused, no limit is 60', async (t) => {
    const { UserPool } = await idp.cognito.CreateUserPool(PASSWORDLESS)
    const many = `provider=cognito-user&userPoolId=${UserPool?.Id}`
    for (let n = 0; n < 61; n++) {
      await idp.cognito.AdminCreateUser({
        UserPoolId: UserPool?.Id as string,
        Username: `u${n}@example.com`,
        MessageAction: 'SUPPRESS',
        UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
      })
    }
    t.equal((await call('GET', `/users?${many}&limit=61`)).status, 400)
    const first = await call('GET', `/users?${many}`)
    t.equal(first.body.length, 60)
    const rest = await call('GET', `/users?${many}&next=${encodeURIComponent(String(first.headers['x-next-token']))}`)
    t.equal(rest.body.length, 1)
  })
  await t.test('an unknown key at the top comes back', async (t) => {
    const more = { colour: 'red', list: [1, { a: null }], deep: { yes: true } }
    for (const body of [
      { provider: 'cognito-user', user: { userPoolId: pool, email: 'k@example.com', ...cognitoPerson, ...more } },
      { user: { email: 'k@example.com', ...auth0Person, ...more } },
    ]) {
      t.match((await call('POST', '/users', body)).body, more)
    }
  })
  await t.test('who must reset the password cannot sign in without a change', async (t) => {
    const user = { userPoolId: pool, email: 'r@example.com', ...cognitoPerson, appMetadata: { passwordResetRequired: true } }
    await call('POST', '/users', { provider: 'cognito-user', user })
    const answer = await idp.cognito.InitiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: client,
      AuthParameters: { USERNAME: 'r@example.com', PASSWORD: cognitoPerson.password },
    })
    t.equal(answer.ChallengeName, 'NEW_PASSWORD_REQUIRED')
    t.notOk(answer.AuthenticationResult)
  })
  await t.test('an error has exactly one key', async (t) => {
    t.strictSame(Object.keys((await call('GET', '/users/nobody')).body), ['error'])
  })
})

test('a pool that Harmony made', async (t) => {
  const idp = await emulator(t)
  const { call, pool, client } = await world(idp)
  const user = {
    userPoolId: pool,
    email: 'role@example.com',
    ...cognitoPerson,
    appMetadata: { role: 'teacher', titanAuthorized: true },
    userMetadata: { siteId: 's-1' },
  }

  await t.test('has an attribute for every key of metadata but the one that is too long', async (t) => {
    const { body } = await call('POST', '/users', { provider: 'cognito-user', user })
    t.equal(body.username, body.id)
    const { UserAttributes = [] } = await idp.cognito.AdminGetUser({ UserPoolId: pool, Username: String(body.id) })
    t.match(Object.fromEntries(UserAttributes.map(({ Name, Value }) => [Name, Value])), {
      'custom:role': 'teacher',
      'custom:titanAuthorized': 'true',
      'custom:siteId': 's-1',
    })
    const { UserPool } = await idp.cognito.DescribeUserPool({ UserPoolId: pool })
    t.equal(UserPool?.SchemaAttributes?.filter(({ Name }) => Name?.startsWith('custom:')).length, 28)
  })
  await t.test('says metadata in its tokens', async (t) => {
    const { AuthenticationResult } = await idp.cognito.InitiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: client,
      AuthParameters: { USERNAME: 'role@example.com', PASSWORD: cognitoPerson.password },
    })
    const [, claims = ''] = AuthenticationResult?.IdToken?.split('.') ?? []
    t.match(JSON.parse(Buffer.from(claims, 'base64url').toString()), { 'custom:role': 'teacher', email: 'role@example.com' })
  })
})

test('users that are named by their phone number', async (t) => {
  const idp = await emulator(t)
  const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'phones', UsernameAttributes: ['phone_number'] })
  const call = harmonyOf(idp)
  const post = (user: object) =>
    call('POST', '/users', {
      provider: 'cognito-user',
      user: { userPoolId: UserPool?.Id, email: 'p@example.com', ...cognitoPerson, ...user },
    })
  t.strictSame((await post({})).body, { error: 'user.phoneNumber is required: it names the users of this pool' })
  const { status, body } = await post({ phoneNumber: '+15555550100', phoneVerified: false })
  t.equal(status, 201)
  t.match(body, { username: body.id, phoneNumber: '+15555550100', phoneVerified: 'false' })
})

test("Cognito's triggers fire, and what they refuse is not half done", async (t) => {
  const lambda = await recorder(t)
  const idp = await emulator(t, { settings: { rooms: { cognito: { functions: { [arn('http')]: { url: lambda.url } } } } } })
  const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'guarded', LambdaConfig: { PreSignUp: arn('http') } })
  const userPoolId = UserPool?.Id as string
  const call = harmonyOf(idp)
  const post = (email: string) =>
    call('POST', '/users', { provider: 'cognito-user', user: { userPoolId, email, ...cognitoPerson, appMetadata: { role: 'x' } } })

  t.equal((await post('in@example.com')).status, 201)
  t.match(lambda.events, only({ triggerSource: 'PreSignUp_AdminCreateUser', request: { userAttributes: { email: 'in@example.com' } } }))
  lambda.answers.PreSignUp_AdminCreateUser = () => new Error('not here')
  const { status, body } = await post('out@example.com')
  t.equal(status, 400)
  t.match(body.error, /not here/)
  t.equal((await idp.cognito.ListUsers({ UserPoolId: userPoolId })).Users?.length, 1)
  t.equal((await call('GET', `/users/out@example.com?provider=cognito-user&userPoolId=${userPoolId}`)).status, 404)
})

test('odd input is refused or taken, never 500', async (t) => {
  const idp = await emulator(t)
  const call = harmonyOf(idp)
  const { UserPool } = await idp.cognito.CreateUserPool(PASSWORDLESS)
  const pool = UserPool?.Id as string
  const { password, ...person } = cognitoPerson
  const whole = { userPoolId: pool, email: 'odd@example.com', ...person }
  const { body: made } = await call('POST', '/users', { provider: 'cognito-user', user: { ...whole, email: 'ann@example.com' } })
  const user = String(made.id)
  const odd: unknown[] = [
    null,
    0,
    -1,
    true,
    '',
    ' ',
    'a b',
    '"\\',
    "' OR 1=1 --",
    '\u0000',
    '\ud800',
    '😀',
    'x'.repeat(2000),
    [],
    [1],
    {},
    { a: { b: {} } },
    JSON.parse(`${'['.repeat(3000)}${']'.repeat(3000)}`),
  ]
  const keys = [
    ...Object.keys(whole),
    'password',
    'username',
    'name',
    'picture',
    'phoneNumber',
    'blocked',
    'unknown',
    'userMetadata',
    'emailVerified',
  ]
  for (const [index, value] of odd.entries()) {
    for (const key of keys) {
      const { status, body } = await call('POST', '/users', { provider: 'cognito-user', user: { ...whole, [key]: value } })
      if (status === 201) await call('DELETE', `/users/${body.id}`, { provider: 'cognito-user', userPoolId: pool })
      if (![201, 400, 409].includes(status)) t.fail(`${key} ${index}: ${status} ${JSON.stringify(body)}`)
      const patched = await call('PATCH', `/users/${user}`, { provider: 'cognito-user', userPoolId: pool, user: { [key]: value } })
      if (![200, 400, 409].includes(patched.status)) t.fail(`PATCH ${key} ${index}: ${patched.status} ${JSON.stringify(patched.body)}`)
    }
    for (const body of [{ user: value }, { provider: value }, { provider: 'cognito-user', user: value }, value]) {
      const { status } = await call('POST', '/users', body)
      if (status !== 400) t.fail(`body ${index}: ${status}`)
    }
    if (typeof value !== 'string' || value === '\ud800') continue
    for (const query of [`provider=cognito-user&userPoolId=${pool}`, '']) {
      const { status } = await call('GET', `/users/${encodeURIComponent(value)}?${query}`)
      if (![200, 400, 404].includes(status)) t.fail(`GET ${index}: ${status}`)
      const found = await call('GET', `/users?${query}&q=${encodeURIComponent(value)}&next=${encodeURIComponent(value)}`)
      if (![200, 400, 404].includes(found.status)) t.fail(`list ${index}: ${found.status}`)
    }
  }
})

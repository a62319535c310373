import { test } from 'tap'
import type { ExplicitAuthFlowsType } from '../../src/cognito/contract/types.ts'
import { emulator } from '../support/emulator.ts'
import { only } from '../support/only.ts'
import { addClient, hashOf, makeUser, makeWorld, PASSWORD, refuses, signIn, tokensOf } from '../support/sign-in.ts'

const UNKNOWN = ['UserNotFoundException', 'User does not exist.'] as const
const WRONG = ['NotAuthorizedException', 'Incorrect username or password.'] as const

test('InitiateAuth', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(idp)
  await makeUser(idp, world, 'ada', { email: 'ada@example.com' })

  await t.test('answers tokens to the right password (L11)', async (t) => {
    const { AuthenticationResult, ...rest } = await signIn(idp, world, 'ada')
    t.strictSame(rest, { ChallengeParameters: {} })
    const { AccessToken = '', IdToken = '', RefreshToken = '', ...plain } = AuthenticationResult ?? {}
    t.strictSame(plain, { ExpiresIn: 3600, TokenType: 'Bearer' })
    t.equal(AccessToken.split('.').length, 3)
    t.equal(IdToken.split('.').length, 3)
    const parts = RefreshToken.split('.')
    t.equal(parts.length, 5)
    t.strictSame(JSON.parse(Buffer.from(parts[0] as string, 'base64url').toString()), { cty: 'JWT', enc: 'A256GCM', alg: 'RSA-OAEP' })
  })

  await t.test('refuses a wrong password and an unknown user (L2)', async (t) => {
    await refuses(t, signIn(idp, world, 'ada', 'Wrong-123'), ...WRONG)
    await refuses(t, signIn(idp, world, 'nobody'), ...UNKNOWN)
    const hiding = await addClient(idp, world.pool, {
      PreventUserExistenceErrors: 'ENABLED',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
    })
    await refuses(t, signIn(idp, hiding, 'nobody'), ...WRONG)
  })

  await t.test('tells client, flow and parameters apart (L7, L8)', async (t) => {
    const initiate = (AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: Record<string, string>, ClientId = world.client) =>
      idp.cognito.InitiateAuth({ AuthFlow, ClientId, AuthParameters })
    await refuses(
      t,
      initiate('USER_PASSWORD_AUTH', { USERNAME: 'ada', PASSWORD }, '0123456789abcdefghijklmnop'),
      'ResourceNotFoundException',
      'User pool client 0123456789abcdefghijklmnop does not exist.',
    )
    await refuses(t, initiate('USER_PASSWORD_AUTH', { PASSWORD }), 'InvalidParameterException', 'Missing required parameter USERNAME')
    const empty = initiate('USER_PASSWORD_AUTH', { USERNAME: '', PASSWORD })
    await refuses(t, empty, 'InvalidParameterException', 'Missing required parameter USERNAME')
    await refuses(
      t,
      initiate('USER_PASSWORD_AUTH', { USERNAME: 'ada' }),
      'InvalidParameterException',
      'Missing required parameter PASSWORD',
    )
    await refuses(
      t,
      idp.cognito.InitiateAuth({ AuthFlow: 'REFRESH_TOKEN_AUTH', ClientId: world.client, AuthParameters: {} }),
      'InvalidParameterException',
      'Missing required parameter REFRESH_TOKEN',
    )
    for (const AuthFlow of ['ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'] as const) {
      await refuses(
        t,
        idp.cognito.InitiateAuth({ AuthFlow, ClientId: world.client, AuthParameters: { USERNAME: 'ada', PASSWORD } }),
        'InvalidParameterException',
        'Initiate Auth method not supported.',
      )
    }
  })

  const off: [flows: ExplicitAuthFlowsType[] | undefined, message: string][] = [
    [undefined, 'USER_PASSWORD_AUTH flow not enabled for this client'],
    [['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'], 'USER_PASSWORD_AUTH flow not enabled for this client'],
    [['ADMIN_NO_SRP_AUTH'], 'USER_PASSWORD_AUTH flow not enabled for this client'],
    [['CUSTOM_AUTH_FLOW_ONLY'], 'Only custom auth (lambda driven) is enabled for this client.'],
  ]
  for (const [ExplicitAuthFlows, message] of off) {
    await t.test(`refuses a flow that the client does not allow: ${ExplicitAuthFlows ?? 'none given'} (L6)`, async (t) => {
      const client = await addClient(idp, world.pool, { ExplicitAuthFlows })
      await refuses(t, signIn(idp, client, 'ada'), 'InvalidParameterException', message)
    })
  }

  await t.test('takes the legacy names of flows (C6)', async (t) => {
    const legacy = await addClient(idp, world.pool, { ExplicitAuthFlows: ['USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'] })
    t.ok((await signIn(idp, legacy, 'ada')).AuthenticationResult?.AccessToken)
    const { AuthenticationResult } = await idp.cognito.AdminInitiateAuth({
      UserPoolId: world.pool,
      ClientId: legacy.client,
      AuthFlow: 'ADMIN_NO_SRP_AUTH',
      AuthParameters: { USERNAME: 'ada', PASSWORD },
    })
    t.ok(AuthenticationResult?.RefreshToken)
  })

  await t.test('says so when the status forbids it, after the password only (L3)', async (t) => {
    await makeUser(idp, world, 'dora')
    await idp.cognito.AdminDisableUser({ UserPoolId: world.pool, Username: 'dora' })
    await refuses(t, signIn(idp, world, 'dora'), 'NotAuthorizedException', 'User is disabled.')
    await refuses(t, signIn(idp, world, 'dora', 'Wrong-123'), ...WRONG)
  })

  await t.test('says what is wrong in the order of the service (L1)', async (t) => {
    const kept = await addClient(idp, world.pool, { GenerateSecret: true, ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'] })
    await makeUser(idp, world, 'orderly', {}, { confirmed: false })
    const USERNAME = 'orderly'
    const SECRET_HASH = hashOf(kept, USERNAME)
    const hidden = { USERNAME: 'nobody', SECRET_HASH: hashOf(kept, 'nobody') }
    const allow = () =>
      idp.cognito.UpdateUserPoolClient({
        UserPoolId: kept.pool,
        ClientId: kept.client,
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      })
    const disable = () => idp.cognito.AdminDisableUser({ UserPoolId: world.pool, Username: USERNAME })
    const enable = () => idp.cognito.AdminEnableUser({ UserPoolId: world.pool, Username: USERNAME })
    const wrong = { USERNAME, SECRET_HASH, PASSWORD: 'Wrong-123' }
    // Each step mends one thing and leaves all that come after it wrong.
    const steps: [parameters: Record<string, string>, type: string, message: string, before?: () => Promise<unknown>][] = [
      [{}, 'NotAuthorizedException', `Client ${kept.client} is configured with secret but SECRET_HASH was not received`],
      [{ USERNAME, SECRET_HASH: 'x' }, 'NotAuthorizedException', `Unable to verify secret hash for client ${kept.client}`],
      [hidden, 'InvalidParameterException', 'USER_PASSWORD_AUTH flow not enabled for this client'],
      [hidden, 'InvalidParameterException', 'Missing required parameter PASSWORD', allow],
      [{ ...hidden, PASSWORD: 'Wrong-123' }, ...UNKNOWN, disable],
      [wrong, ...WRONG],
      [{ ...wrong, PASSWORD }, 'NotAuthorizedException', 'User is disabled.'],
    ]
    for (const [AuthParameters, type, message, before] of steps) {
      await before?.()
      const asked = idp.cognito.InitiateAuth({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId: kept.client, AuthParameters })
      await refuses(t, asked, type, message)
    }
    await enable()
    const { ChallengeName } = await signIn(idp, kept, USERNAME, PASSWORD, { SECRET_HASH })
    t.equal(ChallengeName, 'NEW_PASSWORD_REQUIRED', 'and what is due comes last')
  })

  await t.test('tells nobody but who knows the password that it must be confirmed or reset (L3)', async (t) => {
    await idp.cognito.SignUp({ ClientId: world.client, Username: 'una', Password: PASSWORD })
    await refuses(t, signIn(idp, world, 'una'), 'UserNotConfirmedException', 'User is not confirmed.')
    await refuses(t, signIn(idp, world, 'una', 'Wrong-123'), ...WRONG)
    await makeUser(idp, world, 'rita', { email: 'rita@example.com', email_verified: 'true' })
    await idp.cognito.AdminResetUserPassword({ UserPoolId: world.pool, Username: 'rita' })
    await refuses(t, signIn(idp, world, 'rita'), 'PasswordResetRequiredException', 'Password reset required for the user')
    await refuses(t, signIn(idp, world, 'rita', 'Wrong-123'), ...WRONG)
  })

  await t.test('refuses a temporary password that is too old (L4)', async (t) => {
    await makeUser(idp, world, 'late', {}, { confirmed: false })
    t.equal((await signIn(idp, world, 'late')).ChallengeName, 'NEW_PASSWORD_REQUIRED')
    idp.clock.advance(7 * 86_400_000)
    const message = 'Temporary password has expired and must be reset by an administrator.'
    await refuses(t, signIn(idp, world, 'late'), 'NotAuthorizedException', message)
  })
})

test('a client with a secret', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(idp, { UsernameAttributes: ['email'] }, { GenerateSecret: true })
  const email = 'ada@example.com'
  const sub = await makeUser(idp, world, email)
  const missing = `Client ${world.client} is configured with secret but SECRET_HASH was not received`

  await t.test('proves it over the user name of the request (L9, L10)', async (t) => {
    t.ok((await signIn(idp, world, email, PASSWORD, { SECRET_HASH: hashOf(world, email) })).AuthenticationResult)
    t.ok((await signIn(idp, world, sub, PASSWORD, { SECRET_HASH: hashOf(world, sub) })).AuthenticationResult)
    await refuses(t, signIn(idp, world, email), 'NotAuthorizedException', missing)
    const wrong = `Unable to verify secret hash for client ${world.client}`
    await refuses(t, signIn(idp, world, email, PASSWORD, { SECRET_HASH: hashOf(world, sub) }), 'NotAuthorizedException', wrong)
  })

  await t.test('refreshes over the real user name (L9, L10)', async (t) => {
    const { AuthenticationResult } = await signIn(idp, world, email, PASSWORD, { SECRET_HASH: hashOf(world, email) })
    const refresh = (more: Record<string, string>) =>
      idp.cognito.InitiateAuth({
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        ClientId: world.client,
        AuthParameters: { REFRESH_TOKEN: AuthenticationResult?.RefreshToken as string, ...more },
      })
    t.ok((await refresh({ SECRET_HASH: hashOf(world, sub) })).AuthenticationResult?.AccessToken)
    await refuses(t, refresh({}), 'NotAuthorizedException', missing)
    const wrong = `SecretHash does not match for the client: ${world.client}`
    await refuses(t, refresh({ SECRET_HASH: hashOf(world, email) }), 'NotAuthorizedException', wrong)
  })

  await t.test('a public client must not send one (L9)', async (t) => {
    const open = await addClient(idp, world.pool)
    const message = `App client ${open.client} is not configured for secret but secret hash was received`
    await refuses(t, signIn(idp, open, email, PASSWORD, { SECRET_HASH: 'abc' }), 'InvalidParameterException', message)
  })
})

test('NEW_PASSWORD_REQUIRED', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(idp, {
    Schema: [
      { Name: 'given_name', Required: true },
      { Name: 'team', AttributeDataType: 'String' },
    ],
  })
  const begin = async (username: string) => {
    const answer = await signIn(idp, world, username)
    return answer.Session as string
  }
  const respond = (
    Session: string | undefined,
    responses: Record<string, string>,
    ChallengeName: 'NEW_PASSWORD_REQUIRED' | 'SMS_MFA' = 'NEW_PASSWORD_REQUIRED',
  ) => idp.cognito.RespondToAuthChallenge({ ClientId: world.client, ChallengeName, Session, ChallengeResponses: responses })
  const NEW = { NEW_PASSWORD: 'Another-34', 'userAttributes.given_name': 'Ada' }
  await makeUser(idp, world, 'ada', { email: 'ada@example.com', email_verified: 'true' }, { confirmed: false })

  await t.test('shows what is there and what is wanted (L15)', async (t) => {
    const { Session = '', ...answer } = await signIn(idp, world, 'ada')
    t.strictSame(answer, {
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      ChallengeParameters: {
        USER_ID_FOR_SRP: 'ada',
        requiredAttributes: '["userAttributes.given_name"]',
        userAttributes: '{"email":"ada@example.com","email_verified":"true"}',
      },
    })
    t.match(Session, /^AYABe[\w-]+$/)
    t.ok(Session.length > 1500 && Session.length <= 2048)
  })

  await t.test('refuses an answer that will not do, and takes a better one in the same session (L15, L16, L17)', async (t) => {
    const session = await begin('ada')
    const cases: [responses: Record<string, string>, type: string, message: string][] = [
      [{ NEW_PASSWORD: 'Another-34' }, 'InvalidParameterException', 'Missing required parameter USERNAME'],
      [{ USERNAME: 'ada' }, 'InvalidParameterException', 'Missing required parameter NEW_PASSWORD'],
      [{ USERNAME: 'ada', NEW_PASSWORD: 'Another-34' }, 'InvalidParameterException', 'Invalid attributes given, given_name is missing'],
      [
        { USERNAME: 'ada', ...NEW, 'userAttributes.email': 'b@example.com' },
        'NotAuthorizedException',
        'Cannot modify an already provided email',
      ],
      [
        { USERNAME: 'ada', ...NEW, NEW_PASSWORD: 'short' },
        'InvalidPasswordException',
        'Password did not conform with policy: Password not long enough',
      ],
      [{ USERNAME: 'bob', ...NEW }, 'NotAuthorizedException', 'Invalid session for the user.'],
    ]
    for (const [responses, type, message] of cases) await refuses(t, respond(session, responses), type, message)
    await refuses(t, respond(undefined, { USERNAME: 'ada', ...NEW }), 'InvalidParameterException', 'Missing required parameter Session')

    const { AuthenticationResult } = await respond(session, { USERNAME: 'ada', ...NEW, 'userAttributes.custom:team': 'red' })
    t.ok(AuthenticationResult?.RefreshToken)
    const user = await idp.cognito.AdminGetUser({ UserPoolId: world.pool, Username: 'ada' })
    t.equal(user.UserStatus, 'CONFIRMED')
    t.match(user.UserAttributes, only({}, {}, {}, { Name: 'given_name', Value: 'Ada' }, { Name: 'custom:team', Value: 'red' }))
    await refuses(t, signIn(idp, world, 'ada'), ...WRONG)
    t.ok((await signIn(idp, world, 'ada', 'Another-34')).AuthenticationResult)

    const used = 'Invalid session for the user, session can only be used once.'
    await refuses(t, respond(session, { USERNAME: 'ada', ...NEW }), 'NotAuthorizedException', used)
  })

  await t.test('lets in once who answers twice at once (L17)', async (t) => {
    await makeUser(idp, world, 'tim', {}, { confirmed: false })
    const session = await begin('tim')
    const both = await Promise.allSettled([respond(session, { USERNAME: 'tim', ...NEW }), respond(session, { USERNAME: 'tim', ...NEW })])
    t.strictSame(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    const refused = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult
    t.equal((refused.reason as Error).message, 'Invalid session for the user, session can only be used once.')
  })

  await t.test('holds a session to its client, its time and its challenge (L17)', async (t) => {
    await makeUser(idp, world, 'bob', {}, { confirmed: false })
    const invalid = ['NotAuthorizedException', 'Invalid session for the user.'] as const
    const session = await begin('bob')
    await refuses(t, respond(`AYABe${'x'.repeat(100)}`, { USERNAME: 'bob', ...NEW }), ...invalid)
    const other = await addClient(idp, world.pool)
    const elsewhere = { ClientId: other.client, ChallengeName: 'NEW_PASSWORD_REQUIRED' as const, Session: session }
    await refuses(t, idp.cognito.RespondToAuthChallenge({ ...elsewhere, ChallengeResponses: { USERNAME: 'bob', ...NEW } }), ...invalid)
    idp.clock.advance(3 * 60_000)
    const expired = 'Invalid session for the user, session is expired.'
    await refuses(t, respond(session, { USERNAME: 'bob', ...NEW }), 'NotAuthorizedException', expired)
  })

  await t.test('works through the operations of administrators (L27)', async (t) => {
    await makeUser(idp, world, 'eve', {}, { confirmed: false })
    const where = { UserPoolId: world.pool, ClientId: world.client }
    const { Session, ChallengeName } = await idp.cognito.AdminInitiateAuth({
      ...where,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'eve', PASSWORD },
    })
    t.equal(ChallengeName, 'NEW_PASSWORD_REQUIRED')
    const answer = await idp.cognito.AdminRespondToAuthChallenge({
      ...where,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session,
      ChallengeResponses: { USERNAME: 'eve', ...NEW },
    })
    t.ok(answer.AuthenticationResult?.IdToken)
  })
})

test('AdminInitiateAuth', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(idp)
  await makeUser(idp, world, 'ada')

  await t.test('says alike of every flow that it is not allowed (L6)', async (t) => {
    const strict = await addClient(idp, world.pool, { ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'] })
    for (const AuthFlow of ['ADMIN_USER_PASSWORD_AUTH', 'USER_PASSWORD_AUTH'] as const) {
      const call = { UserPoolId: world.pool, ClientId: strict.client, AuthFlow, AuthParameters: { USERNAME: 'ada', PASSWORD } }
      await refuses(t, idp.cognito.AdminInitiateAuth(call), 'InvalidParameterException', 'Auth flow not enabled for this client')
    }
  })

  await t.test('knows only clients of its pool (L27)', async (t) => {
    const other = await makeWorld(idp)
    const message = `User pool client ${other.client} does not exist.`
    const call = { UserPoolId: world.pool, ClientId: other.client, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH' as const }
    await refuses(t, idp.cognito.AdminInitiateAuth(call), 'ResourceNotFoundException', message)
  })
})

test('ChangePassword', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(idp)
  await makeUser(idp, world, 'ada')
  const { AccessToken } = await tokensOf(idp, world, 'ada')

  await t.test('refuses a wrong old password and a weak new one (A16)', async (t) => {
    const wrong = idp.cognito.ChangePassword({ AccessToken, PreviousPassword: 'Wrong-123', ProposedPassword: 'Another-34' })
    await refuses(t, wrong, ...WRONG)
    const weak = idp.cognito.ChangePassword({ AccessToken, PreviousPassword: PASSWORD, ProposedPassword: 'another-34' })
    const message = 'Password did not conform with policy: Password must have uppercase characters'
    await refuses(t, weak, 'InvalidPasswordException', message)
    await refuses(t, idp.cognito.ChangePassword({ AccessToken, ProposedPassword: 'Another-34' }), ...WRONG)
  })

  await t.test('refuses one of the passwords that the pool remembers (A16)', async (t) => {
    const own = await makeWorld(idp, { Policies: { PasswordPolicy: { PasswordHistorySize: 2 } } })
    const ada = { UserPoolId: own.pool, Username: 'ada' }
    await idp.cognito.AdminCreateUser({ ...ada, TemporaryPassword: 'Temporary-0', MessageAction: 'SUPPRESS' })
    await idp.cognito.AdminSetUserPassword({ ...ada, Password: PASSWORD, Permanent: true })
    const { AccessToken: token } = await tokensOf(idp, own, 'ada')
    const change = (PreviousPassword: string, ProposedPassword: string) =>
      idp.cognito.ChangePassword({ AccessToken: token, PreviousPassword, ProposedPassword })
    const used = ['PasswordHistoryPolicyViolationException', 'Password has previously been used'] as const
    await refuses(t, change(PASSWORD, PASSWORD), ...used)
    await change(PASSWORD, 'Another-34')
    await refuses(t, change('Another-34', PASSWORD), ...used)
  })

  await t.test('changes it', async (t) => {
    t.strictSame(await idp.cognito.ChangePassword({ AccessToken, PreviousPassword: PASSWORD, ProposedPassword: 'Another-34' }), {})
    await refuses(t, signIn(idp, world, 'ada'), ...WRONG)
    t.ok((await signIn(idp, world, 'ada', 'Another-34')).AuthenticationResult)
  })
})

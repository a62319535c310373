import { t, test } from 'tap'
import type { Refused } from '../support/emulator.ts'
import { emulator, type TestEmulator } from '../support/emulator.ts'
import { arn, type Event, moduleAt, recorder } from '../support/functions.ts'
import { only } from '../support/only.ts'

const PASSWORD = 'Passw0rd!'

type Config = NonNullable<Parameters<TestEmulator['cognito']['CreateUserPool']>[0]['LambdaConfig']>

/** One emulator for most tests: a function's ARN is named after the module it runs, `http` is for the recorder of a test. */
const FILES = ['confirm.js', 'confirm.cjs', 'cases.cjs', 'nothing.js', 'exit.js']
const lambda = await recorder(t)
const shared = await emulator(t, {
  settings: {
    rooms: {
      cognito: {
        functions: {
          ...Object.fromEntries(FILES.map((file) => [arn(file), moduleAt(file)])),
          [arn('http')]: { url: `${lambda.url}/hook` },
          [arn('lambda')]: { lambda: lambda.url },
          [`${arn('lambda')}:live`]: { lambda: lambda.url },
          [arn('away')]: { url: 'http://127.0.0.1:1/' },
          [arn('nowhere')]: { module: '/nowhere.js' },
        },
      },
    },
  },
})
t.beforeEach(() => lambda.clear())

/** A pool with these triggers and a client that may do everything. */
async function world(LambdaConfig: Config, more: Record<string, unknown> = {}, idp = shared) {
  const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'p', LambdaConfig, AutoVerifiedAttributes: ['email'], ...more })
  const { Id: UserPoolId = '' } = UserPool ?? {}
  const { UserPoolClient } = await idp.cognito.CreateUserPoolClient({
    UserPoolId,
    ClientName: 'c',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_CUSTOM_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  })
  const { ClientId = '' } = UserPoolClient ?? {}
  const signUp = (more: Record<string, unknown> = {}) =>
    idp.cognito.SignUp({
      ClientId,
      Username: 'jane',
      Password: PASSWORD,
      UserAttributes: [{ Name: 'email', Value: 'jane@example.com' }],
      ...more,
    })
  return { ...idp, UserPoolId, ClientId, signUp }
}

/** The event that a function threw back at us. */
function thrown({ message }: Error): unknown {
  return JSON.parse(message.replace(/^\w+ failed with error /, '').replace(/\.$/, ''))
}

test('functions', async (t) => {
  for (const file of ['confirm.js', 'confirm.cjs']) {
    t.test(`runs ${file} (H3)`, async (t) => {
      const { signUp } = await world({ PreSignUp: arn(file) })
      t.match(await signUp(), { UserConfirmed: true, CodeDeliveryDetails: undefined })
      t.match(await signUp({ Username: 'john' }), { UserConfirmed: true }, 'again, in the same thread')
    })
  }

  t.test('tells a handler where it runs', async (t) => {
    const { signUp } = await world({ PreSignUp: arn('cases.cjs') })
    const refused = (await signUp({ Username: 'context' }).catch((error) => error)) as Refused
    const { remaining, ...told } = thrown(refused) as { remaining: number }
    t.match(told, {
      functionName: 'cases.cjs',
      functionVersion: '$LATEST',
      invokedFunctionArn: arn('cases.cjs'),
      memoryLimitInMB: '128',
      awsRequestId: /^[0-9a-f-]{36}$/,
      logGroupName: '/aws/lambda/cases.cjs',
    })
    t.ok(remaining > 3000 && remaining <= 5000, 'five seconds, unless told otherwise (H3)')
  })

  t.test('takes the answer of the oldest form', async (t) => {
    const { signUp } = await world({ PreSignUp: arn('cases.cjs') })
    t.match(await signUp({ Username: 'old' }), { UserConfirmed: true })
  })

  const faults: [string, string, string, string, string?][] = [
    ['a handler that refuses', 'refuse', 'UserLambdaValidationException', 'PreSignUp failed with error You cannot sign up here.'],
    ['a handler that answers nothing', 'silent', 'InvalidLambdaResponseException', 'Invalid lambda function output : Invalid JSON'],
    ['a malformed response', 'malformed', 'InvalidLambdaResponseException', 'Unrecognizable lambda output'],
    [
      'an answer that is no JSON',
      'unprintable',
      'UserLambdaValidationException',
      'PreSignUp failed with error Do not know how to serialize a BigInt.',
    ],
    [
      'a module without a handler',
      'jane',
      'UserLambdaValidationException',
      'PreSignUp failed with error nothing.handler is undefined or not exported.',
      'nothing.js',
    ],
  ]
  for (const [what, Username, type, message, file = 'cases.cjs'] of faults) {
    t.test(`refuses ${what}`, async (t) => {
      const { signUp, cognito, UserPoolId } = await world({ PreSignUp: arn(file) })
      await t.rejects(signUp({ Username }), { type, message })
      t.same((await cognito.ListUsers({ UserPoolId })).Users, [], 'nobody came to be')
    })
  }

  t.test('refuses a handler that ends its process', async (t) => {
    const { signUp } = await world({ PreSignUp: arn('exit.js') })
    await t.rejects(signUp(), { type: 'UserLambdaValidationException', message: /Runtime exited with error: it ended with exit code 3\.$/ })
  })

  t.test('gives up after three tries on a module that blocks and on an address that is slow (H3, H4)', async (t) => {
    const functions = { [arn('block.js')]: moduleAt('block.js'), [arn('http')]: { url: lambda.url } }
    const hasty = await emulator(t, { settings: { rooms: { cognito: { functions, triggerLimit: 150 } } } })
    lambda.answers.PreSignUp_SignUp = () => new Promise((resolve) => setTimeout(resolve, 400))
    for (const name of ['block.js', 'http']) {
      const { signUp } = await world({ PreSignUp: arn(name) }, {}, hasty)
      const start = performance.now()
      await t.rejects(signUp(), {
        type: 'UnexpectedLambdaException',
        message: 'PreSignUp invocation failed due to error Socket timeout while invoking Lambda function.',
      })
      t.ok(performance.now() - start >= 450, name)
    }
  })

  t.test('names what to configure for a function that nobody knows', async (t) => {
    const { signUp } = await world({ PreSignUp: arn('unknown') })
    await t.rejects(signUp(), {
      type: 'UnexpectedLambdaException',
      message: new RegExp(`^PreSignUp invocation failed due to configuration\\. Nothing answers for ${arn('unknown')}: `),
    })
  })

  t.test('posts events to an address (H3, H4)', async (t) => {
    const { signUp } = await world({ PreSignUp: arn('http') })
    lambda.answers.PreSignUp_SignUp = () => ({ autoConfirmUser: true })
    t.match(await signUp(), { UserConfirmed: true })
    t.match(lambda.requests, only({ path: '/hook', headers: { 'content-type': 'application/json' } }))

    lambda.answers.PreSignUp_SignUp = () => new Error('no')
    await t.rejects(signUp({ Username: 'john' }), { type: 'UserLambdaValidationException', message: 'PreSignUp failed with error no.' })
    lambda.answers.PreSignUp_SignUp = () => 500
    await t.rejects(signUp({ Username: 'john' }), {
      type: 'UnexpectedLambdaException',
      message: `PreSignUp invocation failed due to error ${lambda.url}/hook answered 500.`,
    })
  })

  t.test('asks a Lambda endpoint to invoke (H3, H4)', async (t) => {
    const { signUp } = await world({ PreSignUp: `${arn('lambda')}:live` })
    lambda.answers.PreSignUp_SignUp = () => ({ autoConfirmUser: true })
    t.match(await signUp(), { UserConfirmed: true })
    t.match(
      lambda.requests,
      only({
        path: '/2015-03-31/functions/lambda/invocations?Qualifier=live',
        headers: {
          'x-amz-invocation-type': 'RequestResponse',
          authorization:
            /^AWS4-HMAC-SHA256 Credential=test\/\d{8}\/us-east-1\/lambda\/aws4_request, SignedHeaders=host;x-amz-date, Signature=[0-9a-f]{64}$/,
        },
      }),
    )
    lambda.answers.PreSignUp_SignUp = () => new Error('Task failed')
    await t.rejects(signUp({ Username: 'john' }), {
      type: 'UserLambdaValidationException',
      message: 'PreSignUp failed with error Task failed.',
    })
  })

  t.test('are named by a fixture, in each of the forms there are (H3)', async (t) => {
    const own = await emulator(t)
    const targets = {
      [arn('a-module')]: (moduleAt('confirm.js') as { module: string }).module,
      [arn('an-address')]: `${lambda.url}/hook`,
      [arn('an-endpoint')]: `lambda:${lambda.url}`,
    }
    const { status } = await own.request('POST', '/_/fixtures', [{ call: 'cognito.functions', input: targets }])
    t.equal(status, 200)
    lambda.answers.PreSignUp_SignUp = () => ({ autoConfirmUser: true })
    for (const name of ['a-module', 'an-address', 'an-endpoint']) {
      const { signUp } = await world({ PreSignUp: arn(name) }, {}, own)
      t.match(await signUp(), { UserConfirmed: true }, name)
    }
    t.same(
      lambda.requests.map(({ path }) => path),
      ['/hook', '/2015-03-31/functions/an-endpoint/invocations'],
    )
    const wrong = await own.request('POST', '/_/fixtures', [{ call: 'cognito.functions', input: { [arn('x')]: 'ftp://x' } }])
    t.equal(wrong.status, 400)
    t.match(JSON.stringify(wrong.body), 'functions are named like { <arn>: ./trigger.js }')
  })

  t.test('says who cannot be reached', async (t) => {
    const { signUp } = await world({ PreSignUp: arn('away') })
    await t.rejects(signUp(), { type: 'UnexpectedLambdaException', message: /^PreSignUp invocation failed due to error http:\/\/127/ })
    const { signUp: other } = await world({ PreSignUp: arn('nowhere') })
    await t.rejects(other(), { type: 'UnexpectedLambdaException', message: /there is no module \/nowhere\.js/ })
  })
})

test('PreSignUp', async (t) => {
  t.test('gets the documented event at sign-up (H1, H2)', async (t) => {
    const { signUp, UserPoolId, ClientId } = await world({ PreSignUp: arn('cases.cjs') })
    const refused = (await signUp({
      Username: 'tell',
      ValidationData: [{ Name: 'captcha', Value: '7' }],
      ClientMetadata: { from: 'web' },
    }).catch((error) => error)) as Refused
    t.equal(refused.type, 'UserLambdaValidationException')
    t.same(thrown(refused), {
      version: '1',
      triggerSource: 'PreSignUp_SignUp',
      region: 'us-east-1',
      userPoolId: UserPoolId,
      userName: 'tell',
      callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: ClientId },
      request: {
        userAttributes: { email: 'jane@example.com' },
        validationData: { captcha: '7' },
        clientMetadata: { from: 'web' },
      },
      response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
    })
  })

  t.test('gets the documented event when an administrator makes a user, and cannot confirm (H1, H2, A5)', async (t) => {
    const { cognito, UserPoolId } = await world({ PreSignUp: arn('http') })
    lambda.answers.PreSignUp_AdminCreateUser = () => ({ autoConfirmUser: true, autoVerifyEmail: true })
    const UserAttributes = [{ Name: 'email', Value: 'jane@example.com' }]
    const { User } = await cognito.AdminCreateUser({ UserPoolId, Username: 'jane', UserAttributes, ValidationData: UserAttributes })
    t.equal(User?.UserStatus, 'FORCE_CHANGE_PASSWORD')
    t.same(lambda.events, [
      {
        version: '1',
        triggerSource: 'PreSignUp_AdminCreateUser',
        region: 'us-east-1',
        userPoolId: UserPoolId,
        userName: 'jane',
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: 'CLIENT_ID_NOT_APPLICABLE' },
        request: { userAttributes: { email: 'jane@example.com' }, validationData: { email: 'jane@example.com' } },
        response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
      },
    ])
  })

  t.test('confirms and verifies, then PostConfirmation runs (H5)', async (t) => {
    const { signUp, outbox, ClientId, UserPoolId } = await world({ PreSignUp: arn('confirm.js'), PostConfirmation: arn('http') })
    const { UserSub, ...rest } = await signUp()
    t.same(rest, { UserConfirmed: true })
    t.equal(outbox.latest({ user: UserSub }), undefined)
    t.same(lambda.events, [
      {
        version: '1',
        triggerSource: 'PostConfirmation_ConfirmSignUp',
        region: 'us-east-1',
        userPoolId: UserPoolId,
        userName: 'jane',
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: ClientId },
        request: {
          userAttributes: { sub: UserSub, 'cognito:user_status': 'CONFIRMED', email: 'jane@example.com', email_verified: 'true' },
        },
        response: {},
      },
    ])
  })

  t.test('refuses to verify what is not there (H5)', async (t) => {
    const { signUp } = await world({ PreSignUp: arn('confirm.js') })
    await t.rejects(signUp({ UserAttributes: [] }), {
      type: 'InvalidLambdaResponseException',
      message: 'User does not have an email to verify.',
    })
  })

  t.test('takes over a verified alias (H5)', async (t) => {
    const { signUp, cognito, UserPoolId } = await world({ PreSignUp: arn('confirm.js') }, { AliasAttributes: ['email'] })
    await signUp()
    await signUp({ Username: 'john' })
    t.equal((await cognito.AdminGetUser({ UserPoolId, Username: 'jane@example.com' })).Username, 'john')
  })
})

test('PostConfirmation', async (t) => {
  t.test('runs at ConfirmSignUp and leaves the user confirmed when it throws', async (t) => {
    const { signUp, cognito, outbox, ClientId, UserPoolId } = await world({ PostConfirmation: arn('http') })
    lambda.answers.PostConfirmation_ConfirmSignUp = () => new Error('database away')
    await signUp()
    const ConfirmationCode = outbox.latest()?.code ?? ''
    await t.rejects(cognito.ConfirmSignUp({ ClientId, Username: 'jane', ConfirmationCode, ClientMetadata: { a: 'b' } }), {
      type: 'UserLambdaValidationException',
      message: 'PostConfirmation failed with error database away.',
    })
    t.match(lambda.events, only({ triggerSource: 'PostConfirmation_ConfirmSignUp', request: { clientMetadata: { a: 'b' } } }))
    t.equal((await cognito.AdminGetUser({ UserPoolId, Username: 'jane' })).UserStatus, 'CONFIRMED')
  })

  t.test('sees the user confirmed, and may change the user', async (t) => {
    const { signUp, cognito, UserPoolId } = await world({ PreSignUp: arn('confirm.js'), PostConfirmation: arn('http') })
    const at = { UserPoolId, Username: 'jane' }
    let seen: string | undefined
    lambda.answers.PostConfirmation_ConfirmSignUp = async () => {
      seen = (await cognito.AdminGetUser(at)).UserStatus
      await cognito.AdminUpdateUserAttributes({ ...at, UserAttributes: [{ Name: 'nickname', Value: 'J' }] })
      return {}
    }
    await signUp()
    t.equal(seen, 'CONFIRMED')
    t.match((await cognito.AdminGetUser(at)).UserAttributes, only({}, {}, {}, { Name: 'nickname', Value: 'J' }))
    t.equal(lambda.events.length, 1)
  })

  t.test('runs at AdminConfirmSignUp (S18)', async (t) => {
    const { signUp, cognito, UserPoolId } = await world({ PostConfirmation: arn('http') })
    await signUp()
    await cognito.AdminConfirmSignUp({ UserPoolId, Username: 'jane' })
    t.match(
      lambda.events.map((event: Event) => [event.triggerSource, event.callerContext.clientId]),
      only(only('PostConfirmation_ConfirmSignUp', 'CLIENT_ID_NOT_APPLICABLE')),
    )
    t.match((lambda.events[0] as Event).request, { userAttributes: { email_verified: 'false' } })
  })
})

/** A confirmed user named jane, made by an administrator. */
async function jane({ cognito, UserPoolId }: Awaited<ReturnType<typeof world>>, attributes: Record<string, string> = {}) {
  const UserAttributes = Object.entries({ email: 'jane@example.com', ...attributes }).map(([Name, Value]) => ({ Name, Value }))
  const { User } = await cognito.AdminCreateUser({ UserPoolId, Username: 'jane', UserAttributes, MessageAction: 'SUPPRESS' })
  await cognito.AdminSetUserPassword({ UserPoolId, Username: 'jane', Password: PASSWORD, Permanent: true })
  return User?.Attributes?.find(({ Name }) => Name === 'sub')?.Value as string
}

function signIn(
  { cognito, ClientId }: Awaited<ReturnType<typeof world>>,
  USERNAME = 'jane',
  metadata?: Record<string, string>,
  PASSWORD_ = PASSWORD,
) {
  return cognito.InitiateAuth({
    ClientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME, PASSWORD: PASSWORD_ },
    ...(metadata === undefined ? {} : { ClientMetadata: metadata }),
  })
}

function caller(ClientId: string) {
  return { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: ClientId }
}

test('PreAuthentication, PostAuthentication and PreTokenGeneration', async (t) => {
  t.test('run in this order with the documented events (H1, H2, H6, L28)', async (t) => {
    const all = await world({ PreAuthentication: arn('http'), PostAuthentication: arn('http'), PreTokenGeneration: arn('http') })
    const sub = await jane(all)
    await signIn(all, 'jane', { device: 'laptop' })
    const common = { version: '1', region: 'us-east-1', userPoolId: all.UserPoolId, userName: 'jane', callerContext: caller(all.ClientId) }
    const userAttributes = { sub, 'cognito:user_status': 'CONFIRMED', email: 'jane@example.com' }
    t.same(lambda.events, [
      {
        ...common,
        triggerSource: 'PreAuthentication_Authentication',
        request: { userAttributes, validationData: { device: 'laptop' } },
        response: {},
      },
      { ...common, triggerSource: 'PostAuthentication_Authentication', request: { userAttributes, newDeviceUsed: false }, response: {} },
      {
        ...common,
        triggerSource: 'TokenGeneration_Authentication',
        request: { userAttributes, groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null } },
        response: { claimsOverrideDetails: null },
      },
    ])
  })

  for (const [name, source] of [
    ['PreAuthentication', 'PreAuthentication_Authentication'],
    ['PostAuthentication', 'PostAuthentication_Authentication'],
    ['PreTokenGeneration', 'TokenGeneration_Authentication'],
  ] as const) {
    t.test(`${name} that throws keeps the user out`, async (t) => {
      const all = await world({ [name]: arn('http') })
      await jane(all)
      lambda.answers[source] = () => new Error('not today')
      await t.rejects(signIn(all), { type: 'UserLambdaValidationException', message: `${name} failed with error not today.` })
    })
  }

  t.test('PreAuthentication runs before the password is checked, and for nobody where a client hides who exists (H7, L28)', async (t) => {
    const all = await world({ PreAuthentication: arn('http') })
    await jane(all)
    await t.rejects(signIn(all, 'jane', undefined, 'Wr0ng-one'), {
      type: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
    })
    await t.rejects(signIn(all, 'nobody'), { type: 'UserNotFoundException', message: 'User does not exist.' })
    t.match(lambda.events, only({ userName: 'jane', request: { validationData: null, userNotFound: undefined } }))

    const { UserPoolClient } = await all.cognito.CreateUserPoolClient({
      UserPoolId: all.UserPoolId,
      ClientName: 'hiding',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
    })
    lambda.clear()
    const hiding = { ...all, ClientId: UserPoolClient?.ClientId as string }
    await t.rejects(signIn(hiding, 'nobody'), { type: 'NotAuthorizedException', message: 'Incorrect username or password.' })
    await signIn(hiding)
    t.match(
      lambda.events,
      only({ userName: 'nobody', request: { userNotFound: true } }, { userName: 'jane', request: { userNotFound: false } }),
    )
    t.same(lambda.events[0]?.request.userAttributes, {})
  })

  t.test('ClientMetadata of a challenge reaches what follows it (H6, L16)', async (t) => {
    const all = await world({ PostAuthentication: arn('http'), PreTokenGeneration: arn('http') })
    const { cognito, UserPoolId, ClientId } = all
    await cognito.AdminCreateUser({ UserPoolId, Username: 'jane', TemporaryPassword: PASSWORD, MessageAction: 'SUPPRESS' })
    const { Session = '' } = await signIn(all, 'jane', { first: '1' })
    await cognito.RespondToAuthChallenge({
      ClientId,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session,
      ChallengeResponses: { USERNAME: 'jane', NEW_PASSWORD: 'An0ther-one' },
      ClientMetadata: { second: '2' },
    })
    t.match(
      lambda.events,
      only(
        { triggerSource: 'PostAuthentication_Authentication', request: { clientMetadata: { second: '2' } } },
        { triggerSource: 'TokenGeneration_NewPasswordChallenge', request: { clientMetadata: { second: '2' } } },
      ),
    )
  })
})

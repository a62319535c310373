import { t, test } from 'tap'
import type { Refused } from '../support/emulator.ts'
import { emulator, type TestEmulator } from '../support/emulator.ts'
import { arn, type Event, moduleAt, recorder } from '../support/functions.ts'

const PASSWORD = 'Passw0rd!'

type Config = NonNullable<Parameters<TestEmulator['cognito']['CreateUserPool']>[0]['LambdaConfig']>

/** One emulator for most tests: a function's ARN is named after the module it runs, `http` is for the recorder of a test. */
const FILES = [
  'confirm.js',
  'confirm.cjs',
  'confirm-old.cjs',
  'context.js',
  'fail.cjs',
  'silent.js',
  'malformed.js',
  'nothing.js',
  'exit.js',
  'tell.js',
]
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
  for (const file of ['confirm.js', 'confirm.cjs', 'confirm-old.cjs']) {
    t.test(`runs ${file}`, async (t) => {
      const { signUp } = await world({ PreSignUp: arn(file) })
      t.match(await signUp(), { UserConfirmed: true, CodeDeliveryDetails: undefined })
      t.match(await signUp({ Username: 'john' }), { UserConfirmed: true }, 'again, in the same thread')
    })
  }

  t.test('tells a handler where it runs', async (t) => {
    const { signUp } = await world({ PreSignUp: arn('context.js') })
    const refused = (await signUp().catch((error) => error)) as Refused
    t.match(thrown(refused), {
      functionName: 'context.js',
      functionVersion: '$LATEST',
      invokedFunctionArn: arn('context.js'),
      memoryLimitInMB: '128',
      awsRequestId: /^[0-9a-f-]{36}$/,
      logGroupName: '/aws/lambda/context.js',
      remaining: true,
    })
  })

  const faults: [string, string, string, string][] = [
    ['a handler that refuses', 'fail.cjs', 'UserLambdaValidationException', 'PreSignUp failed with error You cannot sign up here.'],
    ['a handler that answers nothing', 'silent.js', 'InvalidLambdaResponseException', 'Invalid lambda function output : Invalid JSON'],
    ['a malformed response', 'malformed.js', 'InvalidLambdaResponseException', 'Unrecognizable lambda output'],
    [
      'a module without a handler',
      'nothing.js',
      'UserLambdaValidationException',
      'PreSignUp failed with error nothing.handler is undefined or not exported.',
    ],
  ]
  for (const [what, file, type, message] of faults) {
    t.test(`refuses ${what}`, async (t) => {
      const { signUp, cognito, UserPoolId } = await world({ PreSignUp: arn(file) })
      await t.rejects(signUp(), { type, message })
      t.same((await cognito.ListUsers({ UserPoolId })).Users, [], 'nobody came to be')
    })
  }

  t.test('refuses a handler that ends its process', async (t) => {
    const { signUp } = await world({ PreSignUp: arn('exit.js') })
    await t.rejects(signUp(), { type: 'UserLambdaValidationException', message: /Runtime exited with error: it ended with exit code 3\.$/ })
  })

  const hasty = await emulator(t, {
    settings: {
      rooms: {
        cognito: { functions: { [arn('slow.js')]: moduleAt('slow.js'), [arn('block.js')]: moduleAt('block.js') }, triggerLimit: 150 },
      },
    },
  })
  for (const file of ['slow.js', 'block.js']) {
    t.test(`gives up on ${file} after three tries`, async (t) => {
      const { signUp } = await world({ PreSignUp: arn(file) }, {}, hasty)
      const start = performance.now()
      await t.rejects(signUp(), {
        type: 'UnexpectedLambdaException',
        message: 'PreSignUp invocation failed due to error Socket timeout while invoking Lambda function.',
      })
      t.ok(performance.now() - start >= 450)
    })
  }

  t.test('names what to configure for a function that nobody knows', async (t) => {
    const { signUp } = await world({ PreSignUp: arn('unknown') })
    await t.rejects(signUp(), {
      type: 'UnexpectedLambdaException',
      message: new RegExp(`^PreSignUp invocation failed due to configuration\\. Nothing answers for ${arn('unknown')}: `),
    })
  })

  t.test('posts events to an address', async (t) => {
    const { signUp } = await world({ PreSignUp: arn('http') })
    lambda.answers.PreSignUp_SignUp = () => ({ autoConfirmUser: true })
    t.match(await signUp(), { UserConfirmed: true })
    t.match(lambda.requests, [{ path: '/hook', headers: { 'content-type': 'application/json' } }])

    lambda.answers.PreSignUp_SignUp = () => new Error('no')
    await t.rejects(signUp({ Username: 'john' }), { type: 'UserLambdaValidationException', message: 'PreSignUp failed with error no.' })
    lambda.answers.PreSignUp_SignUp = () => 500
    await t.rejects(signUp({ Username: 'john' }), {
      type: 'UnexpectedLambdaException',
      message: `PreSignUp invocation failed due to error ${lambda.url}/hook answered 500.`,
    })
  })

  t.test('asks a Lambda endpoint to invoke', async (t) => {
    const { signUp } = await world({ PreSignUp: `${arn('lambda')}:live` })
    lambda.answers.PreSignUp_SignUp = () => ({ autoConfirmUser: true })
    t.match(await signUp(), { UserConfirmed: true })
    t.match(lambda.requests, [
      {
        path: '/2015-03-31/functions/lambda/invocations?Qualifier=live',
        headers: {
          'x-amz-invocation-type': 'RequestResponse',
          authorization:
            /^AWS4-HMAC-SHA256 Credential=test\/\d{8}\/us-east-1\/lambda\/aws4_request, SignedHeaders=host;x-amz-date, Signature=[0-9a-f]{64}$/,
        },
      },
    ])
    lambda.answers.PreSignUp_SignUp = () => new Error('Task failed')
    await t.rejects(signUp({ Username: 'john' }), { message: 'PreSignUp failed with error Task failed.' })
  })

  t.test('says who cannot be reached', async (t) => {
    const { signUp } = await world({ PreSignUp: arn('away') })
    await t.rejects(signUp(), { type: 'UnexpectedLambdaException', message: /^PreSignUp invocation failed due to error http:\/\/127/ })
    const { signUp: other } = await world({ PreSignUp: arn('nowhere') })
    await t.rejects(other(), { type: 'UnexpectedLambdaException', message: /there is no module \/nowhere\.js/ })
  })
})

test('PreSignUp', async (t) => {
  t.test('gets the documented event at sign-up', async (t) => {
    const { signUp, UserPoolId, ClientId } = await world({ PreSignUp: arn('tell.js') })
    const refused = (await signUp({
      ValidationData: [{ Name: 'captcha', Value: '7' }],
      ClientMetadata: { from: 'web' },
    }).catch((error) => error)) as Refused
    t.equal(refused.type, 'UserLambdaValidationException')
    t.same(thrown(refused), {
      version: '1',
      triggerSource: 'PreSignUp_SignUp',
      region: 'us-east-1',
      userPoolId: UserPoolId,
      userName: 'jane',
      callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: ClientId },
      request: {
        userAttributes: { email: 'jane@example.com' },
        validationData: { captcha: '7' },
        clientMetadata: { from: 'web' },
      },
      response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
    })
  })

  t.test('gets the documented event when an administrator makes a user, and cannot confirm', async (t) => {
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

  t.test('confirms and verifies, then PostConfirmation runs', async (t) => {
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

  t.test('refuses to verify what is not there', async (t) => {
    const { signUp } = await world({ PreSignUp: arn('confirm.js') })
    await t.rejects(signUp({ UserAttributes: [] }), {
      type: 'InvalidLambdaResponseException',
      message: 'User does not have an email to verify.',
    })
  })

  t.test('takes over a verified alias', async (t) => {
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
    t.match(lambda.events, [{ triggerSource: 'PostConfirmation_ConfirmSignUp', request: { clientMetadata: { a: 'b' } } }])
    t.equal((await cognito.AdminGetUser({ UserPoolId, Username: 'jane' })).UserStatus, 'CONFIRMED')
  })

  t.test('runs at AdminConfirmSignUp, once, though it changes the user', async (t) => {
    const { signUp, cognito, UserPoolId } = await world({ PostConfirmation: arn('http') })
    await signUp()
    await cognito.AdminConfirmSignUp({ UserPoolId, Username: 'jane' })
    t.match(
      lambda.events.map((event: Event) => [event.triggerSource, event.callerContext.clientId]),
      [['PostConfirmation_ConfirmSignUp', 'CLIENT_ID_NOT_APPLICABLE']],
    )
    t.match((lambda.events[0] as Event).request, { userAttributes: { email_verified: 'false' } })
  })
})

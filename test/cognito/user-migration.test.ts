import { t, test } from 'tap'
import { attributesOf, makePool } from '../support/cognito.ts'
import { emulator } from '../support/emulator.ts'
import { arn, recorder } from '../support/functions.ts'
import { only } from '../support/only.ts'
import { addClient, makeUser, makeWorld, PASSWORD, refuses, signIn, type World } from '../support/sign-in.ts'
import { srpClient } from '../support/srp.ts'

const lambda = await recorder(t)
const idp = await emulator(t, { settings: { rooms: { cognito: { functions: { '*': { url: lambda.url } } } } } })
t.beforeEach(() => lambda.clear())
const LambdaConfig = { UserMigration: arn('migrate') }
const MIGRATED = { userAttributes: { email: 'old@example.com', email_verified: 'true' }, finalUserStatus: 'CONFIRMED' }

test('UserMigration runs where a password is at hand, and nowhere else (H10)', async (t) => {
  const world = await makeWorld(
    idp,
    { LambdaConfig: { ...LambdaConfig, DefineAuthChallenge: arn('define') } },
    {
      ExplicitAuthFlows: [
        ...(['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH'] as const),
        ...(['ALLOW_CUSTOM_AUTH', 'ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] as const),
      ],
    },
  )
  const unknown = ['UserNotFoundException', 'User does not exist.'] as const
  const { SRP_A } = srpClient(world.pool.split('_')[1] as string, PASSWORD)
  for (const [AuthFlow, more] of [
    ['USER_SRP_AUTH', { SRP_A }],
    ['CUSTOM_AUTH', {}],
    ['USER_AUTH', {}],
  ] as const) {
    const AuthParameters = { USERNAME: 'old', ...more }
    await refuses(t, idp.cognito.InitiateAuth({ AuthFlow, ClientId: world.client, AuthParameters }), ...unknown)
  }
  t.strictSame(lambda.events, [])

  lambda.answers.UserMigration_Authentication = () => ({ ...MIGRATED, messageAction: 'SUPPRESS' })
  const flows = ['ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'] as const
  for (const AuthFlow of flows) {
    const AuthParameters = { USERNAME: `old ${AuthFlow}`.replace(' ', '-'), PASSWORD: 'short' }
    const answer = await idp.cognito.AdminInitiateAuth({ AuthFlow, UserPoolId: world.pool, ClientId: world.client, AuthParameters })
    t.ok(answer.AuthenticationResult)
  }
  const byChoice = { USERNAME: 'older', PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: 'short' }
  const chosen = await idp.cognito.InitiateAuth({ AuthFlow: 'USER_AUTH', ClientId: world.client, AuthParameters: byChoice })
  t.ok(chosen.AuthenticationResult)
  t.equal(lambda.events.length, 3)
})

test('UserMigration says whether the password of old is good, who bears an alias, and who is told (H10)', async (t) => {
  t.test('a password must be reset unless it is said to be confirmed', async (t) => {
    const world = await makeWorld(idp, { LambdaConfig })
    lambda.answers.UserMigration_Authentication = () => ({ userAttributes: MIGRATED.userAttributes, messageAction: 'SUPPRESS' })
    await refuses(t, signIn(idp, world, 'old'), 'PasswordResetRequiredException', 'Password reset required for the user')
    t.equal((await idp.cognito.AdminGetUser({ UserPoolId: world.pool, Username: 'old' })).UserStatus, 'RESET_REQUIRED')
  })

  t.test('an alias moves only if that is wanted', async (t) => {
    const world = await makeWorld(idp, { LambdaConfig, AliasAttributes: ['email'] })
    await makeUser(idp, world, 'ada', MIGRATED.userAttributes)
    lambda.answers.UserMigration_Authentication = () => ({ ...MIGRATED, messageAction: 'SUPPRESS' })
    await refuses(t, signIn(idp, world, 'old'), 'UserNotFoundException', `Exception migrating user in app client ${world.client}`)
    lambda.answers.UserMigration_Authentication = () => ({ ...MIGRATED, messageAction: 'SUPPRESS', forceAliasCreation: true })
    t.ok((await signIn(idp, world, 'old')).AuthenticationResult)
    t.equal((await idp.cognito.AdminGetUser({ UserPoolId: world.pool, Username: 'old@example.com' })).Username, 'old')
    t.match(await attributesOf(idp, world.pool, 'ada'), { email_verified: 'false' })
  })

  t.test('a welcome goes out by the media that it names unless it is suppressed', async (t) => {
    const world = await makeWorld(idp, { LambdaConfig })
    lambda.answers.UserMigration_Authentication = () => ({ ...MIGRATED, desiredDeliveryMediums: ['EMAIL'] })
    const before = idp.outbox.count()
    t.ok((await signIn(idp, world, 'old')).AuthenticationResult)
    t.equal(idp.outbox.count(), before + 1)
    t.match(idp.outbox.latest(), { channel: 'email', to: 'old@example.com', template: 'AdminCreateUser' })
  })

  t.test('in a pool named by e-mail the name that was typed becomes the address', async (t) => {
    const pool = await makePool(idp, { LambdaConfig, UsernameAttributes: ['email'] })
    const client = await addClient(idp, pool)
    lambda.answers.UserMigration_Authentication = () => ({
      userAttributes: { email_verified: 'true' },
      finalUserStatus: 'CONFIRMED',
      messageAction: 'SUPPRESS',
    })
    t.ok((await signIn(idp, client, 'old@example.com')).AuthenticationResult)
    t.match(await attributesOf(idp, pool, 'old@example.com'), { email: 'old@example.com', email_verified: 'true' })
  })
})

function withMetadata({ client }: World, USERNAME: string, password: string) {
  const AuthParameters = { USERNAME, PASSWORD: password }
  return idp.cognito.InitiateAuth({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId: client, AuthParameters, ClientMetadata: { from: 'web' } })
}

test('UserMigration', async (t) => {
  t.test('makes the user and signs in with the password of old (H10, H6, L28)', async (t) => {
    const world = await makeWorld(idp, { LambdaConfig })
    lambda.answers.UserMigration_Authentication = () => ({
      userAttributes: { email: 'old@example.com', email_verified: 'true' },
      finalUserStatus: 'CONFIRMED',
      messageAction: 'SUPPRESS',
    })
    t.ok((await withMetadata(world, 'old', 'short')).AuthenticationResult)
    t.same(lambda.events, [
      {
        version: '1',
        triggerSource: 'UserMigration_Authentication',
        region: 'us-east-1',
        userPoolId: world.pool,
        userName: 'old',
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: world.client },
        request: { password: 'short', validationData: { from: 'web' } },
        response: {
          userAttributes: null,
          forceAliasCreation: null,
          enableSMSMFA: null,
          finalUserStatus: null,
          messageAction: null,
          desiredDeliveryMediums: null,
        },
      },
    ])
    await signIn(idp, world, 'old', 'short')
    t.equal(lambda.events.length, 1, 'a user who is there is not migrated again')
  })

  t.test('turns SMS on as second factor, for who has a phone (H10)', async (t) => {
    const world = await makeWorld(idp, { LambdaConfig })
    const answer = (userAttributes: Record<string, string>) => {
      lambda.answers.UserMigration_Authentication = () => ({
        userAttributes,
        finalUserStatus: 'CONFIRMED',
        messageAction: 'SUPPRESS',
        enableSMSMFA: true,
      })
    }
    answer({ phone_number: '+12025550123' })
    await signIn(idp, world, 'old')
    t.match(await idp.cognito.AdminGetUser({ UserPoolId: world.pool, Username: 'old' }), { UserMFASettingList: only('SMS_MFA') })
    answer({})
    await t.rejects(signIn(idp, world, 'older'), { type: 'InvalidLambdaResponseException', message: 'enableSMSMFA needs a phone_number.' })
  })

  t.test('leaves unknown whom the function does not know', async (t) => {
    const world = await makeWorld(idp, { LambdaConfig })
    await t.rejects(signIn(idp, world, 'old'), { type: 'UserNotFoundException', message: 'User does not exist.' })
    lambda.answers.UserMigration_Authentication = () => new Error('Bad password')
    await t.rejects(signIn(idp, world, 'old'), {
      type: 'UserLambdaValidationException',
      message: 'UserMigration failed with error Bad password.',
    })
  })
})

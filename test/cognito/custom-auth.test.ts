import { t, test } from 'tap'
import type { ChallengeNameType } from '../../src/cognito/contract/types.ts'
import { emulator, START } from '../support/emulator.ts'
import { arn, moduleAt, recorder } from '../support/functions.ts'
import { only } from '../support/only.ts'
import { addClient, makeUser, makeWorld, PASSWORD, refuses, signIn, type World } from '../support/sign-in.ts'
import { srpClient } from '../support/srp.ts'

const lambda = await recorder(t)
const functions = { [arn('passwordless.js')]: moduleAt('passwordless.js'), [arn('http')]: { url: lambda.url } }
const idp = await emulator(t, { settings: { rooms: { cognito: { functions } } } })
t.beforeEach(() => lambda.clear())

const WRONG = 'Incorrect username or password.'

function triggers(name: string) {
  return { DefineAuthChallenge: arn(name), CreateAuthChallenge: arn(name), VerifyAuthChallengeResponse: arn(name) }
}

function start(world: World, more: Record<string, string> = {}, metadata: Record<string, string> = {}) {
  return idp.cognito.InitiateAuth({
    AuthFlow: 'CUSTOM_AUTH',
    ClientId: world.client,
    AuthParameters: { USERNAME: 'ada', ...more },
    ClientMetadata: metadata,
  })
}

function answer(world: World, Session: string | undefined, ANSWER: string, ChallengeName: ChallengeNameType = 'CUSTOM_CHALLENGE') {
  return idp.cognito.RespondToAuthChallenge({
    ChallengeName,
    ClientId: world.client,
    Session,
    ChallengeResponses: { USERNAME: 'ada', ANSWER },
    ClientMetadata: { tab: '1' },
  })
}

test('CUSTOM_AUTH', async (t) => {
  t.test("signs in by the pool's own questions, with a wrong answer on the way (L24, L17)", async (t) => {
    const world = await makeWorld(idp, { LambdaConfig: triggers('passwordless.js') })
    await makeUser(idp, world, 'ada')
    const first = await start(world)
    t.match(first, {
      ChallengeName: 'CUSTOM_CHALLENGE',
      ChallengeParameters: { USERNAME: 'ada', question: 'What is two and two?' },
      Session: /^AYAB/,
    })
    t.equal(Object.hasOwn(first.ChallengeParameters ?? {}, 'answer'), false)
    const second = await answer(world, first.Session, '5')
    t.equal(second.ChallengeName, 'CUSTOM_CHALLENGE')
    t.not(second.Session, first.Session)
    t.ok((await answer(world, second.Session, '4')).AuthenticationResult?.AccessToken)
    await refuses(
      t,
      answer(world, second.Session, '4'),
      'NotAuthorizedException',
      'Invalid session for the user, session can only be used once.',
    )
  })

  t.test('refuses when the function says so, and the session is over (L24)', async (t) => {
    const world = await makeWorld(idp, { LambdaConfig: triggers('passwordless.js') })
    await makeUser(idp, world, 'ada')
    let { Session } = await start(world)
    for (const wrong of ['1', '2']) Session = (await answer(world, Session, wrong)).Session
    await refuses(t, answer(world, Session, '3'), 'NotAuthorizedException', WRONG)
    t.equal(((await answer(world, Session, '4').catch((error) => error)) as Error).message.startsWith('Invalid session'), true)
    // Nor do answers lock anybody out: that is for passwords and codes (L5).
    for (let round = 0; round < 2; round++) {
      let { Session } = await start(world)
      for (const wrong of ['1', '2']) Session = (await answer(world, Session, wrong)).Session
      await refuses(t, answer(world, Session, '3'), 'NotAuthorizedException', WRONG)
    }
    t.ok((await signIn(idp, world, 'ada')).AuthenticationResult)
  })

  t.test('tells the functions what the service tells them (H1, H2, H6)', async (t) => {
    const world = await makeWorld(idp, { LambdaConfig: { ...triggers('http'), PreAuthentication: arn('http') } })
    const sub = await makeUser(idp, world, 'ada')
    lambda.answers.DefineAuthChallenge_Authentication = ({ request }) =>
      (request.session as unknown[]).length === 0 ? { challengeName: 'CUSTOM_CHALLENGE' } : { issueTokens: true }
    lambda.answers.CreateAuthChallenge_Authentication = () => ({
      publicChallengeParameters: { seen: 'a' },
      privateChallengeParameters: { hidden: 'b' },
      challengeMetadata: 'm',
    })
    lambda.answers.VerifyAuthChallengeResponse_Authentication = () => ({ answerCorrect: true })
    const { Session } = await start(world, {}, { from: 'web' })
    await answer(world, Session, 'x')

    const common = {
      version: '1',
      region: 'us-east-1',
      userPoolId: world.pool,
      userName: 'ada',
      callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: world.client },
    }
    const userAttributes = { sub, 'cognito:user_status': 'CONFIRMED' }
    const clientMetadata = { tab: '1' }
    const defined = { challengeName: null, issueTokens: null, failAuthentication: null }
    t.same(lambda.events, [
      {
        ...common,
        triggerSource: 'PreAuthentication_Authentication',
        request: { userAttributes, validationData: { from: 'web' } },
        response: {},
      },
      { ...common, triggerSource: 'DefineAuthChallenge_Authentication', request: { userAttributes, session: [] }, response: defined },
      {
        ...common,
        triggerSource: 'CreateAuthChallenge_Authentication',
        request: { userAttributes, challengeName: 'CUSTOM_CHALLENGE', session: [] },
        response: { publicChallengeParameters: null, privateChallengeParameters: null, challengeMetadata: null },
      },
      {
        ...common,
        triggerSource: 'VerifyAuthChallengeResponse_Authentication',
        request: { userAttributes, privateChallengeParameters: { hidden: 'b' }, challengeAnswer: 'x', clientMetadata },
        response: { answerCorrect: null },
      },
      {
        ...common,
        triggerSource: 'DefineAuthChallenge_Authentication',
        request: {
          userAttributes,
          session: [{ challengeName: 'CUSTOM_CHALLENGE', challengeResult: true, challengeMetadata: 'm' }],
          clientMetadata,
        },
        response: defined,
      },
    ])
  })

  t.test('after SRP: the password first, then the questions (L25)', async (t) => {
    const world = await makeWorld(idp, { LambdaConfig: triggers('http') })
    await makeUser(idp, world, 'ada')
    lambda.answers.DefineAuthChallenge_Authentication = ({ request }) => {
      const last = (request.session as { challengeName: string }[]).at(-1)?.challengeName
      if (last === 'SRP_A') return { challengeName: 'PASSWORD_VERIFIER' }
      return last === 'PASSWORD_VERIFIER' ? { challengeName: 'CUSTOM_CHALLENGE' } : { issueTokens: true }
    }
    lambda.answers.VerifyAuthChallengeResponse_Authentication = () => ({ answerCorrect: true })
    const srp = srpClient(world.pool.split('_')[1] as string, PASSWORD)
    const first = await start(world, { CHALLENGE_NAME: 'SRP_A', SRP_A: srp.SRP_A })
    t.equal(first.ChallengeName, 'PASSWORD_VERIFIER')
    const second = await idp.cognito.RespondToAuthChallenge({
      ChallengeName: 'PASSWORD_VERIFIER',
      ClientId: world.client,
      Session: first.Session,
      ChallengeResponses: { USERNAME: 'ada', ...srp.prove(first.ChallengeParameters ?? {}, new Date(START)) },
    })
    t.match(second, { ChallengeName: 'CUSTOM_CHALLENGE', ChallengeParameters: { USERNAME: 'ada' } })
    t.ok((await answer(world, second.Session, 'x')).AuthenticationResult)
    const sessions = lambda.events
      .filter(({ triggerSource }) => triggerSource.startsWith('Define'))
      .map(({ request }) => (request.session as { challengeName: string }[]).map(({ challengeName }) => challengeName))
    t.same(sessions, [['SRP_A'], ['SRP_A', 'PASSWORD_VERIFIER'], ['SRP_A', 'PASSWORD_VERIFIER', 'CUSTOM_CHALLENGE']])
    await refuses(t, start(world, { CHALLENGE_NAME: 'SRP_A' }), 'InvalidParameterException', 'Missing required parameter SRP_A')
  })

  t.test('after SRP a second factor is due as usual, before the questions (L25)', async (t) => {
    const world = await makeWorld(idp, { LambdaConfig: triggers('passwordless.js') })
    await makeUser(idp, world, 'ada', { phone_number: '+15555550199' })
    await idp.cognito.SetUserPoolMfaConfig({
      UserPoolId: world.pool,
      MfaConfiguration: 'OPTIONAL',
      SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sns' } },
    })
    await idp.cognito.AdminSetUserMFAPreference({ UserPoolId: world.pool, Username: 'ada', SMSMfaSettings: { Enabled: true } })
    const srp = srpClient(world.pool.split('_')[1] as string, PASSWORD)
    const first = await start(world, { CHALLENGE_NAME: 'SRP_A', SRP_A: srp.SRP_A })
    const respond = (ChallengeName: ChallengeNameType, Session: string | undefined, more: Record<string, string>) =>
      idp.cognito.RespondToAuthChallenge({
        ChallengeName,
        ClientId: world.client,
        Session,
        ChallengeResponses: { USERNAME: 'ada', ...more },
      })
    const proof = srp.prove(first.ChallengeParameters ?? {}, new Date(START))
    const second = await respond('PASSWORD_VERIFIER', first.Session, proof)
    t.equal(second.ChallengeName, 'SMS_MFA')
    const third = await respond('SMS_MFA', second.Session, { SMS_MFA_CODE: idp.outbox.latest()?.code ?? '' })
    t.equal(third.ChallengeName, 'CUSTOM_CHALLENGE')
    t.ok((await answer(world, third.Session, '4')).AuthenticationResult)
    // Alone, the pool's own questions are all there is.
    const alone = await start(world)
    t.ok((await answer(world, alone.Session, '4')).AuthenticationResult)
  })

  t.test('a temporary password stands in nobody’s way, and stays one (L24)', async (t) => {
    const world = await makeWorld(idp, { LambdaConfig: triggers('passwordless.js') })
    await makeUser(idp, world, 'ada', {}, { confirmed: false })
    t.ok((await answer(world, (await start(world)).Session, '4')).AuthenticationResult)
    t.equal((await idp.cognito.AdminGetUser({ UserPoolId: world.pool, Username: 'ada' })).UserStatus, 'FORCE_CHANGE_PASSWORD')
  })

  t.test('plays along for nobody where a client hides who exists, and gives nobody tokens (H7, L14)', async (t) => {
    const world = await makeWorld(idp, { LambdaConfig: triggers('http') }, { PreventUserExistenceErrors: 'ENABLED' })
    lambda.answers.DefineAuthChallenge_Authentication = ({ request }) =>
      (request.session as unknown[]).length === 0 ? { challengeName: 'CUSTOM_CHALLENGE' } : { issueTokens: true }
    lambda.answers.VerifyAuthChallengeResponse_Authentication = () => ({ answerCorrect: true })
    const { Session } = await start(world)
    await refuses(t, answer(world, Session, 'x'), 'NotAuthorizedException', WRONG)
    t.match(
      lambda.events,
      only(
        { request: { userNotFound: true } },
        { request: { userNotFound: true } },
        { request: { userNotFound: true } },
        { request: { userNotFound: true } },
      ),
    )
    const open = await addClient(idp, world.pool)
    await refuses(t, start(open), 'UserNotFoundException', 'User does not exist.')
  })

  const outcomes: [string, unknown, string, string][] = [
    ['no decision', {}, 'NotAuthorizedException', WRONG],
    ['a failure', { failAuthentication: true, issueTokens: true }, 'NotAuthorizedException', WRONG],
    ['a challenge that is none', { challengeName: 'RIDDLE' }, 'InvalidLambdaResponseException', 'Unrecognizable lambda output'],
    ['a proof without a start', { challengeName: 'PASSWORD_VERIFIER' }, 'InvalidLambdaResponseException', 'Unrecognizable lambda output'],
    ['a malformed answer', { issueTokens: 'yes' }, 'InvalidLambdaResponseException', 'Unrecognizable lambda output'],
    ['a throw', new Error('down'), 'UserLambdaValidationException', 'DefineAuthChallenge failed with error down.'],
  ]
  for (const [what, said, type, message] of outcomes) {
    t.test(`refuses ${what} of DefineAuthChallenge (L24, H4)`, async (t) => {
      const world = await makeWorld(idp, { LambdaConfig: triggers('http') })
      await makeUser(idp, world, 'ada')
      lambda.answers.DefineAuthChallenge_Authentication = () => said
      await refuses(t, start(world), type, message)
    })
  }

  t.test('refuses a pool without the functions, and a client that is not made for it (L26, L6)', async (t) => {
    const bare = await makeWorld(idp)
    const NO_TRIGGER = 'Custom auth lambda trigger is not configured for the user pool.'
    await refuses(t, start(bare), 'InvalidParameterException', NO_TRIGGER)
    const half = await makeWorld(idp, { LambdaConfig: { DefineAuthChallenge: arn('passwordless.js') } })
    await makeUser(idp, half, 'ada')
    await refuses(t, start(half), 'InvalidParameterException', NO_TRIGGER)
    const other = await addClient(idp, half.pool, { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] })
    await refuses(t, start(other), 'InvalidParameterException', 'CUSTOM_AUTH is not enabled for the client.')
  })

  t.test('works through the administrator’s operations (L27)', async (t) => {
    const world = await makeWorld(idp, { LambdaConfig: triggers('passwordless.js') })
    await makeUser(idp, world, 'ada')
    const at = { UserPoolId: world.pool, ClientId: world.client }
    const { Session } = await idp.cognito.AdminInitiateAuth({ ...at, AuthFlow: 'CUSTOM_AUTH', AuthParameters: { USERNAME: 'ada' } })
    const { AuthenticationResult } = await idp.cognito.AdminRespondToAuthChallenge({
      ...at,
      ChallengeName: 'CUSTOM_CHALLENGE',
      Session,
      ChallengeResponses: { USERNAME: 'ada', ANSWER: '4' },
    })
    t.ok(AuthenticationResult?.IdToken)
  })
})

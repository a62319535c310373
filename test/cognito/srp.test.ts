import { test } from 'tap'
import { N } from '../../src/cognito/rules/passwords/srp-numbers.ts'
import { power, slowPower } from '../../src/cognito/rules/passwords/srp-worker.ts'
import { emulator, START } from '../support/emulator.ts'
import { addClient, makeUser, makeWorld, PASSWORD, refuses, signIn, type World } from '../support/sign-in.ts'
import { srpClient, timestamp } from '../support/srp.ts'

const WRONG = ['NotAuthorizedException', 'Incorrect username or password.'] as const
const USED = ['NotAuthorizedException', 'Invalid session for the user, session can only be used once.'] as const

test('USER_SRP_AUTH', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(idp)
  await makeUser(idp, world, 'ada', { email: 'ada@example.com' })
  const NOW = new Date(START)

  async function begin(username: string, password = PASSWORD, where: World = world) {
    const srp = srpClient(where.pool.split('_')[1] as string, password)
    const answer = await idp.cognito.InitiateAuth({
      AuthFlow: 'USER_SRP_AUTH',
      ClientId: where.client,
      AuthParameters: { USERNAME: username, SRP_A: srp.SRP_A },
    })
    const prove = (at: Date | string = NOW, more: Record<string, string> = {}) =>
      idp.cognito.RespondToAuthChallenge({
        ClientId: where.client,
        ChallengeName: 'PASSWORD_VERIFIER',
        ChallengeResponses: { USERNAME: username, ...srp.prove(answer.ChallengeParameters ?? {}, at), ...more },
      })
    return { answer, prove }
  }

  await t.test('asks for a proof and answers tokens to it (L12, L13)', async (t) => {
    const { answer, prove } = await begin('ada')
    const { ChallengeParameters = {}, ...rest } = answer
    t.strictSame(rest, { ChallengeName: 'PASSWORD_VERIFIER' }, 'no Session: the block is what it is found by')
    t.strictSame(Object.keys(ChallengeParameters), ['SALT', 'SECRET_BLOCK', 'SRP_B', 'USERNAME', 'USER_ID_FOR_SRP'])
    t.equal(ChallengeParameters.USERNAME, 'ada')
    t.match(ChallengeParameters.SALT, /^[4-7][0-9a-f]{31}$/, 'a number that no client writes shorter or longer')
    t.ok((await prove()).AuthenticationResult?.RefreshToken)
    await refuses(t, prove(), ...USED)
  })

  await t.test('refuses a wrong password, and the right one in the session that failed (L12)', async (t) => {
    const { prove } = await begin('ada', 'Wrong-123')
    await refuses(t, prove(), ...WRONG)
    await refuses(t, prove(), ...USED)
    const second = await begin('ada')
    await refuses(t, second.prove(NOW, { PASSWORD_CLAIM_SIGNATURE: 'AAAA' }), ...WRONG)
    await refuses(t, second.prove(), ...USED)
  })

  await t.test('refuses a proof that bears another time (L12)', async (t) => {
    const limit = 5 * 60_000
    for (const near of [START - limit, START + limit]) {
      t.ok((await (await begin('ada')).prove(new Date(near))).AuthenticationResult)
      await refuses(t, (await begin('ada')).prove(new Date(near + Math.sign(near - START) * 1000)), ...WRONG)
    }
    await refuses(t, (await begin('ada')).prove('yesterday'), ...WRONG)
    await refuses(t, (await begin('ada')).prove(NOW, { TIMESTAMP: timestamp(new Date(START + 1000)) }), ...WRONG)
    t.ok((await (await begin('ada')).prove(new Date())).AuthenticationResult, 'a client goes by its own clock')
  })

  await t.test('refuses a public number that would give the key away (L12)', async (t) => {
    for (const SRP_A of ['0', N.toString(16), (N * 2n).toString(16), 'no number']) {
      const call = { AuthFlow: 'USER_SRP_AUTH' as const, ClientId: world.client, AuthParameters: { USERNAME: 'ada', SRP_A } }
      await refuses(t, idp.cognito.InitiateAuth(call), 'InvalidParameterException', 'Invalid SRP_A')
    }
  })

  await t.test('hides who exists if the client says so (L14)', async (t) => {
    await refuses(t, begin('nobody'), 'UserNotFoundException', 'User does not exist.')
    const hiding = await addClient(idp, world.pool, { PreventUserExistenceErrors: 'ENABLED' })
    const [one, again, other] = [
      await begin('nobody', PASSWORD, hiding),
      await begin('nobody', PASSWORD, hiding),
      await begin('someone', PASSWORD, hiding),
    ]
    const shown = ({ answer }: typeof one) => [answer.ChallengeParameters?.SALT, answer.ChallengeParameters?.USER_ID_FOR_SRP]
    t.strictSame(shown(one), shown(again))
    t.notSame(shown(one), shown(other))
    t.not(one.answer.ChallengeParameters?.SRP_B, again.answer.ChallengeParameters?.SRP_B)
    t.match(one.answer.ChallengeParameters, { SALT: /^[0-9a-f]{32}$/, USER_ID_FOR_SRP: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/ })
    await refuses(t, one.prove(), ...WRONG)
  })

  await t.test('asks for a new password afterwards, if that is due (L16)', async (t) => {
    await makeUser(idp, world, 'new', {}, { confirmed: false })
    t.equal((await (await begin('new')).prove()).ChallengeName, 'NEW_PASSWORD_REQUIRED')
  })

  await t.test('counts failures like any wrong password (L5)', async (t) => {
    await makeUser(idp, world, 'bob')
    for (let i = 0; i < 5; i++) await (await begin('bob', 'Wrong-123')).prove().catch(() => undefined)
    await refuses(t, (await begin('bob')).prove(), 'NotAuthorizedException', 'Password attempts exceeded')
    await refuses(t, signIn(idp, world, 'bob'), 'NotAuthorizedException', 'Password attempts exceeded')
  })

  await t.test('takes the name that was typed or the real one, with or without the session (L13)', async (t) => {
    const named = await makeWorld(idp, { UsernameAttributes: ['email'] })
    const sub = await makeUser(idp, named, 'eve@example.com')
    for (const USERNAME of ['eve@example.com', sub]) {
      for (const withSession of [true, false]) {
        const srp = srpClient(named.pool.split('_')[1] as string, PASSWORD)
        const { ChallengeParameters = {}, Session } = await idp.cognito.InitiateAuth({
          AuthFlow: 'USER_SRP_AUTH',
          ClientId: named.client,
          AuthParameters: { USERNAME: 'eve@example.com', SRP_A: srp.SRP_A },
        })
        t.equal(ChallengeParameters.USER_ID_FOR_SRP, sub)
        const { AuthenticationResult } = await idp.cognito.RespondToAuthChallenge({
          ClientId: named.client,
          ChallengeName: 'PASSWORD_VERIFIER',
          ChallengeResponses: { USERNAME, ...srp.prove(ChallengeParameters, NOW) },
          Session: withSession ? Session : undefined,
        })
        t.ok(AuthenticationResult?.RefreshToken, `as ${USERNAME}`)
      }
    }
  })

  await t.test('works through the operations of administrators (L27)', async (t) => {
    const where = { UserPoolId: world.pool, ClientId: world.client }
    const srp = srpClient(world.pool.split('_')[1] as string, PASSWORD)
    const { ChallengeName, ChallengeParameters = {} } = await idp.cognito.AdminInitiateAuth({
      ...where,
      AuthFlow: 'USER_SRP_AUTH',
      AuthParameters: { USERNAME: 'ada', SRP_A: srp.SRP_A },
    })
    t.equal(ChallengeName, 'PASSWORD_VERIFIER')
    const ChallengeResponses = { USERNAME: 'ada', ...srp.prove(ChallengeParameters, NOW) }
    const other = await makeWorld(idp)
    const elsewhere = { UserPoolId: world.pool, ClientId: other.client, ChallengeName: 'PASSWORD_VERIFIER' as const, ChallengeResponses }
    const message = `User pool client ${other.client} does not exist.`
    await refuses(t, idp.cognito.AdminRespondToAuthChallenge(elsewhere), 'ResourceNotFoundException', message)
    const answer = await idp.cognito.AdminRespondToAuthChallenge({ ...where, ChallengeName: 'PASSWORD_VERIFIER', ChallengeResponses })
    t.ok(answer.AuthenticationResult?.IdToken)
  })

  await t.test('must be allowed by the client (L6, L8)', async (t) => {
    const strict = await addClient(idp, world.pool, { ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'] })
    await refuses(t, begin('ada', PASSWORD, strict), 'InvalidParameterException', 'USER_SRP_AUTH is not enabled for the client.')
    const missing = { AuthFlow: 'USER_SRP_AUTH' as const, ClientId: world.client, AuthParameters: { USERNAME: 'ada' } }
    await refuses(t, idp.cognito.InitiateAuth(missing), 'InvalidParameterException', 'Missing required parameter SRP_A')
  })

  await t.test('the quick exponentiation is the exact one', async (t) => {
    for (const [base, exponent] of [
      [2n, 3n],
      [N - 2n, 65_537n],
      [123_456_789n, 2n ** 255n - 19n],
      [1n, 5n],
      [N - 1n, 7n],
      [5n, 0n],
    ] as const) {
      t.equal(power(base, exponent), slowPower(base, exponent))
    }
  })
})

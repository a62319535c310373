import { test } from 'tap'
import { totp } from '../../src/directory/totp.ts'
import { emulator, START, type TestEmulator } from '../support/emulator.ts'
import { addClient, makeUser, makeWorld, PASSWORD, refuses, signIn, type World } from '../support/sign-in.ts'
import { srpClient } from '../support/srp.ts'

const WRONG = ['NotAuthorizedException', 'Incorrect username or password.'] as const
const LOCKED = ['NotAuthorizedException', 'Password attempts exceeded'] as const
const MINUTE = 60_000

test('the lock-out', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(idp)
  const fail = async (times: number, username = 'ada', by: World = world, api: TestEmulator = idp) => {
    for (let i = 0; i < times; i++) await signIn(api, by, username, 'Wrong-123').catch(() => undefined)
  }
  await makeUser(idp, world, 'ada')

  await t.test('begins with the fifth failure and doubles with each (L5)', async (t) => {
    await fail(4)
    t.ok((await signIn(idp, world, 'ada')).AuthenticationResult, 'four failures lock nothing')
    await fail(4)
    t.ok((await signIn(idp, world, 'ada')).AuthenticationResult, 'and success forgets them')
    await fail(5)
    await refuses(t, signIn(idp, world, 'ada'), ...LOCKED)
    idp.clock.advance(1000)
    await refuses(t, signIn(idp, world, 'ada', 'Wrong-123'), ...WRONG)
    idp.clock.advance(1999)
    await refuses(t, signIn(idp, world, 'ada'), ...LOCKED)
    idp.clock.advance(1)
    t.ok((await signIn(idp, world, 'ada')).AuthenticationResult)
  })

  await t.test('lasts 15 minutes at most, and tries meanwhile count for nothing (L5)', async (t) => {
    await makeUser(idp, world, 'max')
    await fail(5, 'max')
    for (let seconds = 1; seconds <= 512; seconds *= 2) {
      await fail(3, 'max')
      idp.clock.advance(seconds * 1000 - 1)
      await refuses(t, signIn(idp, world, 'max'), ...LOCKED)
      idp.clock.advance(1)
      await refuses(t, signIn(idp, world, 'max', 'Wrong-123'), ...WRONG)
    }
    idp.clock.advance(15 * MINUTE - 1)
    await refuses(t, signIn(idp, world, 'max'), ...LOCKED)
    idp.clock.advance(1)
    await refuses(t, signIn(idp, world, 'max', 'Wrong-123'), ...WRONG)
    await refuses(t, signIn(idp, world, 'max'), ...LOCKED)
  })

  await t.test('is forgotten after 15 minutes in which nobody tried (L5)', async (t) => {
    await fail(5)
    idp.clock.advance(15 * MINUTE)
    await fail(4)
    t.ok((await signIn(idp, world, 'ada')).AuthenticationResult)
  })

  await t.test('can be switched off (L5)', async (t) => {
    const lenient = await emulator(t, { settings: { rooms: { cognito: { lockOut: false } } } })
    const other = await makeWorld(lenient)
    await makeUser(lenient, other, 'ada')
    await fail(6, 'ada', other, lenient)
    t.ok((await signIn(lenient, other, 'ada')).AuthenticationResult)
  })

  await t.test('tells nobody who exists: a name that nobody bears is locked, too (L5, L14)', async (t) => {
    const hiding = await addClient(idp, world.pool, {
      PreventUserExistenceErrors: 'ENABLED',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_USER_AUTH'],
    })
    const told = (error: { type: string; message: string }) => `${error.type} ${error.message}`
    const bySrp = async (username: string, times: number) => {
      const srp = srpClient(world.pool.split('_')[1] as string, 'Wrong-123')
      const { ChallengeParameters = {} } = await idp.cognito.InitiateAuth({
        AuthFlow: 'USER_SRP_AUTH',
        ClientId: hiding.client,
        AuthParameters: { USERNAME: username, SRP_A: srp.SRP_A },
      })
      const ChallengeResponses = { USERNAME: username, ...srp.prove(ChallengeParameters, new Date(START)) }
      const answers: string[] = []
      for (let i = 0; i < times; i++) {
        const answer = idp.cognito.RespondToAuthChallenge({
          ClientId: hiding.client,
          ChallengeName: 'PASSWORD_VERIFIER',
          ChallengeResponses,
        })
        answers.push(await answer.then(() => 'tokens', told))
      }
      return answers
    }
    const byChoice = (username: string) =>
      idp.cognito
        .InitiateAuth({
          AuthFlow: 'USER_AUTH',
          ClientId: hiding.client,
          AuthParameters: { USERNAME: username, PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: 'Wrong-123' },
        })
        .then(() => 'tokens', told)
    const seen = async (username: string) => {
      const answers: string[] = await bySrp(username, 2)
      answers.push(await byChoice(username))
      for (let i = 0; i < 5; i++) answers.push(await signIn(idp, hiding, username, 'Wrong-123').then(() => 'tokens', told))
      answers.push(await byChoice(username), ...(await bySrp(username, 1)))
      idp.clock.advance(1000)
      answers.push(await signIn(idp, hiding, username, 'Wrong-123').then(() => 'tokens', told))
      idp.clock.advance(1000)
      answers.push(await signIn(idp, hiding, username, 'Wrong-123').then(() => 'tokens', told))
      return answers
    }
    await makeUser(idp, world, 'eva')
    const answers = await seen('nobody')
    t.strictSame(answers, await seen('eva'))
    t.equal(answers.filter((answer) => answer === LOCKED.join(' ')).length, 5)
    // A name is forgotten as a user's failures are.
    idp.clock.advance(15 * MINUTE)
    await fail(5, 'nobody', hiding)
    await refuses(t, signIn(idp, hiding, 'nobody'), ...LOCKED)
    idp.clock.advance(15 * MINUTE)
    await refuses(t, signIn(idp, hiding, 'nobody'), ...WRONG)
  })

  await t.test('counts wrong codes of a second factor as it counts passwords (L5, M4)', async (t) => {
    const guarded = await makeWorld(idp)
    await idp.cognito.SetUserPoolMfaConfig({
      UserPoolId: guarded.pool,
      MfaConfiguration: 'OPTIONAL',
      SoftwareTokenMfaConfiguration: { Enabled: true },
      SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sns' } },
    })
    let now = START + 24 * 60 * MINUTE
    idp.app.emulator.namespace().setClock((clock) => clock.freeze(now))
    const codeOf = (secret: string) => totp(secret, Math.floor(now / 30_000))
    const secretOf = async (username: string) => {
      const AccessToken = (await signIn(idp, guarded, username)).AuthenticationResult?.AccessToken as string
      const { SecretCode = '' } = await idp.cognito.AssociateSoftwareToken({ AccessToken })
      await idp.cognito.VerifySoftwareToken({ AccessToken, UserCode: codeOf(SecretCode) })
      await idp.cognito.SetUserMFAPreference({ AccessToken, SoftwareTokenMfaSettings: { Enabled: true } })
      return SecretCode
    }
    const give = (name: 'SOFTWARE_TOKEN_MFA' | 'SMS_MFA', username: string, Session: string | undefined, code: string) =>
      idp.cognito.RespondToAuthChallenge({
        ClientId: guarded.client,
        ChallengeName: name,
        Session,
        ChallengeResponses: { USERNAME: username, [`${name}_CODE`]: code },
      })

    await makeUser(idp, guarded, 'app')
    const secret = await secretOf('app')
    now += 90_000
    idp.clock.advance(90_000)
    const { Session } = await signIn(idp, guarded, 'app')
    for (let i = 0; i < 5; i++) {
      await refuses(t, give('SOFTWARE_TOKEN_MFA', 'app', Session, 'nocode'), 'CodeMismatchException', 'Invalid code received for user')
    }
    await refuses(t, give('SOFTWARE_TOKEN_MFA', 'app', Session, codeOf(secret)), ...LOCKED)
    await refuses(t, signIn(idp, guarded, 'app'), ...LOCKED)
    idp.clock.advance(1000)
    t.equal((await signIn(idp, guarded, 'app')).ChallengeName, 'SOFTWARE_TOKEN_MFA', 'the password alone forgives nothing')
    await refuses(t, give('SOFTWARE_TOKEN_MFA', 'app', Session, 'nocode'), 'CodeMismatchException', 'Invalid code received for user')
    idp.clock.advance(1999)
    await refuses(t, give('SOFTWARE_TOKEN_MFA', 'app', Session, codeOf(secret)), ...LOCKED)
    idp.clock.advance(1)
    t.ok((await give('SOFTWARE_TOKEN_MFA', 'app', Session, codeOf(secret))).AuthenticationResult)

    await makeUser(idp, guarded, 'sms', { phone_number: '+15555550199' })
    await idp.cognito.AdminSetUserMFAPreference({ UserPoolId: guarded.pool, Username: 'sms', SMSMfaSettings: { Enabled: true } })
    const asked = await signIn(idp, guarded, 'sms')
    const code = idp.outbox.latest()?.code as string
    for (let i = 0; i < 5; i++) await give('SMS_MFA', 'sms', asked.Session, 'nocode').catch(() => undefined)
    await refuses(t, give('SMS_MFA', 'sms', asked.Session, code), ...LOCKED)
    idp.clock.advance(1000)
    t.ok((await give('SMS_MFA', 'sms', asked.Session, code)).AuthenticationResult)
    await refuses(t, signIn(idp, guarded, 'sms', `${PASSWORD}!`), ...WRONG)
  })
})

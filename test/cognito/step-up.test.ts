import { test } from 'tap'
import type { ChallengeNameType, Document } from '../../src/cognito/contract/types.ts'
import { Authenticator } from '../support/authenticator.ts'
import { emulator, START } from '../support/emulator.ts'
import { addClient, claimsOf, makeUser, makeWorld, PASSWORD, refuses, signIn } from '../support/sign-in.ts'
import { totpAt } from '../support/totp.ts'

const IPE = 'InvalidParameterException'
const loa = (level: number) => `urn:cognito:loa:${level}`
const EmailConfiguration = {
  EmailSendingAccount: 'DEVELOPER' as const,
  SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/a@example.com',
}

test('step-up authentication', async (t) => {
  const idp = await emulator(t)
  let time = START
  const advance = (milliseconds: number) => {
    time += milliseconds
    idp.clock.advance(milliseconds)
  }
  const world = await makeWorld(
    idp,
    {
      EmailConfiguration,
      AcrConfiguration: { Level3: { AcrValue: 'urn:mine:three' } },
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'WEB_AUTHN'] } },
    },
    { ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
  )
  const UserPoolId = world.pool
  await idp.cognito.SetUserPoolMfaConfig({
    UserPoolId,
    MfaConfiguration: 'OPTIONAL',
    SoftwareTokenMfaConfiguration: { Enabled: true },
    EmailMfaConfiguration: {},
    WebAuthnConfiguration: { RelyingPartyId: 'example.com' },
  })
  const verified = { email: 'ada@example.com', email_verified: 'true' }
  for (const name of ['ada', 'bob', 'passkey']) await makeUser(idp, world, name, { ...verified, email: `${name}@example.com` })
  await makeUser(idp, world, 'bare')
  const access = async (name: string) => (await signIn(idp, world, name)).AuthenticationResult?.AccessToken as string
  const AccessToken = await access('ada')
  const { SecretCode = '' } = await idp.cognito.AssociateSoftwareToken({ AccessToken })
  await idp.cognito.VerifySoftwareToken({ AccessToken, UserCode: totpAt(SecretCode, time) })

  const start = (USERNAME: string, parameters: Record<string, string>, ClientId = world.client) =>
    idp.cognito.InitiateAuth({ ClientId, AuthFlow: 'USER_AUTH', AuthParameters: { USERNAME, ...parameters } })
  const byPassword = { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD }
  const respond = (name: string, ChallengeName: ChallengeNameType, Session: string | undefined, more: Record<string, string>) =>
    idp.cognito.RespondToAuthChallenge({ ClientId: world.client, ChallengeName, Session, ChallengeResponses: { USERNAME: name, ...more } })
  const app = (Session: string | undefined) => {
    advance(30_000)
    return respond('ada', 'SOFTWARE_TOKEN_MFA', Session, { SOFTWARE_TOKEN_MFA_CODE: totpAt(SecretCode, time) })
  }
  const mail = (name: string, Session: string | undefined) =>
    respond(name, 'EMAIL_OTP', Session, { EMAIL_OTP_CODE: idp.outbox.latest()?.code as string })
  const said = ({ AuthenticationResult }: Awaited<ReturnType<typeof start>>) => {
    const [id, token] = [AuthenticationResult?.IdToken, AuthenticationResult?.AccessToken].map((jwt) => claimsOf(jwt as string))
    t.strictSame([id?.acr, id?.amr], [token?.acr, token?.amr], 'both tokens say alike')
    return [id?.acr, id?.amr]
  }

  await t.test('tokens say nothing of levels where nobody asked', async (t) => {
    t.strictSame(said(await start('bare', byPassword)), [undefined, undefined])
  })

  await t.test('a password is level 1, a mailed code level 2', async (t) => {
    t.strictSame(said(await start('bare', { ...byPassword, TARGET_ACR_VALUES: loa(1) })), [loa(1), ['pwd']])
    const offered = await start('bob', { TARGET_ACR_VALUES: loa(2) })
    t.strictSame([offered.ChallengeName, offered.AvailableChallenges], ['SELECT_CHALLENGE', ['EMAIL_OTP']])
    const asked = await start('bob', { TARGET_ACR_VALUES: loa(2), PREFERRED_CHALLENGE: 'EMAIL_OTP' })
    t.strictSame(said(await mail('bob', asked.Session)), [loa(2), ['email_otp']])
  })

  await t.test('a password and a mailed code are level 3, by the name that the pool gave it', async (t) => {
    const asked = await start('bob', { ...byPassword, TARGET_ACR_VALUES: 'urn:mine:three' })
    t.equal(asked.ChallengeName, 'EMAIL_OTP', 'although the user has no second factor turned on')
    t.strictSame(said(await mail('bob', asked.Session)), ['urn:mine:three', ['pwd', 'email_otp', 'mfa']])
    await refuses(t, start('bob', { ...byPassword, TARGET_ACR_VALUES: loa(3) }), IPE, 'TARGET_ACR_VALUES has no valid value.')
  })

  await t.test('a passkey is level 3 on its own', async (t) => {
    const token = await access('passkey')
    const { CredentialCreationOptions } = await idp.cognito.StartWebAuthnRegistration({ AccessToken: token })
    const authenticator = new Authenticator('https://app.example.com')
    const credential = authenticator.create(CredentialCreationOptions as never)
    await idp.cognito.CompleteWebAuthnRegistration({ AccessToken: token, Credential: credential as Document })
    for (const attachment of ['platform', 'cross-platform']) {
      idp.app.emulator
        .namespace()
        .store.run(`UPDATE credential SET doc = json_set(doc, '$.attachment', ?) WHERE kind = 'passkey'`, attachment)
      const asked = await start('passkey', { TARGET_ACR_VALUES: 'urn:mine:three', PREFERRED_CHALLENGE: 'WEB_AUTHN' })
      const options = JSON.parse(asked.ChallengeParameters?.CREDENTIAL_REQUEST_OPTIONS ?? '') as never
      const answer = await respond('passkey', 'WEB_AUTHN', asked.Session, { CREDENTIAL: JSON.stringify(authenticator.get(options)) })
      t.strictSame(said(answer), ['urn:mine:three', [attachment === 'platform' ? 'swk' : 'hwk']])
    }
    t.strictSame((await start('passkey', { TARGET_ACR_VALUES: 'urn:mine:three' })).AvailableChallenges, [
      'PASSWORD_SRP',
      'PASSWORD',
      'WEB_AUTHN',
    ])
  })

  await t.test('a password and an app are level 4, which stays at a refresh', async (t) => {
    const asked = await start('ada', { ...byPassword, TARGET_ACR_VALUES: `${loa(4)} ${loa(1)}` })
    t.equal(asked.ChallengeName, 'SOFTWARE_TOKEN_MFA')
    const answer = await app(asked.Session)
    t.strictSame(said(answer), [loa(4), ['pwd', 'otp', 'mfa']])
    const refreshed = await idp.cognito.InitiateAuth({
      ClientId: world.client,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: answer.AuthenticationResult?.RefreshToken ?? '' },
    })
    t.strictSame(said(refreshed), [loa(4), ['pwd', 'otp', 'mfa']])
  })

  await t.test('takes the first level of the list that the user can reach', async (t) => {
    t.strictSame(said(await start('bare', { ...byPassword, TARGET_ACR_VALUES: `${loa(4)} unknown ${loa(1)}` })), [loa(1), ['pwd']])
    await refuses(
      t,
      start('bare', { ...byPassword, TARGET_ACR_VALUES: `${loa(4)} ${loa(2)}` }),
      IPE,
      'The user has no factors configured that satisfy TARGET_ACR_VALUES.',
    )
  })

  await t.test('goes on from what an access token shows, unless that is too old', async (t) => {
    const first = await start('ada', { ...byPassword, TARGET_ACR_VALUES: loa(1) })
    const token = first.AuthenticationResult?.AccessToken as string
    const up = { TARGET_ACR_VALUES: loa(4), ACCESS_TOKEN: token }
    const stepped = await start('ada', { ...up, MAX_AGE: '60' })
    t.equal(stepped.ChallengeName, 'SOFTWARE_TOKEN_MFA', 'the password is not asked for again')
    const answer = await app(stepped.Session)
    t.strictSame(said(answer), [loa(4), ['pwd', 'otp', 'mfa']])
    const high = answer.AuthenticationResult?.AccessToken as string
    await refuses(
      t,
      start('ada', { TARGET_ACR_VALUES: loa(4), ACCESS_TOKEN: high }),
      IPE,
      'The access token already meets the requested authentication level.',
    )
    advance(60_000)
    t.equal((await start('ada', { ...up, MAX_AGE: '60' })).ChallengeName, 'SELECT_CHALLENGE')
    await refuses(t, start('ada', { ACCESS_TOKEN: token }), IPE, 'ACCESS_TOKEN requires TARGET_ACR_VALUES.')
    await refuses(t, start('ada', { ...up, MAX_AGE: 'x' }), IPE, 'MAX_AGE must be a non-negative integer.')
    await refuses(
      t,
      start('bob', { ...up, TARGET_ACR_VALUES: loa(1) }),
      'NotAuthorizedException',
      'Access Token does not belong to the user.',
    )
  })

  await t.test('asks who must prove twice for both, whatever the target', async (t) => {
    await idp.cognito.AdminSetUserMFAPreference({ UserPoolId, Username: 'ada', SoftwareTokenMfaSettings: { Enabled: true } })
    const asked = await start('ada', { ...byPassword, TARGET_ACR_VALUES: loa(1) })
    t.strictSame(said(await app(asked.Session)), [loa(4), ['pwd', 'otp', 'mfa']])
  })

  await t.test('needs more than the cheapest plan, and tells nobody who exists', async (t) => {
    const discreet = await addClient(idp, UserPoolId, { PreventUserExistenceErrors: 'ENABLED', ExplicitAuthFlows: ['ALLOW_USER_AUTH'] })
    t.strictSame((await start('nobody', { TARGET_ACR_VALUES: loa(1) }, discreet.client)).AvailableChallenges, ['PASSWORD_SRP', 'PASSWORD'])
    const lite = await makeWorld(idp, {}, { ExplicitAuthFlows: ['ALLOW_USER_AUTH'] })
    await makeUser(idp, lite, 'ada')
    await idp.cognito.UpdateUserPool({ UserPoolId: lite.pool, UserPoolTier: 'LITE' })
    await refuses(
      t,
      start('ada', { ...byPassword, TARGET_ACR_VALUES: loa(1) }, lite.client),
      'FeatureUnavailableInTierException',
      'The following feature is not available for the LITE pricing tier configured: Choice-based sign-in',
    )
  })
})

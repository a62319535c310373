import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  AssociateSoftwareTokenCommand,
  type AuthFlowType,
  type ChallengeNameType,
  CognitoIdentityProviderClient,
  CompleteWebAuthnRegistrationCommand,
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  GetClientTokenCommand,
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
  type InitiateAuthCommandOutput,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
  SetUserPoolMfaConfigCommand,
  type SetUserPoolMfaConfigCommandInput,
  StartWebAuthnRegistrationCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createSrpSession, signSrpSession, wrapAuthChallenge, wrapInitiateAuth } from 'cognito-srp-helper'
import { test } from 'tap'
import { Authenticator } from '../support/authenticator.ts'
import { arn, moduleAt } from '../support/functions.ts'
import { awsClient, target } from '../support/target.ts'
import { totpAt } from '../support/totp.ts'

const PASSWORD = 'Secret-Password-1'
const FUNCTIONS = 'passwordless.js'
const ORIGIN = 'https://app.example.com'

test('every flow and challenge with the AWS SDK', async (t) => {
  const url = await target(t, { cognito: { functions: { [arn(FUNCTIONS)]: moduleAt(FUNCTIONS) } } })
  const sdk = new CognitoIdentityProviderClient(awsClient(url))
  t.teardown(() => sdk.destroy())

  /** A pool with a client for every flow and one confirmed user, `ada`. */
  async function makeWorld(pool: Partial<CreateUserPoolCommandInput> = {}, mfa?: Partial<SetUserPoolMfaConfigCommandInput>) {
    const { UserPool } = await sdk.send(new CreateUserPoolCommand({ PoolName: 'flows', ...pool }))
    const UserPoolId = UserPool?.Id as string
    const flows = ['USER_PASSWORD_AUTH', 'ADMIN_USER_PASSWORD_AUTH', 'USER_SRP_AUTH', 'CUSTOM_AUTH', 'USER_AUTH', 'REFRESH_TOKEN_AUTH']
    const { UserPoolClient } = await sdk.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: 'app',
        ExplicitAuthFlows: flows.map((flow) => `ALLOW_${flow}`) as never,
      }),
    )
    if (mfa !== undefined) await sdk.send(new SetUserPoolMfaConfigCommand({ UserPoolId, ...mfa }))
    const UserAttributes = Object.entries({
      email: 'ada@example.com',
      email_verified: 'true',
      phone_number: '+15555550100',
      phone_number_verified: 'true',
    }).map(([Name, Value]) => ({ Name, Value }))
    await sdk.send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username: 'ada',
        TemporaryPassword: PASSWORD,
        MessageAction: 'SUPPRESS',
        UserAttributes,
      }),
    )
    return { UserPoolId, ClientId: UserPoolClient?.ClientId as string }
  }
  type World = Awaited<ReturnType<typeof makeWorld>>
  const settle = ({ UserPoolId }: World) =>
    sdk.send(new AdminSetUserPasswordCommand({ UserPoolId, Username: 'ada', Password: PASSWORD, Permanent: true }))
  const begin = ({ ClientId }: World, AuthFlow: AuthFlowType, more: Record<string, string> = {}) =>
    sdk.send(new InitiateAuthCommand({ ClientId, AuthFlow, AuthParameters: { USERNAME: 'ada', ...more } }))
  const respond = (
    { ClientId }: World,
    ChallengeName: ChallengeNameType,
    { Session }: Pick<InitiateAuthCommandOutput, 'Session'>,
    more: Record<string, string> = {},
  ) => sdk.send(new RespondToAuthChallengeCommand({ ClientId, ChallengeName, Session, ChallengeResponses: { USERNAME: 'ada', ...more } }))
  const code = async () => {
    const answer = await fetch(`${url}/_/outbox/latest?user=ada`)
    return ((await answer.json()) as { code: string }).code
  }

  await t.test('passwords, by user and administrator, refresh, rotation’s operation, revocation', async (t) => {
    const world = await makeWorld()
    const where = { UserPoolId: world.UserPoolId, ClientId: world.ClientId }
    const first = await sdk.send(
      new AdminInitiateAuthCommand({
        ...where,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'ada', PASSWORD },
      }),
    )
    t.equal(first.ChallengeName, 'NEW_PASSWORD_REQUIRED')
    const changed = await sdk.send(
      new AdminRespondToAuthChallengeCommand({
        ...where,
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        Session: first.Session,
        ChallengeResponses: { USERNAME: 'ada', NEW_PASSWORD: 'Another-Password-2' },
      }),
    )
    t.ok(changed.AuthenticationResult)
    const { AuthenticationResult } = await begin(world, 'USER_PASSWORD_AUTH', { PASSWORD: 'Another-Password-2' })
    const RefreshToken = AuthenticationResult?.RefreshToken as string
    t.ok((await begin(world, 'REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: RefreshToken })).AuthenticationResult?.IdToken)
    const { ClientId } = world
    t.ok((await sdk.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken }))).AuthenticationResult?.AccessToken)
    await sdk.send(new RevokeTokenCommand({ ClientId, Token: RefreshToken }))
    const revoked = { name: 'NotAuthorizedException', message: 'Refresh Token has been revoked' }
    await t.rejects(begin(world, 'REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: RefreshToken }), revoked)
  })

  await t.test('the names of before, SRP by an administrator, and a client’s own token', async (t) => {
    const world = await makeWorld()
    await settle(world)
    const { UserPoolId, ClientId } = world
    const AuthParameters = { USERNAME: 'ada', PASSWORD }
    const legacy = await sdk.send(new AdminInitiateAuthCommand({ UserPoolId, ClientId, AuthFlow: 'ADMIN_NO_SRP_AUTH', AuthParameters }))
    const REFRESH_TOKEN = legacy.AuthenticationResult?.RefreshToken as string
    t.ok((await begin(world, 'REFRESH_TOKEN', { REFRESH_TOKEN })).AuthenticationResult?.IdToken)

    const session = createSrpSession('ada', PASSWORD, UserPoolId, false)
    const request = { ClientId, UserPoolId, AuthFlow: 'USER_SRP_AUTH', AuthParameters: { USERNAME: 'ada' } }
    const asked = await sdk.send(new AdminInitiateAuthCommand(wrapInitiateAuth(session, request) as never))
    const proof = { ClientId, UserPoolId, ChallengeName: 'PASSWORD_VERIFIER', ChallengeResponses: { USERNAME: 'ada' } }
    const signed = signSrpSession(session, asked as never)
    const proven = await sdk.send(new AdminRespondToAuthChallengeCommand(wrapAuthChallenge(signed, proof) as never))
    t.ok(proven.AuthenticationResult?.AccessToken)

    const Scopes = [{ ScopeName: 'read', ScopeDescription: 'r' }]
    await sdk.send(new CreateResourceServerCommand({ UserPoolId, Identifier: 'api', Name: 'api', Scopes }))
    const { UserPoolClient: machine } = await sdk.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: 'machine',
        GenerateSecret: true,
        ExplicitAuthFlows: ['ALLOW_CLIENT_TOKEN_AUTH' as never],
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthFlows: ['client_credentials'],
        AllowedOAuthScopes: ['api/read'],
      }),
    )
    const { ClientAuthenticationResult } = await sdk.send(
      new GetClientTokenCommand({ ClientId: machine?.ClientId, Secret: machine?.ClientSecret, Scopes: ['api/read'] }),
    )
    t.match(ClientAuthenticationResult, { TokenType: 'Bearer', ExpiresIn: 3600, AccessToken: /^[\w-]+\.[\w-]+\.[\w-]+$/ })
  })

  await t.test('second factors: SMS, e-mail, the choice between them', async (t) => {
    const world = await makeWorld(
      { EmailConfiguration: { EmailSendingAccount: 'DEVELOPER', SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/a@example.com' } },
      {
        MfaConfiguration: 'OPTIONAL',
        SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sns' } },
        EmailMfaConfiguration: {},
      },
    )
    await settle(world)
    const prefer = (sms: boolean, email: boolean) =>
      sdk.send(
        new AdminSetUserMFAPreferenceCommand({
          UserPoolId: world.UserPoolId,
          Username: 'ada',
          SMSMfaSettings: { Enabled: sms },
          EmailMfaSettings: { Enabled: email },
        }),
      )
    await prefer(true, false)
    const sms = await begin(world, 'USER_PASSWORD_AUTH', { PASSWORD })
    t.equal(sms.ChallengeName, 'SMS_MFA')
    t.ok((await respond(world, 'SMS_MFA', sms, { SMS_MFA_CODE: await code() })).AuthenticationResult)
    await prefer(true, true)
    const choice = await begin(world, 'USER_PASSWORD_AUTH', { PASSWORD })
    t.equal(choice.ChallengeName, 'SELECT_MFA_TYPE')
    const mail = await respond(world, 'SELECT_MFA_TYPE', choice, { ANSWER: 'EMAIL_OTP' })
    t.equal(mail.ChallengeName, 'EMAIL_OTP')
    t.ok((await respond(world, 'EMAIL_OTP', mail, { EMAIL_OTP_CODE: await code() })).AuthenticationResult)
  })

  await t.test('an authenticator app, set up on the way in', async (t) => {
    const world = await makeWorld({}, { MfaConfiguration: 'ON', SoftwareTokenMfaConfiguration: { Enabled: true } })
    await settle(world)
    const asked = await begin(world, 'USER_PASSWORD_AUTH', { PASSWORD })
    t.equal(asked.ChallengeName, 'MFA_SETUP')
    const { SecretCode = '', Session } = await sdk.send(new AssociateSoftwareTokenCommand({ Session: asked.Session }))
    const UserCode = totpAt(SecretCode, Date.now())
    const verified = await sdk.send(new VerifySoftwareTokenCommand({ Session, UserCode, FriendlyDeviceName: 'telephone' }))
    t.equal(verified.Status, 'SUCCESS')
    t.ok((await respond(world, 'MFA_SETUP', verified)).AuthenticationResult)
    const next = await begin(world, 'USER_PASSWORD_AUTH', { PASSWORD })
    t.match(next, { ChallengeName: 'SOFTWARE_TOKEN_MFA', ChallengeParameters: { FRIENDLY_DEVICE_NAME: 'telephone' } })
    const again = respond(world, 'SOFTWARE_TOKEN_MFA', next, { SOFTWARE_TOKEN_MFA_CODE: UserCode })
    await t.rejects(again, { name: 'ExpiredCodeException', message: 'Your software token has already been used once.' })
    const fresh = totpAt(SecretCode, Date.now() + 30_000)
    t.ok((await respond(world, 'SOFTWARE_TOKEN_MFA', next, { SOFTWARE_TOKEN_MFA_CODE: fresh })).AuthenticationResult)
  })

  await t.test('the choice of first factors, passkeys included', async (t) => {
    const world = await makeWorld(
      { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'] } } },
      { WebAuthnConfiguration: { RelyingPartyId: 'example.com' } },
    )
    await settle(world)
    const { AuthenticationResult } = await begin(world, 'USER_AUTH', { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD })
    const AccessToken = AuthenticationResult?.AccessToken as string
    const { CredentialCreationOptions } = await sdk.send(new StartWebAuthnRegistrationCommand({ AccessToken }))
    const authenticator = new Authenticator(ORIGIN)
    const Credential = authenticator.create(CredentialCreationOptions as never) as never
    await sdk.send(new CompleteWebAuthnRegistrationCommand({ AccessToken, Credential }))

    const all = await begin(world, 'USER_AUTH')
    t.equal(all.ChallengeName, 'SELECT_CHALLENGE')
    t.strictSame(all.AvailableChallenges, ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'])
    for (const choice of ['EMAIL_OTP', 'SMS_OTP'] as const) {
      const sent = await respond(world, 'SELECT_CHALLENGE', await begin(world, 'USER_AUTH'), { ANSWER: choice })
      t.equal(sent.ChallengeName, choice)
      t.ok((await respond(world, choice, sent, { [`${choice}_CODE`]: await code() })).AuthenticationResult)
    }
    const password = await respond(world, 'SELECT_CHALLENGE', await begin(world, 'USER_AUTH'), { ANSWER: 'PASSWORD' })
    t.equal(password.ChallengeName, 'PASSWORD')
    t.ok((await respond(world, 'PASSWORD', password, { PASSWORD })).AuthenticationResult)
    const srp = createSrpSession('ada', PASSWORD, world.UserPoolId, false)
    const waiting = await respond(world, 'SELECT_CHALLENGE', await begin(world, 'USER_AUTH'), { ANSWER: 'PASSWORD_SRP' })
    t.equal(waiting.ChallengeName, 'PASSWORD_SRP')
    const asked = await respond(world, 'PASSWORD_SRP', waiting, { SRP_A: srp.largeA })
    const ChallengeResponses = { USERNAME: 'ada' }
    const proof = { ClientId: world.ClientId, ChallengeName: 'PASSWORD_VERIFIER', ChallengeResponses, Session: asked.Session as string }
    const signedSession = signSrpSession(srp, asked as never)
    t.ok((await sdk.send(new RespondToAuthChallengeCommand(wrapAuthChallenge(signedSession, proof) as never))).AuthenticationResult)

    const passkey = await begin(world, 'USER_AUTH', { PREFERRED_CHALLENGE: 'WEB_AUTHN' })
    const options = JSON.parse(passkey.ChallengeParameters?.CREDENTIAL_REQUEST_OPTIONS as string)
    const signed = JSON.stringify(authenticator.get(options))
    t.ok((await respond(world, 'WEB_AUTHN', passkey, { CREDENTIAL: signed })).AuthenticationResult)
  })

  await t.test('the pool’s own questions, alone and after SRP with cognito-srp-helper', async (t) => {
    const LambdaConfig = {
      DefineAuthChallenge: arn(FUNCTIONS),
      CreateAuthChallenge: arn(FUNCTIONS),
      VerifyAuthChallengeResponse: arn(FUNCTIONS),
    }
    const world = await makeWorld({ LambdaConfig })
    await settle(world)
    const alone = await begin(world, 'CUSTOM_AUTH')
    t.match(alone, { ChallengeName: 'CUSTOM_CHALLENGE', ChallengeParameters: { question: 'What is two and two?', USERNAME: 'ada' } })
    t.ok((await respond(world, 'CUSTOM_CHALLENGE', alone, { ANSWER: '4' })).AuthenticationResult)

    const session = createSrpSession('ada', PASSWORD, world.UserPoolId, false)
    const request = {
      ClientId: world.ClientId,
      AuthFlow: 'CUSTOM_AUTH',
      AuthParameters: { USERNAME: 'ada', CHALLENGE_NAME: 'SRP_A' },
    }
    const asked = await sdk.send(new InitiateAuthCommand(wrapInitiateAuth(session, request) as never))
    t.equal(asked.ChallengeName, 'PASSWORD_VERIFIER')
    const proof = {
      ClientId: world.ClientId,
      ChallengeName: 'PASSWORD_VERIFIER',
      ChallengeResponses: { USERNAME: 'ada' },
      Session: asked.Session as string,
    }
    const proven = await sdk.send(
      new RespondToAuthChallengeCommand(wrapAuthChallenge(signSrpSession(session, asked as never), proof) as never),
    )
    t.equal(proven.ChallengeName, 'CUSTOM_CHALLENGE')
    t.ok((await respond(world, 'CUSTOM_CHALLENGE', proven, { ANSWER: '4' })).AuthenticationResult)
  })
})

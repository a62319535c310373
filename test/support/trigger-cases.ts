import type { Operations } from '../../src/cognito/contract/types.ts'
import type { TestEmulator } from './emulator.ts'
import { START } from './emulator.ts'
import { arn } from './functions.ts'
import { CALLBACK, codeOf, HOSTED, post } from './oauth.ts'
import { addClient, makeUser, makeWorld, PASSWORD, signIn, type World } from './sign-in.ts'
import { deviceVerifier, srpClient } from './srp.ts'

type Config = NonNullable<Operations['CreateUserPool']['input']['LambdaConfig']>
export type Texts = Record<string, string>

/** A pool, its client and its user `ada`, as a trigger's occasion begins. */
export interface Scene extends World {
  idp: TestEmulator
  sub: string
}

export interface Case {
  /** As events name it (cognito-facts 171). */
  source: string
  /** As refusals name it. */
  trigger: string
  config(arn: string): Config
  pool?: Partial<Operations['CreateUserPool']['input']>
  /** Before the pool has its functions; what it answers is handed on. */
  before?(scene: Scene): Promise<Texts>
  act(scene: Scene, before: Texts): Promise<unknown>
  version?: string
  userName?: string
  /** Where no client of the scene's takes part. */
  clientId?: string
  request(scene: Scene, before: Texts): Record<string, unknown>
  response: Record<string, unknown>
  /** A sender's: the code is sealed, and what becomes of it is nothing to the caller. */
  sealed?: RegExp
}

export const MAIL = 'ada@example.com'
export const PHONE = '+12025550123'
export const METADATA = { from: 'web' }
const ADA = { email: MAIL, email_verified: 'true', phone_number: PHONE, phone_number_verified: 'true' }
const POOL: Partial<Operations['CreateUserPool']['input']> = {
  AutoVerifiedAttributes: ['email', 'phone_number'],
  SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::000000000000:role/sms' },
  EmailConfiguration: { EmailSendingAccount: 'DEVELOPER', SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/a@example.com' },
}

export async function stage({ idp }: { idp: TestEmulator }, { pool, before }: Case): Promise<{ scene: Scene; before: Texts }> {
  const world = await makeWorld(idp, { ...POOL, ...pool }, HOSTED)
  const sub = await makeUser(idp, world, 'ada', ADA)
  const scene = { ...world, idp, sub }
  return { scene, before: (await before?.(scene)) ?? {} }
}

/** Gives the pool its functions: `name` for the trigger in question. */
export async function arm({ idp, pool }: Scene, { config, pool: more }: Case, name: string): Promise<void> {
  await idp.cognito.UpdateUserPool({ UserPoolId: pool, ...(POOL as object), ...(more as object), LambdaConfig: config(arn(name)) })
}

export const signUp = ({ idp, client }: Scene, attributes: Texts = { email: MAIL }) =>
  idp.cognito.SignUp({
    ClientId: client,
    Username: 'bob',
    Password: PASSWORD,
    UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
    ClientMetadata: METADATA,
  })
export const bob = { ClientMetadata: METADATA, Username: 'bob' }
/** Stands for the sub of a user whom the occasion itself makes. */
export const SOME_SUB = 'some sub'
const lastCode = ({ idp }: Scene) => idp.outbox.latest()?.code ?? ''
export const ada = ({ sub }: Scene) => ({ sub, 'cognito:user_status': 'CONFIRMED', ...ADA })
export const tokens = async ({ idp, ...world }: Scene): Promise<Texts> =>
  ({ ...(await signIn(idp, world, 'ada')).AuthenticationResult }) as never
const respond = ({ idp, client }: Scene, ChallengeName: 'CUSTOM_CHALLENGE' | 'NEW_PASSWORD_REQUIRED', Session: string, more: Texts) =>
  idp.cognito.RespondToAuthChallenge({
    ClientId: client,
    ChallengeName,
    Session,
    ChallengeResponses: { USERNAME: 'ada', ...more },
    ClientMetadata: METADATA,
  })
const GROUPS = { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null }
const customAuth = ({ idp, client }: Scene) =>
  idp.cognito.InitiateAuth({ AuthFlow: 'CUSTOM_AUTH', ClientId: client, AuthParameters: { USERNAME: 'ada' } })

const tokenCase = (source: string, more: Pick<Case, 'act'> & Partial<Case>): Case => ({
  source: `TokenGeneration_${source}`,
  trigger: 'PreTokenGeneration',
  config: (PreTokenGeneration) => ({ PreTokenGeneration }),
  request: (scene) => ({ userAttributes: ada(scene), groupConfiguration: GROUPS }),
  response: { claimsOverrideDetails: null },
  ...more,
})

const later = (LambdaVersion: 'V2_0' | 'V3_0', scopes: string[]) => ({
  config: (LambdaArn: string): Config => ({ PreTokenGenerationConfig: { LambdaVersion, LambdaArn } }),
  version: LambdaVersion.slice(1, 2),
  request: (scene: Scene) => ({ userAttributes: ada(scene), groupConfiguration: GROUPS, scopes }),
  response: { claimsAndScopeOverrideDetails: null },
})

const DEVICES = { DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: false } }
const DEVICE_PASSWORD = 'what the device drew for itself'

/** A password, then the proof of a known device. */
async function signInOnDevice(scene: Scene, { DeviceKey = '', DeviceGroupKey = '' }: Texts): Promise<unknown> {
  const { idp, client } = scene
  const known = { USERNAME: 'ada', DEVICE_KEY: DeviceKey }
  const { Session } = await signIn(idp, scene, 'ada', PASSWORD, { DEVICE_KEY: DeviceKey })
  const srp = srpClient(DeviceGroupKey, DEVICE_PASSWORD)
  const asked = await idp.cognito.RespondToAuthChallenge({
    ClientId: client,
    ChallengeName: 'DEVICE_SRP_AUTH',
    Session,
    ChallengeResponses: { ...known, SRP_A: srp.SRP_A },
  })
  const proof = srp.prove(asked.ChallengeParameters ?? {}, new Date(START), DeviceKey)
  return idp.cognito.RespondToAuthChallenge({
    ClientId: client,
    ChallengeName: 'DEVICE_PASSWORD_VERIFIER',
    Session: asked.Session,
    ChallengeResponses: { ...known, ...proof },
  })
}

async function makeDevice({ idp, ...world }: Scene): Promise<Texts> {
  const result = (await signIn(idp, world, 'ada')).AuthenticationResult
  const { DeviceKey = '', DeviceGroupKey = '' } = result?.NewDeviceMetadata ?? {}
  const AccessToken = result?.AccessToken ?? ''
  const DeviceSecretVerifierConfig = deviceVerifier(DeviceGroupKey, DeviceKey, DEVICE_PASSWORD)
  await idp.cognito.ConfirmDevice({ AccessToken, DeviceKey, DeviceSecretVerifierConfig })
  return { DeviceKey, DeviceGroupKey }
}

const MIGRATION = {
  userAttributes: null,
  forceAliasCreation: null,
  enableSMSMFA: null,
  finalUserStatus: null,
  messageAction: null,
  desiredDeliveryMediums: null,
}
const PLAIN_SIGN_UP = { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false }

/** Every trigger but those of messages, by every source. */
export const CASES: readonly Case[] = [
  {
    source: 'PreSignUp_SignUp',
    trigger: 'PreSignUp',
    config: (PreSignUp) => ({ PreSignUp }),
    act: (scene) => signUp(scene),
    userName: 'bob',
    request: () => ({ userAttributes: { email: MAIL }, validationData: null, clientMetadata: METADATA }),
    response: PLAIN_SIGN_UP,
  },
  {
    source: 'PreSignUp_AdminCreateUser',
    trigger: 'PreSignUp',
    config: (PreSignUp) => ({ PreSignUp }),
    act: ({ idp, pool }) => idp.cognito.AdminCreateUser({ ...bob, UserPoolId: pool, ValidationData: [{ Name: 'a', Value: 'b' }] }),
    userName: 'bob',
    clientId: 'CLIENT_ID_NOT_APPLICABLE',
    request: () => ({ userAttributes: {}, validationData: { a: 'b' }, clientMetadata: METADATA }),
    response: PLAIN_SIGN_UP,
  },
  {
    source: 'PostConfirmation_ConfirmSignUp',
    trigger: 'PostConfirmation',
    config: (PostConfirmation) => ({ PostConfirmation }),
    before: async (scene) => {
      await signUp(scene)
      return { code: lastCode(scene) }
    },
    act: ({ idp, client }, { code = '' }) => idp.cognito.ConfirmSignUp({ ...bob, ClientId: client, ConfirmationCode: code }),
    userName: 'bob',
    request: () => ({
      userAttributes: { sub: SOME_SUB, 'cognito:user_status': 'CONFIRMED', email: MAIL, email_verified: 'true' },
      clientMetadata: METADATA,
    }),
    response: {},
  },
  {
    source: 'PostConfirmation_ConfirmForgotPassword',
    trigger: 'PostConfirmation',
    config: (PostConfirmation) => ({ PostConfirmation }),
    before: async (scene) => {
      await scene.idp.cognito.ForgotPassword({ ClientId: scene.client, Username: 'ada' })
      return { code: lastCode(scene) }
    },
    act: ({ idp, client }, { code = '' }) =>
      idp.cognito.ConfirmForgotPassword({
        ClientId: client,
        Username: 'ada',
        ConfirmationCode: code,
        Password: 'Another-34',
        ClientMetadata: METADATA,
      }),
    request: (scene) => ({ userAttributes: ada(scene), clientMetadata: METADATA }),
    response: {},
  },
  {
    source: 'PreAuthentication_Authentication',
    trigger: 'PreAuthentication',
    config: (PreAuthentication) => ({ PreAuthentication }),
    act: ({ idp, client }) =>
      idp.cognito.InitiateAuth({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: client,
        AuthParameters: { USERNAME: 'ada', PASSWORD },
        ClientMetadata: METADATA,
      }),
    request: (scene) => ({ userAttributes: ada(scene), validationData: METADATA }),
    response: {},
  },
  {
    source: 'PostAuthentication_Authentication',
    trigger: 'PostAuthentication',
    config: (PostAuthentication) => ({ PostAuthentication }),
    pool: DEVICES,
    act: ({ idp, ...world }) => signIn(idp, world, 'ada'),
    request: (scene) => ({ userAttributes: ada(scene), newDeviceUsed: true }),
    response: {},
  },
  {
    source: 'DefineAuthChallenge_Authentication',
    trigger: 'DefineAuthChallenge',
    config: (DefineAuthChallenge) => ({ DefineAuthChallenge, CreateAuthChallenge: arn('keep') }),
    act: customAuth,
    request: (scene) => ({ userAttributes: ada(scene), session: [] }),
    response: { challengeName: null, issueTokens: null, failAuthentication: null },
  },
  {
    source: 'CreateAuthChallenge_Authentication',
    trigger: 'CreateAuthChallenge',
    config: (CreateAuthChallenge) => ({ DefineAuthChallenge: arn('ask'), CreateAuthChallenge }),
    act: customAuth,
    request: (scene) => ({ userAttributes: ada(scene), challengeName: 'CUSTOM_CHALLENGE', session: [] }),
    response: { publicChallengeParameters: null, privateChallengeParameters: null, challengeMetadata: null },
  },
  {
    source: 'VerifyAuthChallengeResponse_Authentication',
    trigger: 'VerifyAuthChallengeResponse',
    config: (VerifyAuthChallengeResponse) => ({
      DefineAuthChallenge: arn('ask'),
      CreateAuthChallenge: arn('keep'),
      VerifyAuthChallengeResponse,
    }),
    act: async (scene) => respond(scene, 'CUSTOM_CHALLENGE', (await customAuth(scene)).Session ?? '', { ANSWER: 'x' }),
    request: (scene) => ({
      userAttributes: ada(scene),
      privateChallengeParameters: {},
      challengeAnswer: 'x',
      clientMetadata: METADATA,
    }),
    response: { answerCorrect: null },
  },
  tokenCase('Authentication', { act: ({ idp, ...world }) => signIn(idp, world, 'ada') }),
  tokenCase('Authentication', {
    act: ({ idp, ...world }) => signIn(idp, world, 'ada'),
    ...later('V2_0', ['aws.cognito.signin.user.admin']),
  }),
  tokenCase('Authentication', {
    act: ({ idp, ...world }) => signIn(idp, world, 'ada'),
    ...later('V3_0', ['aws.cognito.signin.user.admin']),
  }),
  tokenCase('NewPasswordChallenge', {
    before: async ({ idp, ...world }) => {
      await idp.cognito.AdminSetUserPassword({ UserPoolId: world.pool, Username: 'ada', Password: PASSWORD, Permanent: false })
      return { session: (await signIn(idp, world, 'ada')).Session ?? '' }
    },
    act: (scene, { session = '' }) => respond(scene, 'NEW_PASSWORD_REQUIRED', session, { NEW_PASSWORD: 'Another-34' }),
    request: (scene) => ({ userAttributes: ada(scene), groupConfiguration: GROUPS, clientMetadata: METADATA }),
  }),
  tokenCase('RefreshTokens', {
    before: tokens,
    act: ({ idp, client }, { RefreshToken = '' }) =>
      idp.cognito.InitiateAuth({ AuthFlow: 'REFRESH_TOKEN_AUTH', ClientId: client, AuthParameters: { REFRESH_TOKEN: RefreshToken } }),
  }),
  tokenCase('AuthenticateDevice', { pool: DEVICES, before: makeDevice, act: signInOnDevice }),
  tokenCase('HostedAuth', {
    before: async ({ idp, ...world }) => ({ code: await codeOf(idp, world, 'ada') }),
    act: ({ idp, client }, { code = '' }) =>
      post(idp, '/oauth2/token', { grant_type: 'authorization_code', client_id: client, redirect_uri: CALLBACK, code }),
  }),
  tokenCase('ClientCredentials', {
    ...later('V3_0', ['api/read']),
    before: async ({ idp, pool }) => {
      const Scopes = [{ ScopeName: 'read', ScopeDescription: 'r' }]
      await idp.cognito.CreateResourceServer({ UserPoolId: pool, Identifier: 'api', Name: 'api', Scopes })
      const machine = await addClient(idp, pool, {
        GenerateSecret: true,
        ExplicitAuthFlows: ['ALLOW_CLIENT_TOKEN_AUTH'] as never,
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthFlows: ['client_credentials'],
        AllowedOAuthScopes: ['api/read'],
      })
      return { userName: machine.client, clientId: machine.client, secret: machine.secret ?? '' }
    },
    act: ({ idp }, { clientId = '', secret = '' }) =>
      idp.cognito.GetClientToken({ ClientId: clientId, Secret: secret, ClientMetadata: METADATA }),
    request: () => ({ userAttributes: {}, groupConfiguration: GROUPS, scopes: ['api/read'], clientMetadata: METADATA }),
  }),
  {
    source: 'UserMigration_Authentication',
    trigger: 'UserMigration',
    config: (UserMigration) => ({ UserMigration }),
    act: ({ idp, client, pool }) =>
      idp.cognito.AdminInitiateAuth({
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        UserPoolId: pool,
        ClientId: client,
        AuthParameters: { USERNAME: 'old', PASSWORD: 'of old' },
        ClientMetadata: METADATA,
      }),
    userName: 'old',
    request: () => ({ password: 'of old', validationData: METADATA }),
    response: MIGRATION,
  },
  {
    source: 'UserMigration_ForgotPassword',
    trigger: 'UserMigration',
    config: (UserMigration) => ({ UserMigration }),
    act: ({ idp, client }) => idp.cognito.ForgotPassword({ ClientId: client, Username: 'old', ClientMetadata: METADATA }),
    userName: 'old',
    request: () => ({ validationData: null, clientMetadata: METADATA }),
    response: MIGRATION,
  },
]

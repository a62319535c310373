import type { CognitoCall } from '../../call.ts'
import type {
  AuthenticationResultType,
  AuthFlowType,
  ChallengeNameType,
  InitiateAuthResponse,
  RespondToAuthChallengeResponse,
} from '../../contract/types.ts'
import { type Client, type Pool, users } from '../../records.ts'
import type { Challenge, Outcome, Parameters, SignIn } from '../challenges/challenge.ts'
import { challengeOf } from '../challenges/index.ts'
import { requireHashSent, requireSecretHash } from '../clients/secret-hash.ts'
import { due, isTracked, knownDevice } from '../due.ts'
import { groupKey, newDevice, touch } from '../factors/devices.ts'
import { flowOf, requireFlow } from '../flows/index.ts'
import { assess, recordSignIn, type Whereabouts, watchProof } from '../threats/threats.ts'
import { mint, openLogin } from '../tokens/mint.ts'
import { issueRefreshToken } from '../tokens/refresh.ts'
import { postAuthentication } from '../triggers/sign-in.ts'
import type { TokenSource } from '../triggers/tokens.ts'
import { find } from '../users/users.ts'
import { assurance } from './assurance.ts'
import { decide, isUndecided } from './custom-auth.ts'
import { forgetFailures } from './lock-out.ts'
import { burnSession, INVALID_SESSION, issueSession, openSession, type Progress, useSession } from './sessions.ts'

export type Answer = InitiateAuthResponse & RespondToAuthChallengeResponse

/** Where somebody signs in. */
export interface Door {
  pool: Pool
  client: Client
}

/**
 * InitiateAuth and its administrator's form (`admin`), checked in the order of L1: client and secret, flow, parameters, then what the
 * flow does.
 */
export function begin(
  call: CognitoCall,
  { pool, client, admin }: Door & { admin: boolean },
  input: {
    AuthFlow: AuthFlowType
    AuthParameters?: Record<string, string> | undefined
    ClientMetadata?: Record<string, string> | undefined
    Session?: string | undefined
  } & Whereabouts,
): Answer {
  const parameters = input.AuthParameters ?? {}
  const flow = flowOf(call, input.AuthFlow)
  requireHashSent(call, client, parameters.SECRET_HASH, 'sign-in')
  if (flow.ownSecretHash !== true && parameters.USERNAME !== undefined) {
    requireSecretHash(call, client, parameters.USERNAME, parameters.SECRET_HASH, 'sign-in')
  }
  requireFlow(call, client, flow, admin)
  requireAll(call, parameters, flow.requires)
  const risk = assess(call, { pool, client }, parameters.USERNAME, input)

  const metadata = input.ClientMetadata ?? {}
  const outcome = flow.start({ call, pool, client, flow: input.AuthFlow, parameters, metadata, session: input.Session })
  // What comes with the first request is not for the triggers after it (H6).
  if (!('signIn' in outcome)) return lead(call, outcome, toTokens)
  const { signIn } = outcome
  const progress = risk === undefined ? signIn.progress : { ...signIn.progress, risk }
  return lead(call, { ...outcome, signIn: { ...signIn, progress, metadata: {} } }, toTokens)
}

/** RespondToAuthChallenge and its administrator's form. */
export function respond(call: CognitoCall, door: Door, input: Response): Answer {
  const { client } = door
  const responses = input.ChallengeResponses ?? {}
  challengeOf(call, input.ChallengeName)
  requireHashSent(call, client, responses.SECRET_HASH, 'sign-in')
  if (responses.USERNAME !== undefined) requireSecretHash(call, client, responses.USERNAME, responses.SECRET_HASH, 'sign-in')
  return proceed(call, door, input, toTokens)
}

/** The answer to a challenge. */
export interface Response {
  ChallengeName: ChallengeNameType
  ChallengeResponses?: Record<string, string> | undefined
  ClientMetadata?: Record<string, string> | undefined
  Session?: string | undefined
}

/** Judges the answer to a challenge and goes on; `end` is what becomes of somebody for whom nothing more is due. */
export function proceed<T>(call: CognitoCall, { pool, client }: Door, input: Response, end: (signIn: SignIn) => T): Answer | T {
  const responses = input.ChallengeResponses ?? {}
  const challenge = challengeOf(call, input.ChallengeName)
  requireAll(call, responses, ['USERNAME', ...challenge.requires])

  const key = challenge.byBlock === true ? responses.PASSWORD_CLAIM_SECRET_BLOCK : input.Session
  if (key === undefined) return call.fail('InvalidParameterException', 'Missing required parameter Session')
  const ticket = openSession(call, { pool, client, key, text: input.Session })
  const { progress, state } = ticket.doc
  const user = progress.sub === '' ? undefined : users.get(call, pool.Id, progress.sub)
  if (ticket.doc.challenge !== challenge.name || !names(call, pool, responses.USERNAME ?? '', ticket.doc.progress)) {
    return call.fail('NotAuthorizedException', INVALID_SESSION)
  }
  if (progress.sub !== '' && user === undefined) call.fail('UserNotFoundException', 'User does not exist.')
  useSession(call, ticket)
  watchProof(call, pool, user, challenge.name)

  const signIn: SignIn = {
    call,
    pool,
    client,
    user,
    progress: { ...progress, device: deviceIn(challenge, progress, responses) },
    metadata: input.ClientMetadata ?? {},
  }
  return lead(
    call,
    challenge.check(signIn, responses, state, () => burnSession(call, ticket)),
    end,
  )
}

/** A session is bound to its user: by the name typed at first, the real one or any other that is the user's (cognito-facts 120, 125). */
function names(call: CognitoCall, pool: Pool, username: string, progress: { username: string; sub: string }): boolean {
  // Whoever is only pretended fails the challenge anyway.
  if (username === progress.username || progress.sub === '') return true
  return find(call, pool, username)?.sub === progress.sub
}

/**
 * The device a sign-in goes on from. Whoever proves a password says it anew, for that is where clients drop a device that is gone;
 * once the device itself was proven it stays.
 */
function deviceIn(challenge: Challenge, { device, passed }: Progress, { DEVICE_KEY: given }: Parameters): string | undefined {
  if (passed.includes('DEVICE_PASSWORD_VERIFIER')) return device
  return given ?? (challenge.byBlock === true ? undefined : device)
}

export function lead<T>(call: CognitoCall, outcome: Outcome, end: (signIn: SignIn) => T): Answer | T {
  if ('result' in outcome) return done(outcome.result)
  const { signIn } = outcome
  if (!('challenge' in outcome) && signIn.user?.Enabled === false) call.fail('NotAuthorizedException', 'User is disabled.')
  const name = 'challenge' in outcome ? outcome.challenge : signIn.progress.decided === true ? undefined : due(signIn)
  if (name === undefined) {
    if (isUndecided(signIn)) return lead(call, decide(signIn), end)
    if (signIn.user !== undefined) forgetFailures(call, signIn.pool, signIn.user)
    return end(signIn)
  }

  const challenge = challengeOf(call, name)
  const { parameters, state, available } = challenge.ask(signIn, ('given' in outcome ? outcome.given : undefined) ?? {})
  const key = challenge.byBlock === true ? parameters.SECRET_BLOCK : undefined
  const session = issueSession(call, signIn.pool, signIn.client, { challenge: name, progress: signIn.progress, state }, key)
  call.note({ challenge: name })
  return {
    ChallengeName: name,
    ...(name === 'PASSWORD_VERIFIER' && SESSIONLESS.has(signIn.progress.flow) ? {} : { Session: session }),
    ChallengeParameters: parameters,
    ...(available === undefined ? {} : { AvailableChallenges: available }),
  }
}

/** Flows whose proof of a password is found by its block alone: no answer seen of them has a Session (floci#1305, pycognito#78). */
const SESSIONLESS: ReadonlySet<string> = new Set(['USER_SRP_AUTH'])

function toTokens(signIn: SignIn): Answer {
  const { call, pool, client, user, metadata } = signIn
  // Nobody gets here: every challenge refuses a user who is only pretended.
  if (user === undefined) return call.fail('NotAuthorizedException', INVALID_SESSION)
  const known = knownDevice(signIn)
  const fresh = known === undefined && isTracked(signIn) ? newDevice(call, pool, user) : undefined
  if (known !== undefined) touch(call, pool, user, known)
  postAuthentication(signIn, user, { newDeviceUsed: fresh !== undefined })
  recordSignIn(call, { pool, client, user }, signIn.progress)
  const device = known?.key ?? fresh?.key
  const assured = signIn.progress.target === undefined ? {} : assurance(pool, signIn.progress)
  const login = openLogin(call, { pool, client, user, ...(device === undefined ? {} : { device }), ...assured })
  const { AccessToken, ExpiresIn, TokenType, IdToken } = mint(
    call,
    { pool, client, user, login },
    {},
    { source: sourceOf(signIn), metadata },
  )
  const RefreshToken = issueRefreshToken(call, { pool, client, user, login })
  const NewDeviceMetadata = fresh === undefined ? undefined : { DeviceKey: fresh.key, DeviceGroupKey: groupKey(pool) }
  return done({
    AccessToken,
    ExpiresIn,
    TokenType,
    RefreshToken,
    IdToken,
    ...(NewDeviceMetadata === undefined ? {} : { NewDeviceMetadata }),
  })
}

/** Why there are tokens now, as the trigger that shapes them is told (cognito-facts 171). */
function sourceOf({ progress: { passed } }: SignIn): TokenSource {
  if (passed.includes('DEVICE_PASSWORD_VERIFIER')) return 'AuthenticateDevice'
  return passed.includes('NEW_PASSWORD_REQUIRED') ? 'NewPasswordChallenge' : 'Authentication'
}

function done(result: AuthenticationResultType): Answer {
  return { ChallengeParameters: {}, AuthenticationResult: result }
}

function requireAll(call: CognitoCall, given: Parameters, names: readonly string[]): void {
  for (const name of names) {
    if ((given[name] ?? '') === '') call.fail('InvalidParameterException', `Missing required parameter ${name}`)
  }
}

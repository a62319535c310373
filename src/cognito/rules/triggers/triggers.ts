import { peekToken } from '../../../core/jwt.ts'
import type { CognitoCall } from '../../call.ts'
import type { Client, Pool, User } from '../../records.ts'
import { settingsOf } from '../../settings.ts'
import { regionOf } from '../tokens/issuer.ts'
import { mayRun, targetOf } from './functions.ts'
import type { TriggerAnswer, TriggerQuestion } from './invoke.ts'
import { type Form, fits } from './response.ts'

/** As LambdaConfig and refusals name them. */
export type TriggerName =
  | 'PreSignUp'
  | 'PostConfirmation'
  | 'PreAuthentication'
  | 'PostAuthentication'
  | 'DefineAuthChallenge'
  | 'CreateAuthChallenge'
  | 'VerifyAuthChallengeResponse'
  | 'PreTokenGeneration'
  | 'UserMigration'
  | 'CustomMessage'
  | 'CustomEmailSender'
  | 'CustomSMSSender'
  | 'InboundFederation'

/** Where no client takes part: an administrator's operation (A5, cognito-facts 173). */
export const NO_CLIENT = 'CLIENT_ID_NOT_APPLICABLE'

/** What the service says of nearly every client library of today. */
const SDK_VERSION = 'aws-sdk-unknown-unknown'

export interface Occurrence {
  userName?: string | undefined
  clientId?: string | undefined
  request: Record<string, unknown>
  /** What the handler fills in. */
  response: Record<string, unknown>
  /** What the filled-in response must look like. */
  form: Form
  /** `1` but for the later versions of some triggers. */
  version?: string
  /** Tells this question from others of the same trigger about the same user in one call. */
  about?: string
}

/** The function of a trigger, undefined where the pool has none. */
export function arnOf(pool: Pool, name: TriggerName): string | undefined {
  const config = pool.LambdaConfig ?? {}
  switch (name) {
    case 'PreTokenGeneration':
      return config.PreTokenGenerationConfig?.LambdaArn ?? config.PreTokenGeneration
    case 'CustomEmailSender':
    case 'CustomSMSSender':
    case 'InboundFederation':
      return config[name]?.LambdaArn
    default:
      return config[name]
  }
}

/** (?) Of an answer that is JSON and no event. */
const UNRECOGNIZABLE = 'Unrecognizable lambda output'
const NO_JSON = 'Invalid lambda function output : Invalid JSON'
const TIMED_OUT = 'Socket timeout while invoking Lambda function'

/**
 * Asks the pool's function for this occasion and answers the response it filled in, undefined where the pool has none. The event is
 * the service's (H1); what comes after sees what the function did meanwhile, for the call is run again.
 */
export function trigger<R = Record<string, unknown>>(
  call: CognitoCall,
  pool: Pool,
  name: TriggerName,
  source: string,
  occurrence: Occurrence,
): R | undefined {
  const question = questionOf(call, pool, name, source, occurrence)
  if (question === undefined) return undefined
  // Told apart by the occasion, not by the event: a function may change the very user that its event tells of.
  const answer = call.ask<TriggerAnswer>(KIND, question, occasion(pool, source, occurrence.userName, occurrence.about))
  return responseOf(call, name, source, occurrence.form, answer) as R
}

function occasion(pool: Pool, source: string, userName: string | undefined, about?: string): unknown {
  return [pool.Id, source, userName, about]
}

/** Whether the function was asked in an earlier run of this call: what is there now may be of its making. */
export function wasAsked(call: CognitoCall, pool: Pool, source: string, userName: string): boolean {
  return call.hasAsked(KIND, occasion(pool, source, userName))
}

/** Asks once all that the call does is done and can be seen; a function that fails then refuses the call, which stays done. */
export function triggerAfterwards(call: CognitoCall, pool: Pool, name: TriggerName, source: string, occurrence: Occurrence): void {
  const question = questionOf(call, pool, name, source, occurrence)
  if (question === undefined) return
  call.followUp<TriggerAnswer>(KIND, question, (answer) => responseOf(call, name, source, occurrence.form, answer))
}

/** Tells a function something, likewise afterwards; what becomes of it is the journal's to say, not the caller's. */
export function tell(
  call: CognitoCall,
  pool: Pool,
  name: TriggerName,
  source: string,
  occurrence: Omit<Occurrence, 'form' | 'response'>,
): void {
  const question = questionOf(call, pool, name, source, { ...occurrence, response: {} })
  if (question !== undefined) call.followUp<TriggerAnswer>(KIND, question, (answer) => note(call, source, answer))
}

const KIND = 'cognito.trigger'

function questionOf(
  call: CognitoCall,
  pool: Pool,
  name: TriggerName,
  source: string,
  { userName, clientId = NO_CLIENT, request, response, version = '1' }: Omit<Occurrence, 'form'>,
): TriggerQuestion | undefined {
  const arn = arnOf(pool, name)
  if (arn === undefined) return undefined
  const target = targetOf(call, arn)
  if (target === undefined) {
    return call.fail(
      'UnexpectedLambdaException',
      `${name} invocation failed due to configuration. Nothing answers for ${arn}: name a module, an address or a Lambda endpoint with --cognito-functions, or PUT it to /_/cognito/functions.`,
    )
  }
  if (!mayRun(call, target)) {
    return call.fail(
      'UnexpectedLambdaException',
      `${name} invocation failed due to configuration. A fixture names a program for ${arn}: where others can reach the emulator (--host), only --cognito-functions does.`,
    )
  }
  const event = {
    version,
    triggerSource: source,
    region: regionOf(pool),
    userPoolId: pool.Id,
    ...(userName === undefined ? {} : { userName }),
    callerContext: { awsSdkVersion: SDK_VERSION, clientId },
    request,
    response,
  }
  return { arn, target, event, requestId: call.origin.requestId, limit: settingsOf(call).triggerLimit }
}

function note(call: CognitoCall, source: string, answer: TriggerAnswer): void {
  call.note({ [`trigger ${source}`]: 'output' in answer ? 'answered' : 'failed' in answer ? `threw ${answer.failed}` : 'not reached' })
}

/** The response as the function filled it in, or the refusal that says what went wrong (H4). */
function responseOf(call: CognitoCall, name: TriggerName, source: string, form: Form, answer: TriggerAnswer): object {
  note(call, source, answer)
  if ('late' in answer) return call.fail('UnexpectedLambdaException', `${name} invocation failed due to error ${TIMED_OUT}.`)
  if ('broken' in answer) return call.fail('UnexpectedLambdaException', `${name} invocation failed due to error ${answer.broken}.`)
  if ('failed' in answer) return call.fail('UserLambdaValidationException', `${name} failed with error ${answer.failed}.`)
  const { output } = answer
  if (typeof output !== 'object' || output === null || Array.isArray(output)) {
    return call.fail('InvalidLambdaResponseException', NO_JSON)
  }
  const filled = (output as { response?: unknown }).response
  if (typeof filled !== 'object' || filled === null || !fits(filled, form)) {
    return call.fail('InvalidLambdaResponseException', UNRECOGNIZABLE)
  }
  return filled
}

/** Who asks and what came along for the functions, where the occasion lies too deep in a call to be told. */
export function asideOf({ request }: CognitoCall): { clientId?: string; metadata?: Record<string, string> } {
  const { ClientId, AccessToken, AuthFlow, ClientMetadata } = request as Record<string, unknown>
  const clientId = ClientId ?? (AccessToken === undefined ? undefined : peekToken(String(AccessToken))?.client_id)
  return {
    ...(clientId === undefined ? {} : { clientId: String(clientId) }),
    // What comes with InitiateAuth is for the triggers of its start only (H6).
    ...(AuthFlow === undefined && ClientMetadata !== undefined ? { metadata: ClientMetadata as Record<string, string> } : {}),
  }
}

/** A user's attributes as events tell them: sub and status before the rest (cognito-facts 170). */
export function attributesOf(user: User): Record<string, string> {
  return { sub: user.sub, 'cognito:user_status': user.UserStatus, ...user.Attributes }
}

/** Members that are left out of events when there is nothing to tell. */
export function told(metadata: Readonly<Record<string, string>> | undefined): { clientMetadata?: Readonly<Record<string, string>> } {
  return metadata === undefined || Object.keys(metadata).length === 0 ? {} : { clientMetadata: metadata }
}

/** Only clients that hide who exists are told that somebody does not (H7). */
export function existence(client: Client, user: User | undefined): { userNotFound?: boolean } {
  return client.PreventUserExistenceErrors === 'ENABLED' ? { userNotFound: user === undefined } : {}
}

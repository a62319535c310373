import type { Operations } from '../cognito/contract/types.ts'
import type { Call } from '../core/call.ts'
import { Refusal } from '../core/refusal.ts'

/** The calls Harmony makes of Cognito: it is a customer of it here as in life (`provider: cognito-user`, a connection is a user pool). */
type Wanted =
  | 'AdminCreateUser'
  | 'AdminDeleteUser'
  | 'AdminDeleteUserAttributes'
  | 'AdminDisableUser'
  | 'AdminEnableUser'
  | 'AdminGetUser'
  | 'AdminResetUserPassword'
  | 'AdminSetUserPassword'
  | 'AdminUpdateUserAttributes'
  | 'CreateResourceServer'
  | 'CreateUserPool'
  | 'CreateUserPoolClient'
  | 'DeleteUserPool'
  | 'DescribeResourceServer'
  | 'DescribeUserPool'
  | 'DescribeUserPoolClient'
  | 'ListUserPoolClients'
  | 'ListUserPools'
  | 'ListUsers'
  | 'ResendConfirmationCode'
  | 'UpdateUserPool'
  | 'UpdateUserPoolClient'

export type Upstream = { [N in Wanted]: (input: Operations[N]['input'], pins?: readonly string[]) => Operations[N]['output'] }

export type PoolFacts = NonNullable<Operations['DescribeUserPool']['output']['UserPool']>
export type ClientFacts = Partial<NonNullable<Operations['DescribeUserPoolClient']['output']['UserPoolClient']>>
export type CreateUser = Operations['AdminCreateUser']['input']
export type FoundUser = Operations['AdminGetUser']['output']
export type ListedUser = NonNullable<Operations['ListUsers']['output']['Users']>[number]

/**
 * Cognito inside this call: each of its operations runs in a savepoint of the same transaction, so that a refusal leaves nothing
 * half done, and its refusal is Harmony's. What Cognito asks (a hash, a trigger) goes through untouched.
 */
export function upstreamOf(call: Call): Upstream {
  const door = call.context.namespace.fittings.doors?.cognito
  if (door === undefined) throw new Error('nobody answers for Cognito')
  const asked: string[] = []
  return new Proxy({} as Upstream, {
    get: (_target, name: string) => (input: unknown, pins?: readonly string[]) => {
      const { context } = call
      asked.push(name)
      call.note({ cognito: asked.join(' ') })
      const inner = pins === undefined ? context : { ...context, origin: { ...context.origin, pins }, pinned: 0 }
      try {
        return door(name, input, inner)
      } catch (error) {
        throw error instanceof Refusal ? translate(error) : error
      }
    },
  })
}

/** Names that mean another status than 400. */
const MEANINGS: Record<string, string> = {
  ResourceNotFoundException: 'NotFound',
  UserNotFoundException: 'NotFound',
  UsernameExistsException: 'Conflict',
  LimitExceededException: 'TooManyRequests',
  TooManyRequestsException: 'TooManyRequests',
  AliasExistsException: 'Conflict',
  InternalErrorException: 'InternalServerError',
  NotImplementedException: 'InternalServerError',
  CodeDeliveryFailureException: 'InternalServerError',
  InvalidLambdaResponseException: 'InternalServerError',
  UnexpectedLambdaException: 'InternalServerError',
  InvalidEmailRoleAccessPolicyException: 'InternalServerError',
  InvalidSmsRoleAccessPolicyException: 'InternalServerError',
  InvalidSmsRoleTrustRelationshipException: 'InternalServerError',
}

/** The refusal in Harmony's terms; the name it had stays with it, for whoever minds which it was. */
function translate(refusal: Refusal): Refusal {
  return new Refusal(MEANINGS[refusal.name] ?? 'BadRequest', refusal.message, { upstream: refusal.name })
}

/** What `act` answers, or undefined if Cognito knows nothing of that name. */
export function ifFound<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch (error) {
    if (error instanceof Refusal && error.name === 'NotFound') return undefined
    throw error
  }
}

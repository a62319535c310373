import { contract } from '../contract/index.ts'
import type { UserPoolReplicaType } from '../contract/types.ts'
import type { CognitoCall } from '../operation.ts'
import { type Pool, type Replica, replicas } from '../records.ts'

/**
 * A replica is a second region of the same pool: calls that name the pool reach it whatever region they are addressed to. What a
 * call may do there depends on the region it is addressed to, if it says so.
 */
export function requireHere(call: CognitoCall, pool: Pool): void {
  const region = call.addressedRegion
  if (region === undefined || pool.Id.startsWith(`${region}_`)) return
  const replica = replicas.get(call, pool.Id, region)
  if (replica === undefined || allowed(call.operation, replica)) return
  call.fail('OperationNotEnabledException', `${call.operation} is not available in the replica of user pool ${pool.Id} in ${region}.`)
}

/**
 * (?) What secondary regions do not do is documented in general: they change no users and only settings of their own, and while
 * inactive they serve no end users. The list is ours, the sentence too.
 */
const READS = /^(Admin)?(Get|List|Describe)/
const ELSEWHERE: ReadonlySet<string> = new Set([
  'AdminInitiateAuth',
  'AdminRespondToAuthChallenge',
  'AdminUserGlobalSignOut',
  'CreateUserPoolDomain',
  'DeleteUserPoolDomain',
  'GetTokensFromRefreshToken',
  'GlobalSignOut',
  'InitiateAuth',
  'RespondToAuthChallenge',
  'RevokeToken',
  'TagResource',
  'UntagResource',
  'UpdateUserPoolDomain',
  'UpdateUserPoolReplica',
])

function allowed(operation: string, { status }: Replica): boolean {
  const { auth, errors = [] } = contract.operations[operation] ?? {}
  if (!errors.includes('OperationNotEnabledException')) return true
  if (status === 'INACTIVE' && auth === 'none') return false
  return READS.test(operation) || ELSEWHERE.has(operation)
}

export function replicaView(
  pool: Pool,
  { region, status }: Pick<Replica, 'region'> & { status: UserPoolReplicaType['Status'] },
): UserPoolReplicaType {
  const primary = pool.Id.startsWith(`${region}_`)
  return {
    RegionName: region,
    Status: status,
    Role: primary ? 'PRIMARY' : 'SECONDARY',
    UserPoolArn: pool.Arn.replace(/^(arn:[^:]+:[^:]+:)[^:]+/, `$1${region}`),
  }
}

/** The replica in that region, or the refusal. */
export function replicaIn(call: CognitoCall, pool: Pool, region: string): Replica {
  return replicas.get(call, pool.Id, region) ?? call.fail('ResourceNotFoundException', unknownReplica(pool, region))
}

/** (?) */
function unknownReplica(pool: Pool, region: string): string {
  return `User pool ${pool.Id} has no replica in ${region}.`
}

import type { CognitoCall } from '../../call.ts'
import { contract } from '../../contract/index.ts'
import type { UserPoolReplicaType } from '../../contract/types.ts'
import { type Pool, type Replica, replicas } from '../../records.ts'

/**
 * A replica is a second region of the same pool: calls that name the pool reach it whatever region they are addressed to. What a
 * call may do there depends on the region it is addressed to, if it says so.
 */
export function requireHere(call: CognitoCall, pool: Pool): void {
  poolHere(call, pool)
}

/** The replica that a call is addressed to, undefined in the pool's first region and where it has none. */
export function replicaHere(call: CognitoCall, pool: Pool): Replica | undefined {
  const region = call.addressedRegion
  return region === undefined || pool.Id.startsWith(`${region}_`) ? undefined : replicas.get(call, pool.Id, region)
}

/** Under what is filed what each region has of its own: '' for the first. */
export function regionKey(call: CognitoCall, pool: Pool): string {
  return replicaHere(call, pool)?.region ?? ''
}

/** The pool as it is in the region that a call is addressed to, if the call may be made there. */
export function poolHere(call: CognitoCall, pool: Pool): Pool {
  const replica = replicaHere(call, pool)
  if (replica === undefined) return pool
  const { region, own } = replica
  if (!allowed(call.operation, replica)) {
    call.fail('OperationNotEnabledException', `${call.operation} is not available in the replica of user pool ${pool.Id} in ${region}.`)
  }
  return own === undefined ? pool : { ...pool, ...own }
}

/** What of a pool is set in each of its regions (developer guide, multi-Region replication); all else follows the first. */
const REGIONAL: ReadonlySet<string> = new Set(['UserPoolId', 'EmailConfiguration', 'SmsConfiguration', 'LambdaConfig', 'UserPoolTags'])

/** Refuses an update of a replica that asks for more than is its own. */
export function requireRegional(call: CognitoCall, { region }: Replica, asked: object): void {
  const others = Object.entries(asked).filter(([name, value]) => value !== undefined && !REGIONAL.has(name))
  if (others.length > 0)
    call.fail(
      'OperationNotEnabledException',
      notRegional(
        others.map(([name]) => name),
        region,
      ),
    )
}

/** (?) */
function notRegional(names: string[], region: string): string {
  return `${names.join(', ')} cannot be set in the replica in ${region}.`
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
  'SetLogDeliveryConfiguration',
  'TagResource',
  'UntagResource',
  'UpdateUserPool',
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

import type { CognitoCall } from '../../call.ts'
import { type Pool, pools, replicas } from '../../records.ts'
import { regionOf } from './identifiers.ts'

export interface Tagged {
  tags: Readonly<Record<string, string>>
  /** Puts these in the place of all. */
  replace(tags: Record<string, string>): void
}

/** (?) The service's sentence for an ARN of something else is not known. */
const notTaggable = (arn: string) => `Invalid ARN: ${arn}`

/** The tags of a pool or of one of its replicas, by its ARN; a replica's are its own. */
export function taggedBy(call: CognitoCall, arn: string): Tagged {
  const [, region, id] = /^arn:[^:]+:cognito-idp:([^:]+):\d+:userpool\/([^:/]+)$/.exec(arn) ?? []
  if (region === undefined || id === undefined) return call.fail('InvalidParameterException', notTaggable(arn))

  call.pool(id)
  const pool = pools.get(call, '', id) as Pool
  if (region === regionOf(pool.Id)) {
    return { tags: pool.UserPoolTags ?? {}, replace: (UserPoolTags) => pools.put(call, '', pool.Id, { ...pool, UserPoolTags }) }
  }
  const replica = replicas.get(call, pool.Id, region)
  if (replica === undefined) return call.fail('ResourceNotFoundException', `User pool ${id} does not exist.`)
  return { tags: replica.tags, replace: (tags) => replicas.put(call, pool.Id, region, { ...replica, tags }) }
}

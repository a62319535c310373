import type { CognitoCall } from '../../call.ts'
import type { UserPoolType } from '../../contract/types.ts'
import { domains, type Pool, replicas, users } from '../../records.ts'
import { acrLevels } from '../factors/acr-levels.ts'
import { isCustom, prefixHere } from './domains.ts'
import { poolArn, regionOf } from './identifiers.ts'

/** A pool as answers show it: with what is counted and looked up at that moment, and as the region knows it that was asked. */
export function poolView(call: CognitoCall, pool: Pool): UserPoolType {
  return {
    ...pool,
    ...replicaOwn(call, pool),
    AcrConfiguration: acrLevels(pool),
    EstimatedNumberOfUsers: users.count(call, pool.Id),
    Domain: prefixHere(call, pool)?.Domain,
    CustomDomain: domains.all(call, pool.Id).find(isCustom)?.Domain,
  }
}

/** What a replica has of its own. */
function replicaOwn(call: CognitoCall, pool: Pool): Pick<UserPoolType, 'Arn' | 'UserPoolTags'> {
  const region = call.addressedRegion
  const replica = region === undefined || region === regionOf(pool.Id) ? undefined : replicas.get(call, pool.Id, region)
  return replica === undefined ? {} : { Arn: poolArn(pool.Id, replica.region), UserPoolTags: replica.tags }
}

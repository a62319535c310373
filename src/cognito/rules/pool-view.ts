import type { UserPoolType } from '../contract/types.ts'
import type { CognitoCall } from '../operation.ts'
import { domains, type Pool, users } from '../records.ts'

/** A pool as answers show it: with what is counted and looked up at that moment. */
export function poolView(call: CognitoCall, pool: Pool): UserPoolType {
  const all = domains.all(call, pool.Id)
  return {
    ...pool,
    EstimatedNumberOfUsers: users.count(call, pool.Id),
    Domain: all.find(({ CustomDomainConfig }) => CustomDomainConfig === undefined)?.Domain,
    CustomDomain: all.find(({ CustomDomainConfig }) => CustomDomainConfig !== undefined)?.Domain,
  }
}

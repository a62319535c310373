import type { LimitDefinitionType, LimitType } from '../contract/types.ts'
import type { CognitoCall } from '../operation.ts'
import { provisionedLimits } from '../records.ts'

/** Requests a second that an account has for nothing, by API category (developer guide, quotas). */
const FREE: Readonly<Record<string, number>> = {
  UserAuthentication: 120,
  UserCreation: 50,
  UserFederation: 25,
  UserAccountRecovery: 30,
  UserRead: 120,
  UserUpdate: 25,
  UserToken: 120,
  UserResourceRead: 50,
  UserResourceUpdate: 25,
  UserList: 30,
  UserPoolRead: 15,
  UserPoolUpdate: 15,
  UserPoolResourceRead: 20,
  UserPoolResourceUpdate: 15,
  UserPoolClientRead: 15,
  UserPoolClientUpdate: 15,
  ClientAuthentication: 150,
}

/** (?) What an account may buy is its own quota in life; here so many times what it has for nothing. */
const MOST_TIMES = 100

/** (?) The operations declare these refusals; their sentences are not known. */
const NO_SUCH_LIMIT = 'The limit that LimitDefinition names does not exist.'
const INCOMPLETE = 'LimitDefinition must have a LimitClass and the attribute Category.'

export interface Limit {
  category: string
  free: number
  most: number
}

export function limitBy(call: CognitoCall, { LimitClass, Attributes }: LimitDefinitionType): Limit {
  const category = Attributes?.Category
  if (LimitClass === undefined || category === undefined) return call.fail('InvalidParameterException', INCOMPLETE)
  const free = Object.hasOwn(FREE, category) ? FREE[category] : undefined
  return free === undefined ? call.fail('ResourceNotFoundException', NO_SUCH_LIMIT) : { category, free, most: free * MOST_TIMES }
}

export function limitView(call: CognitoCall, { category, free }: Limit): LimitType {
  return {
    LimitDefinition: { LimitClass: 'API_CATEGORY', Attributes: { Category: category } },
    ProvisionedLimitValue: provisionedLimits.get(call, '', category)?.value ?? free,
    FreeLimitValue: free,
  }
}

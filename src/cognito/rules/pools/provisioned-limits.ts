import type { CognitoCall } from '../../call.ts'
import type { LimitDefinitionType, LimitType } from '../../contract/types.ts'
import { CATEGORIES, rateOf } from './rates.ts'

/** (?) What an account may buy is its own quota in life; here so many times what it has for nothing. */
const MOST_TIMES = 100

/** (?) The operations declare these refusals; their sentences are not known. */
const NO_SUCH_LIMIT = 'The limit that LimitDefinition names does not exist.'
const INCOMPLETE = 'LimitDefinition must have a LimitClass and the attribute Category.'

export interface Limit {
  category: string
  free: number
  most: number
  adjustable: boolean
}

export function limitBy(call: CognitoCall, { LimitClass, Attributes }: LimitDefinitionType): Limit {
  const category = Attributes?.Category
  if (LimitClass === undefined || category === undefined) return call.fail('InvalidParameterException', INCOMPLETE)
  const found = Object.hasOwn(CATEGORIES, category) ? CATEGORIES[category] : undefined
  if (found === undefined) return call.fail('ResourceNotFoundException', NO_SUCH_LIMIT)
  return { category, free: found.free, most: found.free * MOST_TIMES, adjustable: found.adjustable === true }
}

export function limitView(call: CognitoCall, { category, free }: Limit): LimitType {
  return {
    LimitDefinition: { LimitClass: 'API_CATEGORY', Attributes: { Category: category } },
    ProvisionedLimitValue: rateOf(call, category),
    FreeLimitValue: free,
  }
}

import type { StringToAcrLevelConfigTypeMapType } from '../contract/types.ts'
import type { CognitoCall } from '../operation.ts'
import type { Pool } from '../records.ts'

/** The four levels of assurance of a sign-in, and what they are called unless the pool calls them otherwise (reference, AcrConfiguration). */
const DEFAULTS: Readonly<Record<string, string>> = {
  Level1: 'urn:cognito:loa:1',
  Level2: 'urn:cognito:loa:2',
  Level3: 'urn:cognito:loa:3',
  Level4: 'urn:cognito:loa:4',
}

/** The names in effect, those of the levels that nobody named included: answers always show all four. */
export function acrLevels({ AcrConfiguration = {} }: Pick<Pool, 'AcrConfiguration'>): StringToAcrLevelConfigTypeMapType {
  const levels = Object.entries(DEFAULTS).map(([level, AcrValue]) => [level, { AcrValue: AcrConfiguration[level]?.AcrValue ?? AcrValue }])
  return Object.fromEntries(levels)
}

const LONGEST = 64
const PATTERN = '[\\x21\\x23-\\x5B\\x5D-\\x7E]+'

/** (?) The rules are the reference's, which the contract does not bound; the sentences follow those of bounds. */
export function checkAcrLevels(call: CognitoCall, { AcrConfiguration = {} }: Pick<Pool, 'AcrConfiguration'>): void {
  const fail = (at: string, rule: string): never =>
    call.fail('InvalidParameterException', `1 validation error detected: Value ${at} failed to satisfy constraint: ${rule}`)
  for (const [level, { AcrValue }] of Object.entries(AcrConfiguration)) {
    const path = `acrConfiguration.${level}.member.acrValue`
    if (!Object.hasOwn(DEFAULTS, level)) {
      const levels = Object.keys(DEFAULTS).join(', ')
      fail("at 'acrConfiguration'", `Map keys must satisfy constraint: [Member must satisfy enum value set: [${levels}]]`)
    }
    if (AcrValue === undefined) fail(`null at '${path}'`, 'Member must not be null')
    else if (AcrValue.length > LONGEST) fail(`'${AcrValue}' at '${path}'`, `Member must have length less than or equal to ${LONGEST}`)
    else if (!new RegExp(`^${PATTERN}$`).test(AcrValue)) {
      fail(`'${AcrValue}' at '${path}'`, `Member must satisfy regular expression pattern: ${PATTERN}`)
    }
  }
  const names = Object.values(acrLevels({ AcrConfiguration })).map(({ AcrValue }) => AcrValue)
  if (new Set(names).size < names.length) call.fail('InvalidParameterException', 'AcrConfiguration must name each level differently.')
}

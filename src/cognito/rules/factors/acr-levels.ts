import type { CognitoCall } from '../../call.ts'
import type { StringToAcrLevelConfigTypeMapType } from '../../contract/types.ts'
import type { Pool, Provider } from '../../records.ts'

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
  for (const [level, { AcrValue }] of Object.entries(AcrConfiguration)) {
    checkKey(call, 'acrConfiguration', level)
    const path = `acrConfiguration.${level}.member.acrValue`
    if (AcrValue === undefined) refuse(call, `null at '${path}'`, 'Member must not be null')
    else checkName(call, path, AcrValue)
  }
  const names = Object.values(acrLevels({ AcrConfiguration })).map(({ AcrValue }) => AcrValue)
  if (new Set(names).size < names.length) call.fail('InvalidParameterException', 'AcrConfiguration must name each level differently.')
}

/** (?) The rule is the reference's, its sentence is not known. */
const OIDC_ONLY = 'AcrMapping is only supported for OIDC identity providers.'

/** What a provider calls the levels (reference, AcrMapping). */
export function checkAcrMapping(call: CognitoCall, type: Provider['ProviderType'], mapping: Readonly<Record<string, string>> = {}): void {
  for (const [level, name] of Object.entries(mapping)) {
    checkKey(call, 'acrMapping', level)
    checkName(call, `acrMapping.${level}.member`, name)
  }
  if (type !== 'OIDC' && Object.keys(mapping).length > 0) call.fail('InvalidParameterException', OIDC_ONLY)
}

function checkKey(call: CognitoCall, path: string, level: string): void {
  const levels = Object.keys(DEFAULTS).join(', ')
  if (Object.hasOwn(DEFAULTS, level)) return
  refuse(call, `at '${path}'`, `Map keys must satisfy constraint: [Member must satisfy enum value set: [${levels}]]`)
}

function checkName(call: CognitoCall, path: string, name: string): void {
  if (name.length > LONGEST) refuse(call, `'${name}' at '${path}'`, `Member must have length less than or equal to ${LONGEST}`)
  if (!new RegExp(`^${PATTERN}$`).test(name)) {
    refuse(call, `'${name}' at '${path}'`, `Member must satisfy regular expression pattern: ${PATTERN}`)
  }
}

function refuse(call: CognitoCall, at: string, rule: string): never {
  return call.fail('InvalidParameterException', `1 validation error detected: Value ${at} failed to satisfy constraint: ${rule}`)
}

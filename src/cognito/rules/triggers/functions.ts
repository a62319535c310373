import type { Call } from '../../../core/call.ts'
import { type FunctionTarget, functions } from '../../records.ts'
import { settingsOf } from '../../settings.ts'

/** Stands for every function that is not named itself. */
export const ANY = '*'

/** What answers for a function: what was set at run time, else what the emulator was configured with. */
export function targetOf(call: Call, arn: string): FunctionTarget | undefined {
  const { functions: configured } = settingsOf(call)
  return functions.get(call, '', arn)?.target ?? configured[arn] ?? functions.get(call, '', ANY)?.target ?? configured[ANY]
}

export interface KnownFunction {
  arn: string
  target: FunctionTarget
}

/** Names the function that answers for an ARN, or for all others (`*`). */
export function setFunction(call: Call, arn: string, target: FunctionTarget): KnownFunction {
  functions.put(call, '', arn, { arn, target })
  return { arn, target }
}

/** False if it was not set at run time. */
export function removeFunction(call: Call, arn: string): boolean {
  return functions.remove(call, '', arn)
}

/** Those set at run time first, then the configured ones that they leave. */
export function listFunctions(call: Call): KnownFunction[] {
  const set = functions.all(call, '')
  const named = new Set(set.map(({ arn }) => arn))
  const configured = Object.entries(settingsOf(call).functions).filter(([arn]) => !named.has(arn))
  return [...set, ...configured.map(([arn, target]) => ({ arn, target }))]
}

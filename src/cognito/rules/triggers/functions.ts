import { Call } from '../../../core/call.ts'
import { Refusal } from '../../../core/refusal.ts'
import type { Callable } from '../../../core/run.ts'
import { type FunctionTarget, functions } from '../../records.ts'
import { functionsIn, settingsOf } from '../../settings.ts'

/** Stands for every function that is not named itself. */
export const ANY = '*'

/** What answers for a function: what was set at run time, else what the emulator was configured with. */
export function targetOf(call: Call, arn: string): FunctionTarget | undefined {
  const { functions: configured } = settingsOf(call)
  return functions.get(call, '', arn)?.target ?? configured[arn] ?? functions.get(call, '', ANY)?.target ?? configured[ANY]
}

/** A program that a call named is anybody's where others can reach the emulator; those of the settings are its owner's. */
export function mayRun(call: Call, target: FunctionTarget): boolean {
  return !('command' in target) || !call.settings.exposed || Object.values(settingsOf(call).functions).includes(target)
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

/** How a fixture names them: `call: cognito.functions`, with targets by ARN as the setting has them. */
export const functionsCall: Callable<Record<string, FunctionTarget>, Record<string, never>> = {
  room: 'cognito',
  name: 'functions',
  admit(input) {
    const found = typeof input === 'object' && input !== null ? functionsIn(Object.entries(input)) : undefined
    if (found === undefined) throw new Refusal('InvalidParameterException', 'functions are named like { <arn>: ./trigger.js }')
    return found
  },
  handle(targets, context) {
    const call = new Call(context)
    for (const [arn, target] of Object.entries(targets)) setFunction(call, arn, target)
    return {}
  },
}

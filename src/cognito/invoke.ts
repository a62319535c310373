import { Operations } from '../contract/operation.ts'
import { Call, type Context } from '../core/call.ts'
import { contract } from './contract/index.ts'
import { missing } from './operation.ts'

export const operations = new Operations(new URL('operations/', import.meta.url), Object.keys(contract.operations))

/** One operation inside another call: in the same transaction and at the same time, undone alone if it refuses. */
export function invoke(name: string, input: unknown, context: Context): unknown {
  const call = new Call(context)
  // An operation is loaded at its first call, which is a question like any other.
  if (operations.loaded(name) === undefined) call.ask<boolean>('cognito.load', name)
  const operation = operations.loaded(name) ?? missing(name)
  return call.nested(() => {
    const output = operation.handle(operation.admit(input), context)
    if (call.settings.strict) operation.verify?.(output)
    return output
  })
}

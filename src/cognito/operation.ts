import type { Operation } from '../contract/operation.ts'
import { Outline } from '../contract/outline.ts'
import { survey } from '../contract/survey.ts'
import type { Context } from '../core/call.ts'
import { Refusal } from '../core/refusal.ts'
import { CognitoCall } from './call.ts'
import { commonErrors, extraErrors } from './contract/amendments.ts'
import { answers, contract, type Errors, type Input, mask, type Name, type Output, requestSchema, requests } from './contract/index.ts'
import { holdRate } from './rules/pools/rates.ts'
import { admit } from './validation.ts'

/** The service ignores members that it does not know. */
function surveyor(name: string): NonNullable<Operation['survey']> {
  let outline: Outline | undefined
  return (raw) => {
    const schema = outline === undefined ? requestSchema(name) : undefined
    if (schema !== undefined) outline = new Outline(schema, (id) => requests.get(id))
    return survey(name, outline, raw)
  }
}

/** Declares an operation; everything else about it follows from the contract. */
export function operation<N extends Name>(
  name: N,
  handler: (input: Input<N>, call: CognitoCall<Errors<N>>) => Output<N>,
): Operation<Input<N>, Output<N>> {
  const { errors, output } = contract.operations[name] ?? { errors: [], output: null }
  const allowed = new Set([...errors, ...(extraErrors[name] ?? []), ...commonErrors])
  return {
    room: 'cognito',
    name,
    errors,
    survey: surveyor(name),
    admit: (raw) => admit(name, raw) as Input<N>,
    handle: (input, context) => {
      const call = new CognitoCall<Errors<N>>(context, name, input)
      holdRate(call)
      return handler(input, call)
    },
    verify(answer) {
      if (output === null) {
        if (answer !== undefined) throw new Error(`${name} answers something although its contract has no output`)
        return
      }
      const found = answers.check(output, answer)
      if (found.length > 0) {
        throw new Error(
          `${name} breaks its contract: ${found.map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`).join('; ')}`,
        )
      }
    },
    mayRefuse: (error) => allowed.has(error),
    mask: (value, side) => mask(name, value, side),
  }
}

/** An operation that the contract knows and nobody has built: it is checked like any other, then says so. */
export function missing(name: string): Operation<unknown, unknown> {
  return {
    room: 'cognito',
    name,
    errors: [],
    unbuilt: true,
    survey: surveyor(name),
    admit: (raw) => admit(name, raw),
    handle: (_input: unknown, _context: Context) => {
      throw new Refusal('NotImplementedException', `Poolhouse does not implement ${name} yet.`)
    },
    mask: (value, side) => mask(name, value, side),
  }
}

import type { Operation } from '../contract/operation.ts'
import { Outline } from '../contract/outline.ts'
import { camel } from '../contract/proto.ts'
import { survey } from '../contract/survey.ts'
import { Call } from '../core/call.ts'
import { Refusal } from '../core/refusal.ts'
import { YandexCall } from './call.ts'
import { answers, type Input, json, mask, methodOf, type Name, type Output } from './contract/index.ts'
import type { Operations as Types } from './contract/types.ts'
import { authorize } from './rules/access/authorize.ts'
import { subjectOf } from './rules/access/subjects.ts'
import { eventOf } from './rules/running/audit.ts'
import { hold } from './rules/running/compat.ts'
import type { Deed } from './rules/running/deed.ts'
import { known, start } from './rules/running/running.ts'
import type { YandexSettings } from './settings.ts'
import { CODES } from './status.ts'
import { admit } from './validation.ts'

export type Result<N extends Name> = Types[N] extends { metadata: infer M; response: infer R } ? Deed<M, R> : Output<N>

const TYPES = 'type.googleapis.com/'

/** Declares an operation; everything else about it follows from the contract. */
export function operation<N extends Name>(
  name: N,
  handler: (input: Input<N>, call: YandexCall) => Result<N>,
): Operation<Input<N>, Output<N>> {
  const method = methodOf(name)
  const { operation: long } = method
  return {
    ...common(name),
    handle(input, context) {
      const call = new YandexCall(context, subjectOf(new Call(context), name))
      hold(call, name, input as Record<string, unknown>)
      authorize(call, name, input as Record<string, unknown>)
      if (long === null) return handler(input, call) as Output<N>

      const before = known(call, name)
      if (before !== undefined) return before as Output<N>
      const deed = handler(input, call) as Deed<object, object>
      const event = eventOf(name)
      if (event !== undefined) call.note({ event })
      const typed = (type: string, value: object) => ({ '@type': TYPES + type, ...value })
      return start(call, name, {
        ...deed,
        metadata: typed(long.metadata, deed.metadata),
        response: typed(long.response, deed.response),
      }) as Output<N>
    },
    verify(answer) {
      const check = (type: string, value: unknown) => {
        const found = answers.check(type, plain(value))
        if (found.length === 0) return
        const told = found.map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
        throw new Error(`${name} breaks its contract: ${told.join('; ')}`)
      }
      check(method.response, answer)
      if (long === null) return
      const { metadata, response } = answer as { metadata: { '@type': string }; response?: { '@type': string } }
      for (const [any, type] of [[metadata, long.metadata] as const, [response, long.response] as const]) {
        if (any === undefined) continue
        const { '@type': url, ...rest } = any
        if (url !== TYPES + type) throw new Error(`${name} answers ${url} where ${type} is declared`)
        check(type, rest)
      }
    },
  }
}

/** An operation that the contract knows and nobody has built: it is checked like any other, then says so. */
export function missing(name: string): Operation<unknown, unknown> {
  return {
    ...common(name),
    unbuilt: true,
    handle: (): never => {
      throw new Refusal('UNIMPLEMENTED', `Poolhouse does not implement ${name} yet`)
    },
  }
}

/** Unknown members the API refuses itself; deprecated ones it takes. */
function surveyor(name: string): NonNullable<Operation['survey']> {
  let outline: Outline | undefined
  return (raw) => {
    const schema = outline === undefined ? answers.get(methodOf(name).request) : undefined
    if (schema !== undefined) outline = new Outline(schema, (id) => answers.get(id), { spelling: camel })
    const found = survey(name, outline, raw)
    return found.length === 0 ? found : found.filter(({ rule }) => rule === 'deprecated-member')
  }
}

function common(name: string) {
  return {
    room: 'yandex',
    name,
    errors: Object.keys(CODES),
    survey: surveyor(name),
    admit: (raw: unknown) => admit(name, raw) as never,
    mayRefuse: (error: string) => Object.hasOwn(CODES, error),
    mask: (value: unknown) => mask(value),
  }
}

/** Without members that are undefined, as JSON would have it. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

/** The answer in its JSON form: what REST writes, and what gRPC makes a message of. */
export function printed(name: string, output: unknown, settings: YandexSettings): unknown {
  return json.print(methodOf(name).response, output, { everything: settings.printDefaults === true, always: ALWAYS })
}

/** `done: false` is printed; other defaults are not (a live answer and a guess, yandex-idp 4). */
const ALWAYS = { 'yandex.cloud.operation.Operation': ['done'] }

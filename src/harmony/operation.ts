import { mistakesOf } from '../contract/mistakes.ts'
import type { Operation } from '../contract/operation.ts'
import { Schemas } from '../contract/schema.ts'
import type { Context } from '../core/call.ts'
import { Refusal } from '../core/refusal.ts'
import { FAILURES, type Failure, HarmonyCall } from './call.ts'
import { authorize } from './rules/access.ts'
import { mask } from './rules/secrets.ts'
import { type Choice, filled, jsonOf, type Members, type Of, pathOf, type Schema, sentence, text } from './schema.ts'

type Parameters<R extends string> = R extends `${string}{${infer P}}${infer Rest}` ? { [K in P]: string } & Parameters<Rest> : unknown

type Typed<S> = S extends Schema<infer T> ? T : unknown

type AnswerOf<A> = A extends Record<number, infer S> ? (S extends null ? undefined : Of<S>) : never

/** What one page of the documentation says of a handler (`/functions/Endpoints_*.html`). */
export interface Declaration {
  name: string
  /** Verb and path as documented. */
  route: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`
  summary: string
  query?: Schema<unknown> | undefined
  body?: Schema<unknown> | undefined
  /** The one documented success and its body; null is an empty one. */
  answers: Readonly<Record<number, Schema<unknown> | null>>
  errors: readonly Failure[]
  /** Needs no token: it gives tokens out, or a link is the proof. */
  open?: boolean | undefined
  /** Not documented: something a local emulator needs. Served below `/harmony` only. */
  own?: boolean | undefined
  /** Puts a tolerated body into the documented form before it is checked. */
  prepare?: ((raw: Record<string, unknown>, call: HarmonyCall) => { raw: Record<string, unknown>; strip: string }) | undefined
}

export interface HarmonyOperation extends Operation {
  readonly declaration: Declaration
  readonly status: number
  /** What the schemas find wrong in an input, for who writes one down beforehand. */
  wrong(input: unknown): { path: string[]; message: string }[]
}

/** What a handler said beside its answer. */
const said = new WeakMap<object, Record<string, string>>()

export function headersOf(answer: unknown): Record<string, string> {
  return typeof answer === 'object' && answer !== null ? (said.get(answer) ?? {}) : {}
}

/**
 * Declares an operation. Its input is one flat object, path parameters, query and body together: the same whether it comes
 * by HTTP or from a fixture.
 */
export function operation<const D extends Declaration>(
  declaration: D & { route: D['route'] },
  handler: (
    input: Parameters<D['route']> & Typed<D['query']> & Typed<D['body']>,
    call: HarmonyCall<D['errors'][number]>,
  ) => AnswerOf<D['answers']>,
): HarmonyOperation {
  const [[status, answer]] = Object.entries(declaration.answers) as [[string, Schema<unknown> | null]]
  const allowed = new Set<string>(declaration.errors.map((failure) => FAILURES[failure]))
  const requests = new Map<string, Schemas>()
  const answers = new Schemas(() => [{ $id: 'answer', ...answer?.json }], { dropUnknown: false })

  const check = (raw: unknown, call: HarmonyCall): Record<string, unknown> => {
    const prepared = declaration.prepare?.(raw as Record<string, unknown>, call) ?? { raw: raw as Record<string, unknown>, strip: '' }
    const { by, branch } = branchOf(declaration, prepared.raw, call)
    const input = by === undefined ? prepared.raw : { ...prepared.raw, [by]: branch }
    const found = schemasFor(requests, declaration, branch).check('request', input)
    const wrong = found.find(({ keyword }) => keyword !== 'additionalProperties')
    if (wrong !== undefined) throw new Refusal(FAILURES[400], sentence(wrong).replace(prepared.strip, ''))
    for (const extra of found) call.undocumented(sentence(extra), pathOf(extra))
    return input
  }

  return {
    room: 'harmony',
    name: declaration.name,
    declaration,
    status: Number(status),
    errors: [...allowed],
    admit: (raw) => raw,
    wrong(input) {
      const raw = (input ?? {}) as Record<string, unknown>
      const part = [declaration.body, declaration.query].find((one) => one !== undefined && 'branches' in one) as
        | Choice<unknown>
        | undefined
      const branch = part === undefined ? '' : String(raw[part.by] ?? Object.keys(part.branches)[0])
      if (part !== undefined && !Object.hasOwn(part.branches, branch)) return []
      const told = part === undefined ? raw : { ...raw, [part.by]: branch }
      return mistakesOf(schemasFor(requests, declaration, branch).check('request', told))
    },
    handle(raw: unknown, context: Context) {
      const call = new HarmonyCall<D['errors'][number]>(context)
      if (declaration.open !== true) authorize(call)
      const input = check(raw, call)
      const output = documented(allowed, () => handler(input as Parameters<D['route']> & Typed<D['query']> & Typed<D['body']>, call))
      if (typeof output === 'object' && output !== null) said.set(output, call.headers)
      return output
    },
    verify(output) {
      if (answer === null) {
        if (output !== undefined) throw new Error(`${declaration.name} answers something although it is documented to be empty`)
        return
      }
      // Through JSON, as it will be sent: a member that is undefined is not there.
      const found = answers.check('answer', JSON.parse(JSON.stringify(output)))
      if (found.length > 0) throw new Error(`${declaration.name} breaks its declaration: ${found.map(sentence).join('; ')}`)
    },
    mayRefuse: (name) => allowed.has(name),
    mask,
  }
}

/** What a provider refuses by a status that this route does not document is a bad request. */
function documented<T>(allowed: ReadonlySet<string>, act: () => T): T {
  try {
    return act()
  } catch (error) {
    const strange = error instanceof Refusal && error.facts.upstream !== undefined && !allowed.has(error.name)
    throw strange ? new Refusal(FAILURES[400], error.message, error.facts) : error
  }
}

/** Which body of several this one is. */
function branchOf(declaration: Declaration, raw: Record<string, unknown>, call: HarmonyCall): { by?: string; branch: string } {
  for (const part of [declaration.body, declaration.query]) {
    if (part === undefined || !('branches' in part)) continue
    const { by, branches } = part as Choice<unknown>
    const known = Object.keys(branches)
    const told = raw[by] ?? known[0]
    if (typeof told === 'string' && Object.hasOwn(branches, told)) return { by, branch: told }
    call.refuse(400, `${by} must be one of ${known.join(', ')}`)
  }
  return { branch: '' }
}

function schemasFor(requests: Map<string, Schemas>, declaration: Declaration, branch: string): Schemas {
  let schemas = requests.get(branch)
  if (schemas === undefined) {
    schemas = new Schemas(() => [{ $id: 'request', ...jsonOf(membersOf(declaration, branch)) }], { dropUnknown: false })
    requests.set(branch, schemas)
  }
  return schemas
}

/** Path parameters, query and the chosen body as one object. */
function membersOf(declaration: Declaration, branch: string): Members {
  const all: Members = { required: {}, optional: {}, open: false }
  for (const name of parameterNames(declaration.route)) all.required[name] = filled
  for (const part of [declaration.query, declaration.body]) {
    if (part === undefined) continue
    const chosen = 'branches' in part ? (part as Choice<unknown>).branches[branch] : part
    if ('by' in part) all.optional[(part as Choice<unknown>).by] = text
    Object.assign(all.required, chosen?.members?.required)
    Object.assign(all.optional, chosen?.members?.optional)
    all.open ||= chosen?.members?.open === true
  }
  for (const name of Object.keys(all.required)) delete all.optional[name]
  return all
}

export function parameterNames(route: string): string[] {
  return [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
}

import type { Operation } from '../contract/operation.ts'
import { duration } from '../core/clock.ts'
import type { Delay, Fault } from '../core/faults.ts'
import { rateOf } from '../core/limits.ts'
import type { Match } from '../core/match.ts'
import type { Namespace } from '../core/namespace.ts'
import { suggestion } from '../core/nearest.ts'
import { Declined, type Asked as Request, type Room, type Route } from './route.ts'

const SPAN = { type: ['string', 'number'], description: 'like 250ms or 2s, or milliseconds' }

export const FAULT = {
  type: 'object',
  properties: {
    match: {
      type: 'object',
      properties: {
        vendor: { type: 'string' },
        operation: { type: 'string', description: "the vendor's name of it" },
        namespace: { type: 'string', description: 'the one addressed, if absent' },
        user: { type: 'string', description: 'a name, id or address as the call gives it' },
        client: { type: 'string' },
        input: { type: 'object', description: 'a part of the input' },
      },
      additionalProperties: false,
    },
    times: { type: ['integer', 'null'], minimum: 1, description: 'how often it strikes, null for ever', default: 1 },
    probability: { type: 'number', minimum: 0, maximum: 1, default: 1 },
    beyond: {
      type: 'string',
      pattern: '^\\d+/(\\d+(ms|s|m|h))?(ms|s|m|h)?$',
      description: 'only calls that exceed this rate: 5/s, 100/1m',
    },
    // biome-ignore lint/suspicious/noThenProperty: a schema, never awaited.
    then: {
      type: 'object',
      properties: {
        error: {
          oneOf: [
            { type: 'string', description: "the vendor's name of the error" },
            {
              type: 'object',
              properties: { name: { type: 'string' }, message: { type: 'string' } },
              required: ['name'],
              additionalProperties: false,
            },
          ],
        },
        status: { type: 'integer', minimum: 400, maximum: 599, description: 'a bare answer, not in the manner of the vendor' },
        delay: {
          oneOf: [
            SPAN,
            {
              type: 'object',
              properties: { uniform: { type: 'array', items: SPAN, minItems: 2, maxItems: 2 } },
              required: ['uniform'],
              additionalProperties: false,
            },
            {
              type: 'object',
              properties: {
                lognormal: {
                  type: 'object',
                  properties: { median: SPAN, sigma: { type: 'number', minimum: 0 }, max: SPAN },
                  required: ['median', 'sigma'],
                  additionalProperties: false,
                },
              },
              required: ['lognormal'],
              additionalProperties: false,
            },
          ],
        },
        slow: { ...SPAN, description: 'the answer takes so long to arrive, piece by piece' },
        drop: { type: 'boolean', description: 'the connection ends without an answer' },
        reset: { type: 'boolean', description: 'the connection is reset' },
        malformed: { type: 'boolean', description: 'the answer is half a JSON text' },
        after: { type: 'boolean', description: 'the call is done first, and only its answer is lost' },
      },
      minProperties: 1,
      additionalProperties: false,
    },
  },
  required: ['then'],
  additionalProperties: false,
}

const KEPT = { ...FAULT, properties: { id: { type: 'integer' }, ...FAULT.properties }, additionalProperties: true }

/** What goes wrong on purpose. */
export function faults(rooms: readonly Room[]): Route[] {
  return [
    {
      method: 'GET',
      url: '/faults',
      summary: 'Faults that have not been used up',
      answer: { type: 'array', items: KEPT },
      handle: ({ namespace }) => namespace().faults.list().map(shown),
    },
    {
      method: 'PUT',
      url: '/faults',
      summary: 'Have these go wrong, instead of whatever was to go wrong before',
      body: { type: 'array', items: FAULT },
      answer: { type: 'array', items: KEPT },
      refuses: { 400: 'A fault is not understood, or the vendor has no such operation or error' },
      handle: async (asked) => {
        const { body } = asked
        const orders = body as Asked[]
        const all = await Promise.all(orders.map((asked) => faultOf(asked, rooms)))
        const places = orders.map((order) => placeOf(order, asked))
        for (const place of new Set([asked.namespace(), ...places])) {
          place.faults.replace(all.filter((_fault, index) => places[index] === place))
        }
        return [...new Set([asked.namespace(), ...places])].flatMap((place) => place.faults.list().map(shown))
      },
    },
    {
      method: 'POST',
      url: '/faults',
      summary: 'Have this go wrong, too',
      body: FAULT,
      answer: KEPT,
      refuses: { 400: 'The fault is not understood, or the vendor has no such operation or error' },
      handle: async (asked) => shown(placeOf(asked.body, asked).faults.add(await faultOf(asked.body, rooms))),
    },
    {
      method: 'DELETE',
      url: '/faults',
      summary: 'Nothing goes wrong any more',
      handle: ({ namespace }) => namespace().faults.replace([]),
    },
    {
      method: 'DELETE',
      url: '/faults/:id',
      summary: 'One fault less',
      refuses: { 404: 'There is no such fault' },
      handle: ({ namespace, params: { id = '' } }) => {
        if (!namespace().faults.remove(Number(id))) throw new Declined(404, `there is no fault ${id}`)
      },
    },
  ]
}

/** The namespace that a fault is for. */
function placeOf({ match }: Asked, { namespace, emulator }: Request): Namespace {
  if (match?.namespace === undefined) return namespace()
  const found = emulator.find(match.namespace)
  if (found === undefined) throw new Declined(400, `there is no namespace ${match.namespace}`)
  return found
}

type Span = string | number

interface Asked {
  match?: Omit<Match, 'room'> & { vendor?: string; namespace?: string }
  times?: number | null
  probability?: number
  beyond?: string
  then: {
    error?: string | { name: string; message?: string }
    status?: number
    delay?: Span | { uniform: [Span, Span] } | { lognormal: { median: Span; sigma: number; max?: Span } }
    slow?: Span
    drop?: boolean
    reset?: boolean
    malformed?: boolean
    after?: boolean
  }
}

/** What was asked for, of the namespace that it is said in, checked against the vendors' operations and errors. */
export function faultsOf(asked: unknown, rooms: readonly Room[]): Promise<Omit<Fault, 'id'>[]> {
  const orders = asked as Asked[]
  if (orders.some(({ match }) => match?.namespace !== undefined)) {
    throw new Declined(400, 'match.namespace is understood by PUT and POST /_/faults only')
  }
  return Promise.all(orders.map((one) => faultOf(one, rooms)))
}

async function faultOf(
  { match = {}, times = 1, probability = 1, beyond, ...asked }: Asked,
  rooms: readonly Room[],
): Promise<Omit<Fault, 'id'>> {
  const { vendor: room, namespace: _place, ...rest } = match
  const { error, delay, slow, ...effect } = asked.then
  const refusal = typeof error === 'string' ? { name: error } : error
  await check(room, match.operation, refusal?.name, rooms)
  const outcome = {
    ...effect,
    ...(refusal === undefined ? {} : { error: refusal }),
    ...(delay === undefined ? {} : { delay: delayOf(delay) }),
    ...(slow === undefined ? {} : { slow: spanOf(slow) }),
  }
  return {
    match: { ...rest, ...(room === undefined ? {} : { room }) },
    times,
    probability,
    ...(beyond === undefined ? {} : { beyond: rateOf(beyond) ?? wrongRate() }),
    // biome-ignore lint/suspicious/noThenProperty: never awaited.
    then: outcome,
  }
}

/** The vendor must have such an operation, and the operation such an error. */
async function check(
  vendor: string | undefined,
  operation: string | undefined,
  error: string | undefined,
  rooms: readonly Room[],
): Promise<void> {
  const names = rooms.map(({ name }) => name)
  if (vendor !== undefined && !names.includes(vendor)) throw new Declined(400, `there is no vendor ${vendor}${suggestion(vendor, names)}`)
  const meant = rooms.filter(({ name }) => vendor === undefined || name === vendor)
  const calls = meant.flatMap((room) => room.calls ?? [])
  const known = [...meant.flatMap(({ operations }) => operations.known), ...calls]
  if (operation !== undefined && !known.includes(operation)) {
    throw new Declined(400, `there is no operation ${operation}${suggestion(operation, known)}`)
  }
  // What endpoints refuse with, no contract lists.
  if (error === undefined || (operation !== undefined && calls.includes(operation))) return
  const loaded = await Promise.all(
    meant.map(({ operations }) =>
      operations.loadAll(operation === undefined ? undefined : [operation].filter((name) => operations.built.has(name))),
    ),
  )
  const all = loaded.flat()
  if (all.length === 0 || all.some((one: Operation) => one.mayRefuse?.(error) !== false)) return
  const errors = [...new Set(all.flatMap((one: Operation) => one.errors))].sort()
  const list = operation === undefined ? '' : `: ${errors.join(', ')}`
  throw new Declined(400, `${operation ?? vendor ?? 'no operation'} does not refuse with ${error}${suggestion(error, errors)}${list}`)
}

function delayOf(delay: NonNullable<Asked['then']['delay']>): Delay {
  if (typeof delay !== 'object') return spanOf(delay)
  if ('uniform' in delay) return { uniform: [spanOf(delay.uniform[0]), spanOf(delay.uniform[1])] }
  const { median, sigma, max = LONGEST } = delay.lognormal
  return { lognormal: { median: spanOf(median), sigma, max: spanOf(max) } }
}

const LONGEST = 10 * 60_000

function spanOf(span: Span): number {
  const time = typeof span === 'number' ? span : duration(span)
  if (time === undefined || !(time >= 0 && time <= LONGEST))
    throw new Declined(400, `${JSON.stringify(span)} must be a time like 250ms or 2s, at most 10m`)
  return time
}

function wrongRate(): never {
  throw new Declined(400, 'beyond must be a rate like 5/s or 100/1m')
}

function shown({ match: { room, ...match }, ...fault }: Fault): object {
  return { ...fault, match: { ...(room === undefined ? {} : { vendor: room }), ...match } }
}

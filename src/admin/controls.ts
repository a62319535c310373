import type { Upsert } from '../contract/nouns.ts'
import { Call } from '../core/call.ts'
import { duration } from '../core/clock.ts'
import { type Fault, Faults } from '../core/faults.ts'
import { Limits } from '../core/limits.ts'
import type { Answer } from '../core/namespace.ts'
import { collection } from '../core/records.ts'
import { Refusal } from '../core/refusal.ts'
import type { Callable } from '../core/run.ts'
import type { Room as FixtureRoom } from '../fixtures/index.ts'
import { FAULT, faultsOf } from './faults.ts'
import { LIMITS, wrongIn } from './limits.ts'
import { type LongRunning, POLICY } from './operations.ts'
import { Declined, lazyValidator, type Room } from './route.ts'

const CODES = {
  oneOf: [
    { type: 'string', pattern: '^\\d{1,32}$' },
    { type: 'object', additionalProperties: { type: 'string', pattern: '^\\d{1,32}$' } },
  ],
  description: 'a fixed one-time code for all, or codes by address, phone number or login name',
}

const CLOCK = {
  oneOf: [
    { type: 'string', description: 'an RFC 3339 time, or a span from now like -3d' },
    {
      type: 'object',
      properties: { now: { type: 'string' }, frozen: { type: 'boolean', description: 'it stands still' } },
      additionalProperties: false,
    },
  ],
}

const OPERATIONS = {
  oneOf: [
    { type: 'string', description: 'for all kinds: immediate, 5s, polls: 3 or manual' },
    { type: 'object', additionalProperties: { type: 'string' }, description: 'by kind' },
    { type: 'array', items: POLICY },
  ],
}

const FAULTS = { type: 'array', items: FAULT }

/** Who answers what the keys of fixtures ask. */
export function controlAnswers(rooms: readonly Room[]): Record<string, Answer> {
  return {
    'fixture.faults': async (asked: unknown) => {
      try {
        return { faults: await faultsOf(asked, rooms) }
      } catch (error) {
        if (error instanceof Declined) return { wrong: error.message }
        throw error
      }
    },
  }
}

/** What fixtures can set of the emulator itself, as calls of a room of its own: `clock`, `codes`, `faults`, `limits`, `operations`. */
export function controls(longRunning: LongRunning, rooms: readonly Room[]): FixtureRoom {
  const clock = own<ToldClock>('clock', (told, call) => {
    const { now, frozen } = partsOf(told)
    lastTold.put(call, '', 'clock', { told })
    const at = now === undefined ? undefined : instant(now, call.now)
    call.context.namespace.setClock((here) => {
      if (frozen === true) here.freeze(at)
      else if (frozen === false) {
        here.run()
        if (at !== undefined) here.set(at)
      } else if (at !== undefined) here.set(at)
    })
  })
  const codes = own<string | number | Record<string, string>>('codes', (told, call) =>
    call.context.namespace.setCodes(typeof told === 'object' ? told : { '*': String(told) }),
  )
  const faults = own<unknown[]>('faults', (told, call) => {
    const { faults: all, wrong } = call.ask<{ faults?: Omit<Fault, 'id'>[]; wrong?: string }>('fixture.faults', told)
    if (all === undefined) throw new Refusal('BadFault', String(wrong))
    new Faults(call.store).replace(all)
  })
  const limits = own<Record<string, string>>('limits', (told, call) => {
    const wrong = wrongIn(told, rooms)
    if (wrong !== undefined) throw new Refusal('BadLimit', wrong)
    new Limits(call.store, {}).replace(told)
  })
  const operations = own<string | Record<string, string> | Policy[]>('operations', (told, call) => {
    for (const policy of policiesIn(told)) {
      if (longRunning.setPolicy(call.context.namespace, policy) === undefined) {
        throw new Refusal(
          'BadPolicy',
          `${policy.kind}: ${policy.runs} is no policy: say immediate, 5s, polls: 3 or manual, of a changing operation`,
        )
      }
    }
  })
  const all = [clock, codes, faults, limits, operations]
  return {
    name: 'poolhouse',
    operations: { known: [], load: async () => undefined },
    missing: (name) => {
      throw new Error(`there is no ${name}`)
    },
    own: Object.fromEntries(all.map((one) => [one.name, one])),
    keys: {
      clock: { call: 'clock', when: 'first', schema: CLOCK },
      codes: { call: 'codes', when: 'first', schema: CODES },
      faults: { call: 'faults', when: 'last', schema: FAULTS },
      limits: { call: 'limits', when: 'last', schema: LIMITS },
      operations: { call: 'operations', when: 'last', schema: OPERATIONS },
    },
    check(name, input) {
      const schema = { clock: CLOCK, codes: CODES, faults: FAULTS, limits: LIMITS, operations: OPERATIONS }[name]
      const checked = lazyValidator({ schema })(name === 'codes' && typeof input === 'number' ? String(input) : input)
      if (!('error' in checked)) return []
      const [path = '', ...words] = checked.error.message.split(' ')
      const steps = path === 'it' ? [] : path.split('.')
      return [{ path: steps.filter((step) => step !== ''), message: words.join(' ') }]
    },
    upserts: {
      clock: clockUpsert,
      codes: codesUpsert,
      faults: faultsUpsert,
      limits: limitsUpsert,
      operations: operationsUpsert(longRunning),
    },
  }
}

interface Policy {
  kind: string
  runs: string
  error?: { code: number | string; message?: string }
}

function policiesIn(told: string | Readonly<Record<string, string>> | readonly Policy[]): Policy[] {
  if (typeof told === 'string') return [{ kind: '*', runs: told }]
  if (Array.isArray(told)) return told.map(({ kind = '*', ...rest }: Policy) => ({ kind, ...rest }))
  return Object.entries(told as Readonly<Record<string, string>>).map(([kind, runs]) => ({ kind, runs }))
}

function own<Input>(name: string, set: (told: Input, call: Call) => void): Callable<Input, object> {
  return {
    room: 'poolhouse',
    name,
    admit: (input) => input as Input,
    handle(input, context) {
      set(input, new Call(context))
      return {}
    },
  }
}

const RELATIVE = /^[+-]/

function instant(text: string, now: number): number {
  const span = RELATIVE.test(text) ? duration(text) : undefined
  const at = span === undefined ? Date.parse(text) : now + span
  if (!Number.isFinite(at)) throw new Refusal('BadTime', `${text} is no time: say 2026-01-01T00:00:00Z, -3d or +1h`)
  return at
}

const setting = { sets: true, within: () => [] }
const SO = { answer: {}, thing: {} }

type ToldClock = string | { now?: string; frozen?: boolean }

function partsOf(told: ToldClock): { now?: string | undefined; frozen?: boolean | undefined } {
  return typeof told === 'string' ? { now: told } : told
}

/** What a fixture last said of the clock: a span from a moment that is over can only be known again by its words. */
const lastTold = collection<{ told: ToldClock }>('fixture.told')

const clockUpsert: Upsert = {
  ...setting,
  label: () => 'clock',
  async find(told, _pins, { namespace }) {
    const { now, frozen } = partsOf(told as ToldClock)
    const { state } = namespace.clock
    if (frozen !== undefined && frozen !== (state.frozen !== null)) return undefined
    if (now === undefined) return SO
    if (state.frozen !== null && !RELATIVE.test(now)) return state.frozen === Date.parse(now) ? SO : undefined
    // Time went on since it was set: that it was, and to what, is all that can be seen.
    const last = namespace.act((call) => lastTold.get(call, '', 'clock'))
    return state.offset !== 0 && JSON.stringify(last?.told) === JSON.stringify(told) ? SO : undefined
  },
}

const codesUpsert: Upsert = {
  ...setting,
  label: () => 'codes',
  async find(told, _pins, { namespace }) {
    const wanted = typeof told === 'object' ? told : { '*': String(told) }
    return JSON.stringify(namespace.codes) === JSON.stringify(wanted) ? SO : undefined
  },
}

const faultsUpsert: Upsert = {
  ...setting,
  label: () => 'faults',
  async find(told, _pins, { namespace }) {
    const answer = (await namespace.fittings.answer['fixture.faults']?.(told)) as { faults?: unknown[] } | undefined
    const present = new Faults(namespace.store).list().map(({ id: _id, ...fault }) => fault)
    return JSON.stringify(present) === JSON.stringify(answer?.faults) ? SO : undefined
  },
}

const limitsUpsert: Upsert = {
  ...setting,
  label: () => 'limits',
  async find(told, _pins, { namespace }) {
    return JSON.stringify(new Limits(namespace.store, {}).list()) === JSON.stringify(told) ? SO : undefined
  },
}

function operationsUpsert(longRunning: LongRunning): Upsert {
  return {
    ...setting,
    label: () => 'operations',
    async find(told, _pins, { namespace }) {
      const present = longRunning.policies(namespace)
      const as = ({ kind, runs, error }: Omit<Policy, 'error'> & { error?: Policy['error'] | undefined }) => {
        const status = error === undefined ? undefined : longRunning.statusOf(error)
        return JSON.stringify([kind, runs, status?.code, status?.message])
      }
      const there = present.map(as)
      return policiesIn(told as never).every((policy) => there.includes(as(policy))) ? SO : undefined
    },
  }
}

import { duration } from './clock.ts'
import { type Match, matches } from './match.ts'
import type { Random } from './random.ts'
import { type Rate, Recent } from './recent.ts'
import { Refusal } from './refusal.ts'
import type { Store } from './store.ts'
import { VIOLATION } from './violations.ts'

export type Delay = number | { uniform: [number, number] } | { lognormal: { median: number; sigma: number; max: number } }

export interface Effect {
  /** Refuses by the vendor's own name. */
  error?: { name: string; message?: string | undefined } | undefined
  /** Milliseconds of real time before anything else happens. */
  delay?: Delay | undefined
  /** The answer takes so long to arrive, piece by piece. */
  slow?: Delay | undefined
  /** The connection ends without an answer, is reset, carries half a JSON text, or a bare status. */
  drop?: boolean | undefined
  reset?: boolean | undefined
  malformed?: boolean | undefined
  status?: number | undefined
  /** The call is done, and only then the answer is lost. */
  after?: boolean | undefined
}

export interface Fault {
  id: number
  match: Match
  /** How often it still strikes; null for ever. */
  times: number | null
  /** From 0 to 1. */
  probability: number
  /** Strikes only what exceeds so many calls in so many milliseconds. */
  beyond?: Rate | undefined
  then: Effect
}

/** An answer that never arrives as one: what carries the call has to break it. */
export class Broken extends Error {
  readonly how: 'drop' | 'reset' | 'malformed' | 'status'
  readonly status: number

  constructor(how: Broken['how'], status = 0) {
    super(how)
    this.name = 'Broken'
    this.how = how
    this.status = status
  }
}

const GET = "SELECT value FROM meta WHERE name = 'faults'"
const PUT = "INSERT INTO meta (name, value) VALUES ('faults', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"

/** What goes wrong on purpose in one namespace; kept with its state, so that snapshots and resets hold it too. */
export class Faults {
  readonly #store: Store
  readonly #calls = new Map<number, Recent>()
  #list: Fault[]

  constructor(store: Store) {
    this.#store = store
    const kept = store.get<{ value: string }>(GET)
    this.#list = kept === undefined ? [] : (JSON.parse(kept.value) as Fault[])
  }

  list(): readonly Fault[] {
    return this.#list
  }

  /** In the place of all others. */
  replace(faults: readonly Omit<Fault, 'id'>[]): void {
    this.#calls.clear()
    this.#keep(faults.map((fault, index) => ({ id: index + 1, ...fault })))
  }

  add(fault: Omit<Fault, 'id'>): Fault {
    const added = { id: 1 + Math.max(0, ...this.#list.map(({ id }) => id)), ...fault }
    this.#keep([...this.#list, added])
    return added
  }

  remove(id: number): boolean {
    const left = this.#list.filter((fault) => fault.id !== id)
    const found = left.length < this.#list.length
    if (found) this.#keep(left)
    return found
  }

  /** The first fault that strikes this call; it is used up by one. */
  take(call: { room: string; operation: string; input: unknown; now: number; random: Random }): Fault | undefined {
    if (this.#list.length === 0) return undefined
    for (const fault of this.#list) {
      if (!matches(fault.match, call) || !this.#exceeds(fault, call.now)) continue
      if (fault.probability < 1 && call.random.integer(1_000_000) >= fault.probability * 1_000_000) continue
      if (fault.times !== null) {
        const left = fault.times - 1
        this.#keep(this.#list.map((other) => (other === fault ? { ...fault, times: left } : other)).filter(({ times }) => times !== 0))
      }
      return fault
    }
    return undefined
  }

  #exceeds({ id, beyond }: Fault, now: number): boolean {
    if (beyond === undefined) return true
    const recent = this.#calls.get(id) ?? new Recent(beyond)
    this.#calls.set(id, recent)
    const exceeds = recent.full(now) !== undefined
    if (!exceeds) recent.add(now)
    return exceeds
  }

  #keep(faults: Fault[]): void {
    this.#list = faults
    // What comes later may be given the number of one that is gone.
    for (const id of this.#calls.keys()) if (!faults.some((fault) => fault.id === id)) this.#calls.delete(id)
    this.#store.run(PUT, JSON.stringify(faults))
  }
}

const FLAGS = ['drop', 'reset', 'malformed', 'after'] as const

/** A fault for one request, ordered by its header: `delay=250ms, error=TooManyRequestsException`, `drop; after`, `status=503`. */
export function orderedFault(header: string, mayRefuse: ((name: string) => boolean) | undefined): Fault {
  const wrong = (part: string): never => {
    throw new Refusal(VIOLATION, `Poolhouse does not understand "${part}" in the header x-poolhouse-fault`)
  }
  const effect: Effect = {}
  for (const part of header.split(/[;,]/)) {
    const [name = '', value = ''] = part.split('=', 2).map((word) => word.trim())
    const span = duration(value)
    if (name === 'error') {
      if (value === '' || mayRefuse?.(value) === false) wrong(part.trim())
      effect.error = { name: value }
    } else if (name === 'delay' || name === 'slow') {
      if (span === undefined || span < 0) wrong(part.trim())
      effect[name] = span
    } else if (name === 'status' && /^[45]\d\d$/.test(value)) effect.status = Number(value)
    else if ((FLAGS as readonly string[]).includes(name) && value === '') effect[name as (typeof FLAGS)[number]] = true
    else wrong(part.trim())
  }
  // biome-ignore lint/suspicious/noThenProperty: never awaited.
  return { id: 0, match: {}, times: 1, probability: 1, then: effect }
}

/** The milliseconds that a delay comes to this time. */
export function drawDelay(delay: Delay, random: Random): number {
  if (typeof delay === 'number') return delay
  const chance = () => (random.integer(2 ** 32) + 1) / 2 ** 32
  if ('uniform' in delay) return delay.uniform[0] + chance() * (delay.uniform[1] - delay.uniform[0])
  const { median, sigma, max } = delay.lognormal
  const normal = Math.sqrt(-2 * Math.log(chance())) * Math.cos(2 * Math.PI * chance())
  return Math.min(max, median * Math.exp(sigma * normal))
}

/** Throws what a fault makes of a call, if it makes it fail rather than wait. */
export function strike({ error, drop, reset, malformed, status }: Effect): void {
  if (error !== undefined) throw new Refusal(error.name, error.message ?? 'A fault of the emulator, as asked for.')
  if (drop === true) throw new Broken('drop')
  if (reset === true) throw new Broken('reset')
  if (malformed === true) throw new Broken('malformed')
  if (status !== undefined) throw new Broken('status', status)
}

import { duration } from './clock.ts'
import { type Rate, Recent } from './recent.ts'
import type { Store } from './store.ts'

/** A limit that a call exceeded. */
export interface Exceeded {
  /** As it was set: `InitiateAuth`. */
  name: string
  /** As it was set: `5/s`. */
  rate: string
  /** Milliseconds until the next call is within it. */
  wait: number
}

/** `5/s`, `100/10s`; undefined if it is none. */
export function rateOf(text: string): Rate | undefined {
  const [, calls = '', span = ''] = /^(\d{1,9})\/(\S+)$/.exec(text.trim()) ?? []
  const within = duration(/^\d/.test(span) ? span : `1${span}`)
  return calls === '' || within === undefined || within <= 0 ? undefined : { calls: Number(calls), within }
}

/** `InitiateAuth=5/s,cognito=50/s`, or in a config file a map; undefined if one is none. */
export function limitsOf(raw: unknown): Readonly<Record<string, string>> | undefined {
  const map = typeof raw === 'object' && raw !== null && !Array.isArray(raw)
  const pairs = map
    ? Object.entries(raw).map(([name, rate]) => [name, String(rate)] as const)
    : String(raw)
        .split(',')
        .map((pair) => pair.split('=', 2).map((part) => part.trim()))
  const good = pairs.every(([name = '', rate = '']) => name !== '' && rateOf(rate) !== undefined)
  return good ? (Object.fromEntries(pairs) as Record<string, string>) : undefined
}

const GET = "SELECT value FROM meta WHERE name = 'limits'"
const PUT = "INSERT INTO meta (name, value) VALUES ('limits', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"

interface Window {
  name: string
  rate: string
  recent: Recent
}

/**
 * How often calls may be made in one namespace: by operation (`InitiateAuth`, `yandex.idp.UserService.Create`), by vendor, or `*`. As
 * the emulator was started, until the namespace says otherwise, which is kept with its state. Times go by the namespace's clock.
 */
export class Limits {
  readonly #store: Store
  #rates: Readonly<Record<string, string>>
  #windows: Map<string, Window> | undefined

  constructor(store: Store, initial: Readonly<Record<string, string>>) {
    this.#store = store
    const kept = store.get<{ value: string }>(GET)
    this.#rates = kept === undefined ? initial : (JSON.parse(kept.value) as Record<string, string>)
    this.#open()
  }

  list(): Readonly<Record<string, string>> {
    return this.#rates
  }

  /** In the place of all others, what the emulator was started with too. */
  replace(rates: Readonly<Record<string, string>>): void {
    this.#rates = rates
    this.#store.run(PUT, JSON.stringify(rates))
    this.#open()
  }

  /** Counts this call; answers the limit that it exceeds, if it does. A call that is refused does not count. */
  exceeded(room: string, operation: string, now: number): Exceeded | undefined {
    if (this.#windows === undefined) return undefined
    const windows = [operation, `${room}.${operation}`, room, '*'].flatMap((name) => this.#windows?.get(name) ?? [])
    for (const { name, rate, recent } of windows) {
      const wait = recent.full(now)
      if (wait !== undefined) return { name, rate, wait }
    }
    for (const { recent } of windows) recent.add(now)
    return undefined
  }

  #open(): void {
    const pairs = Object.entries(this.#rates)
    this.#windows =
      pairs.length === 0
        ? undefined
        : new Map(pairs.map(([name, rate]) => [name, { name, rate, recent: new Recent(rateOf(rate) as Rate) }]))
  }
}

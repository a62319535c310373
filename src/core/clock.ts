import { setTimeout as sleep } from 'node:timers/promises'

export interface ClockState {
  /** Milliseconds added to the machine's time. */
  offset: number
  /** Epoch milliseconds at which time stands still, or null when it runs. */
  frozen: number | null
}

/** What tokens and RFC 3339 can both say: the years 1970 to 9999. */
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59)

/** A time that no clock shows. */
export class NoSuchTime extends Error {
  constructor() {
    super('a clock shows times from 1970 to 9999')
  }
}

function possible(at: number): number {
  if (at >= 0 && at <= LAST) return at
  throw new NoSuchTime()
}

/** One namespace's time. Epoch milliseconds everywhere; each vendor's room prints them in its own form. */
export class Clock {
  #state: ClockState

  constructor(state: ClockState = { offset: 0, frozen: null }) {
    this.#state = state
  }

  get state(): ClockState {
    return { ...this.#state }
  }

  now(): number {
    return this.#state.frozen ?? Date.now() + this.#state.offset
  }

  /** The machine's own time, whatever this clock shows: what clients outside go by. */
  get real(): number {
    return Date.now()
  }

  /** Stands still at `at`, or at this moment. */
  freeze(at: number = this.now()): void {
    this.#state = { offset: possible(at) - Date.now(), frozen: at }
  }

  /** Runs on from the moment it shows. */
  run(): void {
    this.#state = { offset: this.now() - Date.now(), frozen: null }
  }

  /** Sets the time shown; frozen stays frozen, running goes on running from there. */
  set(at: number): void {
    this.#state = { offset: possible(at) - Date.now(), frozen: this.#state.frozen === null ? null : at }
  }

  /** The machine's own time again. */
  reset(): void {
    this.#state = { offset: 0, frozen: null }
  }

  advance(milliseconds: number): void {
    this.set(this.now() + milliseconds)
  }
}

/** The machine's own time, which no emulated clock moves: for certificates and files that other programs judge. Epoch milliseconds. */
export function wallClock(): number {
  return Date.now()
}

/** The most that a timer can count. */
const LONGEST = 2 ** 31 - 1

/**
 * Real waiting (long polls, retries), which no emulated clock speeds up. Never less than was asked for: a timer alone counts from where
 * its turn of the event loop began, which may be a while ago.
 */
export async function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  const end = elapsed() + milliseconds
  do {
    await sleep(Math.min(end - elapsed(), LONGEST), undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
  } while (elapsed() < end && signal?.aborted !== true)
}

/** Real waiting that does not keep the process alive. */
export async function pause(milliseconds: number): Promise<void> {
  await sleep(milliseconds, undefined, { ref: false })
}

/** Real milliseconds since the process began, for durations. */
export function elapsed(): number {
  return performance.now()
}

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `1h`, `-3d`, `90s`, `1h30m`, `250ms` in milliseconds; undefined if it is none of these. */
export function duration(text: string): number | undefined {
  const match = /^([+-]?)((?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+)$/.exec(text.trim())
  if (match === null) return undefined
  let total = 0
  for (const [, count, unit] of (match[2] as string).matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(count) * (UNITS[unit as string] as number)
  }
  return match[1] === '-' ? -total : total
}

let lastSecond = Number.NaN
let lastText = ''

/** Epoch milliseconds as ISO 8601, as `toISOString` has it; calls that follow each other share a second. */
export function isoTime(at: number): string {
  const second = Math.floor(at / 1000)
  if (second !== lastSecond) {
    lastText = new Date(second * 1000).toISOString().slice(0, -4)
    lastSecond = second
  }
  return `${lastText}${String(Math.floor(at - second * 1000)).padStart(3, '0')}Z`
}

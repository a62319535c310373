import { createHash, randomBytes, randomUUID } from 'node:crypto'

export const DIGITS = '0123456789'
export const LOWER = 'abcdefghijklmnopqrstuvwxyz'
export const UPPER = LOWER.toUpperCase()

const NOTHING = Buffer.alloc(0)

/**
 * The chance of one call: a stream that starts from one seed. `rewind` starts it over, so that a call which is run again
 * (after a question) draws the same values in the same order.
 */
export class Random {
  readonly #make: () => Buffer
  #seed: Buffer | undefined
  #block = NOTHING
  #blocks = 0
  #at = 0

  /** `seed` is asked for at the first draw: most calls draw nothing. */
  constructor(seed: Buffer | (() => Buffer)) {
    this.#make = typeof seed === 'function' ? seed : () => seed
  }

  /** Whether anything was drawn since the start. */
  get used(): boolean {
    return this.#blocks > 0
  }

  rewind(): void {
    this.#block = NOTHING
    this.#blocks = 0
    this.#at = 0
  }

  bytes(count: number): Buffer {
    const out = Buffer.alloc(count)
    let filled = 0
    while (filled < count) {
      if (this.#at === this.#block.length) this.#refill()
      const take = Math.min(count - filled, this.#block.length - this.#at)
      this.#block.copy(out, filled, this.#at, this.#at + take)
      this.#at += take
      filled += take
    }
    return out
  }

  /** 0 to `below` - 1, without bias; `below` is at most 2^32. */
  integer(below: number): number {
    const limit = 2 ** 32 - (2 ** 32 % below)
    for (;;) {
      const value = this.bytes(4).readUInt32BE()
      if (value < limit) return value % below
    }
  }

  /** `length` characters drawn from `alphabet`. */
  text(length: number, alphabet: string): string {
    let out = ''
    for (let i = 0; i < length; i++) out += alphabet[this.integer(alphabet.length)]
    return out
  }

  pick<T>(from: readonly T[]): T {
    return from[this.integer(from.length)] as T
  }

  shuffle<T>(items: readonly T[]): T[] {
    const out = [...items]
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.integer(i + 1)
      ;[out[i], out[j]] = [out[j] as T, out[i] as T]
    }
    return out
  }

  /** A UUID of version 4. */
  uuid(): string {
    const bytes = this.bytes(16)
    bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6)
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
    const hex = bytes.toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }

  #refill(): void {
    this.#seed ??= this.#make()
    const count = Buffer.alloc(4)
    count.writeUInt32BE(this.#blocks++)
    this.#block = createHash('sha512').update(this.#seed).update(count).digest()
    this.#at = 0
  }
}

/**
 * Where calls get their chance. Without a seed every call is unlike any other; with one, the n-th call of a store draws the same
 * values in every run. The count is kept with the store, so that a restart goes on instead of repeating ids.
 */
export class Chance {
  readonly #seed: string | undefined
  #count: number

  constructor(seed: string | undefined, count: number) {
    this.#seed = seed
    this.#count = count
  }

  get seeded(): boolean {
    return this.#seed !== undefined
  }

  next(): { random: Random; count: number } {
    const count = this.#count++
    const seed = this.#seed
    const make = seed === undefined ? () => randomBytes(32) : () => createHash('sha256').update(`${seed}\n${count}`).digest()
    return { random: new Random(make), count }
  }
}

/** An id for one request, seen in headers, logs and the journal; never stored, so it need not be repeatable. */
export function requestId(): string {
  return randomUUID()
}

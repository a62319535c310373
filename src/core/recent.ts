/** So many calls in so many milliseconds. */
export interface Rate {
  calls: number
  within: number
}

/** How many moments are told apart at most: beyond, calls are counted together that lie within a ten-thousandth of the span. */
const MOST_MOMENTS = 10_000

/** The calls of the last so many milliseconds, counted by their moment: as little is kept of a million calls a second as of ten. */
export class Recent {
  readonly #rate: Rate
  /** Moments that share an entry; a millisecond unless there may be very many. */
  readonly #grain: number
  #moments: { at: number; calls: number }[] = []
  /** Entries before it are over. */
  #first = 0
  #count = 0

  constructor({ calls, within }: Rate) {
    this.#rate = { calls, within }
    this.#grain = calls <= MOST_MOMENTS ? 1 : Math.max(1, Math.floor(within / MOST_MOMENTS))
  }

  /** How many entries there are, for those who watch its size. */
  get size(): number {
    return this.#moments.length - this.#first
  }

  /** Milliseconds until there may be one more; undefined if there may be now. */
  full(now: number): number | undefined {
    const { calls, within } = this.#rate
    this.#forget(now)
    return this.#count < calls ? undefined : (this.#moments[this.#first]?.at ?? now) + within - now
  }

  add(now: number): void {
    const at = Math.floor(now / this.#grain) * this.#grain
    const last = this.#moments.at(-1)
    if (last !== undefined && this.size > 0 && last.at === at) last.calls++
    else this.#moments.push({ at, calls: 1 })
    this.#count++
  }

  /** What is over; and what is yet to come, where a clock was set back. */
  #forget(now: number): void {
    for (let last = this.#moments.at(-1); this.size > 0 && last !== undefined && last.at > now; last = this.#moments.at(-1)) {
      this.#count -= last.calls
      this.#moments.pop()
    }
    for (let first = this.#moments[this.#first]; first !== undefined && first.at <= now - this.#rate.within; ) {
      this.#count -= first.calls
      first = this.#moments[++this.#first]
    }
    if (this.#first > MOST_MOMENTS || this.#first === this.#moments.length) {
      this.#moments = this.#moments.slice(this.#first)
      this.#first = 0
    }
  }
}

import { test } from 'tap'
import { Random } from '../../src/core/random.ts'
import { type Rate, Recent } from '../../src/core/recent.ts'

/** The same with all times kept. */
class Plain {
  #times: number[] = []
  readonly #rate: Rate

  constructor(rate: Rate) {
    this.#rate = rate
  }

  full(now: number): number | undefined {
    const { calls, within } = this.#rate
    this.#times = this.#times.filter((at) => at > now - within && at <= now)
    return this.#times.length >= calls ? (this.#times[0] ?? now) + within - now : undefined
  }

  add(now: number): void {
    this.#times.push(now)
  }
}

test('recent calls are counted as if all their times were kept', async (t) => {
  const rates: Rate[] = [
    { calls: 0, within: 1000 },
    { calls: 1, within: 1 },
    { calls: 5, within: 1000 },
    { calls: 100, within: 500 },
    { calls: 10_000, within: 60_000 },
    { calls: 100_000, within: 1000 },
  ]
  for (const rate of rates) {
    const random = new Random(Buffer.from(JSON.stringify(rate)))
    const [recent, plain] = [new Recent(rate), new Plain(rate)]
    let now = 1_000_000
    const differing: unknown[] = []
    for (let step = 0; step < 3000; step++) {
      // Now and then nothing happens for long, or somebody sets the clock back.
      const leap = random.integer(100)
      now += leap === 0 ? rate.within : leap === 1 ? -random.integer(rate.within + 1) : random.integer(4)
      const [found, expected] = [recent.full(now), plain.full(now)]
      if (found !== expected) differing.push({ step, found, expected })
      if (expected !== undefined) continue
      recent.add(now)
      plain.add(now)
    }
    t.same(differing, [], JSON.stringify(rate))
  }
})

test('a huge rate keeps little', async (t) => {
  const day = 86_400_000
  const recent = new Recent({ calls: 100_000_000, within: day })
  let refused = 0
  for (let now = 0; now < 2 * day; now += 1000) {
    if (recent.full(now) !== undefined) refused++
    recent.add(now)
  }
  t.equal(refused, 0)
  t.ok(recent.size <= 10_001, `${recent.size} entries for ${day / 1000} calls`)

  const rush = new Recent({ calls: 1_000_000, within: 1000 })
  for (let call = 0; call < 1_000_000; call++) rush.add(5)
  t.equal(rush.size, 1)
  t.equal(rush.full(504), 501)
  t.equal(rush.full(1005), undefined)
})

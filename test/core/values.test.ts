import { test } from 'tap'
import { Clock, duration } from '../../src/core/clock.ts'
import { open, seal } from '../../src/core/cursor.ts'
import { DIGITS, Random } from '../../src/core/random.ts'

test('a clock stands, runs and moves', async (t) => {
  const clock = new Clock()
  const begun = Date.now()
  const shown = clock.now()
  t.ok(shown >= begun && shown <= Date.now())
  clock.freeze(1000)
  t.equal(clock.now(), 1000)
  clock.advance(500)
  t.equal(clock.now(), 1500)
  clock.run()
  const ran = clock.now() - 1500
  t.ok(ran >= 0 && ran <= Date.now() - begun)
  clock.set(10_000)
  const since = clock.now() - 10_000
  t.ok(since >= 0 && since <= Date.now() - begun)
  t.equal(clock.state.frozen, null)
})

test('durations', async (t) => {
  t.same(
    ['1h', '-3d', '90s', '1h30m', '250ms', '1.5s', '+1m'].map(duration),
    [3_600_000, -259_200_000, 90_000, 5_400_000, 250, 1500, 60_000],
  )
  t.same(['', 'h', '1', '1x', '1h 5'].map(duration), [undefined, undefined, undefined, undefined, undefined])
})

test('a cursor opens to its own question only', async (t) => {
  const token = seal(7, ['ListUsers', 'pool'])
  t.equal(open(token, ['ListUsers', 'pool']), 7)
  t.equal(open(token, ['ListUsers', 'other']), undefined)
  t.equal(open('nonsense!', ['ListUsers', 'pool']), undefined)
  t.equal(open('bm9uc2Vuc2U', ['ListUsers', 'pool']), undefined)
  t.equal(open(Buffer.from('{}').toString('base64url'), null), undefined)
})

test('chance is even, repeatable and rewinds', async (t) => {
  const random = new Random(Buffer.from('seed'))
  const first = [random.text(20, DIGITS), random.integer(7), random.uuid(), random.pick(['a', 'b', 'c']), random.shuffle([1, 2, 3, 4])]
  random.rewind()
  t.same([random.text(20, DIGITS), random.integer(7), random.uuid(), random.pick(['a', 'b', 'c']), random.shuffle([1, 2, 3, 4])], first)
  t.match(first[2], /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const counts = Array.from({ length: 6 }, () => 0)
  for (let i = 0; i < 6000; i++) {
    const drawn = random.integer(6)
    counts[drawn] = (counts[drawn] ?? 0) + 1
  }
  t.ok(counts.every((count) => count > 800 && count < 1200))
})

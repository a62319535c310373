import { test } from 'tap'
import { elapsed } from '../../src/core/clock.ts'
import { Journal } from '../../src/core/journal.ts'

test('what was forgotten on request does not count as kept', async (t) => {
  const journal = new Journal()
  const call = (input: string) => {
    const half = 16 * 1024 * 1024
    const begin = { at: 0, room: 'r', operation: 'Say', requestId: '', transport: 'http', mask: (value: unknown) => value, size: half }
    const entry = journal.open(begin)
    entry.input = input
    journal.close(entry, { outcome: 'ok' })
  }
  const inputs = () => journal.list().map(({ input }) => input)
  for (const input of ['a', 'b', 'c']) call(input)
  t.same(inputs(), [undefined, 'b', 'c'], 'there is room for two')
  journal.clear()
  t.same(inputs(), [])
  for (const input of ['d', 'e']) call(input)
  t.same(inputs(), ['d', 'e'])
})

test('a call that still runs shows how long it has taken so far', async (t) => {
  const journal = new Journal()
  const begun = elapsed()
  const entry = journal.open({ at: 0, room: 'r', operation: 'Wait', requestId: '', transport: 'http', mask: undefined })
  const [running] = journal.list()
  t.match(running, { operation: 'Wait', outcome: 'running' })
  t.ok((running?.duration ?? Number.NaN) <= elapsed() - begun)

  journal.close(entry, { outcome: 'ok', output: {} })
  const [done] = journal.list()
  t.ok((done?.duration ?? Number.NaN) <= elapsed() - begun)
  t.strictSame(journal.list(), [done], 'and what it took does not change any more')
})

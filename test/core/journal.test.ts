import { test } from 'tap'
import { elapsed } from '../../src/core/clock.ts'
import { Journal } from '../../src/core/journal.ts'

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

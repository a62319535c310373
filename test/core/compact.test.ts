import { test } from 'tap'
import { Store } from '../../src/core/store.ts'

const INSERT = 'INSERT INTO meta (name, value) VALUES (?, ?)'

test('a store is compacted', (t) => {
  const store = new Store({ path: ':memory:' })
  t.teardown(() => store.close())
  const empty = store.snapshot()
  store.compact()
  t.ok(store.snapshot().equals(empty), 'not while it is small')
  for (let n = 0; n < 2000; n++) store.run(INSERT, `name ${n}`, 'x'.repeat(1000))
  store.run("DELETE FROM meta WHERE name LIKE '%7'")
  const before = store.snapshot().length
  store.compact()
  t.ok(store.snapshot().length < before)
  t.equal(store.get<{ n: number }>('SELECT count(*) AS n FROM meta')?.n, 1800)
  const copy = new Store({ path: ':memory:' })
  copy.restore(store.snapshot())
  t.equal(copy.get<{ n: number }>('SELECT count(*) AS n FROM meta')?.n, 1800)
  copy.close()
  t.end()
})

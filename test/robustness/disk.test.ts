import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'tap'
import { Store } from '../../src/core/store.ts'

test('a store keeps what it holds where another state cannot take its place', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'poolhouse-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'default.sqlite')
  const store = new Store({ path })
  const put = "INSERT INTO meta (name, value) VALUES ('a', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
  const held = () => store.get<{ value: string }>("SELECT value FROM meta WHERE name = 'a'")?.value
  store.run(put, '1')
  const image = store.snapshot()
  store.run(put, '2')

  // A folder where the file should be written stands for a disk that takes no more.
  mkdirSync(`${path}.new`)
  t.throws(() => store.restore(image), { code: /EISDIR|ERR_FS_EISDIR/ })
  t.equal(held(), '2', 'no room')
  rmSync(`${path}.new`, { recursive: true, force: true })

  const newer = Buffer.from(image)
  newer.writeUInt32BE(99, 60)
  t.throws(() => store.restore(newer), /written by a newer Poolhouse \(schema 99/)
  t.throws(() => store.restore(Buffer.from('no database at all')), /the snapshot is damaged/)
  t.equal(held(), '2', 'nothing that can be read')

  store.restore(image)
  t.equal(held(), '1')
  t.strictSame(
    readdirSync(folder).filter((name) => name.endsWith('.new')),
    [],
  )
  store.close()
  t.end()
})

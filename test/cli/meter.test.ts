import { test } from 'tap'
import { meter } from '../../src/cli/meter.ts'

test('how far a large fixture is', (t) => {
  const said: string[] = []
  const bar = meter((text) => said.push(text), true)
  bar.at(1, 10)
  t.same(said, [], 'nothing of what is done in no time')
  bar.at(500, 1000)
  t.match(said.join(''), /^\r\[█{15}·{15}\] 500 of 1000, \d+\/s $/)
  bar.end()
  t.equal(said.at(-1), '\r\u001b[K')
  const lines: string[] = []
  const plain = meter((text) => lines.push(text), false)
  plain.at(500, 1000)
  plain.end()
  t.same(lines, [], 'a line every few seconds only')
  t.end()
})

import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'tap'

/** How many lines each section of the behaviour checklist has that is about the directory and not about signing in. */
const SECTIONS = { P: 20, C: 14, S: 21, A: 22, F: 6, G: 10, X: 8 } as const

/** Whoever looks for the test of a line greps for its mark, `(P13)`. */
test('every line of the checklist about pools, clients, users and what is beside them is named by a test', (t) => {
  const here = new URL('.', import.meta.url)
  const texts = readdirSync(here).map((file) => readFileSync(new URL(file, here), 'utf8'))
  const named = new Set(
    texts.flatMap((text) => [...text.matchAll(/\(((?:[A-Z]\d+(?:, )?)+)\)/g)].flatMap(([, marks = '']) => marks.split(', '))),
  )
  const lines = Object.entries(SECTIONS).flatMap(([section, count]) =>
    Array.from({ length: count }, (_, index) => `${section}${index + 1}`),
  )
  t.strictSame(
    lines.filter((line) => !named.has(line)),
    [],
  )
  t.end()
})

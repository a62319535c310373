import { readFileSync } from 'node:fs'
import { test } from 'tap'

const root = new URL('../', import.meta.url)

test('the generated pages say what the source says', async (t) => {
  const { pages } = (await import(new URL('docs/generate.js', root).href)) as { pages(): Record<string, string> }
  for (const [path, text] of Object.entries(pages())) {
    t.equal(readFileSync(new URL(path, root), 'utf8'), text, `${path} is up to date (npm run docs)`)
  }
})

import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'tap'
import { createApp } from '../src/app.ts'
import { settingsPage } from '../src/cli/config.ts'

const root = new URL('../', import.meta.url)

test('the generated pages say what the source says', async (t) => {
  const { pages } = (await import(new URL('docs/generate.js', root).href)) as { pages(): Record<string, string> }
  const made = pages()
  t.same(Object.keys(made), ['docs/coverage.md', 'README.md'])
  for (const [path, text] of Object.entries(made)) {
    t.equal(readFileSync(new URL(path, root), 'utf8'), text, `${path} is up to date (npm run docs)`)
  }
})

test('the page of settings says what is declared', (t) => {
  t.equal(
    readFileSync(new URL('docs/settings.md', root), 'utf8'),
    `${settingsPage()}\n`,
    'docs/settings.md is up to date (poolhouse config --markdown)',
  )
  t.end()
})

/** Pages made from the source, which have no examples. */
const MADE = ['coverage.md', 'settings.md']

test('the examples of every page are tried', (t) => {
  const tests = (readdirSync(new URL('test/', root), { recursive: true }) as string[]).filter((file) => file.endsWith('.test.ts'))
  const trials = tests.map((file) => readFileSync(new URL(`test/${file}`, root), 'utf8')).join('')
  const pages = readdirSync(new URL('docs/', root)).filter((file) => file.endsWith('.md') && !MADE.includes(file))
  for (const page of ['README.md', ...pages.map((file) => `docs/${file}`)]) t.match(trials, `tryPage(t, '${page}'`, page)
  t.end()
})

test('every path of the admin API that a page names is there', async (t) => {
  const app = await createApp()
  t.teardown(() => app.close())
  await app.server.ready()
  const { paths } = app.server.swagger() as { paths: Record<string, unknown> }
  const known = Object.keys(paths).map((path) => new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/:]+')}$`))
  const files = ['README.md', ...readdirSync(new URL('docs/', root)).map((name) => `docs/${name}`)].filter((path) => path.endsWith('.md'))
  for (const file of files) {
    const text = readFileSync(new URL(file, root), 'utf8')
    const named = new Set([...text.matchAll(/(?<![\w.])\/_\/[\w/<>.:~-]*[\w>]/g)].map(([path]) => path))
    for (const path of named) {
      t.ok(
        known.some((form) => form.test(path)),
        `${file}: ${path}`,
      )
    }
  }
})

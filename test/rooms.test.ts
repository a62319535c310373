import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'tap'

/** Which room may import which: the arrows of the house. Each room may import itself; a vendor's room never another vendor's. */
const BELOW = {
  core: [],
  directory: ['core'],
  contract: ['core'],
  http: ['core', 'contract'],
  oauth: ['core', 'directory', 'contract', 'http'],
  upstream: ['core', 'directory', 'http', 'oauth'],
  cognito: ['core', 'directory', 'contract', 'http', 'oauth', 'upstream'],
  yandex: ['core', 'directory', 'contract', 'http', 'oauth'],
  harmony: ['core', 'directory', 'contract', 'http', 'oauth'],
  fixtures: ['core', 'contract'],
  admin: ['core', 'contract', 'http', 'fixtures'],
  console: [],
  // For the test runners of other projects: guests of the Node API.
  helpers: [''],
} as const

/** Who may import the libraries that belong to one layer. */
const LIBRARIES: Record<string, (room: string, path: string) => boolean> = {
  'better-sqlite3': (room) => room === 'core',
  fastify: (room, path) =>
    room === 'http' ||
    room === 'admin' ||
    room === '' ||
    /\/(index|wire|grpc|pages|discovery)\.ts$/.test(path) ||
    /(?:^|\/)(?:pages|oauth)\//.test(path),
}

/** The data of other vendors that a room may know of by type alone, with the reason. */
const ALLOWED_FOREIGN_TYPES: Record<string, string> = {
  'harmony/upstream.ts': 'cognito', // Harmony is a customer of Cognito: it declares the calls it makes, typed by Cognito's public types.
}

const src = new URL('../src/', import.meta.url)
const files = (readdirSync(src, { recursive: true }) as string[]).filter((file) => file.endsWith('.ts'))

test('imports go the way of the arrows', async (t) => {
  for (const file of files) {
    const text = readFileSync(new URL(file, src), 'utf8')
    const room = file.includes('/') ? (file.split('/', 1)[0] as string) : ''
    for (const [line, typeOnly, specifier] of text.matchAll(/^(?:import|export)\s+(type\s)?[^'"]*?from\s+'([^']+)'/gm)) {
      const to = specifier as string
      if (!to.startsWith('.')) {
        const rule = LIBRARIES[to]
        if (rule !== undefined && !rule(room, file)) t.fail(`${file} imports ${to}`)
        continue
      }
      if (room === '' || room === 'cli') continue
      const target = new URL(to, new URL(file, src)).pathname.slice(src.pathname.length)
      const targetRoom = target.includes('/') ? (target.split('/', 1)[0] as string) : ''
      if (targetRoom === room) continue
      const allowed: readonly string[] = BELOW[room as keyof typeof BELOW] ?? []
      const excused = typeOnly !== undefined && ALLOWED_FOREIGN_TYPES[file] === targetRoom
      if (!allowed.includes(targetRoom) && !excused) t.fail(`${file}: ${line}`)
    }
    const inside = file.split('/')
    if (inside[1] === 'rules' && /from '(?:\.\.\/)+operations\//.test(text)) t.fail(`${file}: rules never see operations`)
  }
  t.ok(files.length > 0)
})

test('nothing needs itself to be loaded first', async (t) => {
  const needs = new Map(
    files.map((file) => {
      const text = readFileSync(new URL(file, src), 'utf8')
      const found = [...text.matchAll(/^(?:import|export)\s+(?!type\s)[^'"]*?from\s+'(\.[^']+)'/gm)]
      return [file, found.map(([, to]) => new URL(to as string, new URL(file, src)).pathname.slice(src.pathname.length))] as const
    }),
  )
  const done = new Set<string>()
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) t.fail([...way.slice(way.indexOf(file)), file].join(' needs '))
    if (way.includes(file) || done.has(file)) return
    for (const next of needs.get(file) ?? []) visit(next, [...way, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
  t.equal(done.size, files.length)
})

test('no vendor is named below the vendors', async (t) => {
  for (const file of files.filter((file) => /^(core|directory|contract|http|oauth|upstream)\//.test(file))) {
    const text = readFileSync(new URL(file, src), 'utf8')
    // Generators name the rooms whose contracts they write; comments may tell where an idea comes from.
    if (file === 'contract/generate.ts') continue
    const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '')
    const named = /cognito|yandex|harmony/i.exec(code)
    if (named !== null) t.fail(`${file} names ${named[0]}`)
  }
  t.end()
})

test('time and chance come from core', async (t) => {
  for (const file of files.filter((file) => !/^(core\/(clock|random)\.ts|cli\/|console\/|http\/)/.test(file))) {
    const text = readFileSync(new URL(file, src), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
    const found = /Date\.now\(|new Date\(\)|Math\.random\(|randomUUID\(|\bsetTimeout\(/.exec(text)
    if (found !== null) t.fail(`${file} takes ${found[0]}`)
  }
  t.end()
})

import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { bare, install } from './package.ts'

/**
 * Examples of a page, tried as its reader would: from top to bottom, in one folder, with the compiled package installed there. What
 * becomes of a block stands behind its language, where no reader sees it; a block that says nothing fails. curl fails where it is refused.
 *
 *     ```sh run            by bash, which stops at the first failure; `exit=3` if it is to end so
 *     ```js run            by Node, as a module
 *     ```sh serve          goes on until the next such block: `poolhouse start …`, at a free port instead of 7665
 *     ```yaml file=a.yaml  is written into the folder
 *     ```text output       what the block before it printed: a line `…` for any lines, `…` in a line for any characters
 *     ```sh by=test/x.sh   is tried there, by code that reads this page
 *     ```js shown          is not tried
 */
export interface Block {
  line: number
  language: string
  marks: Readonly<Record<string, string>>
  text: string
}

const DEEDS = ['run', 'serve', 'file', 'output', 'by', 'shown']
/** What readers have an emulator at, where the test's own listens elsewhere. */
const ADDRESS = /(localhost|127\.0\.0\.1):7665/g
/** One pipe for all that is said: what comes through two may be read in another order. */
const TOGETHER = 'exec 2>&1'
const root = fileURLToPath(new URL('../../', import.meta.url))

export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^( *)```(\w*)([^\n]*)\n([\s\S]*?)^\1```$/gm)].map((found) => {
    const [, indent = '', language = '', info = '', text = ''] = found
    const marks = info.split(' ').filter((word) => word !== '')
    return {
      line: markdown.slice(0, found.index).split('\n').length,
      language,
      marks: Object.fromEntries(
        marks.map((mark) => mark.split(/=(.*)/, 2) as [string, string?]).map(([name, value = '']) => [name, value]),
      ),
      text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }
  })
}

/** What a page takes for granted: files, and an emulator that was started with this line. */
export interface Granted {
  files?: Readonly<Record<string, string>>
  start?: string
}

/** Tries all examples of a page, by its path in the repository. */
export async function tryPage(t: Test, page: string, { files = {}, start }: Granted = {}): Promise<void> {
  const blocks = blocksOf(readFileSync(join(root, page), 'utf8'))
  const folder = t.testdir({ 'package.json': '{ "name": "documented", "private": true, "type": "module" }' })
  const env = await install(folder)
  const reader = new Reader(folder, env)
  t.teardown(() => reader.stop())
  for (const [file, text] of Object.entries(files)) reader.write(file, text)
  if (start !== undefined) await reader.serve(start)

  for (const [index, block] of blocks.entries()) {
    const { line, language, marks, text } = block
    await t.test(`${page}:${line} ${text.split('\n', 1)[0]}`, async (t) => {
      const deed = DEEDS.find((name) => name in marks)
      t.ok(deed, `a block of ${language || 'no language'} says what becomes of it: ${DEEDS.join(', ')}`)
      const [next] = blocks.slice(index + 1)
      if (deed === 'by') t.ok(existsSync(join(root, marks.by ?? '')), `${marks.by} is there`)
      if (deed === 'file') reader.write(marks.file ?? '', text)
      if (deed === 'serve') await reader.serve(text)
      if (deed === 'run') {
        const { code, out } = await reader.run(language, text)
        t.equal(code, Number(marks.exit ?? 0), out)
        if (next !== undefined && 'output' in next.marks)
          t.match(out.replace(/\n?$/, '\n'), patternOf(reader.here(next.text)), 'it prints what the page says')
      }
    })
  }
}

/** Somebody who follows a page. */
class Reader {
  readonly #folder: string
  readonly #env: NodeJS.ProcessEnv
  #server: ChildProcess | undefined
  #address = '127.0.0.1:7665'

  constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.#folder = folder
    this.#env = { ...env, POOLHOUSE_PORT: '0', POOLHOUSE_TLS_PORT: '0' }
    // A refused request fails its block: `exit=22` where the page means it.
    this.write('.curlrc', 'silent\nfail-with-body\n')
  }

  write(file: string, text: string): void {
    const path = join(this.#folder, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, this.here(text))
  }

  async run(language: string, text: string): Promise<{ code: number; out: string }> {
    const child = language === 'js' ? this.#node(text) : this.#bash(`${TOGETHER}\n${text}`)
    const chunks: Buffer[] = []
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
    const code = await new Promise<number>((resolve) =>
      child.once('close', (status, signal) => resolve(status ?? (signal === null ? 0 : 128))),
    )
    return { code, out: Buffer.concat(chunks).toString() }
  }

  async serve(text: string): Promise<void> {
    await this.stop()
    // Its own process in the place of the shell's, so that a signal reaches it.
    const child = this.#bash(text.replace(/^(npx )?poolhouse /m, 'exec poolhouse '))
    this.#server = child
    let out = ''
    const url = await new Promise<string>((resolve, reject) => {
      const hear = (chunk: Buffer) => {
        out += chunk.toString()
        const ready = /^poolhouse ready (\S+)$/m.exec(out)?.[1]
        if (ready !== undefined) resolve(ready)
      }
      child.stdout?.on('data', hear)
      child.stderr?.on('data', hear)
      child.once('close', () => reject(new Error(`ended before it was ready:\n${out}`)))
    })
    this.#address = new URL(url).host
  }

  async stop(): Promise<void> {
    const child = this.#server
    this.#server = undefined
    if (child === undefined || child.exitCode !== null) return
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGTERM')
    await ended
  }

  #bash(text: string): ChildProcess {
    return this.#spawn('bash', ['-eo', 'pipefail', '-c', this.here(text)])
  }

  #node(text: string): ChildProcess {
    const file = join(this.#folder, 'example.mjs')
    writeFileSync(file, this.here(text))
    return this.#spawn('bash', ['-c', `${TOGETHER}; exec "$0" "$1"`, process.execPath, file])
  }

  #spawn(program: string, args: string[]): ChildProcess {
    const server = this.#server === undefined ? {} : { POOLHOUSE_URL: `http://${this.#address}` }
    return bare(program, args, { cwd: this.#folder, env: { ...this.#env, ...server } })
  }

  /** With the address of the emulator that runs here. */
  here(text: string): string {
    return text.replaceAll(ADDRESS, this.#address)
  }
}

function patternOf(text: string): RegExp {
  const lines = text.trimEnd().split('\n')
  const parts = lines.map((line) =>
    line.trim() === '…'
      ? '(?:.*\\n)*?'
      : `${line
          .split('…')
          .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
          .join('.*')}\\n`,
  )
  return new RegExp(`^${parts.join('')}$`)
}

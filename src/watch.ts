import { existsSync, type FSWatcher, statSync, watch, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { exportOf } from './admin/index.ts'
import type { App } from './app.ts'
import { type Config, UsageError } from './config.ts'
import { pause } from './core/clock.ts'
import { FixtureError } from './fixtures/index.ts'
import { worldOf } from './launch.ts'
import { version } from './version.ts'

/** What a stop leaves behind, where that was asked for. */
export function exportAtEnd({ exportOnExit }: Config, { emulator }: App): void {
  if (exportOnExit === undefined) return
  writeFileSync(exportOnExit, `${JSON.stringify(exportOf(emulator.namespace(), version), undefined, 1)}\n`, { mode: 0o600 })
}

/** What cannot be written is said before there is anything to lose. */
export function refuseLostExport({ exportOnExit }: Config): void {
  if (exportOnExit === undefined) return
  const folder = dirname(resolve(exportOnExit))
  if (!existsSync(folder)) throw new UsageError(`--export-on-exit ${exportOnExit}: there is no folder ${folder}`)
  const file = statSync(exportOnExit, { throwIfNoEntry: false })
  if (file?.isDirectory() === true) throw new UsageError(`--export-on-exit ${exportOnExit}: it is a folder`)
}

/** Editors write a file in several steps. */
const SETTLED_MS = 200

const READ = /\.(ya?ml|json|[cm]?js|csv)$/

interface Log {
  info(text: string): void
  warn(text: string): void
  error(text: string): void
}

/**
 * Applies the fixtures anew whenever a file in their folders changes: first to a world of its own, which becomes the baseline, then to the
 * default namespace. Fixtures with a mistake change nothing. Answers how to stop.
 */
export function watchFixtures(config: Config, app: App, log: Log): () => void {
  const world = { fixtures: worldOf(config), clock: config.clock, frozen: config.frozen }
  let changes = 0
  let busy = Promise.resolve()
  const changed = async (file: string | null) => {
    if (file !== null && !READ.test(file)) return
    const mine = ++changes
    await pause(SETTLED_MS)
    if (mine === changes) busy = busy.then(reload)
  }
  const reload = async () => {
    try {
      const { report, problems = [] } = await app.reload(world)
      if (report !== undefined) {
        log.info(`fixtures applied: ${report.created} created, ${report.changed} changed, ${report.unchanged} unchanged`)
      } else log.warn(`fixtures are the new baseline; the running world stays until a reset:\n${problems.join('\n')}`)
    } catch (error) {
      const said = error instanceof FixtureError ? error.message : (error as Error).stack
      log.error(`fixtures are wrong, the world stays as it was:\n${said}`)
    }
  }
  const watchers = foldersOf(world.fixtures).map(
    ({ folder, recursive }): FSWatcher =>
      watch(folder, { recursive, persistent: false }, (_event, file) => void changed(file)).on('error', ({ message }) =>
        log.error(`${folder} is not watched any more: ${message}`),
      ),
  )
  return () => {
    // What was about to be read stays unread.
    changes++
    for (const watcher of watchers) watcher.close()
  }
}

/** The folders that files, folders and patterns lie in. */
function foldersOf(patterns: readonly string[]): { folder: string; recursive: boolean }[] {
  const found = new Map<string, boolean>()
  for (const pattern of patterns) {
    const wild = pattern.search(/[*?]/)
    const folder =
      wild >= 0 ? dirname(`${resolve(pattern.slice(0, wild))}/x`) : isFolder(pattern) ? resolve(pattern) : dirname(resolve(pattern))
    const near = existsSync(folder) ? folder : dirname(folder)
    if (existsSync(near)) found.set(near, found.get(near) === true || wild >= 0)
  }
  return [...found].map(([folder, recursive]) => ({ folder, recursive }))
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory()
}

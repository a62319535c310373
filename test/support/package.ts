import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A program without what tap has its own children load, which shows in their speed and not all of them bear. */
export function bare(program: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv }): ChildProcess {
  return spawn('env', ['-u', 'NODE_OPTIONS', program, ...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
}

/**
 * The package as a project has it that installed it: compiled, under `node_modules`, its command beside it. The folder lies in this
 * repository (`t.testdir`), so that the package finds its own dependencies further up. Answers what runs `poolhouse` there.
 */
export async function install(folder: string): Promise<NodeJS.ProcessEnv> {
  const home = join(folder, 'node_modules', 'poolhouse')
  const bin = join(folder, 'node_modules', '.bin')
  mkdirSync(bin, { recursive: true })
  cpSync(await compiled(), join(home, 'dist'), { recursive: true })
  cpSync(join(root, 'fixtures'), join(home, 'fixtures'), { recursive: true })
  cpSync(join(root, 'package.json'), join(home, 'package.json'))
  const command = join(home, 'dist', 'cli', 'main.js')
  chmodSync(command, 0o755)
  symlinkSync(command, join(bin, 'poolhouse'))
  const others = Object.entries(process.env).filter(([name]) => !/^(POOLHOUSE_|AWS_|YC_|TAP|_TAPJS|npm_)/.test(name))
  return {
    ...Object.fromEntries(others),
    PATH: `${bin}:${process.env.PATH}`,
    HOME: folder,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    NO_COLOR: '1',
  }
}

/** Compilations of older sources go after an hour (milliseconds): a test that runs may still read one. */
const KEPT_FOR = 3_600_000

/** The source, compiled once for as long as nobody touches it, whoever asks first: the folder. */
async function compiled(): Promise<string> {
  const kept = join(root, 'node_modules', '.cache', 'poolhouse')
  const mine = join(kept, `package-${stateOf('src', 'tsconfig.json', 'package.json')}`)
  if (existsSync(mine)) return mine
  mkdirSync(kept, { recursive: true })
  for (const old of readdirSync(kept)) {
    // Another test file may remove it at the same time.
    const made = statSync(join(kept, old), { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY
    if (made < Date.now() - KEPT_FOR) rmSync(join(kept, old), { recursive: true, force: true })
  }
  const making = mkdtempSync(join(kept, 'making-'))
  const tsc = bare(join(root, 'node_modules', '.bin', 'tsc'), ['-p', join(root, 'tsconfig.json'), '--outDir', making], {})
  const [code] = (await once(tsc, 'close')) as [number]
  if (code !== 0) throw new Error(`tsc ends with ${code}`)
  cpSync(join(root, 'src'), making, { recursive: true, filter: (path) => !path.endsWith('.ts') })
  try {
    renameSync(making, mine)
  } catch (error) {
    // Another test file was faster.
    if (!existsSync(mine)) throw error
    rmSync(making, { recursive: true })
  }
  return mine
}

/** Names, sizes and times of all files. */
function stateOf(...places: string[]): string {
  const hash = createHash('sha256')
  for (const place of places) {
    const path = join(root, place)
    const below = statSync(path).isDirectory() ? (readdirSync(path, { recursive: true }) as string[]).sort() : ['']
    for (const name of below) {
      const { size, mtimeMs } = statSync(join(path, name))
      hash.update(`${place}/${name} ${size} ${mtimeMs}\n`)
    }
  }
  return hash.digest('hex').slice(0, 16)
}

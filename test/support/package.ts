import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdirSync, symlinkSync } from 'node:fs'
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
  const tsc = bare(join(root, 'node_modules', '.bin', 'tsc'), ['-p', join(root, 'tsconfig.json'), '--outDir', join(home, 'dist')], {})
  const [code] = (await once(tsc, 'close')) as [number]
  if (code !== 0) throw new Error(`tsc ends with ${code}`)
  cpSync(join(root, 'src'), join(home, 'dist'), { recursive: true, filter: (path) => !path.endsWith('.ts') })
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

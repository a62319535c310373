import { spawnSync } from 'node:child_process'

/**
 * Whether a test is skipped that needs what Debian has: on somebody's machine its absence is said, with the line that brings it; in CI it
 * must be there, and the test fails without it.
 */
export function without(there: boolean, what: string, packages: string): false | string {
  return there || process.env.CI ? false : `no ${what} here: apt-get install ${packages}`
}

/** Whether a program answers so. */
export function answers(program: string, ...args: string[]): boolean {
  return spawnSync(program, args).status === 0
}

/** The Pythons that have these modules: the first in PATH, and the system's where that is another one. */
export function pythonsWith(...modules: string[]): string[] {
  const found = ['python3', '/usr/bin/python3'].flatMap((program) => {
    const asked = spawnSync(program, ['-c', `import sys, ${modules.join(', ')}; print(sys.executable)`], { encoding: 'utf8' })
    return asked.status === 0 ? [asked.stdout.trim()] : []
  })
  return [...new Set(found)]
}

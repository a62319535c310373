import { ownWorld, type TestWorld, type WorkerOptions } from './world.ts'

export type { TestWorld, WorkerOptions } from './world.ts'

/** A test of node:test, as far as it is looked at. */
interface Context {
  readonly error?: unknown
  after(clean: () => Promise<void>): void
  diagnostic(text: string): void
}

/** This test's own namespace: `const world = await worldOf(t)`. One emulator for each process; what was called and sent is told on failure. */
export async function worldOf(t: object, options: WorkerOptions = {}): Promise<TestWorld> {
  const context = t as Context
  const { world, evidence, drop } = await ownWorld(options)
  context.after(async () => {
    // No error yet: what comes after a test that does well is done before it is told to have passed.
    if (context.error !== undefined && context.error !== null) {
      for (const line of (await evidence()).trimEnd().split('\n')) context.diagnostic(line)
    }
    await drop()
  })
  return world
}

import { ownWorld, type TestWorld, type WorkerOptions } from './world.ts'

export type { TestWorld, WorkerOptions } from './world.ts'

/** A test of tap, as far as it is looked at. */
interface Test {
  passing(): boolean
  teardown(clean: () => Promise<void>): void
}

/** This test's own namespace: `const world = await worldOf(t)`. One emulator for each process; what was called and sent is told on failure. */
export async function worldOf(t: Test, options: WorkerOptions = {}): Promise<TestWorld> {
  const { world, evidence, drop } = await ownWorld(options)
  t.teardown(async () => {
    // A test that is over has no comments any more.
    if (!t.passing()) console.error(await evidence())
    await drop()
  })
  return world
}

import { ownWorld, ready, type TestWorld, type WorkerOptions } from './world.ts'

export type { TestWorld, WorkerOptions } from './world.ts'

/** What Vitest gives a fixture, as far as it is looked at. */
interface Context {
  task: { result?: { state?: string } | undefined }
}

/**
 * A namespace for each test: `const test = base.extend(await withWorld())`, then `test('…', async ({ world }) => …)`. One emulator for each
 * worker process. What was called and sent is printed when a test fails.
 */
export async function withWorld(options: WorkerOptions = {}) {
  await ready(options)
  return {
    // Vitest reads from the braces which other fixtures this one needs.
    world: async ({ task }: Context, use: (world: TestWorld) => Promise<void>): Promise<void> => {
      const { world, evidence, drop } = await ownWorld(options)
      await use(world)
      if (task.result?.state === 'fail') console.error(await evidence())
      await drop()
    },
  }
}

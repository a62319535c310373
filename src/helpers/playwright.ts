import { ownWorld, type TestWorld, type WorkerOptions } from './world.ts'

export type { TestWorld, WorkerOptions } from './world.ts'

/** What Playwright tells a fixture of its test, as far as it is looked at. */
interface TestInfo {
  status?: string | undefined
  expectedStatus: string
  attach(name: string, content: { body: string; contentType: string }): Promise<void>
}

/**
 * A namespace for each test: `const test = base.extend(withWorld())`, then `test('…', async ({ world }) => …)`. One emulator for each
 * worker process. What was called and sent is attached to a test that fails.
 */
export function withWorld(options: WorkerOptions = {}) {
  return {
    // Playwright reads from the braces which other fixtures this one needs.
    // biome-ignore lint/correctness/noEmptyPattern: none.
    world: async ({}: object, use: (world: TestWorld) => Promise<void>, info: TestInfo): Promise<void> => {
      const { world, evidence, drop } = await ownWorld(options)
      await use(world)
      if (info.status !== info.expectedStatus) {
        await info.attach('poolhouse', { body: await evidence(), contentType: 'text/plain' })
      }
      await drop()
    },
  }
}

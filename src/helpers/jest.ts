import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type OwnWorld, ownWorld, ready, type WorkerOptions } from './world.ts'

export type { TestWorld, WorkerOptions } from './world.ts'

/** As much of Jest's environments as is used here. */
interface Environment {
  global: Record<string, unknown>
  setup(): Promise<void>
  teardown(): Promise<void>
}

interface Event {
  name: string
  test?: { errors: unknown[] }
}

interface ProjectConfig {
  projectConfig: { testEnvironmentOptions: { poolhouse?: WorkerOptions } }
}

const { TestEnvironment: NodeEnvironment } = createRequire(join(process.cwd(), 'package.json'))('jest-environment-node') as {
  TestEnvironment: new (config: ProjectConfig, context: unknown) => Environment
}

/**
 * `testEnvironment: 'poolhouse/jest'`: a namespace for each test, in the global `world`. It runs outside the sandbox of test files, so
 * there is one emulator for each worker process; `testEnvironmentOptions.poolhouse` says how it starts. What was called and sent is
 * printed when a test fails. Tests that run at the same time in one file (`test.concurrent`) would share a world.
 */
export default class PoolhouseEnvironment extends NodeEnvironment {
  readonly #options: WorkerOptions
  #own: OwnWorld | undefined

  constructor(config: ProjectConfig, context: unknown) {
    super(config, context)
    this.#options = config.projectConfig.testEnvironmentOptions.poolhouse ?? {}
  }

  override async setup(): Promise<void> {
    await super.setup()
    await ready(this.#options)
  }

  async handleTestEvent({ name, test }: Event): Promise<void> {
    if (name === 'test_start') {
      this.#own = await ownWorld(this.#options)
      this.global.world = this.#own.world
    }
    if (name === 'test_done' && this.#own !== undefined) {
      if (test !== undefined && test.errors.length > 0) process.stderr.write(await this.#own.evidence())
      await this.#own.drop()
      this.#own = undefined
    }
  }
}

/**
 * For tests, whatever runs them: one emulator for each worker process, made at first use, and one world for each test.
 *
 *     import { world } from 'poolhouse/testing'
 *     test('signs in', async (t) => {
 *       const idp = await world(t)
 *       const client = new CognitoIdentityProviderClient({ endpoint: idp.url, … })
 *     })
 *
 * A world begins as the fixtures have it and goes when its test ends: node:test (`t.after`), tap (`t.teardown`) and vitest
 * (`onTestFinished`) tell when that is; elsewhere `await using`, or `drop()` in `afterEach`. The process may end without closing anything.
 */
import { type Poolhouse, type StartOptions, start } from './index.ts'
import type { World } from './world.ts'

type Hook = (act: () => void) => unknown

/** What a test is given by its runner, as far as it says when the test is over. */
export interface Ending {
  after?: Hook
  teardown?: Hook
  onTestFinished?: Hook
}

export interface TestWorld extends World {
  /** Drops this world and all it holds. */
  drop(): void
  [Symbol.asyncDispose](): Promise<void>
}

let options: StartOptions = {}
let shared: Promise<Poolhouse> | undefined
let count = 0

/** How this process's emulator is to be started; said before its first world. */
export function configure(given: StartOptions): void {
  if (shared !== undefined) throw new Error('configure() comes before the first world()')
  options = given
}

/** The emulator that all worlds of this process are in. */
export function emulator(): Promise<Poolhouse> {
  shared ??= start({ unref: true, ...options })
  return shared
}

/** A world of this test's own. */
export async function world(test: Ending = {}): Promise<TestWorld> {
  const idp = await emulator()
  const own = idp.namespace(`test-${++count}`)
  const drop = () => idp.drop(own.name)
  const over = test.onTestFinished ?? test.teardown ?? test.after
  over?.call(test, drop)
  return { ...own, drop, [Symbol.asyncDispose]: async () => drop() }
}

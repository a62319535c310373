import type { Worker } from 'node:worker_threads'
import { test } from 'tap'
import { wait } from '../../src/core/clock.ts'
import { Threads } from '../../src/core/threads.ts'

const echo = new URL('../fixtures/threads/echo.mjs', import.meta.url)
const broken = new URL('../fixtures/threads/broken.mjs', import.meta.url)

interface Echo {
  payload: unknown
  thread: number
}

test('threads for code that is not ours', async (t) => {
  const threads = new Threads()
  t.teardown(() => threads.close())
  const run = (payload: unknown, more: { owner?: string; version?: string; limit?: number } = {}) =>
    threads.run<Echo>(echo, { owner: 'a', version: '1', limit: 10_000, payload, ...more })
  const threadOf = async (more?: { owner?: string; version?: string }) => {
    const ran = await run('x', more)
    return 'answer' in ran ? ran.answer.thread : undefined
  }

  const first = await threadOf()
  t.type(first, 'number')
  t.equal(await threadOf(), first, 'the same owner comes back to its thread')
  t.not(await threadOf({ owner: 'b' }), first, 'another does not')
  const newer = await threadOf({ version: '2' })
  t.not(newer, first, 'newer code gets a new thread')
  t.equal(await threadOf({ version: '2' }), newer)

  t.same(await run('hang', { version: '2', limit: 50 }), { late: true })
  t.not(await threadOf({ version: '2' }), newer, 'a thread that was late is not used again')
  t.same(await run('end', { version: '2' }), { died: 'it ended with exit code 4' })
  t.same(await run('throw', { version: '2' }), { died: 'thrown' })
  let ended = 0
  process.once('worker', (worker: Worker) => worker.once('exit', () => ended++))
  t.match(await run('leave', { version: '3' }), { answer: { payload: 'leave' } })
  // A thread at rest keeps nobody waiting for its end.
  while (ended === 0) await wait(10)
  t.match(await run('x', { version: '3' }), { answer: { payload: 'x' } }, 'one that ended at rest is not used again')
  t.same(await threads.run(broken, { owner: 'c', version: '1', limit: 10_000, payload: 'x' }), { died: 'it could not be started' })
})

test('many pieces at once wait for a thread', async (t) => {
  const threads = new Threads(2)
  t.teardown(() => threads.close())
  const all = await Promise.all(
    [1, 2, 3, 4, 5].map((payload) => threads.run<Echo>(echo, { owner: 'a', version: '1', limit: 10_000, payload })),
  )
  t.match(
    all,
    [1, 2, 3, 4, 5].map((payload) => ({ answer: { payload } })),
  )
  t.ok(new Set(all.map((ran) => ('answer' in ran ? ran.answer.thread : 0))).size <= 2)
})

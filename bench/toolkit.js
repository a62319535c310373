// The toolkit's own figures: generated users, fresh namespaces, restored snapshots. `BENCH_SEED=100000` seeds as many users as the bar names.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../dist/app.js'

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
const ms = (value) => `${value.toFixed(value < 10 ? 2 : 0)} ms`

async function timed(act) {
  const start = performance.now()
  await act()
  return performance.now() - start
}

export async function toolkit() {
  const users = Number(process.env.BENCH_SEED ?? 10_000)
  const folder = mkdtempSync(join(tmpdir(), 'poolhouse-bench-'))
  const file = join(folder, 'world.yaml')
  try {
    console.log('\nThe toolkit')
    const one = await worldOf(file, users)
    const per = one.time / users
    console.log(
      `  ${users} generated users, one password, bcrypt cost 4: ${(one.time / 1000).toFixed(1)} s, ${ms(per)} each` +
        (users === 100_000
          ? ' (bar: 60 s)'
          : `, so 100000 take ${((per * 100_000) / 1000).toFixed(0)} s (bar: 60 s; BENCH_SEED=100000 seeds so many)`),
    )
    const { app } = users === 10_000 ? one : await other(one, file)
    try {
      app.emulator.saveSnapshot('bench')
      const restores = []
      for (let i = 0; i < 15; i++) restores.push(await timed(() => app.emulator.loadSnapshot('bench')))
      console.log(`  restore of a snapshot of 10000 users: median ${ms(median(restores))} (bar: 10 ms)`)
    } finally {
      await app.close()
    }
    const demo = await createApp({})
    try {
      await demo.prepare({ fixtures: ['fixtures/demo.yaml'] })
      const fresh = []
      for (let i = 0; i < 50; i++) fresh.push(await timed(() => demo.emulator.create(`n${i}`)))
      const served = []
      for (let i = 0; i < 50; i++) served.push(await timed(() => demo.server.inject({ method: 'POST', url: '/_/namespaces' })))
      console.log(
        `  a fresh namespace with the demo world: median ${ms(median(fresh))}, by POST /_/namespaces ${ms(median(served))} (bar: 5 ms)`,
      )
    } finally {
      await demo.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function other({ app }, file) {
  await app.close()
  return await worldOf(file, 10_000)
}

/** A pool of so many users who can sign in, and how long it took. */
async function worldOf(file, count) {
  writeFileSync(file, `pools: [{ PoolName: bench, users: { generate: { count: ${count}, seed: 1 }, password: Correct-Horse-1 } }]\n`)
  const app = await createApp({})
  const time = await timed(() => app.prepare({ fixtures: [file] }))
  return { app, time }
}

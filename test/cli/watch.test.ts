import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Test, test } from 'tap'

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** What it printed by and by, awaited by what it says. */
function started(t: Test, cwd: string, ...args: string[]) {
  const child = spawn(process.execPath, [...process.execArgv, MAIN, 'start', '--memory', '--port', '0', ...args], { cwd })
  t.teardown(() => child.kill('SIGKILL'))
  let out = ''
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      out += chunk
      for (const look of waiting) look()
    })
  }
  const says = (what: RegExp) =>
    new Promise<RegExpExecArray>((resolve) => {
      const look = () => {
        const found = what.exec(out)
        if (found === null) return
        waiting.delete(look)
        out = out.slice(found.index + found[0].length)
        resolve(found)
      }
      waiting.add(look)
      look()
    })
  return { child, says }
}

test('fixtures that are watched, and an export at the end', { timeout: 120_000 }, async (t) => {
  const cwd = t.testdir({ 'world.yaml': 'pools: [{ PoolName: one, id: us-east-1_Watched01 }]\n' })
  const { child, says } = started(t, cwd, '--fixtures', 'world.yaml', '--watch', '--export-on-exit', 'end.json')
  const [, url] = await says(/poolhouse ready (\S+)/)
  const names = async (prefix = '') => {
    const { tables } = (await (await fetch(`${url}${prefix}/_/export`)).json()) as { tables: { record: { rows: unknown[][] } } }
    return tables.record.rows.filter((row) => row.includes('cognito.group')).map((row) => row[4])
  }

  writeFileSync(`${cwd}/world.yaml`, 'pools: [{ PoolName: one, id: us-east-1_Watched01, groups: [a] }]\n')
  await says(/fixtures applied: 1 created, 0 changed, 1 unchanged/)
  t.equal((await names()).length, 1)
  t.equal((await names('/~fresh')).length, 1, 'new namespaces begin with it')

  writeFileSync(`${cwd}/world.yaml`, 'pools: [{ PoolNaem: one }]\n')
  await says(/fixtures are wrong, the world stays as it was.*world\.yaml:1:11 pools\[0\]\.PoolNaem: unknown key/s)
  t.equal((await names('/~other')).length, 1, 'the baseline is still the last good one')

  const ended = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGTERM')
  await ended
  t.ok(existsSync(`${cwd}/end.json`))
  t.match(JSON.parse(readFileSync(`${cwd}/end.json`, 'utf8')), { poolhouse: /\d/, tables: { record: {} } })
})

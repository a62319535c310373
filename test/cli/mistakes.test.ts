import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'tap'
import { start } from '../../src/index.ts'
import { poolhouse } from '../support/verb.ts'

test('a mistake on the command line is one sentence, and nothing is done', async (t) => {
  const idp = await start()
  t.teardown(() => idp.close())
  const folder = t.testdir({ 'bad.json': '{', 'other.json': '{"pools": []}', 'list.json': '[1]' })
  const at = (name: string) => join(folder, name)
  const url = ['--url', idp.url]

  const cases: [args: string[], said: string | RegExp][] = [
    [['nope'], 'there is no "nope"; see poolhouse --help'],
    [['statr'], 'there is no "statr" (did you mean start?); see poolhouse --help'],
    [['start', 'extra', 'more'], 'nothing is to be done with "extra", "more"; see poolhouse start --help'],
    [['reset', '--url', idp.url, 'extra'], 'nothing is to be done with "extra"; see poolhouse reset --help'],
    [['seed'], "missing required argument 'file'; see poolhouse seed --help"],
    [['reset', '--url', 'nonsense'], /^--url must be like http:\/\/127\.0\.0\.1:7665, not "nonsense"$/],
    [['snapshot', 'sav', 'x', ...url], '"sav" is none of save, load, list, drop (did you mean save?)'],
    [['snapshot', 'constructor', 'x', ...url], '"constructor" is none of save, load, list, drop'],
    [['snapshot', 'list', 'x', ...url], 'snapshot list takes no name, not "x"'],
    [['snapshot', 'load', ...url], 'say which: poolhouse snapshot load <name>'],
    [['clock', 'jump', ...url], '"jump" is none of set, advance, freeze, run, real'],
    [['clock', 'set', ...url], 'say when: poolhouse clock set <value>'],
    [['clock', 'advance', ...url], 'say how far: poolhouse clock advance <value>'],
    [['clock', 'real', '1h', ...url], 'clock real takes no value, not "1h"'],
    [['token', 'mnt'], '"mnt" is none of mint, inspect, expire, enqueue (did you mean mint?)'],
    [['token', 'mint', ...url], 'say whose: poolhouse token mint --user alice'],
    [['token', 'expire', ...url], /^say a token of the sign-in, or whose they all are/],
    [['token', 'enqueue', '{}', '--times', 'abc', ...url], '--times must be a whole number from 1 up, not "abc"'],
    [['contract', 'drif'], '"drif" is none of report, merge, drift (did you mean drift?)'],
    [['contract', 'merge', at('none.json')], `${at('none.json')}: there is no such file or folder`],
    [['contract', 'merge', at('bad.json')], /bad\.json is no JSON: /],
    [['contract', 'report', '--out', at('no/such/r.md'), ...url], `${at('no/such/r.md')}: there is no such file or folder`],
    [['export', at('no/such.json'), ...url], `${at('no/such.json')}: there is no such file or folder`],
    [['export', folder, ...url], `${folder}: it is a folder`],
    [['export', '--format', 'aws-csv', ...url], 'say which pool: --format aws-csv --pool us-east-1_…'],
    [['export', '--pool', 'us-east-1_PoolDemo1', ...url], '--pool goes with --format aws-csv: all others hold everything'],
    [['import', at('none.json'), ...url], `${at('none.json')}: there is no such file or folder`],
    [['import', at('bad.json'), ...url], /bad\.json is no export of a Poolhouse, nor any JSON: /],
    [['import', at('list.json'), ...url], /list\.json is no export of a Poolhouse; a fixture is applied by poolhouse seed /],
    [['import', at('other.json'), ...url], /other\.json is no export of a Poolhouse; /],
  ]
  cases.push(
    [['env', '--url', 'nonsense'], '--url must be like http://127.0.0.1:7665, not "nonsense"'],
    [['env', '--url', 'ftp://x'], '--url must be like http://127.0.0.1:7665, not "ftp://x"'],
    [['env', '--namespace', 'A B', ...url], '"A B" cannot be a namespace: use a-z, 0-9 and inner hyphens, at most 63'],
    [['seed', '--schema', '--nope'], /^unknown option '--nope'/],
    [['seed', '--schema', 'world.yaml'], '--schema is of all fixtures, not of world.yaml'],
  )
  for (const verb of [['start'], ['exec']]) {
    const rest = ['--memory', '--port', '0', ...(verb[0] === 'exec' ? ['--', 'true'] : [])]
    const lost = at('no/such.json')
    cases.push([[...verb, '--export-on-exit', lost, ...rest], `--export-on-exit ${lost}: there is no folder ${at('no')}`])
    cases.push([[...verb, '--export-on-exit', folder, ...rest], `--export-on-exit ${folder}: it is a folder`])
  }
  const state = async () => await (await fetch(`${idp.url}/_/export`)).text()
  const before = await state()
  for (const [args, said] of cases) {
    await t.test(args.join(' ').replaceAll(folder, '').replaceAll(idp.url, ''), async (t) => {
      const { out, err, code } = await poolhouse(...args)
      t.same([out, code], ['', 2])
      const told = err.replace(/^poolhouse: /, '').replace(/\n$/, '')
      if (typeof said === 'string') t.equal(told, said)
      else t.match(told, said)
      t.notMatch(told, /\n|\s{4}at /)
    })
  }
  t.equal(await state(), before)
})

test('an answer of something else is no answer', async (t) => {
  for (const [type, body] of [
    ['text/html', '<p>hi'],
    ['application/json', '{"not json'],
    ['application/json', '[]'],
  ] as const) {
    const server = createServer((_request, response) => response.setHeader('content-type', type).end(body))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.teardown(() => server.close())
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    for (const verb of [['reset'], ['clock'], ['snapshot', 'list'], ['token', 'mint', '--user', 'alice']]) {
      t.same(await poolhouse(...verb, '--url', url), { out: '', err: `poolhouse: ${url} answers 200, and is no Poolhouse\n`, code: 2 })
    }
  }
})

test('help', async (t) => {
  const { out } = await poolhouse('help', 'seed')
  t.equal(out, (await poolhouse('seed', '--help')).out)
  t.match(out, /^Usage: poolhouse seed /)
  t.match(await poolhouse('help', 'sed'), { err: 'poolhouse: there is no "sed" (did you mean seed?); see poolhouse --help\n', code: 2 })
  t.equal((out.match(/default:\s+"?http/g) ?? []).length, 1, 'a default is said once')
  t.match(
    (await poolhouse('exec', '--help')).out,
    /^Usage: poolhouse exec \[options\] -- <command>[\s\S]*Unless told otherwise: in memory, at free ports/,
  )
})

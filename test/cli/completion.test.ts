import { spawnSync } from 'node:child_process'
import { test } from 'tap'
import { VERBS } from '../../src/cli/verbs.ts'
import { poolhouse } from '../support/verb.ts'

const ASK = `
ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _poolhouse; printf '%s\\n' "\${COMPREPLY[*]}"; }
`

test('bash completes verbs, what follows them, their own flags, and files', async (t) => {
  const { out, code } = await poolhouse('completion', 'bash')
  t.equal(code, 0)
  const folder = t.testdir({ 'world.yaml': '', script: `${out}\n${ASK}` })
  const asked = (...words: string[]) => {
    const quoted = words.map((word) => `'${word}'`).join(' ')
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', `source ./script; ask ${quoted}`], { cwd: folder, encoding: 'utf8' })
    t.equal(stderr, '')
    return stdout.trim()
  }
  t.equal(asked('poolhouse', 'snap'), 'snapshot')
  t.equal(asked('poolhouse', ''), [...Object.keys(VERBS), ...flagsOf((await poolhouse('start', '--help')).out), '--version'].join(' '))
  t.equal(asked('poolhouse', 'snapshot', ''), 'save load list drop')
  t.equal(asked('poolhouse', 'contract', 'd'), 'drift')
  t.equal(asked('poolhouse', 'token', 'mint', '--tri'), '--triggers')
  t.equal(asked('poolhouse', 'reset', '--'), '--url --namespace --to --help')
  t.equal(asked('poolhouse', '--froz'), '--frozen')
  t.equal(asked('poolhouse', '--memory', '--fixt'), '--fixtures')
  t.equal(asked('poolhouse', 'seed', 'wor'), 'world.yaml')
  t.equal(asked('poolhouse', 'snapshot', '--url', 'wor'), 'world.yaml', 'a value is none of the words')
})

test('zsh and fish know the same words', async (t) => {
  for (const shell of ['zsh', 'fish']) {
    const { out } = await poolhouse('completion', shell)
    for (const verb of Object.keys(VERBS)) {
      if (verb === 'completion') continue
      const deeds =
        verb === 'token' ? [['mint'], ['inspect'], ['expire'], ['enqueue']] : verb === 'contract' ? [['report'], ['drift']] : [[]]
      for (const deed of deeds) {
        const lines = out.split('\n').filter((line) => (shell === 'fish' ? line.includes(`_from ${verb}`) : line.trim().startsWith(verb)))
        for (const flag of flagsOf((await poolhouse(verb, ...deed, '--help')).out)) {
          const written = shell === 'fish' ? `-l ${flag.slice(2)}` : flag
          t.ok(lines.join('\n').includes(written), `${shell} ${verb} ${flag}`)
        }
      }
    }
  }
})

function flagsOf(help: string): string[] {
  return [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z][a-z-]*)/gm)].map(([, flag]) => flag as string)
}

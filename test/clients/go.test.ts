import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'tap'
import { start } from '../../src/index.ts'
import { answers, without } from '../support/tools.ts'

/** Where Debian puts the sources of Go's libraries. */
const LIBRARIES = '/usr/share/gocode'
const there = answers('go', 'version') && existsSync(join(LIBRARIES, 'src/github.com/aws/aws-sdk-go-v2'))
const skip = without(there, 'Go with the AWS SDK', 'golang-go golang-github-aws-aws-sdk-go-v2-dev')

test('user pools with the AWS SDK for Go v2', { skip }, async (t) => {
  const program = join(t.testdir({}), 'journey')
  const building = {
    PATH: process.env.PATH,
    HOME: t.testdirName,
    GOCACHE: cache(),
    GO111MODULE: 'off',
    GOPATH: LIBRARIES,
    CGO_ENABLED: '0',
  }
  const source = fileURLToPath(new URL('go/main.go', import.meta.url))
  const build = spawn('go', ['build', '-o', program, source], { env: building, stdio: ['ignore', 'inherit', 'inherit'] })
  t.equal(await new Promise((resolve, reject) => build.once('error', reject).once('exit', resolve)), 0, 'it compiles')

  const idp = await start({ empty: true, strict: true, rooms: { cognito: { signatures: 'strict' } } })
  t.teardown(() => idp.close())
  await t.spawn(program, [], { env: { HOME: t.testdirName, AWS_EC2_METADATA_DISABLED: 'true', ...idp.env('aws-sdk') } }, 'journey')
})

/** What was compiled is kept until the next `npm ci`: the SDK is large. */
function cache(): string {
  return fileURLToPath(new URL('../../node_modules/.cache/poolhouse-go', import.meta.url))
}

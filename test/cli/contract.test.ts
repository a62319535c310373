import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'tap'
import { start } from '../../src/index.ts'
import { only } from '../support/only.ts'
import { poolhouse } from '../support/verb.ts'

const SDK = fileURLToPath(new URL('../../node_modules/@aws-sdk/client-cognito-identity-provider', import.meta.url))
const facts = (room: string) => fileURLToPath(new URL(`../../src/${room}/contract/contract.json`, import.meta.url))

async function call(url: string, name: string, input: object): Promise<void> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSCognitoIdentityProviderService.${name}` }
  await fetch(url, { method: 'POST', body: JSON.stringify(input), headers })
}

test('contract report and merge', async (t) => {
  const idp = await start({ empty: true })
  t.teardown(() => idp.close())
  const folder = t.testdir({})
  const shard = (n: number) => join(folder, `shard-${n}.json`)
  const save = (n: number) => poolhouse('contract', 'report', '--url', idp.url, '--format', 'json', '--out', shard(n))

  await call(idp.url, 'ListUserPools', { MaxResults: 1 })
  await call(idp.url, 'ListUserPools', { MaxResults: 1, Filter: 'x' })
  t.equal((await save(1)).out, `wrote ${shard(1)}\n`)
  await fetch(`${idp.url}/_/contract/report`, { method: 'DELETE' })
  await call(idp.url, 'ListUserPools', { MaxResults: 1, NextToken: 'nope' })
  await call(idp.url, 'ListUserPools', { MaxResults: 1, Filter: 'y' })
  await call(idp.url, 'SignUp', {})
  await save(2)

  const { out } = await poolhouse('contract', 'merge', shard(1), shard(2), '--format', 'json')
  t.match(JSON.parse(out), {
    totals: { calls: 5, violations: 2, operationsUsed: 2 },
    operations: only(
      {
        name: 'ListUserPools',
        calls: 4,
        outcomes: { ok: 3, errors: { InvalidParameterException: 1 } },
        fields: { seen: only('MaxResults', 'NextToken'), never: only() },
      },
      { name: 'SignUp' },
    ),
    violations: only({ message: 'ListUserPools has no member Filter', count: 2 }),
  })
  t.match(await poolhouse('contract', 'merge', shard(1), shard(2), '--max-violations', '1'), {
    out: /^# Contract report\n/,
    err: /2 contract violations, at most 1 may be/,
    code: 3,
  })
  t.match(await poolhouse('contract', 'merge', facts('cognito')), { err: /is no poolhouse-contract-report\/1/, code: 2 })
  t.match(await poolhouse('contract', 'report', '--url', idp.url, '--format', 'pdf'), { err: /--format must be one of json/, code: 2 })
  t.match(await poolhouse('contract', 'shred'), { err: 'poolhouse: "shred" is none of report, merge, drift\n', code: 2 })
})

test('contract drift', async (t) => {
  const folder = t.testdir({})
  const drift = (model: string, ...more: string[]) => poolhouse('contract', 'drift', '--model', model, ...more)

  await t.test('none against the SDK and the facts that the contracts were taken from', async (t) => {
    t.match(await drift('npm:@aws-sdk/client-cognito-identity-provider'), { out: /^no drift: \d+ operations/, code: 0 })
    t.match(await drift(facts('yandex')), { out: /^no drift: \d+ operations/, code: 0 })
  })

  await t.test('an SDK of another version', async (t) => {
    const copy = join(folder, 'sdk')
    cpSync(join(SDK, 'dist-types'), join(copy, 'dist-types'), { recursive: true })
    const commands = join(copy, 'dist-types', 'commands')
    const signUp = readFileSync(join(commands, 'SignUpCommand.d.ts'), 'utf8')
    writeFileSync(join(commands, 'SignUpCommand.d.ts'), signUp.replace('{@link LimitExceededException}', '{@link TooBusyException}'))
    writeFileSync(join(commands, 'SignInCommand.d.ts'), signUp.replaceAll('SignUp', 'SignIn'))
    rmSync(join(commands, 'RevokeTokenCommand.d.ts'))
    const models = join(copy, 'dist-types', 'models', 'models_0.d.ts')
    const text = readFileSync(models, 'utf8')
    writeFileSync(models, text.replace(/(export interface AdminGetUserRequest \{)/, '$1\n    Colour?: string | undefined;'))

    const { out, code } = await drift(copy)
    t.equal(code, 4)
    t.strictSame(
      out.split('\n').filter((line) => !line.includes('SignUp: ')),
      ['+ operation SignIn', '- operation RevokeToken', '+ field AdminGetUserRequest.Colour', ''],
    )
    t.match(out, '+ error SignUp: TooBusyException\n')
    t.match(JSON.parse((await drift(copy, '--json')).out)[0], { what: 'operation', change: 'added', name: 'SignIn' })
  })

  await t.test('a contract made from protocol buffers', async (t) => {
    const contract = JSON.parse(readFileSync(facts('yandex'), 'utf8'))
    const name = Object.keys(contract.messages).find((one) => one.endsWith('idp.CreateUserRequest')) as string
    contract.messages[name].fields.pop()
    const file = join(folder, 'proto.json')
    writeFileSync(file, JSON.stringify(contract))
    t.match(await drift(file), { out: new RegExp(`^- field ${name}\\.\\w+\\n$`), code: 4 })
  })

  await t.test('what is no model', async (t) => {
    t.match(await drift(join(folder, 'none')), { err: /^poolhouse: there is no /, code: 2 })
    t.match(await drift(folder), { err: /is no contract, no service model and no AWS SDK package/, code: 2 })
    t.match(await drift('npm:@aws-sdk/client-of-nothing'), { err: /is not installed here/, code: 2 })
    const file = join(folder, 'other.json')
    writeFileSync(file, JSON.stringify({ operations: { Other: {} }, shapes: {} }))
    t.match(await drift(file), { err: /no operation in common/, code: 2 })
  })
})

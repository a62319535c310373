import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'tap'
import type { ProtoContract } from '../../src/contract/proto.ts'
import { start } from '../../src/index.ts'
import { only } from '../support/only.ts'
import { protoFiles } from '../support/proto-writer.ts'
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

  await t.test('a folder of protocol buffers', async (t) => {
    const contract = JSON.parse(readFileSync(facts('yandex'), 'utf8')) as ProtoContract
    const files = protoFiles(contract)
    const published = (name: string, change: (text: string, file: string) => string | undefined = (text) => text) => {
      const root = join(folder, name)
      for (const [file, before] of Object.entries(files)) {
        const text = change(before, file)
        if (text === undefined) continue
        mkdirSync(dirname(join(root, file)), { recursive: true })
        writeFileSync(join(root, file), text)
      }
      return root
    }
    const same = await drift(published('same'))
    t.match(same, { out: /^no drift: 13\d operations, \d{3} types\n$/, err: '', code: 0 })

    const changes: [file: RegExp, from: string, to: string, line: string][] = [
      [
        /idp.all/,
        'string username = 2 [(required) = true, (yandex.cloud.length) = "<=254"',
        'string username = 22 [(yandex.cloud.length) = "<=320"',
        '~ field yandex.cloud.organizationmanager.v1.idp.CreateUserRequest.username: number: 2 → 22; required: yes → none; length: <=254 → <=320',
      ],
      [
        /idp.all/,
        '(yandex.cloud.pattern) = "[a-z0-9A-Z',
        '(yandex.cloud.pattern) = "[a-z',
        '~ field yandex.cloud.organizationmanager.v1.idp.CreateUserRequest.username: pattern: ',
      ],
      [
        /idp.all/,
        'post: "/organization-manager/v1/idp/users:generatePassword"',
        'get: "/organization-manager/v1/idp/users:drawPassword"',
        '~ operation idp.UserService.GeneratePassword: http: POST /organization-manager/v1/idp/users:generatePassword → GET /organization-manager/v1/idp/users:drawPassword',
      ],
      [
        /idp.all/,
        'rpc SetOwnPassword (',
        'rpc Praise (google.protobuf.Empty) returns (google.protobuf.Empty) { }\nrpc SetOwnPassword (',
        '+ operation idp.UserService.Praise',
      ],
      [/idp.all/, 'option (exactly_one) = true;', '', 'exactly one: yes → none'],
      [
        /v1.all/,
        'message GetGroupRequest {',
        'message GetGroupRequest { string view = 9;',
        '+ field yandex.cloud.organizationmanager.v1.GetGroupRequest.view',
      ],
      [/v1.all/, 'rpc ListMembers (', 'rpc ListPeople (', '- operation GroupService.ListMembers'],
      [/iam.v1.all/, 'enum Status { ', 'enum Status { RETIRED = 9; ', '+ value yandex.cloud.iam.v1.OAuthClient.Status.RETIRED'],
      [/operation.all/, 'string id = 1', 'int64 id = 1', '~ field yandex.cloud.operation.Operation.id: type: string → int64'],
    ]
    for (const [file, from, to, line] of changes) {
      let done = false
      const root = published(`changed ${changes.findIndex((one) => one[3] === line)}`, (text, name) => {
        if (done || !file.test(name.replaceAll('/', '.')) || !text.includes(from)) return text
        done = true
        return text.replace(from, to)
      })
      t.ok(done, from)
      const { out, code } = await drift(root)
      t.equal(code, 4, line)
      t.ok(out.includes(line), `${line}: ${out}`)
    }

    const part = await drift(published('part', (text, file) => (/organizationmanager|access/.test(file) ? text : undefined)))
    t.match(part, { out: /^no drift: \d+ operations/, code: 0 })
    t.match(part.err, /^poolhouse: not in the folder, and not compared: .*yandex\.cloud\.iam\.v1/)
    const more = await drift(published('more', (text, file) => (/iam.v1/.test(file) ? `${text}\nservice KeyService { }` : text)))
    t.match(more, { code: 0, err: 'poolhouse: services that the contract leaves out: yandex.cloud.iam.v1.KeyService\n' })
    t.match(await drift(published('broken', (text) => text.replace('message', 'massage'))), {
      err: /^poolhouse: .*all\.proto: illegal token/,
      code: 2,
    })
    const foreign = published('foreign', (_text, file) =>
      /operation/.test(file) ? 'syntax = "proto3"; package other; message A { }' : undefined,
    )
    t.match(await drift(foreign), { err: /has no service in common with any contract here/, code: 2 })
  })

  await t.test('what is no model', async (t) => {
    t.match(await drift(join(folder, 'none')), { err: /^poolhouse: there is no /, code: 2 })
    mkdirSync(join(folder, 'void'))
    t.match(await drift(join(folder, 'void')), {
      err: /is no contract, no service model, no AWS SDK package and no folder of \.proto files/,
      code: 2,
    })
    t.match(await drift('npm:@aws-sdk/client-of-nothing'), { err: /is not installed here/, code: 2 })
    const file = join(folder, 'other.json')
    writeFileSync(file, JSON.stringify({ operations: { Other: {} }, shapes: {} }))
    t.match(await drift(file), { err: /no operation in common/, code: 2 })
  })
})

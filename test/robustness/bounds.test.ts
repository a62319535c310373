import { test } from 'tap'
import { contract } from '../../src/yandex/contract/index.ts'
import { emulator } from '../support/emulator.ts'
import { grpcClient } from '../support/grpc.ts'

const AWS = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSCognitoIdentityProviderService.ListUserPools' }

test('no more namespaces are made than there may be', async (t) => {
  const idp = await emulator(t, { mostNamespaces: 3 })
  const warnings: string[] = []
  idp.app.hearWarnings((text) => warnings.push(text))
  const list = (name: string) => idp.request('POST', `/~${name}/`, '{"MaxResults":1}', AWS)
  t.match(await list('a'), { status: 200 })
  t.match(await list('b'), { status: 200 })
  const why =
    /^there are 3 namespaces already and "c" would be one too many: drop some by DELETE .* or start with a higher --most-namespaces$/
  t.match(await list('c'), { status: 400, body: { __type: 'InvalidNamespace', message: why } })
  t.match(await idp.request('GET', '/~c/organization-manager/v1/idp/userpools'), { status: 400, body: { code: 3, message: why } })
  t.match(await idp.request('POST', '/~c/harmony/users', {}), { status: 400, body: { error: why } })
  t.match(await idp.request('GET', '/~c/_/outbox'), { status: 409, body: { error: why } })
  t.match(await idp.request('POST', '/_/namespaces', { name: 'c' }), { status: 409, body: { error: why } })
  t.match(await idp.request('POST', '/~c/oauth2/token', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }), { status: 400 })
  const { port } = await idp.app.listen({ host: '127.0.0.1', port: 0 })
  const call = grpcClient(t, `127.0.0.1:${port}`, contract)
  const organizations = 'yandex.cloud.organizationmanager.v1.OrganizationService/List'
  await t.rejects(call(organizations, {}, { 'x-poolhouse-namespace': 'c' }), { code: 3, details: why })
  t.throws(() => idp.app.emulator.namespace('c'), why)
  t.same(idp.app.emulator.names, ['a', 'b', 'default'])
  t.same(warnings.length, 1, 'whoever runs it is told once')
  t.match(warnings, [/^there are 3 namespaces already/])

  t.match(await list('a'), { status: 200 }, 'those that there are stay')
  t.match(await list('default'), { status: 200 })
  t.match(await idp.request('DELETE', '/_/namespaces/a'), { status: 204 })
  t.match(await list('c'), { status: 200 }, 'and where one is dropped another may be made')
})

test('an outbox keeps its last messages, and says when it forgets the first', async (t) => {
  const idp = await emulator(t, { settings: { outbox: 3 } })
  const warnings: string[] = []
  idp.app.hearWarnings((text) => warnings.push(text))
  const send = (n: number) => idp.outbox.add(0, { channel: 'sms', to: `+${n}`, body: '', template: '', room: '' })
  for (let n = 1; n <= 3; n++) send(n)
  t.same(warnings, [])
  for (let n = 4; n <= 10; n++) send(n)
  t.same(
    idp.outbox.list().map(({ id, to }) => [id, to]),
    [
      [8, '+8'],
      [9, '+9'],
      [10, '+10'],
    ],
  )
  t.same(warnings, ['the outbox of default keeps the last 3 messages; --outbox keeps more'])
  idp.outbox.clear()
  send(11)
  t.equal(idp.outbox.count(), 1)
  const namespace = idp.app.emulator.namespace()
  t.throws(() =>
    namespace.store.atomically(() => {
      for (let n = 12; n <= 20; n++) send(n)
      throw new Error('undone')
    }),
  )
  t.same(
    idp.outbox.list().map(({ to }) => to),
    ['+11'],
    'what is undone has forgotten nothing',
  )
})

import { test } from 'tap'
import { contract, control, methods } from '../../src/yandex/index.ts'
import { emulator } from '../support/emulator.ts'
import { rest } from '../support/yandex.ts'
import { type Door, doors, type Said } from '../support/yandex-doors.ts'
import { fill, type Sample, sample } from '../support/yandex-samples.ts'
import { ACCOUNTS, inputOf, known, world } from '../support/yandex-world.ts'

const changing = [...methods.values()].filter(({ operation }) => operation !== null)

test('laws of every changing method, over both transports', async (t) => {
  const idp = await emulator(t, { settings: { rooms: { yandex: ACCOUNTS } } })
  const w = await world(rest(idp))
  idp.app.emulator.keepBaseline()
  const both = await doors(t, idp)
  const getOperation = methodOf('OperationService.Get')
  const type = (name: string) => `type.googleapis.com/${name}`
  let count = 0

  for (const door of both) {
    /** Every method in a world of its own, all alike. */
    const fresh = () => `w${++count}`
    const say = async (method: ReturnType<typeof methodOf>, input: Sample, namespace: string, headers: Record<string, string> = {}) => {
      const caller: Record<string, string> = method.name === 'SetOwnPassword' ? { authorization: `Bearer ${w.user.id}` } : {}
      const said = await door.say(method, input, { 'x-poolhouse-namespace': namespace, ...caller, ...headers })
      if (said === undefined) throw new Error(`${door.name} cannot say ${method.operationName}`)
      return said
    }

    await t.test(`${door.name}: an Operation of the declared types is the answer, at once`, async (t) => {
      for (const method of changing) {
        const { operationName: name, operation } = method
        const { code, message, body } = await say(method, inputOf(w, method), fresh())
        t.equal(code, 0, `${name}: ${message}`)
        t.equal(body.metadata?.['@type'], type(operation?.metadata ?? ''), name)
        t.equal(body.response?.['@type'], type(operation?.response ?? ''), `${name}: ${JSON.stringify(body.error)}`)
        t.match(body, { id: String, description: /^[A-Z]/, createdBy: /^aje/, done: true }, name)
      }
    })

    await t.test(`${door.name}: or later; the key of a call answers the same one again`, async (t) => {
      for (const method of changing) {
        const { operationName: name, operation } = method
        const namespace = fresh()
        control.setPolicy(idp.app.emulator.namespace(namespace), { kind: '*', runs: 'manual' })
        const key = { 'idempotency-key': name }
        const { body: begun } = await say(method, inputOf(w, method), namespace, key)
        t.equal(begun.done, false, name)
        t.equal(begun.metadata['@type'], type(operation?.metadata ?? ''), name)
        t.notOk('response' in begun || 'error' in begun, name)
        control.complete(idp.app.emulator.namespace(namespace), begun.id)
        const { body: ended } = await say(getOperation, { operationId: begun.id }, namespace)
        t.equal(ended.done, true, name)
        t.equal(ended.response?.['@type'], type(operation?.response ?? ''), `${name}: ${JSON.stringify(ended.error)}`)
        t.strictSame((await say(method, inputOf(w, method), namespace, key)).body, ended, name)
      }
    })

    await t.test(`${door.name}: an update changes what its mask names, and nothing else`, async (t) => {
      for (const method of changing) {
        const mask = contract.messages[method.request]?.fields.find(({ name }) => name === 'update_mask')
        if (mask === undefined) continue
        const { operationName: name, request } = method
        const identity = [...(method.http?.path ?? '').matchAll(/\{(\w+)\}/g)].map(([, found]) => found)
        const base = { ...sample(request), ...inputOf(w, method) }
        const reader = readerOf(name)
        const { body: before } = await say(reader, only(reader.request, base), fresh())
        for (const field of contract.messages[request]?.fields ?? []) {
          if (field.name === 'update_mask' || identity.includes(field.name)) continue
          const values = { ...known(w, method), ...VALUES }
          const value = field.jsonName in values ? values[field.jsonName] : fill(field)
          const changed = { [field.jsonName]: field.kind === 'map' ? { a: 'b' } : field.repeated ? [value] : value }
          const { code, message, body } = await say(method, { ...base, updateMask: field.jsonName, ...changed }, fresh())
          if (code !== 0) {
            t.fail(`${name} ${field.name}: ${message}`)
            continue
          }
          const { '@type': _type, ...after } = body.response
          // The addresses of the identity provider hold the namespace.
          const others = ({ [field.jsonName]: _named, updatedAt: _at, identityProviderMetadata: _idp, ...rest }: Sample) => rest
          t.strictSame(others(after), others(before), `${name} ${field.name}`)
          t.match(after, { [field.jsonName]: changed[field.jsonName] }, `${name} ${field.name}: what it names`)
        }
      }
    })
  }

  await t.test('both answer the same', async (t) => {
    const [rest, grpc] = both
    for (const method of methods.values()) {
      const { operationName: name } = method
      if (method.http === null) continue
      const caller: Record<string, string> = /OwnPassword|SelfPassword/.test(name) ? { authorization: `Bearer ${w.user.id}` } : {}
      const said = async ({ say }: Door) => {
        count++
        const { body, ...outcome } = (await say(method, inputOf(w, method), { 'x-poolhouse-namespace': `w${count}`, ...caller })) as Said
        return { ...outcome, body: JSON.parse(withoutAddresses(JSON.stringify(body))) }
      }
      const viaRest = await said(rest)
      t.equal(viaRest.code, 0, `${name}: ${viaRest.message}`)
      t.strictSame(await said(grpc), viaRest, name)
    }
  })

  await t.test('one that fails leaves nothing behind', async (t) => {
    const [{ say }] = both
    for (const method of changing) {
      const { operationName: name } = method
      const namespace = `w${++count}`
      const store = idp.app.emulator.namespace(namespace)
      const before = dump(store.store)
      control.setPolicy(store, { kind: '*', runs: 'manual' })
      const caller: Record<string, string> = method.name === 'SetOwnPassword' ? { authorization: `Bearer ${w.user.id}` } : {}
      const said = await say(method, inputOf(w, method), { 'x-poolhouse-namespace': namespace, ...caller })
      control.fail(store, said?.body.id, { code: 'INTERNAL' })
      t.strictSame(dump(store.store), before, name)
    }
  })
})

function methodOf(name: string) {
  const method = methods.get(name)
  if (method === undefined) throw new Error(`no ${name}`)
  return method
}

/** What shows the thing that an update changes. */
function readerOf(name: string) {
  return methodOf(
    name === 'SynchronizationService.UpdateSynchronizationSettings' ? name.replace('.Update', '.Get') : name.replace(/Update$/, 'Get'),
  )
}

/** Addresses name the port and the namespace that a caller came by. */
function withoutAddresses(text: string): string {
  return text.replaceAll(/https?:\/\/[^"/]+(?:\/~w\d+)?/g, '').replaceAll(/"address":"[^"]+"/g, '"address":""')
}

/** What a request has a field for. */
function only(request: string, input: Sample): Sample {
  const fields = contract.messages[request]?.fields.map(({ jsonName }) => jsonName) ?? []
  return Object.fromEntries(Object.entries(input).filter(([name]) => fields.includes(name)))
}

/** Values for fields of updates that a sample would not do for. */
const VALUES: Sample = {
  redirectUris: 'https://fresh.example.com',
  postLogoutRedirectUris: 'https://fresh.example.com/gone',
  scopes: 'openid',
  authenticationMethods: 'client_secret_post',
  serviceProvider: { entityId: 'fresh', acsUrls: [{ url: 'https://fresh.example.com' }] },
  attributeMapping: { nameId: { format: 'EMAIL' } },
  email: 'fresh@example.com',
}

/** All that is filed, save for operations and how they run. */
function dump(store: { all<Row>(sql: string): Row[] }): unknown[] {
  const records = store.all<{ kind: string }>('SELECT kind, parent, key, doc FROM record ORDER BY kind, parent, key')
  const kept = records.filter(({ kind }) => !/^yandex\.(operation|idempotency|secret|password-change-offset)/.test(kind))
  return [
    ...kept,
    ...['person', 'person_name', 'person_attribute', 'member', 'credential'].flatMap((table) => store.all(`SELECT * FROM ${table}`)),
  ]
}

// biome-ignore-all lint/suspicious/noThenProperty: the word that faults are written with
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Test, test } from 'tap'
import { type Poolhouse, start } from '../../src/index.ts'
import { folder } from '../support/server.ts'

/** Each control of the emulator, and what Yandex's official Node SDK sees of it over TLS. */

// The SDK is CommonJS without types for its subpaths under this resolution; what is used of it is named here.
const require = createRequire(import.meta.url)
const { Session, waitForOperation } = require('@yandex-cloud/nodejs-sdk')
const identity = require('@yandex-cloud/nodejs-sdk/organizationmanager-v1')
const operation = require('@yandex-cloud/nodejs-sdk/operation')
const { Metadata } = require('nice-grpc')

const POOL = 'ek0demo0000000000000'
const KIND = 'UserpoolService.Update'

interface Op {
  id: string
  done: boolean
  error?: { code: number; message: string }
  createdAt?: Date
}

interface Sight {
  t: Test
  idp: Poolhouse
  get(options?: object): Promise<{ id: string; name: string; createdAt: Date }>
  rename(description: string): Promise<Op>
  read(id: string): Promise<Op>
  wait(begun: Op, timeout?: number): Promise<Op>
}

async function failure(doing: Promise<unknown>): Promise<Error & { code?: number }> {
  return await doing.then(
    () => new Error('it did well'),
    (error: Error) => error,
  )
}

async function took(doing: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await doing()
  return performance.now() - begun
}

const RESOURCE_EXHAUSTED = 8
const UNAVAILABLE = 14

const CONTROLS: Record<string, (sight: Sight) => Promise<void>> = {
  'fault: error': async ({ t, idp, get }) => {
    await idp.faults.set({ match: { vendor: 'yandex' }, times: null, then: { error: 'RESOURCE_EXHAUSTED' } })
    t.match((await failure(get())).message, /RESOURCE_EXHAUSTED: A fault of the emulator/)
    await idp.faults.clear()
    await get()
  },
  'fault: broken lines': async ({ t, idp, get }) => {
    for (const then of [{ drop: true }, { reset: true }, { malformed: true }, { status: 503 }]) {
      await idp.faults.set({ times: null, then })
      t.match((await failure(get())).message, /UNAVAILABLE/, JSON.stringify(then))
    }
  },
  'fault: delay and slow': async ({ t, idp, get }) => {
    await get()
    for (const then of [{ delay: '80ms' }, { slow: '80ms' }]) {
      await idp.faults.set({ then })
      t.ok((await took(get)) >= 80, JSON.stringify(then))
    }
  },
  'fault: after': async ({ t, idp, get, rename }) => {
    await idp.faults.set({ match: { operation: KIND }, times: null, then: { error: 'INTERNAL', after: true } })
    t.match((await failure(rename('done all the same'))).message, /INTERNAL/)
    t.match(await get(), { description: 'done all the same' })
  },
  'fault: ordered by the request itself': async ({ t, get }) => {
    const metadata = new Metadata({ 'x-poolhouse-fault': 'error=PERMISSION_DENIED' })
    t.match((await failure(get({ metadata }))).message, /PERMISSION_DENIED/)
  },
  limits: async ({ t, idp, get, rename }) => {
    idp.clock.freeze()
    await idp.limit({ 'UserpoolService.Get': '2/s' })
    await get()
    await get()
    t.match((await failure(get())).message, /RESOURCE_EXHAUSTED: The limit of 2\/s for UserpoolService.Get is exceeded/)
    await rename('another operation')
    idp.clock.advance('1s')
    await get()
  },
  'operations: at once': async ({ t, rename }) => {
    t.match(await rename('now'), { done: true })
  },
  'operations: after a time': async ({ t, idp, rename, read, get }) => {
    idp.clock.freeze()
    await idp.operations.policy({ kind: KIND, runs: '5s' })
    const { id, done } = await rename('later')
    t.equal(done, false)
    idp.clock.advance('4s')
    t.match(await read(id), { done: false })
    t.match(await get(), { description: 'Demo people' })
    idp.clock.advance('1s')
    t.match(await read(id), { done: true })
    t.match(await get(), { description: 'later' })
  },
  'operations: after so many polls': async ({ t, idp, rename, read }) => {
    await idp.operations.policy({ runs: 'polls: 3' })
    const { id } = await rename('polled')
    t.match([await read(id), await read(id), await read(id)], [{ done: false }, { done: false }, { done: true }])
  },
  'operations: by hand, while the SDK waits': async ({ t, idp, rename, wait }) => {
    await idp.operations.policy({ runs: 'manual' })
    const begun = await rename('by hand')
    const [ended] = await Promise.all([wait(begun), idp.operations.complete(begun.id)])
    t.equal(ended.done, true)
  },
  'operations: failed by hand': async ({ t, idp, rename, wait, get }) => {
    await idp.operations.policy({ runs: 'manual' })
    const begun = await rename('never')
    await idp.operations.fail(begun.id, { code: 'RESOURCE_EXHAUSTED', message: 'out of luck' })
    // The SDK throws the operation itself.
    t.match(await wait(begun).catch((ended: Op) => ended), { error: { code: RESOURCE_EXHAUSTED, message: 'out of luck' } })
    t.match(await get(), { description: 'Demo people' })
  },
  'operations: the next ones fail': async ({ t, idp, rename }) => {
    await idp.operations.failNext({ kind: KIND, code: 'ABORTED', message: 'as asked for', times: 2 })
    for (let round = 0; round < 2; round++) t.match(await rename('x'), { done: true, error: { code: 10, message: 'as asked for' } })
    t.match(await rename('x'), { done: true, error: undefined })
    await idp.operations.failNext({ code: 14 })
    t.match((await rename('x')).error, { code: UNAVAILABLE, message: 'UNAVAILABLE' })
    await t.rejects(idp.operations.failNext({ kind: 'Nothing', code: 14 }), { message: /^no policy: / })
  },
  'operations: all of a kind fail': async ({ t, idp, rename }) => {
    await idp.operations.policy({ kind: KIND, runs: 'immediate', error: { code: RESOURCE_EXHAUSTED, message: 'no more' } })
    t.match((await rename('x')).error, { code: RESOURCE_EXHAUSTED, message: 'no more' })
  },
  'operations: paused and resumed': async ({ t, idp, rename, read }) => {
    idp.clock.freeze()
    await idp.operations.policy({ runs: '5s' })
    const { id } = await rename('with a rest')
    idp.clock.advance('2s')
    await idp.operations.pause(id)
    idp.clock.advance('1h')
    t.match(await read(id), { done: false })
    await idp.operations.resume(id)
    idp.clock.advance('2s')
    t.match(await read(id), { done: false })
    idp.clock.advance('1s')
    t.match(await read(id), { done: true })
    await t.rejects(idp.operations.resume(id), { message: `operation ${id} is over` })

    await idp.operations.policy({ runs: 'polls: 2' })
    const polled = await rename('polled')
    await t.rejects(idp.operations.resume(polled.id), { message: `operation ${polled.id} was not paused` })
    await idp.operations.pause(polled.id)
    for (let round = 0; round < 4; round++) t.match(await read(polled.id), { done: false })
    await idp.operations.resume(polled.id)
    t.match([await read(polled.id), await read(polled.id)], [{ done: false }, { done: true }])
  },
  clock: async ({ t, idp, rename }) => {
    idp.clock.freeze('2031-02-03T04:05:06.000Z')
    t.same((await rename('dated')).createdAt, new Date('2031-02-03T04:05:06.000Z'))
  },
  'a namespace, by metadata': async ({ t, idp, get }) => {
    const metadata = new Metadata({ 'x-poolhouse-namespace': 'elsewhere' })
    await idp.namespace('elsewhere').faults.set({ then: { error: 'NOT_FOUND' } })
    await get()
    t.match((await failure(get({ metadata }))).message, /NOT_FOUND: A fault/)
    await idp.namespace('elsewhere').journal.expect({ vendor: 'yandex', error: 'NOT_FOUND' })
  },
  reset: async ({ t, idp, rename, get }) => {
    await rename('changed')
    idp.reset()
    t.match(await get(), { description: 'Demo people' })
  },
}

test('what the Yandex SDK sees of each control', async (t) => {
  const idp = await start({ seed: 7, allowFaultHeader: true, tls: { folder: folder(t) } })
  t.teardown(() => idp.close())
  const { tls } = idp
  const address = `localhost:${tls?.port}`
  const session = new Session({
    iamToken: 't1.demo.token',
    pollInterval: 10,
    ssl: { rootCerts: readFileSync(tls?.caFile as string) },
  })
  const pools = session.client(identity.userpoolService.UserpoolServiceClient, address)
  const operations = session.client(operation.operationService.OperationServiceClient, address)
  const { GetUserpoolRequest, UpdateUserpoolRequest } = identity.userpoolService
  const get: Sight['get'] = (options) => pools.get(GetUserpoolRequest.fromPartial({ userpoolId: POOL }), options)
  const rename: Sight['rename'] = (description) =>
    pools.update(UpdateUserpoolRequest.fromPartial({ userpoolId: POOL, description, updateMask: { paths: ['description'] } }))
  const read: Sight['read'] = (id) => operations.get(operation.operationService.GetOperationRequest.fromPartial({ operationId: id }))
  const wait: Sight['wait'] = (begun, timeout = 5000) => waitForOperation(begun, session, timeout, address)
  await rename('Demo people')
  await fetch(`${idp.url}/_/fixtures?baseline=true`, { method: 'POST', body: '[]' })

  for (const [name, look] of Object.entries(CONTROLS)) {
    await t.test(name, async (t) => {
      idp.reset()
      await look({ t, idp, get, rename, read, wait })
    })
  }
})

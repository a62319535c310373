import { test } from 'tap'
import { contract, methods, operations } from '../../src/yandex/index.ts'
import { emulator } from '../support/emulator.ts'
import { type RestAnswer, rest } from '../support/yandex.ts'
import { broken, restOf, sample } from '../support/yandex-samples.ts'

const withRest = [...methods.values()].filter(({ http }) => http !== null)

test('laws of every operation over REST', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const send = (request: { method: string; url: string; body?: unknown }): Promise<RestAnswer> =>
    api.call(request.method as 'GET', request.url, request.body)

  await t.test('every rule of the contract that a request breaks is told by its field', async (t) => {
    let count = 0
    for (const method of withRest) {
      const wrong: string[] = []
      for (const { field, rule, input } of broken(method)) {
        count++
        const { status, body } = await send(restOf(method, input))
        const told = (body.details?.[1]?.fieldViolations ?? []).map(({ field }: { field: string }) => field)
        if (status !== 400 || body.code !== 3 || !told.includes(field)) wrong.push(`${field}: ${rule}: ${status} ${told}`)
      }
      t.same(wrong, [], method.operationName)
    }
    t.ok(count > 500, `${count} broken requests`)
  })

  await t.test('an unknown field is refused', async (t) => {
    for (const method of withRest) {
      const request = restOf(method, sample(method.request))
      const { body } = await send(
        request.body === undefined
          ? { ...request, url: `${request.url}${request.url.includes('?') ? '&' : '?'}nothing=1` }
          : { ...request, body: { ...request.body, nothing: 1 } },
      )
      t.equal(body.code, 3, method.operationName)
      t.equal(body.details[1].fieldViolations[0].field, 'nothing', method.operationName)
    }
  })

  await t.test('unknown ids are NOT_FOUND', async (t) => {
    for (const method of withRest) {
      const ids = contract.messages[method.request]?.fields.filter(({ name, required }) => required && /_id$/.test(name)) ?? []
      if (ids.length === 0 || !operations.built.has(method.operationName)) continue
      // Its folder is another service's.
      if (method.operationName === 'OAuthClientService.Create') continue
      const { body } = await send(restOf(method, sample(method.request)))
      t.equal(body.code, 5, `${method.operationName}: ${JSON.stringify(body.message)}`)
      t.match(body.message, /not found/, method.operationName)
    }
  })

  await t.test('what nobody has built says so', async (t) => {
    for (const method of withRest.filter(({ operationName }) => !operations.built.has(operationName))) {
      const { status, body } = await send(restOf(method, sample(method.request)))
      t.equal(status, 501, method.operationName)
      t.equal(body.code, 12)
      t.match(body.message, method.operationName)
    }
  })

  await t.test('every method has a name of its own and a place for its file', async (t) => {
    t.equal(new Set(methods.keys()).size, methods.size)
    t.equal(methods.size, contract.services.flatMap(({ methods }) => methods).length)
    const loaded = await operations.loadAll()
    t.equal(loaded.length, operations.built.size)
  })
})

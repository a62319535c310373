import { test } from 'tap'
import { contract, methods, operations } from '../../src/yandex/index.ts'
import { emulator } from '../support/emulator.ts'
import { rest } from '../support/yandex.ts'
import { doors } from '../support/yandex-doors.ts'
import { broken, restOf, sample } from '../support/yandex-samples.ts'

const all = [...methods.values()]

test('laws of every operation, over both transports', async (t) => {
  const idp = await emulator(t)
  const both = await doors(t, idp)

  await t.test('every rule of the contract that a request breaks is told by its field, in the same words', async (t) => {
    const count: Record<string, number> = {}
    for (const method of all) {
      const wrong: string[] = []
      for (const { field, rule, input } of broken(method)) {
        const told = new Set<string>()
        for (const { name, say } of both) {
          const said = await say(method, input)
          if (said === undefined) continue
          count[`${name}: ${rule}`] = (count[`${name}: ${rule}`] ?? 0) + 1
          told.add(said.message)
          if (said.code !== 3 || !said.fields.includes(field)) wrong.push(`${name}: ${field}: ${rule}: ${said.code} ${said.fields}`)
        }
        if (told.size !== 1) wrong.push(`${field}: ${rule}: ${[...told].join(' but ') || 'not said'}`)
      }
      t.same(wrong, [], method.operationName)
    }
    for (const { name } of both) {
      for (const rule of ['required', 'length', 'pattern', 'size', 'value', 'exactly one', 'key']) {
        t.ok(count[`${name}: ${rule}`], `${name}: ${count[`${name}: ${rule}`]} times ${rule}`)
      }
    }
  })

  await t.test('unknown ids are NOT_FOUND', async (t) => {
    for (const method of all) {
      const { operationName, request, http } = method
      const ids = contract.messages[request]?.fields.filter(
        ({ name, required }) => /_id$/.test(name) && (required || http?.path.includes(`{${name}}`)),
      )
      // Folders are another service's.
      if ((ids ?? []).length === 0 || operationName === 'OAuthClientService.Create') continue
      const input = { ...Object.fromEntries((ids ?? []).map(({ jsonName }) => [jsonName, 'nope'])), ...sample(request) }
      for (const { name, say } of both) {
        const said = await say(method, input)
        if (said === undefined) continue
        t.equal(said.code, 5, `${name}: ${operationName}: ${said.message}`)
        t.match(said.message, /not found/, operationName)
      }
    }
  })

  await t.test('every method is built', async (t) => {
    t.strictSame(
      all.map(({ operationName }) => operationName).filter((name) => !operations.built.has(name)),
      [],
    )
  })

  await t.test('a field that no message has is refused where it can be said, over REST', async (t) => {
    for (const method of all.filter(({ http }) => http !== null)) {
      const { method: verb, url, body } = restOf(method, sample(method.request))
      const { body: refused } =
        body === undefined
          ? await rest(idp).call(verb as 'GET', `${url}${url.includes('?') ? '&' : '?'}nothing=1`)
          : await rest(idp).call(verb as 'POST', url, { ...body, nothing: 1 })
      t.equal(refused.code, 3, method.operationName)
      t.equal(refused.details[1].fieldViolations[0].field, 'nothing', method.operationName)
    }
  })

  await t.test('every method has a name of its own and a place for its file', async (t) => {
    t.equal(new Set(methods.keys()).size, methods.size)
    t.equal(methods.size, contract.services.flatMap(({ methods }) => methods).length)
    const loaded = await operations.loadAll()
    t.equal(loaded.length, operations.built.size)
  })
})

import { Validator } from '@seriousme/openapi-schema-validator'
import { test } from 'tap'
import { operations } from '../../src/harmony/index.ts'
import type { HarmonyOperation } from '../../src/harmony/operation.ts'
import type { OpenApi } from '../../src/http/openapi.ts'
import { emulator } from '../support/emulator.ts'

type Described = {
  requestBody?: { content: object }
  responses: Record<string, { content?: object }>
  parameters?: { in: string; name: string }[]
}

test("Harmony's part of the OpenAPI document", async (t) => {
  const idp = await emulator(t)
  const { body } = await idp.request('GET', '/_/openapi.json?vendor=harmony')
  const document = body as OpenApi

  await t.test('is valid', async (t) => {
    const { valid, errors } = await new Validator().validate(structuredClone(document) as unknown as Record<string, unknown>)
    t.same(errors ?? [], [])
    t.ok(valid)
  })
  for (const { declaration } of (await operations.loadAll()) as HarmonyOperation[]) {
    const { route, query, body, answers, errors, open } = declaration
    await t.test(`describes ${route}`, async (t) => {
      const [method = '', path] = route.split(' ')
      const described = document.paths[`/harmony${path}`]?.[method.toLowerCase()] as unknown as Described & { security?: object[] }
      t.same(Object.keys(described.responses).map(Number), [...Object.keys(answers), ...errors].map(Number).sort())
      for (const status of errors) t.same(Object.keys(described.responses[status]?.content ?? {}), ['application/json'])
      t.equal(described.responses[204]?.content, undefined)
      t.equal(described.requestBody !== undefined, body !== undefined)
      if (body !== undefined) {
        t.same(Object.keys(described.requestBody?.content ?? {}), ['application/json', 'application/x-www-form-urlencoded'])
      }
      const named = (described.parameters ?? []).filter((parameter) => parameter.in === 'path').map(({ name }) => name)
      t.same(named.sort(), [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort())
      t.equal(
        (described.parameters ?? []).some((parameter) => parameter.in === 'query'),
        query !== undefined,
      )
      t.equal(described.security === undefined, open === true)
    })
  }
})

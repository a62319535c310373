import type { JsonValue } from '@bufbuild/protobuf'
import { test } from 'tap'
import { contract, methods, operations } from '../../src/yandex/index.ts'
import { emulator } from '../support/emulator.ts'
import { type GrpcRefusal, grpcClient } from '../support/grpc.ts'
import { rest } from '../support/yandex.ts'
import { broken, restOf, sample } from '../support/yandex-samples.ts'

const unary = [...methods.values()].filter(({ clientStreaming, serverStreaming }) => !clientStreaming && !serverStreaming)

test('laws of every operation over gRPC', async (t) => {
  const idp = await emulator(t)
  const { port } = await idp.app.listen({ host: '127.0.0.1', port: 0 })
  const client = grpcClient(t, `127.0.0.1:${port}`, contract)
  const api = rest(idp)
  const refused = async ({ service, name }: { service: string; name: string }, input: unknown): Promise<GrpcRefusal | undefined> =>
    await client(`${service}/${name}`, input as JsonValue).then(
      () => undefined,
      (error) => error,
    )

  await t.test('every rule that a request breaks is told as REST tells it', async (t) => {
    let count = 0
    for (const method of unary) {
      const wrong: string[] = []
      for (const { field, rule, input } of broken(method)) {
        const refusal = await refused(method, input)
        // What no message can hold (two arms of a oneof, a text for a number) does not leave the client.
        if (refusal?.code === 13 && /serialization/.test(refusal.details)) continue
        count++
        const told = (refusal?.status?.details[1] as { fieldViolations?: { field: string }[] })?.fieldViolations ?? []
        if (refusal?.code !== 3 || !told.some((violation) => violation.field === field)) {
          wrong.push(`${field}: ${rule}: ${refusal?.code} ${JSON.stringify(told)}`)
        }
        if (method.http === null) continue
        const { method: verb, url, body } = restOf(method, input)
        const viaRest = await api.call(verb as 'GET', url, body)
        if (viaRest.body.message !== refusal?.details)
          wrong.push(`${field}: ${rule}: ${refusal?.details} but over REST ${viaRest.body.message}`)
      }
      t.same(wrong, [], method.operationName)
    }
    t.ok(count > 400, `${count} broken requests`)
  })

  await t.test('unknown ids are NOT_FOUND, and what nobody has built says so', async (t) => {
    for (const method of unary) {
      const { operationName } = method
      if (!operations.built.has(operationName)) {
        const refusal = await refused(method, sample(method.request))
        t.match(refusal, { code: 12, details: new RegExp(operationName) }, operationName)
        continue
      }
      const ids = contract.messages[method.request]?.fields.filter(({ name, required }) => required && /_id$/.test(name)) ?? []
      if (ids.length === 0 || operationName === 'OAuthClientService.Create') continue
      t.match(await refused(method, sample(method.request)), { code: 5, details: /not found/ }, operationName)
    }
  })
})

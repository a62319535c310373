import type { JsonValue } from '@bufbuild/protobuf'
import type { Test } from 'tap'
import type { Method } from '../../src/contract/proto.ts'
import { contract } from '../../src/yandex/contract/index.ts'
import type { TestEmulator } from './emulator.ts'
import { type GrpcRefusal, grpcClient } from './grpc.ts'
import { restOf, type Sample } from './yandex-samples.ts'

/** What a call was answered, whichever way it went. */
export interface Said {
  /** A google.rpc.Code; 0 if it was not refused. */
  code: number
  message: string
  /** The fields that a google.rpc.BadRequest names. */
  fields: string[]
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON came back; tests compare all of it.
  body: any
}

/** A transport. It says nothing (undefined) of what it cannot carry: a method without a path, a text where a message has a number. */
export interface Door {
  name: string
  say(method: Method, input: Sample, headers?: Record<string, string>): Promise<Said | undefined>
}

/** The same calls over REST and over gRPC; both answer in JSON. */
export async function doors(t: Test, idp: TestEmulator): Promise<[rest: Door, grpc: Door]> {
  const { port } = await idp.app.listen({ host: '127.0.0.1', port: 0 })
  return [restDoor(idp), grpcDoor(t, `127.0.0.1:${port}`)]
}

interface Status {
  code?: number
  message?: string
  details?: { '@type': string; fieldViolations?: { field: string }[] }[]
}

function saidOf(status: Status, body: unknown = status): Said {
  const fields = (status.details ?? []).flatMap(({ fieldViolations = [] }) => fieldViolations.map(({ field }) => field))
  return { code: status.code ?? 0, message: status.message ?? '', fields, body }
}

function restDoor(idp: TestEmulator): Door {
  return {
    name: 'REST',
    async say(method, input, headers) {
      if (method.http === null) return undefined
      const inPath = [...method.http.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const fields = contract.messages[method.request]?.fields.filter(({ name }) => inPath.includes(name)) ?? []
      if (fields.some(({ jsonName }) => input[jsonName] === undefined || input[jsonName] === '')) return undefined
      const { method: verb, url, body } = restOf(method, input)
      const answer = await idp.request(verb, url, body, headers)
      return answer.status === 200 ? saidOf({}, answer.body) : saidOf(answer.body as Status)
    },
  }
}

function grpcDoor(t: Test, address: string): Door {
  const client = grpcClient(t, address, contract)
  const call = async ({ service, name, clientStreaming }: Method, input: Sample, headers: Record<string, string>) => {
    const path = `${service}/${name}`
    if (!clientStreaming) return (await client(path, input as JsonValue, headers)).body
    const stream = client.stream(path, headers)
    try {
      stream.send(input as JsonValue)
      stream.end()
      return (await stream.next()) ?? {}
    } finally {
      stream.cancel()
    }
  }
  return {
    name: 'gRPC',
    async say(method, input, headers = {}) {
      try {
        const body = (await call(method, JSON.parse(JSON.stringify(input)) as Sample, headers)) as Sample
        // A message does not say `done: false`, which REST does.
        return saidOf({}, method.response === OPERATION ? { ...body, done: body.done ?? false } : body)
      } catch (error) {
        const { code, details, status } = error as GrpcRefusal
        // What no message can hold does not leave the client.
        if (code === undefined || (code === 13 && /serialization/.test(details))) return undefined
        return saidOf({ ...(status as Status | undefined), code, message: details })
      }
    },
  }
}

const OPERATION = 'yandex.cloud.operation.Operation'

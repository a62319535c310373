import { fromBinary, fromJson, type JsonValue, toBinary, toJson } from '@bufbuild/protobuf'
import { Client, credentials, Metadata, type ServiceError, type StatusObject } from '@grpc/grpc-js'
import type { Test } from 'tap'
import { descriptorsOf } from '../../src/contract/descriptors.ts'
import type { ProtoContract } from '../../src/contract/proto.ts'

export interface GrpcAnswer {
  body: unknown
  headers: Record<string, unknown>
}

/** What a refused gRPC call throws in tests: the code, the text, and the details of its google.rpc.Status. */
export interface GrpcRefusal extends ServiceError {
  status: { code: number; message: string; details: unknown[] }
}

/** grpc-js with raw stubs made from a contract's facts: `call('yandex.….UserService/Get', { userId })`, JSON in and out. */
export function grpcClient(t: Test, address: string, contract: ProtoContract, trust = credentials.createInsecure(), options = {}) {
  const registry = descriptorsOf(contract)
  const client = new Client(address, trust, options)
  t.teardown(() => client.close())

  const methodOf = (path: string) => {
    const [service = '', name = ''] = path.split('/')
    const method = registry.getService(service)?.methods.find((candidate) => candidate.name === name)
    if (method === undefined) throw new Error(`no method ${path}`)
    return method
  }

  const call = (path: string, input: JsonValue = {}, metadata: Record<string, string> = {}): Promise<GrpcAnswer> => {
    const method = methodOf(path)
    const sent = new Metadata()
    for (const [key, value] of Object.entries(metadata)) sent.set(key, value)

    return new Promise((resolve, reject) => {
      let headers: Record<string, unknown> = {}
      const call = client.makeUnaryRequest(
        `/${path}`,
        (message: JsonValue) => Buffer.from(toBinary(method.input, fromJson(method.input, message, { registry }))),
        (bytes: Buffer) => toJson(method.output, fromBinary(method.output, bytes), { registry }),
        input,
        sent,
        {},
        (error, body) => (error === null ? resolve({ body, headers }) : reject(Object.assign(error, { status: statusOf(error) }))),
      )
      call.on('metadata', (received: Metadata) => {
        headers = received.getMap()
      })
    })
  }

  /** A stream both ways: what is sent, and what comes, one after the other. */
  const stream = (path: string, metadata: Record<string, string> = {}) => {
    const method = methodOf(path)
    const sent = new Metadata()
    for (const [key, value] of Object.entries(metadata)) sent.set(key, value)
    const opened = client.makeBidiStreamRequest(
      `/${path}`,
      (message: JsonValue) => Buffer.from(toBinary(method.input, fromJson(method.input, message, { registry }))),
      (bytes: Buffer) => toJson(method.output, fromBinary(method.output, bytes), { registry }),
      sent,
    )
    const incoming = opened[Symbol.asyncIterator]()
    const failed = (error: ServiceError) => {
      throw Object.assign(error, { status: statusOf(error) })
    }
    return {
      send: (message: JsonValue) => opened.write(message),
      next: async (): Promise<unknown> => (await incoming.next().catch(failed)).value,
      end: () => opened.end(),
      cancel: () => opened.cancel(),
    }
  }

  return Object.assign(call, { stream })

  function statusOf(error: StatusObject): unknown {
    const status = registry.getMessage('google.rpc.Status')
    const bytes = error.metadata.get('grpc-status-details-bin')[0]
    return status === undefined || bytes === undefined ? undefined : toJson(status, fromBinary(status, bytes as Buffer), { registry })
  }
}

import { type create, type DescMethod, type FileRegistry, fromJson, type JsonValue, type Message } from '@bufbuild/protobuf'
import { ConnectError, type ConnectRouter, Code as GrpcCode, type HandlerContext } from '@connectrpc/connect'
import { descriptorsOf } from '../contract/descriptors.ts'
import { DEFAULT_NAMESPACE, type Emulator } from '../core/emulator.ts'
import { Broken } from '../core/faults.ts'
import { requestId } from '../core/random.ts'
import { Refusal } from '../core/refusal.ts'
import { run } from '../core/run.ts'
import { inOneLine } from '../core/violations.ts'
import { type GrpcRoom, PEER } from '../http/grpc/server.ts'
import { hostNamespace } from '../http/origin.ts'
import { contract, methods } from './contract/index.ts'
import type { GetPasswordChangesRequest } from './contract/types.ts'
import { inputOf } from './grpc-input.ts'
import { operations } from './index.ts'
import { missing } from './operation.ts'
import { STEP, streamChanges } from './password-changes.ts'
import { replyHeaders } from './reply-headers.ts'
import { requireToken } from './rules/access/subjects.ts'
import { type Detail, statusOf } from './status.ts'

/** The same operations as over REST, their messages made of the contract's facts: nothing is generated. */
export function grpc(emulator: Emulator): GrpcRoom {
  const descriptors = descriptorsOf(contract)
  return {
    descriptors,
    routes(router: ConnectRouter) {
      for (const { fullName } of contract.services) {
        const service = descriptors.getService(fullName)
        if (service === undefined) throw new Error(`no descriptor for ${fullName}`)
        const handlers = service.methods.map((method) => {
          const name = nameOf(fullName, method.name)
          const handler = method.methodKind === 'unary' ? handlerOf : streamOf
          return [method.localName, handler(emulator, descriptors, name, method)]
        })
        router.service(service, Object.fromEntries(handlers))
      }
    },
  }
}

/** The name an operation has here, by service and method. */
function nameOf(service: string, method: string): string {
  for (const [name, known] of methods) if (known.service === service && known.name === method) return name
  throw new Error(`the contract has no ${service}/${method}`)
}

function handlerOf(emulator: Emulator, registry: FileRegistry, name: string, method: DescMethod) {
  return async (message: Message, context: HandlerContext): Promise<Message> => {
    const id = requestId()
    try {
      const operation = operations.loaded(name) ?? (await operations.load(name)) ?? missing(name)
      const namespace = namespaceOf(emulator, context)
      const output = await run(
        operation,
        () => {
          requireToken(namespace, name, context.requestHeader.get('authorization'))
          return inputOf(method.input, message, registry)
        },
        originOf(context, id),
        namespace,
        (found) => context.responseHeader.set('x-poolhouse-violations', inOneLine(found)),
      )
      tell(context, name, id, output)
      return fromJson(method.output, plain(output), { registry })
    } catch (error) {
      tell(context, undefined, id)
      throw toConnect(error, id, registry)
    }
  }
}

/** The contract's one stream: the operation is a step of it, run for each change and each time something may have changed. */
function streamOf(emulator: Emulator, registry: FileRegistry, name: string, method: DescMethod) {
  if (name !== STEP) throw new Error(`no stream for ${name}`)
  return async function* (messages: AsyncIterable<Message>, context: HandlerContext): AsyncIterable<Message> {
    const id = requestId()
    tell(context, undefined, id)
    try {
      const namespace = namespaceOf(emulator, context)
      const operation = (await operations.load(name)) ?? missing(name)
      const step = (request: GetPasswordChangesRequest) => run(operation, () => request, originOf(context, id), namespace)
      for await (const change of streamChanges(emulator, namespace.name, requestsOf(messages, registry, method), step, context.signal)) {
        yield fromJson(method.output, plain(change), { registry })
      }
    } catch (error) {
      throw toConnect(error, id, registry)
    }
  }
}

async function* requestsOf(
  messages: AsyncIterable<Message>,
  registry: FileRegistry,
  method: DescMethod,
): AsyncIterable<GetPasswordChangesRequest> {
  for await (const message of messages) yield inputOf(method.input, message, registry) as unknown as GetPasswordChangesRequest
}

/** In headers, not trailers, on a refusal too: that is where the SDKs look for the ids they print. */
function tell(context: HandlerContext, name: string | undefined, id: string, output?: unknown): void {
  for (const [header, value] of replyHeaders(name, id, context.requestHeader.get('x-request-id'), output)) {
    context.responseHeader.set(header, value)
  }
}

function originOf(context: HandlerContext, id: string) {
  const { ip, authority, secure } = context.values.get(PEER)
  const headers = Object.fromEntries(context.requestHeader)
  return { transport: 'grpc', requestId: id, base: `${secure ? 'https' : 'http'}://${authority}`, ip, headers }
}

function namespaceOf(emulator: Emulator, context: HandlerContext) {
  const name = context.requestHeader.get('x-poolhouse-namespace') ?? hostNamespace(context.values.get(PEER).authority) ?? DEFAULT_NAMESPACE
  const namespace = emulator.find(name)
  if (namespace === undefined) throw new Refusal('INVALID_ARGUMENT', emulator.whyNot(name))
  context.responseHeader.set('x-poolhouse-now', new Date(namespace.clock.now()).toISOString())
  return namespace
}

/** A google.rpc.Status with its details as gRPC carries it (`grpc-status-details-bin`). */
function toConnect(error: unknown, id: string, registry: FileRegistry): ConnectError {
  // A broken line is the nearest thing to what a fault asked for: here calls share one connection.
  if (error instanceof Broken) return new ConnectError('The connection broke, as asked for', GrpcCode.Unavailable)
  // What could not be read of a stream.
  if (error instanceof ConnectError) return error
  const { code, message, details = [] } = statusOf(error, id)
  // HTTP/2 has no header that ends in a space: its reader would drop the whole of it.
  const failure = new ConnectError(message.trimEnd(), code as GrpcCode)
  failure.details = details.map((detail) => outgoing(detail, registry))
  return failure
}

function outgoing({ '@type': url, ...value }: Detail, registry: FileRegistry) {
  const desc = registry.getMessage(url.slice(url.lastIndexOf('/') + 1))
  if (desc === undefined) throw new Error(`no descriptor for ${url}`)
  return { desc, value: fromJson(desc, value as JsonValue) as ReturnType<typeof create> }
}

/** As JSON has it: without members that are undefined. */
function plain(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue
}

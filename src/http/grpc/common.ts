import { create, type DescFile, type DescService, type FileRegistry, type Message, toBinary } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import { Code, ConnectError, type ConnectRouter } from '@connectrpc/connect'
import { descriptorsOf } from '../../contract/descriptors.ts'
import { common } from './facts.ts'

/** Health and reflection for these services. What a client may ask of any server, whoever's API it serves. */
export function serveCommon(router: ConnectRouter, registries: readonly FileRegistry[]): void {
  const own = descriptorsOf(common)
  const all = [...registries, own]
  const services = all.flatMap((registry) => [...registry].filter((type) => type.kind === 'service')).map(({ typeName }) => typeName)

  const health = service(own, 'grpc.health.v1.Health')
  const answer = messageOf(own, 'grpc.health.v1.HealthCheckResponse')
  const SERVING = 1
  router.service(health, {
    check(request: Message) {
      const { service } = request as unknown as { service: string }
      if (service !== '' && !services.includes(service)) throw new ConnectError('unknown service', Code.NotFound)
      return create(answer, { status: SERVING } as never)
    },
  } as never)

  for (const home of ['grpc.reflection.v1', 'grpc.reflection.v1alpha']) {
    const response = messageOf(own, `${home}.ServerReflectionResponse`)
    router.service(service(own, `${home}.ServerReflection`), {
      async *serverReflectionInfo(requests: AsyncIterable<Message>) {
        for await (const request of requests) {
          const { messageRequest, host } = request as unknown as Asked
          const messageResponse = reflect(all, services, messageRequest)
          yield create(response, { validHost: host, originalRequest: request, messageResponse } as never)
        }
      },
    } as never)
  }
}

interface Asked {
  host: string
  messageRequest: { case?: string; value?: unknown }
}

const NOT_FOUND = 5
const UNIMPLEMENTED = 12

function reflect(registries: readonly FileRegistry[], services: string[], { case: asked, value }: Asked['messageRequest']): unknown {
  const refuse = (errorCode: number, errorMessage: string) => ({ case: 'errorResponse', value: { errorCode, errorMessage } })
  const files = (file: DescFile | undefined) =>
    file === undefined
      ? refuse(NOT_FOUND, `${value} is not known`)
      : { case: 'fileDescriptorResponse', value: { fileDescriptorProto: withImports(file) } }
  const find = <T>(look: (registry: FileRegistry) => T | undefined) => registries.map(look).find((found) => found !== undefined)
  switch (asked) {
    case 'listServices':
      return { case: 'listServicesResponse', value: { service: services.map((name) => ({ name })) } }
    case 'fileByFilename':
      return files(find((registry) => registry.getFile(String(value).replace(/\.proto$/, '')) ?? registry.getFile(String(value))))
    case 'fileContainingSymbol':
      return files(find((registry) => holder(registry, String(value))))
    case 'allExtensionNumbersOfType':
    case 'fileContainingExtension':
      return refuse(NOT_FOUND, 'There are no extensions')
    default:
      return refuse(UNIMPLEMENTED, 'Nothing was asked')
  }
}

/** The file that defines a type, a service or one of its methods. */
function holder(registry: FileRegistry, symbol: string): DescFile | undefined {
  const known = registry.get(symbol) ?? registry.getService(symbol.slice(0, symbol.lastIndexOf('.')))
  return known === undefined || known.kind === 'extension' ? undefined : known.file
}

function withImports(file: DescFile, seen = new Set<string>()): Uint8Array[] {
  if (seen.has(file.name)) return []
  seen.add(file.name)
  return [toBinary(FileDescriptorProtoSchema, file.proto), ...file.dependencies.flatMap((next) => withImports(next, seen))]
}

function service(registry: FileRegistry, name: string): DescService {
  return registry.getService(name) ?? missing(name)
}

function messageOf(registry: FileRegistry, name: string) {
  return registry.getMessage(name) ?? missing(name)
}

function missing(name: string): never {
  throw new Error(`no descriptor for ${name}`)
}

import type * as Protobuf from 'protobufjs'
import type { ProtoContract, ProtoField, ProtoMessage, ProtoMethod, ProtoService } from './proto.ts'

export interface ProtoFile {
  /** As messages give it. */
  file: string
  text: string
}

/** A file that is no protocol buffers. */
export class BadProto extends Error {}

type Library = typeof Protobuf

/** Every package with all that is in it, as a contract: what the vendor publishes, read by a library that whoever compares brings along. */
export function contractIn(files: readonly ProtoFile[], library: Library, known: Pick<ProtoContract, 'messages' | 'enums'>): ProtoContract {
  const read = files.map((one) => ({ ...one, root: rootOf(one, library) }))
  const all = read.flatMap(({ root }) => namesIn(root, library))
  const enums = new Set(Object.keys(known.enums))
  for (const one of all) if (one instanceof library.Enum) enums.add(one.fullName.slice(1))
  const names = new Set([...Object.keys(known.messages), ...enums, ...all.map(({ fullName }) => fullName.slice(1))])
  const contract: ProtoContract = { services: [], messages: {}, enums: {} }
  for (const { file, root } of read) {
    for (const found of namesIn(root, library)) {
      const resolve = (name: string) => resolved(name, found.fullName.slice(1), names)
      const fullName = found.fullName.slice(1)
      if (found instanceof library.Service) contract.services.push(serviceOf(found, resolve))
      else if (found instanceof library.Enum) contract.enums[fullName] = { ...found.values }
      else contract.messages[fullName] = messageOf(found, file, { library, resolve, enums })
    }
  }
  return contract
}

/** The packages that these files define something of. */
export function packagesIn({ services, messages }: ProtoContract): Set<string> {
  return new Set([...services.map(({ fullName }) => fullName), ...Object.keys(messages)].map(packageOf))
}

/** Messages may lie in messages; packages are in small letters. */
export function packageOf(fullName: string): string {
  const steps = fullName.split('.')
  const first = steps.findIndex((step) => /^[A-Z]/.test(step))
  return steps.slice(0, first === -1 ? -1 : first).join('.')
}

function rootOf({ file, text }: ProtoFile, library: Library): Protobuf.Root {
  const root = new library.Root()
  try {
    library.parse(text, root, { keepCase: true })
    return root
  } catch (error) {
    throw new BadProto(`${file}: ${(error as Error).message}`)
  }
}

type Named = Protobuf.Type | Protobuf.Enum | Protobuf.Service

function namesIn(space: Protobuf.NamespaceBase, library: Library): Named[] {
  return space.nestedArray.flatMap((one): Named[] => {
    if (one instanceof library.Enum) return [one]
    if (one instanceof library.Service) return [one]
    if (one instanceof library.Type) return [one, ...namesIn(one, library)]
    return one instanceof library.Namespace ? namesIn(one, library) : []
  })
}

/** A name as it is seen from a place: what is nearest counts (protocol buffers' language guide, packages and name resolution). */
function resolved(name: string, from: string, names: ReadonlySet<string>): string {
  if (name.startsWith('.')) return name.slice(1)
  for (let scope = from; scope !== ''; scope = scope.slice(0, Math.max(0, scope.lastIndexOf('.')))) {
    if (names.has(`${scope}.${name}`)) return `${scope}.${name}`
  }
  return name
}

type Resolve = (name: string) => string

const VERBS = ['get', 'put', 'post', 'delete', 'patch']

function serviceOf(service: Protobuf.Service, resolve: Resolve): ProtoService {
  const methods = service.methodsArray.map((method): ProtoMethod => {
    const http = option(method, 'http') as Record<string, string> | undefined
    const verb = VERBS.find((one) => http?.[one] !== undefined)
    const operation = option(method, 'operation') as { metadata?: string; response?: string } | undefined
    return {
      name: method.name,
      request: resolve(method.requestType),
      response: resolve(method.responseType),
      clientStreaming: method.requestStream === true,
      serverStreaming: method.responseStream === true,
      http:
        http === undefined || verb === undefined ? null : { verb: verb.toUpperCase(), path: String(http[verb]), body: http.body ?? null },
      operation:
        operation === undefined ? null : { metadata: resolve(operation.metadata ?? ''), response: resolve(operation.response ?? '') },
    }
  })
  return { fullName: service.fullName.slice(1), methods }
}

interface Place {
  library: Library
  resolve: Resolve
  enums: ReadonlySet<string>
}

function messageOf(type: Protobuf.Type, file: string, place: Place): ProtoMessage {
  const oneofs = type.oneofsArray.filter((one) => !isSynthetic(one))
  return {
    file,
    fields: type.fieldsArray.map((field) => fieldOf(field, place)),
    oneofs: oneofs.map((one) => ({ name: one.name, exactlyOne: option(one, 'exactly_one') === true })),
  }
}

/** Of a field that is `optional`. */
function isSynthetic(one: Protobuf.OneOf): boolean {
  return one.name.startsWith('_') && one.fieldsArray.length === 1
}

const SCALARS = /^(?:double|float|u?int32|u?int64|sint32|sint64|s?fixed32|s?fixed64|bool|string|bytes)$/

function fieldOf(field: Protobuf.Field, { library, resolve, enums }: Place): ProtoField {
  const value = SCALARS.test(field.type) ? field.type : resolve(field.type)
  const kind = SCALARS.test(field.type) ? 'scalar' : enums.has(value) ? 'enum' : 'message'
  const key = field instanceof library.MapField ? field.keyType : undefined
  const text = (name: string) => (option(field, name) as string | undefined) ?? null
  const mapKey = option(field, 'map_key') as ProtoField['mapKey'] | undefined
  return {
    name: field.name,
    jsonName: field.name,
    number: field.id,
    type: key === undefined ? value : `map<${key},${value}>`,
    kind: key === undefined ? kind : 'map',
    repeated: field.repeated,
    map: key === undefined ? null : { key, value, valueKind: kind },
    oneof: field.partOf === null || isSynthetic(field.partOf) ? null : field.partOf.name,
    required: option(field, 'required') === true,
    length: text('length'),
    pattern: text('pattern'),
    value: text('value'),
    size: text('size'),
    mapKey: mapKey ?? null,
    ...(option(field, 'deprecated') === true ? { deprecated: true } : {}),
  }
}

/** An option by the last step of its name, whatever package its extension is of: `(yandex.cloud.required)` is `required`. */
function option({ parsedOptions }: Protobuf.ReflectionObject, name: string): unknown {
  const found = ((parsedOptions as Record<string, unknown>[] | null | undefined) ?? []).flatMap((one) =>
    Object.entries(one).flatMap(([key, value]) => (lastOf(key) === name ? [value] : [])),
  )
  const parts = found.filter((part) => typeof part === 'object' && part !== null)
  return parts.length > 0 ? Object.assign({}, ...parts) : found[0]
}

function lastOf(key: string): string {
  return key
    .replace(/^\(|\)$/g, '')
    .split('.')
    .at(-1) as string
}

import type { ProtoContract, ProtoField, ProtoMessage, ProtoMethod } from '../../src/contract/proto.ts'
import { packageOf } from '../../src/contract/proto-files.ts'

const quoted = (text: string) => JSON.stringify(text)

/** A contract as the files that a vendor publishes, one for each package. */
export function protoFiles(contract: ProtoContract): Record<string, string> {
  const names = [...Object.keys(contract.messages), ...Object.keys(contract.enums)]
  const packages = new Set([...names, ...contract.services.map(({ fullName }) => fullName)].map(packageOf))
  return Object.fromEntries(
    [...packages].map((space) => {
      const own = (name: string) => name.slice(space.length + 1)
      const services = contract.services.filter(({ fullName }) => packageOf(fullName) === space)
      const text = [
        'syntax = "proto3";',
        `package ${space};`,
        'import "google/api/annotations.proto";',
        ...services.map(({ fullName, methods }) => `service ${own(fullName)} {\n${methods.map(methodText).join('\n')}\n}`),
        ...namesUnder(names, space).map((name) => typeText(contract, names, name)),
      ]
      return [`${space.replaceAll('.', '/')}/all.proto`, text.join('\n')]
    }),
  )
}

/** What lies right in a package or a message. */
function namesUnder(names: readonly string[], space: string): string[] {
  return names.filter((name) => name.startsWith(`${space}.`) && /^[A-Z]\w*$/.test(name.slice(space.length + 1)))
}

function typeText(contract: ProtoContract, names: readonly string[], fullName: string): string {
  const [short, values, message] = [fullName.split('.').at(-1), contract.enums[fullName], contract.messages[fullName]]
  if (values !== undefined) {
    const lines = Object.entries(values).map(([value, number]) => `${value} = ${number};`)
    return `enum ${short} { ${lines.join(' ')} }`
  }
  const inner = namesUnder(names, fullName).map((name) => typeText(contract, names, name))
  return `// ${short}\nmessage ${short} {\n${[...inner, ...fieldsText(message as ProtoMessage)].join('\n')}\n}`
}

function fieldsText({ fields, oneofs }: ProtoMessage): string[] {
  return [
    ...fields.filter(({ oneof }) => oneof === null).map(fieldText),
    ...oneofs.map(({ name, exactlyOne }) => {
      const own = fields.filter(({ oneof }) => oneof === name).map(fieldText)
      return `oneof ${name} { ${exactlyOne ? 'option (exactly_one) = true; ' : ''}${own.join(' ')} }`
    }),
  ]
}

function fieldText({ name, number, type, repeated, ...field }: ProtoField): string {
  const { required, length, pattern, value, size, mapKey, deprecated } = field
  const options = [
    ...(required ? ['(required) = true'] : []),
    ...Object.entries({ length, pattern, value, size }).flatMap(([rule, said]) =>
      said === null ? [] : [`(yandex.cloud.${rule}) = ${quoted(said)}`],
    ),
    ...Object.entries(mapKey ?? {}).map(([rule, said]) => `(map_key).${rule} = ${quoted(said)}`),
    ...(deprecated === true ? ['deprecated = true'] : []),
  ]
  return `${repeated ? 'repeated ' : ''}${type} ${name} = ${number}${options.length === 0 ? '' : ` [${options.join(', ')}]`};`
}

function methodText({ name, request, response, clientStreaming, serverStreaming, http, operation }: ProtoMethod): string {
  const stream = (streams: boolean) => (streams ? 'stream ' : '')
  const options = [
    ...(http === null
      ? []
      : [
          `option (google.api.http) = { ${http.verb.toLowerCase()}: ${quoted(http.path)} ${http.body === null ? '' : `body: ${quoted(http.body)}`} };`,
        ]),
    ...(operation === null
      ? []
      : [`option (yandex.cloud.api.operation) = { metadata: ${quoted(operation.metadata)} response: ${quoted(operation.response)} };`]),
  ]
  return `rpc ${name} (${stream(clientStreaming)}${request}) returns (${stream(serverStreaming)}${response}) { ${options.join(' ')} }`
}

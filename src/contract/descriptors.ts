import { create, createFileRegistry, type FileRegistry } from '@bufbuild/protobuf'
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  type EnumDescriptorProto,
  EnumDescriptorProtoSchema,
  type FieldDescriptorProto,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  file_google_protobuf_any,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
} from '@bufbuild/protobuf/wkt'
import type { ProtoContract, ProtoField, ProtoMessage, ProtoService } from './proto.ts'

const WELL_KNOWN_FILES = [
  file_google_protobuf_any,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
]

const WELL_KNOWN: Record<string, string> = Object.fromEntries(
  WELL_KNOWN_FILES.flatMap(({ proto }) => proto.messageType.map(({ name }) => [`google.protobuf.${name}`, proto.name])),
)

const SCALARS: Record<string, FieldDescriptorProto_Type> = {
  string: FieldDescriptorProto_Type.STRING,
  bytes: FieldDescriptorProto_Type.BYTES,
  bool: FieldDescriptorProto_Type.BOOL,
  int32: FieldDescriptorProto_Type.INT32,
  int64: FieldDescriptorProto_Type.INT64,
  uint32: FieldDescriptorProto_Type.UINT32,
  uint64: FieldDescriptorProto_Type.UINT64,
  double: FieldDescriptorProto_Type.DOUBLE,
  float: FieldDescriptorProto_Type.FLOAT,
}

/**
 * Live descriptors from facts: files, messages with their nested types, enums, services. What gRPC needs to read and write bytes,
 * with nothing generated. The facts name no file for an enum of its own, so each gets one; services go where their requests are.
 */
export function descriptorsOf(contract: ProtoContract): FileRegistry {
  const builder = new Files(contract)
  return createFileRegistry(create(FileDescriptorSetSchema, { file: [...WELL_KNOWN_FILES.map(({ proto }) => proto), ...builder.build()] }))
}

class Files {
  readonly #contract: ProtoContract
  readonly #files = new Map<string, FileDescriptorProto>()
  readonly #messages = new Map<string, DescriptorProto>()
  /** Which file defines a type. */
  readonly #homes = new Map<string, string>(Object.entries(WELL_KNOWN))

  constructor(contract: ProtoContract) {
    this.#contract = contract
  }

  build(): FileDescriptorProto[] {
    const { messages, enums, services } = this.#contract
    for (const name of Object.keys(messages)) this.#declare(name)
    for (const [name, values] of Object.entries(enums)) this.#enum(name, values)
    for (const [name, message] of Object.entries(messages)) this.#fields(name, message)
    for (const service of services) this.#service(service)
    return inOrder(this.#files)
  }

  /** A message without its fields yet, inside the one it is nested in. */
  #declare(name: string): DescriptorProto {
    const known = this.#messages.get(name)
    if (known !== undefined) return known
    const descriptor = create(DescriptorProtoSchema, { name: shortOf(name) })
    this.#messages.set(name, descriptor)
    const parent = this.#contract.messages[parentOf(name)]
    const file = this.#contract.messages[name]?.file ?? ''
    this.#homes.set(name, file)
    if (parent === undefined) this.#file(file, parentOf(name)).messageType.push(descriptor)
    else this.#declare(parentOf(name)).nestedType.push(descriptor)
    return descriptor
  }

  #enum(name: string, values: Record<string, number>): void {
    // An enum's first value must be its zero.
    const value = Object.entries(values)
      .sort(([, a], [, b]) => (a === 0 ? -1 : b === 0 ? 1 : 0))
      .map(([name, number]) => ({ name, number }))
    const descriptor: EnumDescriptorProto = create(EnumDescriptorProtoSchema, { name: shortOf(name), value })
    const owner = this.#messages.get(parentOf(name))
    if (owner === undefined) {
      const file = `${parentOf(name).replaceAll('.', '/')}/${snake(shortOf(name))}.proto`
      this.#file(file, parentOf(name)).enumType.push(descriptor)
      this.#homes.set(name, file)
    } else {
      owner.enumType.push(descriptor)
      this.#homes.set(name, this.#homes.get(parentOf(name)) ?? '')
    }
  }

  #fields(name: string, message: ProtoMessage): void {
    const descriptor = this.#declare(name)
    descriptor.oneofDecl = message.oneofs.map(({ name }) => ({ $typeName: 'google.protobuf.OneofDescriptorProto', name }))
    const file = this.#homes.get(name) ?? ''
    for (const field of message.fields) {
      const made = field.map === null ? this.#typed(file, field, field.type) : this.#mapField(file, name, descriptor, field)
      const oneof = message.oneofs.findIndex((candidate) => candidate.name === field.oneof)
      if (oneof !== -1) made.oneofIndex = oneof
      descriptor.field.push(made)
    }
  }

  #mapField(file: string, owner: string, descriptor: DescriptorProto, field: ProtoField): FieldDescriptorProto {
    const { key, value } = field.map as { key: string; value: string }
    const name = `${field.name
      .split('_')
      .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
      .join('')}Entry`
    const entry = create(DescriptorProtoSchema, { name, options: { mapEntry: true } })
    entry.field.push(this.#typed(file, { name: 'key', jsonName: 'key', number: 1, repeated: false }, key))
    entry.field.push(this.#typed(file, { name: 'value', jsonName: 'value', number: 2, repeated: false }, value))
    descriptor.nestedType.push(entry)
    this.#homes.set(`${owner}.${name}`, file)
    return this.#typed(file, { ...field, repeated: true }, `${owner}.${name}`)
  }

  #typed(file: string, field: Pick<ProtoField, 'name' | 'jsonName' | 'number' | 'repeated'>, type: string): FieldDescriptorProto {
    const scalar = SCALARS[type]
    const made = create(FieldDescriptorProtoSchema, {
      name: field.name,
      jsonName: field.jsonName,
      number: field.number,
      label: field.repeated ? FieldDescriptorProto_Label.REPEATED : FieldDescriptorProto_Label.OPTIONAL,
    })
    if (scalar !== undefined) {
      made.type = scalar
      return made
    }
    made.type = this.#contract.enums[type] === undefined ? FieldDescriptorProto_Type.MESSAGE : FieldDescriptorProto_Type.ENUM
    made.typeName = `.${type}`
    this.#import(file, type)
    return made
  }

  #service(service: ProtoService): void {
    const home = service.methods.map(({ request }) => this.#contract.messages[request]?.file).find((file) => file !== undefined)
    if (home === undefined) throw new Error(`no file for ${service.fullName}`)
    const file = this.#file(home, parentOf(service.fullName))
    file.service.push({
      $typeName: 'google.protobuf.ServiceDescriptorProto',
      name: shortOf(service.fullName),
      method: service.methods.map(({ name, request, response, clientStreaming, serverStreaming }) => {
        this.#import(home, request)
        this.#import(home, response)
        return {
          $typeName: 'google.protobuf.MethodDescriptorProto',
          name,
          inputType: `.${request}`,
          outputType: `.${response}`,
          clientStreaming,
          serverStreaming,
        }
      }),
    })
  }

  #file(name: string, packageName: string): FileDescriptorProto {
    let file = this.#files.get(name)
    if (file === undefined) {
      file = create(FileDescriptorProtoSchema, { name, package: packageName, syntax: 'proto3' })
      this.#files.set(name, file)
    }
    return file
  }

  #import(file: string, type: string): void {
    const home = this.#homes.get(type)
    if (home === undefined) throw new Error(`no file defines ${type}`)
    const { dependency } = this.#file(file, '')
    if (home !== file && !dependency.includes(home)) dependency.push(home)
  }
}

/** Each file behind those it imports, as a registry reads them. */
function inOrder(files: ReadonlyMap<string, FileDescriptorProto>): FileDescriptorProto[] {
  const ordered = new Set<FileDescriptorProto>()
  const visit = (name: string) => {
    const file = files.get(name)
    if (file === undefined || ordered.has(file)) return
    for (const dependency of file.dependency) visit(dependency)
    ordered.add(file)
  }
  for (const name of files.keys()) visit(name)
  return [...ordered]
}

function shortOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

function parentOf(name: string): string {
  return name.slice(0, name.lastIndexOf('.'))
}

function snake(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()
}

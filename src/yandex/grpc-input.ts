import { type DescField, type DescMessage, type JsonValue, type Message, type Registry, toJson } from '@bufbuild/protobuf'
import { isReflectMessage, type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect'
import type { FieldMask } from '@bufbuild/protobuf/wkt'
import type { FieldViolation } from './status.ts'
import { invalid } from './validation.ts'

/** A message as handlers see it. It may hold what JSON cannot say: a path in other letters, a time beyond the years that there are. */
export function inputOf(desc: DescMessage, message: Message, registry: Registry): JsonValue {
  try {
    return toJson(desc, message, { registry })
  } catch (error) {
    const found = misfits(reflect(desc, message), '')
    throw found.length === 0 ? error : invalid(found)
  }
}

function misfits(message: ReflectMessage, before: string): FieldViolation[] {
  return message.fields.flatMap((field) => {
    if (!message.isSet(field)) return []
    return valuesOf(message, field).flatMap(([place, value]) => misfit(value, before + place))
  })
}

/** The messages in a field, with their places in the words of the proto. */
function valuesOf(message: ReflectMessage, field: DescField): [place: string, value: ReflectMessage][] {
  const value: unknown = message.get(field)
  if (isReflectMessage(value)) return [[field.name, value]]
  if (field.fieldKind !== 'list' || field.listKind !== 'message') return []
  return [...(value as Iterable<ReflectMessage>)].map((item, index) => [`${field.name}[${index}]`, item])
}

function misfit(value: ReflectMessage, place: string): FieldViolation[] {
  try {
    toJson(value.desc, value.message)
    return []
  } catch {
    const inside = misfits(value, `${place}.`)
    if (inside.length > 0) return inside
    if (value.desc.typeName !== 'google.protobuf.FieldMask') return [{ field: place, description: 'Value is out of range' }]
    const { paths } = value.message as FieldMask
    return paths
      .filter((path) => !/^[a-z][a-z0-9]*([_.][a-z][a-z0-9]*)*$/.test(path))
      .map((path) => ({ field: place, description: `Unknown path ${path}` }))
  }
}

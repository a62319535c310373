import type { SchemaObject } from './schema.ts'

/** Finds a schema by its `$id`. */
export type Lookup = (id: string) => SchemaObject | undefined

export interface Member {
  /** `UserAttributes[].Name`; what a map of objects holds stands behind `{}`. */
  path: string
  enum?: readonly string[] | undefined
}

const DEEPEST = 8

/** All members that a schema lists, at any depth; one that holds itself is listed once. */
export function membersOf(root: SchemaObject, lookup: Lookup): Member[] {
  const found = new Map<string, Member>()
  const walk = (unresolved: SchemaObject, path: string, above: readonly SchemaObject[]): void => {
    const schema = resolve(unresolved, lookup)
    if (schema === undefined || above.includes(schema) || above.length > DEEPEST) return
    const inside = [...above, schema]
    if (schema.items !== undefined) walk(schema.items as SchemaObject, `${path}[]`, inside)
    const values = schema.additionalProperties
    if (typeof values === 'object' && values !== null && 'properties' in (resolve(values, lookup) ?? {})) walk(values, `${path}{}`, inside)
    if (Array.isArray(schema.enum) && path !== '') note(path, schema.enum as string[])
    for (const [name, member] of propertiesOf(schema, lookup)) {
      const at = path === '' ? name : `${path}.${name}`
      note(at)
      walk(member, at, inside)
    }
  }
  const note = (path: string, values?: readonly string[]) => {
    const before = found.get(path)
    const all = values === undefined ? before?.enum : [...new Set([...(before?.enum ?? []), ...values])]
    found.set(path, { path, ...(all === undefined ? {} : { enum: all }) })
  }
  walk(root, '', [])
  return [...found.values()].filter(({ path, enum: values }) => !path.endsWith('[]') || values !== undefined)
}

/** The schema itself, or the one that it refers to. */
export function resolve(schema: SchemaObject, lookup: Lookup): SchemaObject | undefined {
  return typeof schema.$ref === 'string' ? lookup(schema.$ref) : schema
}

/** The members that it lists; of a choice, those of all its branches. */
export function propertiesOf(schema: SchemaObject, lookup: Lookup): Map<string, SchemaObject> {
  const own = new Map(Object.entries((schema.properties ?? {}) as Record<string, SchemaObject>))
  for (const branch of [...((schema.oneOf ?? []) as SchemaObject[]), ...((schema.anyOf ?? []) as SchemaObject[])]) {
    const resolved = resolve(branch, lookup)
    if (resolved === undefined) continue
    for (const [name, member] of propertiesOf(resolved, lookup)) {
      const before = own.get(name)
      own.set(name, before === undefined || before === member ? member : { anyOf: [before, member] })
    }
  }
  return own
}

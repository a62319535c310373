import type { SchemaObject } from './schema.ts'

/** Finds a schema by its `$id`. */
export type Lookup = (id: string) => SchemaObject | undefined

export interface Member {
  /** `UserAttributes[].Name`; what a map of objects holds stands behind `{}`. */
  path: string
  enum?: readonly string[] | undefined
}

export interface Visited {
  /** With the places of items: `UserAttributes[0].Name`. */
  path: string
  /** As `Member` has it. */
  general: string
  value: unknown
  /** Undefined for a member that no schema lists. */
  schema: SchemaObject | undefined
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
    for (const [name, member] of properties(schema, lookup)) {
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

/** Every member of a value with what its schema says of it. `spellings` gives other names that a member may go by. */
export function* visit(
  root: SchemaObject,
  lookup: Lookup,
  value: unknown,
  spelling: (name: string) => string = (name) => name,
): Generator<Visited> {
  yield* inside(root, value, '', '')

  function* inside(unresolved: SchemaObject, value: unknown, path: string, general: string): Generator<Visited> {
    if (typeof value !== 'object' || value === null) return
    const schema = resolve(unresolved, lookup)
    if (schema === undefined) return
    if (Array.isArray(value)) {
      if (schema.items === undefined) return
      const items = schema.items as SchemaObject
      for (const [index, item] of value.entries()) yield* member(items, item, `${path}[${index}]`, `${general}[]`)
      return
    }
    const listed = properties(schema, lookup)
    for (const [name, item] of Object.entries(value)) {
      const known = listed.has(name) ? name : spelling(name)
      const own = listed.get(known)
      if (own !== undefined) yield* member(own, item, join(path, name), join(general, known))
      else if (schema.additionalProperties === false)
        yield { path: join(path, name), general: join(general, name), value: item, schema: own }
      else if (typeof schema.additionalProperties === 'object') {
        yield* inside(schema.additionalProperties as SchemaObject, item, join(path, name), `${general}{}`)
      }
    }
  }

  function* member(schema: SchemaObject, value: unknown, path: string, general: string): Generator<Visited> {
    yield { path, general, value, schema: { ...resolve(schema, lookup), ...(schema.deprecated === true ? { deprecated: true } : {}) } }
    yield* inside(schema, value, path, general)
  }
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

function resolve(schema: SchemaObject, lookup: Lookup): SchemaObject | undefined {
  return typeof schema.$ref === 'string' ? lookup(schema.$ref) : schema
}

/** Of a choice, the members of all its branches. */
function properties(schema: SchemaObject, lookup: Lookup): Map<string, SchemaObject> {
  const own = new Map(Object.entries((schema.properties ?? {}) as Record<string, SchemaObject>))
  for (const branch of [...((schema.oneOf ?? []) as SchemaObject[]), ...((schema.anyOf ?? []) as SchemaObject[])]) {
    const resolved = resolve(branch, lookup)
    if (resolved === undefined) continue
    for (const [name, member] of properties(resolved, lookup)) {
      const before = own.get(name)
      own.set(name, before === undefined || before === member ? member : { anyOf: [before, member] })
    }
  }
  return own
}

import { type Lookup, propertiesOf, resolve } from './members.ts'
import type { SchemaObject } from './schema.ts'

export interface OutlineOptions {
  /** Another name that a member may go by. */
  spelling?: ((name: string) => string) | undefined
}

/** Hears of a member of a value: what is known of it, or nothing if no schema lists it. `path` leads to what holds it. */
export type Hear = (member: Outline | undefined, value: unknown, path: string, name: string | number) => void

/**
 * What a schema says of the members of a value, drawn as far as values have gone: every call is walked through, so that a member is
 * one look-up.
 */
export class Outline {
  /** Without the places of items: `UserAttributes[].Name`. */
  readonly general: string
  readonly enum: readonly unknown[] | undefined
  readonly deprecated: boolean
  readonly #schema: SchemaObject | undefined
  readonly #lookup: Lookup
  readonly #options: OutlineOptions
  readonly #members = new Map<string, Outline>()
  #listed: Map<string, SchemaObject> | undefined
  #items: Outline | null | undefined
  #values: Outline | null | undefined

  constructor(schema: SchemaObject, lookup: Lookup, options: OutlineOptions = {}, general = '') {
    this.#schema = resolve(schema, lookup)
    this.#lookup = lookup
    this.#options = options
    this.general = general
    this.enum = Array.isArray(this.#schema?.enum) ? this.#schema.enum : undefined
    this.deprecated = schema.deprecated === true || this.#schema?.deprecated === true
  }

  /** Whether it stands for the items of a list. */
  get isItem(): boolean {
    return this.general.endsWith('[]')
  }

  /** Goes through all members of the value that this outlines, at any depth. */
  walk(value: unknown, hear: Hear, path = ''): void {
    if (typeof value !== 'object' || value === null || this.#schema === undefined) return
    if (Array.isArray(value)) {
      const items = this.#itemsOutline()
      if (items === null) return
      for (let index = 0; index < value.length; index++) {
        hear(items, value[index], path, index)
        if (typeof value[index] === 'object') items.walk(value[index], hear, pathOf(path, index))
      }
      return
    }
    for (const name of Object.keys(value)) {
      const held = (value as Record<string, unknown>)[name]
      const member = this.#member(name)
      if (member !== undefined) {
        hear(member, held, path, name)
        if (typeof held === 'object') member.walk(held, hear, pathOf(path, name))
      } else if (this.#schema.additionalProperties === false) {
        hear(undefined, held, path, name)
      } else if (typeof held === 'object') {
        this.#valuesOutline()?.walk(held, hear, pathOf(path, name))
      }
    }
  }

  /** Kept under every name that it goes by. */
  #member(name: string): Outline | undefined {
    const known = this.#members.get(name)
    if (known !== undefined || this.#schema === undefined) return known
    this.#listed ??= propertiesOf(this.#schema, this.#lookup)
    const own = this.#listed.has(name) ? name : (this.#options.spelling?.(name) ?? name)
    const schema = this.#listed.get(own)
    if (schema === undefined) return undefined
    const drawn = (own === name ? undefined : this.#members.get(own)) ?? this.#below(schema, String(pathOf(this.general, own)))
    this.#members.set(own, drawn).set(name, drawn)
    return drawn
  }

  #itemsOutline(): Outline | null {
    const items = this.#schema?.items as SchemaObject | undefined
    this.#items ??= items === undefined ? null : this.#below(items, `${this.general}[]`)
    return this.#items
  }

  #valuesOutline(): Outline | null {
    const values = this.#schema?.additionalProperties
    this.#values ??= typeof values === 'object' && values !== null ? this.#below(values as SchemaObject, `${this.general}{}`) : null
    return this.#values
  }

  #below(schema: SchemaObject, general: string): Outline {
    return new Outline(schema, this.#lookup, this.#options, general)
  }
}

/** `UserAttributes[0].Name`. */
export function pathOf(path: string, name: string | number): string {
  if (typeof name === 'number') return `${path}[${name}]`
  return path === '' ? name : `${path}.${name}`
}

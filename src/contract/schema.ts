import { Ajv, type ErrorObject, type Options, type SchemaObject, type ValidateFunction } from 'ajv'
import { holdsMoreThan } from '../core/extent.ts'

export type { ErrorObject, SchemaObject }

/** Without ajv's optimiser a schema compiles in a third of the time, and checks as fast. */
const OPTIONS = { verbose: true, strict: false, validateSchema: false, code: { optimize: false } }

/** Of what holds more than so many values only the first violation is told: ajv copies its list at each, and so for minutes. */
const MANY = 2000

/**
 * One contract's schemas, compiled at their first use: start-up pays for none of them.
 * Nothing is coerced or defaulted, and every violation is reported, since vendors list them all.
 */
export class Schemas {
  readonly #schemas: () => SchemaObject[]
  readonly #all: Compiler
  readonly #first: Compiler
  #known: Map<string, SchemaObject> | undefined

  /** `dropUnknown` removes members that no schema lists from what is checked; otherwise they are violations. */
  constructor(schemas: () => SchemaObject[], options: { dropUnknown: boolean }) {
    this.#schemas = schemas
    const compiler = (allErrors: boolean) =>
      new Compiler({ ...OPTIONS, allErrors, removeAdditional: options.dropUnknown }, (id) => this.get(id))
    this.#all = compiler(true)
    this.#first = compiler(false)
  }

  /** The violations of the schema with that `$id`, an empty list if there are none. */
  check(id: string, value: unknown): ErrorObject[] {
    const validate = (holdsMoreThan(value, MANY) ? this.#first : this.#all).validator(id)
    return validate(value) ? [] : (validate.errors ?? [])
  }

  /** The schema with that `$id`. */
  get(id: string): SchemaObject | undefined {
    this.#known ??= new Map(this.#schemas().map((schema) => [String(schema.$id), schema]))
    return this.#known.get(id)
  }
}

/** Compiled validators of one kind, by their schemas' `$id`. */
class Compiler {
  readonly #options: Options
  readonly #schemaOf: (id: string) => SchemaObject | undefined
  readonly #compiled = new Map<string, ValidateFunction>()
  readonly #added = new Set<string>()
  #ajv: Ajv | undefined

  constructor(options: Options, schemaOf: (id: string) => SchemaObject | undefined) {
    this.#options = options
    this.#schemaOf = schemaOf
  }

  validator(id: string): ValidateFunction {
    let validate = this.#compiled.get(id)
    if (validate === undefined) {
      this.#ajv ??= new Ajv(this.#options)
      this.#add(id, this.#ajv)
      validate = this.#ajv.getSchema(id)
      if (validate === undefined) throw new Error(`no schema ${id}`)
      this.#compiled.set(id, validate)
    }
    return validate
  }

  /** Only what this schema refers to, at any depth: handing ajv a whole contract would cost more than compiling one request. */
  #add(id: string, ajv: Ajv): void {
    const schema = this.#schemaOf(id)
    if (schema === undefined || this.#added.has(id)) return
    this.#added.add(id)
    ajv.addSchema(schema, id)
    for (const reference of referencesIn(schema)) this.#add(reference, ajv)
  }
}

function referencesIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([key, part]) => (key === '$ref' && typeof part === 'string' ? [part] : referencesIn(part)))
}

import { Ajv, type ErrorObject, type SchemaObject, type ValidateFunction } from 'ajv'

export type { ErrorObject, SchemaObject }

/**
 * One contract's schemas, compiled at their first use: start-up pays for none of them.
 * Nothing is coerced or defaulted, and every violation is reported, since vendors list them all.
 */
export class Schemas {
  readonly #schemas: () => SchemaObject[]
  readonly #compiled = new Map<string, ValidateFunction>()
  readonly #dropUnknown: boolean
  #ajv: Ajv | undefined

  /** `dropUnknown` removes members that no schema lists from what is checked; otherwise they are violations. */
  constructor(schemas: () => SchemaObject[], options: { dropUnknown: boolean }) {
    this.#schemas = schemas
    this.#dropUnknown = options.dropUnknown
  }

  /** The violations of the schema with that `$id`, an empty list if there are none. */
  check(id: string, value: unknown): ErrorObject[] {
    const validate = this.#validator(id)
    return validate(value) ? [] : (validate.errors ?? [])
  }

  #validator(id: string): ValidateFunction {
    let validate = this.#compiled.get(id)
    if (validate === undefined) {
      if (this.#ajv === undefined) {
        this.#ajv = new Ajv({ allErrors: true, verbose: true, strict: false, removeAdditional: this.#dropUnknown, validateSchema: false })
        for (const schema of this.#schemas()) this.#ajv.addSchema(schema, schema.$id)
      }
      validate = this.#ajv.getSchema(id)
      if (validate === undefined) throw new Error(`no schema ${id}`)
      this.#compiled.set(id, validate)
    }
    return validate
  }
}

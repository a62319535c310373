/** As much of an OpenAPI 3.1 document as rooms fill in. */
export interface OpenApi {
  paths: Record<string, Record<string, PathOperation>>
  components?: { schemas?: Record<string, object>; securitySchemes?: Record<string, object> }
  tags?: { name: string; description?: string }[]
}

export interface PathOperation {
  operationId?: string
  tags?: string[]
  summary?: string
  description?: string
  parameters?: object[]
  requestBody?: object
  responses?: Record<string, object>
  security?: object[]
  [extension: `x-${string}`]: unknown
}

/** What a room says of its own operations; it changes the document it is given. */
export type Describe = (document: OpenApi) => void

/** The operations of one room in a document, with their paths. */
export function* operationsOf(document: OpenApi, tag: string): Generator<PathOperation & { operationId: string }> {
  for (const item of Object.values(document.paths)) {
    for (const operation of Object.values(item)) {
      if (operation.operationId !== undefined && operation.tags?.includes(tag)) yield operation as PathOperation & { operationId: string }
    }
  }
}

/** An operation that is reached in two ways is the contract's by one of them; the other carries its verb in its id. */
export function distinguish(document: OpenApi): void {
  const seen = new Set<string>()
  for (const item of Object.values(document.paths)) {
    for (const [verb, operation] of Object.entries(item)) {
      if (operation.operationId === undefined) continue
      // Both may be one object in the document.
      if (seen.has(operation.operationId)) item[verb] = { ...operation, operationId: `${operation.operationId}.${verb}` }
      seen.add(operation.operationId)
    }
  }
}

export function reference(name: string): { $ref: string } {
  return { $ref: `#/components/schemas/${name}` }
}

/** Schemas that know each other by `$id`, pointing at each other where the document keeps them. */
export function toComponents(schemas: readonly { $id?: string }[]): Record<string, object> {
  return Object.fromEntries(schemas.map(({ $id, ...schema }) => [$id as string, pointing(schema) as object]))
}

function pointing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pointing)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
    // Services may answer more than their contracts list, and some take more: a closed schema would refuse it.
    .filter(([key, part]) => !(key === 'additionalProperties' && part === false))
    .map(([key, part]) => [key, key === '$ref' ? reference(String(part)).$ref : pointing(part)])
  return Object.fromEntries(entries)
}

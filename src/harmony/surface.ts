import type { Operations } from '../contract/operation.ts'
import type { HttpRequest, Surface } from '../contract/report/surface.ts'
import type { SchemaObject } from '../contract/schema.ts'
import { type Declaration, type HarmonyOperation, parameterNames } from './operation.ts'

/** The month its documentation was last read in: it names no version itself. */
const READ = '2026-11'

export function surfaceOf(operations: Operations): Surface {
  const declarationOf = (name: string) => (operations.loaded(name) as HarmonyOperation | undefined)?.declaration
  return {
    vendor: 'harmony',
    version: READ,
    text: () => JSON.stringify(operations.known.map((name) => declarationOf(name))),
    operations,
    request: (name) => {
      const declaration = declarationOf(name)
      return declaration === undefined ? undefined : requestOf(declaration)
    },
    lookup: () => undefined,
    http: (name, input) => http(declarationOf(name), input),
  }
}

function requestOf({ route, query, body }: Declaration): SchemaObject {
  const parameters = { properties: Object.fromEntries(parameterNames(route).map((name) => [name, { type: 'string' }])) }
  return { type: 'object', oneOf: [parameters, query?.json ?? {}, body?.json ?? {}] }
}

function http(declaration: Declaration | undefined, input: unknown): HttpRequest {
  const [method = 'GET', route = '/'] = (declaration?.route ?? 'GET /').split(' ')
  const rest = { ...(input as Record<string, unknown>) }
  const path = `/harmony${route.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = rest[name]
    delete rest[name]
    return encodeURIComponent(String(value ?? ''))
  })}`
  if (method !== 'GET' && declaration?.body !== undefined) {
    return { method, path, headers: { 'content-type': 'application/json' }, body: rest }
  }
  const query = new URLSearchParams(Object.entries(rest).map(([name, value]): [string, string] => [name, String(value)]))
  return { method, path: query.size === 0 ? path : `${path}?${query}`, headers: {} }
}

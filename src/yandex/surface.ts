import type { Operations } from '../contract/operation.ts'
import { camel } from '../contract/proto.ts'
import type { HttpRequest, Surface } from '../contract/report/surface.ts'
import { answers, contract, json, methodOf, methods } from './contract/index.ts'

export function surfaceOf(operations: Operations): Surface {
  const { committed, commit } = (contract as unknown as { source: { commit: string; committed: string } }).source
  return {
    vendor: 'yandex',
    version: `${committed.slice(0, 10)} ${commit.slice(0, 12)}`,
    text: () => JSON.stringify(contract),
    operations,
    // The pages and the OAuth endpoints are no methods of the contract.
    request: (name) => (methods.has(name) ? answers.get(methodOf(name).request) : undefined),
    lookup: (id) => answers.get(id),
    spelling: camel,
    http,
  }
}

/** The call as REST says it; a method that REST does not have, as its gRPC path with JSON. */
function http(name: string, input: unknown): HttpRequest {
  const { http: binding, service, name: method, request } = methodOf(name)
  const rest = { ...(input as Record<string, unknown>) }
  const headers = { 'content-type': 'application/json' }
  if (binding === null) return { method: 'POST', path: `/${service}/${method}`, headers, body: rest }
  const path = binding.path.replace(/\{(\w+)\}/g, (_whole, field: string) => {
    const member = [field, json.field(request, field)?.jsonName ?? field].find((key) => rest[key] !== undefined) ?? field
    const value = rest[member]
    delete rest[member]
    return encodeURIComponent(String(value ?? ''))
  })
  if (binding.body === '*') return { method: binding.verb, path, headers, body: rest }
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(rest)) for (const item of [value].flat()) query.append(key, String(item))
  return { method: binding.verb, path: query.size === 0 ? path : `${path}?${query}`, headers: {} }
}

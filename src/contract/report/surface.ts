import type { Lookup } from '../members.ts'
import type { Operations } from '../operation.ts'
import type { SchemaObject } from '../schema.ts'

/** What a report must know of a vendor's contract. */
export interface Surface {
  vendor: string
  /** Of the contract, with a text that changes whenever the contract does. */
  version: string
  text(): string
  operations: Operations
  /** The schema of an operation's input. */
  request(name: string): SchemaObject | undefined
  lookup: Lookup
  /** Another name that a member of an input may go by. */
  spelling?: (name: string) => string
  /** A request that makes this call. */
  http(name: string, input: unknown): HttpRequest
}

export interface HttpRequest {
  method: string
  /** With its query. */
  path: string
  headers: Record<string, string>
  body?: unknown
}

/** A line for a shell. */
export function curl(base: string, { method, path, headers, body }: HttpRequest): string {
  const words = ['curl', '-X', method, quoted(base + path)]
  for (const [name, value] of Object.entries(headers)) words.push('-H', quoted(`${name}: ${value}`))
  if (body !== undefined) words.push('-d', quoted(JSON.stringify(body)))
  return words.join(' ')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

import type { Violation } from '../core/violations.ts'
import { type Lookup, visit } from './members.ts'
import type { SchemaObject } from './schema.ts'

const MOST = 20

/** What in a request its contract does not list, or lists as deprecated: what a vendor takes without a word. */
export function survey(
  name: string,
  schema: SchemaObject | undefined,
  lookup: Lookup,
  value: unknown,
  spelling?: (name: string) => string,
): Violation[] {
  const found: Violation[] = []
  if (schema === undefined) return found
  for (const { path, schema: listed } of visit(schema, lookup, value, spelling)) {
    // Nobody says whether a stranger is a secret.
    if (listed === undefined) {
      found.push({ where: 'request', path, rule: 'unknown-member', message: `${name} has no member ${path}`, value: '***' })
    } else if (listed.deprecated === true) {
      found.push({ where: 'request', path, rule: 'deprecated-member', message: `${path} of ${name} is deprecated` })
    }
    if (found.length === MOST) break
  }
  return found
}

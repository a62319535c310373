import type { Violation } from '../core/violations.ts'
import { type Outline, pathOf } from './outline.ts'

const MOST = 20
/** Characters of a path: a member may have any name. */
const LONGEST = 200

/** Nobody's: most calls keep to their contract. */
const NONE: readonly Violation[] = Object.freeze([])

/** What in a request its contract does not list, or lists as deprecated: what a vendor takes without a word. */
export function survey(name: string, outline: Outline | undefined, value: unknown): readonly Violation[] {
  let found: Violation[] | undefined
  outline?.walk(value, (member, _value, above, key) => {
    if (member !== undefined && !member.deprecated) return
    found ??= []
    if (found.length === MOST) return
    const path = pathOf(above, key).slice(0, LONGEST)
    // Nobody says whether a stranger is a secret.
    if (member === undefined) {
      found.push({ where: 'request', path, rule: 'unknown-member', message: `${name} has no member ${path}`, value: '***' })
    } else {
      found.push({ where: 'request', path, rule: 'deprecated-member', message: `${path} of ${name} is deprecated` })
    }
  })
  return found ?? NONE
}

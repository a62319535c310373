import type { Entry, Journal } from '../core/journal.ts'
import { type Difference, differences, matches } from '../core/match.ts'

/** A call that somebody expects to have been made. */
export interface Expected {
  vendor?: string
  operation?: string
  outcome?: string
  error?: string
  user?: string
  client?: string
  input?: Record<string, unknown>
}

export interface Near {
  id: number
  room: string
  operation: string
  /** In what it is not the call that was expected. */
  differences: Difference[]
}

const MOST_NEAR = 3

/** The calls that were expected, and among the others those that differ least. */
export function verify(journal: Journal, expected: Expected): { count: number; calls: Entry[]; nearest: Near[] } {
  const all = journal.entries()
  const calls = all.filter((entry) => isIt(entry, expected))
  const near = all
    .filter((entry) => !calls.includes(entry))
    .map((entry): Near => ({ id: entry.id, room: entry.room, operation: entry.operation, differences: compare(entry, expected) }))
    // A call of another operation is further away than one that differs in anything else.
    .sort((a, b) => weigh(a) - weigh(b) || b.id - a.id)
  return { count: calls.length, calls, nearest: near.slice(0, MOST_NEAR) }
}

function isIt(entry: Entry, { vendor, outcome, error, ...rest }: Expected): boolean {
  if (outcome !== undefined && entry.outcome !== outcome) return false
  if (error !== undefined && entry.error?.name !== error) return false
  return matches({ ...rest, room: vendor }, entry)
}

function weigh({ differences }: Near): number {
  return differences.reduce((sum, { path }) => sum + (path === 'operation' || path === 'vendor' ? 10 : 1), 0)
}

function compare(entry: Entry, { vendor, operation, outcome, error, user, client, input }: Expected): Difference[] {
  const found: Difference[] = []
  const check = (path: string, expected: string | undefined, actual: unknown) => {
    if (expected !== undefined && expected !== actual) found.push({ path, expected, actual })
  }
  check('vendor', vendor, entry.room)
  check('operation', operation, entry.operation)
  check('outcome', outcome, entry.outcome)
  check('error', error, entry.error?.name)
  for (const [path, who] of Object.entries({ user, client })) {
    if (who !== undefined && !matches({ [path]: who }, entry)) found.push({ path, expected: who, actual: 'somebody else' })
  }
  // Compared as said, shown as anybody may see it.
  const shown = entry.mask === undefined ? undefined : entry.mask(entry.input, 'input')
  const parts = input === undefined ? [] : differences(entry.input, input, 'input')
  return [...found, ...parts.map(({ path, expected }) => ({ path, expected, actual: at(shown, path.split('.').slice(1)) }))]
}

function at(value: unknown, steps: string[]): unknown {
  return steps.reduce(
    (inner, step) => (typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[step] : undefined),
    value,
  )
}

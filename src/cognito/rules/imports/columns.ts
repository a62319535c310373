import type { Pool } from '../../records.ts'

/** Attributes that no file sets: the service gives one, and providers the other. */
const NOT_IMPORTED = new Set(['sub', 'identities'])

/** The columns of a pool's file, in the service's order (cognito-facts 201). */
export function columnsOf(pool: Pool): string[] {
  const attributes = pool.SchemaAttributes.map(({ Name = '' }) => Name).filter((name) => !NOT_IMPORTED.has(name))
  return [...attributes, 'cognito:mfa_enabled', 'cognito:username']
}

/** (?) The column of a file whose job names a hashing algorithm; the documentation at hand does not name it. */
export const HASH_COLUMN = 'cognito:password_hash'

export const LONGEST_ROW = 16_000

/** The values of a row: commas part them unless a backslash stands before, spaces around a value do not count, quotes are letters. */
export function splitRow(row: string): string[] {
  if (!row.includes('\\,')) return row.split(',').map(trimmed)
  return row.split(/(?<!\\),/).map((value) => trimmed(value.replaceAll('\\,', ',')))
}

/** Not `trim`, which would forgive a byte order mark. */
function trimmed(value: string): string {
  let end = value.length
  while (end > 0 && (value[end - 1] === ' ' || value[end - 1] === '\t')) end--
  return value.slice(0, end).replace(/^[ \t]+/, '')
}

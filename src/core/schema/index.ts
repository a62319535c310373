import foundation from './0001-foundation.ts'

/** Forward only: a migration on main is never edited, the next one is appended. `PRAGMA user_version` counts those applied. */
export const migrations: readonly string[] = [foundation]

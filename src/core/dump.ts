import { migrations } from './schema/index.ts'
import { type Database, Sqlite } from './sqlite.ts'

type Value = string | number | null

/** All that a namespace holds, as data: readable, comparable, and the same text for the same state. */
export interface Dump {
  /** How many migrations shaped the tables. */
  schema: number
  tables: Record<string, { columns: string[]; rows: Value[][] }>
}

/** A dump that cannot be one of ours. */
export class BadDump extends Error {}

const TABLES =
  "SELECT name FROM sqlite_schema WHERE type = 'table' AND (name NOT LIKE 'sqlite_%' OR name = 'sqlite_sequence') ORDER BY name"

export function dump(image: Buffer): Dump {
  const db = new Sqlite(image)
  try {
    const tables: Dump['tables'] = {}
    for (const { name } of db.prepare<[], { name: string }>(TABLES).all()) {
      const columns = columnsOf(db, name)
      const order = name === 'sqlite_sequence' ? 'name' : columns.map((column) => `"${column}"`).join(', ')
      tables[name] = { columns, rows: db.prepare(`SELECT * FROM "${name}" ORDER BY ${order}`).raw().all() as Value[][] }
    }
    return { schema: Number(db.pragma('user_version', { simple: true })), tables }
  } finally {
    db.close()
  }
}

/** The image of a store that holds what the dump says. */
export function undump({ schema, tables }: Dump): Buffer {
  if (!Number.isInteger(schema) || schema < 1 || schema > migrations.length || typeof tables !== 'object' || tables === null) {
    throw new BadDump(`this is no export that this Poolhouse can read (schema ${schema}, known are 1 to ${migrations.length})`)
  }
  const db = new Sqlite(':memory:')
  try {
    for (const sql of migrations.slice(0, schema)) db.exec(sql)
    db.transaction(() => {
      for (const [name, table] of Object.entries(tables)) fill(db, name, table)
    })()
    for (const sql of migrations.slice(schema)) db.exec(sql)
    db.pragma(`user_version = ${migrations.length}`)
    return db.serialize()
  } catch (error) {
    if (error instanceof BadDump) throw error
    throw new BadDump(`this export does not hold together: ${(error as Error).message}`)
  } finally {
    db.close()
  }
}

/** A snapshot as it came from outside, if it is one that this Poolhouse can read. */
export function imageIn(file: Buffer): Buffer {
  try {
    return undump(dump(file))
  } catch (error) {
    if (error instanceof BadDump) throw error
    throw new BadDump(`this is no snapshot: ${(error as Error).message}`)
  }
}

function fill(db: Database.Database, name: string, table: Dump['tables'][string]): void {
  const known = db.prepare<[], { name: string }>(TABLES).all()
  if (!known.some((one) => one.name === name)) throw new BadDump(`there is no table ${name}`)
  const columns = columnsOf(db, name)
  if (!Array.isArray(table?.columns) || !Array.isArray(table.rows) || !table.columns.every((column) => columns.includes(column))) {
    throw new BadDump(`table ${name} has other columns`)
  }
  if (name === 'sqlite_sequence') db.exec('DELETE FROM sqlite_sequence')
  const named = table.columns.map((column) => `"${column}"`).join(', ')
  const insert = db.prepare(`INSERT INTO "${name}" (${named}) VALUES (${table.columns.map(() => '?').join(', ')})`)
  for (const row of table.rows) insert.run(...row)
}

function columnsOf(db: Database.Database, name: string): string[] {
  return db
    .prepare<[], { name: string }>(`PRAGMA table_info("${name}")`)
    .all()
    .map((column) => column.name)
}

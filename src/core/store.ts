import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { migrations } from './schema/index.ts'
import { writeBeside, writeWhole } from './snapshots.ts'
import { type Database, Sqlite } from './sqlite.ts'

export interface StoreOptions {
  /** A file, or `:memory:`. */
  path: string
  /** Wait for the disk at each commit, so that an answered write outlives a power cut too. */
  durable?: boolean
  /** What a store begins with that is not there yet, instead of nothing. */
  image?: Buffer | undefined
}

type Parameter = string | number | null

/** One namespace's database. Statements are prepared once; a transaction begins at its first write, so a call that only reads costs none. */
export class Store {
  /** Parsed documents that `collection({ cached: true })` keeps; emptied whenever it could be wrong. */
  readonly cache = new Map<string, unknown>()
  readonly #options: StoreOptions
  readonly #statements = new Map<string, Database.Statement<Parameter[]>>()
  #db: Database.Database
  #depth = 0
  #begun = false
  #afterCommit: (() => void)[] = []

  constructor(options: StoreOptions) {
    this.#options = options
    this.#db = this.#open()
  }

  get inMemory(): boolean {
    return this.#options.path === ':memory:'
  }

  get open(): boolean {
    return this.#db.open
  }

  get<Row>(sql: string, ...parameters: Parameter[]): Row | undefined {
    return this.#prepare(sql).get(...parameters) as Row | undefined
  }

  all<Row>(sql: string, ...parameters: Parameter[]): Row[] {
    return this.#prepare(sql).all(...parameters) as Row[]
  }

  /** Answers how many rows changed and the last row's `seq`. */
  run(sql: string, ...parameters: Parameter[]): { changes: number; seq: number } {
    if (this.#depth > 0 && !this.#begun) this.#begin()
    const result = this.#prepare(sql).run(...parameters)
    return { changes: result.changes, seq: Number(result.lastInsertRowid) }
  }

  /** All of `act` or nothing of it. Nested, it is a savepoint: a refusal inside undoes the inner act alone. */
  atomically<T>(act: () => T): T {
    return this.#depth > 0 ? this.#nested(act) : this.#outermost(act)
  }

  /** Runs `act` once the present transaction is committed; forgotten if it is rolled back. */
  afterCommit(act: () => void): void {
    if (this.#depth === 0) act()
    else this.#afterCommit.push(act)
  }

  /** The whole database as one value. */
  snapshot(): Buffer {
    const image = this.#db.serialize()
    // Bytes 18 and 19 say "write-ahead log"; an image is opened without one.
    image[18] = 1
    image[19] = 1
    return image
  }

  /** Without the room that a large build leaves in its pages; not worth it for what is small, nor for what takes long. */
  compact(): void {
    const size = Number(this.#db.pragma('page_count', { simple: true })) * Number(this.#db.pragma('page_size', { simple: true }))
    if (size > SMALL && size < HUGE) this.#db.exec('VACUUM')
  }

  /** Puts a snapshot in the place of everything. What can fail, like a full disk, comes before the present state is let go of. */
  restore(image: Buffer): void {
    if (this.#depth > 0) throw new Error('restore inside a transaction')
    requireReadable(image)
    const { path } = this.#options
    if (!this.inMemory) writeBeside(path, image)
    this.#statements.clear()
    this.cache.clear()
    this.#db.close()
    if (this.inMemory) {
      this.#db = configure(new Sqlite(image), this.#options)
    } else {
      for (const tail of ['-wal', '-shm']) rmSync(path + tail, { force: true })
      renameSync(`${path}.new`, path)
      this.#db = this.#open()
    }
  }

  close(): void {
    if (!this.#db.open) return
    this.#statements.clear()
    if (!this.inMemory) this.#db.pragma('optimize')
    this.#db.close()
  }

  #open(): Database.Database {
    const { path, image } = this.#options
    if (this.inMemory && image !== undefined) return configure(new Sqlite(image), this.#options)
    if (!this.inMemory) mkdirSync(dirname(path), { recursive: true })
    if (image !== undefined && !existsSync(path)) writeWhole(path, image)
    const fresh = this.inMemory || !existsSync(path)
    const db = new Sqlite(path, { timeout: LOCK_WAIT_MS })
    try {
      configure(db, this.#options)
      migrate(db, fresh)
    } catch (error) {
      db.close()
      throw error
    }
    return db
  }

  #prepare(sql: string): Database.Statement<Parameter[]> {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#db.prepare<Parameter[]>(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }

  #begin(): void {
    this.#prepare('BEGIN IMMEDIATE').run()
    this.#begun = true
  }

  #outermost<T>(act: () => T): T {
    this.#depth = 1
    let committed = false
    try {
      const result = act()
      if (this.#begun) this.#prepare('COMMIT').run()
      committed = true
      return result
    } finally {
      if (!committed && this.#begun) {
        if (this.#db.inTransaction) this.#prepare('ROLLBACK').run()
        this.cache.clear()
      }
      this.#depth = 0
      this.#begun = false
      const after = this.#afterCommit
      if (after.length > 0) {
        this.#afterCommit = []
        if (committed) for (const next of after) next()
      }
    }
  }

  #nested<T>(act: () => T): T {
    if (!this.#begun) this.#begin()
    const name = `level${this.#depth}`
    const hooks = this.#afterCommit.length
    this.#prepare(`SAVEPOINT ${name}`).run()
    this.#depth++
    let kept = false
    try {
      const result = act()
      kept = true
      return result
    } finally {
      this.#depth--
      if (!kept) {
        this.#prepare(`ROLLBACK TO ${name}`).run()
        this.cache.clear()
        this.#afterCommit.length = hooks
      }
      this.#prepare(`RELEASE ${name}`).run()
    }
  }
}

const SMALL = 1024 * 1024
const HUGE = 256 * 1024 * 1024

/** Another process that holds the database holds it until it ends, so there is nothing to wait long for. */
const LOCK_WAIT_MS = 300

function configure(db: Database.Database, options: StoreOptions): Database.Database {
  if (options.path !== ':memory:') {
    // One process owns a database: a second emulator on the same folder is told so instead of sharing it by accident.
    db.pragma('locking_mode = EXCLUSIVE')
    db.pragma('journal_mode = WAL')
    db.pragma(`synchronous = ${options.durable === true ? 'FULL' : 'NORMAL'}`)
  }
  return db
}

function requireReadable(image: Buffer): void {
  if (image.toString('latin1', 0, 15) !== 'SQLite format 3') throw new Error('the snapshot is damaged: it is no database')
  requireKnown(image.readUInt32BE(USER_VERSION))
}

/** Where a database file says which schema it has. */
const USER_VERSION = 60

function requireKnown(schema: number): void {
  if (schema > migrations.length) {
    throw new Error(`the database was written by a newer Poolhouse (schema ${schema}, this one knows ${migrations.length})`)
  }
}

function migrate(db: Database.Database, fresh: boolean): void {
  const done = fresh ? 0 : Number(db.pragma('user_version', { simple: true }))
  requireKnown(done)
  if (done === migrations.length) return
  db.transaction(() => {
    for (const sql of migrations.slice(done)) db.exec(sql)
    db.pragma(`user_version = ${migrations.length}`)
  }).immediate()
}

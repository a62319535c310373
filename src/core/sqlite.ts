import { createRequire } from 'node:module'
import type Database from 'better-sqlite3'

/** Node-API 10 comes with Node 22.14; better-sqlite3 13 is built on it, brings its binaries along, and dies on older ones. */
const NODE_API = 10

/**
 * SQLite as this Node can have it. better-sqlite3 12 is for Node 20. Where Node 24.19 and later compile it, collecting a statement aborts the
 * process (nodejs/node#65446), so from Node 22.14 on it is 13, the same library by another name in package.json; 12 stands in where
 * that was not installed.
 */
export const Sqlite: typeof Database = load()

export type { Database }

function load(): typeof Database {
  const require = createRequire(import.meta.url)
  if (Number(process.versions.napi) < NODE_API) return require('better-sqlite3') as typeof Database
  try {
    return require('better-sqlite3-13') as typeof Database
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    return require('better-sqlite3') as typeof Database
  }
}

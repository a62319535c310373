import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface Snapshot {
  name: string
  /** Bytes. */
  size: number
}

/** States of namespaces kept by name: in a folder, or in memory without one. Names are checked before they come here. */
export class Snapshots {
  readonly #folder: string | undefined
  readonly #inMemory = new Map<string, Buffer>()

  constructor(folder: string | undefined) {
    this.#folder = folder
  }

  /** One of that name is replaced. */
  save(name: string, image: Buffer): Snapshot {
    if (this.#folder === undefined) this.#inMemory.set(name, image)
    else writeWhole(this.#path(this.#folder, name), image)
    return { name, size: image.length }
  }

  load(name: string): Buffer | undefined {
    if (/[^a-z0-9-]/.test(name)) return undefined
    if (this.#folder === undefined) return this.#inMemory.get(name)
    const path = this.#path(this.#folder, name)
    return existsSync(path) ? readFileSync(path) : undefined
  }

  remove(name: string): boolean {
    if (this.#folder === undefined) return this.#inMemory.delete(name)
    const path = this.#path(this.#folder, name)
    const there = existsSync(path)
    rmSync(path, { force: true })
    return there
  }

  list(): Snapshot[] {
    const folder = this.#folder
    if (folder === undefined) return [...this.#inMemory].map(([name, { length: size }]) => ({ name, size }))
    return filed(folder, '.image').map((name) => ({ name, size: statSync(this.#path(folder, name)).size }))
  }

  #path(folder: string, name: string): string {
    return join(folder, `${name}.image`)
  }
}

/** A file that is there whole or not at all, whenever the process may end. */
export function writeWhole(path: string, content: Buffer): void {
  mkdirSync(dirname(path), { recursive: true })
  writeBeside(path, content)
  renameSync(`${path}.new`, path)
}

/** What is to take the file's place; a disk that is full keeps none of it. */
export function writeBeside(path: string, content: Buffer): void {
  try {
    writeFileSync(`${path}.new`, content)
  } catch (error) {
    rmSync(`${path}.new`, { force: true, recursive: true })
    throw error
  }
}

/** The names of the files in a folder that end so. */
export function filed(folder: string | undefined, tail: string): string[] {
  if (folder === undefined || !existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => file.endsWith(tail))
    .map((file) => file.slice(0, -tail.length))
    .sort()
}

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Entry } from './journal.ts'
import { type Fittings, Namespace } from './namespace.ts'
import { Store } from './store.ts'

export interface EmulatorOptions {
  fittings: Fittings
  /** Where databases lie; undefined keeps them in memory. */
  folder?: string | undefined
  durable?: boolean | undefined
  seed?: string | undefined
}

export const DEFAULT_NAMESPACE = 'default'

/** All namespaces of one process, and the baseline that a new or reset one starts from. */
export class Emulator {
  readonly fittings: Fittings
  readonly #options: EmulatorOptions
  readonly #namespaces = new Map<string, Namespace>()
  readonly #listeners = new Set<(entry: Entry, namespace: string) => void>()
  #baseline: Buffer | undefined

  constructor(options: EmulatorOptions) {
    this.#options = options
    this.fittings = options.fittings
  }

  get names(): string[] {
    return [...this.#namespaces.keys()]
  }

  /** A name that may be one: it stands in URLs, host names and file names. */
  static allows(name: string): boolean {
    return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)
  }

  /** Opens the namespace, or makes it from the baseline. */
  namespace(name: string = DEFAULT_NAMESPACE): Namespace {
    const known = this.#namespaces.get(name)
    if (known !== undefined) return known
    if (!Emulator.allows(name)) throw new Error(`${JSON.stringify(name)} cannot be a namespace: use a-z, 0-9 and inner hyphens, at most 63`)

    const path = this.#path(name)
    const fresh = path === undefined || !existsSync(path)
    const store = new Store({ path: path ?? ':memory:', durable: this.#options.durable === true })
    const namespace = new Namespace({ name, store, fittings: this.fittings, seed: this.#options.seed })
    if (fresh && this.#baseline !== undefined) namespace.restore(this.#baseline)
    namespace.journal.listen((entry) => {
      for (const listener of this.#listeners) listener(entry, name)
    })
    this.#namespaces.set(name, namespace)
    return namespace
  }

  /** Whether the default namespace has been given its fixtures, in this run or an earlier one. */
  get hasBaseline(): boolean {
    return this.#baseline !== undefined
  }

  /** What the default namespace holds now is from here on what a reset goes back to. */
  keepBaseline(): void {
    this.#keep(this.namespace().store.snapshot())
  }

  /** Builds a world in a store of its own and makes it the baseline; if `build` fails, nothing has changed. */
  async buildBaseline(build: (scratch: Namespace) => Promise<void>): Promise<void> {
    const store = new Store({ path: ':memory:' })
    try {
      const scratch = new Namespace({ name: DEFAULT_NAMESPACE, store, fittings: this.fittings, seed: this.#options.seed })
      await build(scratch)
      this.#keep(store.snapshot())
    } finally {
      store.close()
    }
  }

  /** The baseline that an earlier run kept; false if there is none. */
  recallBaseline(): boolean {
    const { folder } = this.#options
    if (folder === undefined || !existsSync(this.#baselinePath(folder))) return false
    this.#baseline = readFileSync(this.#baselinePath(folder))
    return true
  }

  /** Back to the baseline, clock and chance included; journal and outbox start empty. */
  reset(name: string = DEFAULT_NAMESPACE): void {
    const namespace = this.namespace(name)
    if (this.#baseline === undefined) throw new Error('reset before there is a baseline')
    namespace.restore(this.#baseline)
    namespace.journal.clear()
  }

  /** Hears of every finished call in every namespace. */
  listen(listener: (entry: Entry, namespace: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    for (const namespace of this.#namespaces.values()) namespace.store.close()
    this.#namespaces.clear()
  }

  #keep(image: Buffer): void {
    this.#baseline = image
    const { folder } = this.#options
    if (folder === undefined) return
    const path = this.#baselinePath(folder)
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${path}.new`, image)
    renameSync(`${path}.new`, path)
  }

  #path(name: string): string | undefined {
    return this.#options.folder === undefined ? undefined : join(this.#options.folder, `${name}.sqlite`)
  }

  #baselinePath(folder: string): string {
    return join(folder, 'baseline.image')
  }
}

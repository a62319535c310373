import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { elapsed } from './clock.ts'
import { type Entry, Journal } from './journal.ts'
import { type Fittings, Namespace } from './namespace.ts'
import type { Sent } from './outbox.ts'
import { filed, type Snapshot, Snapshots, writeWhole } from './snapshots.ts'
import { Store } from './store.ts'

export interface EmulatorOptions {
  fittings: Fittings
  /** Where databases lie; undefined keeps them in memory. */
  folder?: string | undefined
  durable?: boolean | undefined
  seed?: string | undefined
  /** Whether a namespace is made when somebody first names it; true unless said otherwise. */
  autoCreate?: boolean | undefined
  /** How many calls the journal of each namespace keeps, 1000 unless said otherwise. */
  journal?: number | undefined
  /** How many namespaces may be open at a time, 5000 unless said otherwise. */
  mostNamespaces?: number | undefined
  /** How long a namespace may lie unused before it is dropped, in real milliseconds; for ever unless said otherwise. */
  idle?: number | undefined
}

export const DEFAULT_NAMESPACE = 'default'

/** One of the demo world takes about 300 kB. */
const MOST_NAMESPACES = 5000

/** All namespaces of one process, and the baseline that a new or reset one starts from. */
export class Emulator {
  readonly fittings: Fittings
  readonly #options: EmulatorOptions
  readonly #namespaces = new Map<string, Namespace>()
  readonly #listeners = new Set<(entry: Entry, namespace: string) => void>()
  readonly #readers = new Set<(message: Sent, namespace: string) => void>()
  readonly snapshots: Snapshots
  readonly #used = new Map<string, number>()
  #swept = 0
  #toldFull = false
  #baseline: Buffer | undefined

  constructor(options: EmulatorOptions) {
    this.#options = options
    this.fittings = options.fittings
    this.snapshots = new Snapshots(options.folder === undefined ? undefined : join(options.folder, 'snapshots'))
  }

  /** Of all namespaces, those that lie in the folder and have not been opened yet too. */
  get names(): string[] {
    return [...new Set([...this.#namespaces.keys(), ...filed(this.#options.folder, '.sqlite')])].sort()
  }

  /** Those that somebody has used in this run. */
  get open(): Namespace[] {
    return [...this.#namespaces.values()]
  }

  /** A name that may be one: it stands in URLs, host names and file names. */
  static allows(name: string): boolean {
    return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)
  }

  /** The namespace that a caller names: undefined if it cannot be one, or is not there and nobody makes it in passing. */
  find(name: string): Namespace | undefined {
    const { autoCreate = true, idle } = this.#options
    if (idle !== undefined) this.#sweep(name, idle)
    const known = this.#namespaces.get(name)
    if (known !== undefined) return known
    if (!Emulator.allows(name)) return undefined
    if (this.isFullFor(name)) {
      if (!this.#toldFull) this.fittings.warn?.(this.whyNot(name))
      this.#toldFull = true
      return undefined
    }
    return autoCreate || name === DEFAULT_NAMESPACE || this.has(name) ? this.namespace(name) : undefined
  }

  /** Why there is no namespace of that name, in words for whoever asked for it. */
  whyNot(name: string): string {
    if (!Emulator.allows(name)) return `"${name}" cannot be a namespace`
    if (!this.isFullFor(name)) return `there is no namespace "${name}"`
    const drop = 'drop some by DELETE /_/namespaces/<name>, let --namespace-idle do it, or start with a higher --most-namespaces'
    return `there are ${this.#namespaces.size} namespaces already and "${name}" would be one too many: ${drop}`
  }

  /** Whether no more may be opened. */
  isFullFor(name: string): boolean {
    const { mostNamespaces = MOST_NAMESPACES } = this.#options
    return this.#namespaces.size >= mostNamespaces && name !== DEFAULT_NAMESPACE && !this.#namespaces.has(name)
  }

  has(name: string): boolean {
    const path = this.#path(name)
    return this.#namespaces.has(name) || (path !== undefined && existsSync(path))
  }

  /** Makes a namespace from the baseline, from nothing, or from a snapshot; undefined if there is no such snapshot. */
  create(name: string, from: string = 'baseline'): Namespace | undefined {
    const image = from === 'baseline' || from === 'empty' ? undefined : this.snapshots.load(from)
    if (image === undefined && from !== 'baseline' && from !== 'empty') return undefined
    const namespace = this.namespace(name)
    if (image !== undefined) namespace.restore(image)
    if (from === 'empty') this.empty(name)
    return namespace
  }

  /** Nothing in it, as if there were no fixtures. */
  empty(name: string = DEFAULT_NAMESPACE): void {
    const store = new Store({ path: ':memory:' })
    this.namespace(name).restore(store.snapshot())
    this.namespace(name).journal.clear()
    store.close()
  }

  /** Drops a namespace and what it keeps on the disk; false if there was none. */
  remove(name: string): boolean {
    if (!this.has(name)) return false
    this.#namespaces.get(name)?.store.close()
    this.#namespaces.delete(name)
    this.#used.delete(name)
    const path = this.#path(name)
    if (path !== undefined) for (const tail of ['', '-wal', '-shm']) rmSync(path + tail, { force: true })
    return true
  }

  /** Keeps what the namespace holds now under a name; one of that name is replaced. */
  saveSnapshot(snapshot: string, name: string = DEFAULT_NAMESPACE): Snapshot {
    return this.snapshots.save(snapshot, this.namespace(name).store.snapshot())
  }

  /** Puts a snapshot in the place of all a namespace holds; false if there is none of that name. */
  loadSnapshot(snapshot: string, name: string = DEFAULT_NAMESPACE): boolean {
    const image = this.snapshots.load(snapshot)
    if (image === undefined) return false
    this.namespace(name).restore(image)
    return true
  }

  /** Opens the namespace, or makes it from the baseline. */
  namespace(name: string = DEFAULT_NAMESPACE): Namespace {
    const known = this.#namespaces.get(name)
    if (known !== undefined) return known
    if (!Emulator.allows(name)) throw new Error(`${JSON.stringify(name)} cannot be a namespace: use a-z, 0-9 and inner hyphens, at most 63`)
    if (this.isFullFor(name)) throw new Error(this.whyNot(name))

    const path = this.#path(name)
    const store = new Store({ path: path ?? ':memory:', durable: this.#options.durable === true, image: this.#baseline })
    const namespace = new Namespace({
      name,
      store,
      fittings: this.fittings,
      seed: this.#options.seed,
      journal: new Journal(this.#options.journal),
    })
    namespace.journal.listen((entry) => {
      for (const listener of this.#listeners) listener(entry, name)
    })
    if (this.#readers.size > 0) this.#read(namespace)
    this.#namespaces.set(name, namespace)
    this.#used.set(name, elapsed())
    return namespace
  }

  /** Whether the default namespace has been given its fixtures, in this run or an earlier one. */
  get hasBaseline(): boolean {
    return this.#baseline !== undefined
  }

  /** What the namespace holds now is from here on what a reset goes back to, in all of them. */
  keepBaseline(name: string = DEFAULT_NAMESPACE): void {
    this.#keep(this.namespace(name).store.snapshot())
  }

  /** Builds a world in a store of its own and makes it the baseline; if `build` fails, nothing has changed. */
  async buildBaseline(build: (scratch: Namespace) => Promise<void>): Promise<void> {
    const store = new Store({ path: ':memory:' })
    try {
      const scratch = new Namespace({ name: DEFAULT_NAMESPACE, store, fittings: this.fittings, seed: this.#options.seed })
      await build(scratch)
      // Restored again and again: a tenth less is copied, and what stays below 32 MB is copied ten times as fast (malloc's mmap threshold).
      store.compact()
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

  /** Hears of every message that leaves any namespace from now on, once what sent it is committed. */
  listenToOutbox(reader: (message: Sent, namespace: string) => void): void {
    this.#readers.add(reader)
    if (this.#readers.size === 1) for (const namespace of this.open) this.#read(namespace)
  }

  #read({ name, outbox }: Namespace): void {
    outbox.watch((message) => {
      if (message !== undefined) for (const reader of this.#readers) reader(message, name)
    })
  }

  close(): void {
    for (const namespace of this.#namespaces.values()) namespace.store.close()
    this.#namespaces.clear()
  }

  #keep(image: Buffer): void {
    this.#baseline = image
    const { folder } = this.#options
    if (folder !== undefined) writeWhole(this.#baselinePath(folder), image)
  }

  /** Drops what has lain unused for too long; looks for it at most every second, when somebody calls. */
  #sweep(used: string, idle: number): void {
    const now = elapsed()
    this.#used.set(used, now)
    if (now - this.#swept < Math.min(1000, idle)) return
    this.#swept = now
    for (const name of this.#namespaces.keys()) {
      if (name !== DEFAULT_NAMESPACE && now - (this.#used.get(name) ?? 0) > idle) this.remove(name)
    }
  }

  #path(name: string): string | undefined {
    return this.#options.folder === undefined ? undefined : join(this.#options.folder, `${name}.sqlite`)
  }

  #baselinePath(folder: string): string {
    return join(folder, 'baseline.image')
  }
}

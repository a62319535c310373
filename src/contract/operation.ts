import { readdirSync } from 'node:fs'
import type { Callable } from '../core/run.ts'

/** One thing a vendor's API can do, as a value: transport-neutral, named by the vendor. */
// biome-ignore lint/suspicious/noExplicitAny: of some operation; which one decides its input and output.
export interface Operation<Input = any, Output = any> extends Callable<Input, Output> {
  /** The error names its contract lists. */
  readonly errors: readonly string[]
}

/** A room's `operations/` folder. The folder is the registry: a file is all it takes, loaded at the first call of its operation. */
export class Operations {
  /** What the contract knows, built or not. */
  readonly known: readonly string[]
  /** What has a file. */
  readonly built: ReadonlySet<string>
  readonly #folder: URL
  readonly #extension: string
  readonly #loaded = new Map<string, Operation>()

  constructor(folder: URL, known?: readonly string[]) {
    this.#folder = folder
    this.#extension = folder.href.includes('/src/') && import.meta.url.endsWith('.ts') ? '.ts' : '.js'
    const files = readdirSync(folder).filter((file) => file.endsWith(this.#extension) && !file.endsWith('.d.ts'))
    this.built = new Set(files.map((file) => file.slice(0, -this.#extension.length)))
    this.known = known ?? [...this.built].sort()
    const strangers = [...this.built].filter((name) => !this.known.includes(name))
    if (strangers.length > 0) throw new Error(`operations/ has files no contract knows: ${strangers.join(', ')}`)
  }

  /** The operation if it is loaded already: no promise on the way of every call but the first. */
  loaded(name: string): Operation | undefined {
    return this.#loaded.get(name)
  }

  /** Undefined if it is known but not built, or not known at all. */
  async load(name: string): Promise<Operation | undefined> {
    const known = this.#loaded.get(name)
    if (known !== undefined || !this.built.has(name)) return known
    const module = (await import(new URL(`${name}${this.#extension}`, this.#folder).href)) as { default?: Operation }
    const operation = module.default
    if (operation?.name !== name) throw new Error(`operations/${name}${this.#extension} declares ${operation?.name ?? 'no operation'}`)
    this.#loaded.set(name, operation)
    return operation
  }

  async loadAll(names: readonly string[] = [...this.built]): Promise<Operation[]> {
    const all = await Promise.all(names.map((name) => this.load(name)))
    return all.filter((operation) => operation !== undefined)
  }
}

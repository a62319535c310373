import type { Fittings, Namespace } from './namespace.ts'
import { requestId } from './random.ts'
import type { Store } from './store.ts'

/** How answers of one kind are worked out together, for handlers that only file them and never look into them. */
export interface Deferred {
  /** Of two that are about the same, only the later one is still wanted. */
  about(payload: never): string
  many(payloads: readonly unknown[]): Promise<readonly string[]>
}

const HOLDING = 'SELECT pool, person, kind, key, doc FROM credential WHERE instr(doc, ?) > 0'
const PUT = 'UPDATE credential SET doc = ? WHERE pool = ? AND person = ? AND kind = ? AND key = ?'

/** Small enough that two threads share the work, large enough that handing it over costs nothing. */
const BATCH = 500
const MOST_AT_WORK = 3

/**
 * Many calls by one author: answers to the same question serve all who ask it, and those that are only filed are worked out beside the
 * calls and put in their places at the end. Until `finish` the namespace is not to be seen by anybody.
 */
export class Seeding {
  readonly #namespace: Namespace
  readonly #fittings: Fittings
  readonly #shared = new Map<string, unknown>()
  readonly #waiting = new Map<string, { kind: string; token: string; payload: unknown }>()
  readonly #answers = new Map<string, string>()
  readonly #working = new Set<Promise<void>>()
  /** Nobody writes this text by chance. */
  readonly #mark = `later-${requestId()}-`
  #count = 0
  #failure: unknown

  constructor(namespace: Namespace) {
    const { fittings } = namespace
    this.#namespace = namespace
    this.#fittings = fittings
    const shared = Object.entries(fittings.shared ?? {}).map(([kind, about]) => [
      kind,
      async (payload: never) => {
        const answer = await fittings.answer[kind]?.(payload)
        this.#shared.set(`${kind}\n${about(payload)}`, answer)
        return answer
      },
    ])
    namespace.fittings = {
      ...fittings,
      answer: { ...fittings.answer, ...Object.fromEntries(shared) },
      atOnce: (kind, payload) => this.#atOnce(kind, payload as never),
    }
  }

  /** Puts what was deferred in its places. */
  async finish(): Promise<void> {
    const { store } = this.#namespace
    this.#namespace.fittings = this.#fittings
    while (this.#waiting.size > 0 || this.#working.size > 0) {
      this.#startWork(0)
      await Promise.race(this.#working)
      if (this.#failure !== undefined) throw this.#failure
    }
    if (this.#count > 0) store.atomically(() => this.#fill(store))
  }

  #fill(store: Store): void {
    const pattern = new RegExp(`${this.#mark}\\d+`, 'g')
    for (const { pool, person, kind, key, doc } of store.all<Record<string, string>>(HOLDING, this.#mark)) {
      const filled = (doc as string).replace(pattern, (token) => this.#answers.get(token) ?? missing(token))
      store.run(PUT, filled, pool as string, person as string, kind as string, key as string)
    }
  }

  #atOnce(kind: string, payload: never): unknown {
    const about = this.#fittings.shared?.[kind]
    if (about !== undefined) return this.#shared.get(`${kind}\n${about(payload)}`)
    const deferred = this.#fittings.deferred?.[kind]
    if (deferred === undefined) return undefined
    const key = `${kind}\n${deferred.about(payload)}`
    const token = `${this.#mark}${this.#count++}`
    // Last in line again: whoever sets the same anew has no use for the earlier answer.
    this.#waiting.delete(key)
    this.#waiting.set(key, { kind, token, payload })
    if (this.#waiting.size >= 2 * BATCH) this.#startWork(BATCH)
    return token
  }

  /** Leaves so many of the latest, which may yet be replaced. */
  #startWork(leave: number): void {
    while (this.#waiting.size > leave && this.#working.size < MOST_AT_WORK) {
      const batch = [...this.#waiting].slice(0, Math.min(BATCH, this.#waiting.size - leave))
      for (const [key] of batch) this.#waiting.delete(key)
      for (const [kind, items] of grouped(batch)) {
        const work = this.#work(kind, items).catch((error: unknown) => {
          this.#failure = error
        })
        this.#working.add(work)
        void work.then(() => this.#working.delete(work))
      }
    }
  }

  async #work(kind: string, items: readonly { token: string; payload: unknown }[]): Promise<void> {
    const answers = (await this.#fittings.deferred?.[kind]?.many(items.map(({ payload }) => payload))) ?? []
    for (const [index, { token }] of items.entries()) this.#answers.set(token, answers[index] ?? missing(token))
  }
}

type Waiting = { kind: string; token: string; payload: unknown }

function grouped(batch: readonly [string, Waiting][]): Map<string, Waiting[]> {
  const groups = new Map<string, Waiting[]>()
  for (const [, waiting] of batch) {
    const group = groups.get(waiting.kind)
    if (group === undefined) groups.set(waiting.kind, [waiting])
    else group.push(waiting)
  }
  return groups
}

function missing(token: string): never {
  throw new Error(`nobody worked out ${token}`)
}

import { Worker } from 'node:worker_threads'
import { wait } from './clock.ts'

/** What became of a piece of work: its answer, nothing in time, or the end of its thread. */
export type Ran<T> = { answer: T } | { late: true } | { died: string }

export interface Piece {
  /** Whose work it is: a thread does one owner's pieces only, one at a time. */
  owner: string
  /** Threads that hold an older version of the owner's code are not used again. */
  version: string
  payload: unknown
  /** Milliseconds of real time. */
  limit: number
}

const MOST_THREADS = 16
const MOST_IDLE = 2

/**
 * Threads for code that is not ours, which may block, leak or never come back: each does one piece at a time, is used again while it
 * behaves, and is ended when it is late. The script posts `ready` once, then one message for each it gets.
 */
export class Threads {
  readonly #script = new Map<Worker, string>()
  readonly #idle: { worker: Worker; owner: string; version: string }[] = []
  readonly #waiting: (() => void)[] = []
  readonly #most: number
  #busy = 0

  constructor(most = MOST_THREADS) {
    this.#most = most
  }

  async run<T>(script: URL, { owner, version, payload, limit }: Piece): Promise<Ran<T>> {
    if (this.#busy >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#busy++
    try {
      const worker = this.#take(script, owner, version) ?? (await this.#start(script))
      if (worker === undefined) return { died: 'it could not be started' }
      worker.ref()
      const ran = await converse<T>(worker, payload, limit)
      if ('answer' in ran) await this.#giveBack(worker, owner, version)
      else await this.#end(worker)
      return ran
    } finally {
      this.#busy--
      this.#waiting.shift()?.()
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#script.keys()].map((worker) => this.#end(worker)))
  }

  #take(script: URL, owner: string, version: string): Worker | undefined {
    for (const idle of this.#idle.filter((idle) => idle.owner === owner && this.#script.get(idle.worker) === script.href)) {
      this.#idle.splice(this.#idle.indexOf(idle), 1)
      if (idle.version === version) return idle.worker
      void this.#end(idle.worker)
    }
    return undefined
  }

  async #start(script: URL): Promise<Worker | undefined> {
    const worker = new Worker(script)
    this.#script.set(worker, script.href)
    // Without a listener an error in a thread at rest would end the process.
    worker.on('error', () => undefined)
    worker.on('exit', () => this.#forget(worker))
    const started = await first(worker, new AbortController().signal)
    return 'answer' in started ? worker : undefined
  }

  async #giveBack(worker: Worker, owner: string, version: string): Promise<void> {
    if (this.#idle.filter((idle) => idle.owner === owner).length >= MOST_IDLE || !this.#script.has(worker)) return this.#end(worker)
    // A thread at rest keeps nobody from ending.
    worker.unref()
    this.#idle.push({ worker, owner, version })
  }

  async #end(worker: Worker): Promise<void> {
    this.#forget(worker)
    await worker.terminate()
  }

  #forget(worker: Worker): void {
    this.#script.delete(worker)
    const index = this.#idle.findIndex((idle) => idle.worker === worker)
    if (index >= 0) this.#idle.splice(index, 1)
  }
}

async function converse<T>(worker: Worker, payload: unknown, limit: number): Promise<Ran<T>> {
  const over = new AbortController()
  const answer = first<T>(worker, over.signal)
  worker.postMessage(payload)
  try {
    return await Promise.race([answer, wait(limit, over.signal).then((): Ran<T> => ({ late: true }))])
  } finally {
    over.abort()
  }
}

/** The next message of a thread, or how it ended without one. */
function first<T>(worker: Worker, over: AbortSignal): Promise<Ran<T>> {
  return new Promise((resolve) => {
    const finish = (ran: Ran<T>) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
      resolve(ran)
    }
    const onMessage = (answer: T) => finish({ answer })
    const onError = (error: Error) => finish({ died: error.message })
    const onExit = (code: number) => finish({ died: `it ended with exit code ${code}` })
    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
    over.addEventListener('abort', () => finish({ late: true }), { once: true })
  })
}

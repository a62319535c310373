import type { Piscina } from 'piscina'
import { Threads } from './threads.ts'

/**
 * Work that would hold the event loop up goes to two worker threads, started at the first piece of it.
 * A piece is a function that a module exports by name; its argument and answer are copied.
 */
export class Workers {
  /** For code that is not ours. */
  readonly threads = new Threads()
  #pool: Promise<Piscina> | undefined
  #here = 0
  readonly #stopping = new AbortController()

  /** Ends when the emulator stops, and with it whatever else was started outside. */
  get stopped(): AbortSignal {
    return this.#stopping.signal
  }

  /** Has the next so many pieces done in this thread: at the start nobody waits yet, and a thread would take longer to begin. */
  doHere(pieces: number): void {
    this.#here = pieces
  }

  async run<T>(module: URL, task: string, payload: unknown): Promise<T> {
    if (this.#here > 0) {
      this.#here--
      const tasks = (await import(module.href)) as Record<string, (payload: unknown) => T | Promise<T>>
      return await (tasks[task] as (payload: unknown) => T | Promise<T>)(payload)
    }
    this.#pool ??= import('piscina').then(
      ({ Piscina }) => new Piscina({ minThreads: 0, maxThreads: 2, concurrentTasksPerWorker: 1, idleTimeout: 10_000 }),
    )
    const pool = await this.#pool
    return (await pool.run(payload, { filename: module.href, name: task })) as T
  }

  async close(): Promise<void> {
    this.#stopping.abort()
    const pool = await this.#pool
    this.#pool = undefined
    await Promise.all([pool?.destroy(), this.threads.close()])
  }
}

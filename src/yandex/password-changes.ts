import type { Emulator } from '../core/emulator.ts'
import type { GetPasswordChangesRequest, GetPasswordChangesResponse } from './contract/types.ts'

export const STEP = 'idp.UserService.GetPasswordChanges'

/**
 * The stream of an agent that writes passwords into a directory: every change behind the offset that it last named, then each new one
 * as it comes. A further message from the agent moves the offset. It ends when the agent has nothing more to say and there is nothing left.
 */
export async function* streamChanges(
  emulator: Emulator,
  namespace: string,
  requests: AsyncIterable<GetPasswordChangesRequest>,
  step: (request: GetPasswordChangesRequest) => Promise<GetPasswordChangesResponse>,
  signal: AbortSignal,
): AsyncIterable<GetPasswordChangesResponse> {
  const bell = new Bell()
  const asked: { request?: GetPasswordChangesRequest; over: boolean; error?: unknown } = { over: false }
  const listening = (async () => {
    try {
      for await (const request of requests) {
        asked.request = request
        bell.ring()
      }
    } catch (error) {
      asked.error = error
    }
    asked.over = true
    bell.ring()
  })()
  const stop = emulator.listen(({ operation }, name) => {
    if (name === namespace && operation !== STEP) bell.ring()
  })
  signal.addEventListener('abort', () => bell.ring())
  try {
    while (!signal.aborted && asked.error === undefined) {
      const heard = bell.next()
      const { request } = asked
      const change = request === undefined ? {} : await step(request)
      if (change.offset !== undefined) {
        if (asked.request === request && request !== undefined) asked.request = { ...request, offset: change.offset }
        yield change
      } else if (asked.over) {
        break
      } else {
        await heard
      }
    }
  } finally {
    stop()
  }
  if (asked.over) await listening
  if (asked.error !== undefined) throw asked.error
}

/** Something may have changed. Whoever is to hear of it asks for `next` before looking. */
class Bell {
  #ring: () => void = () => undefined

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#ring = resolve
    })
  }

  ring(): void {
    this.#ring()
  }
}

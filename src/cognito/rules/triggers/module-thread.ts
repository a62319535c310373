/** Runs in a thread of its own (core/threads.ts): a handler module, called as Lambda's Node runtime calls it. */
import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parentPort } from 'node:worker_threads'

/** One invocation: which module, and what Lambda would hand its handler. */
export interface Invocation {
  file: string
  event: unknown
  context: Record<string, unknown>
  /** Milliseconds until it is late. */
  limit: number
}

/** As Lambda answers an invocation: the JSON text of what the handler gave, or its error. */
export type Invoked = { output: string } | { errorMessage: string; errorType: string }

type Callback = (error: unknown, result?: unknown) => void
type Handler = (event: unknown, context: Record<string, unknown>, callback: Callback) => unknown

const port = parentPort
if (port === null) throw new Error('a handler runs in a thread')
let handler: Promise<Handler> | undefined

// Standard output belongs to whoever runs the emulator; what functions print is for people's eyes.
process.stdout.write = process.stderr.write.bind(process.stderr)

port.on('message', async (invocation: Invocation) => {
  port.postMessage(await invoke(invocation))
})
port.postMessage('ready')

async function invoke({ file, event, context, limit }: Invocation): Promise<Invoked> {
  try {
    handler ??= load(file)
    const output = await call(await handler, event, context, limit)
    return { output: JSON.stringify(output ?? null) }
  } catch (error) {
    return told(error)
  }
}

async function load(file: string): Promise<Handler> {
  const module = (await import(pathToFileURL(file).href)) as { handler?: unknown; default?: unknown }
  const fallback = module.default as { handler?: unknown } | undefined
  const found = module.handler ?? fallback?.handler ?? module.default
  if (typeof found === 'function') return found as Handler
  const name = basename(file).replace(/\.\w+$/, '')
  throw Object.assign(new Error(`${name}.handler is undefined or not exported`), { name: 'Runtime.HandlerNotFound' })
}

/** The three forms of a handler: a promise, a callback, the old methods of its context. What a plain function returns counts for nothing. */
function call(handler: Handler, event: unknown, given: Record<string, unknown>, limit: number): Promise<unknown> {
  const end = performance.now() + limit
  return new Promise((resolve, reject) => {
    const callback: Callback = (error, result) => (error === undefined || error === null ? resolve(result) : reject(error))
    const context = {
      ...given,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, Math.round(end - performance.now())),
      done: callback,
      succeed: (result: unknown) => resolve(result),
      fail: (error: unknown) => reject(error ?? 'handled'),
    }
    // A handler that has nothing more to do and never answered has answered null.
    process.once('beforeExit', () => resolve(null))
    port?.unref()
    const returned = handler(event, context, callback) as { then?: unknown } | undefined
    if (typeof returned?.then === 'function') (returned as Promise<unknown>).then(resolve, reject)
  }).finally(() => {
    process.removeAllListeners('beforeExit')
    port?.ref()
  })
}

function told(error: unknown): Invoked {
  if (error instanceof Error || (typeof error === 'object' && error !== null && 'message' in error)) {
    const { message, name } = error as Error
    return { errorMessage: String(message), errorType: name ?? 'Error' }
  }
  return { errorMessage: String(error), errorType: typeof error }
}

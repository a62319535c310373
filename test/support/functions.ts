import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { FunctionTarget } from '../../src/cognito/index.ts'

/** The ARN of the function of that name, as LambdaConfig takes it. */
export function arn(name: string): string {
  return `arn:aws:lambda:us-east-1:123456789012:function:${name}`
}

/** A module of test/fixtures/functions. */
export function moduleAt(file: string): FunctionTarget {
  return { module: fileURLToPath(new URL(`../fixtures/functions/${file}`, import.meta.url)) }
}

export interface Event {
  version: string
  triggerSource: string
  region: string
  userPoolId: string
  userName: string
  callerContext: { awsSdkVersion: string; clientId: string }
  request: Record<string, unknown>
  response: Record<string, unknown>
}

export interface Recorder {
  url: string
  /** Every event posted so far, in order. */
  events: Event[]
  /** What was asked for beside the body: path and headers. */
  requests: { path: string; headers: Record<string, string | string[] | undefined> }[]
  /** What each trigger source answers; the event as it came where nothing is said. */
  answers: Record<string, (event: Event) => unknown>
  /** Forgets all that. */
  clear(): void
}

/** An HTTP server that records events and answers them as the test says: by `{ response }`, or a whole answer under `raw`. */
export async function recorder(t: Pick<Test, 'teardown'>): Promise<Recorder> {
  const found: Omit<Recorder, 'url' | 'clear'> = { events: [], requests: [], answers: {} }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const event = JSON.parse(Buffer.concat(chunks).toString()) as Event
      found.events.push(structuredClone(event))
      found.requests.push({ path: request.url ?? '', headers: request.headers })
      const answer = await found.answers[event.triggerSource]?.(event)
      if (answer instanceof Error) {
        response.setHeader('x-amz-function-error', 'Unhandled')
        return response.end(JSON.stringify({ errorMessage: answer.message, errorType: answer.name }))
      }
      if (typeof answer === 'number') response.statusCode = answer
      return response.end(JSON.stringify(typeof answer === 'object' ? { ...event, response: answer } : event))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => new Promise((resolve) => server.close(resolve)))
  const clear = () => {
    found.events.length = 0
    found.requests.length = 0
    for (const source of Object.keys(found.answers)) delete found.answers[source]
  }
  return { ...found, clear, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

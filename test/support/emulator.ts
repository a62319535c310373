import type { Test } from 'tap'
import { type App, type AppOptions, createApp } from '../../src/app.ts'
import type { Operations } from '../../src/cognito/contract/types.ts'

/** 2026-01-02T03:04:05Z: where the clock of a test stands still. */
export const START = Date.UTC(2026, 0, 2, 3, 4, 5)

type Answer<O> = Promise<O>

export type CognitoApi = { [N in keyof Operations]: (input: Operations[N]['input']) => Answer<Operations[N]['output']> }

/** What a refused Cognito call throws in tests: the whole answer. */
export class Refused extends Error {
  readonly status: number
  readonly type: string

  constructor(status: number, body: { __type: string; message?: string }) {
    super(body.message)
    this.name = body.__type
    this.type = body.__type
    this.status = status
  }
}

export interface TestEmulator {
  app: App
  cognito: CognitoApi
  clock: { advance(milliseconds: number): void }
  outbox: App['emulator'] extends { namespace(): infer N } ? (N extends { outbox: infer O } ? O : never) : never
  /** A request to any path, answered as status, headers and parsed JSON body (or text). */
  request(
    method: string,
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Record<string, unknown>; body: unknown }>
}

/** An in-memory emulator with a frozen clock, seeded chance and strict answers, closed when the test ends. Nothing listens. */
export async function emulator(t: Pick<Test, 'teardown'>, options: AppOptions = {}): Promise<TestEmulator> {
  const app = await createApp({ seed: 'test', ...options, settings: { strict: true, ...options.settings } })
  await app.server.ready()
  const namespace = app.emulator.namespace()
  namespace.setClock((clock) => clock.freeze(START))
  app.emulator.keepBaseline()
  t.teardown(() => app.close())

  const request: TestEmulator['request'] = async (method, url, body, headers = {}) => {
    const json = body !== undefined && typeof body !== 'string'
    const response = await app.server.inject({
      method: method as 'GET',
      url,
      headers: { ...(json ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body === undefined ? {} : { payload: json ? JSON.stringify(body) : (body as string) }),
    })
    const text = response.body
    return {
      status: response.statusCode,
      headers: response.headers,
      body: /json/.test(String(response.headers['content-type'])) && text !== '' ? JSON.parse(text) : text,
    }
  }

  const cognito = new Proxy({} as CognitoApi, {
    get: (_target, name: string) => async (input: unknown) => {
      const { status, body } = await request('POST', '/', JSON.stringify(input), {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AWSCognitoIdentityProviderService.${name}`,
      })
      if (status === 500) throw new Error(namespace.journal.list({ outcome: 'failed', limit: 1 })[0]?.error?.stack ?? 'failed')
      if (status !== 200) throw new Refused(status, body as { __type: string; message?: string })
      return body === '' ? undefined : body
    },
  })

  return {
    app,
    cognito,
    clock: { advance: (milliseconds) => namespace.setClock((clock) => clock.advance(milliseconds)) },
    outbox: namespace.outbox,
    request,
  }
}

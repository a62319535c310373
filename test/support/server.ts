import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

export interface Server {
  url: string
  child: ChildProcess
  /** Everything it printed so far, on both streams. */
  printed(): string
  /** Ends it by that signal and waits for its end. */
  kill(signal?: NodeJS.Signals): Promise<number | null>
}

/** `poolhouse start` as a process of its own, on a free port, ended with the test. */
export async function serve(t: Test, args: readonly string[]): Promise<Server> {
  const child = spawn(process.execPath, [...process.execArgv, main, 'start', '--port', '0', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const kill: Server['kill'] = async (signal = 'SIGTERM') => {
    child.kill(signal)
    return await ended
  }
  t.teardown(() => kill('SIGKILL'))
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      text += chunk.toString()
      const ready = /^poolhouse ready (\S+)$/m.exec(text)?.[1]
      if (ready !== undefined) resolve(ready)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    void ended.then((code) => reject(new Error(`ended with ${code} before it was ready:\n${text}`)))
  })
  return { url, child, printed: () => text, kill }
}

/** A folder that goes with the test. */
export function folder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'poolhouse-'))
  t.teardown(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A Cognito call by plain HTTP: throws what is refused, named by its type. */
export async function cognito<T = Record<string, never>>(url: string, name: string, input: unknown): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSCognitoIdentityProviderService.${name}` },
    body: JSON.stringify(input),
  })
  const text = await response.text()
  const body = text === '' ? undefined : JSON.parse(text)
  if (!response.ok) throw Object.assign(new Error(body.message), { name: body.__type })
  return body as T
}

/** A JSON request to any other door. */
export async function json<T = Record<string, unknown>>(url: string, method = 'GET', body?: unknown): Promise<{ status: number; body: T }> {
  const response = await fetch(url, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T }
}

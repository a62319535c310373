import type { Command } from 'commander'
import { DEFAULT_PORT, UsageError } from '../config.ts'

/** Where a verb finds the emulator that it talks to. */
export function reaching(command: Command): Command {
  const fallback = process.env.POOLHOUSE_URL ?? `http://127.0.0.1:${DEFAULT_PORT}`
  return command
    .option('--url <url>', "the emulator's base URL, or POOLHOUSE_URL", fallback)
    .option('--namespace <name>', 'the namespace meant')
}

/** A base URL as it was told, without slashes at its end. */
export function baseOf(url: string): string {
  const base = url.replace(/\/+$/, '')
  if (/^https?:\/\//.test(base) && URL.canParse(base)) return base
  throw new UsageError(`--url must be like http://127.0.0.1:${DEFAULT_PORT}, not "${url}"`)
}

/** The admin API of a running emulator. Its "no" is a mistake of the user, in its own sentence. */
export async function ask<T>(command: Command, method: string, path: string, body?: unknown): Promise<T> {
  const { url, namespace } = command.opts<{ url: string; namespace?: string }>()
  const base = baseOf(url)
  const headers = namespace === undefined ? {} : { 'x-poolhouse-namespace': namespace }
  let response: Response
  try {
    response = await fetch(`${base}/_${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  } catch {
    throw new UsageError(`no Poolhouse answers at ${base}: start one with \`poolhouse start\`, or say where it is with --url`)
  }
  if (!response.headers.has('x-poolhouse-emulator')) throw new UsageError(`${base} answers ${response.status}, and is no Poolhouse`)
  if (/sqlite/.test(response.headers.get('content-type') ?? '')) return Buffer.from(await response.arrayBuffer()) as T
  const text = await response.text()
  const answer: unknown = /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text
  if (response.ok) return answer as T
  const said = (answer as { error?: unknown } | null)?.error
  throw new UsageError(typeof said === 'string' ? said : `${base} answers ${response.status}`)
}

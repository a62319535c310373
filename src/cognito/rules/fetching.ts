import type { CognitoCall } from '../operation.ts'

/** What another server gave, or nothing but the word that it could not be reached. */
export type Fetched = { status: number; text: string } | { status: 0 }

const PATIENCE_MS = 5000
const MOST_BYTES = 1024 * 1024

/** A document of another server, asked for as all outside work is; asked again it is fetched again. */
export function fetched(call: CognitoCall, url: string): Fetched {
  return call.ask<Fetched>('cognito.fetch', { url })
}

/** Answers that question. */
export async function fetchText(url: string): Promise<Fetched> {
  if (!/^https?:\/\//i.test(url)) return { status: 0 }
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS), headers: { accept: '*/*' } })
    const text = await response.text()
    return { status: response.status, text: text.slice(0, MOST_BYTES) }
  } catch {
    return { status: 0 }
  }
}

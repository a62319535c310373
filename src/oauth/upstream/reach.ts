/** What an address answered, or why it did not. */
export type Reached = { status: number; text: string } | { unreached: string; how?: 'slow' | 'reset' }

export interface Asked {
  url: string
  method: 'GET' | 'POST'
  headers?: Readonly<Record<string, string>>
  form?: Readonly<Record<string, string>> | undefined
}

export type Reach = (asked: Asked) => Promise<Reached>

/** Has a request answered by this very process, without a connection. */
export type Inside = (request: { method: 'GET' | 'POST'; url: string; headers: Record<string, string>; body?: string }) => Promise<{
  status: number
  text: string
}>

const PATIENCE_MS = 5000
/** Whoever was there went away before answering. */
const RESET = ['ECONNRESET', 'UND_ERR_SOCKET']
const MOST_BYTES = 1024 * 1024

/** As many as the services follow. */
const MOST_REDIRECTS = 20

/**
 * Asks another server. Where it leads on, what is asked by GET is asked there, without what proves who asks if that is elsewhere; forms, in
 * which secrets are, go to the server that is named and no other. What is at `own`, the address that we were
 * called at, is ourselves: that is answered inside, so that it works behind any proxy, certificate or test without a port.
 */
export function reachFrom(own: string, inside: Inside): Reach {
  const reach = async ({ url, method, headers: given = {}, form }: Asked, hops: number): Promise<Reached> => {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return { unreached: `${url} is no address` }
    const body = form === undefined ? undefined : new URLSearchParams(form).toString()
    const headers = {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      ...given,
    }
    const { origin, pathname, search } = new URL(url)
    if (URL.canParse(own) && origin === new URL(own).origin) {
      // As it is written: what we say of ourselves there names the port that a URL would leave out.
      const host = /^https?:\/\/([^/?#]+)/i.exec(url)?.[1] ?? ''
      return await inside({ method, url: pathname + search, headers: { host, ...headers }, ...(body === undefined ? {} : { body }) })
    }
    const signal = AbortSignal.timeout(PATIENCE_MS)
    try {
      const response = await fetch(url, { method, headers, redirect: 'manual', signal, ...(body === undefined ? {} : { body }) })
      const on = method === 'GET' ? onwardOf(response, url) : undefined
      if (on !== undefined) {
        await response.body?.cancel()
        if (hops === MOST_REDIRECTS) return { unreached: `${url} leads on without end` }
        return await reach({ url: on, method, headers: new URL(on).origin === origin ? given : withoutProof(given) }, hops + 1)
      }
      const text = await bounded(response)
      return text === undefined ? { unreached: `${url} answered too much` } : { status: response.status, text }
    } catch (error) {
      const { cause, message } = error as Error & { cause?: NodeJS.ErrnoException }
      if (signal.aborted) return { unreached: `${url}: no answer in time`, how: 'slow' }
      const unreached = `${url}: ${cause?.message || cause?.code || message}`
      return RESET.includes(cause?.code ?? '') ? { unreached, how: 'reset' } : { unreached }
    }
  }
  return (asked) => reach(asked, 0)
}

function onwardOf({ status, headers }: Response, from: string): string | undefined {
  const to = headers.get('location')
  return to !== null && [301, 302, 303, 307, 308].includes(status) && URL.canParse(to, from) ? new URL(to, from).href : undefined
}

function withoutProof(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'))
}

async function bounded(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > MOST_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** How requests are sent: through the door of a test's emulator, or over the network. */
export type Send = (
  method: string,
  url: string,
  body: string | undefined,
  headers: Record<string, string>,
) => Promise<{ status: number; location: string | undefined; cookies: string[]; headers: Record<string, string>; text: string }>

export interface Seen {
  url: string
  status: number
  headers: Record<string, string>
  text: string
  /** Where it led away from the pages. */
  away: URL | undefined
  /** The test id of the page. */
  page: string | undefined
}

/** A browser without scripts: cookies, redirects within the site, forms. */
export class Browser {
  readonly cookies = new Map<string, string>()
  /** The `set-cookie` lines as they came. */
  readonly set: string[] = []
  readonly #send: Send
  readonly #site: string
  readonly #headers: Record<string, string>
  last: Seen | undefined

  constructor(send: Send, site: string, headers: Record<string, string> = {}) {
    this.#send = send
    this.#site = site
    this.#headers = headers
  }

  async go(url: string): Promise<Seen> {
    return await this.#follow('GET', url, undefined)
  }

  /** Sends a form of the page seen last, hidden fields included. */
  async submit(id: string, fields: Record<string, string> = {}): Promise<Seen> {
    const { text = '' } = this.last ?? {}
    const form = new RegExp(`<form method="post" action="([^"]*)" data-testid="form-${id}">([\\s\\S]*?)</form>`).exec(text)
    if (form === null) throw new Error(`no form ${id} on ${this.last?.url}\n${text}`)
    const [, action = '', inside = ''] = form
    const hidden = [...inside.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name = '', value = '']) => [
      unescaped(name),
      unescaped(value),
    ])
    const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...fields })
    return await this.#follow('POST', unescaped(action), body.toString())
  }

  /** A form of somebody else's page; as text where a field comes twice. */
  async post(url: string, fields: Readonly<Record<string, string | undefined>> | string): Promise<Seen> {
    if (typeof fields === 'string') return await this.#follow('POST', url, fields)
    const pairs = Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined)
    return await this.#follow('POST', url, new URLSearchParams(pairs).toString())
  }

  /** Follows a link of the page seen last. */
  async follow(id: string): Promise<Seen> {
    const href = new RegExp(`href="([^"]*)" data-testid="${id}"`).exec(this.last?.text ?? '')?.[1]
    if (href === undefined) throw new Error(`no link ${id} on ${this.last?.url}`)
    return await this.go(unescaped(href))
  }

  /** The text of what bears this test id. */
  text(id: string): string | undefined {
    const found = new RegExp(`data-testid="${id}"[^>]*>([^<]*)<`).exec(this.last?.text ?? '')?.[1]
    return found === undefined ? undefined : unescaped(found)
  }

  async #follow(method: string, url: string, body: string | undefined): Promise<Seen> {
    let to = url
    let how = method
    for (let hop = 0; hop < 10; hop++) {
      const sent = how === 'POST' ? body : undefined
      const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const headers = {
        ...this.#headers,
        ...(cookie === '' ? {} : { cookie }),
        ...(sent === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      }
      const answer = await this.#send(how, to, sent, headers)
      for (const line of answer.cookies) this.#keep(line)
      const away = answer.location !== undefined && !answer.location.startsWith(this.#site) ? new URL(answer.location) : undefined
      this.last = {
        url: to,
        status: answer.status,
        headers: answer.headers,
        text: answer.text,
        away,
        page: /data-testid="page-([^"]*)"/.exec(answer.text)?.[1],
      }
      if (answer.location === undefined || away !== undefined) return this.last
      to = answer.location
      how = 'GET'
    }
    throw new Error(`redirects without end from ${url}`)
  }

  #keep(line: string): void {
    this.set.push(line)
    const [pair = ''] = line.split(';')
    const at = pair.indexOf('=')
    const name = pair.slice(0, at)
    if (/; Max-Age=0(;|$)/.test(line)) this.cookies.delete(name)
    else this.cookies.set(name, pair.slice(at + 1))
  }
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
}

/** Over the network, redirects left to the browser. */
export const overNetwork: Send = async (method, url, body, headers) => {
  const response = await fetch(url, { method, headers, redirect: 'manual', ...(body === undefined ? {} : { body }) })
  return {
    status: response.status,
    location: response.headers.get('location') ?? undefined,
    cookies: response.headers.getSetCookie(),
    headers: Object.fromEntries(response.headers),
    text: await response.text(),
  }
}

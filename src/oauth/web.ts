import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Settings } from '../core/settings.ts'
import { namespaceOf, originOf } from '../http/origin.ts'

export type Params = Readonly<Record<string, string | undefined>>

/** What a browser or a client sent, as far as the protocol cares. */
export interface Web {
  method: string
  /** Without the query and without what named the namespace. */
  path: string
  /** As it came, without the question mark: pages hand it on from one to the next. */
  search: string
  query: Params
  form: Params
  /** Names that came more than once, in the query or in the form. */
  repeated: readonly string[]
  cookies: Params
  authorization: string | undefined
  /** The language that the browser asks for. */
  languages: string
  /** Host name and port that were addressed. */
  host: string
  /** The base URL that the browser is at, without a slash at the end. */
  site: string
}

/** A form is all that comes as `application/x-www-form-urlencoded`; another body is none. */
export function webOf(request: FastifyRequest, settings: Settings): Web {
  const [path = '/', ...rest] = request.url.split('?')
  const search = rest.join('?')
  const query = new URLSearchParams(search)
  const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '')
  return {
    method: request.method,
    path,
    search,
    query: Object.fromEntries([...query].reverse()),
    form: Object.fromEntries([...form].reverse()),
    repeated: [...repeatedIn(query), ...repeatedIn(form)],
    cookies: cookiesIn(request.headers.cookie ?? ''),
    authorization: request.headers.authorization,
    languages: String(request.headers['accept-language'] ?? ''),
    host: request.headers.host ?? 'localhost',
    site: siteOf(request, settings),
  }
}

/** Where pages are found: a public URL stands for the plain host, not for hosts that name whose pages they are. */
function siteOf(request: FastifyRequest, settings: Settings): string {
  const { host = 'localhost' } = request.headers
  return originOf(request, isDomainHost(host) ? { ...settings, publicUrl: undefined } : settings).base
}

/** `<name>.auth.localhost` or `<name>.auth.<region>.…`: the host names that vendors give their customers. */
const DOMAIN_HOST = /^[a-z0-9-]+\.auth\./i

export function isDomainHost(host: string): boolean {
  return DOMAIN_HOST.test(host)
}

/** The namespace by its name, as for any other request. */
export { namespaceOf }

/** What a request says: a parameter without a value is none (RFC 6749, 3.1 and 3.2). */
export function given(params: Params): Params {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== ''))
}

/** The names of those that come more than once. */
export function repeatedIn(params: URLSearchParams): string[] {
  const seen = new Set<string>()
  return [...new Set([...params.keys()].filter((name) => seen.size === seen.add(name).size))]
}

function cookiesIn(header: string): Params {
  const pairs = header.split(';').flatMap((pair) => {
    const at = pair.indexOf('=')
    return at === -1 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const]
  })
  return Object.fromEntries(pairs.reverse())
}

export interface Cookie {
  name: string
  /** '' takes the cookie away. */
  value: string
  /** Seconds; without it the cookie ends with the browser. */
  maxAge?: number
  /** Whether forms of other sites bring it along, which browsers allow over TLS only. */
  crossSite?: boolean
}

/** Out of reach of scripts and, unless they are to bring it, of other sites' forms; over TLS only, where there is TLS. */
export function setCookies(reply: FastifyReply, at: string, cookies: readonly Cookie[]): void {
  const { protocol, pathname } = new URL(at)
  const path = pathname.endsWith('/') ? pathname : `${pathname}/`
  for (const { name, value, maxAge, crossSite } of cookies) {
    const age = value === '' ? '; Max-Age=0' : maxAge === undefined ? '' : `; Max-Age=${maxAge}`
    const safe = protocol === 'https:'
    const site = safe && crossSite === true ? 'None' : 'Lax'
    reply.header('set-cookie', `${name}=${value}; Path=${path}${age}; HttpOnly${safe ? '; Secure' : ''}; SameSite=${site}`)
  }
}

/** An address with more in its query; values that are undefined are left out. */
export function withQuery(url: string, more: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(more).filter((pair): pair is [string, string] => pair[1] !== undefined)
  if (pairs.length === 0) return url
  return `${url}${url.includes('?') ? '&' : '?'}${new URLSearchParams(pairs).toString()}`
}

/** The same behind a `#`. */
export function withFragment(url: string, more: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(more).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return `${url}#${new URLSearchParams(pairs).toString()}`
}

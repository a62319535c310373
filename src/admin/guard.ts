import type { IncomingHttpHeaders } from 'node:http'
import type { Settings } from '../core/settings.ts'

/** Names that nobody else can register and point at this machine (RFC 6761, RFC 6762, ICANN's `.internal`), and addresses. */
const OWN = /^(?:[^.]+|.+\.(?:localhost|local|internal|test|home\.arpa)|\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:.]+\])$/i
const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i

export type Known = Pick<Settings, 'publicUrl' | 'issuerAliases' | 'names'>

export interface Visitor {
  method: string
  headers: IncomingHttpHeaders
}

/**
 * Why a request to the emulator's own API is not answered, if it is not. A page of another site may neither change nor read anything
 * here: not from its own address, which browsers tell as its origin, and not by a name of its own that it points at this machine.
 */
export function guarded({ method, headers }: Visitor, known: Known): string | undefined {
  const { host, origin } = headers
  if (origin !== undefined && isForeign(origin, host, known)) return `pages of ${origin} may not ${deed(method)} anything here`
  if (host !== undefined && host !== '' && !isOurs(host, known)) {
    return `${host} is not known to be a name of this emulator: start it with --issuer-aliases http://${host}`
  }
  if (origin !== undefined) return undefined
  // Without an origin come programs, and what a browser fetches for a page without showing it the answer; links may be followed.
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode } = headers
  if (site !== 'cross-site' || (reads(method) && mode === 'navigate')) return undefined
  return `pages of other sites may not ${deed(method)} anything here`
}

/** Whether the pages of this origin may see answers. */
export function maySee(origin: string | undefined, host: string | undefined, known: Known): boolean {
  return origin !== undefined && !isForeign(origin, host, known)
}

function reads(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

function deed(method: string): string {
  return reads(method) ? 'read' : 'change'
}

function isOurs(host: string, { publicUrl, issuerAliases, names }: Known): boolean {
  const hostname = /[@/?#\\]/.test(host) || !URL.canParse(`http://${host}`) ? '' : new URL(`http://${host}`).hostname
  if (hostname === '') return false
  if (OWN.test(hostname) || names.includes(hostname)) return true
  return [publicUrl, ...issuerAliases].some((url) => url !== undefined && new URL(url).hostname === hostname)
}

/** This machine's own pages are not, nor are those served from the address that they call. */
function isForeign(origin: string, host: string | undefined, known: Known): boolean {
  if (!URL.canParse(origin)) return true
  const { hostname, host: site } = new URL(origin)
  if (LOOPBACK.test(hostname)) return false
  if ([known.publicUrl, ...known.issuerAliases].some((url) => url !== undefined && new URL(url).origin === origin)) return false
  return site !== host || !isOurs(host, known)
}

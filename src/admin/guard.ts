import type { FastifyRequest } from 'fastify'

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/i

/**
 * Whether a page of another site is behind this request: no such page may change anything here. This machine's own pages may, and
 * pages served from the address they call, unless that is a public name (which its owner could point at this machine).
 */
export function isForeign({ headers }: Pick<FastifyRequest, 'headers'>, publicUrl: string | undefined): boolean {
  const { origin, host } = headers
  if (origin === undefined) return false
  if (!URL.canParse(origin)) return true
  const { hostname, host: site } = new URL(origin)
  if (LOOPBACK.test(hostname)) return false
  if (publicUrl !== undefined && new URL(publicUrl).origin === origin) return false
  return !(site === host && (ADDRESS.test(hostname) || !hostname.includes('.')))
}

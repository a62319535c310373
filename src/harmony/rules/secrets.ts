/** Names of members that no journal shows. A page holds the ticket that it was opened with. */
const SECRETS = new Set(['password', 'client_secret', 'secret', 'access_token', 'refresh_token', 'id_token', 'ticket', 'html'])

export function mask(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/(?<=[?&]ticket=)[^&]+/g, '***')
  if (Array.isArray(value)) return value.map(mask)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, SECRETS.has(key) ? '***' : mask(item)]))
}

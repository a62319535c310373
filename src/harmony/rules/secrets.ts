/** Names of members that no journal shows. */
const SECRETS = new Set(['password', 'client_secret', 'secret', 'access_token', 'refresh_token', 'id_token', 'ticket'])

export function mask(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mask)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, SECRETS.has(key) ? '***' : mask(item)]))
}

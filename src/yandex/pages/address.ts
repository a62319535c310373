import type { Visit } from '../../oauth/index.ts'

/** A page with the same request. */
export function address({ web }: Visit, path: string, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(web.search)
  query.delete('done')
  for (const [name, value] of Object.entries(more)) query.set(name, value)
  return `${web.site}${path}?${query.toString()}`
}

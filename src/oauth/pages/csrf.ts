import { timingSafeEqual } from 'node:crypto'
import type { Call } from '../../core/call.ts'
import type { Quirks } from '../realm.ts'
import type { Cookie, Web } from '../web.ts'

/** What bears a name for the cookie. */
type Named = { quirks: Pick<Quirks, 'csrfCookie'> }

/** A form is taken only from a page of ours: it brings the secret that the page left in a cookie of its browser (double submit). */
export function csrfOf(call: Call, realm: Named, web: Web): { secret: string; cookies: Cookie[] } {
  const known = web.cookies[realm.quirks.csrfCookie]
  if (known !== undefined && FORM.test(known)) return { secret: known, cookies: [] }
  const secret = call.random.uuid()
  return { secret, cookies: [{ name: realm.quirks.csrfCookie, value: secret }] }
}

const FORM = /^[0-9a-f-]{36}$/

export function isGenuine(realm: Named, web: Web): boolean {
  const cookie = Buffer.from(web.cookies[realm.quirks.csrfCookie] ?? '')
  const sent = Buffer.from(web.form._csrf ?? '')
  return cookie.length > 0 && cookie.length === sent.length && timingSafeEqual(cookie, sent)
}

import type { Call } from '../../core/call.ts'
import type { Realm } from '../realm.ts'
import type { Cookie, Web } from '../web.ts'
import { languageOf, sayIn } from './languages.ts'
import { type Document, plainPage } from './visit.ts'

/** Tells the error page, across a redirect, what is wrong in words; the address says only what the vendor's says. */
const REASON_COOKIE = 'poolhouse-reason'
const SECONDS = 60

export function reasonCookie(reason: string): Cookie {
  return { name: REASON_COOKIE, value: Buffer.from(reason.slice(0, 1500)).toString('base64url'), maxAge: SECONDS }
}

/** What each error means, for a developer who came without the reason, which says what it means here. */
const MEANINGS: Readonly<Record<string, string>> = {
  redirect_mismatch: 'The redirect_uri or logout_uri of the request is not registered with the client, to the letter.',
  invalid_client: 'There is no such client here.',
  invalid_request: 'A parameter is missing or malformed.',
  unauthorized_client: 'The client is not made for this flow.',
  invalid_scope: 'The client may not ask for one of the scopes.',
  access_denied: 'The application may not be entered like this.',
  server_error: 'The emulator could not do this.',
}

/** The page that explains to a developer what cannot be told to the client. */
export function explain(call: Call, realm: Realm, web: Web): Document {
  const say = sayIn(languageOf(web))
  const { error = 'server_error' } = web.query
  const kept = web.cookies[REASON_COOKIE]
  const reason = kept === undefined ? undefined : Buffer.from(kept, 'base64url').toString('utf8')
  const meaning = Object.hasOwn(MEANINGS, error) ? MEANINGS[error] : undefined
  const more = [reason ?? meaning].filter((text) => text !== undefined)
  const document = plainPage(call, realm, web, { id: 'error', title: say('error'), error, more, forms: [] }, 400)
  return { ...document, cookies: [...document.cookies, { name: REASON_COOKIE, value: '' }] }
}

import { Call } from '../../core/call.ts'
import type { Callable } from '../../core/run.ts'
import type { Leading } from '../authorize/index.ts'
import { askedAt, introduction } from '../authorize/index.ts'
import type { OAuthClient, Realm } from '../realm.ts'
import { refuse } from '../refusal.ts'
import type { Cookie, Web } from '../web.ts'
import { csrfOf, isGenuine } from './csrf.ts'
import { isKnown, languageOf, sayIn } from './languages.ts'
import type { Dress, LinkRoute, Page, PageRoute, Shown, Visit } from './page.ts'
import { render } from './template.ts'

/** A page ready to be sent. */
export interface Document {
  html: string
  policy: string
  status: number
  cookies: readonly Cookie[]
}

export type PageAnswer = Document | Leading

/** Asks a page to show itself, with what was refused if its form was. */
export function showing(realm: Realm, route: PageRoute, web: Web, refused?: Visit['refused']): Callable<unknown, PageAnswer> {
  return {
    room: realm.room,
    name: route.name,
    admit: (input) => input,
    mask,
    handle: (_input, context) => {
      const call = new Call(context)
      const visit = visitOf(call, realm, web, route, refused)
      return dressed(visit, route.show(visit))
    },
  }
}

/** Does what a page's form asks for. */
export function submitting(realm: Realm, route: PageRoute, web: Web): Callable<unknown, PageAnswer> {
  return {
    room: realm.room,
    name: route.name,
    admit: (input) => input,
    mask,
    handle: (_input, context) => {
      const call = new Call(context)
      const visit = visitOf(call, realm, web, route)
      if (!isGenuine(realm, web)) return refuse('access_denied', STALE)
      const submit = route.submit ?? (() => refuse('invalid_request', 'The page has no form.'))
      return dressed(visit, submit(visit))
    },
  }
}

/** Opens a link of a message, or tells why that was refused. */
export function opening(realm: Realm, route: LinkRoute, web: Web, refused?: Visit['refused']): Callable<unknown, Document> {
  return {
    room: realm.room,
    name: route.name,
    admit: (input) => input,
    mask,
    handle: (_input, context) => {
      const call = new Call(context)
      if (refused === undefined) return plainPage(call, realm, web, route.open(call, web), 200)
      const say = sayIn(languageOf(web))
      const key = realm.words(refused)
      const page = { id: 'link', title: say('linkInvalid'), error: key === undefined ? refused.message : say(key), forms: [] }
      return plainPage(call, realm, web, page, 400)
    },
  }
}

function visitOf(call: Call, realm: Realm, web: Web, { alone }: PageRoute, refused?: Visit['refused']): Visit {
  const asked = alone === true ? introduction(call, realm, web) : askedAt(call, realm, web)
  const plain = realm.translates?.(call, web, asked.client) === false
  return { call, realm, web: plain ? { ...web, languages: '', query: { ...web.query, lang: undefined } } : web, asked, refused }
}

/** What a page of ours says of a form that is not its own; told apart from the protocol's refusals by its text. */
export const STALE = 'The form was not sent from this page.'

function dressed({ call, realm, web, asked, refused }: Visit, answer: Shown | Leading): PageAnswer {
  if ('to' in answer) return answer
  const { dress, cookies } = dressOf(call, realm, web, realm.look(call, asked.client))
  const key = refused === undefined ? undefined : realm.words(refused)
  const error = answer.page.error ?? (key === undefined ? refused?.message : dress.say(key))
  const wrong = answer.page.wrong ?? (refused === undefined ? undefined : realm.blames?.(refused))
  const { html, policy } = render({ ...answer.page, error, wrong }, dress, [targetOf(asked.redirectUri), ...(answer.page.targets ?? [])])
  const status = answer.status ?? (refused === undefined ? 200 : 400)
  return { html, policy, status, cookies: [...cookies, ...(answer.cookies ?? [])] }
}

/** A page that nobody is authorized at: about something that is wrong, or something that is done. */
export function plainPage(call: Call, realm: Realm, web: Web, page: Page, status: number): Document {
  const id = web.query.client_id
  const client = id === undefined ? undefined : realm.client(call, web, id)
  return standalone(call, realm, web, page, { status, client })
}

/** A page that no authorization request stands behind: another protocol's. */
export function standalone(
  call: Call,
  realm: Realm,
  web: Web,
  page: Page,
  { status = 200, client, targets }: { status?: number; client?: OAuthClient | undefined; targets?: readonly string[] | 'anywhere' } = {},
): Document {
  const { dress, cookies } = dressOf(call, realm, web, realm.look(call, client))
  return { ...render(page, dress, targets), status, cookies }
}

function dressOf(call: Call, realm: Realm, web: Web, look: Dress['look']): { dress: Dress; cookies: Cookie[] } {
  const language = languageOf(web)
  const { secret, cookies } = csrfOf(call, realm, web)
  const chosen = choiceOf(realm, web, language)
  return {
    dress: { look, say: sayIn(language), language, csrf: secret, site: web.site, path: web.path, search: web.search },
    cookies: chosen === undefined ? cookies : [...cookies, chosen],
  }
}

/** A language that the address names is kept for pages whose address does not. */
function choiceOf({ quirks: { languageCookie: name } }: Realm, { query, cookies }: Web, language: string): Cookie | undefined {
  if (name === undefined || query.lang === undefined || cookies[name] === language) return undefined
  return isKnown(query.lang) ? { name, value: language } : undefined
}

/** Browsers hold the answers to forms, too, to the policy about where forms go. */
export function targetOf(redirectUri: string): string {
  const { protocol, origin } = new URL(redirectUri)
  return protocol === 'http:' || protocol === 'https:' ? origin : protocol
}

const SECRET = /password|secret|code|token|_csrf|session|^saml/i

/** Hides what nobody should read in a journal. */
export function mask(value: unknown, side: 'input' | 'output'): unknown {
  if (side === 'output') return undefined
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, SECRET.test(name) && !PLAIN.has(name) ? '***' : text]))
}

const PLAIN = new Set(['code_challenge', 'code_challenge_method'])

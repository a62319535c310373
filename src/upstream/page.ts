import type { Call } from '../core/call.ts'
import { csrfOf, isGenuine } from '../oauth/pages/csrf.ts'
import { languageOf, type Say, sayIn } from '../oauth/pages/languages.ts'
import type { Field, Form, Page } from '../oauth/pages/page.ts'
import { render } from '../oauth/pages/template.ts'
import type { Cookie, Web } from '../oauth/web.ts'
import { everybody, keep, named, type Someone, shownName } from './people.ts'
import { HINT, type Party } from './registry.ts'

export interface Document {
  html: string
  policy: string
  status: number
  cookies: readonly Cookie[]
}

const QUIRKS = { quirks: { csrfCookie: 'poolhouse-upstream' } }
const PREFIX = 'claim.'
const MOST_SHOWN = 20

/** The page on which one is anybody: earlier people to pick from, and a form for whoever one wants to be. */
export function ask(call: Call, party: Party, web: Web, wrong?: string): Document {
  const say = sayIn(languageOf(web))
  const hint = web.query.login_hint ?? web.query[HINT]
  const hinted = hint === undefined ? undefined : named(call, party.issuer, hint)
  const known = everybody(call, party.issuer).slice(-MOST_SHOWN)
  const page: Page = {
    id: 'upstream',
    title: say('upstreamTitle', { name: party.title }),
    lead: say('upstreamLead', { name: party.title }),
    error: wrong,
    forms: [...known.map((someone) => pick(someone, say)), formOf(call, party, web, hinted, say), deny(say)],
  }
  return dressed(call, party.title, web, page, wrong === undefined ? 200 : 400)
}

/** What cannot be told to whoever relies on us, for a developer. */
export function complain(call: Call, web: Web, error: string, reason: string): Document {
  const say = sayIn(languageOf(web))
  return dressed(call, 'Upstream', web, { id: 'upstream-error', title: say('error'), error, lead: reason, forms: [] }, 400)
}

/** An answer that goes to an address by a form: at once, or by a button where no script runs. */
export function posting(call: Call, party: Party, web: Web, to: string, hidden: Record<string, string>): Document {
  const say = sayIn(languageOf(web))
  const form: Form = { id: 'answer', away: to, fields: [], hidden, submit: say('next') }
  const title = say('upstreamTitle', { name: party.title })
  return dressed(call, party.title, web, { id: 'upstream-answer', title, hurries: true, forms: [form] }, 200)
}

function dressed(call: Call, name: string, web: Web, page: Page, status: number): Document {
  const language = languageOf(web)
  const { secret, cookies } = csrfOf(call, QUIRKS, web)
  const look = { name, css: '', classes: {} }
  // Its forms lead on to whoever relies on it, and from there to applications anywhere.
  const dress = { look, say: sayIn(language), language, csrf: secret, site: web.site, path: web.path, search: web.search }
  return { ...render(page, dress, 'anywhere'), status, cookies }
}

function pick(someone: Someone, say: Say): Form {
  const text = say('continueAs', { name: shownName(someone) })
  return { id: `person-${someone.id}`, fields: [], hidden: { person: someone.id }, submit: text, secondary: true }
}

function deny(say: Say): Form {
  return { id: 'deny', fields: [], hidden: { action: 'deny' }, submit: say('upstreamDeny'), secondary: true }
}

function formOf(call: Call, party: Party, web: Web, someone: Someone | undefined, say: Say): Form {
  const before = (name: string): string | undefined => web.form[name]
  const fields = party.claims.map((name): Field => {
    const value = before(PREFIX + name) ?? told(someone?.claims[name])
    const type = name === 'email' ? 'email' : 'text'
    return { name: PREFIX + name, label: name, type, required: false, value: value ?? (FLAG.test(name) ? 'true' : undefined) }
  })
  const id: Field = { name: 'id', label: party.subject, value: before('id') ?? someone?.id ?? party.newId(call) }
  const more: Field = { name: 'more', label: say('upstreamMore'), required: false, hint: '{"groups": ["a", "b"]}', value: before('more') }
  return { id: 'anybody', fields: [id, ...fields, more], submit: say('signIn') }
}

function told(value: unknown): string | undefined {
  return value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value)
}

const FLAG = /_verified$/

export type Chosen = { someone: Someone } | { denied: true } | { wrong: string }

/** Who was chosen on the page. Whoever is new, or is told otherwise, is kept. */
export function choose(call: Call, party: Party, web: Web): Chosen {
  const say = sayIn(languageOf(web))
  if (!isGenuine(QUIRKS, web)) return { wrong: say('stale') }
  const { action, person, id = '', more = '' } = web.form
  if (action === 'deny') return { denied: true }
  if (person !== undefined) {
    const known = named(call, party.issuer, person)
    return known === undefined ? { wrong: say('upstreamNobody') } : { someone: known }
  }
  if (id.trim() === '') return { wrong: say('upstreamNobody') }
  const extra = more.trim() === '' ? {} : objectIn(more)
  if (extra === undefined) return { wrong: say('upstreamNoJson') }
  const claims = Object.entries(web.form).flatMap(([name, value]) => {
    if (!name.startsWith(PREFIX) || value === undefined || value === '') return []
    const claim = name.slice(PREFIX.length)
    return [[claim, FLAG.test(claim) && /^(true|false)$/.test(value) ? value === 'true' : value] as const]
  })
  return { someone: keep(call, party.issuer, { id: id.trim(), claims: { ...Object.fromEntries(claims), ...extra } }) }
}

/** Somebody whom the request names, where nobody is to be asked. */
export function instant(call: Call, party: Party, web: Web): Someone | undefined {
  const { login_hint: hint = web.query[HINT], prompt } = web.query
  // Whoever is to be asked, is asked.
  return party.instant && prompt === undefined && hint !== undefined ? named(call, party.issuer, hint) : undefined
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

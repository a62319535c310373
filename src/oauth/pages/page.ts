import type { Call } from '../../core/call.ts'
import type { Authorization } from '../authorize/check.ts'
import type { Leading } from '../authorize/index.ts'
import type { Realm } from '../realm.ts'
import type { Cookie, Web } from '../web.ts'
import type { Say } from './languages.ts'

/** The pages of a vendor, by path. */
export type Pages = Readonly<Record<string, PageRoute>>

/** One page: what it shows, and what it does with its form. Each is one call. */
export interface PageRoute {
  /** For the journal and for faults. */
  name: string
  /** Names a client and one of its addresses, and asks for no authorization beyond that. */
  alone?: true
  show(visit: Visit): Shown | Leading
  /** A refusal by the vendor's rules shows the page again, with what was wrong. */
  submit?(visit: Visit): Shown | Leading
}

/** A page that a link in a message leads to: what the link is for is done at once, and the page says so. */
export interface LinkRoute {
  /** For the journal and for faults. */
  name: string
  open(call: Call, web: Web): Page
}

/** Somebody at a page, with a request for authorization that was checked anew. */
export interface Visit {
  call: Call
  realm: Realm
  web: Web
  asked: Authorization
  /** What was wrong with the form that was sent. */
  refused?: { name: string; message: string } | undefined
}

export interface Shown {
  page: Page
  status?: number
  cookies?: readonly Cookie[] | undefined
}

/** What a page says and asks, as data: texts are plain, the template escapes them. */
export interface Page {
  /** Stable, for tests: `login`. */
  id: string
  title: string
  lead?: string | undefined
  notice?: string | undefined
  error?: string | undefined
  /** The field that the error is about: the end of its name. Of all of them if it is not said. */
  wrong?: string | undefined
  /** Paragraphs that explain. */
  more?: readonly string[] | undefined
  forms: readonly Form[]
  /** The first form is sent at once where scripts run; its button is for where they do not. */
  hurries?: boolean | undefined
  links?: readonly Link[] | undefined
  /** What a person agrees to by going on. */
  legal?: readonly Link[] | undefined
  /** A picture of ours and what it says. */
  figure?: { svg: string; label: string; text: string } | undefined
  details?: { id: string; summary: string; links: readonly Link[] } | undefined
  /** Origins that its forms may lead to, beside our own and the client's. */
  targets?: readonly string[] | undefined
}

export interface Link {
  /** Stable, for tests. */
  id: string
  text: string
  href: string
}

export interface Form {
  id: string
  /** A path of the pages; the page's own unless said otherwise. */
  action?: string | undefined
  /** An address of another site: it gets these fields and nothing of ours. */
  away?: string | undefined
  fields: readonly Field[]
  hidden?: Readonly<Record<string, string>> | undefined
  submit: string
  secondary?: boolean | undefined
  /** Set off from the form before it by an "or". */
  apart?: boolean | undefined
  /** It is sent with what an authenticator made or signed. The one kind of form that needs a script. */
  passkey?: PasskeyUse | undefined
}

export interface PasskeyUse {
  /** As `navigator.credentials` calls it. */
  doing: 'create' | 'get'
  /** Of the browser's call, bytes as base64url. */
  options: string
}

export interface Field {
  name: string
  label: string
  type?: 'text' | 'password' | 'email' | 'tel' | 'radio' | 'date'
  value?: string | undefined
  autocomplete?: string
  inputmode?: 'numeric' | 'email' | 'tel' | 'url'
  hint?: string | undefined
  required?: boolean
  /** Of a choice. */
  options?: readonly { value: string; label: string }[]
}

/** What a vendor's settings make of the pages' look. */
export interface Look {
  /** Said in the title and instead of a logo. */
  name: string
  /** Data URLs. */
  logo?: string | undefined
  icon?: string | undefined
  /** Whether people may choose the language on the page. */
  languages?: boolean | undefined
  /** Style sheets behind our own. */
  css: string
  /** Class names that the vendor's style sheets speak of, by part of the page. */
  classes: Readonly<Partial<Record<Part, string>>>
}

export type Part = 'background' | 'banner' | 'logo' | 'label' | 'input' | 'submit' | 'error' | 'text' | 'legal' | 'link'

/** How a page is dressed: what the template needs beside the page. */
export interface Dress {
  look: Look
  say: Say
  language: string
  csrf: string
  /** Where its forms go unless they say otherwise, and the query that every page hands on. */
  site: string
  path: string
  search: string
}

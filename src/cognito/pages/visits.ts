import { worksAt } from '../../directory/passkeys.ts'
import {
  keepStep,
  type Leading,
  type Link,
  languageOf,
  type Page,
  refuse,
  type Say,
  type Shown,
  sayIn,
  signedIn,
  stepOf,
  type Visit,
} from '../../oauth/index.ts'
import { CognitoCall } from '../call.ts'
import type { ChallengeNameType } from '../contract/types.ts'
import { invoke } from '../invoke.ts'
import { type Client, clients, type Domain, domains, type Pool, pools, terms, type User } from '../records.ts'
import { secretHash } from '../rules/clients/secret-hash.ts'
import { secretsOf } from '../rules/clients/secrets.ts'
import { allowedFactors } from '../rules/factors/first-factors.ts'
import { passkeysOf, relyingParty } from '../rules/factors/passkeys.ts'
import { brandingOf } from '../rules/look/branding.ts'
import type { Factors } from '../rules/sign-in/assurance.ts'
import type { PageStep } from '../rules/sign-in/page-sign-in.ts'

/** What every page of ours starts from. */
export interface Here {
  call: CognitoCall
  pool: Pool
  client: Client
  say: Say
}

export function here(visit: Visit): Here {
  const call = new CognitoCall(visit.call.context, 'Pages')
  const { id, pool: poolId } = visit.asked.client
  const pool = pools.get(call, '', poolId)
  const client = clients.get(call, poolId, id)
  if (pool === undefined || client === undefined) return refuse('invalid_client', `There is no client ${id}.`)
  return { call, pool, client, say: sayIn(languageOf(visit.web)) }
}

/** The domain whose pages these are; at the emulator's plain address they are nobody's. */
function domainOf(call: CognitoCall, pool: Pool, host: string): Domain | undefined {
  const name = nameOf(host)
  const prefix = name.split('.', 1)[0] ?? ''
  return domains.get(call, pool.Id, name) ?? (name.includes('.auth.') ? domains.get(call, pool.Id, prefix) : undefined)
}

/** The pages as they were before managed login know passwords only (guide, managed login; (?) that one-time passwords are missing, too). */
export function isClassic(visit: Visit, at: Here): boolean {
  return isClassicAt(at.call, at.pool, visit.web.host)
}

export function isClassicAt(call: CognitoCall, pool: Pool, host: string): boolean {
  return domainOf(call, pool, host)?.ManagedLoginVersion === 1
}

/** Managed login shows nothing without a style (G9). */
export function unavailable(visit: Visit, at: Here): Shown | undefined {
  const { call, pool, client, say } = at
  if (domainOf(call, pool, visit.web.host)?.ManagedLoginVersion !== 2 || brandingOf(call, pool, client) !== undefined) return undefined
  const error = 'Login pages unavailable. Please contact an administrator.'
  const more = [
    `The domain has ManagedLoginVersion 2, and the client ${client.ClientId} has no style: CreateManagedLoginBranding makes one.`,
  ]
  return { page: { id: 'unavailable', title: say('error'), error, more, forms: [] }, status: 403 }
}

/** How far a sign-in has come between two pages. */
export interface Step {
  challenge: ChallengeNameType
  session: string
  username: string
  parameters: Record<string, string>
  available: string[]
  /** Whether the account has just been made here. */
  fresh?: boolean | undefined
}

function isFresh(visit: Visit): boolean {
  return visit.web.query.done === 'confirmed' || stepOf<Partial<Step>>(visit)?.fresh === true
}

export function requireStep(visit: Visit, ...challenges: ChallengeNameType[]): Step | undefined {
  const step = stepOf<Step>(visit)
  return step !== undefined && challenges.includes(step.challenge) ? step : undefined
}

/** The way back to the start for somebody whose way is lost: cookies gone, too late, another tab. */
export function backToStart(visit: Visit): Leading {
  return { to: address(visit, '/login') }
}

/** The page that mends what a sign-in was refused for. */
export function detour(visit: Visit, username: string): Leading | undefined {
  const name = visit.refused?.name
  if (name === 'UserNotConfirmedException') return { to: address(visit, '/confirm', { username, done: 'unconfirmed' }) }
  if (name === 'PasswordResetRequiredException') return { to: address(visit, '/confirmforgotPassword', { username, done: 'required' }) }
  return undefined
}

/** Where the page of each challenge is. */
const PAGES: Readonly<Partial<Record<ChallengeNameType, string>>> = {
  SELECT_CHALLENGE: '/choose',
  PASSWORD: '/choose',
  WEB_AUTHN: '/choose',
  NEW_PASSWORD_REQUIRED: '/changePassword',
  MFA_SETUP: '/mfa/setup',
}

/** On from a step of the engine: back to the client, or to the page of the next challenge. */
export function advance(visit: Visit, username: string, step: PageStep): Leading {
  if ('arrived' in step) return welcome(visit, step.arrived, step.proof)
  const { ChallengeName, Session = '', ChallengeParameters = {}, AvailableChallenges = [] } = step.challenge
  if (ChallengeName === undefined) throw new Error('the engine led neither to a challenge nor to an end')
  return proceedTo(visit, PAGES[ChallengeName] ?? '/mfa', {
    challenge: ChallengeName,
    session: Session,
    username,
    parameters: ChallengeParameters,
    available: AvailableChallenges,
    ...(isFresh(visit) ? { fresh: true } : {}),
  })
}

/** Somebody whose first sign-in here waits while a passkey is offered: where it leads then. */
export interface Offer {
  offered: string
  to: string
}

/** Back to the client; who has just signed up is offered a passkey first (guide, registering a passkey with managed login). */
function welcome(visit: Visit, user: User, proof: Factors): Leading {
  const { call, realm, asked } = visit
  const led = signedIn(call, realm, asked, user.sub, { proof })
  const at = here(visit)
  if (!isFresh(visit) || !mayAddPasskey(visit, at) || passkeysOf(at.call, at.pool, user).length > 0) return led
  const offer: Offer = { offered: user.sub, to: led.to }
  return { to: address(visit, '/passkeys/add'), cookies: [...(led.cookies ?? []), keepStep(visit, offer)] }
}

function mayAddPasskey(visit: Visit, at: Here): boolean {
  const { call, pool } = at
  if (isClassic(visit, at) || !allowedFactors(pool).includes('WEB_AUTHN')) return false
  return worksAt(hostOf(visit), relyingParty(call, pool) ?? '')
}

/** The name that the page was asked for by. */
export function hostOf({ web }: Visit): string {
  return nameOf(web.host)
}

function nameOf(host: string): string {
  return host.toLowerCase().split(':', 1)[0] ?? ''
}

export function proceedTo(visit: Visit, path: string, step: Step): Leading {
  return { to: address(visit, path), cookies: [keepStep(visit, step)] }
}

/** A page with the same request for authorization. */
export function address({ web }: Visit, path: string, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(web.search)
  for (const name of PASSING) query.delete(name)
  for (const [name, value] of Object.entries(more)) query.set(name, value)
  return `${web.site}${path}?${query.toString()}`
}

/** What one page tells the next and nobody after it. */
const PASSING = ['username', 'done', 'sent_to']

/** An operation on behalf of the client, whose secret the service's own pages know. */
export function perform<T>({ call, client }: Here, name: string, username: string, input: Record<string, unknown>): T {
  const [secret] = secretsOf(client)
  const hash = secret === undefined ? {} : { SecretHash: secretHash(secret, username, client.ClientId) }
  return invoke(name, { ClientId: client.ClientId, Username: username, ...hash, ...input }, call.context) as T
}

/** How many kinds of terms there are: none is shown before there is one of each (reference, CreateTerms). */
const KINDS = 2

/** The client's terms, in the language of the page where there are any in it. The classic pages show none. */
export function legalOf(visit: Visit, at: Here): Page['legal'] {
  const { call, pool, client, say } = at
  const language = LANGUAGES[languageOf(visit.web)] ?? ''
  const links = terms
    .all(call, pool.Id)
    .filter(({ ClientId, Links }) => ClientId === client.ClientId && Links !== undefined)
    .flatMap(({ TermsName, Links = {} }): Link[] => {
      const href = Links[language] ?? Links['cognito:default']
      const text = TermsName === 'privacy-policy' ? say('privacy') : say('terms')
      return href === undefined ? [] : [{ id: TermsName, text, href }]
    })
  return links.length < KINDS || isClassic(visit, at) ? undefined : links
}

const LANGUAGES: Readonly<Record<string, string>> = {
  en: 'cognito:english',
  de: 'cognito:german',
  es: 'cognito:spanish',
  ja: 'cognito:japanese',
}

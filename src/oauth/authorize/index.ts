import type { Call } from '../../core/call.ts'
import { issueCode } from '../codes.ts'
import type { Person, Realm } from '../realm.ts'
import { openSession, type Proven, startSession } from '../sessions.ts'
import { type Cookie, given, type Web, withFragment, withQuery } from '../web.ts'
import acrValues from './acr-values.ts'
import { type Authorization, type Check, errorAt, type ResponseType, refuseBack } from './check.ts'
import client from './client.ts'
import codeChallenge from './code-challenge.ts'
import maxAge from './max-age.ts'
import prompt from './prompt.ts'
import redirectUri from './redirect-uri.ts'
import repeated from './repeated.ts'
import resource from './resource.ts'
import responseType from './response-type.ts'
import scope from './scope.ts'
import served from './served.ts'

const BOTH: readonly ResponseType[] = ['code', 'token']

type Row = readonly [check: Check, types: readonly ResponseType[]]

/** One row per check, in the order in which a request is told what is wrong with it, and for which response types it holds. */
const matrix: readonly Row[] = [
  // Whoever fails these two is told on a page of ours; the others are answered at the client's address.
  [client, BOTH],
  [redirectUri, BOTH],
  [repeated, BOTH],
  [responseType, BOTH],
  [scope, BOTH],
  [codeChallenge, BOTH],
  [prompt, BOTH],
  [maxAge, BOTH],
  [acrValues, BOTH],
  [resource, BOTH],
  [served, BOTH],
]

/** The request as checked, or the refusal of the first check that it fails. */
export function authorization(call: Call, realm: Realm, web: Web): Authorization {
  const params = given(web.query)
  const plain = { state: params.state, nonce: params.nonce, params }
  let found: Partial<Authorization> = plain
  for (const [check, types] of matrix) {
    if (found.responseType !== undefined && !types.includes(found.responseType)) continue
    found = { ...found, ...check({ call, realm, web, params, found }) }
  }
  return found as Authorization
}

/** What remains where nobody is to be authorized: a client that is known, and one of its own addresses to go back to. */
export function introduction(call: Call, realm: Realm, web: Web): Authorization {
  const params = given(web.query)
  const found = client({ call, realm, web, params, found: {} })
  const address = redirectUri({ call, realm, web, params, found })
  const plain: Pick<Authorization, 'responseType' | 'scopes' | 'prompts' | 'params'> = {
    responseType: 'code',
    scopes: [],
    prompts: new Set<string>(),
    params,
  }
  return { ...plain, ...found, ...address } as Authorization
}

/** What the pages were opened for: an authorization request, or what another protocol left there. */
export function askedAt(call: Call, realm: Realm, web: Web): Authorization {
  return realm.asked?.(call, web) ?? authorization(call, realm, web)
}

/** Where the browser goes: back to the client with its answer if somebody is signed in already, else to where people sign in. */
export function authorize(call: Call, realm: Realm, web: Web): Leading {
  const asked = authorization(call, realm, web)
  const instant = realm.instant?.(call, asked)
  if (instant !== undefined) return signedIn(call, realm, asked, instant)
  const session = usableSession(call, realm, asked, web)
  const anyway = realm.asksAnyway?.(call, asked) ?? asked.prompts.has('select_account')
  if (session !== undefined && !anyway) return { to: conclude(call, realm, asked, session) }
  if (asked.prompts.has('none')) {
    refuseBack({ call, realm, web, params: asked.params, found: asked }, 'login_required', 'Nobody is signed in.')
  }
  return realm.elsewhere?.(call, web, asked) ?? { to: `${web.site}${realm.entrance(call, asked)}?${web.search}` }
}

/** Who is signed in at this browser, unless the request wants everybody or another provider asked, or the proof is older than it takes. */
export function freshSession(call: Call, realm: Realm, asked: Authorization, web: Web): Person | undefined {
  const { client, prompts, maxAge } = asked
  const session = prompts.has('login') ? undefined : openSession(call, realm, client, web)
  if (session !== undefined && realm.resumes?.(call, asked, session) === false) return undefined
  return session === undefined || (maxAge !== undefined && session.authTime + maxAge < Math.floor(call.now / 1000)) ? undefined : session
}

/** The same, if what they have proven is as strong as the request wants it. */
export function usableSession(call: Call, realm: Realm, asked: Authorization, web: Web): Person | undefined {
  const session = freshSession(call, realm, asked, web)
  return session === undefined || realm.suffices?.(call, asked, session) === false ? undefined : session
}

/** Where a browser is led, and what it is to remember. */
export interface Leading {
  to: string
  cookies?: readonly Cookie[] | undefined
}

/** Somebody has just proven who they are: the browser remembers it, and the client gets its answer. */
export function signedIn(call: Call, realm: Realm, asked: Authorization, personId: string, proven: Proven = {}): Leading {
  const { person, cookies } = startSession(call, realm, asked.client, personId, proven)
  return { to: conclude(call, realm, asked, person), cookies: [...cookies, { name: realm.quirks.stepCookie, value: '' }] }
}

/** The client's address with the answer to its request. */
export function conclude(call: Call, realm: Realm, asked: Authorization, person: Person): string {
  if (asked.conclude !== undefined) return asked.conclude(call, person)
  const barred = realm.bars?.(call, asked.client, person.id)
  if (barred !== undefined) return errorAt(realm, asked, barred.error, barred.reason)
  const { redirectUri: to, state } = asked
  if (asked.responseType === 'code') return withQuery(to, { code: issueCode(call, realm, asked, person), state })
  const { client: by, scopes, nonce, levels, resource: meant } = asked
  const tokens = realm.grant(call, { client: by, person, scopes, nonce, levels, resource: meant }, { refresh: false })
  const texts = Object.entries(tokens).map(([name, value]) => [name, value === undefined ? undefined : String(value)])
  return withFragment(to, { ...Object.fromEntries(texts), token_type: 'bearer', state })
}

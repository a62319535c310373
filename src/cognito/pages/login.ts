import {
  conclude,
  type Form,
  freshSession,
  type Leading,
  type Page,
  type PageRoute,
  type Person,
  refuse,
  signedIn,
  type Visit,
} from '../../oauth/index.ts'
import { providers, type User, users } from '../records.ts'
import { allowedFactors } from '../rules/factors/first-factors.ts'
import { takesOwn } from '../rules/federation/choice.ts'
import { depart, elsewhere } from '../rules/federation/landings.ts'
import { permissionsOf } from '../rules/flows/index.ts'
import { has } from '../rules/pools/tier.ts'
import type { Proof } from '../rules/sign-in/assurance.ts'
import { beginWithName, beginWithPassword, stepFurther } from '../rules/sign-in/page-sign-in.ts'
import type { Level } from '../rules/sign-in/sessions.ts'
import { settingsOf } from '../settings.ts'
import { nameField } from './fields.ts'
import { leaveForProvider, providerForms, providerOrigins } from './providers.ts'
import { address, advance, detour, type Here, here, isClassic, unavailable } from './visits.ts'

/** Where people sign in: with name and password, or by name first where the client lets them choose how to prove it. */
export const login: PageRoute = {
  name: 'LoginPage',
  show(visit) {
    const at = here(visit)
    const instant = visit.realm.instant?.(visit.call, visit.asked)
    if (instant !== undefined) return signedIn(visit.call, visit.realm, visit.asked, instant)
    const other = elsewhere(visit.call, visit.web, visit.asked) ?? detour(visit, visit.web.form.username ?? '')
    return unavailable(visit, at) ?? other ?? { page: pageOf(visit, at) }
  },
  submit(visit) {
    const at = here(visit)
    const { action, username = '', password } = visit.web.form
    const levels = visit.asked.levels as readonly Level[] | undefined
    if (action === 'continue') {
      const known = knownHere(visit, at)
      if (known !== undefined) return goOnAs(visit, at, known)
    }
    if (action === 'provider') return leaveForProvider(visit, at)
    if (!takesOwn(at.client)) return refuse('unauthorized_client', "The client does not take the pool's own users.")
    if (offersChoice(visit, at)) return advance(visit, username, beginWithName(at.call, at, username, levels))
    return advance(visit, username, beginWithPassword(at.call, at, username, password ?? '', levels))
  },
}

/** Other first factors than a password are for clients that may use them (L19). */
function offersChoice(visit: Visit, at: Here): boolean {
  const { pool, client } = at
  if (!has(pool, 'ESSENTIALS') || isClassic(visit, at)) return false
  return permissionsOf(client).has('ALLOW_USER_AUTH') && allowedFactors(pool).some((factor) => factor !== 'PASSWORD')
}

function pageOf(visit: Visit, at: Here): Page {
  const { pool, say } = at
  const { username, login_hint: hint, done } = visit.web.query
  const named = nameField(at)
  const known = knownHere(visit, at)
  const choice = offersChoice(visit, at)
  const signIn: Form = {
    id: 'login',
    fields: [
      { ...named, name: 'username', autocomplete: 'username', value: visit.web.form.username ?? username ?? hint },
      ...(choice ? [] : [{ name: 'password', label: say('password'), type: 'password', autocomplete: 'current-password' } as const]),
    ],
    submit: choice ? say('next') : say('signIn'),
    secondary: known?.suffices === false,
  }
  const local = takesOwn(at.client)
  const providers = providerForms(visit, at)
  const open = local && pool.AdminCreateUserConfig?.AllowAdminCreateUserOnly !== true
  return {
    id: 'login',
    title: known?.suffices === false ? say('stepUp') : say('signIn'),
    lead: known?.suffices === false ? say('stepUpLead') : local ? say('signInLead') : undefined,
    notice: visit.refused === undefined ? noticeOf(say, done) : undefined,
    forms: apart([known === undefined ? [] : [continuing(known, at)], local ? [signIn] : [], providers]),
    targets: providerOrigins(visit, at),
    links: [
      ...(local ? [{ id: 'forgot-password', text: say('forgotPassword'), href: address(visit, '/forgotPassword') }] : []),
      ...(open ? [{ id: 'sign-up', text: say('needAccount'), href: address(visit, '/signup') }] : []),
    ],
    details: local ? picker(visit, at) : undefined,
  }
}

function noticeOf(say: Here['say'], done: string | undefined): string | undefined {
  return done === 'confirmed' ? say('confirmed') : done === 'reset' ? say('passwordChanged') : undefined
}

/** Groups of forms, each set off from the one before. */
function apart(groups: readonly (readonly Form[])[]): Form[] {
  const [first = [], ...others] = groups.filter((group) => group.length > 0)
  return [...first, ...others.flatMap(([head, ...rest]) => (head === undefined ? [] : [{ ...head, apart: true }, ...rest]))]
}

/** Somebody who is signed in at this browser already. */
interface Known {
  session: Person
  user: User
  /** Whether what they have proven is all that the request asks for. */
  suffices: boolean
}

function knownHere({ call, realm, asked, web }: Visit, { pool }: Here): Known | undefined {
  const session = freshSession(call, realm, asked, web)
  const user = session === undefined ? undefined : users.get(call, pool.Id, session.id)
  if (session === undefined || user === undefined) return undefined
  return { session, user, suffices: realm.suffices?.(call, asked, session) !== false }
}

/** Back to the client as they are, or on to what is missing: a factor of theirs, or a stronger sign-in where they came from. */
function goOnAs(visit: Visit, at: Here, { session, user, suffices }: Known): Leading {
  const { call, realm, asked, web } = visit
  if (suffices) return { to: conclude(call, realm, asked, session) }
  const proof = session.proof as Proof | undefined
  if (proof !== undefined && 'methods' in proof) {
    const provider = providers.get(call, at.pool.Id, proof.provider) ?? at.call.fail('InvalidParameterException', at.say('noProvider'))
    return depart(call, web, asked, at.pool, provider)
  }
  const levels = (asked.levels ?? []) as readonly Level[]
  const means = offersChoice(visit, at) ? 'any' : 'password'
  return advance(visit, user.Username, stepFurther(at.call, at, user, { proof: proof ?? { passed: [] }, levels, means }))
}

/** Whoever is signed in already may go on as they are. */
function continuing({ user, suffices }: Known, { say }: Here): Form {
  const name = user.Attributes.email ?? user.Attributes.phone_number ?? user.Username
  return { id: 'continue', fields: [], hidden: { action: 'continue' }, submit: say('continueAs', { name }), secondary: suffices }
}

const MOST_SHOWN = 20

/** The emulator's own: who there is. One who is picked is filled in, or signed in at once where that is allowed. */
function picker(visit: Visit, { call, pool, say }: Here): Page['details'] {
  const instant = settingsOf(call).instantSignIn
  // Whoever comes through a provider has no password to enter here.
  const items = users
    .page(call, pool.Id, { limit: MOST_SHOWN })
    .items.filter(({ UserStatus }) => instant || UserStatus !== 'EXTERNAL_PROVIDER')
  if (items.length === 0) return undefined
  const links = items.map(({ Username, Attributes }) => {
    const name = pool.UsernameAttributes?.length ? (Attributes.email ?? Attributes.phone_number ?? Username) : Username
    const href = instant
      ? address(visit, '/oauth2/authorize', { poolhouse_user: Username })
      : address(visit, '/login', { login_hint: name })
    return { id: `pick-${Username}`, text: name, href }
  })
  return { id: 'people', summary: say('people'), links }
}

import { type Form, type Page, type PageRoute, refuse, signedIn, usableSession, type Visit } from '../../oauth/index.ts'
import { users } from '../records.ts'
import { takesOwn } from '../rules/federation/choice.ts'
import { elsewhere } from '../rules/federation/landings.ts'
import { allowedFactors } from '../rules/first-factors.ts'
import { permissionsOf } from '../rules/flows/index.ts'
import { beginWithName, beginWithPassword } from '../rules/page-sign-in.ts'
import { has } from '../rules/pool-tier.ts'
import { settingsOf } from '../settings.ts'
import { leaveForProvider, providerForms, providerOrigins } from './providers.ts'
import { address, advance, detour, type Here, here, isClassic, legalOf, nameField, unavailable } from './visits.ts'

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
    if (action === 'continue') {
      const session = usableSession(visit.call, visit.realm, visit.asked, visit.web)
      if (session !== undefined) return signedIn(visit.call, visit.realm, visit.asked, session.id)
    }
    if (action === 'provider') return leaveForProvider(visit, at)
    if (!takesOwn(at.client)) return refuse('unauthorized_client', "The client does not take the pool's own users.")
    if (offersChoice(visit, at)) return advance(visit, username, beginWithName(at.call, at, username))
    return advance(visit, username, beginWithPassword(at.call, at, username, password ?? ''))
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
  const known = nameField(at)
  const choice = offersChoice(visit, at)
  const signIn: Form = {
    id: 'login',
    fields: [
      { ...known, name: 'username', autocomplete: 'username', value: visit.web.form.username ?? username ?? hint },
      ...(choice ? [] : [{ name: 'password', label: say('password'), type: 'password', autocomplete: 'current-password' } as const]),
    ],
    submit: choice ? say('next') : say('signIn'),
  }
  const again = continuing(visit, at)
  const local = takesOwn(at.client)
  const providers = providerForms(visit, at)
  const open = local && pool.AdminCreateUserConfig?.AllowAdminCreateUserOnly !== true
  return {
    id: 'login',
    title: say('signIn'),
    lead: local ? say('signInLead') : undefined,
    notice: done === 'confirmed' ? say('confirmed') : done === 'reset' ? say('passwordChanged') : undefined,
    forms: apart([again === undefined ? [] : [again], local ? [signIn] : [], providers]),
    targets: providerOrigins(visit, at),
    links: [
      ...(local ? [{ id: 'forgot-password', text: say('forgotPassword'), href: address(visit, '/forgotPassword') }] : []),
      ...(open ? [{ id: 'sign-up', text: say('needAccount'), href: address(visit, '/signup') }] : []),
    ],
    legal: legalOf(visit, at),
    details: local ? picker(visit, at) : undefined,
  }
}

/** Groups of forms, each set off from the one before. */
function apart(groups: readonly (readonly Form[])[]): Form[] {
  const [first = [], ...others] = groups.filter((group) => group.length > 0)
  return [...first, ...others.flatMap(([head, ...rest]) => (head === undefined ? [] : [{ ...head, apart: true }, ...rest]))]
}

/** Whoever is signed in already may go on as they are. */
function continuing(visit: Visit, { call, pool, say }: Here): Form | undefined {
  const session = usableSession(visit.call, visit.realm, visit.asked, visit.web)
  const user = session === undefined ? undefined : users.get(call, pool.Id, session.id)
  if (user === undefined) return undefined
  const name = user.Attributes.email ?? user.Attributes.phone_number ?? user.Username
  return { id: 'continue', fields: [], hidden: { action: 'continue' }, submit: say('continueAs', { name }), secondary: true }
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

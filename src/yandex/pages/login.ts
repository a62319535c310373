import { members } from '../../directory/members.ts'
import {
  conclude,
  type Form,
  freshSession,
  keepStep,
  type Leading,
  type Link,
  languageOf,
  type Page,
  type PageRoute,
  type Say,
  sayIn,
  signedIn,
  usableSession,
  type Visit,
} from '../../oauth/index.ts'
import { ownCall } from '../call.ts'
import { passwords } from '../records.ts'
import { userById } from '../rules/applications/entry.ts'
import { EVERYBODY } from '../rules/pools/pools.ts'
import { SIGN_IN } from '../rules/running/audit.ts'
import { demandOn, meets, passedIn } from '../rules/users/factors.ts'
import { signIn } from '../rules/users/sign-in.ts'
import { settingsOf } from '../settings.ts'
import { address } from './address.ts'
import { detour, onward, passing } from './onward.ts'

/** A password that was right and must be changed before it is good for anything. */
export interface Step {
  user: string
  /** Which password it was: another one in its place ends the step. */
  password: string
}

/** Where people sign in, by user name and password. */
export const login: PageRoute = {
  name: 'LoginPage',
  show(visit) {
    const instant = visit.realm.instant?.(visit.call, visit.asked)
    if (instant !== undefined) return signedIn(visit.call, visit.realm, visit.asked, instant)
    return lacking(visit) ?? { page: pageOf(visit) }
  },
  submit(visit) {
    const { action, username = '', password = '' } = visit.web.form
    if (action === 'continue') {
      const session = usableSession(visit.call, visit.realm, visit.asked, visit.web)
      if (session !== undefined) return { to: conclude(visit.call, visit.realm, visit.asked, session) }
    }
    const call = ownCall(visit.call)
    const { user, mustChange } = signIn(call, username.trim(), password)
    call.note({ event: SIGN_IN })
    if (!mustChange) return onward(visit, user, [passing(visit, 'password')])
    const kept = passwords.get(call, user.userpoolId, user.id)
    const step: Step = { user: user.id, password: kept?.id ?? '' }
    return { to: address(visit, '/auth/password'), cookies: [keepStep(visit, step)] }
  },
}

/** Whoever is signed in already, and has only a factor to show or to add, is not asked for the password again. */
function lacking(visit: Visit): Leading | undefined {
  const { call, realm, asked, web } = visit
  const session = asked.prompts.has('select_account') ? undefined : freshSession(call, realm, asked, web)
  const user = session === undefined ? undefined : userById(call, session.id)
  const demand = user === undefined ? undefined : demandOn(call, asked.client.pool, user)
  const passed = passedIn(session?.proof)
  if (user === undefined || demand === undefined || meets(demand, passed, call.now)) return undefined
  return detour(visit, user, { demand, passed })
}

function pageOf(visit: Visit): Page {
  const say = sayOf(visit)
  const { login_hint: hint, done } = visit.web.query
  const form: Form = {
    id: 'login',
    fields: [
      { name: 'username', label: say('username'), autocomplete: 'username', value: visit.web.form.username ?? hint },
      { name: 'password', label: say('password'), type: 'password', autocomplete: 'current-password' },
    ],
    submit: say('signIn'),
  }
  const again = continuing(visit, say)
  return {
    id: 'login',
    title: say('signIn'),
    lead: say('signInLead'),
    notice: done === 'pending' && visit.refused === undefined ? say('passwordPending') : undefined,
    forms: again === undefined ? [form] : [again, { ...form, apart: true }],
    details: picker(visit, say),
  }
}

/** Whoever is signed in already may go on as they are. */
function continuing(visit: Visit, say: Say): Form | undefined {
  const session = usableSession(visit.call, visit.realm, visit.asked, visit.web)
  const user = session === undefined ? undefined : userById(visit.call, session.id)
  if (user === undefined) return undefined
  return { id: 'continue', fields: [], hidden: { action: 'continue' }, submit: say('continueAs', { name: user.username }), secondary: true }
}

const MOST_SHOWN = 20

/** The emulator's own: who there is in the organization. One who is picked is filled in, or signed in at once where that is allowed. */
function picker(visit: Visit, say: Say): Page['details'] {
  const { call, asked } = visit
  const instant = settingsOf(call).instantSignIn === true
  const links = members.people(call, asked.client.pool, EVERYBODY, { limit: MOST_SHOWN }).items.flatMap(({ person }): Link[] => {
    const user = userById(call, person)
    if (user === undefined) return []
    const more: Record<string, string> = instant ? { poolhouse_user: user.username } : { login_hint: user.username }
    return [{ id: `pick-${user.username}`, text: user.username, href: address(visit, '/auth/login', more) }]
  })
  return links.length === 0 ? undefined : { id: 'people', summary: say('people'), links }
}

export function sayOf({ web }: Visit): Say {
  return sayIn(languageOf(web))
}

export function backToStart(visit: Visit): Leading {
  return { to: address(visit, '/auth/login') }
}

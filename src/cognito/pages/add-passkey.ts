import { worksAt } from '../../directory/passkeys.ts'
import { type Leading, openSession, type PageRoute, refuse, stepOf, type Visit, withQuery } from '../../oauth/index.ts'
import { users } from '../records.ts'
import { completeRegistration, relyingParty, startRegistration } from '../rules/factors/passkeys.ts'
import { type Here, here, hostOf, isClassic, type Offer } from './visits.ts'

/** What the application is told: with a sign-in that has ended, and after a passkey was made (both seen in life). */
const NOBODY = 'invalid_session'
const MADE = 'success'
/** (?) For whoever would rather not. */
const NOT_NOW = 'cancelled'

/** Whoever signed in at the pages a short while ago makes a passkey, and is led back to the application (cognito-facts 195; guide, passkeys). */
export const addPasskey: PageRoute = {
  name: 'AddPasskeyPage',
  alone: true,
  show(visit) {
    const at = here(visit)
    requireAddress(visit)
    const { call, pool, client, say } = at
    const user = visitor(visit, at)
    if (user === undefined) return back(visit, NOBODY)
    const { preferred_username: preferred, email = preferred } = user.Attributes
    const page = { id: 'passkey', title: say('passkeyAdd'), forms: [] }
    const links = [{ id: 'not-now', text: say('notNow'), href: back(visit, NOT_NOW).to }]
    if (isClassic(visit, at)) return { page: { ...page, error: say('passkeyClassic'), links }, status: 403 }

    const options = startRegistration(call, pool, user, client.ClientId)
    const host = hostOf(visit)
    const party = relyingParty(call, pool) ?? ''
    if (!worksAt(host, party)) return { page: { ...page, error: say('passkeyElsewhere', { party, host }), links } }
    const passkey = { doing: 'create' as const, options: JSON.stringify(options) }
    return {
      page: {
        ...page,
        lead: say('passkeyAddLead', { name: email ?? user.Username }),
        forms: [{ id: 'passkey', fields: [], passkey, submit: say('passkeyMake') }],
        links,
      },
    }
  },
  submit(visit) {
    const at = here(visit)
    requireAddress(visit)
    const user = visitor(visit, at)
    if (user === undefined) return back(visit, NOBODY)
    const { call, pool, client, say } = at
    if (isClassic(visit, at)) return refuse('invalid_request', say('passkeyClassic'))
    completeRegistration(call, pool, user, client.ClientId, credentialIn(visit))
    return back(visit, MADE)
  },
}

/** A client's default address does not stand for one here. */
function requireAddress({ asked }: Visit): void {
  if (asked.params.redirect_uri === undefined) refuse('invalid_request', 'Missing required parameter redirect_uri')
}

function visitor(visit: Visit, { call, pool }: Here) {
  const id = openSession(visit.call, visit.realm, visit.asked.client, visit.web)?.id ?? stepOf<Partial<Offer>>(visit)?.offered
  return id === undefined ? undefined : users.get(call, pool.Id, id)
}

/** To the application, with what became of it; or on with the sign-in that brought the visitor here. */
function back(visit: Visit, result: string): Leading {
  const to = stepOf<Partial<Offer>>(visit)?.to
  if (to === undefined) return { to: withQuery(visit.asked.redirectUri, { result }) }
  return { to, cookies: [{ name: visit.realm.quirks.stepCookie, value: '' }] }
}

function credentialIn({ web }: Visit): unknown {
  try {
    return JSON.parse(web.form.credential ?? '')
  } catch {
    return undefined
  }
}

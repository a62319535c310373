import type { Call } from '../../core/call.ts'
import { tickets } from '../../directory/tickets.ts'
import type { Authorization } from '../../oauth/authorize/check.ts'
import type { OAuthClient, Person } from '../../oauth/realm.ts'
import { refuse } from '../../oauth/refusal.ts'
import type { Web } from '../../oauth/web.ts'
import { type StoredSaml, samlApplications } from '../application-records.ts'
import { homes } from '../records.ts'

/**
 * For how long a browser stays signed in, in minutes, whichever application it comes from next: what the guide says of Yandex accounts. That
 * of local users is a setting of their pool (docs: organization/concepts/sessions), for which the API has no field. (?)
 */
export const SESSION_MINUTES = 12 * 60

/** A request of a service provider that was checked, while its person signs in. */
export interface Asked {
  application: string
  /** Its ID, for the answer. */
  request: string
  acsUrl: string
  relayState?: string | undefined
  /** Asked for by the request itself. */
  nameIdFormat?: string | undefined
  forceAuthn: boolean
  isPassive: boolean
}

const requests = tickets<Asked>('yandex.saml-request')
const answers = tickets<{ asked: Asked; person: Person }>('yandex.saml-answer')

const MINUTE = 60_000
/** (?) How long people may take to sign in, and a browser to come for the answer. */
const REQUEST_LIFETIME = 60 * MINUTE
const ANSWER_LIFETIME = MINUTE

export function keepRequest(call: Call, asked: Asked): string {
  const secret = call.random.bytes(32).toString('base64url')
  requests.issue(call, secret, { pool: asked.application, expires: call.now + REQUEST_LIFETIME, doc: asked })
  return secret
}

export function requestBy(call: Call, secret: string): Asked {
  const found = requests.find(call, secret)
  if (found === undefined || found.expires <= call.now) {
    return refuse('invalid_request', 'The SAML request is not known here, or too old: begin again at the application.')
  }
  return found.doc
}

/** What was kept for one browser, once. */
export function takeAnswer(call: Call, secret: string): { asked: Asked; person: Person } {
  const found = answers.find(call, secret)
  if (found === undefined || found.expires <= call.now || !answers.use(call, found)) {
    return refuse('invalid_request', 'This answer was fetched already, or it is too old: begin again at the application.')
  }
  return found.doc
}

/** A SAML application that people may sign in to. */
export function usable(call: Call, id: string): StoredSaml {
  const home = homes.get(call, 'saml-application', id)
  const application = home === undefined ? undefined : samlApplications.get(call, home.parent, id)
  if (application === undefined) return refuse('invalid_client', `There is no SAML application ${id}.`)
  if (application.status !== 'ACTIVE') return refuse('unauthorized_client', `The application ${id} is ${application.status}.`)
  return application
}

/** The application as sessions and pages see it. */
export function clientOf({ id, organizationId }: StoredSaml): OAuthClient {
  return seatIn(organizationId, id)
}

/** Whoever people of the organization sign in or out for, where that makes no difference. */
export function seatIn(organization: string, id = ''): OAuthClient {
  return {
    id,
    pool: organization,
    redirects: [],
    logouts: [],
    enabled: true,
    flows: new Set(),
    scopes: [],
    confidential: false,
    knowsSecret: () => false,
    requiresPkce: false,
    reuseMinutes: SESSION_MINUTES,
  }
}

/** What the pages were opened for, if it was a SAML request: the way back leads through our own address, which makes the response. */
export function askedBySaml(call: Call, web: Web): Authorization | undefined {
  const { saml: secret } = web.query
  if (secret === undefined) return undefined
  const asked = requestBy(call, secret)
  const application = usable(call, asked.application)
  return {
    client: clientOf(application),
    redirectUri: asked.acsUrl,
    responseType: 'code',
    scopes: [],
    prompts: new Set(asked.forceAuthn ? ['login'] : []),
    params: web.query,
    conclude(inner, person) {
      const code = inner.random.bytes(32).toString('base64url')
      answers.issue(inner, code, {
        pool: asked.application,
        person: person.id,
        expires: inner.now + ANSWER_LIFETIME,
        doc: { asked, person },
      })
      return `${web.site}/saml/application/${asked.application}/sso?answer=${code}`
    },
  }
}

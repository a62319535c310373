import type { Call } from '../../../core/call.ts'
import type { Refusal } from '../../../core/refusal.ts'
import {
  type Authorization,
  type Landing,
  type Leading,
  type OAuthClient,
  type Person,
  type Realm,
  refuse,
  signedIn,
  type Web,
} from '../../../oauth/index.ts'
import { askedAgain, comeBack, heardByClient, type Journey } from '../../../oauth/upstream/index.ts'
import { CognitoCall } from '../../call.ts'
import { type Client, clients, type Pool, type Provider, pools, providers } from '../../records.ts'
import { levelFrom, methodsFrom, type Proof } from '../sign-in/assurance.ts'
import { arrive, type Vouched } from './arrival.ts'
import { chosen, offered } from './choice.ts'
import { fromProvider, toProvider } from './openid.ts'
import { refuseHere } from './refusing.ts'
import { backFromSaml, fromSaml, outBySaml, type SamlVia, toSaml } from './saml.ts'
import { LANDING, SAML_LANDING, SAML_LOGOUT } from './upstreams.ts'

/** What every step of a sign-in through a provider starts from. */
interface Here {
  call: CognitoCall
  pool: Pool
  client: Client
}

function here(call: Call, { client: { id, pool: poolId } }: Authorization): Here {
  const pool = pools.get(call, '', poolId)
  const client = clients.get(call, poolId, id)
  if (pool === undefined || client === undefined) return refuse('invalid_client', `There is no client ${id}.`)
  return { call: new CognitoCall(call.context, 'Federation'), pool, client }
}

/**
 * A request that names a provider is served by a session that came of it, and by no other (guide, third-party sign-in: whoever switches to
 * another provider, or to or from the own users, shows credentials again); measured in amplify-js#14897.
 */
export function resumes(call: Call, asked: Authorization, { proof }: Person): boolean {
  const { identity_provider: name, idp_identifier: identifier } = asked.params
  if (name === undefined && identifier === undefined) return true
  const { pool, client } = here(call, asked)
  const by = proof as Proof | undefined
  return chosen(call, pool, client, asked.params)?.ProviderName === (by !== undefined && 'provider' in by ? by.provider : undefined)
}

/** Where a request goes that names a provider, or has only one to go to. */
export function elsewhere(call: Call, web: Web, asked: Authorization): Leading | undefined {
  const { pool, client } = here(call, asked)
  const provider = chosen(call, pool, client, asked.params)
  return provider === undefined ? undefined : depart(call, web, asked, pool, provider)
}

export function depart(call: Call, web: Web, asked: Authorization, pool: Pool, provider: Provider): Leading {
  call.note({ provider: provider.ProviderName })
  if (provider.ProviderType !== 'SAML') return toProvider(call, web, asked, pool, provider)
  return toSaml(new CognitoCall(call.context, 'Federation'), web, asked, pool, provider)
}

/** The provider somebody set out to, if the client still lets people come in through it. */
function stillOffered({ call, pool, client }: Here, name: string): Provider {
  const provider = providers.get(call, pool.Id, name)
  const offers = offered(call, pool, client).some(({ ProviderName }) => ProviderName === name)
  return provider !== undefined && offers ? provider : refuseHere(call, `Identity provider ${name} does not exist.`)
}

export function landingsOf(realm: () => Realm): Record<string, Landing> {
  return {
    [LANDING]: {
      name: 'IdpResponse',
      methods: ['GET', 'POST'],
      land(call, web) {
        requireOnce(web, ['state', 'code', 'error', 'user'])
        const { state, code, error, error_description: description, user: introduced } = web.method === 'POST' ? web.form : web.query
        const { journey, asked } = comeBack(call, realm(), web, state)
        return heardByClient(call, asked, inItsWords, () => {
          const at = here(call, asked)
          const provider = stillOffered(at, journey.provider)
          if (error !== undefined) refuseHere(at.call, description ?? error, error)
          if (code === undefined) return refuseHere(at.call, 'Exception processing authorization code', 'server_error')
          const vouched = fromProvider(at.call, at.pool, provider, journey, { code, introduced })
          return signedIn(call, realm(), marked(asked, journey), arrive(at.call, at.pool, at.client, vouched).sub, proven(vouched))
        })
      },
    },
    [SAML_LANDING]: { name: 'SamlIdpResponse', methods: ['POST'], land: (call, web) => samlLanding(call, web, realm()) },
    [SAML_LOGOUT]: {
      name: 'SamlLogout',
      methods: ['POST'],
      land(call, web) {
        const to = backFromSaml(new CognitoCall(call.context, 'Federation'), web, (poolId, name) => {
          const [pool, provider] = [pools.get(call, '', poolId), providers.get(call, poolId, name)]
          return pool === undefined || provider === undefined ? undefined : { pool, provider }
        })
        return to === undefined ? refuse('invalid_request', NO_SAML) : { to }
      },
    },
  }
}

/** What is read must not come twice (RFC 6749, 3.1): what one reads is not what another has checked. */
function requireOnce({ repeated }: Web, names: readonly string[]): void {
  const twice = names.find((name) => repeated.includes(name))
  if (twice !== undefined) refuse('invalid_request', `The parameter ${twice} came more than once.`)
}

/** An answer to a request of ours, or one that nobody asked for where the provider may begin (IDPInit). */
function samlLanding(call: Call, web: Web, realm: Realm): Leading {
  requireOnce(web, ['SAMLResponse', 'RelayState'])
  const { SAMLResponse: response, RelayState: state = '' } = web.form
  if (response === undefined) return refuse('invalid_request', NO_SAML)
  const unasked = new URLSearchParams(state)
  if (unasked.has('client_id')) return unaskedLanding(call, web, realm, response, unasked)
  const { journey, asked } = comeBack(call, realm, web, state)
  return heardByClient(call, asked, samlWords, () => {
    const at = here(call, asked)
    const provider = stillOffered(at, journey.provider)
    const vouched = fromSaml(at.call, at.pool, provider, response, journey)
    return signedIn(call, realm, marked(asked, journey), arrive(at.call, at.pool, at.client, vouched).sub, {
      via: vouched.via,
      ...proven(vouched),
    })
  })
}

/**
 * A sign-in through a provider whose request has no nonce gets one of the pool's own in its ID token (guide, the ID token): clients that
 * sent none are surprised by it, once for each session (next-auth#3403, oauth4webapi#188). (?) That one which the provider began has none.
 */
function marked(asked: Authorization, { nonce }: Journey): Authorization {
  return { ...asked, nonce: asked.nonce ?? nonce }
}

/** What a session keeps of it. Only OpenID Connect by type speaks of levels and methods (reference, AcrMapping). */
function proven({ provider, said: { acr, amr } }: Vouched): { proof: Proof } {
  const { ProviderName, ProviderType, AcrMapping } = provider
  const speaks = ProviderType === 'OIDC'
  return {
    proof: {
      provider: ProviderName,
      level: levelFrom(AcrMapping, speaks ? acr : undefined),
      methods: methodsFrom(speaks ? amr : undefined),
    },
  }
}

/** RelayState is then what a request for authorization would have been (guide, IdP-initiated sign-in). */
function unaskedLanding(call: Call, web: Web, realm: Realm, response: string, relayed: URLSearchParams): Leading {
  const asked = askedAgain(call, realm, web, relayed.toString())
  return heardByClient(call, asked, samlWords, () => {
    const at = here(call, asked)
    const provider = chosen(call, at.pool, at.client, { ...asked.params, identity_provider: asked.params.identity_provider ?? '' })
    if (provider?.ProviderType !== 'SAML' || provider.ProviderDetails.IDPInit !== 'true') {
      return at.call.fail('InvalidParameterException', NO_SAML)
    }
    const vouched = fromSaml(at.call, at.pool, provider, response, { request: undefined, landing: web.site + SAML_LANDING })
    return signedIn(call, realm, asked, arrive(at.call, at.pool, at.client, vouched).sub, { via: vouched.via, ...proven(vouched) })
  })
}

/** Out by the provider that the session came of, if it wants to hear. */
export function partings(call: Call, _web: Web, { pool: poolId }: OAuthClient, via: unknown, to: string): string {
  const { provider: name } = via as SamlVia
  const [pool, provider] = [pools.get(call, '', poolId), providers.get(call, poolId, name)]
  // The others are not told (guide, the logout endpoint).
  if (pool === undefined || provider?.ProviderType !== 'SAML') return to
  return outBySaml(new CognitoCall(call.context, 'Federation'), pool, provider, via as SamlVia, to)
}

/** Seen where an answer came that nobody asked for. */
const NO_SAML = 'Invalid samlResponse or relayState from identity provider'

/** As seen in life (aws-sdk-js-v3#6201), whatever was wrong. */
function samlWords({ message }: Refusal): { error: string; description: string } {
  return { error: 'server_error', description: message === NO_SAML ? message : `Invalid SAML response received: ${message} ` }
}

/** How a client hears of a refusal: the pool's sentences with a blank behind them, under an error that is the provider's or ours. */
function inItsWords({ message, facts }: Refusal): { error: string; description: string } {
  const description = facts.here === true ? message : `${message} `
  return { error: typeof facts.error === 'string' ? facts.error : 'invalid_request', description }
}

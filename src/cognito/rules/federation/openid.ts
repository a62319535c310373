import { STATUS_CODES } from 'node:http'
import type { Call } from '../../../core/call.ts'
import type { Claims } from '../../../core/jwt.ts'
import { type Authorization, type Leading, type Web, withQuery } from '../../../oauth/index.ts'
import { type Exchanged, exchanged, type Forgery, type Journey, setOut } from '../../../oauth/upstream/index.ts'
import type { CognitoCall } from '../../call.ts'
import type { Pool, Provider } from '../../records.ts'
import { levelsOf } from '../sign-in/page-proofs.ts'
import type { Level } from '../sign-in/sessions.ts'
import { namesIn } from './apple.ts'
import type { Vouched } from './arrival.ts'
import { AGENT } from './fetching.ts'
import { textOf, toldOf } from './mapping.ts'
import { refuseHere } from './refusing.ts'
import { endpointsOf, hasIdTokens, hintFor, LANDING, secretOf, subjectClaim } from './upstreams.ts'

/** Who hears a `login_hint` (guide, the authorize endpoint). */
const HEAR_HINTS: readonly Provider['ProviderType'][] = ['OIDC', 'Google']

/**
 * To the provider, with what it is to hand back: client_id, redirect_uri, scope, response_type and state are all that real requests have,
 * of Google, Facebook and OpenID Connect alike. A nonce is not among them (va.gov-team#25712: providers that want one cannot be used), nor is PKCE
 * (amplify-js#4814; AWS Support in 2026): what binds a code is the state, good once, in the browser that set out.
 * Every `prompt` but `none` goes along (guide, the authorize endpoint); `nonce`, `lang` and `max_age` are between the client and the pool.
 */
export function toProvider(call: Call, web: Web, asked: Authorization, pool: Pool, provider: Provider): Leading {
  const { ProviderDetails: details, ProviderName, ProviderType } = provider
  const landing = web.site + LANDING
  // Whoever asks Apple for a name or an address gets its answers by form.
  const byForm = ProviderType === 'SignInWithApple'
  const { state, leading } = setOut(call, web, asked, { provider: ProviderName, landing, byForm })
  const query = {
    client_id: details.client_id,
    redirect_uri: landing,
    scope: details.authorize_scopes,
    response_type: 'code',
    state,
    acr_values: ProviderType === 'OIDC' ? acrValues(provider, asked) : undefined,
    ...(byForm ? { response_mode: 'form_post' } : {}),
    ...(HEAR_HINTS.includes(ProviderType) ? { login_hint: asked.params.login_hint } : hintFor(call, provider, asked)),
    prompt: promptsOf(asked),
  }
  return leading(withQuery(endpointsOf(call, pool, provider).authorize, query))
}

/** The levels that are asked for, as the provider calls them. */
function acrValues(provider: Provider, { levels }: Authorization): string | undefined {
  const names = levelsOf(provider, levels as readonly Level[] | undefined).map(({ name }) => name)
  return names.length === 0 ? undefined : names.join(' ')
}

function promptsOf({ prompts }: Authorization): string | undefined {
  const handed = [...prompts].filter((name) => name !== 'none')
  return handed.length === 0 ? undefined : handed.join(' ')
}

/** What the provider says of whoever brought this code, verified; or the refusal in its own words. */
export function fromProvider(
  call: CognitoCall,
  pool: Pool,
  provider: Provider,
  journey: Journey,
  { code, introduced }: { code: string; introduced: string | undefined },
): Vouched {
  const { ProviderDetails: details, ProviderType } = provider
  const endpoints = endpointsOf(call, pool, provider)
  const secret = secretOf(call, provider)
  const form = {
    grant_type: 'authorization_code',
    code,
    client_id: details.client_id ?? '',
    redirect_uri: journey.landing,
    ...(secret === undefined ? {} : { client_secret: secret }),
  }
  const byAddress = details.token_request_method === 'GET'
  const answer = exchanged(call, journey.nonce, {
    headers: AGENT,
    token: byAddress ? { url: withQuery(endpoints.token, form), method: 'GET' } : { url: endpoints.token, method: 'POST', form },
    ...(hasIdTokens(provider)
      ? {
          idToken: {
            issuer: details.oidc_issuer ?? '',
            audience: details.client_id ?? '',
            jwks: endpoints.jwks,
            // What Apple's clients show for a secret is none: it is a token that they sign.
            secret: details.client_secret,
          },
        }
      : {}),
    ...(endpoints.userInfo === undefined
      ? {}
      : { userInfo: { url: endpoints.userInfo, method: details.attributes_request_method === 'POST' ? 'POST' : 'GET' } }),
  })
  if (!('tokens' in answer)) return refused(call, provider, answer)
  const { tokens, idToken, userInfo } = answer
  // What the ID token says counts before what userinfo says; tokens themselves can be mapped, too (guide, attribute mapping).
  const names = ProviderType === 'SignInWithApple' ? namesIn(call, introduced) : {}
  const said = { ...names, ...userInfo, ...idToken, access_token: tokens.access_token, id_token: tokens.id_token }
  return {
    provider,
    subject: textOf(toldOf(said, subjectClaim(provider))),
    said,
    issuer: null,
    raw: { tokenResponse: texts(tokens), idToken: texts(idToken), userInfo: texts(userInfo) },
  }
}

function texts(claims: Claims): Record<string, string> {
  return Object.fromEntries(
    Object.entries(claims).flatMap(([name, value]) => (value === undefined || value === null ? [] : [[name, textOf(value) ?? '']])),
  )
}

/** (?) An address holds no more of an answer. */
const MOST_QUOTED = 1000

const SLOW = {
  token: 'Timeout occurred in calling IdP token endpoint',
  keys: 'Timeout in calling jwks uri',
  userInfo: 'Read timed out',
}

function refused(call: CognitoCall, { ProviderName, ProviderType }: Provider, answer: Exclude<Exchanged, { tokens: Claims }>): never {
  if ('refused' in answer) {
    const { status, error, description } = answer.refused
    // Guide, federation error responses: `LoginWithAmazon Error - 400 invalid_request The request is missing …`; of Google's the code alone.
    const said = ProviderType === 'Google' ? error : `${error} ${description}`
    return refuseHere(call, `${ProviderName} Error - ${status} ${said}`.trimEnd(), error)
  }
  if ('bad' in answer) {
    const { status, text } = answer.bad
    // Of social providers as the guide has it (the authorize endpoint), of others as seen in life (github-cognito-openid-wrapper#3).
    if (ProviderType !== 'OIDC') return refuseHere(call, `${ProviderName} Error - ${status} error getting token`)
    return refuseHere(call, `Bad token response: HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}, entity: ${text.slice(0, MOST_QUOTED)}`)
  }
  if ('unreached' in answer) {
    const { unreached, how, asking } = answer
    call.note({ upstream: unreached })
    // Guide, the authorize endpoint, which says error_description twice where it is about the keys.
    if (how === 'reset') return refuseHere(call, 'Connection reset')
    if (how === 'slow') return refuseHere(call, SLOW[asking])
    // Seen where a provider's answer was none (amplify-cli#2082).
    return refuseHere(call, 'Exception processing authorization code', 'server_error')
  }
  return refuseHere(call, WORDS[answer.forged.wrong](answer.forged.found))
}

/** (?) All but the first, which is seen in life (github-cognito-openid-wrapper#100). */
const WORDS: Readonly<Record<Forgery['wrong'], (found: string) => string>> = {
  issuer: (found) => `Bad id_token issuer ${found}`,
  audience: (found) => `Bad id_token audience ${found}`,
  signature: () => 'Bad id_token signature',
  key: () => 'Bad id_token kid',
  secretless: (algorithm) => `Bad id_token signature: ${algorithm} needs the client_secret of the identity provider`,
  expiry: () => 'id_token is expired',
  form: () => 'Bad id_token',
  subject: () => 'Bad userInfo sub',
}

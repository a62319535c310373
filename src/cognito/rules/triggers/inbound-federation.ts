import type { CognitoCall } from '../../call.ts'
import type { Pool } from '../../records.ts'
import { trigger } from './triggers.ts'

type Texts = Readonly<Record<string, string>>

/** As the function is told of it; an operator's own provider is OIDC or SAML. */
export type InboundProviderType = 'OIDC' | 'SAML' | 'Facebook' | 'Google' | 'SignInWithApple' | 'LoginWithAmazon'

/** Somebody coming in through a provider, before there is a profile or the one there is changes. */
export interface Inbound {
  clientId: string
  /** `<Provider>_<id>` */
  userName: string
  providerName: string
  providerType: InboundProviderType
  /** What the provider said, as it came: the first three of an OAuth provider, the last of a SAML one. */
  attributes: { tokenResponse?: Texts; idToken?: Texts; userInfo?: Texts; samlResponse?: Texts }
}

/**
 * What the pool's function wants the provider to have said: these attributes alone are mapped then. Undefined where it changes nothing,
 * which an empty map says (guide, user-pool-lambda-inbound-federation), and where the pool has none.
 */
export function inboundFederation(call: CognitoCall, pool: Pool, inbound: Inbound): Texts | undefined {
  const { clientId, userName, providerName, providerType, attributes } = inbound
  const response = trigger<{ userAttributesToMap?: Texts | null }>(call, pool, 'InboundFederation', 'InboundFederation_ExternalProvider', {
    userName,
    clientId,
    request: { providerName, providerType, attributes },
    response: { userAttributesToMap: {} },
    form: { members: { userAttributesToMap: { map: 'text' } } },
  })
  const wanted = response?.userAttributesToMap ?? {}
  return Object.keys(wanted).length === 0 ? undefined : wanted
}

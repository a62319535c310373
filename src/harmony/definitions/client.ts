import { bag, filled, flag, list, type Of, object, text, titled } from '../schema.ts'
import { productKey } from './user.ts'

/** The `client` of a body (harmony-auth 5). Which members are required is not documented; without a product and a name it is none (?). */
const settings = {
  callbacks: list(text),
  grantTypes: list(text),
  allowedLogoutUrls: list(text),
  description: text,
  clientMetadata: bag,
  webOrigins: list(text),
  supportedIdp: list(text),
  tokenEndpointAuthMethod: text,
  appType: text,
}

export const postClient = titled('PostClientBody', object({ product: productKey, name: filled }, settings))
export const patchClient = titled('PatchClientBody', object({}, { product: productKey, name: filled, ...settings, disabled: flag }))

export type PostClient = Of<typeof postClient>
export type PatchClient = Of<typeof patchClient>

/** A client as read; `auth0Id` is Auth0's alone, `secret` is not there for a public client. */
export const clientAnswer = titled(
  'Client',
  object(
    {
      id: filled,
      name: filled,
      product: text,
      callbacks: list(text),
      allowedLogoutUrls: list(text),
      grantTypes: list(text),
      tokenEndpointAuthMethod: text,
      supportedIdp: list(text),
      description: text,
      webOrigins: list(text),
      appType: text,
      clientMetadata: bag,
      disabled: flag,
      oidcConformant: flag,
    },
    { secret: text, auth0Id: text },
  ),
)

export type ClientAnswer = Of<typeof clientAnswer>

/**
 * What an identity provider of SAML 2.0 says and hears, for any vendor that is one: requests read, responses made and signed, metadata.
 *
 * Values in, XML texts out; who asks, who signs and where it goes is the vendor's. It brings libraries for XML along, so it is loaded
 * when the first such request comes: `await import('../oauth/saml/index.ts')`.
 */
export { Unreadable } from './document.ts'
export { metadataOf, type Provider } from './metadata.ts'
export { redirectUrl, type Signer } from './redirect.ts'
export { type AuthnRequest, type LogoutRequest, readRequest, type SamlRequest } from './requests.ts'
export { type Assertion, logoutResponse, NAME_ID, type NameId, refusal, response, type Signs, STATUS } from './responses.ts'

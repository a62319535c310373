import { redeem } from '../codes.ts'
import { refuse } from '../refusal.ts'
import type { Grant } from './grant.ts'

/** A code for tokens (RFC 6749, 4.1.3), with the verifier of PKCE where it began with a challenge. */
const authorizationCode: Grant = {
  name: 'authorization_code',
  give({ call, realm, client, form }) {
    if (!client.flows.has('code')) return refuse('unauthorized_client', 'The client may not use the code flow.')
    const { code, redirect_uri: redirectUri, code_verifier: verifier } = form
    if (code === undefined) return refuse('invalid_request', 'The request has no code.')
    const { person, scopes, nonce, levels, resource } = redeem(call, realm, client, { code, redirectUri, verifier })
    if (!realm.admits(call, client, person.id)) return refuse('invalid_grant', 'Whoever got the code may no longer sign in.')
    return realm.grant(call, { client, person, scopes, nonce, levels, resource }, { refresh: true })
  },
}

export default authorizationCode

import type { FastifyInstance } from 'fastify'
import { Call } from '../core/call.ts'
import type { Emulator } from '../core/emulator.ts'
import { type Callable, run } from '../core/run.ts'
import { namespaceOf, originOf } from '../http/origin.ts'
import { isDomainHost } from '../oauth/index.ts'
import { realm } from './realm.ts'
import { idTokenKeys, issuerOf } from './rules/applications/issuer.ts'
import { END_SESSION, SCOPES } from './rules/applications/oauth-tokens.ts'

/** What verifiers and clients of OAuth applications fetch: the configuration and the key set (yandex-idp 14). */
export async function discovery(app: FastifyInstance, { emulator }: { emulator: Emulator }): Promise<void> {
  for (const [path, document] of Object.entries(documents)) {
    app.get(path, { schema: { tags: ['yandex'] } }, async (request, reply) => {
      // `<name>.auth.…` is another vendor's customer, who has no such document there (guide, user pool domains; seen as Bad Request).
      const { host = '' } = request.headers
      if (isDomainHost(host)) return reply.code(400).send({ error: astray(host, path) })
      const namespace = emulator.find(namespaceOf(request))
      if (namespace === undefined) return reply.code(404).send({ error: `There is no namespace ${namespaceOf(request)}.` })
      const answer = await run(document, () => ({}), originOf(request, emulator.fittings.settings), namespace)
      return reply.header('cache-control', 'public, max-age=300').send(answer)
    })
  }
}

/** Clients that take a domain for the issuer of its pool come here (next-auth#2905). */
const astray = (host: string, path: string) =>
  `There is no ${path} at ${host}: the one of a user pool is at /<pool id>/.well-known/, as its tokens' iss says.`

type Document = Callable<unknown, Record<string, unknown>>

const configuration = document('OpenIDConfiguration', (call) => {
  const { base } = call.origin
  const { authorize, token, userInfo, revoke } = realm.paths
  return {
    issuer: issuerOf(call),
    authorization_endpoint: base + authorize,
    token_endpoint: base + token,
    userinfo_endpoint: `${base}${userInfo}`,
    // Ours even under the service's issuer: it is where the keys really are.
    jwks_uri: `${base}/oauth/jwks/keys`,
    revocation_endpoint: `${base}${revoke}`,
    ...(END_SESSION === undefined ? {} : { end_session_endpoint: `${base}${END_SESSION}` }),
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: SCOPES,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    code_challenge_methods_supported: realm.quirks.challengeMethods,
    claims_supported: [
      ...['iss', 'sub', 'aud', 'iat', 'exp', 'auth_time', 'nonce', 'at_hash', 'jti', 'amr', 'acr'],
      ...['name', 'given_name', 'family_name', 'preferred_username', 'email', 'phone_number', 'groups'],
    ],
  }
})

const documents: Record<string, Document> = {
  '/.well-known/openid-configuration': configuration,
  // One guide fetches it from here, by the id of the OAuth client (docs: single sign-on with Grafana OSS).
  '/oauth/:clientId/.well-known/openid-configuration': configuration,
  '/oauth/jwks/keys': document('JWKS', (call) => ({
    keys: idTokenKeys(call).map(({ kid, n, e }) => ({ kty: 'RSA', use: 'sig', alg: 'RS256', kid, n, e })),
  })),
}

function document(name: string, make: (call: Call) => Record<string, unknown>): Document {
  return { room: 'yandex', name, admit: (input) => input, handle: (_input, context) => make(new Call(context)) }
}

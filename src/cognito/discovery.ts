import type { FastifyInstance } from 'fastify'
import { Call } from '../core/call.ts'
import type { Emulator } from '../core/emulator.ts'
import { distinct } from '../core/keys.ts'
import { type Callable, run } from '../core/run.ts'
import { namespaceOf, originOf } from '../http/origin.ts'
import { domains, type Pool, pools } from './records.ts'
import { issuerBase, issuerOf, keysOf } from './rules/tokens/issuer.ts'

/** What verifiers fetch from an issuer: its key set and its configuration, at the root as in life (T6, cognito-facts 161, 162). */
export async function discovery(app: FastifyInstance, { emulator }: { emulator: Emulator }): Promise<void> {
  for (const [path, document] of Object.entries(documents)) {
    app.get<{ Params: { poolId: string } }>(`/:poolId/.well-known/${path}`, { schema: { tags: ['cognito'] } }, async (request, reply) => {
      const origin = originOf(request, emulator.fittings.settings)
      const namespace = emulator.find(namespaceOf(request))
      const answer = namespace === undefined ? undefined : await run(document, () => request.params.poolId, origin, namespace)
      if (answer === undefined) return reply.code(404).send({ message: `User pool ${request.params.poolId} does not exist.` })
      return reply.header('cache-control', 'public, max-age=86400').send(answer)
    })
  }
}

/** Clients can register themselves, and there is a domain where in life they would. */
function registers(call: Call, pool: Pool | undefined): boolean {
  return pool?.DcrConfiguration?.EnableStatus === 'Enabled' && domains.count(call, pool.Id) > 0
}

type Document = Callable<string, Record<string, unknown> | undefined>

const documents: Record<string, Document> = {
  'jwks.json': document('JWKS', (call, poolId) => ({
    keys: distinct(keysOf(poolId, call.keyring).all).map(({ kid, n, e }) => ({ alg: 'RS256', e, kid, kty: 'RSA', n, use: 'sig' })),
  })),
  'openid-configuration': document('OpenIDConfiguration', (call, poolId) => {
    const { base, headers } = call.origin
    // At a domain's host, too, it says what tokens say.
    const origin = { ...call.origin, base: issuerBase(String(headers.host ?? ''), base) }
    const pool = pools.get(call, '', poolId)
    return {
      authorization_endpoint: `${base}/oauth2/authorize`,
      end_session_endpoint: `${base}/logout`,
      id_token_signing_alg_values_supported: ['RS256'],
      issuer: pool === undefined ? undefined : issuerOf({ settings: call.settings, origin }, pool),
      // Ours even under the service's issuer: it is where the keys really are.
      jwks_uri: `${base}/${poolId}/.well-known/jwks.json`,
      registration_endpoint: registers(call, pool) ? `${base}/${poolId}/oauth2/register` : undefined,
      response_types_supported: ['code', 'token'],
      revocation_endpoint: `${base}/oauth2/revoke`,
      scopes_supported: ['openid', 'email', 'phone', 'profile'],
      subject_types_supported: ['public'],
      token_endpoint: `${base}/oauth2/token`,
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      userinfo_endpoint: `${base}/oauth2/userInfo`,
    }
  }),
}

function document(name: string, make: (call: Call, poolId: string) => Record<string, unknown>): Document {
  return {
    room: 'cognito',
    name,
    admit: (poolId) => poolId as string,
    handle: (poolId, context) => {
      const call = new Call(context)
      return pools.get(call, '', poolId) === undefined ? undefined : make(call, poolId)
    },
  }
}

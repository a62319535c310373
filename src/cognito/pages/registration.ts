import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import sjson from 'secure-json-parse'
import type { Call } from '../../core/call.ts'
import type { Emulator } from '../../core/emulator.ts'
import { Refusal } from '../../core/refusal.ts'
import { type Callable, run } from '../../core/run.ts'
import { namespaceOf, originOf } from '../../http/origin.ts'
import { CognitoCall } from '../call.ts'
import { domainHomes, domains, type Pool, pools } from '../records.ts'
import { type Registration, register } from '../rules/clients/registrations.ts'

interface Asked {
  /** Told by the address, where it tells it. */
  pool: string | undefined
  host: string
  authorization: string | undefined
  body: unknown
}

/** Where applications make clients for themselves (RFC 7591): at a domain of the pool as in life, and under the pool's issuer. */
export async function registration(app: FastifyInstance, { emulator }: { emulator: Emulator }): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  const answer = async (request: FastifyRequest<{ Params: { poolId?: string } }>, reply: FastifyReply) => {
    const asked: Asked = {
      pool: request.params.poolId,
      host: request.headers.host ?? '',
      authorization: request.headers.authorization,
      body: request.body,
    }
    reply.header('cache-control', 'no-store')
    try {
      const origin = originOf(request, emulator.fittings.settings)
      const place = namespaceOf(request)
      const namespace = emulator.find(place)
      if (namespace === undefined) throw new Refusal('invalid_request', emulator.whyNot(place))
      return reply.code(201).send(await run(registering, () => asked, origin, namespace))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error.name === 'invalid_token') {
        reply.code(401).header('www-authenticate', `Bearer error="invalid_token", error_description="${error.message}"`)
      } else reply.code(400)
      // What CreateUserPoolClient refuses is wrong with the metadata.
      const known = error.name.startsWith('invalid_')
      return reply.send({ error: known ? error.name : 'invalid_client_metadata', error_description: error.message })
    }
  }
  const schema = { tags: ['cognito'] }
  app.post('/oauth2/register', { schema }, answer)
  app.post<{ Params: { poolId?: string } }>('/:poolId/oauth2/register', { schema }, answer)
}

const registering: Callable<Asked, Registration> = {
  room: 'cognito',
  name: 'register',
  admit: (asked) => asked as Asked,
  handle({ pool: id, host, authorization, body }, context) {
    const call = new CognitoCall(context, 'CreateUserPoolClient')
    const pool = id === undefined ? poolAt(call, host) : pools.get(call, '', id)
    if (pool === undefined) throw new Refusal('invalid_request', NO_POOL)
    return register(call, pool, /^bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1], parsed(body))
  },
  // Secrets that were made are told once.
  mask(value, side) {
    if (typeof value !== 'object' || value === null) return value
    return { ...value, ...(side === 'input' ? { authorization: '***' } : { client_secret: '***' }) }
  },
}

/** Ours: in life there is no address without a pool. */
const NO_POOL = 'This address is no domain of a user pool: register at <prefix>.auth.localhost or at /<pool id>/oauth2/register.'

/** Whose domain this host is: a custom one, or a prefix before `.auth.`. */
function poolAt(call: Call, host: string): Pool | undefined {
  const [name = ''] = host.toLowerCase().split(':')
  const custom = domainHomes.get(call, '', name)
  if (custom !== undefined) return pools.get(call, '', custom.pool)
  const prefix = /^([a-z0-9-]+)\.auth\./.exec(name)?.[1]
  if (prefix === undefined) return undefined
  return pools.all(call, '').find((pool) => domains.all(call, pool.Id).some(({ Domain }) => Domain === prefix))
}

function parsed(body: unknown): Record<string, unknown> {
  try {
    const value: unknown = sjson.parse(String(body), undefined, { protoAction: 'remove', constructorAction: 'remove' })
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // Said below.
  }
  throw new Refusal('invalid_client_metadata', 'The request must be a JSON object.')
}

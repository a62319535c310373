/**
 * Amazon Cognito user pools: the `cognito-idp` JSON API, its tokens and key sets.
 *
 * Here lives everything that is Cognito's alone: the wire (AWS JSON 1.1), one file per operation named as AWS names it, and the
 * rules they share. What any vendor would explain in the same words (people, tickets, outbox, time) is below, in directory/ and core/.
 * The contract is data: contract/contract.json; types.ts is generated from it; contract/amendments.ts says where life differs.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Settle } from '../core/due.ts'
import type { Emulator } from '../core/emulator.ts'
import type { Answer } from '../core/namespace.ts'
import { Refusal } from '../core/refusal.ts'
import type { Deferred } from '../core/seeding.ts'
import type { Workers } from '../core/workers.ts'
import { isFailure, noteFailed } from '../http/failed.ts'
import { mount } from '../http/mount.ts'
import type { Rewrite } from '../http/server.ts'
import { noteUnhandled } from '../http/unhandled.ts'
import { callsOf, oauth } from '../oauth/index.ts'
import type { Inside } from '../oauth/upstream/index.ts'
import { UPSTREAM, upstream, calls as upstreamCalls } from '../upstream/index.ts'
import { contract } from './contract/index.ts'
import { discovery } from './discovery.ts'
import { operations } from './invoke.ts'
import { describer } from './openapi.ts'
import { missing } from './operation.ts'
import { logo } from './pages/logo.ts'
import { registration } from './pages/registration.ts'
import { realm } from './realm.ts'
import { fetchText } from './rules/federation/fetching.ts'
import { partyOf } from './rules/federation/upstreams.ts'
import { EXPIRY, expire, WORK, work } from './rules/imports/jobs.ts'
import { encryptAnswers } from './rules/triggers/encrypt.ts'
import { listFunctions, removeFunction, setFunction } from './rules/triggers/functions.ts'
import { triggerAnswers } from './rules/triggers/invoke.ts'
import { parseTarget, settingsOf } from './settings.ts'
import { uploads } from './uploads/index.ts'
import { sendError, UNKNOWN_OPERATION, wireOf } from './wire.ts'

export { contract } from './contract/index.ts'
export { debugging } from './debugging.ts'
export { fixtures } from './fixtures/index.ts'
export { invoke, operations } from './invoke.ts'
export { missing } from './operation.ts'
export type { FunctionTarget } from './records.ts'
export { inspectToken } from './rules/tokens/inspection.ts'
export { options } from './settings.ts'
export { surface } from './surface.ts'
export { expireTokens, mintTokens, nextClaims, people } from './tools.ts'
export { statusOf, throttled } from './wire.ts'

export const name = 'cognito'

/** The names of its endpoints and pages, and of those of the upstream that its pools rely on. */
export const calls = [...callsOf(realm), ...upstreamCalls]

/** What the OpenAPI document says of this room. */
export const describe = describer(operations.built)

/** What answers for the Lambda functions of triggers, for whoever runs the emulator. */
export const functions = { list: listFunctions, set: setFunction, remove: removeFunction, parse: parseTarget }

/** Who answers what Cognito's handlers ask. */
export function answers({ workers, inside }: { workers: Workers; inside: Inside }): Record<string, Answer> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const srp = new URL(`rules/passwords/srp-worker.${extension}`, import.meta.url)
  const hashes = new URL(`rules/imports/hash-worker.${extension}`, import.meta.url)
  return {
    ...triggerAnswers(workers),
    ...encryptAnswers,
    'cognito.verifier': (payload) => workers.run(srp, 'verifier', payload),
    'cognito.srp-public': (payload) => workers.run(srp, 'publicKey', payload),
    'cognito.srp-proof': (payload) => workers.run(srp, 'proofKey', payload),
    'cognito.imported-hash': (payload) => workers.run(hashes, 'verify', payload),
    'cognito.fetch': (question) => fetchText(question, inside),

    'cognito.load': async (name: string) => (await operations.load(name)) !== undefined,
  }
}

/** What handlers only file: a fixture of many users has their verifiers worked out together. */
export function deferred({ workers }: { workers: Workers }): Record<string, Deferred> {
  const srp = new URL(`rules/passwords/srp-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
  return {
    'cognito.verifier': {
      about: ({ poolName, username }: { poolName: string; username: string }) => `${poolName} ${username}`,
      many: (payloads) => workers.run(srp, 'verifiers', payloads),
    },
  }
}

/** How this room's due work is done. */
export const settle: Readonly<Record<string, Settle>> = { [WORK]: work, [EXPIRY]: expire }

/** `POST /` with a target header is how every AWS client calls; inside, each operation has a route of its own. */
export const rewrite: Rewrite = (request, url) => {
  if (request.method !== 'POST' || (url !== '/' && !url.startsWith('/?'))) return undefined
  return routes.get(String(request.headers['x-amz-target'] ?? '')) ?? '/cognito/'
}

/** By target. */
const routes = new Map(Object.keys(contract.operations).map((name) => [`${contract.targetPrefix}.${name}`, `/cognito/${name}`]))

/** The largest request that an operation is documented to take (CreateManagedLoginBranding). */
const BODY_LIMIT = 2 * 1024 * 1024

export async function serve(server: FastifyInstance, { emulator }: { emulator: Emulator }): Promise<void> {
  await server.register(api, { prefix: '/cognito', emulator })
  await server.register(discovery, { emulator })
  await server.register(registration, { emulator })
  await server.register(oauth, { emulator, realm })
  await server.register(upstream, { prefix: UPSTREAM, emulator, registry: partyOf })
}

async function api(app: FastifyInstance, { emulator }: { emulator: Emulator }): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) => done(null, body))
  app.setErrorHandler((error: { statusCode?: number }, request, reply) => {
    if (isFailure(error)) noteFailed(emulator, request, error, 'cognito')
    return sendError(reply, unread(error) ?? error)
  })
  const unknown = (request: FastifyRequest, reply: FastifyReply) => sendError(reply, unknownOperation(emulator, request, reply))
  app.setNotFoundHandler(unknown)

  const routes = operations.known.map((name) => ({ method: 'POST' as const, url: `/${name}`, name, schema: { tags: ['cognito'] } }))
  mount(app, { emulator, operations, wire: wireOf(settingsOf(emulator.fittings)), missing }, routes)
  await app.register(uploads, { emulator })
  logo(app, { emulator })
  app.post('/', { schema: { hide: true } }, unknown)
}

function unknownOperation(emulator: Emulator, request: FastifyRequest, reply: FastifyReply): Refusal {
  const target = request.headers['x-amz-target']
  const operation = String(target ?? 'operation without a target').replace(`${contract.targetPrefix}.`, '')
  noteUnhandled(emulator, request, reply, {
    room: 'cognito',
    operation,
    known: operations.known,
    ...(typeof target === 'string' ? { target } : {}),
  })
  return new Refusal(UNKNOWN_OPERATION, typeof target === 'string' ? `Unknown operation ${target}.` : 'Missing the X-Amz-Target header.')
}

/** What Fastify would not even read. */
function unread({ statusCode = 500 }: { statusCode?: number }): Refusal | undefined {
  if (statusCode === 413) return new Refusal('RequestEntityTooLargeException', 'Request size exceeded the maximum allowed size.')
  if (statusCode === 415) return new Refusal(UNKNOWN_OPERATION, 'The content type is none.')
  return statusCode < 500 ? new Refusal('SerializationException', '') : undefined
}

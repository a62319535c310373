import type { Call } from '../core/call.ts'
import { duration } from '../core/clock.ts'
import { DEFAULT_NAMESPACE } from '../core/emulator.ts'
import { Refusal } from '../core/refusal.ts'
import { type Asked, Declined, type Route } from './route.ts'

interface Expectation {
  use?: string | undefined
  client?: string | undefined
  scope?: string | undefined
}

interface Inspection {
  kind: string
  header?: Record<string, unknown> | undefined
  claims?: Record<string, unknown> | undefined
  problems: { rule: string; reason: string }[]
}

/** What a vendor knows of a token; undefined if it is not of its making. `base` is the address that its issuer is judged by. */
export type Inspector = (call: Call, base: string, token: string, expected: Expectation) => Inspection | undefined

interface Whose {
  user?: string | undefined
  client?: string | undefined
  pool?: string | undefined
}

/** What a vendor lets be done with its tokens; undefined (or false) says that there is no such user, client or token. */
export interface TokenMaker {
  mint(
    call: Call,
    base: string,
    order: Whose & {
      lasts?: number | undefined
      scope?: string | undefined
      claims?: Record<string, unknown> | undefined
      triggers?: boolean | undefined
    },
  ): object | undefined
  expire(call: Call, which: Whose & { token?: string | undefined }): number | undefined
  enqueue(call: Call, order: Whose & { claims: Record<string, unknown>; use?: 'access' | 'id' | undefined; times: number }): boolean
}

const WHOSE = {
  user: { type: 'string', minLength: 1, description: 'an id or login name' },
  client: { type: 'string', minLength: 1, description: "an id or a name; the pool's first, if absent" },
  pool: { type: 'string', minLength: 1 },
}

const CLAIMS = { type: 'object', description: 'over all others' }

const MINTED = {
  type: 'object',
  properties: {
    accessToken: { type: 'string' },
    idToken: { type: 'string' },
    refreshToken: { type: 'string' },
    expiresIn: { type: 'integer', description: 'seconds, below zero for what has expired' },
    triggers: {
      type: 'string',
      enum: ['asked', 'passed over', 'none'],
      description: 'whether the PreTokenGeneration function of the pool was asked; none if it has none',
    },
  },
  required: ['accessToken', 'idToken', 'refreshToken', 'expiresIn', 'triggers'],
}

const ANSWER = {
  type: 'object',
  properties: {
    vendor: { type: 'string' },
    kind: { type: 'string', description: 'access, id, refresh or unknown' },
    valid: { type: 'boolean' },
    problems: {
      type: 'array',
      description: 'all that the token is refused for, where a service names the first',
      items: { type: 'object', properties: { rule: { type: 'string' }, reason: { type: 'string' } }, required: ['rule', 'reason'] },
    },
    header: { type: 'object' },
    claims: { type: 'object' },
  },
  required: ['vendor', 'kind', 'valid', 'problems'],
}

/** Why a token is refused. */
export function tokens(inspectors: Readonly<Record<string, Inspector>>, maker: TokenMaker, aliases: readonly string[]): Route[] {
  return [
    {
      method: 'POST',
      url: '/tokens',
      summary: 'Tokens of a Cognito user at a client, as a sign-in gives them, with a sign-in behind them',
      body: {
        type: 'object',
        properties: {
          ...WHOSE,
          expires: { type: ['string', 'number'], description: 'from now: 5m, -1h, or milliseconds' },
          scope: { type: 'string' },
          claims: CLAIMS,
          triggers: { type: 'boolean', default: false, description: 'ask the PreTokenGeneration function of the pool, as a sign-in does' },
        },
        required: ['user'],
        additionalProperties: false,
      },
      answer: MINTED,
      refuses: { 400: 'It is no span of time, or the function refuses', 404: 'There is no such user or client' },
      handle: async (asked) => {
        const { expires, scope, claims, triggers, ...whose } = asked.body
        const lasts = typeof expires === 'string' ? duration(expires) : expires
        if (expires !== undefined && !Number.isFinite(lasts)) throw new Declined(400, 'expires must be a span of time like 5m or -1h')
        const order = { ...whose, lasts, scope, claims, triggers }
        try {
          return (await asked.namespace().actAsking((call) => maker.mint(call, placeOf(asked), order))) ?? nobody(whose)
        } catch (error) {
          if (error instanceof Refusal) throw new Declined(400, `${error.name}: ${error.message}`)
          throw error
        }
      },
    },
    {
      method: 'POST',
      url: '/tokens/expire',
      summary: 'Let the tokens of one sign-in, or all of a user, be as if their time were over',
      body: {
        type: 'object',
        properties: { ...WHOSE, token: { type: 'string', minLength: 1, description: 'any token of the sign-in' } },
        oneOf: [{ required: ['token'] }, { required: ['user'] }],
        additionalProperties: false,
      },
      answer: { type: 'object', properties: { expired: { type: 'integer', description: 'how many sign-ins' } }, required: ['expired'] },
      refuses: { 404: 'There is no such user, client or sign-in' },
      handle: ({ namespace, body }) => {
        const expired = namespace().act((call) => maker.expire(call, body))
        return expired === undefined ? nobody(body) : { expired }
      },
    },
    {
      method: 'POST',
      url: '/tokens/enqueue',
      summary: 'Have the next tokens of a user, a client or anybody say more, or other than they would',
      body: {
        type: 'object',
        properties: {
          ...WHOSE,
          claims: CLAIMS,
          use: { type: 'string', enum: ['access', 'id'], description: 'both, if absent' },
          times: { type: 'integer', minimum: 1, default: 1 },
        },
        required: ['claims'],
        additionalProperties: false,
      },
      refuses: { 404: 'There is no such user or client' },
      handle: ({ namespace, body: { times = 1, ...order } }) => {
        if (!namespace().act((call) => maker.enqueue(call, { times, ...order }))) nobody(order)
      },
    },
    {
      method: 'POST',
      url: '/tokens/inspect',
      summary: 'Says of a token whether it is good, and of one that is not, why',
      body: {
        type: 'object',
        properties: {
          token: { type: 'string', minLength: 1 },
          use: { type: 'string', enum: ['access', 'id', 'refresh'], description: 'what it is to be used as' },
          client: { type: 'string', description: 'the client that it must have been issued to' },
          scope: { type: 'string', description: 'a scope that it must have' },
        },
        required: ['token'],
        additionalProperties: false,
      },
      answer: ANSWER,
      refuses: { 400: 'It is no token of any vendor here' },
      handle: (asked) => {
        const { token, ...expected } = asked.body
        const places = [placeOf(asked), ...aliases.map((root) => placeAt(root, asked.namespaceName))]
        const found = asked.namespace().act((call) => {
          for (const [vendor, inspect] of Object.entries(inspectors)) {
            const all = places.flatMap((place) => inspect(call, place, token, expected) ?? [])
            // Of the addresses that it is known by, one is enough.
            const best = all.find(({ problems }) => problems.every(({ rule }) => rule !== 'iss')) ?? all[0]
            if (best !== undefined) return { vendor, ...best }
          }
          return undefined
        })
        if (found === undefined) throw new Declined(400, 'this is no token that any vendor here made')
        return { ...found, valid: found.problems.length === 0 }
      },
    },
  ]
}

/** The address that issuers are named by here. */
function placeOf({ namespaceName, base, emulator }: Asked): string {
  return placeAt(emulator.fittings.settings.publicUrl ?? base, namespaceName)
}

function placeAt(root: string, namespace: string): string {
  return namespace === DEFAULT_NAMESPACE ? root : `${root}/~${namespace}`
}

function nobody({ user, client, token }: Whose & { token?: string | undefined }): never {
  const who = token !== undefined ? 'sign-in of that token' : `user ${user ?? ''}${client === undefined ? '' : ` at a client ${client}`}`
  throw new Declined(404, `there is no ${who}`)
}

import type { Call } from '../core/call.ts'
import { DEFAULT_NAMESPACE } from '../core/emulator.ts'
import { Declined, type Route } from './route.ts'

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
export function tokens(inspectors: Readonly<Record<string, Inspector>>): Route[] {
  return [
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
      handle: ({ namespace, namespaceName, base, emulator, body: { token, ...expected } }) => {
        const root = emulator.fittings.settings.publicUrl ?? base
        const place = namespaceName === DEFAULT_NAMESPACE ? root : `${root}/~${namespaceName}`
        const found = namespace().act((call) => {
          for (const [vendor, inspect] of Object.entries(inspectors)) {
            const inspection = inspect(call, place, token, expected)
            if (inspection !== undefined) return { vendor, ...inspection }
          }
          return undefined
        })
        if (found === undefined) throw new Declined(400, 'this is no token that any vendor here made')
        return { ...found, valid: found.problems.length === 0 }
      },
    },
  ]
}

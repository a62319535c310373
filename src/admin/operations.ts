import type { Namespace } from '../core/namespace.ts'
import { type Asked, Declined, type Route } from './route.ts'

interface Policy {
  kind: string
  runs: string
  error?: { code: number; message: string } | undefined
}

interface Failure {
  code: number | string
  message?: string | undefined
}

interface Shown {
  kind: string
  operation: { id: string; done?: boolean | undefined }
  polls?: number | undefined
  paused?: boolean | undefined
}

/** What a vendor with long-running operations lets the admin API do to them; undefined says that it knows nothing of the kind. */
export interface LongRunning {
  list(namespace: Namespace, which: { all: boolean }): Shown[]
  complete(namespace: Namespace, id: string): Shown | undefined
  fail(namespace: Namespace, id: string, error: Failure): Shown | undefined
  pause(namespace: Namespace, id: string): Shown | undefined
  resume(namespace: Namespace, id: string): Shown | undefined
  failNext(namespace: Namespace, failure: Failure & { kind: string; times: number }): boolean
  policies(namespace: Namespace): Policy[]
  /** What an error comes to as `policies` tells it. */
  statusOf(error: Failure): Policy['error']
  setPolicy(namespace: Namespace, policy: { kind: string; runs: string; error?: Failure }): Policy | undefined
  dropPolicy(namespace: Namespace, kind: string): boolean
}

const ERROR = {
  type: 'object',
  properties: {
    code: {
      oneOf: [{ type: 'integer', minimum: 1, maximum: 16 }, { type: 'string' }],
      description: 'of google.rpc.Code: its name or number',
    },
    message: { type: 'string' },
  },
  required: ['code'],
  additionalProperties: false,
}

export const POLICY = {
  type: 'object',
  properties: {
    kind: { type: 'string', description: "an operation's name, or * for all that have no policy of their own", default: '*' },
    runs: { type: 'string', description: 'immediate, a time like 5s, polls: 3, or manual' },
    error: { ...ERROR, description: 'what they fail with, as a google.rpc.Status' },
  },
  required: ['runs'],
  additionalProperties: false,
}

const OPERATION = {
  type: 'object',
  properties: { kind: { type: 'string' }, id: { type: 'string' }, done: { type: 'boolean' } },
  required: ['kind', 'id', 'done'],
}

const NO_POLICY =
  'no policy: kind is the name of a changing operation or *, runs is immediate, 5s, polls: 3 or manual, error is a code of google.rpc.Code'

const GONE = { 404: 'There is no such operation', 409: 'It is over' }
const ID = '/operations/:id(^[^:/]+)'

/** Long-running operations: how they run, and their ends by hand. */
export function operations(vendor: LongRunning): Route[] {
  const before = (namespace: Namespace, id: string) => vendor.list(namespace, { all: true }).find(({ operation }) => operation.id === id)
  const act =
    (deed: (namespace: Namespace, id: string, asked: Asked) => Shown | undefined) =>
    (asked: Asked): unknown => {
      const namespace = asked.namespace()
      const { id = '' } = asked.params
      const found = before(namespace, id)
      if (found === undefined) throw new Declined(404, `there is no operation ${id}`)
      if (found.operation.done === true) throw new Declined(409, `operation ${id} is over`)
      return shown(deed(namespace, id, asked) as Shown)
    }
  return [
    {
      method: 'GET',
      url: '/operations',
      summary: 'Long-running operations, oldest first',
      query: { done: { type: 'string', enum: ['true', 'false'] } },
      answer: { type: 'array', items: OPERATION },
      handle: ({ namespace, query: { done } }) => {
        const all = vendor.list(namespace(), { all: true }).map(shown)
        return done === undefined ? all : all.filter((one) => String(one.done) === done)
      },
    },
    {
      method: 'GET',
      url: '/operations/policy',
      summary: 'How operations run, by kind',
      answer: { type: 'array', items: POLICY },
      handle: ({ namespace }) => vendor.policies(namespace()),
    },
    {
      method: 'PUT',
      url: '/operations/policy',
      summary: 'Have operations of a kind, or all, run at once, for a while, for some polls, or until they are ended by hand',
      body: POLICY,
      answer: POLICY,
      refuses: { 400: 'There is no such kind, or no such policy' },
      handle: ({ namespace, body: { kind = '*', runs, error } }) => {
        const policy = vendor.setPolicy(namespace(), { kind, runs, ...(error === undefined ? {} : { error }) })
        if (policy === undefined) throw new Declined(400, NO_POLICY)
        return policy
      },
    },
    {
      method: 'DELETE',
      url: '/operations/policy',
      summary: 'Back to how the emulator was started, for one kind',
      query: { kind: { type: 'string', description: '* by default' } },
      handle: ({ namespace, query: { kind = '*' } }) => {
        vendor.dropPolicy(namespace(), kind)
      },
    },
    {
      method: 'POST',
      url: `${ID}::complete`,
      summary: 'End a running operation with success',
      answer: OPERATION,
      refuses: GONE,
      handle: act((namespace, id) => vendor.complete(namespace, id)),
    },
    {
      method: 'POST',
      url: `${ID}::fail`,
      summary: 'End a running operation with an error',
      body: ERROR,
      answer: OPERATION,
      refuses: { 400: 'The error is not understood', ...GONE },
      handle: act((namespace, id, { body }) => vendor.fail(namespace, id, body)),
    },
    {
      method: 'POST',
      url: `${ID}::pause`,
      summary: 'Keep an operation running until it is ended by hand',
      answer: OPERATION,
      refuses: GONE,
      handle: act((namespace, id) => vendor.pause(namespace, id)),
    },
    {
      method: 'POST',
      url: `${ID}::resume`,
      summary: 'Let an operation that was paused go on with the time or the polls it had left',
      answer: OPERATION,
      refuses: { 404: 'There is no such operation', 409: 'It is over, or was not paused' },
      handle: act((namespace, id) => {
        if (before(namespace, id)?.paused !== true) throw new Declined(409, `operation ${id} was not paused`)
        return vendor.resume(namespace, id)
      }),
    },
    {
      method: 'POST',
      url: '/operations/fail-next',
      summary: 'Have the next operations of a kind, or of any, fail, however they run',
      body: {
        ...ERROR,
        properties: {
          ...ERROR.properties,
          kind: { type: 'string', description: "an operation's name, or * for any", default: '*' },
          times: { type: 'integer', minimum: 1, default: 1 },
        },
      },
      refuses: { 400: 'There is no such kind, or no such code' },
      handle: ({ namespace, body: { kind = '*', times = 1, code, message } }) => {
        if (!vendor.failNext(namespace(), { kind, times, code, message })) throw new Declined(400, NO_POLICY)
      },
    },
  ]
}

function shown({ operation, kind, polls, paused }: Shown): { kind: string; id: string; done: boolean } {
  const more = { ...(polls === undefined ? {} : { polls }), ...(paused === undefined ? {} : { paused }) }
  return { kind, ...operation, done: operation.done === true, ...more }
}

import type { Call } from '../core/call.ts'
import { type Asked, Declined, type Route } from './route.ts'

/** How operations of one kind run, and what they fail with if they are to fail. */
export interface Policy {
  kind: string
  runs: string
  error?: { code: number; message: string } | undefined
}

interface Running {
  operation: { id: string; done?: boolean | undefined }
  kind: string
}

/** What a vendor with long-running operations lets the admin API do to them. */
export interface LongRunning {
  /** All that were ever started. */
  list(call: Call): Running[]
  /** Ends it; undefined if there is none with that id. */
  finish(call: Call, id: string): Running | undefined
  failWith(call: Call, id: string, error: { code: number; message: string }): Running | undefined
  /** It waits for somebody to end it. */
  pause(call: Call, id: string): Running | undefined
  listPolicies(call: Call): Policy[]
  /** Undefined if there is no such kind or no such policy. */
  setPolicy(call: Call, policy: Policy): Policy | undefined
  dropPolicy(call: Call, kind: string): boolean
}

const ERROR = {
  type: 'object',
  properties: { code: { type: 'integer', minimum: 1, maximum: 16 }, message: { type: 'string' } },
  required: ['code', 'message'],
  additionalProperties: false,
}

const POLICY = {
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

const GONE = { 404: 'There is no such operation', 409: 'It is over' }
const ID = '/operations/:id(^[^:/]+)'

/** Long-running operations: how they run, and their ends by hand. */
export function operations(vendor: LongRunning): Route[] {
  const act =
    (deed: (call: Call, id: string, asked: Asked) => Running | undefined) =>
    (asked: Asked): unknown =>
      asked.namespace().act((call) => {
        const { id = '' } = asked.params
        const before = vendor.list(call).find(({ operation }) => operation.id === id)
        if (before === undefined) throw new Declined(404, `there is no operation ${id}`)
        if (before.operation.done === true) throw new Declined(409, `operation ${id} is over`)
        return shown(deed(call, id, asked) as Running)
      })
  return [
    {
      method: 'GET',
      url: '/operations',
      summary: 'Long-running operations, oldest first',
      query: { done: { type: 'string', enum: ['true', 'false'] } },
      answer: { type: 'array', items: OPERATION },
      handle: ({ namespace, query: { done } }) => {
        const all = namespace().act(vendor.list).map(shown)
        return done === undefined ? all : all.filter((one) => String(one.done) === done)
      },
    },
    {
      method: 'GET',
      url: '/operations/policy',
      summary: 'How operations run, by kind',
      answer: { type: 'array', items: POLICY },
      handle: ({ namespace }) => namespace().act(vendor.listPolicies),
    },
    {
      method: 'PUT',
      url: '/operations/policy',
      summary: 'Have operations of a kind, or all, run at once, for a while, for some polls, or until they are ended by hand',
      body: POLICY,
      answer: POLICY,
      refuses: { 400: 'There is no such kind, or no such policy' },
      handle: ({ namespace, body: { kind = '*', runs, error } }) =>
        namespace().act((call) => {
          const policy = vendor.setPolicy(call, { kind, runs, ...(error === undefined ? {} : { error }) })
          if (policy === undefined) {
            throw new Declined(400, `no policy: kind is the name of a changing operation or *, runs is immediate, 5s, polls: 3 or manual`)
          }
          return policy
        }),
    },
    {
      method: 'DELETE',
      url: '/operations/policy',
      summary: 'Back to how the emulator was started, for one kind',
      query: { kind: { type: 'string', description: '* by default' } },
      handle: ({ namespace, query: { kind = '*' } }) => {
        namespace().act((call) => vendor.dropPolicy(call, kind))
      },
    },
    {
      method: 'POST',
      url: `${ID}::complete`,
      summary: 'End a running operation with success',
      answer: OPERATION,
      refuses: GONE,
      handle: act((call, id) => vendor.finish(call, id)),
    },
    {
      method: 'POST',
      url: `${ID}::fail`,
      summary: 'End a running operation with an error',
      body: ERROR,
      answer: OPERATION,
      refuses: { 400: 'The error is not understood', ...GONE },
      handle: act((call, id, { body }) => vendor.failWith(call, id, body)),
    },
    {
      method: 'POST',
      url: `${ID}::pause`,
      summary: 'Keep an operation running until it is ended by hand',
      answer: OPERATION,
      refuses: GONE,
      handle: act((call, id) => vendor.pause(call, id)),
    },
  ]
}

function shown({ operation, kind }: Running): { kind: string; id: string; done: boolean } {
  return { kind, ...operation, done: operation.done === true }
}

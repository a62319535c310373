import { type Entry, masked } from '../core/journal.ts'
import { Declined, type Route } from './route.ts'
import { type Expected, verify } from './verify.ts'

const ENTRY = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    at: { type: 'string', format: 'date-time', description: "by the namespace's clock" },
    room: { type: 'string' },
    operation: { type: 'string' },
    requestId: { type: 'string' },
    transport: { type: 'string' },
    outcome: { type: 'string', enum: ['running', 'ok', 'refused', 'failed', 'unhandled'] },
    status: { type: 'integer', description: 'the HTTP status that the vendor gives such an outcome' },
    state: { type: 'string', enum: ['known', 'unknown'], description: 'of what nobody handled: whether the contract has it' },
    error: { type: 'object', properties: { name: { type: 'string' }, message: { type: 'string' } } },
    duration: { type: 'number', description: 'milliseconds; so far, of a call that still runs' },
    notes: { type: 'object' },
    input: { description: 'secrets are masked' },
    output: { description: 'secrets are masked' },
  },
  required: ['id', 'at', 'room', 'operation', 'requestId', 'transport', 'outcome', 'duration'],
}

export type StatusOf = (entry: Pick<Entry, 'room' | 'outcome' | 'error'>) => number

export function journal(statusOf: StatusOf): Route[] {
  const shown = shownWith(statusOf)
  return [
    {
      method: 'GET',
      url: '/journal',
      summary: 'The last calls, newest last, secrets masked',
      query: {
        op: { type: 'string', description: "an operation's name" },
        room: { type: 'string' },
        outcome: { type: 'string', enum: ['ok', 'refused', 'failed', 'unhandled'] },
        status: { type: 'string', description: 'an HTTP status' },
        error: { type: 'string', description: 'the name of the error it was refused with' },
        since: { type: 'string', description: 'entries after this id' },
        limit: { type: 'string', description: 'the last so many of them' },
      },
      answer: { type: 'array', items: ENTRY },
      refuses: { 400: 'A filter is not understood' },
      handle: ({ query: { op, room, outcome, status, error, since, limit }, namespace }) => {
        const wanted = whole('status', status)
        const found = namespace()
          .journal.list({ operation: op, room, outcome, error, since: whole('since', since) })
          .filter((entry) => wanted === undefined || statusOf(entry) === wanted)
        const most = whole('limit', limit)
        return (most === undefined ? found : found.slice(Math.max(0, found.length - most))).map(shown)
      },
    },
    {
      method: 'POST',
      url: '/journal/verify',
      summary: 'Whether a call was made, so many times; if not, which calls came nearest and how they differ',
      body: {
        type: 'object',
        properties: {
          match: {
            type: 'object',
            properties: {
              vendor: { type: 'string' },
              operation: { type: 'string' },
              outcome: { type: 'string', enum: ['ok', 'refused', 'failed', 'unhandled'] },
              error: { type: 'string' },
              user: { type: 'string' },
              client: { type: 'string' },
              input: { type: 'object', description: 'a part of the input' },
            },
            additionalProperties: false,
          },
          times: {
            oneOf: [
              { type: 'integer', minimum: 0 },
              {
                type: 'object',
                properties: { min: { type: 'integer', minimum: 0 }, max: { type: 'integer', minimum: 0 } },
                minProperties: 1,
                additionalProperties: false,
              },
            ],
            default: { min: 1 },
          },
        },
        required: ['match'],
        additionalProperties: false,
      },
      answer: {
        type: 'object',
        properties: { count: { type: 'integer' }, calls: { type: 'array', items: ENTRY } },
        required: ['count', 'calls'],
      },
      refuses: { 400: 'The question is not understood', 409: 'It was not: with the count, and the nearest calls and how they differ' },
      handle: ({ namespace, body: { match, times = { min: 1 } } }) => {
        const { count, calls, nearest } = verify(namespace().journal, match as Expected)
        const { min = 0, max = Number.POSITIVE_INFINITY } = typeof times === 'number' ? { min: times, max: times } : times
        if (count >= min && count <= max) return { count, calls: calls.map((entry) => shown(masked(entry))) }
        throw new Declined(409, `expected ${wording(min, max)}, found ${count}`, { count, nearest })
      },
    },
    {
      method: 'DELETE',
      url: '/journal',
      summary: 'Forget all calls',
      handle: ({ namespace }) => namespace().journal.clear(),
    },
  ]
}

function whole(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,15}$/.test(text)) throw new Declined(400, `${name} must be a whole number`)
  return Number(text)
}

function shownWith(statusOf: StatusOf) {
  return <E extends Omit<Entry, 'mask'>>(entry: E): object => ({
    ...entry,
    at: new Date(entry.at).toISOString(),
    ...(entry.outcome === 'running' ? {} : { status: statusOf(entry) }),
    // What the contract knows and nobody has built says so itself; anything else is known to nobody.
    ...(entry.outcome === 'unhandled' ? { state: entry.unhandled === undefined ? 'known' : 'unknown' } : {}),
  })
}

function wording(min: number, max: number): string {
  if (min === max) return `${min} such call${min === 1 ? '' : 's'}`
  return max === Number.POSITIVE_INFINITY ? `at least ${min}` : `${min} to ${max}`
}

import type { Route } from './route.ts'
import { Declined } from './route.ts'

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
    error: { type: 'object', properties: { name: { type: 'string' }, message: { type: 'string' } } },
    duration: { type: 'number', description: 'milliseconds' },
    notes: { type: 'object' },
    input: { description: 'secrets are masked' },
    output: { description: 'secrets are masked' },
  },
  required: ['id', 'at', 'room', 'operation', 'requestId', 'transport', 'outcome', 'duration'],
}

export const journal: Route[] = [
  {
    method: 'GET',
    url: '/journal',
    summary: 'The last calls, newest last, secrets masked',
    query: {
      op: { type: 'string', description: "an operation's name" },
      room: { type: 'string' },
      outcome: { type: 'string', enum: ['ok', 'refused', 'failed', 'unhandled'] },
      since: { type: 'string', description: 'entries after this id' },
      limit: { type: 'string', description: 'the last so many of them' },
    },
    answer: { type: 'array', items: ENTRY },
    refuses: { 400: 'A filter is not understood' },
    handle: ({ query: { op, room, outcome, since, limit }, namespace }) =>
      namespace()
        .journal.list({ operation: op, room, outcome, since: whole('since', since), limit: whole('limit', limit) })
        .map((entry) => ({ ...entry, at: new Date(entry.at).toISOString() })),
  },
  {
    method: 'DELETE',
    url: '/journal',
    summary: 'Forget all calls',
    handle: ({ namespace }) => namespace().journal.clear(),
  },
]

function whole(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,15}$/.test(text)) throw new Declined(400, `${name} must be a whole number`)
  return Number(text)
}

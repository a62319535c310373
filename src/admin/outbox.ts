import { duration, wait } from '../core/clock.ts'
import type { OutboxFilter, Sent } from '../core/outbox.ts'
import { type Asked, Declined, type Route } from './route.ts'

const FILTER = {
  to: { type: 'string', description: 'an address or a phone number' },
  user: { type: 'string', description: "a user's id or login name" },
  channel: { type: 'string', enum: ['email', 'sms', 'push'] },
  since: { type: 'string', description: 'messages after this id, or from this RFC 3339 time on' },
}

const MESSAGE = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    at: { type: 'string', format: 'date-time' },
    channel: { type: 'string' },
    to: { type: 'string' },
    subject: { type: 'string' },
    body: { type: 'string' },
    template: { type: 'string', description: 'the occasion, in the words of the vendor' },
    code: { type: 'string', description: 'the code or temporary password in the body' },
    link: { type: 'string' },
    room: { type: 'string' },
    pool: { type: 'string' },
    user: { type: 'string' },
    username: { type: 'string' },
  },
  required: ['id', 'at', 'channel', 'to', 'body', 'template', 'room'],
}

const LONGEST_WAIT = 10 * 60_000

export type Release = (message: Sent, namespace: string) => Promise<{ to: string; messageId: string }>

export function outbox(release: Release | undefined): Route[] {
  return [...messages, releasing(release)]
}

const messages: Route[] = [
  {
    method: 'GET',
    url: '/outbox',
    summary: 'What would have left by mail, SMS or push, oldest first',
    query: FILTER,
    answer: { type: 'array', items: MESSAGE },
    refuses: { 400: 'A filter is not understood' },
    handle: ({ query, namespace }) => namespace().outbox.list(filter(query)),
  },
  {
    method: 'GET',
    url: '/outbox/latest',
    summary: 'The newest message; with `wait`, the answer comes as soon as there is one',
    query: { ...FILTER, wait: { type: 'string', description: 'how long to wait at most: 10s, 500ms, 1m' } },
    answer: MESSAGE,
    refuses: { 400: 'A filter is not understood', 404: 'There is no such message' },
    handle: latest,
  },
  {
    method: 'DELETE',
    url: '/outbox',
    summary: 'Forget all messages',
    handle: ({ namespace }) => namespace().outbox.clear(),
  },
]

/** Why a message does not leave, as statuses. */
const STATUSES: Record<string, number> = { channel: 409, recipient: 403, server: 502 }

function releasing(release: Release | undefined): Route {
  return {
    method: 'POST',
    url: '/outbox/:id(^\\d+)::release',
    summary: 'Send one mail by SMTP, whether it was copied already or not',
    answer: { type: 'object', properties: { to: { type: 'string' }, messageId: { type: 'string' } }, required: ['to', 'messageId'] },
    refuses: {
      403: 'Its recipient is not among those that mails may go to',
      404: 'There is no such message',
      409: 'It is no mail, or the emulator was not started with --smtp',
      502: 'The SMTP server does not take it',
    },
    handle: async ({ namespace, params: { id } }) => {
      const message = namespace().outbox.get(Number(id))
      if (message === undefined) throw new Declined(404, `there is no message ${id}`)
      if (release === undefined) throw new Declined(409, 'there is no SMTP server to send it by: start with --smtp smtp://localhost:1025')
      try {
        return await release(message, namespace().name)
      } catch (error) {
        const { why, message } = error as Error & { why?: string }
        throw why === undefined ? error : new Declined(STATUSES[why] ?? 502, message)
      }
    },
  }
}

async function latest({ query, namespace, signal }: Asked): Promise<unknown> {
  const wanted = filter(query)
  const { outbox } = namespace()
  const longest = query.wait === undefined ? 0 : (duration(query.wait) ?? Number.NaN)
  if (!(longest >= 0 && longest <= LONGEST_WAIT)) throw new Declined(400, 'wait must be a time like 10s, 500ms or 1m, at most 10m')

  const over = (arrived: AbortSignal) => wait(longest, AbortSignal.any([arrived, signal]))
  const found = outbox.latest(wanted) ?? (longest === 0 ? undefined : await outbox.arrival(wanted, over))
  if (found === undefined) throw new Declined(404, `there is no message${Object.keys(query).length > 0 ? ' like that' : ''}`)
  return found
}

function filter({ to, user, channel, since }: Asked['query']): OutboxFilter {
  if (since !== undefined && !/^\d+$/.test(since) && Number.isNaN(Date.parse(since))) {
    throw new Declined(400, 'since must be the id of a message or an RFC 3339 time')
  }
  return { to, user, channel, since }
}

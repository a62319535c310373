import { duration, NoSuchTime } from '../core/clock.ts'
import type { Namespace } from '../core/namespace.ts'
import { Declined, type Route } from './route.ts'

const CLOCK = {
  type: 'object',
  properties: {
    now: { type: 'string', format: 'date-time' },
    frozen: { type: 'boolean' },
    offset: { type: 'integer', description: "milliseconds ahead of the machine's clock" },
  },
  required: ['now', 'frozen', 'offset'],
}

const RAN = {
  type: 'array',
  description: 'what fell due and was done, in order',
  items: {
    type: 'object',
    properties: { at: { type: 'string', format: 'date-time' }, kind: { type: 'string' }, key: { type: 'string' } },
  },
}

/** A namespace's time. */
export const clock: Route[] = [
  {
    method: 'GET',
    url: '/clock',
    summary: 'What time it is here',
    answer: CLOCK,
    handle: ({ namespace }) => shown(namespace()),
  },
  {
    method: 'PUT',
    url: '/clock',
    summary: 'Set the time, stop it, or let it run on',
    body: {
      type: 'object',
      properties: {
        now: { type: ['string', 'number'], description: 'RFC 3339 or epoch milliseconds; "real" for the machine’s own' },
        frozen: { type: 'boolean' },
      },
      minProperties: 1,
      additionalProperties: false,
    },
    answer: { ...CLOCK, properties: { ...CLOCK.properties, ran: RAN } },
    refuses: { 400: 'It is no time' },
    handle: ({ namespace, body: { now, frozen } }) =>
      change(namespace(), (here) => {
        here.setClock((clock) => {
          if (now === 'real') clock.reset()
          else if (now !== undefined) clock.set(instant(now))
          if (frozen === true) clock.freeze()
          if (frozen === false) clock.run()
        })
      }),
  },
  {
    method: 'POST',
    url: '/clock/advance',
    summary: 'Let time pass: what falls due meanwhile is done, in order, each at its own time',
    body: {
      type: 'object',
      properties: { by: { type: ['string', 'number'], description: 'like 1h30m, 90s or 3d, or milliseconds' } },
      required: ['by'],
      additionalProperties: false,
    },
    answer: { ...CLOCK, properties: { ...CLOCK.properties, ran: RAN } },
    refuses: { 400: 'It is no span of time' },
    handle: ({ namespace, body: { by } }) => {
      const span = typeof by === 'number' ? by : duration(by)
      if (span === undefined || !Number.isFinite(span))
        throw new Declined(400, 'by must be a span of time like 1h30m, 90s or 3d, or milliseconds')
      return change(namespace(), (here) => here.setClock((clock) => clock.advance(span)))
    },
  },
]

function change(namespace: Namespace, act: (namespace: Namespace) => void): object {
  namespace.settle()
  try {
    act(namespace)
  } catch (error) {
    throw error instanceof NoSuchTime ? new Declined(400, error.message) : error
  }
  const ran = namespace.settle().map(({ at, kind, key }) => ({ at: new Date(at).toISOString(), kind, key }))
  return { ...shown(namespace), ran }
}

function shown({ clock }: Namespace): { now: string; frozen: boolean; offset: number } {
  const { frozen, offset } = clock.state
  return { now: new Date(clock.now()).toISOString(), frozen: frozen !== null, offset }
}

function instant(now: string | number): number {
  const time = typeof now === 'number' ? now : Date.parse(now)
  if (!Number.isFinite(time)) throw new Declined(400, 'now must be an RFC 3339 time, epoch milliseconds, or "real"')
  return time
}

import { rateOf } from '../core/limits.ts'
import { suggestion } from '../core/nearest.ts'
import { Declined, type Room, type Route } from './route.ts'

export const LIMITS = {
  type: 'object',
  description: 'by operation, vendor, or * for all calls: how many in which time, like 5/s or 100/1m',
  additionalProperties: { type: 'string' },
}

/** How often calls may be made before the vendor says that it is too often. */
export function limits(rooms: readonly Room[]): Route[] {
  return [
    {
      method: 'GET',
      url: '/limits',
      summary: 'How often calls may be made',
      answer: LIMITS,
      handle: ({ namespace }) => namespace().limits.list(),
    },
    {
      method: 'PUT',
      url: '/limits',
      summary: 'Have calls beyond these rates refused, in the place of whatever rates were before',
      body: LIMITS,
      answer: LIMITS,
      refuses: { 400: 'A rate is not understood, or there is no such operation' },
      handle: ({ namespace, body }) => {
        const wrong = wrongIn(body as Record<string, string>, rooms)
        if (wrong !== undefined) throw new Declined(400, wrong)
        namespace().limits.replace(body)
        return namespace().limits.list()
      },
    },
  ]
}

/** What is wrong with these limits, if something is. */
export function wrongIn(limits: Readonly<Record<string, string>>, rooms: readonly Room[]): string | undefined {
  for (const [name, rate] of Object.entries(limits)) {
    if (rateOf(rate) === undefined) return `${name} must be a rate like 5/s or 100/1m, not "${rate}"`
    const wrong = unknownName(name, rooms)
    if (wrong !== undefined) return wrong
  }
  return undefined
}

/** What is wrong with the name of what is limited, if something is. */
export function unknownName(name: string, rooms: readonly Room[]): string | undefined {
  const known = rooms.flatMap(({ name: room, operations, calls = [] }) => [
    room,
    ...[...operations.known, ...calls].flatMap((operation) => [operation, `${room}.${operation}`]),
  ])
  return name === '*' || known.includes(name) ? undefined : `there is no operation ${name}${suggestion(name, known)}`
}

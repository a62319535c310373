import type { Call } from '../core/call.ts'
import { requestId } from '../core/random.ts'
import { Refusal } from '../core/refusal.ts'
import { run } from '../core/run.ts'
import { type Asked, Declined, type Room, type Route } from './route.ts'

/** What a vendor knows of its people. */
export interface People {
  /** By id or login name. */
  find(call: Call, name: string): { id: string; about: object } | undefined
  /** The vendor's operation that does this to one of them, and its input; undefined if there is none. */
  deed(deed: string, about: object): { operation: string; input: object } | undefined
  events?(call: Call, about: object): object[]
}

const DEEDS: Record<string, string> = {
  confirm: 'Confirm a user who signed up',
  disable: 'Let a user sign in no more',
  enable: 'Let a user sign in again',
  reset: 'Have a user choose a new password, by a code that is sent',
  'sign-out': 'End all that a user is signed in to',
}

const DONE = {
  type: 'object',
  properties: { vendor: { type: 'string' }, id: { type: 'string' }, operation: { type: 'string', description: 'what was called for it' } },
  required: ['vendor', 'id', 'operation'],
}

const USER = '/users/:id(^[^:/]+)'

/** Users of any vendor by their id or login name: what a test wants done to one, without the way there. */
export function users(people: Readonly<Record<string, People>>, rooms: readonly Room[]): Route[] {
  const found = ({ namespace, params: { id = '' }, query: { vendor } }: Asked) => {
    for (const [name, those] of Object.entries(people)) {
      if (vendor !== undefined && vendor !== name) continue
      const one = namespace().act((call) => those.find(call, id))
      if (one !== undefined) return { vendor: name, those, ...one }
    }
    throw new Declined(404, `there is no user ${id}`)
  }
  const query = { vendor: { type: 'string', enum: Object.keys(people), description: 'only a user of this one' } }
  return [
    ...Object.entries(DEEDS).map(
      ([deed, summary]): Route => ({
        method: 'POST',
        url: `${USER}::${deed}`,
        summary,
        query,
        answer: DONE,
        refuses: { 404: 'There is no such user', 409: 'The vendor does not do that, or refuses to' },
        handle: async (asked) => {
          const { vendor, those, id, about } = found(asked)
          const act = those.deed(deed, about)
          if (act === undefined) throw new Declined(409, `${vendor} has no operation to ${deed} a user`)
          const operation = await rooms.find(({ name }) => name === vendor)?.operations.load(act.operation)
          if (operation === undefined) throw new Error(`${vendor} has no ${act.operation}`)
          const origin = { transport: 'internal', requestId: requestId(), base: asked.base, headers: {} }
          try {
            await run(operation, () => act.input, origin, asked.namespace())
          } catch (error) {
            if (error instanceof Refusal) throw new Declined(409, `${act.operation}: ${error.name}: ${error.message}`)
            throw error
          }
          return { vendor, id, operation: act.operation }
        },
      }),
    ),
    {
      method: 'GET',
      url: `${USER}/events`,
      summary: 'What a user did and tried, newest first, as the vendor keeps it: Cognito where threat protection is on',
      query,
      answer: { type: 'array', items: { type: 'object' } },
      refuses: { 404: 'There is no such user' },
      handle: (asked) => {
        const { those, about } = found(asked)
        return asked.namespace().act((call) => those.events?.(call, about) ?? [])
      },
    },
  ]
}

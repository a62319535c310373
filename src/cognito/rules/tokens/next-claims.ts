import type { Claims } from '../../../core/jwt.ts'
import { collection } from '../../../core/records.ts'
import type { CognitoCall } from '../../call.ts'
import type { Client, User } from '../../records.ts'

/** Claims that somebody wants in tokens to come, over all others. */
export interface NextClaims {
  claims: Claims
  use?: 'access' | 'id' | undefined
  /** The ids of whom they are for; whoever comes first, if absent. */
  client?: string | undefined
  user?: string | undefined
  /** How many times yet. */
  times: number
}

const KEY = 'all'

const waiting = collection<{ next: NextClaims[] }>('cognito.next-claims', { cached: true })

export function enqueueClaims(call: CognitoCall, next: NextClaims): void {
  waiting.put(call, '', KEY, { next: [...(waiting.get(call, '', KEY)?.next ?? []), next] })
}

/** What waits for these tokens, by use; it is used up by one. */
export function takeClaims(call: CognitoCall, client: Client, user: User | undefined): { access: Claims; id: Claims } {
  const all = waiting.get(call, '', KEY)?.next ?? []
  if (all.length === 0) return NONE
  const meant = all.filter((one) => (one.client ?? client.ClientId) === client.ClientId && (one.user ?? user?.sub) === user?.sub)
  if (meant.length === 0) return NONE
  const left = all.map((one) => (meant.includes(one) ? { ...one, times: one.times - 1 } : one)).filter(({ times }) => times > 0)
  waiting.put(call, '', KEY, { next: left })
  const of = (use: 'access' | 'id') => Object.assign({}, ...meant.filter((one) => (one.use ?? use) === use).map(({ claims }) => claims))
  return { access: of('access'), id: of('id') }
}

const NONE = { access: {}, id: {} }

import type { Call } from '../core/call.ts'
import type { YandexCall } from './call.ts'
import { homes, type User, users } from './records.ts'
import { byUsername } from './rules/users/users.ts'

/** Short cuts to what operations do to a user, for whoever runs the emulator. */
export const people = {
  /** By id or login name. */
  find(call: Call, name: string): { id: string; about: User } | undefined {
    const home = homes.get(call, 'user', name)
    const about = home === undefined ? byUsername(call as YandexCall, name) : users.get(call, home.parent, name)
    return about === undefined ? undefined : { id: about.id, about }
  },
  /** The operation that does it, and its input. */
  deed(deed: string, { id }: User): { operation: string; input: object } | undefined {
    const operation = { disable: 'idp.UserService.Suspend', enable: 'idp.UserService.Reactivate' }[deed]
    return operation === undefined ? undefined : { operation, input: { userId: id } }
  },
}

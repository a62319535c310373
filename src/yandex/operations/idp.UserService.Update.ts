import { operation } from '../operation.ts'
import type { User } from '../records.ts'
import { patchOf } from '../rules/masks.ts'
import { laid, patchUser } from '../rules/running/changes.ts'
import { requireFreeUsername, requireOwnDomain, UPDATABLE } from '../rules/users/users.ts'
import { invalid } from '../validation.ts'

export default operation('idp.UserService.Update', (input, call) => {
  const user = call.user(input.userId)
  const pool = call.pool(user.userpoolId)

  const name = 'idp.UserService.Update'
  const patch: { [P in keyof User]?: User[P] | null } = patchOf({
    name,
    input,
    doc: user,
    members: UPDATABLE,
    keep: ['username', 'fullName'],
  })
  for (const [member, field] of [['username', 'username'] as const, ['fullName', 'full_name'] as const]) {
    if (patch[member] === null) throw invalid([{ field, description: 'Field is required' }])
  }
  const username = patch.username ?? user.username
  if (username !== user.username) {
    requireOwnDomain(call, pool, username)
    requireFreeUsername(call, pool, username, user.id)
  }

  const change = { ...patch, updatedAt: call.timestamp }
  return {
    description: 'Update user',
    metadata: { userId: user.id },
    response: laid(user, change),
    changes: [patchUser(user, change)],
  }
})

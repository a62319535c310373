import { members } from '../../directory/members.ts'
import { operation } from '../operation.ts'
import type { User } from '../records.ts'
import { EVERYBODY } from '../rules/pools/pools.ts'
import { holdQuota } from '../rules/quotas.ts'
import { dropUser, putPassword, putUser } from '../rules/running/changes.ts'
import { check, fromHash, fromSpec } from '../rules/users/passwords.ts'
import { requireFreeExternalId, requireFreeUsername, requireOwnDomain } from '../rules/users/users.ts'

export default operation('idp.UserService.Create', (input, call) => {
  const { passwordSpec, passwordHash, isActive, ...profile } = input
  const pool = call.pool(input.userpoolId)

  if (pool.status !== 'ACTIVE') call.fail('FAILED_PRECONDITION', `Userpool ${pool.id} is not active`)
  requireOwnDomain(call, pool, input.username)
  requireFreeUsername(call, pool, input.username)
  requireFreeExternalId(call, pool, input.externalId)
  holdQuota(call, 'subjects', pool.organizationId, () => members.count(call, pool.organizationId, EVERYBODY))
  if (passwordSpec !== undefined) check(call, pool, passwordSpec)

  const user: User = {
    id: call.id('aje'),
    status: isActive === false ? 'SUSPENDED' : 'ACTIVE',
    createdAt: call.timestamp,
    updatedAt: call.timestamp,
    ...profile,
  }
  // What an administrator sets is temporary, what a directory brought is not (yandex-idp 11).
  const password =
    passwordSpec === undefined ? fromHash(call, passwordHash, 'PERMANENT', 'password_hash') : fromSpec(call, passwordSpec, 'TEMPORARY')

  return {
    description: 'Create user',
    metadata: { userId: user.id },
    response: user,
    changes: [putUser(user), putPassword(user, password)],
    meanwhile: [putUser({ ...user, status: 'CREATING' })],
    otherwise: [dropUser(user)],
  }
})

import { members } from '../../directory/members.ts'
import { operation } from '../operation.ts'
import { seen } from '../rules/access/authorize.ts'
import { page } from '../rules/lists.ts'
import { EVERYBODY } from '../rules/pools/pools.ts'
import { claimsOf } from '../rules/users/users.ts'

/** Users of the organization's pools, in the order they came (that they appear here is a guess, yandex-idp 16). */
export default operation('organizationmanager.UserService.ListMembers', (input, call) => {
  const { id } = call.organization(input.organizationId)

  const { items, nextPageToken } = page(input, ['organization', id], (range) => members.people(call, id, EVERYBODY, range))

  return { users: items.map(({ person }) => ({ subjectClaims: claimsOf(seen(call, call.user(person))) })), nextPageToken }
})

import { operation } from '../operation.ts'
import { users } from '../records.ts'
import { seen } from '../rules/access/authorize.ts'
import { page } from '../rules/lists.ts'
import { FILED, FILTER_FIELDS } from '../rules/users/users.ts'

export default operation('idp.UserService.List', (input, call) => {
  const pool = call.pool(input.userpoolId)

  const { items, nextPageToken } = page(
    input,
    ['users', pool.id],
    (range, conditions) => {
      const filed = conditions.find(({ field, op }) => op === '=' && FILED.includes(field))
      const filter = filed === undefined ? undefined : { attribute: filed.field, op: '=' as const, value: filed.values[0] as string }
      return users.page(call, pool.id, { ...range, filter })
    },
    FILTER_FIELDS,
  )

  return { users: items.map((user) => seen(call, user)), nextPageToken }
})

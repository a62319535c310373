import { operation } from '../operation.ts'
import { groups } from '../records.ts'
import { page } from '../rules/lists.ts'

export default operation('GroupService.ListExternal', (input, call) => {
  const pool = call.pool(input.subjectContainerId)

  const { items, nextPageToken } = page(
    input,
    ['external-groups', pool.id],
    (range) => groups.page(call, pool.organizationId, range),
    ['id', 'name', 'externalId'],
    (group) => group.subjectContainerId === pool.id,
  )

  return { groups: items, nextPageToken }
})

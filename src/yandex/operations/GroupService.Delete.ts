import { operation } from '../operation.ts'
import { unfile } from '../rules/users/groups.ts'

export default operation('GroupService.Delete', (input, call) => {
  const group = call.group(input.groupId)

  return {
    description: 'Delete group',
    metadata: { groupId: group.id },
    response: {},
    about: group.id,
    changes: unfile(call, group),
  }
})

import { operation } from '../operation.ts'
import { externalGroups, unlink } from '../rules/users/groups.ts'

export default operation('GroupService.ConvertAllToBasic', (input, call) => {
  const { subjectContainerId } = input

  return {
    description: 'Convert external groups to basic',
    metadata: { subjectContainerId },
    response: {},
    changes: externalGroups(call, subjectContainerId).flatMap(unlink),
  }
})

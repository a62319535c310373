import { operation } from '../operation.ts'
import { byExternalId } from '../rules/users/groups.ts'

export default operation('GroupService.ResolveExternal', (input, call) => {
  const { subjectContainerId, externalId } = input
  const id = byExternalId(call, subjectContainerId, externalId)

  return call.group(id ?? call.fail('NOT_FOUND', `Group with external id ${externalId} not found`))
})

import { operation } from '../operation.ts'
import { groups } from '../records.ts'
import { requireGroup } from '../rules/users/groups.ts'

/** What is left out stays as it was: Terraform's provider sends only what changed, and its tests see the rest kept. */
export default operation('UpdateGroup', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const group = requireGroup(call, pool, input.GroupName)

  const updated = groups.put(call, pool.Id, group.GroupName, {
    ...group,
    Description: input.Description ?? group.Description,
    RoleArn: input.RoleArn ?? group.RoleArn,
    Precedence: input.Precedence ?? group.Precedence,
    LastModifiedDate: call.seconds,
  })

  return { Group: updated }
})

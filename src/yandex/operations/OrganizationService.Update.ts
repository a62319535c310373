import { operation } from '../operation.ts'
import { organizations, type StoredOrganization } from '../records.ts'
import { patchOf } from '../rules/masks.ts'
import { laid, patch } from '../rules/running/changes.ts'
import { invalid } from '../validation.ts'

export default operation('OrganizationService.Update', (input, call) => {
  const organization = call.organization(input.organizationId)

  const members = ['name', 'description', 'title', 'labels']
  const change = patchOf({ name: 'OrganizationService.Update', input, doc: organization, members, keep: ['name'] })
  if (change.name === null) throw invalid([{ field: 'name', description: 'Field is required' }])

  return {
    description: 'Update organization',
    metadata: { organizationId: organization.id },
    response: laid<StoredOrganization>(organization, change),
    about: organization.id,
    changes: [patch(organizations, '', organization.id, change)],
  }
})

import { operation } from '../operation.ts'
import { organizations } from '../records.ts'
import { isGuarded, may } from '../rules/access/access.ts'
import { organization } from '../rules/access/places.ts'
import { page } from '../rules/lists.ts'

export default operation('OrganizationService.List', (input, call) => {
  call.organizations()

  const { items, nextPageToken } = page(
    input,
    ['organizations'],
    (range) => organizations.page(call, '', range),
    ['id', 'name'],
    // Those that the caller may see.
    isGuarded(call) ? ({ id }) => may(call, organization(call, id), 'organization.view') : undefined,
  )

  return { organizations: items, nextPageToken }
})

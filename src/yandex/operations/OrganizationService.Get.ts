import { operation } from '../operation.ts'

export default operation('OrganizationService.Get', (input, call) => call.organization(input.organizationId))

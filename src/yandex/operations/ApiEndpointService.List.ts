import { operation } from '../operation.ts'
import { endpoints } from '../rules/endpoints.ts'

/** Asked before anybody has a token; its paging members are deprecated and everything fits on one page. */
export default operation('ApiEndpointService.List', (_input, call) => ({ endpoints: endpoints(call) }))

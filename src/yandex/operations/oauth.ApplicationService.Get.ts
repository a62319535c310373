import { operation } from '../operation.ts'
import { requireOauth } from '../rules/applications/applications.ts'

export default operation('oauth.ApplicationService.Get', (input, call) => requireOauth(call, input.applicationId))

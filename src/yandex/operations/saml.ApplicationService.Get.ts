import { operation } from '../operation.ts'
import { requireSaml, samlView } from '../rules/applications/saml.ts'

export default operation('saml.ApplicationService.Get', (input, call) => samlView(call, requireSaml(call, input.applicationId)))

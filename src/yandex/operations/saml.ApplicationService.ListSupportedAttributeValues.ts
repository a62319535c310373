import { operation } from '../operation.ts'
import { CLAIMS } from '../rules/applications/saml.ts'

export default operation('saml.ApplicationService.ListSupportedAttributeValues', () => ({
  supportedAttributeValues: CLAIMS.map((value) => ({ value })),
}))

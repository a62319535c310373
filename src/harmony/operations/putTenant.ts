import { tenant } from '../definitions/tenant.ts'
import { operation } from '../operation.ts'
import { tenants } from '../records.ts'
import { object, text } from '../schema.ts'

/** Not Harmony's: how tenants come to be is not documented, so fixtures and tests make them with this. */
export default operation(
  {
    name: 'putTenant',
    route: 'PUT /tenants/{tenantId}/product/{product}',
    summary: 'Make or replace a tenant of a product (of the emulator, not of Harmony)',
    own: true,
    body: object({ domain: text, endpointUrl: text }),
    answers: { 200: tenant },
    errors: [400, 401, 500],
  },
  ({ tenantId, product, domain, endpointUrl }, call) => {
    if (!URL.canParse(endpointUrl)) call.refuse(400, 'endpointUrl is not a URL')
    return tenants.put(call, tenantId, product, { tenantId, product, domain, endpointUrl })
  },
)

import { tenant } from '../definitions/tenant.ts'
import { operation } from '../operation.ts'
import { tenants } from '../records.ts'

export default operation(
  {
    name: 'getTenantByIdAndProduct',
    route: 'GET /tenants/{tenantId}/product/{product}',
    summary: 'Where a product serves a tenant',
    answers: { 200: tenant },
    errors: [400, 401, 404, 500],
  },
  ({ tenantId, product }, call) => tenants.get(call, tenantId, product) ?? call.refuse(404, `tenant ${tenantId} has no product ${product}`),
)

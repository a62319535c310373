import { operation } from '../operation.ts'
import { brandings } from '../records.ts'
import { requireBranding } from '../rules/look/branding.ts'

export default operation('DeleteManagedLoginBranding', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  requireBranding(call, pool, input.ManagedLoginBrandingId)

  brandings.remove(call, pool.Id, input.ManagedLoginBrandingId)
})

import { operation } from '../operation.ts'
import { brandingView, requireBrandingOf } from '../rules/look/branding.ts'

export default operation('DescribeManagedLoginBrandingByClient', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const branding = requireBrandingOf(call, pool, call.client(pool, input.ClientId))

  return { ManagedLoginBranding: brandingView(branding, input.ReturnMergedResources) }
})

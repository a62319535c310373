import { operation } from '../operation.ts'
import { brandingView, requireBranding } from '../rules/look/branding.ts'

export default operation('DescribeManagedLoginBranding', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const { branding } = requireBranding(call, pool, input.ManagedLoginBrandingId)

  return { ManagedLoginBranding: brandingView(branding, input.ReturnMergedResources) }
})

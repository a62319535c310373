import { operation } from '../operation.ts'
import { uiCustomizations } from '../records.ts'
import { checkCss, checkLogo, customized, requireAnyDomain, uiView } from '../rules/look/ui-customization.ts'
import { versionAt } from '../rules/pools/domains.ts'

/** (?) Whether what a call leaves out is taken away: Terraform's provider clears by a call without a style sheet and an image. */
const REPLACES = true

export default operation('SetUICustomization', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const ClientId = customized(call, pool, input.ClientId)
  requireAnyDomain(call, pool)
  const before = uiCustomizations.get(call, pool.Id, ClientId)
  const kept = REPLACES ? undefined : before
  const { CSS = kept?.CSS, ImageFile = kept?.Image } = input
  checkCss(call, CSS)
  checkLogo(call, ImageFile)
  if (CSS === undefined && ImageFile === undefined) {
    uiCustomizations.remove(call, pool.Id, ClientId)
    return { UICustomization: { UserPoolId: pool.Id, ClientId } }
  }

  const version = versionAt(call.now)
  const customization = uiCustomizations.put(call, pool.Id, ClientId, {
    UserPoolId: pool.Id,
    ClientId,
    CSS,
    CSSVersion: version,
    LastModifiedDate: call.seconds,
    CreationDate: before?.CreationDate ?? call.seconds,
    Image: ImageFile,
  })

  return { UICustomization: uiView(call, customization) }
})

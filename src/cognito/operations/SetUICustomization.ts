import { operation } from '../operation.ts'
import { uiCustomizations } from '../records.ts'
import { distribution, versionAt } from '../rules/domains.ts'
import { checkCss, checkLogo, customized, requireAnyDomain, uiView } from '../rules/ui-customization.ts'

/** Everything is set anew; a call without a style sheet and without an image clears (Terraform deletes that way). */
export default operation('SetUICustomization', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const ClientId = customized(call, pool, input.ClientId)
  requireAnyDomain(call, pool)
  const { CSS, ImageFile } = input
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
    ImageUrl: ImageFile && `https://${distribution(call, pool, false)}/${pool.Id}/${ClientId}/${version}/assets/images/image.jpg`,
    CSS,
    CSSVersion: version,
    LastModifiedDate: call.seconds,
    CreationDate: uiCustomizations.get(call, pool.Id, ClientId)?.CreationDate ?? call.seconds,
    Image: ImageFile,
  })

  return { UICustomization: uiView(customization) }
})

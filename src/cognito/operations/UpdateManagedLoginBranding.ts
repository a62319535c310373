import { operation } from '../operation.ts'
import { type Branding, brandings } from '../records.ts'
import { checkStyle, checkUpdate, merged, requireBranding, withAssets } from '../rules/look/branding.ts'

/** What is not mentioned stays, down to each setting and each asset; the service's own values take everything back. */
export default operation('UpdateManagedLoginBranding', (input, call) => {
  const { UserPoolId, ManagedLoginBrandingId, UseCognitoProvidedValues, Settings, Assets = [] } = input
  if (UserPoolId === undefined || ManagedLoginBrandingId === undefined) return call.fail('InvalidParameterException', UNNAMED)
  const pool = call.pool(UserPoolId)
  const { client, branding } = requireBranding(call, pool, ManagedLoginBrandingId)
  checkUpdate(call, input)
  checkStyle(call, input)

  const reset = UseCognitoProvidedValues === true
  const before = reset ? { Settings: undefined, Assets: [] } : branding
  const updated: Branding = {
    ...branding,
    UseCognitoProvidedValues: UseCognitoProvidedValues ?? (Settings === undefined && branding.UseCognitoProvidedValues),
    Settings: Settings === undefined ? before.Settings : (merged(before.Settings ?? {}, Settings) as Branding['Settings']),
    Assets: withAssets(before.Assets ?? [], Assets),
    LastModifiedDate: call.seconds,
  }
  brandings.put(call, pool.Id, ManagedLoginBrandingId, { client, branding: updated })

  return { ManagedLoginBranding: updated }
})

/** (?) The contract calls both optional. */
const UNNAMED = 'UserPoolId and ManagedLoginBrandingId are required'

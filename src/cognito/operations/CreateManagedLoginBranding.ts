import { operation } from '../operation.ts'
import { brandings } from '../records.ts'
import { brandingOf, checkSource, checkStyle, withAssets } from '../rules/look/branding.ts'

export default operation('CreateManagedLoginBranding', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const client = call.client(pool, input.ClientId)
  const { UseCognitoProvidedValues = false, Settings, Assets = [] } = input
  checkSource(call, input)
  checkStyle(call, input)
  if (brandingOf(call, pool, client) !== undefined) call.fail('ManagedLoginBrandingExistsException', EXISTS)

  const ManagedLoginBrandingId = call.identifier(() => call.random.uuid())
  const branding = {
    ManagedLoginBrandingId,
    UserPoolId: pool.Id,
    UseCognitoProvidedValues,
    Settings,
    Assets: withAssets([], Assets),
    CreationDate: call.seconds,
    LastModifiedDate: call.seconds,
  }
  brandings.insert(call, pool.Id, ManagedLoginBrandingId, { client: client.ClientId, branding })

  return { ManagedLoginBranding: branding }
})

/** (?) */
const EXISTS = 'A managed login branding style already exists for this app client.'

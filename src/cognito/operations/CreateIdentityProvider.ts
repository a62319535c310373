import { operation } from '../operation.ts'
import { providers } from '../records.ts'
import { checkAcrMapping } from '../rules/factors/acr-levels.ts'
import { completed } from '../rules/federation/provider-details.ts'
import { checkedMapping, checkIdentifiers, checkName, providerView } from '../rules/federation/providers.ts'
import { holdQuota } from '../rules/pools/quotas.ts'
import { addProviderGroup } from '../rules/users/groups.ts'

export default operation('CreateIdentityProvider', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const { ProviderName, ProviderType, IdpIdentifiers = [], AcrMapping } = input
  checkName(call, ProviderName, ProviderType)
  if (providers.get(call, pool.Id, ProviderName) !== undefined) {
    call.fail('DuplicateProviderException', `${ProviderName} already exists in user pool ${pool.Id}`)
  }
  holdQuota(call, 'providers', () => providers.count(call, pool.Id))
  const AttributeMapping = checkedMapping(call, pool, ProviderType, input.AttributeMapping)
  checkIdentifiers(call, pool, ProviderName, IdpIdentifiers)
  checkAcrMapping(call, ProviderType, AcrMapping)
  const { shown, hidden } = completed(call, pool, ProviderType, input.ProviderDetails)

  const provider = providers.insert(call, pool.Id, ProviderName, {
    UserPoolId: pool.Id,
    ProviderName,
    ProviderType,
    ProviderDetails: shown,
    AttributeMapping,
    IdpIdentifiers,
    LastModifiedDate: call.seconds,
    CreationDate: call.seconds,
    AcrMapping,
    Hidden: hidden,
  })
  addProviderGroup(call, pool, ProviderName)

  return { IdentityProvider: providerView(provider) }
})

import { operation } from '../operation.ts'
import { providers } from '../records.ts'
import { checkAcrMapping } from '../rules/factors/acr-levels.ts'
import { completed } from '../rules/federation/provider-details.ts'
import { checkedMapping, checkIdentifiers, providerView, requireProvider } from '../rules/federation/providers.ts'

/** What is left out stays; a mapping, identifiers or details that are given replace the old ones, so empty ones clear (G4). */
export default operation('UpdateIdentityProvider', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const provider = requireProvider(call, pool, input.ProviderName)
  const { ProviderName, ProviderType } = provider
  const AttributeMapping =
    input.AttributeMapping === undefined ? provider.AttributeMapping : checkedMapping(call, pool, ProviderType, input.AttributeMapping)
  if (input.IdpIdentifiers !== undefined) checkIdentifiers(call, pool, ProviderName, input.IdpIdentifiers)
  checkAcrMapping(call, ProviderType, input.AcrMapping)
  const { shown, hidden } =
    input.ProviderDetails === undefined
      ? { shown: provider.ProviderDetails, hidden: provider.Hidden }
      : completed(call, pool, ProviderType, { ...provider.Hidden, ...input.ProviderDetails })

  const updated = providers.put(call, pool.Id, ProviderName, {
    ...provider,
    ProviderDetails: shown,
    AttributeMapping,
    IdpIdentifiers: input.IdpIdentifiers ?? provider.IdpIdentifiers,
    AcrMapping: input.AcrMapping ?? provider.AcrMapping,
    LastModifiedDate: call.seconds,
    Hidden: hidden,
  })

  return { IdentityProvider: providerView(updated) }
})

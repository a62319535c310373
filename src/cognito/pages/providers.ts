import type { Form, Leading, Visit } from '../../oauth/index.ts'
import { byAddress, ofAddress, offered } from '../rules/federation/choice.ts'
import { depart } from '../rules/federation/landings.ts'
import { entranceOf } from '../rules/federation/upstreams.ts'
import type { Here } from './visits.ts'

/** A button for each provider, or the question for the address of somebody's company. */
export function providerForms(visit: Visit, { call, pool, client, say }: Here): Form[] {
  const all = offered(call, pool, client)
  if (byAddress(all)) {
    const field = {
      name: 'address',
      label: say('corporateEmail'),
      type: 'email',
      autocomplete: 'email',
      value: visit.web.form.address,
    } as const
    return [{ id: 'corporate', fields: [field], hidden: { action: 'provider' }, submit: say('corporate'), secondary: true }]
  }
  return all.map(({ ProviderName: name, ProviderType: type }) => ({
    id: `provider-${name}`,
    fields: [],
    hidden: { action: 'provider', provider: name },
    submit: say('continueWith', { name: SHOWN[type] ?? name }),
    secondary: true,
  }))
}

const SHOWN: Readonly<Record<string, string>> = { LoginWithAmazon: 'Amazon', SignInWithApple: 'Apple' }

/** Off to the provider of the button, or of the address. */
export function leaveForProvider(visit: Visit, { call, pool, client, say }: Here): Leading {
  const { provider: name, address: given = '' } = visit.web.form
  const all = offered(call, pool, client)
  const provider = name === undefined ? ofAddress(all, given) : all.find(({ ProviderName }) => ProviderName === name)
  if (provider === undefined) return call.fail('InvalidParameterException', say('noProvider'))
  return depart(call, visit.web, visit.asked, pool, provider)
}

/** Browsers hold forms to the policy of their page wherever they are led. */
export function providerOrigins(visit: Visit, { call, pool, client }: Here): string[] {
  const addresses = offered(call, pool, client).map((provider) => entranceOf(visit.call, pool, provider))
  return [...new Set(addresses.flatMap((url) => (URL.canParse(url) ? [new URL(url).origin] : [])))]
}

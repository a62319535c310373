import { operation } from '../operation.ts'
import { checkCertificate, checkRouting, checkVersion, isCustom, keepDomain, requireDomain, versionAt } from '../rules/pools/domains.ts'

/** What is left out stays as it was. */
export default operation('UpdateUserPoolDomain', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const domain = requireDomain(call, pool, input.Domain)
  const { CustomDomainConfig, ManagedLoginVersion, Routing } = input
  if (CustomDomainConfig !== undefined && !isCustom(domain)) call.fail('InvalidParameterException', PREFIX_DOMAIN)
  checkCertificate(call, CustomDomainConfig)
  if (ManagedLoginVersion !== undefined) checkVersion(call, pool, ManagedLoginVersion)
  checkRouting(call, pool, Routing)

  const updated = keepDomain(call, pool, {
    ...domain,
    Version: versionAt(call.now),
    CustomDomainConfig: CustomDomainConfig ?? domain.CustomDomainConfig,
    ManagedLoginVersion: ManagedLoginVersion ?? domain.ManagedLoginVersion,
    Routing: Routing ?? domain.Routing,
  })

  return {
    ManagedLoginVersion: updated.ManagedLoginVersion,
    CloudFrontDomain: isCustom(updated) ? updated.CloudFrontDistribution : undefined,
    Routing: updated.Routing,
  }
})

/** (?) */
const PREFIX_DOMAIN = 'CustomDomainConfig cannot be set for a prefix domain.'

import type { CustomDomainConfigType } from '../contract/types.ts'
import { operation } from '../operation.ts'
import { domainView, findDomain } from '../rules/pools/domains.ts'

/** An unknown domain is described by nothing (cognito-facts 60), a prefix by an empty configuration of a custom one. */
export default operation('DescribeUserPoolDomain', (input, call) => {
  const domain = findDomain(call, call.region, input.Domain)
  if (domain === undefined) return { DomainDescription: {} }

  return { DomainDescription: { ...domainView(domain), CustomDomainConfig: domain.CustomDomainConfig ?? ({} as CustomDomainConfigType) } }
})

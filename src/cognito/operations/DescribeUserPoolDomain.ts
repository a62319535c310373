import type { CustomDomainConfigType, DomainDescriptionType } from '../contract/types.ts'
import { operation } from '../operation.ts'
import { findDomain } from '../rules/domains.ts'

/** An unknown domain is described by nothing (cognito-facts 60), a prefix by an empty configuration of a custom one. */
export default operation('DescribeUserPoolDomain', (input, call) => {
  const domain: DomainDescriptionType | undefined = findDomain(call, call.region, input.Domain)
  if (domain === undefined) return { DomainDescription: {} }

  return { DomainDescription: { ...domain, CustomDomainConfig: domain.CustomDomainConfig ?? ({} as CustomDomainConfigType) } }
})

import { operation } from '../operation.ts'
import { domains, homes, type Pool, pools } from '../records.ts'
import { DEFAULT_POLICIES, defaultDomain, givenDomain, isDomain, qualityPolicy, requireFreeName } from '../rules/pools/pools.ts'
import { drop, dropContents, put } from '../rules/running/changes.ts'
import { invalid } from '../validation.ts'

export default operation('UserpoolService.Create', (input, call) => {
  const { defaultSubdomain, passwordQualityPolicy, ...rest } = input
  const organization = call.organization(input.organizationId)
  const domain = defaultDomain(defaultSubdomain)

  if (!isDomain(defaultSubdomain)) throw invalid([{ field: 'default_subdomain', description: 'Not a domain name' }])
  requireFreeName(call, organization.id, input.name)
  if (homes.get(call, 'domain', domain) !== undefined) call.fail('ALREADY_EXISTS', `Domain ${domain} is already in use`)

  const pool: Pool = {
    id: call.id('ek0'),
    createdAt: call.timestamp,
    updatedAt: call.timestamp,
    status: 'ACTIVE',
    ...DEFAULT_POLICIES,
    ...rest,
    ...(passwordQualityPolicy === undefined ? {} : { passwordQualityPolicy: qualityPolicy(passwordQualityPolicy) }),
  }
  const filed = (status: 'CREATING' | 'ACTIVE') => [
    put(pools, organization.id, pool.id, { ...pool, status }),
    put(homes, 'pool', pool.id, { parent: organization.id }),
    put(domains, pool.id, domain, givenDomain(domain, call.timestamp)),
    put(homes, 'domain', domain, { parent: pool.id }),
  ]

  return {
    description: 'Create userpool',
    metadata: { userpoolId: pool.id },
    response: { ...pool, domains: [domain] },
    about: pool.id,
    changes: filed('ACTIVE'),
    meanwhile: filed('CREATING'),
    otherwise: [dropContents(pool), drop(pools, organization.id, pool.id)],
  }
})

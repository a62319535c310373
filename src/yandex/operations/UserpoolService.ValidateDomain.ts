import { operation } from '../operation.ts'
import { domains } from '../records.ts'
import { validated } from '../rules/pools/domains.ts'
import { requireDomain } from '../rules/pools/pools.ts'
import { patch, put } from '../rules/running/changes.ts'

export default operation('UserpoolService.ValidateDomain', (input, call) => {
  const pool = call.pool(input.userpoolId)
  const domain = requireDomain(call, pool, input.domain)

  const after = validated(call, domain)
  return {
    description: 'Validate userpool domain',
    metadata: { userpoolId: pool.id, domain: domain.domain },
    response: after,
    about: pool.id,
    changes: [put(domains, pool.id, domain.domain, after)],
    meanwhile: [patch(domains, pool.id, domain.domain, { status: 'VALIDATING' })],
    otherwise: [put(domains, pool.id, domain.domain, domain)],
  }
})

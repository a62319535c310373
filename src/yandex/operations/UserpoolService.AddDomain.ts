import { operation } from '../operation.ts'
import { domains, homes } from '../records.ts'
import { newDomain } from '../rules/pools/domains.ts'
import { isDomain } from '../rules/pools/pools.ts'
import { drop, put } from '../rules/running/changes.ts'
import { invalid } from '../validation.ts'

/** A domain belongs to one pool at most (yandex-idp 12). */
export default operation('UserpoolService.AddDomain', (input, call) => {
  const pool = call.pool(input.userpoolId)
  const name = input.domain.toLowerCase()

  if (!isDomain(name)) throw invalid([{ field: 'domain', description: 'Not a domain name' }])
  if (homes.get(call, 'domain', name) !== undefined) call.fail('ALREADY_EXISTS', `Domain ${name} is already in use`)

  const domain = newDomain(call, name)
  const filed = [put(domains, pool.id, name, domain), put(homes, 'domain', name, { parent: pool.id })]
  return {
    description: 'Add domain to userpool',
    metadata: { userpoolId: pool.id, domain: name },
    response: domain,
    about: pool.id,
    changes: filed,
    meanwhile: filed,
    otherwise: [drop(domains, pool.id, name), drop(homes, 'domain', name)],
  }
})

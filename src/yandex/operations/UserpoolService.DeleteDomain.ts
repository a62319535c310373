import { operation } from '../operation.ts'
import { domains, homes, users } from '../records.ts'
import { requireDomain } from '../rules/pools/pools.ts'
import { drop, patch } from '../rules/running/changes.ts'

/** Not the default one, nor one that users have (guesses, yandex-idp 12). */
export default operation('UserpoolService.DeleteDomain', (input, call) => {
  const pool = call.pool(input.userpoolId)
  const { domain, status, deletionProtection } = requireDomain(call, pool, input.domain)

  if (deletionProtection === true) call.fail('FAILED_PRECONDITION', `Domain ${domain} is protected from deletion`)
  const used = users.page(call, pool.id, { filter: { attribute: 'domain', op: '=', value: domain }, limit: 1 }).items.length > 0
  if (used) call.fail('FAILED_PRECONDITION', `Domain ${domain} is used by users`)

  return {
    description: 'Delete domain from userpool',
    metadata: { userpoolId: pool.id, domain },
    response: {},
    about: pool.id,
    changes: [drop(domains, pool.id, domain), drop(homes, 'domain', domain)],
    meanwhile: [patch(domains, pool.id, domain, { status: 'DELETING' })],
    otherwise: [patch(domains, pool.id, domain, { status })],
  }
})

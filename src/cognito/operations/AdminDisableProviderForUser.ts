import { operation } from '../operation.ts'
import { passwords } from '../records.ts'
import { requireProvider } from '../rules/federation/providers.ts'
import { linkedUser, SUBJECT, unlink } from '../rules/users/links.ts'
import { change, require } from '../rules/users/users.ts'

/**
 * A linked identity is parted from its user; a local user loses the password. (?) A federated user of the pool's own, linked to
 * nobody, is disabled: the documentation says only that signing in with the provider is prevented.
 */
export default operation('AdminDisableProviderForUser', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const { ProviderName: at, ProviderAttributeName: attribute, ProviderAttributeValue: value } = input.User
  if (!at || !attribute || !value) return call.fail('InvalidParameterException', INCOMPLETE)
  if (at === 'Cognito') {
    if (attribute !== SUBJECT) call.fail('InvalidParameterException', NOT_SUBJECT)
    passwords.remove(call, pool.Id, require(call, pool, value).sub)
    return {}
  }
  const { ProviderName } = requireProvider(call, pool, at)
  const linked = linkedUser(call, pool, ProviderName, attribute, value)

  if (linked !== undefined) unlink(call, pool, linked, ProviderName, attribute, value)
  else change(call, pool, require(call, pool, `${ProviderName}_${value}`), { Enabled: false })
  return {}
})

// (?) What is refused is documented, the sentences are not known.
const INCOMPLETE = 'Invalid User: ProviderName, ProviderAttributeName and ProviderAttributeValue are required'
const NOT_SUBJECT = `Invalid User: ProviderAttributeName must be ${SUBJECT} for users of the user pool`

import type { CognitoCall } from '../call.ts'
import { operation } from '../operation.ts'
import type { Pool, User } from '../records.ts'
import { isSocial, requireProvider } from '../rules/federation/providers.ts'
import { identitiesOf, link, linkedUser, SUBJECT } from '../rules/users/links.ts'
import { find, require } from '../rules/users/users.ts'

const MOST_LINKS = 5

export default operation('AdminLinkProviderForUser', (input, call) => {
  const pool = call.pool(input.UserPoolId)
  const { ProviderName: at, ProviderAttributeName: attribute, ProviderAttributeValue: value } = input.SourceUser
  if (at === 'Cognito') call.fail('InvalidParameterException', NATIVE_SOURCE)
  if (!at || !attribute || !value) return call.fail('InvalidParameterException', INCOMPLETE_SOURCE)
  const provider = requireProvider(call, pool, at)
  if (isSocial(provider.ProviderType) && attribute !== SUBJECT) call.fail('InvalidParameterException', NOT_SUBJECT)
  const user = destination(call, pool, input.DestinationUser)
  if (find(call, pool, `${at}_${value}`) !== undefined || linkedUser(call, pool, at, attribute, value) !== undefined) {
    call.fail('InvalidParameterException', MERGING)
  }
  if (identitiesOf(user).filter(({ primary }) => !primary).length >= MOST_LINKS) call.fail('LimitExceededException', TOO_MANY)
  const fixed = pool.SchemaAttributes.find(({ Name = '', Mutable }) => Mutable === false && Name !== 'sub' && Name in user.Attributes)
  if (fixed !== undefined) call.fail('InvalidParameterException', immutable(fixed.Name ?? ''))

  link(call, pool, user, provider, attribute, value)
  return {}
})

/** A local user by name, anybody else by provider and the provider's id for them. */
function destination(
  call: CognitoCall,
  pool: Pool,
  named: { ProviderName?: string | undefined; ProviderAttributeValue?: string | undefined },
): User {
  const { ProviderName, ProviderAttributeValue: value } = named
  if (!ProviderName || !value) return call.fail('InvalidParameterException', INCOMPLETE_DESTINATION)
  return require(call, pool, ProviderName === 'Cognito' ? value : `${ProviderName}_${value}`)
}

/** amplify-js#13334 */
const NATIVE_SOURCE =
  'Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser, only as a DestinationUser'
/** cognito-behaviour G6 */
const MERGING = 'Merging is not currently supported, provide a SourceUser that has not been signed up in order to link'
// (?) The sentences below: what they refuse is documented, how it is worded is not known.
const INCOMPLETE_SOURCE = 'Invalid SourceUser: ProviderName, ProviderAttributeName and ProviderAttributeValue are required'
const INCOMPLETE_DESTINATION = 'Invalid DestinationUser: ProviderName and ProviderAttributeValue are required'
const NOT_SUBJECT = `Invalid SourceUser: ProviderAttributeName must be ${SUBJECT} for social identity providers`
const TOO_MANY = `A user can have at most ${MOST_LINKS} linked identities`
const immutable = (name: string) => `Invalid DestinationUser: user.${name}: Attribute cannot be updated.`

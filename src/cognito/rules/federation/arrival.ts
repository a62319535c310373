import { Taken } from '../../../core/refusal.ts'
import { members } from '../../../directory/members.ts'
import type { CognitoCall } from '../../call.ts'
import { type Client, type Pool, type Provider, type User, users } from '../../records.ts'
import { type Inbound, inboundFederation } from '../triggers/inbound-federation.ts'
import { postAuthentication, preAuthentication } from '../triggers/sign-in.ts'
import { admit, postConfirmation } from '../triggers/sign-up.ts'
import { wasAsked } from '../triggers/triggers.ts'
import { fold } from '../users/aliases.ts'
import { addProviderGroup } from '../users/groups.ts'
import { type Identity, linkedUser, SUBJECT } from '../users/links.ts'
import { add, change, find, newSub } from '../users/users.ts'
import { checkChanged, checkNew, mapped, type Said, textOf, withMarks } from './mapping.ts'
import { refuseHere } from './refusing.ts'

/** Whom a provider has vouched for, in its own words. */
export interface Vouched {
  provider: Provider
  /** Their id there. */
  subject: string | undefined
  said: Said
  /** The SAML entity that said so. */
  issuer: string | null
  /** As it came, for the pool's function. */
  raw: Inbound['attributes']
}

/**
 * Who has arrived: a user of the pool, made at the first time and written anew at every other, or the one that the identity is linked to.
 * Threat protection has no part in it, being for the standard and the custom flow (guide, threat protection): no address is rated, no event
 * recorded.
 */
export function arrive(call: CognitoCall, pool: Pool, client: Client, vouched: Vouched): User {
  const { provider, subject, issuer } = vouched
  if (subject === undefined || subject === '') return refuseHere(call, NO_SUBJECT)
  const { ProviderName, ProviderType } = provider
  const name = fold(pool, `${ProviderName}_${subject}`)
  if (name.length > LONGEST_NAME) call.fail('InvalidParameterException', tooLong(name))
  const wanted = inboundFederation(call, pool, {
    clientId: client.ClientId,
    userName: name,
    providerName: ProviderName,
    providerType: ProviderType,
    attributes: vouched.raw,
  })
  const said = wanted ?? vouched.said

  const linked = linkedTo(call, pool, provider, subject, said)
  // A function that links the newcomer while it is asked comes too late for this sign-in (cognito-facts 199).
  if (linked !== undefined && wasAsked(call, pool, 'PreSignUp_ExternalProvider', name)) refuseHere(call, entryFound(name))
  const known = linked ?? find(call, pool, name)
  if (known === undefined) {
    const identity: Identity = {
      userId: subject,
      providerName: ProviderName,
      providerType: ProviderType,
      issuer,
      primary: true,
      dateCreated: call.now,
    }
    return welcome(call, pool, client, provider, { name, identity, attributes: mapped(provider, said) })
  }
  preAuthentication({ call, pool, client, metadata: {} }, known.Username, known)
  if (!known.Enabled) refuseHere(call, 'User is not enabled')
  // A local user keeps the profile it has (O16).
  const user = linked === undefined ? refresh(call, pool, client, known, { provider, attributes: mapped(provider, said) }) : known
  postAuthentication({ call, pool, client, metadata: {} }, user, { newDeviceUsed: false })
  return users.get(call, pool.Id, user.sub) ?? user
}

/** Seen where a mapping leads to nothing (amplify-js#239). */
const NO_SUBJECT = 'username attribute mapping required'

const LONGEST_NAME = 128

/** As seen where a provider's ids are long (guides of applications that stand behind the service). */
const tooLong = (name: string) =>
  `1 validation error detected: Value '${name}' at 'userName' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST_NAME}`

const entryFound = (name: string) => `Already found an entry for username ${name}`

/**
 * By the provider's own subject, or by any attribute that a link names. A pool that folds names writes `google_1042`, as real tokens do;
 * functions take the id out of that name and link it, so the folded one counts, too (?).
 */
function linkedTo(call: CognitoCall, pool: Pool, { ProviderName }: Provider, subject: string, said: Said): User | undefined {
  const named = Object.entries(said).flatMap(([name, value]) => {
    const text = textOf(value)
    return text === undefined ? [] : [[name, text] as const]
  })
  const subjects = [subject, fold(pool, subject)].map((value) => [SUBJECT, value] as const)
  for (const [name, value] of [...subjects, ...named]) {
    const user = linkedUser(call, pool, ProviderName, name, value)
    if (user !== undefined) return user
  }
  return undefined
}

/** The first time: the pool's function may refuse, then there is a user, in the group of all who come by this provider. */
function welcome(
  call: CognitoCall,
  pool: Pool,
  client: Client,
  provider: Provider,
  { name, identity, attributes }: { name: string; identity: Identity; attributes: Record<string, string> },
): User {
  checkNew(call, pool, provider, attributes)
  const present = Object.fromEntries(Object.entries(withMarks(provider, attributes)).filter(([, value]) => value !== ''))
  const made: User = {
    sub: newSub(call),
    Username: name,
    Attributes: present,
    Enabled: true,
    UserStatus: 'EXTERNAL_PROVIDER',
    UserCreateDate: call.seconds,
    UserLastModifiedDate: call.seconds,
  }
  const { ClientId: clientId } = client
  const admitted = admit(call, pool, 'PreSignUp_ExternalProvider', made, { clientId })
  const user: User = { ...admitted, Attributes: { ...admitted.Attributes, identities: JSON.stringify([identity]) } }
  try {
    add(call, pool, user)
  } catch (error) {
    if (!(error instanceof Taken)) throw error
    if (error.what !== 'username') return call.fail('AliasExistsException', `An account with the given ${error.what} already exists.`)
    return refuseHere(call, entryFound(name))
  }
  const group = addProviderGroup(call, pool, provider.ProviderName)
  members.add(call, pool.Id, group.GroupName, user.sub)
  postConfirmation(call, pool, 'PostConfirmation_ConfirmSignUp', user, { clientId })
  return user
}

function refresh(
  call: CognitoCall,
  pool: Pool,
  client: Client,
  user: User,
  { provider, attributes }: { provider: Provider; attributes: Record<string, string> },
): User {
  checkChanged(call, pool, client, provider, attributes)
  const marked = withMarks(provider, attributes)
  // An empty value takes an attribute away; one that the provider does not tell any more stays (guide, attribute mapping).
  const Attributes = Object.fromEntries(Object.entries({ ...user.Attributes, ...marked }).filter(([, value]) => value !== ''))
  const same = JSON.stringify(Attributes) === JSON.stringify(user.Attributes)
  return same ? user : change(call, pool, user, { Attributes })
}

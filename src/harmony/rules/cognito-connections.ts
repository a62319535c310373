import type { HarmonyCall } from '../call.ts'
import type { ConnectionAnswer, PatchConnection, PostConnection } from '../definitions/connection.ts'
import { addresses, clientHomes, clients, connections, profiles } from '../records.ts'
import { type Pool, poolOf } from './cognito-directory.ts'
import { CUSTOM_KEYS } from './mapping.ts'

/** A Cognito connection is a user pool (harmony-auth 1); what `metadata` is told about it, Harmony keeps itself. */
const PROVIDER = 'cognito-connection'
const MOST = 60

/**
 * (?) What pools Harmony makes in life is not documented. Its sample of a user whose `username` is the id is what Cognito answers in a
 * pool whose users sign in by e-mail, and metadata has a place in tokens only where the pool has attributes for it.
 */
const HOME = {
  UsernameAttributes: ['email' as const],
  AutoVerifiedAttributes: ['email' as const],
  UsernameConfiguration: { CaseSensitive: false },
  Schema: CUSTOM_KEYS.map((Name) => ({ Name, AttributeDataType: 'String' as const, Mutable: true })),
}

export function list(call: HarmonyCall): ConnectionAnswer[] {
  const { UserPools = [] } = call.cognito.ListUserPools({ MaxResults: MOST })
  return UserPools.map(({ Id = '' }) => view(call, poolOf(call, Id, 400)))
}

export function read(call: HarmonyCall<404>, id: string): ConnectionAnswer {
  return view(call, poolOf(call, id, 404))
}

export function create(call: HarmonyCall, body: PostConnection): ConnectionAnswer {
  if (body.displayName !== undefined) call.undocumented('connectionBody.displayName is for Auth0')
  const { UserPool } = call.cognito.CreateUserPool({ PoolName: body.name, ...HOME })
  return keep(call, poolOf(call, UserPool?.Id ?? '', 400), body)
}

export function update(call: HarmonyCall<404>, id: string, body: PatchConnection): ConnectionAnswer {
  if (body.displayName !== undefined) call.undocumented('connectionBody.displayName is for Auth0')
  const pool = poolOf(call, id, 404)
  if (body.name !== undefined && body.name !== pool.Name) rename(call, pool, body.name)
  return keep(call, poolOf(call, id, 404), body)
}

/** With its users, and with what Harmony knew of them. */
export function remove(call: HarmonyCall<404>, id: string): void {
  const pool = poolOf(call, id, 404)
  call.cognito.DeleteUserPool({ UserPoolId: pool.Id })
  for (const client of clients.all(call, pool.Id)) clientHomes.remove(call, '', client.id)
  for (const kind of [profiles, addresses, clients]) kind.removeAll(call, pool.Id)
  connections.remove(call, PROVIDER, pool.Id)
}

/** An update replaces all that a pool is set to, so everything but the name is sent back as it is. */
function rename(call: HarmonyCall, pool: Pool, name: string): void {
  const {
    Id,
    Name,
    Arn,
    Status,
    SchemaAttributes,
    AliasAttributes,
    UsernameAttributes,
    UsernameConfiguration,
    EstimatedNumberOfUsers,
    SmsConfigurationFailure,
    EmailConfigurationFailure,
    Domain,
    CustomDomain,
    CreationDate,
    LastModifiedDate,
    AdminCreateUserConfig,
    ...same
  } = pool
  const { UnusedAccountValidityDays, ...invitations } = AdminCreateUserConfig ?? {}
  call.cognito.UpdateUserPool({ ...same, AdminCreateUserConfig: invitations, UserPoolId: Id, PoolName: name })
}

function keep(call: HarmonyCall, pool: Pool, { metadata }: PatchConnection): ConnectionAnswer {
  const at = new Date(call.now).toISOString()
  const before = connections.get(call, PROVIDER, pool.Id)
  const merged = { ...before?.metadata, ...metadata }
  connections.put(call, PROVIDER, pool.Id, { id: pool.Id, name: '', createdAt: at, ...before, metadata: merged, updatedAt: at })
  return view(call, pool)
}

function view(call: HarmonyCall, pool: Pool): ConnectionAnswer {
  const kept = connections.get(call, PROVIDER, pool.Id)
  const modified = new Date((pool.LastModifiedDate ?? 0) * 1000).toISOString()
  return {
    connectionId: pool.Id,
    name: pool.Name ?? '',
    // (?) The word that the documentation has for it was not seen.
    type: 'cognito',
    status: 'active',
    createdAt: new Date((pool.CreationDate ?? 0) * 1000).toISOString(),
    updatedAt: kept !== undefined && kept.updatedAt > modified ? kept.updatedAt : modified,
    metadata: kept?.metadata ?? {},
    configuration: {
      arn: pool.Arn,
      mfaConfiguration: pool.MfaConfiguration,
      usernameAttributes: pool.UsernameAttributes ?? [],
      aliasAttributes: pool.AliasAttributes ?? [],
      passwordPolicy: pool.Policies?.PasswordPolicy ?? {},
    },
  }
}

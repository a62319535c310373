import type { CognitoCall } from '../../call.ts'
import type { ResourceServerScopeListType } from '../../contract/types.ts'
import { type Pool, type ResourceServer, resourceServers } from '../../records.ts'

export function requireResourceServer(call: CognitoCall, pool: Pool, identifier: string): ResourceServer {
  return resourceServers.get(call, pool.Id, identifier) ?? call.fail('ResourceNotFoundException', noResourceServer(identifier))
}

/** (?) After the sentences for pools and clients. */
function noResourceServer(identifier: string): string {
  return `Resource server ${identifier} does not exist.`
}

/** A scope is named once within its server. */
export function checkScopes(call: CognitoCall, scopes: ResourceServerScopeListType = []): void {
  const names = new Set(scopes.map(({ ScopeName }) => ScopeName))
  if (names.size < scopes.length) call.fail('InvalidParameterException', SCOPE_TWICE)
}

/** (?) */
const SCOPE_TWICE = 'Scope names must be unique within a resource server.'

import type { CognitoCall } from '../../call.ts'
import type { AuthFlowType, ExplicitAuthFlowsType } from '../../contract/types.ts'
import type { Client } from '../../records.ts'
import { adminPassword } from './admin-password.ts'
import { customAuth } from './custom-auth.ts'
import type { Flow } from './flow.ts'
import { refreshToken } from './refresh-token.ts'
import { userAuth } from './user-auth.ts'
import { userPassword } from './user-password.ts'
import { userSrp } from './user-srp.ts'

const flows: readonly Flow[] = [userPassword, adminPassword, userSrp, userAuth, customAuth, refreshToken]

export function flowOf(call: CognitoCall, name: AuthFlowType): Flow {
  return (
    flows.find(({ names }) => names.includes(name)) ??
    call.fail('NotImplementedException', `Poolhouse does not implement the flow ${name} yet.`)
  )
}

/** What a client must allow, and then nothing else, to get tokens for itself; the contract's list of flows does not know it yet. */
export const CLIENT_TOKEN_FLOW = 'ALLOW_CLIENT_TOKEN_AUTH'

const CUSTOM_ONLY = 'Only custom auth (lambda driven) is enabled for this client.'

/** Refuses a flow that the client is not made for (L6, L7). */
export function requireFlow(call: CognitoCall, client: Client, flow: Flow, admin: boolean): void {
  if (flow.adminOnly === true && !admin) call.fail('InvalidParameterException', 'Initiate Auth method not supported.')
  if (permissionsOf(client).has(flow.permission)) return
  if (client.ExplicitAuthFlows?.includes('CUSTOM_AUTH_FLOW_ONLY') === true) call.fail('InvalidParameterException', CUSTOM_ONLY)
  call.fail('InvalidParameterException', admin ? 'Auth flow not enabled for this client' : flow.off)
}

const ALWAYS: readonly ExplicitAuthFlowsType[] = ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_CUSTOM_AUTH']

/** A client that says nothing allows refresh, SRP and custom (C2); the legacy names add to that or cut it down. */
export function permissionsOf(client: Client): ReadonlySet<ExplicitAuthFlowsType> {
  const given = client.ExplicitAuthFlows ?? []
  if (given.some((flow) => flow.startsWith('ALLOW_'))) return new Set(given)
  const permissions = new Set(ALWAYS)
  if (!given.includes('CUSTOM_AUTH_FLOW_ONLY')) permissions.add('ALLOW_USER_SRP_AUTH')
  if (given.includes('ADMIN_NO_SRP_AUTH')) permissions.add('ALLOW_ADMIN_USER_PASSWORD_AUTH')
  if (given.includes('USER_PASSWORD_AUTH')) permissions.add('ALLOW_USER_PASSWORD_AUTH')
  return permissions
}

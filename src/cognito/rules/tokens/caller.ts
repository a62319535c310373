import { openToken, peekToken } from '../../../core/jwt.ts'
import type { CognitoCall } from '../../call.ts'
import { contract, type Name } from '../../contract/index.ts'
import { users } from '../../records.ts'
import { RESET } from '../threats/threats.ts'
import { keysOf } from './issuer.ts'
import { ADMIN_SCOPE, type Bearer, logins } from './logins.ts'

export const INVALID_ACCESS_TOKEN = 'Invalid Access Token'

/** Who calls with this access token, or the refusal that says what is wrong with it (T7). */
export function callerOf(call: CognitoCall, token: string, scope: string = ADMIN_SCOPE): Bearer {
  const invalid = () => call.fail('NotAuthorizedException', INVALID_ACCESS_TOKEN)
  const poolId = String(peekToken(token)?.iss ?? '')
    .split('/')
    .at(-1) as string
  const claims = openToken(token, keysOf(poolId, call.keyring).all)
  if (claims === undefined || claims.token_use !== 'access') return invalid()

  if (Number(claims.exp) * 1000 <= call.now) call.fail('NotAuthorizedException', 'Access Token has expired')
  if (!String(claims.scope).split(' ').includes(scope)) {
    call.fail('NotAuthorizedException', 'Access Token does not have required scopes')
  }
  const pool = call.pool(poolId)
  const user = users.get(call, pool.Id, String(claims.sub)) ?? call.fail('UserNotFoundException', 'User does not exist.')
  if (!user.Enabled) call.fail('NotAuthorizedException', 'User is disabled.')
  const login = logins.find(call, String(claims.event_id)) ?? invalid()
  if (login.person !== user.sub || login.pool !== pool.Id) return invalid()
  if (login.revoked !== null) call.fail('NotAuthorizedException', 'Access Token has been revoked')
  if (Number(claims.iat) * 1000 <= (login.doc.expired ?? -1)) call.fail('NotAuthorizedException', 'Access Token has expired')
  // (?) The refusal is declared by nearly every operation that takes an access token; its sentence is sign-in's.
  const declared = contract.operations[call.operation as Name]?.errors.includes('PasswordResetRequiredException') === true
  if (user.UserStatus === 'RESET_REQUIRED' && declared) call.fail('PasswordResetRequiredException', RESET)
  const client = call.client(pool, login.doc.client)
  return { pool, client, user, login: login.doc }
}

/** (?) Of operations whose contract lets the token be absent, which none of them does anything without. */
const NO_TOKEN = 'Missing required parameter AccessToken'

export function requireCaller(call: CognitoCall, token: string | undefined): Bearer {
  return token === undefined ? call.fail('InvalidParameterException', NO_TOKEN) : callerOf(call, token)
}

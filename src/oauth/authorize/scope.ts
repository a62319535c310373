import type { OAuthClient } from '../realm.ts'
import { type Check, refuseBack } from './check.ts'

/** Every scope must be one that the client may ask for. */
const scope: Check = (inquiry) => {
  const { call, realm, params, found } = inquiry
  const client = found.client as OAuthClient
  const asked = params.scope === undefined ? undefined : [...new Set(params.scope.split(' ').filter((name) => name !== ''))]
  const unknown = asked?.find((name) => !client.scopes.includes(name))
  if (unknown !== undefined) refuseBack(inquiry, 'invalid_scope', `The client may not ask for the scope ${unknown}.`)
  const scopes = realm.scopes(call, client, asked)
  return typeof scopes === 'string' ? refuseBack(inquiry, 'invalid_scope', scopes) : { scopes }
}

export default scope

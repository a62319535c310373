import { refuse } from '../refusal.ts'
import type { Check } from './check.ts'

/** Nobody is led anywhere on behalf of a client that is not known. */
const client: Check = ({ call, realm, web, params }) => {
  const id = params.client_id
  if (id === undefined) return refuse('invalid_request', 'The request names no client_id.')
  const found = realm.client(call, web, id)
  if (found === undefined) return refuse('invalid_client', `There is no client ${id} at ${web.host}.`)
  if (found.unusable !== undefined) return refuse('unauthorized_client', found.unusable)
  return { client: found }
}

export default client

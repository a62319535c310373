import { wrongResource } from '../authorize/resource.ts'
import { refuse } from '../refusal.ts'
import type { Grant } from './grant.ts'

/** A confidential client on its own behalf (RFC 6749, 4.4). */
const clientCredentials: Grant = {
  name: 'client_credentials',
  servedBy: ({ clientTokens }) => clientTokens !== undefined,
  give({ call, realm, client, form }) {
    if (realm.clientTokens === undefined || !client.confidential || !client.flows.has('client_credentials')) {
      return refuse('unauthorized_client', 'The client may not use the client_credentials flow.')
    }
    const asked = form.scope === undefined ? undefined : [...new Set(form.scope.split(' ').filter((name) => name !== ''))]
    const unknown = asked?.find((name) => !client.scopes.includes(name))
    if (unknown !== undefined) return refuse('invalid_scope', `The client may not ask for the scope ${unknown}.`)
    const wrong = form.resource === undefined ? undefined : wrongResource(realm, form.resource)
    if (wrong !== undefined) return refuse('invalid_request', wrong)
    return realm.clientTokens(call, client, asked?.length === 0 ? undefined : asked, form)
  },
}

export default clientCredentials

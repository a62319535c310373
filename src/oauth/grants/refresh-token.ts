import { refuse } from '../refusal.ts'
import type { Grant } from './grant.ts'

const refreshToken: Grant = {
  name: 'refresh_token',
  give({ call, realm, client, form }) {
    const { refresh_token: token } = form
    if (token === undefined) return refuse('invalid_request', 'The request has no refresh_token.')
    return realm.refresh(call, client, token, form)
  },
}

export default refreshToken

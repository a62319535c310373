import type { OAuthClient } from '../realm.ts'
import { type Check, refuseBack } from './check.ts'

const FLOWS = { code: 'code', token: 'implicit' } as const

/** What the client wants in return, which must be one of its flows. */
const responseType: Check = (inquiry) => {
  const asked = inquiry.params.response_type
  if (asked === undefined) return refuseBack(inquiry, 'invalid_request', 'The request has no response_type.')
  if (asked !== 'code' && asked !== 'token') {
    return refuseBack(inquiry, 'invalid_request', `The response_type ${asked} is neither code nor token.`)
  }
  const { flows, id } = inquiry.found.client as OAuthClient
  if (!flows.has(FLOWS[asked])) {
    return refuseBack(inquiry, 'unauthorized_client', `The client ${id} may not use the ${FLOWS[asked]} flow.`)
  }
  return { responseType: asked }
}

export default responseType

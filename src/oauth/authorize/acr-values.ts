import type { OAuthClient } from '../realm.ts'
import { type Check, refuseBack } from './check.ts'

/** (?) What a client is told whose levels are all unknown: that unknown ones are passed over is documented, what becomes of none is not. */
const NO_LEVEL = 'invalid_request'

/** How strongly the person is to prove who they are (OpenID Connect Core, 3.1.2.1): which of the levels there are is the vendor's. */
const acrValues: Check = (inquiry) => {
  const { call, realm, params, found } = inquiry
  const { acr_values: asked } = params
  if (asked === undefined) return {}
  const levels = realm.levels?.(call, found.client as OAuthClient, asked.split(' '))
  if (levels?.length === 0) refuseBack(inquiry, NO_LEVEL, `There is no authentication level among ${asked.trim() || 'none'}.`)
  return levels === undefined ? {} : { levels }
}

export default acrValues

import type { Realm } from '../realm.ts'
import { type Check, refuseBack } from './check.ts'

/** For whom the access token is meant (RFC 8707): an absolute URL without a fragment. */
const resource: Check = (inquiry) => {
  const { resource: asked } = inquiry.params
  if (asked === undefined) return {}
  const wrong = wrongResource(inquiry.realm, asked)
  if (wrong !== undefined) refuseBack(inquiry, 'invalid_request', wrong)
  return { resource: asked }
}

/** Why no access token is for that, if none is. */
export function wrongResource(realm: Realm, asked: string): string | undefined {
  if (!URL.canParse(asked) || asked.includes('#')) return `The resource ${asked} is no absolute URL without a fragment.`
  return realm.takesResource?.(asked) === false ? `Access tokens are not for ${asked}.` : undefined
}

export default resource

import { type Check, refuseBack } from './check.ts'

/** For whom the access token is meant (RFC 8707): an absolute URL without a fragment. */
const resource: Check = (inquiry) => {
  const { resource: asked } = inquiry.params
  if (asked === undefined) return {}
  if (!URL.canParse(asked) || asked.includes('#')) {
    refuseBack(inquiry, 'invalid_request', `The resource ${asked} is no absolute URL without a fragment.`)
  }
  if (inquiry.realm.takesResource?.(asked) === false) refuseBack(inquiry, 'invalid_request', `Access tokens are not for ${asked}.`)
  return { resource: asked }
}

export default resource

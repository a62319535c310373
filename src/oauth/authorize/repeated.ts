import { type Check, refuseBack } from './check.ts'

/** Parameters must not be included more than once (RFC 6749, 3.1). */
const repeated: Check = (inquiry) => {
  const [name] = inquiry.web.repeated
  if (name !== undefined) refuseBack(inquiry, 'invalid_request', `The parameter ${name} came more than once.`)
  return {}
}

export default repeated

import { type Check, refuseBack } from './check.ts'

/** For how many seconds a proof is taken (OpenID Connect Core, 3.1.2.1). */
const maxAge: Check = (inquiry) => {
  const { max_age: asked } = inquiry.params
  if (asked === undefined) return {}
  if (!/^\d{1,9}$/.test(asked)) refuseBack(inquiry, 'invalid_request', 'The max_age is no number of seconds.')
  return { maxAge: Number(asked) }
}

export default maxAge

import { type Check, refuseBack } from './check.ts'

/** What the vendor would do and the emulator cannot yet is refused by name, never passed over. */
const served: Check = (inquiry) => {
  const missing = inquiry.realm.unserved?.(inquiry.params)
  if (missing !== undefined) refuseBack(inquiry, 'server_error', missing)
  return {}
}

export default served

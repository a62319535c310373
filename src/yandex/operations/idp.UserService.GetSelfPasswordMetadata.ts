import { operation } from '../operation.ts'
import { expiryOf, own } from '../rules/users/passwords.ts'

export default operation('idp.UserService.GetSelfPasswordMetadata', (_input, call) => {
  const { pool, password } = own(call)
  const { id, type, createdAt, lastUsage } = password

  return { id, type, createdAt, expiresAt: expiryOf(pool, password), lastUsage }
})

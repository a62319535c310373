import { operation } from '../operation.ts'
import { removePasskey } from '../rules/factors/passkeys.ts'
import { callerOf } from '../rules/tokens/caller.ts'

export default operation('DeleteWebAuthnCredential', (input, call) => {
  const { pool, user } = callerOf(call, input.AccessToken)

  removePasskey(call, pool, user, input.CredentialId)

  return {}
})

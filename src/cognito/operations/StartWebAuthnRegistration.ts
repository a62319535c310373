import type { Document } from '../contract/types.ts'
import { operation } from '../operation.ts'
import { startRegistration } from '../rules/factors/passkeys.ts'
import { callerOf } from '../rules/tokens/caller.ts'

export default operation('StartWebAuthnRegistration', (input, call) => {
  const { pool, client, user } = callerOf(call, input.AccessToken)

  return { CredentialCreationOptions: startRegistration(call, pool, user, client.ClientId) as Document }
})

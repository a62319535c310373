import { operation } from '../operation.ts'
import { completeRegistration } from '../rules/factors/passkeys.ts'
import { callerOf } from '../rules/tokens/caller.ts'

export default operation('CompleteWebAuthnRegistration', (input, call) => {
  const { pool, client, user } = callerOf(call, input.AccessToken)

  completeRegistration(call, pool, user, client.ClientId, input.Credential)

  return {}
})

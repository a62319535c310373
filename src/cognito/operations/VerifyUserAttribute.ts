import { operation } from '../operation.ts'
import { useCode } from '../rules/messages/codes.ts'
import { holdAttempts } from '../rules/sign-in/attempts.ts'
import { callerOf } from '../rules/tokens/caller.ts'
import { requireVerifiable, verifyAttribute } from '../rules/users/attribute-updates.ts'

export default operation('VerifyUserAttribute', (input, call) => {
  const { pool, user } = callerOf(call, input.AccessToken)
  const contact = requireVerifiable(call, input.AttributeName)
  holdAttempts(call, pool, user, 'verifyAttribute')
  const { destination } = useCode(call, pool, user, `verify ${contact}`, input.Code)

  verifyAttribute(call, pool, user, contact, destination)

  return {}
})

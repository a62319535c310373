import { operation } from '../operation.ts'
import { holdAttempts } from '../rules/attempts.ts'
import { requireVerifiable, verifyAttribute } from '../rules/attribute-updates.ts'
import { useCode } from '../rules/codes.ts'
import { callerOf } from '../rules/tokens.ts'

export default operation('VerifyUserAttribute', (input, call) => {
  const { pool, user } = callerOf(call, input.AccessToken)
  const contact = requireVerifiable(call, input.AttributeName)
  holdAttempts(call, pool, user, 'verifyAttribute')
  const { destination } = useCode(call, pool, user, `verify ${contact}`, input.Code)

  verifyAttribute(call, pool, user, contact, destination)

  return {}
})

import { operation } from '../operation.ts'
import { deliver } from '../rules/messages/deliveries.ts'
import { holdAttempts } from '../rules/sign-in/attempts.ts'
import { callerOf } from '../rules/tokens/caller.ts'
import { requireVerifiable } from '../rules/users/attribute-updates.ts'

export default operation('GetUserAttributeVerificationCode', (input, call) => {
  const { pool, user } = callerOf(call, input.AccessToken)
  const contact = requireVerifiable(call, input.AttributeName)
  const destination = user.Pending?.[contact] ?? user.Attributes[contact] ?? call.fail('InvalidParameterException', MISSING[contact])
  holdAttempts(call, pool, user, 'attributeCode')

  const CodeDeliveryDetails = deliver(call, pool, user, {
    purpose: `verify ${contact}`,
    occasion: 'VerifyUserAttribute',
    contact,
    destination,
  })

  return { CodeDeliveryDetails }
})

/** Of a contact that the user does not have (measured in July 2026, floci#1898). */
const MISSING = {
  email: 'User does not have a valid registered email address',
  phone_number: 'User does not have a valid registered phone number',
} as const

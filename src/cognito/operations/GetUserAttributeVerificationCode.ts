import { operation } from '../operation.ts'
import { holdAttempts } from '../rules/attempts.ts'
import { requireVerifiable } from '../rules/attribute-updates.ts'
import { deliver } from '../rules/deliveries.ts'
import { callerOf } from '../rules/tokens.ts'

export default operation('GetUserAttributeVerificationCode', (input, call) => {
  const { pool, user } = callerOf(call, input.AccessToken)
  const contact = requireVerifiable(call, input.AttributeName)
  const destination = user.Pending?.[contact] ?? user.Attributes[contact] ?? call.fail('InvalidParameterException', nothing(contact))
  holdAttempts(call, pool, user, 'attributeCode')

  const CodeDeliveryDetails = deliver(call, pool, user, {
    purpose: `verify ${contact}`,
    occasion: 'VerifyUserAttribute',
    contact,
    destination,
  })

  return { CodeDeliveryDetails }
})

/** (?) Of an attribute that the user does not have; the service's text is not known. */
function nothing(contact: string): string {
  return `User does not have a value for ${contact} to verify.`
}

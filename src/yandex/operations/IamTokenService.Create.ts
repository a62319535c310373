import { operation } from '../operation.ts'
import { issueToken, ownerOfOauthToken, serviceAccountOf } from '../rules/access/iam-tokens.ts'
import { IAM_DATA } from '../rules/running/audit.ts'
import { timeText } from '../rules/times.ts'

export default operation('IamTokenService.Create', (input, call) => {
  const { jwt, yandexPassportOauthToken = '' } = input
  const { subject, mustChange } =
    jwt === undefined ? ownerOfOauthToken(call, yandexPassportOauthToken) : { subject: serviceAccountOf(call, jwt), mustChange: false }

  // A user's sign-in has an event of its own, and a call tells of one.
  if (call.context.notes.event === undefined) call.note({ event: IAM_DATA.createToken })
  const { token, expires } = issueToken(call, subject, mustChange === true ? { mustChange } : {})

  return { iamToken: token, expiresAt: timeText(expires) }
})

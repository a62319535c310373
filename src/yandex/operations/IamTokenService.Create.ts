import { operation } from '../operation.ts'
import { issueToken, ownerOfOauthToken, serviceAccountOf } from '../rules/iam-tokens.ts'
import { timeText } from '../rules/times.ts'

export default operation('IamTokenService.Create', (input, call) => {
  const { jwt, yandexPassportOauthToken = '' } = input
  const { subject, mustChange } =
    jwt === undefined ? ownerOfOauthToken(call, yandexPassportOauthToken) : { subject: serviceAccountOf(call, jwt), mustChange: false }

  const { token, expires } = issueToken(call, subject, mustChange === true ? { mustChange } : {})

  return { iamToken: token, expiresAt: timeText(expires) }
})

import { operation } from '../operation.ts'
import { issueToken, ownerOfOauthToken, serviceAccountOf } from '../rules/iam-tokens.ts'
import { timeText } from '../rules/times.ts'

export default operation('IamTokenService.Create', (input, call) => {
  const { jwt, yandexPassportOauthToken } = input
  const subject =
    jwt === undefined
      ? (ownerOfOauthToken(call, yandexPassportOauthToken ?? '') ?? call.fail('UNAUTHENTICATED', 'OAuth token is invalid or expired'))
      : serviceAccountOf(call, jwt)

  const { token, expires } = issueToken(call, subject)

  return { iamToken: token, expiresAt: timeText(expires) }
})

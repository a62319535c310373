import { operation } from '../operation.ts'
import { issueToken } from '../rules/access/iam-tokens.ts'
import { kindOf } from '../rules/access/subject-kinds.ts'
import { IAM_DATA } from '../rules/running/audit.ts'
import { timeText } from '../rules/times.ts'

/** Service accounts are those whose keys the emulator was started with. */
export default operation('IamTokenService.CreateForServiceAccount', (input, call) => {
  const { serviceAccountId } = input
  if (kindOf(call, serviceAccountId) !== 'serviceAccount') call.fail('NOT_FOUND', `Service account ${serviceAccountId} not found`)

  call.note({ event: IAM_DATA.createToken })
  const { token, expires } = issueToken(call, serviceAccountId)

  return { iamToken: token, expiresAt: timeText(expires) }
})

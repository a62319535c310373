import { operation } from '../operation.ts'
import { revokeToken } from '../rules/access/iam-tokens.ts'
import { IAM_DATA } from '../rules/running/audit.ts'

export default operation('IamTokenService.Revoke', (input, call) => {
  const subjectId = revokeToken(call, input.iamToken) ?? call.fail('INVALID_ARGUMENT', 'The token is invalid or has expired')
  call.note({ event: IAM_DATA.revokeToken })

  return { subjectId }
})

import { operation } from '../operation.ts'
import { passwordChanges } from '../records.ts'
import { endOperation, putPassword } from '../rules/running/changes.ts'
import { status } from '../rules/running/running.ts'
import { fromSpec } from '../rules/users/passwords.ts'
import type { Code } from '../status.ts'

/** What an agent's error is called in the operation that waited for it (yandex-idp 13; the pairing is a guess). */
const CODES: Record<string, Code> = {
  PERMISSION_DENIED: 'PERMISSION_DENIED',
  PASSWORD_POLICY_VIOLATION: 'FAILED_PRECONDITION',
  DEADLINE_EXCEEDED: 'DEADLINE_EXCEEDED',
}

/** The directory has taken the password, or not: then the old one stays and the modifying operation fails. */
export default operation('idp.UserService.CommitPassword', (input, call) => {
  const { userpoolId, externalUserId, modifyingOperationId, errorDetails } = input
  const pool = call.pool(userpoolId)
  const waiting = passwordChanges.get(call, pool.id, modifyingOperationId)
  const change =
    waiting?.externalUserId === externalUserId ? waiting : call.fail('NOT_FOUND', `Password change ${modifyingOperationId} not found`)
  const user = call.user(change.userId)

  const { errorCode = 'UNKNOWN_ERROR', errorMessage = errorCode } = errorDetails ?? {}
  const failure = status(CODES[errorCode] ?? 'UNKNOWN', errorMessage)
  const committed = () => fromSpec(call, { password: input.password }, input.needChange === true ? 'TEMPORARY' : 'PERMANENT')

  return {
    description: 'Commit password',
    metadata: { externalUserId, modifyingOperationId, userpoolId },
    response: {},
    changes:
      errorDetails === undefined
        ? [endOperation(modifyingOperationId), putPassword(user, committed())]
        : [endOperation(modifyingOperationId, failure)],
  }
})

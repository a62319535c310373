import { operation } from '../operation.ts'
import { callerOf } from '../rules/tokens/caller.ts'
import { remove } from '../rules/users/users.ts'

export default operation('DeleteUser', (input, call) => {
  const { pool, user } = callerOf(call, input.AccessToken)

  remove(call, pool, user)
})

import { operation } from '../operation.ts'
import { nextChange } from '../rules/pools/writeback.ts'

/** One step of the stream: the first change behind `offset`, or an empty message while there is none (grpc.ts then waits). */
export default operation('idp.UserService.GetPasswordChanges', (input, call) => {
  const pool = call.pool(input.userpoolId)

  return nextChange(call, pool.id, Number(input.offset ?? 0)) ?? {}
})

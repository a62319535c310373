import { operation } from '../operation.ts'
import { requireDomain } from '../rules/pools/pools.ts'

export default operation('UserpoolService.GetDomain', (input, call) => requireDomain(call, call.pool(input.userpoolId), input.domain))

import { operation } from '../operation.ts'
import { poolView } from '../rules/pools/pools.ts'

export default operation('UserpoolService.Get', (input, call) => poolView(call, call.pool(input.userpoolId)))

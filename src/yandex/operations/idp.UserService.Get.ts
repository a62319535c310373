import { operation } from '../operation.ts'
import { seen } from '../rules/access/authorize.ts'

export default operation('idp.UserService.Get', (input, call) => seen(call, call.user(input.userId)))

import { operation } from '../operation.ts'

export default operation('idp.UserService.Get', (input, call) => call.user(input.userId))

import { operation } from '../operation.ts'

export default operation('GroupService.Get', (input, call) => call.group(input.groupId))

import { operation } from '../operation.ts'

export default operation('MfaEnforcementService.Get', (input, call) => call.mfaEnforcement(input.mfaEnforcementId))

import { operation } from '../operation.ts'
import { SUPPORTED } from '../rules/synchronization.ts'

/** There is one flavor. */
export default operation('SynchronizationService.ListSupportedAttributes', () => SUPPORTED)

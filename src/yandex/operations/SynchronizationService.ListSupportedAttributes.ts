import { operation } from '../operation.ts'
import { SUPPORTED } from '../rules/pools/synchronization.ts'

/** There is one flavor. */
export default operation('SynchronizationService.ListSupportedAttributes', () => SUPPORTED)

import { operation } from '../operation.ts'
import { PROFILES } from '../rules/oauth-clients.ts'

export default operation('OAuthClientService.ListProfiles', () => ({ profiles: [...PROFILES] }))

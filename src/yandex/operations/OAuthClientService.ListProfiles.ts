import { operation } from '../operation.ts'
import { PROFILES } from '../rules/applications/oauth-clients.ts'

export default operation('OAuthClientService.ListProfiles', () => ({ profiles: [...PROFILES] }))

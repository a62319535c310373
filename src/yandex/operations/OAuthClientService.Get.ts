import { operation } from '../operation.ts'
import { requireClient } from '../rules/applications/oauth-clients.ts'

export default operation('OAuthClientService.Get', (input, call) => requireClient(call, input.oauthClientId))

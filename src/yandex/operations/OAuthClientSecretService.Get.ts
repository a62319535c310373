import { operation } from '../operation.ts'
import { requireSecret, secretView } from '../rules/applications/oauth-clients.ts'

export default operation('OAuthClientSecretService.Get', (input, call) => secretView(requireSecret(call, input.oauthClientSecretId)))

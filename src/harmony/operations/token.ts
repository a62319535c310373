import { tokenAnswer } from '../definitions/token.ts'
import { operation } from '../operation.ts'
import { authenticate, issue } from '../rules/tokens.ts'
import { filled, object, text, word } from '../schema.ts'

export default operation(
  {
    name: 'token',
    route: 'POST /auth/token',
    summary: 'Tokens for a client, by its secret',
    open: true,
    body: object(
      { grant_type: word('client_credentials'), client_id: filled, client_secret: filled },
      { scope: text, userId: filled, tenantId: filled },
    ),
    answers: { 200: tokenAnswer },
    errors: [400, 401, 500],
  },
  ({ client_id, client_secret, scope = '', userId, tenantId }, call) => {
    const client = authenticate(call, client_id, client_secret)
    if (!client.grantTypes.includes('client_credentials')) call.refuse(400, `client ${client_id} may not use client_credentials`)
    if ((userId === undefined) !== (tenantId === undefined)) call.refuse(400, 'userId and tenantId go together')

    return issue(call, client, { clientId: client_id, scope, userId, tenantId })
  },
)

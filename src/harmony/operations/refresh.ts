import { tokenAnswer } from '../definitions/token.ts'
import { operation } from '../operation.ts'
import { grants } from '../records.ts'
import { issue, known } from '../rules/tokens.ts'
import { filled, object } from '../schema.ts'

/** The answer holds a refresh token again: a new one, and the old one is used up (?). */
export default operation(
  {
    name: 'refresh',
    route: 'POST /auth/refresh',
    summary: 'New tokens for a refresh token',
    open: true,
    body: object({ refresh_token: filled, client_id: filled }),
    answers: { 200: tokenAnswer },
    errors: [400, 401, 500],
  },
  ({ refresh_token, client_id }, call) => {
    const ticket = grants.find(call, refresh_token)
    const client = known(call, client_id)
    const good = ticket?.doc.clientId === client_id && ticket.expires > call.now && grants.use(call, ticket)
    if (ticket === undefined || client === undefined || !good) return call.refuse(401, 'Unauthorized')

    return issue(call, client, ticket.doc)
  },
)

import { productKey, userPoolId } from '../definitions/user.ts'
import { operation } from '../operation.ts'
import * as auth0 from '../rules/auth0-clients.ts'
import * as cognito from '../rules/cognito-clients.ts'
import { choice, either, integer, object } from '../schema.ts'

const count = integer(0, Number.MAX_SAFE_INTEGER)

/** Its provider's words are not documented; they are taken to be those of the other client routes. */
export default operation(
  {
    name: 'syncClients',
    route: 'POST /clients/sync',
    summary: "Bring Harmony's database of clients up to date with the provider",
    body: choice('provider', { 'auth0-client': object({}), 'cognito-client': object({ userPoolId }, { product: productKey }) }),
    answers: {
      200: either(
        object({ updatedCount: count }),
        object({ totalDbClients: count, totalCognitoClients: count, staleClientsFound: count, staleClientsDeleted: count }),
      ),
    },
    errors: [400, 401, 500],
  },
  (input, call) => (input.provider === 'auth0-client' ? auth0.sync(call) : cognito.sync(call, input.userPoolId, input.product)),
)

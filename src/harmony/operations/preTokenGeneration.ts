import { operation } from '../operation.ts'
import { askProductOf } from '../rules/cross-app.ts'
import { known, serviceToken } from '../rules/tokens.ts'
import { either, indexable, object, text } from '../schema.ts'

const event = indexable({
  version: text,
  callerContext: indexable({ clientId: text }),
  request: indexable({ userAttributes: indexable({}, { sub: text, email: text }) }, { clientMetadata: indexable({}, { tenantId: text }) }),
})

/**
 * How Harmony gets its word in while Cognito issues tokens is not documented; that a product answers claims for the ID token and for the
 * access token is the shape of Cognito's function before tokens, second version. A pool that names this address as that function has the
 * client's product asked at each sign-in whose challenge is answered with `tenantId` in the ClientMetadata (that of the first call does
 * not get here). A "no" is told as functions throw: by a text.
 */
export default operation(
  {
    name: 'preTokenGeneration',
    route: 'POST /functions/pre-token-generation',
    summary: "Cognito's function before tokens, asking the product (of the emulator, not of Harmony)",
    own: true,
    open: true,
    body: event,
    answers: { 200: either(indexable({ response: indexable({}) }), object({ errorType: text, errorMessage: text })) },
    errors: [400, 500],
  },
  (input, call) => {
    const failed = (errorMessage: string) => ({ errorType: 'Error', errorMessage })
    const { sub: id, email = '' } = input.request.userAttributes
    const tenantId = input.request.clientMetadata?.tenantId
    if (tenantId === undefined || id === undefined) return { ...input, response: {} }
    if (input.version === '1') return failed('the function needs LambdaVersion V2_0 or later')
    const client = known(call, input.callerContext.clientId)
    if (client === undefined) return failed(`Harmony knows no client ${input.callerContext.clientId}`)

    const verdict = askProductOf(call, client, { tenantId, user: { id, email } }, () => serviceToken(call, client))
    if (!('claims' in verdict)) return failed(Object.values(verdict)[0] as string)

    const { idToken, accessToken } = verdict.claims
    const claimsAndScopeOverrideDetails = {
      idTokenGeneration: { claimsToAddOrOverride: idToken },
      accessTokenGeneration: { claimsToAddOrOverride: accessToken },
    }
    return { ...input, response: { claimsAndScopeOverrideDetails } }
  },
)

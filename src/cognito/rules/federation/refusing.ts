import type { CognitoCall } from '../../call.ts'

/**
 * Refuses on the way back from a provider, before the pool has its say. Its own refusals come to clients with a blank behind them
 * (`user.email: Attribute cannot be updated.\n `), these do not: `attributes required: [email]`, `User is not enabled`, as seen in life.
 */
export function refuseHere(call: CognitoCall, message: string, error = 'invalid_request'): never {
  return call.fail('InvalidParameterException', message, { error, here: true })
}

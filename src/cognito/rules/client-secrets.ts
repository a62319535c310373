import type { CognitoCall } from '../operation.ts'
import type { ClientSecret } from '../records.ts'

/** A secret to keep with its client. (?) How the service forms its id is not known. */
export function newSecret(call: CognitoCall, clientId: string, value: string): ClientSecret {
  return { id: `${clientId}--${call.now}`, value, created: call.seconds }
}

import type { CognitoCall } from '../../call.ts'
import type { Client, Pool, User } from '../../records.ts'
import { attributesOf, existence, told, trigger } from './triggers.ts'

type Texts = Readonly<Record<string, string>>

/** Somebody who wants to come in, at the first request. */
export interface Arrival {
  call: CognitoCall
  pool: Pool
  client: Client
  /** ClientMetadata of InitiateAuth: what reaches these functions as validation data (H6). */
  metadata: Texts
}

/** Before anything is proven; a throw keeps the user out (L28). For clients that hide who exists it runs for nobody, too (H7). */
export function preAuthentication({ call, pool, client, metadata }: Arrival, username: string, user: User | undefined): void {
  trigger(call, pool, 'PreAuthentication', 'PreAuthentication_Authentication', {
    userName: user?.Username ?? username,
    clientId: client.ClientId,
    request: {
      userAttributes: user === undefined ? {} : attributesOf(user),
      validationData: Object.keys(metadata).length === 0 ? null : metadata,
      ...existence(client, user),
    },
    response: {},
    form: 'any',
  })
}

/** After all proofs and before the tokens; a throw withholds them. */
export function postAuthentication(
  { call, pool, client, metadata }: Arrival,
  user: User,
  { newDeviceUsed }: { newDeviceUsed: boolean },
): void {
  trigger(call, pool, 'PostAuthentication', 'PostAuthentication_Authentication', {
    userName: user.Username,
    clientId: client.ClientId,
    request: { userAttributes: attributesOf(user), newDeviceUsed, ...told(metadata) },
    response: {},
    form: 'any',
  })
}

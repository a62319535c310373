import { tickets } from '../../../directory/tickets.ts'
import type { CognitoCall } from '../../call.ts'
import type { Client, Pool, User } from '../../records.ts'
import { validity } from '../tokens/validity.ts'
import { INVALID_SESSION, sessionText } from './sessions.ts'

/** From sign-up to the first sign-in without proving anything twice (S1, S17): SignUp → ConfirmSignUp → InitiateAuth USER_AUTH. */
interface SignUpSession {
  client: string
  /** Whether the code was given, so that the session signs the user in. */
  confirmed: boolean
}

const sessions = tickets<SignUpSession>('cognito.sign-up')

function issue(call: CognitoCall, pool: Pool, client: Client, user: User, confirmed: boolean): string {
  const text = sessionText(call)
  const expires = call.now + validity(client).session * 1000
  sessions.issue(call, text, { pool: pool.Id, person: user.sub, expires, doc: { client: client.ClientId, confirmed } })
  return text
}

/** The session that SignUp answers to clients that may use USER_AUTH. */
export function openSignUp(call: CognitoCall, pool: Pool, client: Client, user: User): string | undefined {
  return client.ExplicitAuthFlows?.includes('ALLOW_USER_AUTH') ? issue(call, pool, client, user, false) : undefined
}

/** The session that ConfirmSignUp answers for the one of SignUp, good for one sign-in. */
export function confirmSignUp(call: CognitoCall, pool: Pool, client: Client, user: User, text: string): string {
  use(call, pool, client, user, text, false)
  return issue(call, pool, client, user, true)
}

/** Uses up the session of ConfirmSignUp: who comes with it needs no other challenge. */
export function useSignUp(call: CognitoCall, pool: Pool, client: Client, user: User, text: string): void {
  use(call, pool, client, user, text, true)
}

function use(call: CognitoCall, pool: Pool, client: Client, user: User, text: string, confirmed: boolean): void {
  const ticket = sessions.find(call, text)
  const fits =
    ticket !== undefined &&
    ticket.pool === pool.Id &&
    ticket.person === user.sub &&
    ticket.doc.client === client.ClientId &&
    ticket.doc.confirmed === confirmed
  if (!fits) call.fail('NotAuthorizedException', INVALID_SESSION)
  if (ticket.expires <= call.now) call.fail('NotAuthorizedException', 'Invalid session for the user, session is expired.')
  if (!sessions.use(call, ticket)) call.fail('NotAuthorizedException', 'Invalid session for the user, session can only be used once.')
}

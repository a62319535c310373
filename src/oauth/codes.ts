import { createHash } from 'node:crypto'
import type { Call } from '../core/call.ts'
import { tickets } from '../directory/tickets.ts'
import type { Authorization } from './authorize/check.ts'
import type { OAuthClient, Person, Realm } from './realm.ts'
import { refuse } from './refusal.ts'

/** What an authorization code stands for. */
interface Code {
  client: string
  redirectUri: string
  scopes: readonly string[]
  person: Person
  nonce?: string | undefined
  challenge?: string | undefined
  levels?: readonly number[] | undefined
  resource?: string | undefined
}

const codes = tickets<Code>('oauth.code')

export function issueCode(call: Call, realm: Realm, asked: Authorization, person: Person): string {
  const { client, redirectUri, scopes, nonce, challenge, levels, resource } = asked
  const code = call.random.uuid()
  const expires = call.now + realm.quirks.codeLifetime * 1000
  const doc = { client: client.id, redirectUri, scopes, person, nonce, challenge, levels, resource }
  codes.issue(call, code, { pool: client.pool, person: person.id, expires, doc })
  return code
}

/** Uses a code up, for the client and the address that it was given to; whoever comes with another one gets nothing. */
export function redeem(
  call: Call,
  { quirks: { redirectErrors } }: Realm,
  client: OAuthClient,
  { code, redirectUri, verifier }: { code: string; redirectUri: string | undefined; verifier: string | undefined },
): Code {
  const ticket = codes.find(call, code)
  if (ticket === undefined) return refuse('invalid_grant', 'There is no such code.')
  const { doc } = ticket
  if (doc.client !== client.id) return refuse('invalid_grant', 'The code was given to another client.')
  if (ticket.used !== null) return refuse('invalid_grant', 'The code was used already.')
  if (ticket.expires <= call.now) return refuse('invalid_grant', 'The code has expired.')
  if (doc.redirectUri !== redirectUri) {
    const error = redirectUri === undefined ? redirectErrors.none : redirectErrors.other
    return refuse(error, `The code was asked for with the redirect_uri ${doc.redirectUri}.`)
  }
  // A failed attempt leaves the code as it was: it is worth nothing to whoever does not know the verifier.
  if (!fits(doc.challenge, verifier)) return refuse('invalid_grant', 'The code_verifier does not fit the code_challenge.')
  codes.use(call, ticket)
  return doc
}

function fits(challenge: string | undefined, verifier: string | undefined): boolean {
  if (challenge === undefined || verifier === undefined) return challenge === verifier
  return createHash('sha256').update(verifier).digest('base64url') === challenge
}

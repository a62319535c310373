import type { Auth0User } from '../definitions/answers.ts'
import type { Auth0Record } from '../records.ts'

/** Nested metadata and a boolean `emailVerified`, unlike a Cognito user (harmony-auth 4.4). A user's own unknown keys come along. */
export function auth0View({ others, ...user }: Auth0Record): Auth0User {
  return { ...others, ...user, provider: 'auth0-user' }
}

import type { HarmonyCall } from '../call.ts'
import { AUTH0, type Auth0Record, auth0Users } from '../records.ts'
import { ACCOUNT_PROVIDER } from './accounts.ts'
import { secretHashOf } from './cognito-clients.ts'
import { byEmail, type Found, poolOf } from './cognito-directory.ts'
import { issueLink } from './links.ts'
import { countSending } from './quota.ts'

/** Mails a link that verifies the address; nobody's account is told from a blocked one, both are mailed. */
export function sendVerification(call: HarmonyCall<429>, user: Auth0Record, clientId: string): void {
  countSending(call, AUTH0, user.id)
  const link = issueLink(call, user, 'verify', clientId)
  call.send({
    channel: 'email',
    to: user.email,
    subject: 'Verify your e-mail address',
    body: `${user.name}, verify your e-mail address: ${link}`,
    template: 'verification-email',
    link,
    room: 'harmony',
    pool: AUTH0,
    user: user.id,
    username: user.username ?? user.email,
  })
}

/** Of several accounts with one address, the one of that provider and connection (harmony-auth 4.6). */
export function accountOf(call: HarmonyCall<404>, account: { email: string; connection: string; accountProvider: string }): Auth0Record {
  const user = auth0Users.find(call, AUTH0, account.email.toLowerCase(), ['email'])
  const same = user?.connection === account.connection && account.accountProvider === ACCOUNT_PROVIDER
  return user !== undefined && same
    ? user
    : call.refuse(404, `no ${account.accountProvider} user ${account.email} in ${account.connection}`)
}

/** Cognito's own confirmation code: its documented body names no pool, the client does. */
export function resendCode(call: HarmonyCall<429>, clientId: string, username: string): void {
  countSending(call, clientId, username.toLowerCase())
  const SecretHash = secretHashOf(call, clientId, username)
  call.cognito.ResendConfirmationCode({ ClientId: clientId, Username: username, ...(SecretHash === undefined ? {} : { SecretHash }) })
}

export function cognitoUserByEmail(call: HarmonyCall<404>, userPoolId: string, email: string): Found {
  const pool = poolOf(call, userPoolId, 404)
  return byEmail(call, pool, email) ?? call.refuse(404, `user ${email} does not exist`)
}

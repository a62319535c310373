import { operation } from '../operation.ts'
import { page } from '../pages.ts'
import { AUTH0, auth0Users } from '../records.ts'
import { rewrite } from '../rules/auth0-users.ts'
import { backTo, openLink, spendLink } from '../rules/links.ts'
import { html, object, text } from '../schema.ts'

/** Where a verification mail leads: the address it was sent to is verified, if the user still has it. */
export default operation(
  {
    name: 'verifyEmail',
    route: 'GET /u/email-verification',
    summary: 'What the link of a verification mail opens (of the emulator, not of Harmony)',
    own: true,
    open: true,
    query: object({ ticket: text }),
    answers: { 200: html },
    errors: [400, 500],
  },
  ({ ticket }, call) => {
    const opened = openLink(call, ticket, 'verify')
    const user = opened && auth0Users.get(call, AUTH0, opened.person)
    if (opened === undefined || user === undefined || user.email !== opened.link.email) {
      return call.refuse(400, 'this link has expired, was used already or was replaced by a newer one')
    }
    spendLink(call, ticket)
    rewrite(call, { ...user, emailVerified: true })

    return { html: page('Your e-mail address is verified', `<p>Thank you.</p>${backTo(call, opened.link.clientId)}`) }
  },
)

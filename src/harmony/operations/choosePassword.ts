import { operation } from '../operation.ts'
import { page } from '../pages.ts'
import { AUTH0, auth0Users } from '../records.ts'
import { rewrite, setPassword } from '../rules/auth0-users.ts'
import { backTo, openLink, spendLink } from '../rules/links.ts'
import { filled, html, object, text } from '../schema.ts'

/** Who has the link has the mailbox, so the address counts as verified too, as with Auth0. */
export default operation(
  {
    name: 'choosePassword',
    route: 'POST /lo/reset',
    summary: 'The form that a password link opens (of the emulator, not of Harmony)',
    own: true,
    open: true,
    body: object({ ticket: text, password: filled }),
    answers: { 200: html },
    errors: [400, 500],
  },
  ({ ticket, password }, call) => {
    const opened = openLink(call, ticket, 'password')
    const user = opened && auth0Users.get(call, AUTH0, opened.person)
    if (opened === undefined || user === undefined) {
      return call.refuse(400, 'this link has expired, was used already or was replaced by a newer one')
    }
    setPassword(call, user, password)
    spendLink(call, ticket)
    rewrite(call, { ...user, emailVerified: user.emailVerified || user.email === opened.link.email })

    return { html: page('Your password is changed', backTo(call, opened.link.clientId)) }
  },
)

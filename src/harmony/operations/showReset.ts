import { operation } from '../operation.ts'
import { escaped, page } from '../pages.ts'
import { openLink } from '../rules/links.ts'
import { html, object, text } from '../schema.ts'

/** Where a password link leads: a form that posts to the same address. */
export default operation(
  {
    name: 'showReset',
    route: 'GET /lo/reset',
    summary: 'What the link to choose a password opens (of the emulator, not of Harmony)',
    own: true,
    open: true,
    query: object({ ticket: text }),
    answers: { 200: html },
    errors: [400, 500],
  },
  ({ ticket }, call) => {
    const opened = openLink(call, ticket, 'password')
    if (opened === undefined) return call.refuse(400, 'this link has expired, was used already or was replaced by a newer one')

    return {
      html: page(
        'Choose a password',
        `<form method="post"><input type="hidden" name="ticket" value="${escaped(ticket)}">
<label>New password for ${escaped(opened.link.email)}<input type="password" name="password" autocomplete="new-password" required></label>
<button>Save</button></form>`,
      ),
    }
  },
)

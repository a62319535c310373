import { type LinkRoute, languageOf, sayIn } from '../../oauth/index.ts'
import { CognitoCall } from '../call.ts'
import { invoke } from '../invoke.ts'
import { postConfirmation } from '../rules/triggers/sign-up.ts'
import { confirmByCode } from '../rules/users/confirmation.ts'

/** Where the link of a sign-up's mail leads (S20): it confirms like ConfirmSignUp and says so to a person. */
const confirmUser: LinkRoute = {
  name: 'confirmUser',
  open(context, web) {
    const { client_id: id, user_name: username, confirmation_code: code } = web.query
    const call: CognitoCall = new CognitoCall(context.context, 'ConfirmSignUp')
    if (id === undefined || username === undefined || code === undefined) {
      call.fail('InvalidParameterException', 'The link is incomplete: it needs client_id, user_name and confirmation_code.')
    }
    const client = call.clientAnywhere(id)
    const pool = call.pool(client.UserPoolId)
    const user = confirmByCode(call, { pool, client }, { username, code })
    postConfirmation(call, pool, 'PostConfirmation_ConfirmSignUp', user, { clientId: client.ClientId })
    const say = sayIn(languageOf(web))
    return { id: 'confirmed', title: say('accountConfirmed'), notice: say('accountConfirmedLead'), forms: [] }
  },
}

/** Where the links of a notification about a risky sign-in lead: opening one is UpdateAuthEventFeedback. */
const feedback: LinkRoute = {
  name: 'feedback',
  open(call, web) {
    const { user_pool_id, username, event_id, feedback_token, feedback_value } = web.query
    const input = {
      UserPoolId: user_pool_id,
      Username: username,
      EventId: event_id,
      FeedbackToken: feedback_token,
      FeedbackValue: feedback_value,
    }
    invoke('UpdateAuthEventFeedback', input, call.context)
    const say = sayIn(languageOf(web))
    return { id: 'feedback', title: say('feedback'), notice: say('feedbackThanks'), forms: [] }
  },
}

/** Where links in messages lead. */
export const links: Readonly<Record<string, LinkRoute>> = { '/confirmUser': confirmUser, '/cognito/feedback': feedback }

import type { CognitoCall } from '../../call.ts'
import type { Client, Pool, User } from '../../records.ts'
import { takeOverTold } from '../triggers/messages.ts'
import { shownName } from '../users/aliases.ts'
import { newFeedbackToken } from './auth-events.ts'
import { riskConfigurationFor } from './risk.ts'

type Kind = 'BlockEmail' | 'NoActionEmail' | 'MfaEmail'

/** Texts of our own for a configuration that has none. */
const SUBJECTS: Record<Kind, string> = {
  BlockEmail: 'Blocked sign-in attempt',
  NoActionEmail: 'New sign-in attempt',
  MfaEmail: 'New sign-in attempt',
}
const TEXT =
  'A sign-in to your account was seen at {login-time} from {ip-address}. It was me: {one-click-link-valid} It was not me: {one-click-link-invalid}'

/** A mail about a risky sign-in, with links by which its receiver says whose it was, if the configuration has a sender for it. */
export function notify(
  call: CognitoCall,
  { pool, client, user }: { pool: Pool; client: Client; user: User },
  { EventId, ip, kind }: { EventId: string; ip: string | undefined; kind: Kind },
): void {
  const sender = riskConfigurationFor(call, pool, client)?.AccountTakeoverRiskConfiguration?.NotifyConfiguration
  const to = user.Attributes.email
  if (sender === undefined || to === undefined || takeOverTold(call, pool, user)) return
  const token = newFeedbackToken(call, pool, user, EventId)
  const link = (value: 'Valid' | 'Invalid') => {
    const query = new URLSearchParams({
      user_pool_id: pool.Id,
      username: user.Username,
      event_id: EventId,
      feedback_token: token,
      feedback_value: value,
    })
    return `${call.origin.base}/cognito/feedback?${query}`
  }
  // Nobody here knows where an address is, or what device it is.
  const values: Record<string, string> = {
    username: shownName(pool, user),
    'ip-address': ip ?? '',
    'login-time': new Date(call.now).toISOString(),
    city: '',
    country: '',
    'device-name': '',
    'one-click-link-valid': link('Valid'),
    'one-click-link-invalid': link('Invalid'),
  }
  const filled = (text: string) => text.replace(/\{([\w-]+)\}/g, (whole, name: string) => values[name] ?? whole)
  const template = sender[kind]
  call.send({
    channel: 'email',
    to,
    subject: template?.Subject ?? SUBJECTS[kind],
    body: filled(template?.HtmlBody ?? template?.TextBody ?? TEXT),
    template: kind,
    link: link('Invalid'),
    room: 'cognito',
    pool: pool.Id,
    user: user.sub,
    username: user.Username,
  })
}

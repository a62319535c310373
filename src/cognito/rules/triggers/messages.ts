import type { CognitoCall } from '../../call.ts'
import type { Pool, User } from '../../records.ts'
import { settingsOf } from '../../settings.ts'
import type { Contact, Occasion } from '../messages/messages.ts'
import type { EncryptQuestion } from './encrypt.ts'
import { arnOf, asideOf, attributesOf, tell, told, trigger } from './triggers.ts'

/** Where the code, the name and a link go in a text, as the function is told. */
const CODE = '{####}'
const USERNAME = '{username}'
const LINK = '{##Click Here##}'
const ANY_LINK = /\{##.*?##\}/s

export interface Wording {
  smsMessage?: string | null
  emailMessage?: string | null
  emailSubject?: string | null
}

/** (?) Of texts that the service would not send (H11, cognito-facts 181). */
const NO_DEVELOPER = 'Custom email messages need an email configuration with the sending account DEVELOPER.'
const without = (part: string) => `The message of the custom message trigger must contain ${part}`

/** The texts that the pool's function wants for this message instead of the pool's own; nothing where it has none. */
export function wording(call: CognitoCall, pool: Pool, user: User, occasion: Occasion, contacts: readonly Contact[]): Wording {
  if (contacts.every((contact) => senderOf(pool, contact) !== undefined)) return {}
  const { clientId, metadata } = asideOf(call)
  const invitation = occasion === 'AdminCreateUser'
  const said = trigger<Wording>(call, pool, 'CustomMessage', `CustomMessage_${occasion}`, {
    userName: user.Username,
    clientId,
    request: {
      userAttributes: attributesOf(user),
      codeParameter: CODE,
      linkParameter: LINK,
      usernameParameter: invitation ? USERNAME : null,
      ...told(metadata),
    },
    response: { smsMessage: null, emailMessage: null, emailSubject: null },
    form: { members: { smsMessage: 'text', emailMessage: 'text', emailSubject: 'text' } },
    about: contacts.join(),
  })
  if (said === undefined) return {}

  const { smsMessage, emailMessage } = said
  if ((emailMessage ?? said.emailSubject ?? null) !== null && pool.EmailConfiguration?.EmailSendingAccount !== 'DEVELOPER') {
    call.fail('InvalidLambdaResponseException', NO_DEVELOPER)
  }
  for (const text of [smsMessage, emailMessage]) {
    if (text === undefined || text === null) continue
    if (!text.includes(CODE) && !(text === emailMessage && ANY_LINK.test(text))) call.fail('InvalidLambdaResponseException', without(CODE))
    if (invitation && !text.includes(USERNAME)) call.fail('InvalidLambdaResponseException', without(USERNAME))
  }
  return said
}

function senderOf(pool: Pool, contact: Contact): string | undefined {
  return arnOf(pool, contact === 'email' ? 'CustomEmailSender' : 'CustomSMSSender')
}

/**
 * Whether the pool's own sender takes this message over: it gets the code, encrypted, and nothing else goes out (H12). The service
 * does not wait for it, so what becomes of it is the journal's to tell, not the caller's.
 */
export function handedOver(call: CognitoCall, pool: Pool, user: User, occasion: Occasion, contact: Contact, code: string): boolean {
  if (senderOf(pool, contact) === undefined) return false
  const name = contact === 'email' ? 'CustomEmailSender' : 'CustomSMSSender'
  const { clientId, metadata } = asideOf(call)
  const plain = occasion === 'AdminCreateUser' ? escaped(code) : code
  const { senderKey, senderCodes } = settingsOf(call)
  const question: EncryptQuestion = { plain, pool: pool.Id, keyName: pool.LambdaConfig?.KMSKeyID ?? '', key: senderKey }
  tell(call, pool, name, `${name}_${occasion}`, {
    userName: user.Username,
    clientId,
    request: {
      type: contact === 'email' ? 'customEmailSenderRequestV1' : 'customSMSSenderRequestV1',
      code: call.ask<string>('cognito.encrypt', question),
      ...(senderCodes === 'plain' ? { plaintextCode: plain } : {}),
      ...told(metadata),
      userAttributes: attributesOf(user),
    },
  })
  return true
}

/** (?) What stands for a code where there is none to send: the guide's own handler looks whether there is one. */
const NO_CODE = null

/** Whether the pool's own sender is told of a strange sign-in instead of a mail going out. */
export function takeOverTold(call: CognitoCall, pool: Pool, user: User): boolean {
  if (senderOf(pool, 'email') === undefined) return false
  const { clientId, metadata } = asideOf(call)
  tell(call, pool, 'CustomEmailSender', 'CustomEmailSender_AccountTakeOverNotification', {
    userName: user.Username,
    clientId,
    request: { type: 'customEmailSenderRequestV1', code: NO_CODE, ...told(metadata), userAttributes: attributesOf(user) },
  })
  return true
}

/** A temporary password goes into a page or a mail, and comes escaped for it (cognito-facts 182). */
function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return text.replace(/[&<>"']/g, (sign) => entities[sign] as string)
}

import type { CognitoCall } from '../../call.ts'
import type { CodeDeliveryDetailsType, DeliveryMediumType } from '../../contract/types.ts'
import { mfaSettings, type Pool, type User } from '../../records.ts'
import { handedOver, wording } from '../triggers/messages.ts'
import { shownName } from '../users/aliases.ts'

/** Texts sent until a pool has its own; DescribeUserPool does not show them (cognito-facts 38). */
const CODE_TEXT = 'Your verification code is {####}. '
const CODE_SUBJECT = 'Your verification code'
const LINK_TEXT = 'Please click the link below to verify your email address. {##Verify Email##} '
const LINK_SUBJECT = 'Your verification link'
const AUTHENTICATION_TEXT = 'Your authentication code is {####}. '
const AUTHENTICATION_SUBJECT = 'Your authentication code'
const INVITE_TEXT = 'Your username is {username} and temporary password is {####}. '
const INVITE_SUBJECT = 'Your temporary password'

export type Contact = 'email' | 'phone_number'

/** Why a message goes out: the service's names for the occasions (cognito-facts 171). */
export type Occasion =
  | 'SignUp'
  | 'AdminCreateUser'
  | 'ResendCode'
  | 'ForgotPassword'
  | 'UpdateUserAttribute'
  | 'VerifyUserAttribute'
  | 'Authentication'

/** `j***@e***` and `+*******9934` (cognito-behaviour S2). */
export function masked(contact: Contact, value: string): string {
  if (contact === 'phone_number') return `+*******${value.slice(-4)}`
  const [name = '', host = ''] = value.split('@')
  return `${name.slice(0, 1)}***@${host.slice(0, 1)}***`
}

export function deliveryDetails(contact: Contact, value: string): CodeDeliveryDetailsType {
  return { Destination: masked(contact, value), DeliveryMedium: contact === 'email' ? 'EMAIL' : 'SMS', AttributeName: contact }
}

/** The welcome of a user made by an administrator, by each of these media for which the user has an address (A2). */
export function sendInvitation(call: CognitoCall, pool: Pool, user: User, password: string, media: readonly DeliveryMediumType[]): void {
  const template = pool.AdminCreateUserConfig?.InviteMessageTemplate
  const fill = (text: string) => filled(text, { code: password, username: shownName(pool, user) })
  const { email, phone_number: phone } = user.Attributes
  const contacts: Contact[] = [
    ...(media.includes('SMS') && phone !== undefined ? (['phone_number'] as const) : []),
    ...(media.includes('EMAIL') && email !== undefined ? (['email'] as const) : []),
  ]
  const said = contacts.length === 0 ? {} : wording(call, pool, user, 'AdminCreateUser', contacts)
  if (media.includes('SMS') && phone !== undefined) {
    send(call, pool, user, 'AdminCreateUser', 'phone_number', phone, {
      body: fill(said.smsMessage ?? template?.SMSMessage ?? INVITE_TEXT),
      code: password,
    })
  }
  if (media.includes('EMAIL') && email !== undefined) {
    const body = fill(said.emailMessage ?? template?.EmailMessage ?? INVITE_TEXT)
    send(call, pool, user, 'AdminCreateUser', 'email', email, {
      subject: said.emailSubject ?? template?.EmailSubject ?? INVITE_SUBJECT,
      body,
      code: password,
    })
  }
}

/** A code for one of a user's addresses; answers where it went, as the operation says it. */
export function sendCode(
  call: CognitoCall,
  pool: Pool,
  user: User,
  { occasion, contact, destination, code, clientId }: CodeMessage,
): CodeDeliveryDetailsType {
  const template = pool.VerificationMessageTemplate
  const said = wording(call, pool, user, occasion, [contact])
  const fill = (text: string) => filled(text, { code, username: shownName(pool, user) })
  if (occasion === 'Authentication') {
    const own = authenticationTexts(call, pool, contact)
    const text = (contact === 'email' ? said.emailMessage : said.smsMessage) ?? own.text
    const subject = contact === 'email' ? (said.emailSubject ?? own.subject) : undefined
    send(call, pool, user, occasion, contact, destination, { ...(subject === undefined ? {} : { subject }), body: fill(text), code })
  } else if (contact === 'phone_number') {
    const body = fill(said.smsMessage ?? template?.SmsMessage ?? pool.SmsVerificationMessage ?? CODE_TEXT)
    send(call, pool, user, occasion, contact, destination, { body, code })
  } else if (clientId !== undefined && template?.DefaultEmailOption === 'CONFIRM_WITH_LINK') {
    const link = confirmationLink(call, clientId, user.Username, code)
    const body = fill(said.emailMessage ?? template.EmailMessageByLink ?? LINK_TEXT).replace(
      /\{##(.*?)##\}/s,
      (_whole, words: string) => `<a href="${link}">${words}</a>`,
    )
    send(call, pool, user, occasion, contact, destination, {
      subject: said.emailSubject ?? template.EmailSubjectByLink ?? LINK_SUBJECT,
      body,
      code,
      link,
    })
  } else {
    const body = fill(said.emailMessage ?? template?.EmailMessage ?? pool.EmailVerificationMessage ?? CODE_TEXT)
    const subject = said.emailSubject ?? template?.EmailSubject ?? pool.EmailVerificationSubject ?? CODE_SUBJECT
    send(call, pool, user, occasion, contact, destination, { subject, body, code })
  }
  return deliveryDetails(contact, destination)
}

/** What a code that signs in comes with: the pool's words for MFA, else the service's. */
function authenticationTexts(call: CognitoCall, pool: Pool, contact: Contact): { subject?: string; text: string } {
  if (contact === 'phone_number') return { text: pool.SmsAuthenticationMessage ?? AUTHENTICATION_TEXT }
  const { Message = AUTHENTICATION_TEXT, Subject = AUTHENTICATION_SUBJECT } =
    mfaSettings.get(call, pool.Id, '')?.EmailMfaConfiguration ?? {}
  return { subject: Subject, text: Message }
}

export interface CodeMessage {
  occasion: Occasion
  contact: Contact
  destination: string
  code: string
  /** Given where a link may take the code's place: at sign-up (S20). */
  clientId?: string | undefined
}

/** The page that confirms a sign-up by link (cognito-facts 84). */
function confirmationLink(call: CognitoCall, clientId: string, username: string, code: string): string {
  const query = new URLSearchParams({ client_id: clientId, user_name: username, confirmation_code: code })
  return `${call.origin.base}/confirmUser?${query}`
}

function filled(text: string, { code, username }: { code: string; username: string }): string {
  return text.replaceAll('{####}', () => code).replaceAll('{username}', () => username)
}

function send(
  call: CognitoCall,
  pool: Pool,
  user: User,
  occasion: Occasion,
  contact: Contact,
  to: string,
  message: { subject?: string; body: string; code: string; link?: string },
): void {
  if (handedOver(call, pool, user, occasion, contact, message.code)) return
  const channel = contact === 'email' ? 'email' : 'sms'
  call.send({ channel, to, template: occasion, room: 'cognito', pool: pool.Id, user: user.sub, username: user.Username, ...message })
}

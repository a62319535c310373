import type { Field, PageRoute, Visit } from '../../oauth/index.ts'
import { goOn } from '../rules/sign-in/page-sign-in.ts'
import { attributeField, nameField, newPasswordField, whose } from './fields.ts'
import { address, advance, backToStart, type Here, here, perform, requireStep } from './visits.ts'
import { PASSWORDS_DIFFER } from './words.ts'

const PREFIX = 'userAttributes.'

/** A temporary password is changed, and what the pool requires of a user is filled in (L15). */
export const changePassword: PageRoute = {
  name: 'ChangePasswordPage',
  show(visit) {
    const step = requireStep(visit, 'NEW_PASSWORD_REQUIRED')
    if (step === undefined) return backToStart(visit)
    const at = here(visit)
    const missing = (JSON.parse(step.parameters.requiredAttributes ?? '[]') as string[]).map((name) =>
      attributeField(visit, at, PREFIX, name.slice(PREFIX.length)),
    )
    const fields = [...newPassword(visit, at), ...missing]
    return {
      page: {
        id: 'change-password',
        title: at.say('changePassword'),
        lead: at.say('changeLead'),
        forms: [{ id: 'change-password', fields, submit: at.say('changePassword') }],
        links: [{ id: 'back', text: at.say('back'), href: backToStart(visit).to }],
      },
    }
  },
  submit(visit) {
    const step = requireStep(visit, 'NEW_PASSWORD_REQUIRED')
    if (step === undefined) return backToStart(visit)
    const at = here(visit)
    const NEW_PASSWORD = requireRepeated(visit, at)
    const given = Object.entries(visit.web.form).filter(([name]) => name.startsWith(PREFIX)) as [string, string][]
    const { challenge, session, username } = step
    const responses = { NEW_PASSWORD, ...Object.fromEntries(given) }
    return advance(visit, username, goOn(at.call, at, { challenge, session, username, responses }))
  },
}

/** Asks for a code to reset a password with. */
export const forgotPassword: PageRoute = {
  name: 'ForgotPasswordPage',
  show(visit) {
    const at = here(visit)
    const value = visit.web.form.username ?? visit.web.query.login_hint
    const fields: Field[] = [{ ...nameField(at), name: 'username', autocomplete: 'username', value }]
    return {
      page: {
        id: 'forgot-password',
        title: at.say('reset'),
        lead: at.say('resetLead'),
        forms: [{ id: 'forgot-password', fields, submit: at.say('sendCode') }],
        links: [{ id: 'back', text: at.say('back'), href: backToStart(visit).to }],
      },
    }
  },
  submit(visit) {
    const at = here(visit)
    const { username = '' } = visit.web.form
    const { CodeDeliveryDetails } = perform<{ CodeDeliveryDetails?: { Destination?: string } }>(at, 'ForgotPassword', username, {})
    return { to: address(visit, '/confirmforgotPassword', { username, sent_to: CodeDeliveryDetails?.Destination ?? '' }) }
  },
}

/** The code, and the new password. */
export const confirmForgotPassword: PageRoute = {
  name: 'ConfirmForgotPasswordPage',
  show(visit) {
    const at = here(visit)
    const { username = '', sent_to: destination = '', done } = visit.web.query
    const named = whose(visit, at, username)
    const fields: Field[] = [
      ...named.fields,
      { name: 'code', label: at.say('code'), autocomplete: 'one-time-code', inputmode: 'numeric', value: visit.web.form.code },
      ...newPassword(visit, at),
    ]
    return {
      page: {
        id: 'confirm-forgot-password',
        title: at.say('reset'),
        lead: destination === '' ? at.say('confirmLeadUnknown') : at.say('confirmLead', { destination }),
        notice: done === 'required' && visit.refused === undefined ? at.say('resetRequired') : undefined,
        forms: [
          {
            id: 'confirm-forgot-password',
            fields,
            hidden: named.hidden,
            submit: at.say('changePassword'),
          },
        ],
        links: [{ id: 'back', text: at.say('back'), href: backToStart(visit).to }],
      },
    }
  },
  submit(visit) {
    const at = here(visit)
    const { username = '', code = '' } = visit.web.form
    perform(at, 'ConfirmForgotPassword', username, { ConfirmationCode: code.trim(), Password: requireRepeated(visit, at) })
    return { to: address(visit, '/login', { done: 'reset', username }) }
  },
}

function newPassword(visit: Visit, at: Here): Field[] {
  const again = { name: 'confirm_password', label: at.say('repeatPassword'), type: 'password', autocomplete: 'new-password' } as const
  return [newPasswordField(visit, at, 'newPassword'), again]
}

function requireRepeated({ web }: Visit, { call }: Here): string {
  const { password = '', confirm_password: again } = web.form
  if (password !== again) call.fail('InvalidParameterException', PASSWORDS_DIFFER)
  return password
}

import type { Field, PageRoute, Visit } from '../../oauth/index.ts'
import type { SignUpResponse } from '../contract/types.ts'
import type { Pool } from '../records.ts'
import { offersPasswordless } from '../rules/users/usernames.ts'
import { attributeField, nameField, newPasswordField, whose } from './fields.ts'
import { address, backToStart, type Here, here, legalOf, perform, unavailable } from './visits.ts'

/** A new account: its name, a password and what the pool requires of everybody. */
export const signUp: PageRoute = {
  name: 'SignUpPage',
  show(visit) {
    const at = here(visit)
    const { say } = at
    return (
      unavailable(visit, at) ?? {
        page: {
          id: 'sign-up',
          title: say('signUp'),
          lead: say('signUpLead'),
          forms: [{ id: 'sign-up', fields: fieldsOf(visit, at), submit: say('signUp') }],
          links: [{ id: 'back', text: say('haveAccount'), href: backToStart(visit).to }],
          legal: legalOf(visit, at),
        },
      }
    )
  },
  submit(visit) {
    const at = here(visit)
    const { username = '', password = '' } = visit.web.form
    const UserAttributes = asked(at.pool)
      .map((Name) => ({ Name, Value: visit.web.form[`${PREFIX}${Name}`] ?? '' }))
      .filter(({ Value }) => Value !== '')
    const Password = password === '' ? {} : { Password: password }
    const { UserConfirmed, CodeDeliveryDetails } = perform<SignUpResponse>(at, 'SignUp', username, { ...Password, UserAttributes })
    if (UserConfirmed) return { to: address(visit, '/login', { done: 'confirmed', username }) }
    return { to: address(visit, '/confirm', { username, sent_to: CodeDeliveryDetails?.Destination ?? '' }) }
  },
}

/** The code that proves a new account. */
export const confirm: PageRoute = {
  name: 'ConfirmPage',
  show(visit) {
    const at = here(visit)
    const { say } = at
    const { username = '', sent_to: destination = '', done } = visit.web.query
    const named = whose(visit, at, username)
    const name = visit.web.form.username ?? username
    return {
      page: {
        id: 'confirm',
        title: say('confirm'),
        lead: destination === '' ? say('confirmLeadUnknown') : say('confirmLead', { destination }),
        notice: visit.refused === undefined ? noticeOf(say, done) : undefined,
        forms: [
          {
            id: 'confirm',
            fields: [...named.fields, { name: 'code', label: say('code'), autocomplete: 'one-time-code', inputmode: 'numeric' }],
            hidden: named.hidden,
            submit: say('confirm'),
          },
          // Whose code is sent anew has been said by then.
          ...(name === ''
            ? []
            : [{ id: 'resend', fields: [], hidden: { username: name, action: 'resend' }, submit: say('resend'), secondary: true }]),
        ],
        links: [{ id: 'back', text: say('back'), href: backToStart(visit).to }],
      },
    }
  },
  submit(visit) {
    const at = here(visit)
    const { username = '', code = '', action } = visit.web.form
    if (action === 'resend') {
      const { CodeDeliveryDetails } = perform<SignUpResponse>(at, 'ResendConfirmationCode', username, {})
      return { to: address(visit, '/confirm', { username, done: 'resent', sent_to: CodeDeliveryDetails?.Destination ?? '' }) }
    }
    perform(at, 'ConfirmSignUp', username, { ConfirmationCode: code.trim() })
    return { to: address(visit, '/login', { done: 'confirmed', username }) }
  },
}

function noticeOf(say: Here['say'], done: string | undefined): string | undefined {
  return done === 'resent' ? say('resent') : done === 'unconfirmed' ? say('unconfirmed') : undefined
}

const PREFIX = 'requiredAttributes.'

/** What the pool requires, and what its codes go to, save what is the name already. */
function asked(pool: Pool): string[] {
  const required = pool.SchemaAttributes.filter(({ Required, Name }) => Required === true && Name !== 'sub').map(({ Name = '' }) => Name)
  const verified = pool.AutoVerifiedAttributes ?? []
  const named = pool.UsernameAttributes ?? []
  return [...new Set([...required, ...verified])].filter((name) => !named.includes(name as 'email'))
}

function fieldsOf(visit: Visit, at: Here): Field[] {
  const optional = offersPasswordless(at.pool, { email: '', phone_number: '' })
  return [
    { ...nameField(at), name: 'username', autocomplete: 'username', value: visit.web.form.username },
    ...asked(at.pool).map((name) => attributeField(visit, at, PREFIX, name)),
    { ...newPasswordField(visit, at, 'password'), required: !optional },
  ]
}

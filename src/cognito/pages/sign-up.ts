import type { Field, PageRoute, Visit } from '../../oauth/index.ts'
import type { SignUpResponse } from '../contract/types.ts'
import type { Pool } from '../records.ts'
import { offersPasswordless } from '../rules/usernames.ts'
import { address, backToStart, type Here, here, legalOf, nameField, perform, unavailable } from './visits.ts'

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
    const { say } = here(visit)
    const { username: known = '', sent_to: destination = '', done } = visit.web.query
    const username = visit.web.form.username ?? known
    return {
      page: {
        id: 'confirm',
        title: say('confirm'),
        lead: destination === '' ? say('confirmLeadUnknown') : say('confirmLead', { destination }),
        notice: visit.refused === undefined ? noticeOf(say, done) : undefined,
        forms: [
          {
            id: 'confirm',
            fields: [{ name: 'code', label: say('code'), autocomplete: 'one-time-code', inputmode: 'numeric' }],
            hidden: { username },
            submit: say('confirm'),
          },
          { id: 'resend', fields: [], hidden: { username, action: 'resend' }, submit: say('resend'), secondary: true },
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

function fieldsOf({ web }: Visit, at: Here): Field[] {
  const { pool, say } = at
  const optional = offersPasswordless(pool, { email: '', phone_number: '' })
  const attributes = asked(pool).map((name): Field => {
    const field = `${PREFIX}${name}`
    const value = web.form[field]
    if (name === 'email') return { name: field, label: say('email'), type: 'email', autocomplete: 'email', value }
    if (name === 'phone_number') return { name: field, label: say('phone'), type: 'tel', autocomplete: 'tel', hint: '+12025550123', value }
    return { name: field, label: name, value }
  })
  return [
    { ...nameField(at), name: 'username', autocomplete: 'username', value: web.form.username },
    ...attributes,
    { name: 'password', label: say('password'), type: 'password', autocomplete: 'new-password', required: !optional },
  ]
}

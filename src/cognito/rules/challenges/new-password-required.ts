import type { Pool, User } from '../../records.ts'
import { requireNewPassword, setPassword } from '../passwords/passwords.ts'
import { checkSchema, requireWritable, withAttributes } from '../users/attributes.ts'
import { unverified } from '../users/usernames.ts'
import { change } from '../users/users.ts'
import type { SignIn } from './challenge.ts'
import { type Challenge, passed } from './challenge.ts'

const PREFIX = 'userAttributes.'

/** A temporary password is changed at the first sign-in, and what the pool requires of a user is filled in (L15, L16). */
export const newPasswordRequired: Challenge<null> = {
  name: 'NEW_PASSWORD_REQUIRED',
  requires: ['NEW_PASSWORD'],
  ask({ pool, user: known }) {
    const user = known as User
    const shown = Object.entries(user.Attributes).filter(([name]) => !name.startsWith('dev:'))
    return {
      parameters: {
        USER_ID_FOR_SRP: user.Username,
        requiredAttributes: JSON.stringify(missing(pool, user.Attributes).map((name) => PREFIX + name)),
        userAttributes: JSON.stringify(Object.fromEntries(shown)),
      },
      state: null,
    }
  },
  check(signIn, responses) {
    const { call, pool, client, user } = signIn as SignIn & { user: User }
    const given = Object.fromEntries(
      Object.entries(responses)
        .filter(([name]) => name.startsWith(PREFIX))
        .map(([name, value]) => [name.slice(PREFIX.length), value]),
    )
    for (const name of Object.keys(given)) {
      if (user.Attributes[name] !== undefined) call.fail('NotAuthorizedException', `Cannot modify an already provided ${name}`)
    }
    requireWritable(call, client, Object.keys(given))
    const attributes = withAttributes(user.Attributes, unverified(given))
    for (const name of missing(pool, attributes)) call.fail('InvalidParameterException', `Invalid attributes given, ${name} is missing`)
    checkSchema(call, pool, given)
    const password = responses.NEW_PASSWORD ?? ''
    requireNewPassword(call, pool, user, password)

    const filled = Object.keys(given).length === 0 ? user : change(call, pool, user, { Attributes: attributes })
    return { signIn: passed(signIn, 'NEW_PASSWORD_REQUIRED', setPassword(call, pool, filled, password, { temporary: false })) }
  },
}

function missing(pool: Pool, attributes: Readonly<Record<string, string>>): string[] {
  return pool.SchemaAttributes.filter(({ Required }) => Required === true)
    .map(({ Name = '' }) => Name)
    .filter((name) => name !== 'sub' && attributes[name] === undefined)
}

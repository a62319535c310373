import { filled, flag, indexable, type Of, text, titled, word } from '../schema.ts'
import { appKeys, auth0UserKeys, BOOLEANS, cognitoAppKeys, each, STRINGS, USER_KEYS, userKeys, userPoolId } from './user.ts'

const words = each([...STRINGS, 'createdBy', ...USER_KEYS], text)

/**
 * A Cognito user as answered: flat, metadata at the top in the form of attribute values (`"true"`), as in the documentation's sample;
 * beside it the nested forms with the types of the interfaces (harmony-auth 7). Unknown keys of the request are answered too.
 */
export const cognitoUser = titled(
  'CognitoUser',
  indexable(
    {
      id: filled,
      username: filled,
      provider: word('cognito-user'),
      connection: userPoolId,
      userPoolId,
      status: text,
      disabled: flag,
      blocked: flag,
      createdAt: text,
      updatedAt: text,
      emailVerified: word('true', 'false'),
      appMetadata: indexable({}, cognitoAppKeys),
      userMetadata: indexable({}, userKeys),
    },
    {
      email: text,
      name: text,
      firstName: text,
      lastName: text,
      nickname: text,
      picture: text,
      phoneNumber: text,
      phoneVerified: word('true', 'false'),
      ...words,
      ...each([...BOOLEANS, 'isExternal'], word('true', 'false')),
    },
  ),
)

export type CognitoUser = Of<typeof cognitoUser>

/** An Auth0 user as answered: metadata nested, `emailVerified` a boolean (harmony-auth 4.4). Unknown keys of the request are answered too. */
export const auth0User = titled(
  'Auth0User',
  indexable(
    {
      id: filled,
      email: filled,
      name: text,
      givenName: text,
      familyName: text,
      blocked: flag,
      emailVerified: flag,
      provider: word('auth0-user'),
      connection: word('district', 'self-signup'),
      createdAt: text,
      updatedAt: text,
      appMetadata: indexable({}, appKeys),
      userMetadata: indexable({}, auth0UserKeys),
    },
    { nickname: text, picture: text, username: text, clientId: text },
  ),
)

export type Auth0User = Of<typeof auth0User>

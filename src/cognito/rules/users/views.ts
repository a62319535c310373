import type { AttributeListType, UserType } from '../../contract/types.ts'
import type { User } from '../../records.ts'

/** A user's attributes as lists show them: sub first. */
export function attributeList(user: User, only?: readonly string[]): AttributeListType {
  const all = [{ Name: 'sub', Value: user.sub }]
  for (const Name of Object.keys(user.Attributes)) all.push({ Name, Value: user.Attributes[Name] as string })
  return only === undefined ? all : all.filter(({ Name }) => only.includes(Name))
}

/** A user as lists and AdminCreateUser show it. */
export function userType(user: User, only?: readonly string[]): UserType {
  return {
    Username: user.Username,
    Attributes: attributeList(user, only),
    UserCreateDate: user.UserCreateDate,
    UserLastModifiedDate: user.UserLastModifiedDate,
    Enabled: user.Enabled,
    UserStatus: user.UserStatus,
    MFAOptions: user.MFAOptions,
  }
}

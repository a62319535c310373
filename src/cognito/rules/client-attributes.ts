import type { AttributeListType } from '../contract/types.ts'
import type { Client, Pool, User } from '../records.ts'

/**
 * Which attributes of its users a client may read, in tokens and by GetUser. Unset it is all of them, custom ones included, as the
 * console and real tokens show (aws-aspnet-cognito-identity-provider#89, aws-cdk#7607, floci#984), save those for developers only.
 */
export function readable(_pool: Pool, client: Client): (name: string) => boolean {
  const { ReadAttributes } = client
  if (ReadAttributes === undefined || ReadAttributes.length === 0) return (name) => !name.startsWith('dev:')
  const listed = new Set(ReadAttributes)
  return (name) => listed.has(name)
}

/** A user's attributes as GetUser shows them to this client, sub first (A17). */
export function readableList(pool: Pool, client: Client, user: User): AttributeListType {
  const may = readable(pool, client)
  const shown = Object.entries(user.Attributes).filter(([name]) => may(name))
  return [{ Name: 'sub', Value: user.sub }, ...shown.map(([Name, Value]) => ({ Name, Value }))]
}

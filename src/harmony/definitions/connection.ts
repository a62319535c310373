import { bag, filled, list, type Of, object, text, titled, word } from '../schema.ts'

export const postConnection = titled('ConnectionBody', object({ name: filled, metadata: bag }, { displayName: text }))
export const patchConnection = titled('PatchConnectionBody', object({}, { name: filled, metadata: bag, displayName: text }))

export type PostConnection = Of<typeof postConnection>
export type PatchConnection = Of<typeof patchConnection>

/** A connection as read (harmony-auth 5); `displayName` is Auth0's. */
export const connectionAnswer = titled(
  'Connection',
  object(
    {
      connectionId: filled,
      name: text,
      type: text,
      status: word('active', 'inactive'),
      createdAt: text,
      updatedAt: text,
      metadata: bag,
      configuration: bag,
    },
    { displayName: text },
  ),
)

export const connectionList = list(connectionAnswer)

export type ConnectionAnswer = Of<typeof connectionAnswer>

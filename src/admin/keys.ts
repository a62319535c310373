import type { Route } from './route.ts'

/** What tokens are signed with. */
export const keys: Route[] = [
  {
    method: 'POST',
    url: '/keys/rotate',
    summary: 'Sign tokens with new keys from now on; what the old ones signed still holds',
    query: { forget: { type: 'string', enum: ['true', 'false'], description: 'the old keys leave the key sets at once' } },
    answer: {
      type: 'object',
      properties: {
        turn: { type: 'integer', description: 'how often they were replaced' },
        kept: { type: 'integer', description: 'how many earlier turns still verify' },
      },
      required: ['turn', 'kept'],
    },
    handle: ({ namespace, query: { forget } }) => {
      const { turn, kept } = namespace().rotateKeys({ forget: forget === 'true' })
      return { turn, kept: kept.length }
    },
  },
]

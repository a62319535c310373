import { open, seal } from '../../core/cursor.ts'
import type { Page } from '../../core/records.ts'
import type { CognitoCall } from '../call.ts'
import { INVALID_TOKEN } from './pools/checks.ts'

/** Asked for 0 or for nothing, lists come in pages of the largest size. */
export const LARGEST_PAGE = 60

/**
 * One page of a list. `question` is everything that decides what is listed, the operation's name included: a token of another
 * question is refused, in the words of `wrong` where the list has its own. `read` reads on from where the token was given.
 */
export function paged<Doc, After extends number | string | readonly (number | string)[] = number>(
  call: CognitoCall,
  question: readonly unknown[],
  asked: { token: string | undefined; limit: number | undefined; largest?: number; wrong?: string },
  read: (range: { after: After | undefined; limit: number }) => { items: Doc[]; next?: After },
): { items: Doc[]; token: string | undefined } {
  const largest = asked.largest ?? LARGEST_PAGE
  const limit = Math.min(asked.limit || largest, largest)
  const after = asked.token === undefined ? undefined : open<After>(asked.token, question)
  if (asked.token !== undefined && after === undefined) call.fail('InvalidParameterException', asked.wrong ?? INVALID_TOKEN)

  const { items, next } = read({ after, limit })
  return { items, token: next === undefined ? undefined : seal(next, question) }
}

/** A page of what is small enough to be read whole, `after` being how many items came before it. */
export function slice<Doc>(all: readonly Doc[], { after = 0, limit }: { after: number | undefined; limit: number }): Page<Doc> {
  const items = all.slice(after, after + limit)
  return after + limit < all.length ? { items, next: after + limit } : { items }
}

import type { Call } from '../../core/call.ts'
import { open, seal } from '../../core/cursor.ts'
import type { Collection } from '../../core/records.ts'
import { invalid } from '../validation.ts'
import { type Condition, conditionsOf, holds } from './filter.ts'

/** What every List method takes. */
export interface ListInput {
  pageSize?: string | undefined
  pageToken?: string | undefined
  filter?: string | undefined
}

type Source<Doc> = (
  range: { after: number | undefined; limit: number },
  conditions: readonly Condition[],
) => { items: Doc[]; next?: unknown }

const DEFAULT_PAGE = 100
const CHUNK = 1000

/**
 * A page in order of creation (a guess, yandex-idp 7) of what the filter lets through. `question` is what a token belongs to: with
 * another one it is refused. `belongs` is for lists that hold more than is asked for.
 */
export function page<Doc extends object>(
  input: ListInput,
  question: readonly string[],
  source: Source<Doc>,
  fields: readonly string[] = [],
  belongs?: (doc: Doc) => boolean,
): { items: Doc[]; nextPageToken?: string } {
  const limit = Number(input.pageSize ?? 0) || DEFAULT_PAGE
  const conditions = conditionsOf(input.filter, fields)
  const asked = [...question, input.filter ?? '']
  let after = input.pageToken === undefined ? undefined : open(input.pageToken, asked)
  if (input.pageToken !== undefined && after === undefined) throw invalid([{ field: 'page_token', description: 'Invalid page token' }])

  const passes = (doc: Doc) => belongs?.(doc) !== false && holds(conditions, (field) => (doc as Record<string, string | undefined>)[field])
  const items: Doc[] = []
  let token: string | undefined
  for (;;) {
    const wanted = limit - items.length
    const chunk = source({ after, limit: conditions.length === 0 && belongs === undefined ? Math.max(wanted, 1) : CHUNK }, conditions)
    const places = chunk.items.flatMap((doc, index) => (passes(doc) ? [index] : []))
    // The page is full and here is one more: so there is a next page, from where this one ended.
    if (wanted === 0 && places.length > 0) return { items, nextPageToken: token as string }
    const taken = places.slice(0, wanted)
    items.push(...taken.map((index) => chunk.items[index] as Doc))
    const last = taken.at(-1)
    if (items.length === limit && last !== undefined) {
      const end = last === chunk.items.length - 1 ? chunk.next : source({ after, limit: last + 1 }, conditions).next
      if (end === undefined) return { items }
      token = seal(end as number, asked)
      after = end as number
    } else {
      if (chunk.next === undefined) return { items }
      after = chunk.next as number
    }
  }
}

/** A page of a collection. */
export function pageOf<Doc extends object>(
  call: Call,
  collection: Collection<Doc>,
  parent: string,
  input: ListInput,
  fields: readonly string[] = [],
): { items: Doc[]; nextPageToken?: string } {
  return page(input, [collection.kind, parent], (range) => collection.page(call, parent, range), fields)
}

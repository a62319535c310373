/**
 * A pattern for `t.match`: a list of these and no others. A list that is written as one matches every longer list that begins alike, and
 * an empty one matches them all.
 */
export function only(...items: unknown[]): object {
  return { ...items, length: items.length }
}

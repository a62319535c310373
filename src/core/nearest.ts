import { closest, distance } from 'fastest-levenshtein'

/** ` (did you mean x?)` if something known is near, else nothing. */
export function suggestion(word: string, known: readonly string[]): string {
  if (known.length === 0) return ''
  const near = closest(word, known)
  return distance(word.toLowerCase(), near.toLowerCase()) <= Math.max(2, Math.floor(word.length / 3)) ? ` (did you mean ${near}?)` : ''
}

import { closest, distance } from 'fastest-levenshtein'

/** What is longer is no slip of the pen. */
const LONGEST = 200

/** The known words that are most like this one, the nearest first. */
export function nearest(word: string, known: readonly string[], most = 3): string[] {
  if (word.length > LONGEST) return []
  const from = word.toLowerCase()
  return known
    .map((name) => ({ name, far: distance(from, name.toLowerCase()) }))
    .filter(({ far }) => far <= Math.max(2, word.length / 2))
    .sort((a, b) => a.far - b.far)
    .slice(0, most)
    .map(({ name }) => name)
}

/** ` (did you mean x?)` if something known is near, else nothing. */
export function suggestion(word: string, known: readonly string[]): string {
  if (known.length === 0 || word.length > LONGEST) return ''
  const near = closest(word, known)
  return distance(word.toLowerCase(), near.toLowerCase()) <= Math.max(2, Math.floor(word.length / 3)) ? ` (did you mean ${near}?)` : ''
}

import { duration } from '../../../core/clock.ts'
import { methods } from '../../contract/index.ts'

/** Kinds are operations' names, and `*` for all that have no policy of their own. */
export const EVERY_KIND = '*'

/** How an operation runs, in words: `immediate`, `time: 5s` (or `5s`), `polls: 3`, `manual`. */
export type Runs = { type: 'immediate' } | { type: 'manual' } | { type: 'time'; after: number } | { type: 'polls'; count: number }

export function runsOf(text: string): Runs | undefined {
  const [type = '', value = ''] = text.split(':', 2).map((part) => part.trim())
  if ((type === 'immediate' || type === 'manual') && value === '') return { type }
  if (type === 'polls') return /^[1-9]\d{0,5}$/.test(value) ? { type, count: Number(value) } : undefined
  const after = duration(type === 'time' ? value : text)
  return after === undefined || after < 0 ? undefined : { type: 'time', after }
}

/** One policy for all kinds, or `kind=policy` for each, separated by commas, or in a config file a map; undefined if it is none. */
export function policiesOf(text: string, raw: unknown): string | Record<string, string> | undefined {
  const map = typeof raw === 'object' && raw !== null
  if (!map && !text.includes('=')) return runsOf(text) === undefined ? undefined : text
  const pairs = map
    ? Object.entries(raw).map(([kind, runs]) => [kind, String(runs)])
    : text.split(',').map((pair) => pair.split('=', 2).map((part) => part.trim()))
  const good = pairs.every(([kind = '', runs = '']) => isKind(kind) && runsOf(runs) !== undefined)
  return good ? (Object.fromEntries(pairs) as Record<string, string>) : undefined
}

export function isKind(kind: string): boolean {
  return kind === EVERY_KIND || (methods.get(kind)?.operation ?? null) !== null
}

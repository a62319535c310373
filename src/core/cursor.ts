import { createHash } from 'node:crypto'

/** A place in a list and the question it belongs to, as one opaque token: used with another question it opens to nothing. */
export function seal(after: number | string | readonly (number | string)[], question: unknown): string {
  return Buffer.from(JSON.stringify([after, fingerprint(question)])).toString('base64url')
}

export function open<After = number>(token: string, question: unknown): After | undefined {
  if (!/^[\w-]+$/.test(token)) return undefined
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString())
    if (!Array.isArray(parts) || parts.length !== 2 || parts[1] !== fingerprint(question)) return undefined
    return parts[0] as After
  } catch {
    return undefined
  }
}

function fingerprint(question: unknown): string {
  return createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, 12)
}

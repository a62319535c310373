import type { PasswordQualityPolicy } from '../../contract/types.ts'
import type { Pool } from '../../records.ts'
import { COMMON, SEQUENCES } from './weak-passwords.ts'

/** What is wrong with a new password by the pool's policies, in words; undefined if nothing is (yandex-idp 11; the words are guesses). */
export function weakness(pool: Pool, password: string): string | undefined {
  const quality = pool.passwordQualityPolicy ?? {}
  return tooLong(quality, password) ?? tooSimple(quality, password) ?? sequence(quality, password) ?? common(pool, password)
}

function number(value: string | undefined): number {
  return Number(value ?? 0)
}

function characters(password: string): number {
  return [...password].length
}

function tooLong({ maxLength }: PasswordQualityPolicy, password: string): string | undefined {
  const most = number(maxLength)
  return most > 0 && characters(password) > most ? `Password must have at most ${most} characters` : undefined
}

/** Lower case, upper case, digits; anything else is special (a guess). */
const CLASSES = {
  lowers: /\p{Ll}/u,
  uppers: /\p{Lu}/u,
  digits: /\p{Nd}/u,
  specials: /[^\p{Ll}\p{Lu}\p{Nd}]/u,
}

function tooSimple({ fixed, smart = {} }: PasswordQualityPolicy, password: string): string | undefined {
  const used = Object.fromEntries(Object.entries(CLASSES).map(([name, pattern]) => [name, pattern.test(password)]))
  if (fixed !== undefined) {
    const least = number(fixed.minLength)
    if (characters(password) < least) return `Password must have at least ${least} characters`
    if (fixed.lowersRequired === true && !used.lowers) return 'Password must have a lowercase letter'
    if (fixed.uppersRequired === true && !used.uppers) return 'Password must have an uppercase letter'
    if (fixed.digitsRequired === true && !used.digits) return 'Password must have a digit'
    if (fixed.specialsRequired === true && !used.specials) return 'Password must have a special character'
    return undefined
  }
  const count = Object.values(used).filter((yes) => yes).length
  const least = number([smart.oneClass, smart.twoClasses, smart.threeClasses, smart.fourClasses][count - 1])
  // 0 forbids passwords of that many classes.
  if (least === 0) return `Password of ${count} character ${count === 1 ? 'class' : 'classes'} is not allowed`
  return characters(password) < least ? `Password of ${count} character classes must have at least ${least} characters` : undefined
}

/** No piece of that length may be one of a known weak sequence. */
function sequence({ matchLength }: PasswordQualityPolicy, password: string): string | undefined {
  const length = number(matchLength)
  if (length === 0) return undefined
  const folded = password.toLowerCase()
  for (let at = 0; at + length <= folded.length; at++) {
    const piece = folded.slice(at, at + length)
    if (SEQUENCES.some((sequence) => sequence.includes(piece))) return 'Password contains a well-known sequence of characters'
  }
  return undefined
}

function common({ passwordBlacklistPolicy }: Pool, password: string): string | undefined {
  const checked = passwordBlacklistPolicy?.checkCommon !== false
  return checked && COMMON.has(password.toLowerCase()) ? 'Password is too common' : undefined
}

import { createHash, createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A key that signs for one owner and one use. Its `kid` is the owner's own, although its material comes from a few shipped pairs. */
export interface SigningKey {
  kid: string
  private: KeyObject
  public: KeyObject
  /** Modulus and exponent, as a key set prints them. */
  n: string
  e: string
}

interface Pair extends Omit<SigningKey, 'kid'> {}

/**
 * The keys of one owner, a different pair for each of its uses, the same after every restart. Owners share pairs, so a signature
 * alone does not say whose a token is: the `kid` and the issuer do.
 */
export function signingKeys(owner: string, uses: readonly string[]): SigningKey[] {
  const known = derived.get(owner)
  if (known !== undefined && known.length === uses.length) return known
  const first = createHash('sha256').update(owner).digest().readUInt32BE()
  const keys = uses.map((use, index) => ({
    kid: createHash('sha256').update(`${owner}\n${use}`).digest('base64'),
    ...pair(first + index),
  }))
  if (derived.size >= MOST_KEPT) derived.clear()
  derived.set(owner, keys)
  return keys
}

/** Derived from their names alone, so that keeping them changes no answer. */
const derived = new Map<string, SigningKey[]>()
const MOST_KEPT = 1000
const pairs: (Pair | undefined)[] = []
let shipped: JsonWebKey[] | undefined

function pair(number: number): Pair {
  shipped ??= (JSON.parse(readFileSync(new URL('development-keys.json', import.meta.url), 'utf8')) as { keys: JsonWebKey[] }).keys
  const index = number % shipped.length
  let made = pairs[index]
  if (made === undefined) {
    const key = shipped[index] as JsonWebKey
    const secret = createPrivateKey({ key, format: 'jwk' })
    made = { private: secret, public: createPublicKey(secret), n: String(key.n), e: String(key.e) }
    pairs[index] = made
  }
  return made
}

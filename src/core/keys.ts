import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type JsonWebKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'

/** A key that signs for one owner and one use. Its `kid` is the owner's own, although its material comes from a few shipped pairs. */
export interface SigningKey {
  kid: string
  private: KeyObject
  public: KeyObject
  /** Modulus and exponent, as a key set prints them. */
  n: string
  e: string
}

interface Pair extends Omit<SigningKey, 'kid'> {
  /** As the file that it came in names it. */
  kid?: string | undefined
}

/** What keys are made of in one namespace. */
export interface Keyring {
  /** Private keys to make them of, in the place of the shipped ones. */
  material: readonly JsonWebKey[] | undefined
  /** How often they were replaced by new ones, and which of the earlier still verify. */
  turn: number
  kept: readonly number[]
}

const SHIPPED: Keyring = { material: undefined, turn: 0, kept: [] }

/**
 * The keys of one owner, a different pair for each of its uses, the same after every restart. Owners share pairs, so a signature
 * alone does not say whose a token is: the `kid` and the issuer do. Behind those in use come those that were replaced and still verify.
 */
export function signingKeys(owner: string, uses: readonly string[], { material, turn, kept }: Keyring = SHIPPED): SigningKey[] {
  const known = derived.get(material ?? SHIPPED)?.get(owner)
  if (known !== undefined && known.turn === turn && known.kept === kept.length && known.uses === uses.length) return known.keys
  const keys = [turn, ...kept].flatMap((number) => keysOfTurn(owner, uses, material, number))
  const own = derived.get(material ?? SHIPPED) ?? new Map()
  if (own.size >= MOST_KEPT) own.clear()
  own.set(owner, { turn, kept: kept.length, uses: uses.length, keys })
  derived.set(material ?? SHIPPED, own)
  return keys
}

/** As a key set lists them: none twice, although one may serve two uses. */
export function distinct(keys: readonly SigningKey[]): SigningKey[] {
  return [...new Map(keys.map((key) => [key.kid, key])).values()]
}

function keysOfTurn(owner: string, uses: readonly string[], material: Keyring['material'], turn: number): SigningKey[] {
  const first = createHash('sha256').update(owner).digest().readUInt32BE() + turn * uses.length
  return uses.map((use, index) => {
    const { kid, ...made } = pair(material ?? shippedKeys(), first + index)
    // Whoever keeps a key set by its kids must see that these are others.
    const others = [...(turn === 0 ? [] : [turn]), ...(material === undefined ? [] : [made.n])]
    return {
      kid:
        kid ??
        createHash('sha256')
          .update([owner, use, ...others].join('\n'))
          .digest('base64'),
      ...made,
    }
  })
}

/** Derived from names, turns and material alone, so that keeping them changes no answer. */
const derived = new WeakMap<object, Map<string, { turn: number; kept: number; uses: number; keys: SigningKey[] }>>()
const MOST_KEPT = 1000
const pairs = new WeakMap<JsonWebKey, Pair>()
let shipped: JsonWebKey[] | undefined

function shippedKeys(): readonly JsonWebKey[] {
  shipped ??= (JSON.parse(readFileSync(new URL('development-keys.json', import.meta.url), 'utf8')) as { keys: JsonWebKey[] }).keys
  return shipped
}

function pair(material: readonly JsonWebKey[], number: number): Pair {
  const key = material[number % material.length] as JsonWebKey & { kid?: string }
  let made = pairs.get(key)
  if (made === undefined) {
    const secret = createPrivateKey({ key, format: 'jwk' })
    made = {
      private: secret,
      public: createPublicKey(secret),
      n: String(key.n),
      e: String(key.e),
      ...(material === shipped ? {} : { kid: key.kid }),
    }
    pairs.set(key, made)
  }
  return made
}

/** The private RSA keys of a key set; undefined if there is something else in it, or nothing. */
export function keysIn(text: string): JsonWebKey[] | undefined {
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown }
    if (!Array.isArray(keys) || keys.length === 0) return undefined
    for (const key of keys as JsonWebKey[]) {
      if (key.kty !== 'RSA' || key.d === undefined) return undefined
      createPrivateKey({ key, format: 'jwk' })
    }
    return keys as JsonWebKey[]
  } catch {
    return undefined
  }
}

/** New ones, that nobody has ever seen: enough for two uses and the next turn. */
export async function freshKeys(): Promise<JsonWebKey[]> {
  const make = promisify(generateKeyPair)
  const made = await Promise.all([0, 1, 2, 3].map(() => make('rsa', { modulusLength: 2048 })))
  return made.map(({ privateKey }) => privateKey.export({ format: 'jwk' }))
}

import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'

/** What a test bends to see it refused. */
export interface Bent {
  origin?: string
  challenge?: string
  rp?: string
  type?: string
  /** Adds to what the counter would be. */
  counter?: number
  /** Flips a bit of the signature. */
  forged?: boolean
  /** Whether the authenticator says that it knows its user. */
  verified?: boolean
  algorithm?: number
}

interface CreationOptions {
  challenge: string
  rp: { id: string }
  user: { id: string }
}

interface RequestOptions {
  challenge: string
  rpId: string
}

const USER_PRESENT = 0x01
const USER_VERIFIED = 0x04
const ATTESTED = 0x40

/** An authenticator of a page at `origin`: one ES256 key pair, made and used as a browser would have it. */
export class Authenticator {
  readonly id = randomBytes(32)
  readonly #origin: string
  readonly #aaguid: Buffer
  readonly #private: KeyObject
  readonly #public: KeyObject
  #counter = 0

  constructor(origin: string, aaguid = '00000000-0000-0000-0000-000000000000') {
    this.#origin = origin
    this.#aaguid = Buffer.from(aaguid.replaceAll('-', ''), 'hex')
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#private = privateKey
    this.#public = publicKey
  }

  /** `navigator.credentials.create`, attestation included: the new key signs for itself. */
  create(options: CreationOptions, bent: Bent = {}): Record<string, unknown> {
    const clientDataJSON = this.#clientData('webauthn.create', options.challenge, bent)
    const { x = '', y = '' } = this.#public.export({ format: 'jwk' })
    const key = new Map<number, number | Buffer>([
      [1, 2],
      [3, bent.algorithm ?? -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ])
    const length = Buffer.alloc(2)
    length.writeUInt16BE(this.id.length)
    const authData = Buffer.concat([this.#authData(bent.rp ?? options.rp.id, ATTESTED, bent), this.#aaguid, length, this.id, cbor(key)])
    const sig = this.#sign(Buffer.concat([authData, sha256(clientDataJSON)]), bent)
    const attestation = new Map<string, unknown>([
      ['fmt', 'packed'],
      [
        'attStmt',
        new Map<string, unknown>([
          ['alg', -7],
          ['sig', sig],
        ]),
      ],
      ['authData', authData],
    ])
    return this.#credential({
      clientDataJSON: clientDataJSON.toString('base64url'),
      attestationObject: cbor(attestation).toString('base64url'),
      transports: ['internal'],
    })
  }

  /** `navigator.credentials.get` */
  get(options: RequestOptions, bent: Bent = {}): Record<string, unknown> {
    const clientDataJSON = this.#clientData('webauthn.get', options.challenge, bent)
    this.#counter += 1
    const authenticatorData = this.#authData(bent.rp ?? options.rpId, 0, bent)
    const signature = this.#sign(Buffer.concat([authenticatorData, sha256(clientDataJSON)]), bent)
    return this.#credential({
      clientDataJSON: clientDataJSON.toString('base64url'),
      authenticatorData: authenticatorData.toString('base64url'),
      signature: signature.toString('base64url'),
    })
  }

  #credential(response: Record<string, unknown>): Record<string, unknown> {
    const id = this.id.toString('base64url')
    return { id, rawId: id, type: 'public-key', authenticatorAttachment: 'platform', clientExtensionResults: {}, response }
  }

  #clientData(type: string, challenge: string, bent: Bent): Buffer {
    const data = {
      type: bent.type ?? type,
      challenge: bent.challenge ?? challenge,
      origin: bent.origin ?? this.#origin,
      crossOrigin: false,
    }
    return Buffer.from(JSON.stringify(data))
  }

  #authData(rp: string, flags: number, { counter = 0, verified = true }: Bent): Buffer {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(Math.max(0, this.#counter + counter))
    return Buffer.concat([sha256(Buffer.from(rp)), Buffer.from([flags | USER_PRESENT | (verified ? USER_VERIFIED : 0)]), count])
  }

  #sign(data: Buffer, { forged = false }: Bent): Buffer {
    const signature = createSign('sha256').update(data).sign(this.#private)
    if (forged) signature.writeUInt8(signature.readUInt8(signature.length - 1) ^ 1, signature.length - 1)
    return signature
  }
}

function sha256(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest()
}

/** As much of CBOR as authenticators write: whole numbers, bytes, texts, maps. */
function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Map) return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, item]) => [cbor(key), cbor(item)])])
  throw new Error(`no CBOR for ${typeof value}`)
}

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length])
  if (length < 256) return Buffer.from([(major << 5) | 24, length])
  return Buffer.from([(major << 5) | 25, length >> 8, length & 255])
}

import { createHash, createSign, type KeyObject } from 'node:crypto'

/** A self-signed RSA certificate (X.509 v3), as base64 of its DER, for those who publish their key that way. */
export function selfSigned(options: { key: { private: KeyObject; public: KeyObject }; name: string; from: number; to: number }): string {
  const algorithm = sequence(oid(SHA256_WITH_RSA), NULL)
  const name = sequence(set(sequence(oid(COMMON_NAME), tagged(0x0c, Buffer.from(options.name)))))
  const publicKey = options.key.public.export({ type: 'spki', format: 'der' })
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, serial(publicKey, options.from)),
    algorithm,
    name,
    sequence(time(options.from), time(options.to)),
    name,
    publicKey,
  )
  const signature = createSign('sha256').update(body).sign(options.key.private)
  return sequence(body, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature]))).toString('base64')
}

const SHA256_WITH_RSA = '2a864886f70d01010b'
const COMMON_NAME = '550403'
const NULL = Buffer.from([5, 0])

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content])
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'), 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes.length]), bytes, content])
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts))
}

function set(part: Buffer): Buffer {
  return tagged(0x31, part)
}

function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'))
}

/** UTCTime until 2049, GeneralizedTime from then on, as RFC 5280 wants it. */
function time(at: number): Buffer {
  const text = new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '')
  return at < Date.UTC(2050, 0, 1) ? tagged(0x17, Buffer.from(text.slice(2))) : tagged(0x18, Buffer.from(text))
}

/** A positive number that differs where the key or the moment does (RFC 5280, 4.1.2.2), and is the same after every restart. */
function serial(publicKey: Buffer, at: number): Buffer {
  const digest = createHash('sha256').update(publicKey).update(String(at)).digest()
  return Buffer.concat([Buffer.from([0x01]), digest.subarray(0, 15)])
}

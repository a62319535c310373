import { createHash } from 'node:crypto'

/** The 3072-bit group of RFC 3526 (number 15), g = 2: what amazon-cognito-identity-js computes with. */
export const N = BigInt(
  `0x${[
    'FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437',
    '4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05',
    '98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B',
    'E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33',
    'A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864',
    'D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF',
  ].join('')}`,
)
export const G = 2n

/** Hexadecimal of even length whose first bit is 0, as the client pads numbers before hashing. */
export function padHex(value: bigint | string): string {
  const hex = typeof value === 'bigint' ? value.toString(16) : value
  const even = hex.length % 2 === 1 ? `0${hex}` : hex
  return /^[89a-f]/i.test(even) ? `00${even}` : even
}

/** How a verifier is filed: a user's row then fits its page, which halves a large store. Those of devices and older ones are hexadecimal. */
export function packed(value: bigint): string {
  return `~${Buffer.from(padHex(value), 'hex').toString('base64')}`
}

export function unpacked(verifier: string): string {
  return verifier.startsWith('~') ? Buffer.from(verifier.slice(1), 'base64').toString('hex') : verifier
}

/** x = H(salt, H(poolName + userId + ":" + password)), all as the client does it (cognito-facts 122). */
export function privateKey(poolName: string, userId: string, password: string, salt: string): bigint {
  const inner = createHash('sha256').update(`${poolName}${userId}:${password}`).digest('hex')
  return BigInt(
    `0x${createHash('sha256')
      .update(Buffer.from(padHex(BigInt(`0x${salt}`)) + inner, 'hex'))
      .digest('hex')}`,
  )
}

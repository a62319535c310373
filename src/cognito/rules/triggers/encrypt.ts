import { createHash } from 'node:crypto'
import type { Answer } from '../../../core/namespace.ts'

/** A code for a custom sender, to be sealed in the envelope of the AWS Encryption SDK. */
export interface EncryptQuestion {
  plain: string
  pool: string
  /** The pool's KMSKeyID. */
  keyName: string
  /** 32 bytes in base64, or undefined for the one that follows from the name. */
  key: string | undefined
}

/** What stands for "KMS" in our envelopes. */
export const KEY_NAMESPACE = 'poolhouse'

/** The local key that stands for a KMS key: as configured, else one that follows from the key's name, so that handlers can make it too. */
export function localKey(keyName: string, configured: string | undefined): Buffer {
  return configured === undefined ? createHash('sha256').update(`${KEY_NAMESPACE}:${keyName}`).digest() : Buffer.from(configured, 'base64')
}

/** CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT: the policy's enum is in a package that only the SDK depends on. */
const WITHOUT_COMMITMENT = 'FORBID_ENCRYPT_ALLOW_DECRYPT' as Parameters<typeof import('@aws-crypto/encrypt-node').buildEncrypt>[0]

/**
 * The service's own envelope, by the SDK itself: its algorithm without key commitment, its encryption context. Only the data key is
 * wrapped by a raw AES key instead of KMS. Loaded at the first message.
 */
export const encryptAnswers: Record<string, Answer> = {
  'cognito.encrypt': async ({ plain, pool, keyName, key }: EncryptQuestion): Promise<string> => {
    const { buildEncrypt } = await import('@aws-crypto/encrypt-node')
    const { RawAesKeyringNode, RawAesWrappingSuiteIdentifier } = await import('@aws-crypto/raw-aes-keyring-node')
    const keyring = new RawAesKeyringNode({
      keyNamespace: KEY_NAMESPACE,
      keyName,
      // The SDK wants a key that does not share its memory with other buffers.
      unencryptedMasterKey: new Uint8Array(localKey(keyName, key)),
      wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
    })
    const { encrypt } = buildEncrypt(WITHOUT_COMMITMENT)
    const { result } = await encrypt(keyring, plain, { encryptionContext: { 'userpool-id': pool } })
    return result.toString('base64')
  },
}

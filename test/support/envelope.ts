import { createHash } from 'node:crypto'
import { buildDecrypt } from '@aws-crypto/decrypt-node'
import { RawAesKeyringNode, RawAesWrappingSuiteIdentifier } from '@aws-crypto/raw-aes-keyring-node'

/** The KMSKeyID of pools whose messages go to senders of their own. */
export const KEY = 'arn:aws:kms:us-east-1:123456789012:key/0d8f1a3c-0000-4000-8000-000000000000'

/** What a handler does with the code it gets. */
export async function decrypted(
  code: string,
  key: Buffer = createHash('sha256').update(`poolhouse:${KEY}`).digest(),
): Promise<{ plain: string; context: Record<string, string> }> {
  const keyring = new RawAesKeyringNode({
    keyNamespace: 'poolhouse',
    keyName: KEY,
    unencryptedMasterKey: new Uint8Array(key),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  })
  const { decrypt } = buildDecrypt('REQUIRE_ENCRYPT_ALLOW_DECRYPT' as Parameters<typeof buildDecrypt>[0])
  const { plaintext, messageHeader } = await decrypt(keyring, Buffer.from(code, 'base64'))
  return { plain: plaintext.toString(), context: messageHeader.encryptionContext }
}

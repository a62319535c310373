import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Call } from '../../../core/call.ts'
import { secrets } from '../../records.ts'

/** No secret is kept in clear: what must be handed on is kept encrypted until it is. */
export function sealed(call: Call, text: string): string {
  const nonce = call.random.bytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyOf(call), nonce)
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64')
}

export function opened(call: Call, secret: string): string {
  const bytes = Buffer.from(secret, 'base64')
  const cipher = createDecipheriv('aes-256-gcm', keyOf(call), bytes.subarray(0, 12))
  cipher.setAuthTag(bytes.subarray(-16))
  return Buffer.concat([cipher.update(bytes.subarray(12, -16)), cipher.final()]).toString('utf8')
}

/** Made at first use; by the name of what was sealed first. */
function keyOf(call: Call): Buffer {
  const kept = secrets.get(call, '', 'writeback')
  if (kept !== undefined) return Buffer.from(kept.secret, 'base64')
  const key = call.random.bytes(32)
  secrets.insert(call, '', 'writeback', { secret: key.toString('base64') })
  return key
}

import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Call } from '../../../core/call.ts'
import { keptKey } from '../kept-keys.ts'

/** By the name of what was sealed first. */
const KEY = 'writeback'

/** No secret is kept in clear: what must be handed on is kept encrypted until it is. */
export function sealed(call: Call, text: string): string {
  const nonce = call.random.bytes(12)
  const cipher = createCipheriv('aes-256-gcm', keptKey(call, KEY), nonce)
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64')
}

export function opened(call: Call, secret: string): string {
  const bytes = Buffer.from(secret, 'base64')
  const cipher = createDecipheriv('aes-256-gcm', keptKey(call, KEY), bytes.subarray(0, 12))
  cipher.setAuthTag(bytes.subarray(-16))
  return Buffer.concat([cipher.update(bytes.subarray(12, -16)), cipher.final()]).toString('utf8')
}

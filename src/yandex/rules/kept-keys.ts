import type { Call } from '../../core/call.ts'
import { secrets } from '../records.ts'

/** 32 bytes that are this world's alone, made when they are first asked for by that name. */
export function keptKey(call: Call, name: string): Buffer {
  const kept = secrets.get(call, '', name)
  if (kept !== undefined) return Buffer.from(kept.secret, 'base64')
  const key = call.random.bytes(32)
  secrets.insert(call, '', name, { secret: key.toString('base64') })
  return key
}

import { encodeBase64 } from 'bcryptjs'
import type { Call } from '../core/call.ts'
import type { Answer } from '../core/namespace.ts'
import type { Workers } from '../core/workers.ts'

/**
 * Passwords as bcrypt hashes. bcrypt reads 72 bytes only, so a longer password is first replaced by base64(SHA-384) of it.
 * Hashing and checking are asked for and done in a worker, never on the event loop.
 */
export function hashPassword(call: Call, password: string): string {
  const cost = String(call.settings.bcryptCost).padStart(2, '0')
  const salt = `$2b$${cost}$${encodeBase64([...call.random.bytes(16)], 16)}`
  return call.ask<string>('password.hash', { password, salt })
}

export function verifyPassword(call: Call, password: string, hash: string): boolean {
  return call.ask<boolean>('password.verify', { password, hash })
}

/** While a fixture is applied, one hash may serve all who share a password. */
export const sharedPasswords: Readonly<Record<string, (payload: never) => string>> = {
  'password.hash': ({ password }: { password: string }) => password,
  'password.verify': ({ password, hash }: { password: string; hash: string }) => `${hash} ${password}`,
}

export function passwordAnswers(workers: Workers): Record<string, Answer> {
  const module = new URL(import.meta.url.endsWith('.ts') ? './password-worker.ts' : './password-worker.js', import.meta.url)
  return {
    'password.hash': (payload) => workers.run(module, 'hash', payload),
    'password.verify': (payload) => workers.run(module, 'verify', payload),
  }
}

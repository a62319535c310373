import '../core/worker-manners.ts'
import { createHash } from 'node:crypto'
import bcrypt from 'bcryptjs'

/** Runs in a worker thread (core/workers.ts). */
export function hash({ password, salt }: { password: string; salt: string }): string {
  return bcrypt.hashSync(shorten(password), salt)
}

export function verify({ password, hash: expected }: { password: string; hash: string }): boolean {
  return bcrypt.compareSync(shorten(password), expected)
}

const BCRYPT_READS = 72

function shorten(password: string): string {
  return Buffer.byteLength(password) > BCRYPT_READS ? createHash('sha384').update(password).digest('base64') : password
}

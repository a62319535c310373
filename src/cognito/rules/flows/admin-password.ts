import { signInByPassword } from '../passwords/proof.ts'
import type { Flow } from './flow.ts'

/** The same by its name of today and the one before. */
export const adminPassword: Flow = {
  names: ['ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'],
  permission: 'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  off: 'Auth flow not enabled for this client',
  adminOnly: true,
  requires: ['USERNAME', 'PASSWORD'],
  start: signInByPassword,
}

import { signInByPassword } from '../passwords/proof.ts'
import type { Flow } from './flow.ts'

export const userPassword: Flow = {
  names: ['USER_PASSWORD_AUTH'],
  permission: 'ALLOW_USER_PASSWORD_AUTH',
  off: 'USER_PASSWORD_AUTH flow not enabled for this client',
  requires: ['USERNAME', 'PASSWORD'],
  start: signInByPassword,
}

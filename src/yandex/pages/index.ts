import type { Pages } from '../../oauth/index.ts'
import { addFactor, showFactor } from './factors.ts'
import { login } from './login.ts'
import { changePassword } from './password.ts'

/** (?) Where the pages are: nothing documents it. */
export const pages: Pages = {
  '/auth/login': login,
  '/auth/password': changePassword,
  '/auth/factor': showFactor,
  '/auth/factor/add': addFactor,
}

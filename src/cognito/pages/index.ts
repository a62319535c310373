import type { Pages } from '../../oauth/index.ts'
import { addPasskey } from './add-passkey.ts'
import { choose } from './choose.ts'
import { login } from './login.ts'
import { mfa } from './mfa.ts'
import { mfaSetup } from './mfa-setup.ts'
import { changePassword, confirmForgotPassword, forgotPassword } from './passwords.ts'
import { confirm, signUp } from './sign-up.ts'

/** Where the pages are (cognito-facts 195; (?) those of the steps after the password, which nobody links to). */
export const pages: Pages = {
  '/login': login,
  '/choose': choose,
  '/mfa': mfa,
  '/mfa/setup': mfaSetup,
  '/changePassword': changePassword,
  '/signup': signUp,
  '/confirm': confirm,
  '/forgotPassword': forgotPassword,
  '/confirmforgotPassword': confirmForgotPassword,
  '/passkeys/add': addPasskey,
}

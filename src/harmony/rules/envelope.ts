import type { HarmonyCall } from '../call.ts'

/**
 * A page of the documentation calls PostCognitoUserBody the request body itself, the handler's page wraps it in `user`. The bare form
 * is told by its `userPoolId`, taken for the wrapped one, and named in a header; contract mode `strict` refuses it.
 */
export function wrapUser(raw: Record<string, unknown>, call: HarmonyCall): { raw: Record<string, unknown>; strip: string } {
  const { provider = 'cognito-user', userId, ...user } = raw
  if (raw.user !== undefined || raw.userPoolId === undefined || provider !== 'cognito-user') return { raw, strip: '' }
  call.undocumented('user is required: the body itself was taken for it')
  return { raw: { provider, ...(userId === undefined ? {} : { userId }), user }, strip: 'user.' }
}

import { filled, integer, object, text, titled, word } from '../schema.ts'

/** GetTokenResponse; `id_token` comes only with a user (ours, see rules/cross-app.ts). */
export const tokenAnswer = titled(
  'GetTokenResponse',
  object(
    { access_token: filled, refresh_token: filled, token_type: word('Bearer'), expires_in: integer(0, 86_400), provider: text },
    { id_token: filled },
  ),
)

import { distinct } from '../../core/keys.ts'
import { operation } from '../operation.ts'
import { keys } from '../rules/tokens.ts'
import { list, object, text, word } from '../schema.ts'

/** Where Harmony publishes its keys is not documented: the usual place, below the issuer that its tokens name. */
export default operation(
  {
    name: 'getKeys',
    route: 'GET /.well-known/jwks.json',
    summary: 'The keys that verify tokens of POST /auth/token (of the emulator, not of Harmony)',
    own: true,
    open: true,
    answers: { 200: object({ keys: list(object({ kty: text, alg: text, use: word('sig'), kid: text, n: text, e: text })) }) },
    errors: [500],
  },
  (_input, call) => ({ keys: distinct(keys(call)).map(({ kid, n, e }) => ({ kty: 'RSA', alg: 'RS256', use: 'sig' as const, kid, n, e })) }),
)

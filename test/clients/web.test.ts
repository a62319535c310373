import jwt, { type JwtHeader, type JwtPayload } from 'jsonwebtoken'
import jwksClient from 'jwks-rsa'
import { generators, Issuer } from 'openid-client-5'
import { type Test, test } from 'tap'
import { type Poolhouse, start } from '../../src/index.ts'
import { Browser, overNetwork } from '../support/browser.ts'

/** Libraries by which web applications and services meet Cognito: their code as their documentation has it, the demo world behind it. */

const POOL = 'us-east-1_PoolDemo1'
const CLIENT = '1demo0client0000000000000w'
const CALLBACK = 'http://localhost:3000/callback'

async function begin(t: Test): Promise<{ idp: Poolhouse; issuer: string }> {
  const idp = await start({ strict: true })
  t.teardown(() => idp.close())
  return { idp, issuer: `${idp.url}/${POOL}` }
}

/** What a person does in the browser, until the application is called back. */
async function signIn(idp: Poolhouse, url: string): Promise<URL> {
  const browser = new Browser(overNetwork, idp.url)
  await browser.go(url)
  const { away } = await browser.submit('login', { username: 'alice', password: 'Demo-Passw0rd' })
  return away as URL
}

test('openid-client 5, which next-auth 4 stands on', async (t) => {
  const { idp, issuer } = await begin(t)
  const { Client } = await Issuer.discover(issuer)
  const app = new Client({ client_id: CLIENT, redirect_uris: [CALLBACK], response_types: ['code'], token_endpoint_auth_method: 'none' })
  const [code_verifier, state, nonce] = [generators.codeVerifier(), generators.state(), generators.nonce()]
  const asked = { scope: 'openid email', code_challenge: generators.codeChallenge(code_verifier), code_challenge_method: 'S256' }
  const back = await signIn(idp, app.authorizationUrl({ ...asked, state, nonce }))
  const tokens = await app.callback(CALLBACK, app.callbackParams(back.href), { code_verifier, state, nonce })
  t.match(tokens.claims(), { email: 'alice@example.com', aud: CLIENT, iss: issuer })
  t.match(await app.userinfo(tokens), { email: 'alice@example.com', username: 'alice' })
  t.equal((await app.refresh(tokens)).claims().sub, tokens.claims().sub)
  await app.revoke(tokens.refresh_token as string)
  await t.rejects(app.refresh(tokens), { name: 'OPError', message: 'invalid_grant' })
  const again = app.callback(CALLBACK, app.callbackParams(back.href), { code_verifier, state, nonce })
  await t.rejects(again, { name: 'OPError', message: 'invalid_grant' })
})

test('jsonwebtoken with keys by jwks-rsa', async (t) => {
  const { idp, issuer } = await begin(t)
  const keys = jwksClient({ jwksUri: `${issuer}/.well-known/jwks.json`, cache: true, rateLimit: true })
  const verify = (token: string, audience = CLIENT) =>
    new Promise<JwtPayload>((resolve, reject) => {
      const keyOf = ({ kid }: JwtHeader, done: (error: Error | null, key?: string) => void) => {
        keys.getSigningKey(kid).then((key) => done(null, key.getPublicKey()), done)
      }
      jwt.verify(token, keyOf, { issuer, audience, algorithms: ['RS256'] }, (error, claims) =>
        error === null ? resolve(claims as JwtPayload) : reject(error),
      )
    })
  const mint = async () => (await idp.tokens.mint({ user: 'alice', client: 'web' })).idToken
  const token = await mint()
  t.match(await verify(token), { email: 'alice@example.com', 'cognito:username': 'alice' })
  await t.rejects(verify(token, 'another'), { name: 'JsonWebTokenError', message: 'jwt audience invalid. expected: another' })
  const [head, , signature] = token.split('.')
  const forged = Buffer.from(JSON.stringify({ ...(jwt.decode(token) as object), email: 'eve@example.com' })).toString('base64url')
  await t.rejects(verify(`${head}.${forged}.${signature}`), { name: 'JsonWebTokenError', message: 'invalid signature' })
  idp.rotateKeys()
  t.match(await verify(await mint()), { email: 'alice@example.com' }, 'a new key is fetched')
  t.match(await verify(token), { email: 'alice@example.com' }, 'what the old one signed still holds')
})

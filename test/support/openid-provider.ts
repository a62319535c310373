import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import type { Test } from 'tap'

/** A provider of OpenID Connect somewhere else, which says what the test wants it to. */
export interface OpenidProvider {
  url: string
  /** What it was asked, in order: path and form. */
  asked: { path: string; method: string; form: Record<string, string>; authorization: string | undefined }[]
  /** What the next ID token says beside or instead of `iss`, `aud`, `iat`, `exp`. */
  claims: JWTPayload
  userInfo: Record<string, unknown>
  userInfoStatus: number
  /** What the token endpoint answers instead. */
  answer: { status: number; body: string; headers?: Record<string, string> } | undefined
  /** Signed by a key that it does not publish, or not at all. */
  signing: 'right' | 'wrong' | 'none' | 'secret'
  /** What it says of the key, if anything. */
  kid: string | undefined
  /** By which tokens are signed then. */
  secret: string
  algorithm: 'HS256' | 'HS512'
}

export async function openidProvider(t: Pick<Test, 'teardown'>, audience: string): Promise<OpenidProvider> {
  const [right, wrong] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')])
  const jwk = { ...(await exportJWK(right.publicKey)), kid: 'key-1', alg: 'ES256' }
  const provider: OpenidProvider = {
    url: '',
    asked: [],
    claims: {},
    userInfo: {},
    userInfoStatus: 200,
    answer: undefined,
    signing: 'right',
    kid: 'key-1',
    secret: '',
    algorithm: 'HS256',
  }
  const token = async () => {
    const iat = Math.floor(Date.now() / 1000)
    const claims = { iss: provider.url, aud: audience, iat, exp: iat + 60, ...provider.claims }
    if (provider.signing === 'none') return new UnsecuredJWT(claims).encode()
    if (provider.signing === 'secret') {
      // By hand: an empty key is none for any library.
      const parts = [{ alg: provider.algorithm }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      const hash = provider.algorithm.replace('HS', 'sha')
      return [...parts, createHmac(hash, provider.secret).update(parts.join('.')).digest('base64url')].join('.')
    }
    const key: CryptoKey = provider.signing === 'right' ? right.privateKey : wrong.privateKey
    return await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', ...(provider.kid === undefined ? {} : { kid: provider.kid }) })
      .sign(key)
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const path = request.url ?? ''
      const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()))
      provider.asked.push({ path, method: request.method ?? '', form, authorization: request.headers.authorization })
      const json = (body: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
      if (path === '/.well-known/openid-configuration') {
        const { url } = provider
        const endpoints = { authorization_endpoint: `${url}/authorize`, token_endpoint: `${url}/token`, userinfo_endpoint: `${url}/me` }
        return json({ issuer: url, jwks_uri: `${url}/keys`, ...endpoints })
      }
      if (path === '/keys') return json({ keys: [jwk] })
      if (path.split('?')[0] === '/me') {
        response.statusCode = provider.userInfoStatus
        return json(provider.userInfo)
      }
      if (path.split('?')[0] !== '/token') return response.writeHead(404).end()
      const { answer } = provider
      if (answer !== undefined) return response.writeHead(answer.status, answer.headers).end(answer.body)
      return json({ access_token: 'access', token_type: 'Bearer', expires_in: 60, id_token: await token() })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => new Promise((resolve) => server.close(resolve)))
  provider.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return provider
}

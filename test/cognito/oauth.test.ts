import { createHash } from 'node:crypto'
import { test } from 'tap'
import { emulator } from '../support/emulator.ts'
import { makeUser, makeWorld, PASSWORD } from '../support/sign-in.ts'

test('smoke', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(
    idp,
    {},
    {
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'email'],
      CallbackURLs: ['https://app.example/cb'],
      SupportedIdentityProviders: ['COGNITO'],
    },
  )
  await makeUser(idp, world, 'ada', { email: 'ada@example.com', email_verified: 'true' })
  const challenge = createHash('sha256').update('v'.repeat(43)).digest('base64url')
  const query = new URLSearchParams({
    client_id: world.client,
    response_type: 'code',
    redirect_uri: 'https://app.example/cb',
    state: 's',
    nonce: 'n',
    scope: 'openid email',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }).toString()
  const first = await idp.request('GET', `/oauth2/authorize?${query}`)
  t.comment(first.status, first.headers.location)
  const page = await idp.request('GET', `/login?${query}`)
  t.comment(page.status, page.headers, page.body)
  const csrf = /XSRF-TOKEN=([^;]+)/.exec(String(page.headers['set-cookie']))?.[1]
  const posted = await idp.request(
    'POST',
    `/login?${query}`,
    new URLSearchParams({ _csrf: csrf as string, username: 'ada', password: PASSWORD }).toString(),
    { 'content-type': 'application/x-www-form-urlencoded', cookie: `XSRF-TOKEN=${csrf}` },
  )
  t.comment(posted.status, posted.headers, posted.body)
  const code = new URL(String(posted.headers.location)).searchParams.get('code') as string
  const tokens = await idp.request(
    'POST',
    '/oauth2/token',
    new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: world.client,
      code,
      redirect_uri: 'https://app.example/cb',
      code_verifier: 'v'.repeat(43),
    }).toString(),
    { 'content-type': 'application/x-www-form-urlencoded' },
  )
  t.comment(tokens.status, tokens.headers, tokens.body)
})

import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as oidc from 'openid-client'
import { type Test, test } from 'tap'
import { Browser, overNetwork } from '../support/browser.ts'
import { only } from '../support/only.ts'
import { target } from '../support/target.ts'
import { ORGANIZATION } from '../support/yandex.ts'

const CALLBACK = 'http://localhost:3000/callback'
const IDP = '/organization-manager/v1/idp'

async function setUp(t: Test, profileId: 'web' | 'user-agent') {
  const url = await target(t)
  const headers = { 'content-type': 'application/json' }
  const done = async (method: string, path: string, body: object) => {
    const answer = await fetch(url + path, { method, headers, body: JSON.stringify(body) })
    const operation = (await answer.json()) as { done: boolean; response: Record<string, string> }
    if (!operation.done) throw new Error(JSON.stringify(operation))
    return operation.response
  }
  const unique = Date.now().toString(36)
  const pool = await done('POST', `${IDP}/userpools`, {
    organizationId: ORGANIZATION,
    name: `journey-${unique}`,
    defaultSubdomain: `journey-${unique}`,
  })
  const username = `ada@journey-${unique}.idp.yandexcloud.net`
  const user = await done('POST', `${IDP}/users`, {
    userpoolId: pool.id,
    username,
    fullName: 'Ada Lovelace',
    email: 'ada@example.com',
    passwordSpec: { password: 'Random195!-abc' },
  })
  const client = await done('POST', '/iam/v1/oauthClients', {
    name: `wiki-${unique}`,
    folderId: 'b1gfolder',
    profileId,
    redirectUris: [CALLBACK],
    postLogoutRedirectUris: [CALLBACK],
    scopes: ['openid', 'profile', 'email', 'groups'],
    pkceRequired: true,
  })
  const oauthClientId = client.id as string
  const secret = profileId === 'user-agent' ? undefined : (await done('POST', '/iam/v1/oauthClientSecrets', { oauthClientId })).secretValue
  const application = await done('POST', `${IDP}/application/oauth/applications`, {
    organizationId: ORGANIZATION,
    name: `wiki-${unique}`,
    clientGrant: { clientId: oauthClientId, authorizedScopes: ['openid', 'profile', 'email', 'groups'] },
    groupClaimsSettings: { groupDistributionType: 'ALL_GROUPS' },
  })
  await done('PATCH', `${IDP}/application/oauth/applications/${application.id}:updateAssignments`, {
    assignmentDeltas: [{ action: 'ADD', assignment: { subjectId: user.id } }],
  })
  const config = await oidc.discovery(new URL(url), oauthClientId, secret, secret === undefined ? oidc.None() : undefined, {
    execute: [oidc.allowInsecureRequests],
  })
  return { url, config, username, user: user.id as string, client: oauthClientId }
}

async function errorOf(request: Promise<unknown>): Promise<string | undefined> {
  return await request.then(
    () => undefined,
    (error: { error?: string }) => error.error,
  )
}

for (const profile of ['web', 'user-agent'] as const) {
  test(`a ${profile} application of Identity Hub with openid-client`, async (t) => {
    const { url, config, username, user, client } = await setUp(t, profile)
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
    const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()]
    const asking = {
      redirect_uri: CALLBACK,
      scope: 'openid profile email groups',
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      nonce: expectedNonce,
    }
    const browser = new Browser(overNetwork, url)
    await browser.go(oidc.buildAuthorizationUrl(config, asking).href)
    await browser.submit('login', { username, password: 'Random195!-abc' })
    const { away } = await browser.submit('change-password', { password: 'Chosen-4711-pw', confirm_password: 'Chosen-4711-pw' })
    const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true }
    const tokens = await oidc.authorizationCodeGrant(config, away as URL, checks)
    t.match(tokens.claims(), {
      sub: user,
      preferred_username: username,
      name: 'Ada Lovelace',
      email: 'ada@example.com',
      groups: only(),
    })
    const keys = createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri as string))
    const { payload } = await jwtVerify(tokens.id_token as string, keys, { issuer: config.serverMetadata().issuer, audience: client })
    t.equal(payload.sub, user)

    t.match(await oidc.fetchUserInfo(config, tokens.access_token, user), { preferred_username: username, groups: only() })
    const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token as string)
    t.equal(refreshed.claims()?.sub, user)

    const silent = await browser.go(oidc.buildAuthorizationUrl(config, { ...asking, prompt: 'none' }).href)
    t.ok(silent.away?.searchParams.get('code'))
    await t.rejects(oidc.authorizationCodeGrant(config, silent.away as URL, { ...checks, expectedState: 'another' }), {
      cause: { message: 'unexpected "state" response parameter value' },
    })

    await oidc.tokenRevocation(config, tokens.refresh_token as string)
    t.equal(await errorOf(oidc.refreshTokenGrant(config, tokens.refresh_token as string)), 'invalid_grant')
    await t.rejects(oidc.fetchUserInfo(config, refreshed.access_token, user), { status: 401, cause: [{ scheme: 'bearer' }] })

    const { end_session_endpoint: endSession, grant_types_supported: grants, ...others } = config.serverMetadata()
    t.equal(endSession, `${url}/oauth/logout`)
    const leaving = oidc.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token as string,
      post_logout_redirect_uri: CALLBACK,
      state: expectedState,
    })
    t.equal((await browser.go(leaving.href)).away?.href, `${CALLBACK}?state=${expectedState}`)
    const asked = await browser.go(oidc.buildAuthorizationUrl(config, { ...asking, prompt: 'none' }).href)
    t.equal(asked.away?.searchParams.get('error'), 'login_required')

    // The service's guides know the code flow and nothing else: no tokens for clients themselves, no introspection.
    t.same(grants, ['authorization_code', 'refresh_token'])
    t.notOk('introspection_endpoint' in others)
    t.equal((await fetch(`${url}/oauth/introspect`, { method: 'POST' })).status, 404)
    const refused = await oidc.clientCredentialsGrant(config, {}).catch((error) => error)
    t.match(refused, { error: 'unsupported_grant_type', error_description: 'There is no grant client_credentials here.', status: 400 })
  })
}

import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import * as oidc from 'openid-client'
import { type Test, test } from 'tap'
import { Browser, overNetwork } from '../support/browser.ts'
import { awsClient, target } from '../support/target.ts'

const CALLBACK = 'http://localhost:3000/callback'
const BYE = 'http://localhost:3000/bye'
const PASSWORD = 'Secret-12'

async function setUp(t: Test) {
  const url = await target(t)
  const aws = new CognitoIdentityProviderClient(awsClient(url))
  t.teardown(() => aws.destroy())
  const { UserPool } = await aws.send(new CreateUserPoolCommand({ PoolName: 'journey' }))
  const UserPoolId = UserPool?.Id as string
  const ids = { UserPoolId, Username: 'ada' }
  const UserAttributes = [
    { Name: 'email', Value: 'ada@example.com' },
    { Name: 'email_verified', Value: 'true' },
  ]
  await aws.send(new AdminCreateUserCommand({ ...ids, MessageAction: 'SUPPRESS', UserAttributes }))
  await aws.send(new AdminSetUserPasswordCommand({ ...ids, Password: PASSWORD, Permanent: true }))

  const makeClient = async (input: Partial<CreateUserPoolClientCommandInput>) => {
    const made = await aws.send(
      new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'app', AllowedOAuthFlowsUserPoolClient: true, ...input }),
    )
    return made.UserPoolClient
  }
  const configure = (id: string, secret?: string) =>
    oidc.discovery(new URL(`${url}/${UserPoolId}`), id, secret, secret === undefined ? oidc.None() : undefined, {
      execute: [oidc.allowInsecureRequests],
    })
  return { url, aws, UserPoolId, makeClient, configure }
}

/** Whatever a person would do in a browser, until it is led back to the application. */
async function signIn(url: string, to: URL): Promise<{ browser: Browser; back: URL }> {
  const browser = new Browser(overNetwork, url)
  await browser.go(to.href)
  const { away } = await browser.submit('login', { username: 'ada', password: PASSWORD })
  return { browser, back: away as URL }
}

/** The error of a refused request, in the words of the protocol. */
async function errorOf(request: Promise<unknown>): Promise<string | undefined> {
  return await request.then(
    () => undefined,
    (error: { error?: string }) => error.error,
  )
}

for (const secret of [false, true]) {
  test(`a ${secret ? 'server' : 'single-page'} app with openid-client`, async (t) => {
    const { url, makeClient, configure } = await setUp(t)
    const made = await makeClient({
      GenerateSecret: secret,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'email'],
      CallbackURLs: [CALLBACK],
      LogoutURLs: [BYE],
    })
    const id = made?.ClientId as string
    const config = await configure(id, made?.ClientSecret)

    const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
    const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()]
    const to = oidc.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: 'openid email',
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      nonce: expectedNonce,
    })
    const { browser, back } = await signIn(url, to)
    const tokens = await oidc.authorizationCodeGrant(config, back, {
      pkceCodeVerifier,
      expectedState,
      expectedNonce,
      idTokenExpected: true,
    })
    const claims = tokens.claims()
    t.match(claims, { email: 'ada@example.com', email_verified: true, 'cognito:username': 'ada' })

    const info = await oidc.fetchUserInfo(config, tokens.access_token, claims?.sub as string)
    t.match(info, { email: 'ada@example.com', username: 'ada' })

    const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token as string)
    t.equal(refreshed.claims()?.sub, claims?.sub)

    await oidc.tokenRevocation(config, tokens.refresh_token as string)
    t.equal(await errorOf(oidc.refreshTokenGrant(config, tokens.refresh_token as string)), 'invalid_grant')

    const silent = await browser.go(oidc.buildAuthorizationUrl(config, { redirect_uri: CALLBACK, scope: 'openid', prompt: 'none' }).href)
    t.ok(silent.away?.searchParams.get('code'))
    const end = oidc.buildEndSessionUrl(config, { logout_uri: BYE })
    t.equal((await browser.go(end.href)).away?.href, BYE)
    const after = await browser.go(oidc.buildAuthorizationUrl(config, { redirect_uri: CALLBACK, scope: 'openid', prompt: 'none' }).href)
    t.equal(after.away?.searchParams.get('error'), 'login_required')
  })
}

test('a machine with openid-client', async (t) => {
  const { aws, UserPoolId, makeClient, configure } = await setUp(t)
  const Scopes = [{ ScopeName: 'read', ScopeDescription: 'reading' }]
  await aws.send(new CreateResourceServerCommand({ UserPoolId, Identifier: 'https://api.example', Name: 'api', Scopes }))
  const made = await makeClient({
    GenerateSecret: true,
    AllowedOAuthFlows: ['client_credentials'],
    AllowedOAuthScopes: ['https://api.example/read'],
  })
  const config = await configure(made?.ClientId as string, made?.ClientSecret)
  const tokens = await oidc.clientCredentialsGrant(config, { scope: 'https://api.example/read' })
  t.match(tokens, { token_type: 'bearer', expires_in: 3600 })
  t.notOk(tokens.id_token)
  t.equal(await errorOf(oidc.clientCredentialsGrant(config, { scope: 'openid' })), 'invalid_scope')
})

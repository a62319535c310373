import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminLinkProviderForUserCommand,
  CognitoIdentityProviderClient,
  CreateIdentityProviderCommand,
  type CreateIdentityProviderCommandInput,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { type Profile, SAML, ValidateInResponseTo } from '@node-saml/node-saml'
import * as oidc from 'openid-client'
import { type Test, test } from 'tap'
import { start } from '../../src/index.ts'
import { Browser, overNetwork } from '../support/browser.ts'
import { arn, recorder } from '../support/functions.ts'
import { only } from '../support/only.ts'
import { json } from '../support/server.ts'
import { target as anyTarget, awsClient } from '../support/target.ts'

const CALLBACK = 'http://localhost:3000/callback'

/** By a name to which the service lets applications lead without TLS. */
const target = async (t: Test) => (await anyTarget(t)).replace('//127.0.0.1', '//localhost')

interface App {
  url: string
  aws: CognitoIdentityProviderClient
  pool: string
  client: string
  /** With openid-client, as a relying party would, and a browser with forms only. */
  signIn(provider: string, act: (browser: Browser) => Promise<URL | undefined>): Promise<oidc.IDToken>
}

/** An application of a pool whose people come in through these providers. */
async function application(
  t: Test,
  url: string,
  providers: Omit<CreateIdentityProviderCommandInput, 'UserPoolId'>[],
  pool: Partial<CreateUserPoolCommandInput> = {},
): Promise<App> {
  const aws = new CognitoIdentityProviderClient(awsClient(url))
  t.teardown(() => aws.destroy())
  const { UserPool } = await aws.send(new CreateUserPoolCommand({ PoolName: 'people', ...pool }))
  const UserPoolId = UserPool?.Id as string
  for (const provider of providers) await aws.send(new CreateIdentityProviderCommand({ UserPoolId, ...provider }))
  const { UserPoolClient } = await aws.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'app',
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'email', 'profile'],
      CallbackURLs: [CALLBACK],
      SupportedIdentityProviders: ['COGNITO', ...providers.map(({ ProviderName }) => ProviderName as string)],
    }),
  )
  const client = UserPoolClient?.ClientId as string
  const config = await oidc.discovery(new URL(`${url}/${UserPoolId}`), client, undefined, oidc.None(), {
    execute: [oidc.allowInsecureRequests],
  })
  const signIn: App['signIn'] = async (identity_provider, act) => {
    const [verifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()]
    const to = oidc.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: 'openid email profile',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      identity_provider,
      state,
      nonce,
    })
    const browser = new Browser(overNetwork, new URL(url).origin)
    await browser.go(to.href)
    const back = (await act(browser)) as URL
    const tokens = await oidc.authorizationCodeGrant(config, back, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
    })
    return tokens.claims() as oidc.IDToken
  }
  return { url, aws, pool: UserPoolId, client, signIn }
}

const GOOGLE = {
  ProviderName: 'Google',
  ProviderType: 'Google' as const,
  ProviderDetails: { client_id: 'google-id', client_secret: 'google-secret', authorize_scopes: 'openid email profile' },
  AttributeMapping: { email: 'email', email_verified: 'email_verified', name: 'name' },
}
const SOMEBODY = { id: '1042', 'claim.email': 'ada@example.com', 'claim.email_verified': 'true', 'claim.name': 'Ada' }

test('Google that is not there: one is anybody', async (t) => {
  const app = await application(t, await target(t), [GOOGLE])
  const first = await app.signIn('Google', async (browser) => (await browser.submit('anybody', SOMEBODY)).away)
  t.match(first, { email: 'ada@example.com', email_verified: true, name: 'Ada', 'cognito:username': 'Google_1042' })
  const again = await app.signIn('Google', async (browser) => (await browser.submit('person-1042')).away)
  t.equal(again.sub, first.sub)
})

test('a pool of another namespace as the OIDC provider of this one', async (t) => {
  const url = await target(t)
  const there = `${url}/~there`
  const upstream = await application(t, there, [GOOGLE])
  const { UserPoolClient } = await upstream.aws.send(
    new CreateUserPoolClientCommand({
      UserPoolId: upstream.pool,
      ClientName: 'the other pool',
      GenerateSecret: true,
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'email', 'profile'],
      CallbackURLs: [`${url}/oauth2/idpresponse`],
      SupportedIdentityProviders: ['COGNITO'],
    }),
  )
  await upstream.aws.send(
    new AdminCreateUserCommand({
      UserPoolId: upstream.pool,
      Username: 'grace',
      TemporaryPassword: 'Secret-12',
      MessageAction: 'SUPPRESS',
      UserAttributes: [
        { Name: 'email', Value: 'grace@example.com' },
        { Name: 'name', Value: 'Grace' },
      ],
    }),
  )
  const { ClientId = '', ClientSecret = '' } = UserPoolClient ?? {}
  const app = await application(t, url, [
    {
      ProviderName: 'There',
      ProviderType: 'OIDC',
      ProviderDetails: {
        client_id: ClientId,
        client_secret: ClientSecret,
        authorize_scopes: 'openid email profile',
        attributes_request_method: 'GET',
        oidc_issuer: `${there}/${upstream.pool}`,
      },
      AttributeMapping: { email: 'email', name: 'name' },
    },
  ])
  const token = await app.signIn('There', async (browser) => {
    await browser.submit('login', { username: 'grace', password: 'Secret-12' })
    return (await browser.submit('change-password', { password: 'Secret-123', confirm_password: 'Secret-123' })).away
  })
  const { UserAttributes } = await upstream.aws.send(new AdminGetUserCommand({ UserPoolId: upstream.pool, Username: 'grace' }))
  const sub = UserAttributes?.find(({ Name }) => Name === 'sub')?.Value
  t.match(token, { email: 'grace@example.com', name: 'Grace', 'cognito:username': `There_${sub}`, iss: `${url}/${app.pool}` })
})

test('linking, and a function that refuses', async (t) => {
  const url = await target(t)
  const functions = await recorder(t)
  await json(`${url}/_/cognito/functions`, 'PUT', { arn: arn('pre-sign-up'), target: functions.url })
  const app = await application(t, url, [GOOGLE], { LambdaConfig: { PreSignUp: arn('pre-sign-up') } })
  functions.answers.PreSignUp_ExternalProvider = () => new Error('By invitation only')
  const refused = app.signIn('Google', async (browser) => (await browser.submit('anybody', SOMEBODY)).away)
  const told = await refused.catch((error: { error?: string; error_description?: string }) => error)
  t.match(told, { error: 'invalid_request', error_description: 'PreSignUp failed with error By invitation only. ' })
  await app.aws.send(new AdminCreateUserCommand({ UserPoolId: app.pool, Username: 'ada', MessageAction: 'SUPPRESS' }))
  await app.aws.send(
    new AdminLinkProviderForUserCommand({
      UserPoolId: app.pool,
      DestinationUser: { ProviderName: 'Cognito', ProviderAttributeValue: 'ada' },
      SourceUser: { ProviderName: 'Google', ProviderAttributeName: 'Cognito_Subject', ProviderAttributeValue: '1042' },
    }),
  )
  const token = await app.signIn('Google', async (browser) => (await browser.submit('person-1042')).away)
  t.match(token, { 'cognito:username': 'ada', identities: only({ providerName: 'Google', userId: '1042' }) })
})

test('the built-in SAML identity provider, for a service provider of node-saml', async (t) => {
  const url = await target(t)
  const app = await application(t, url, [
    {
      ProviderName: 'Corp',
      ProviderType: 'SAML',
      ProviderDetails: { MetadataURL: 'https://upstream.localhost/corp' },
      AttributeMapping: { email: 'mail' },
    },
  ])
  const base = `${url}/_/upstream/${app.pool}/Corp`
  const metadata = await (await fetch(`${base}/metadata`)).text()
  const [, certificate = ''] = /<ds:X509Certificate>([^<]*)</.exec(metadata) ?? []
  const [, entity = ''] = /entityID="([^"]*)"/.exec(metadata) ?? []
  t.equal(entity, 'https://upstream.localhost/corp')
  const provider = new SAML({
    entryPoint: `${base}/saml`,
    issuer: `urn:amazon:cognito:sp:${app.pool}`,
    idpCert: certificate,
    idpIssuer: entity,
    callbackUrl: `${url}/saml2/idpresponse`,
    audience: `urn:amazon:cognito:sp:${app.pool}`,
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: true,
    validateInResponseTo: ValidateInResponseTo.always,
  })
  const browser = new Browser(overNetwork, url)
  await browser.go(await provider.getAuthorizeUrlAsync('relay-1', undefined, {}))
  const { text } = await browser.submit('anybody', { id: 'N-1', 'claim.mail': 'n1@corp.example' })
  const hidden = Object.fromEntries(
    [...text.matchAll(/name="(SAMLResponse|RelayState)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  )
  t.equal(hidden.RelayState, 'relay-1')
  const { profile } = await provider.validatePostResponseAsync({ SAMLResponse: hidden.SAMLResponse ?? '' })
  t.match(profile as Profile, { nameID: 'N-1', issuer: entity, attributes: { mail: 'n1@corp.example' } })

  // And through the pool itself, which is the service provider then.
  const token = await app.signIn('Corp', async (seen) => {
    await seen.submit('person-N-1')
    return (await seen.submit('answer')).away
  })
  t.match(token, { 'cognito:username': 'Corp_N-1', email: 'n1@corp.example' })
})

test('the fixture of the documentation: people who are known already', async (t) => {
  const fixtures = new URL('../../fixtures/federation.yaml', import.meta.url).pathname
  const idp = await start({ fixtures, rooms: { cognito: { instantSignIn: true } } })
  t.teardown(() => idp.close())
  const query = (provider: string, more: Record<string, string> = {}) =>
    new URLSearchParams({
      client_id: '1federated0client00000000w',
      response_type: 'code',
      redirect_uri: CALLBACK,
      identity_provider: provider,
      ...more,
    })
  const browser = new Browser(overNetwork, idp.url)
  const { away } = await browser.go(`${idp.url}/oauth2/authorize?${query('Google', { login_hint: 'ada@example.com' })}`)
  t.ok(away?.searchParams.get('code'))
  const other = new Browser(overNetwork, idp.url)
  await other.go(`${idp.url}/oauth2/authorize?${query('Corp')}`)
  await other.submit('person-E-17')
  t.ok((await other.submit('answer')).away?.searchParams.get('code'))
})

import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { test } from 'tap'
import { emulator, type TestEmulator } from '../support/emulator.ts'
import { browser, CALLBACK, post, VERIFIER } from '../support/oauth.ts'
import { askingFor, CHOSEN, makeYandexWorld } from '../support/yandex-oauth.ts'

/** How an emulator is addressed, and who its tokens are to be from. */
interface Form {
  title: string
  host: string
  publicUrl?: string
  rooms?: Record<string, Record<string, unknown>>
  /** Where endpoints are said to lie, without the namespace. */
  base: string
  /** The issuers in life, which name no namespace. */
  service?: { cognito: RegExp; yandex: string }
}

const FORMS: Form[] = [
  { title: 'the host of the request', host: 'idp.test:7000', base: 'http://idp.test:7000' },
  { title: 'a public URL', host: '127.0.0.1:7665', publicUrl: 'https://idp.example', base: 'https://idp.example' },
  {
    title: "the vendor's own",
    host: 'localhost:80',
    base: 'http://localhost:80',
    rooms: { cognito: { issuer: 'aws' }, yandex: { issuer: 'yandex' } },
    service: { cognito: /^https:\/\/cognito-idp\.us-east-1\.amazonaws\.com$/, yandex: 'https://auth.yandex.cloud' },
  },
]

interface Configuration extends Record<string, unknown> {
  issuer: string
  jwks_uri: string
}

/** The emulator as it is reached at that host in that namespace. */
function at(idp: TestEmulator, host: string, prefix: string): TestEmulator {
  const request: TestEmulator['request'] = (method, url, body, headers) => idp.request(method, prefix + url, body, { host, ...headers })
  return { ...idp, request }
}

/** Whether the configuration's key set signed the token, and the token names the configuration's issuer. */
async function agrees(
  idp: TestEmulator,
  { host, base }: Form,
  prefix: string,
  configuration: Configuration,
  token: string,
): Promise<boolean> {
  const uri = configuration.jwks_uri
  if (!uri.startsWith(`${base}${prefix}/`)) return false
  const { keys } = (await idp.request('GET', uri.slice(base.length), undefined, { host })).body as {
    keys: (JsonWebKey & { kid: string })[]
  }
  const [head = '', payload = '', signature = ''] = token.split('.')
  const parse = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
  const jwk = keys.find(({ kid }) => kid === parse(head).kid)
  if (jwk === undefined) return false
  const genuine = verify(
    'sha256',
    Buffer.from(`${head}.${payload}`),
    createPublicKey({ key: jwk, format: 'jwk' }),
    Buffer.from(signature, 'base64url'),
  )
  return genuine && parse(payload).iss === configuration.issuer
}

/** Endpoints lie where the emulator is, whatever the issuer is called. */
function endpoints(configuration: Configuration): string[] {
  return Object.entries(configuration).flatMap(([name, value]) => (/_endpoint$|_uri$/.test(name) ? [String(value)] : []))
}

for (const form of FORMS) {
  for (const prefix of ['', '/~t1']) {
    const where = `${form.title}${prefix === '' ? '' : ', in a namespace'}`
    const { publicUrl, rooms = {} } = form
    const start = (t: Parameters<typeof emulator>[0]) =>
      emulator(t, { settings: { rooms, ...(publicUrl === undefined ? {} : { publicUrl }) } })

    test(`Cognito, ${where}: tokens, configuration and keys agree`, async (t) => {
      const root = await start(t)
      const idp = at(root, form.host, prefix)
      const call = async (name: string, input: object) => {
        const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSCognitoIdentityProviderService.${name}` }
        const { status, body } = await idp.request('POST', '/', JSON.stringify(input), headers)
        if (status !== 200) throw new Error(JSON.stringify(body))
        // biome-ignore lint/suspicious/noExplicitAny: whatever the operation answers.
        return body as any
      }
      const { UserPool } = await call('CreateUserPool', { PoolName: 'p' })
      const UserPoolId = UserPool.Id as string
      const ExplicitAuthFlows = ['ALLOW_USER_PASSWORD_AUTH']
      const { UserPoolClient } = await call('CreateUserPoolClient', { UserPoolId, ClientName: 'c', ExplicitAuthFlows })
      await call('AdminCreateUser', { UserPoolId, Username: 'ada', MessageAction: 'SUPPRESS' })
      await call('AdminSetUserPassword', { UserPoolId, Username: 'ada', Password: 'Secret-12', Permanent: true })
      const { AuthenticationResult } = await call('InitiateAuth', {
        ClientId: UserPoolClient.ClientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'ada', PASSWORD: 'Secret-12' },
      })
      const { body } = await idp.request('GET', `/${UserPoolId}/.well-known/openid-configuration`)
      const configuration = body as Configuration
      if (form.service === undefined) t.equal(configuration.issuer, `${form.base}${prefix}/${UserPoolId}`)
      else t.match(configuration.issuer.replace(`/${UserPoolId}`, ''), form.service.cognito)
      for (const endpoint of endpoints(configuration)) t.ok(endpoint.startsWith(`${form.base}${prefix}/`), endpoint)
      for (const token of [AuthenticationResult.AccessToken, AuthenticationResult.IdToken]) {
        t.ok(await agrees(root, form, prefix, configuration, token))
      }
    })

    test(`Yandex, ${where}: tokens, configuration and keys agree`, async (t) => {
      const root = await start(t)
      const idp = at(root, form.host, prefix)
      const world = await makeYandexWorld(idp)
      const { body } = await idp.request('GET', '/.well-known/openid-configuration')
      const configuration = body as Configuration
      t.equal(configuration.issuer, form.service?.yandex ?? `${form.base}${prefix}`)
      t.same((await idp.request('GET', `/oauth/${world.client}/.well-known/openid-configuration`)).body, configuration)
      for (const endpoint of endpoints(configuration)) t.ok(endpoint.startsWith(`${form.base}${prefix}/`), endpoint)

      const seen = browser(root, {}, form.base)
      await seen.go(`${configuration.authorization_endpoint}?${askingFor(world)}`)
      const { away } = await seen.submit('login', { username: world.user.username, password: CHOSEN })
      const { body: tokens } = await post(idp, '/oauth/token', {
        grant_type: 'authorization_code',
        code: away?.searchParams.get('code') ?? undefined,
        client_id: world.client,
        client_secret: world.secret,
        redirect_uri: CALLBACK,
        code_verifier: VERIFIER,
      })
      const { id_token } = tokens as { id_token: string }
      t.ok(await agrees(root, form, prefix, configuration, id_token))
      const inspected = await idp.request('POST', '/_/tokens/inspect', { token: id_token })
      t.match(inspected.body, { vendor: 'yandex', valid: true })
    })
  }
}

test('nobody is configured at a domain, whose clients would be led to another vendor', async (t) => {
  const idp = await emulator(t)
  const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'people' })
  const UserPoolId = UserPool?.Id ?? ''
  await idp.cognito.CreateUserPoolDomain({ UserPoolId, Domain: 'acme' })
  const host = 'acme.auth.localhost:7665'
  for (const path of ['/.well-known/openid-configuration', '/oauth/client/.well-known/openid-configuration', '/oauth/jwks/keys']) {
    const { status, body } = await idp.request('GET', path, undefined, { host })
    t.equal(status, 400, path)
    t.match((body as { error: string }).error, 'the one of a user pool is at /<pool id>/.well-known/')
  }
  const { body } = await idp.request('GET', `/${UserPoolId}/.well-known/openid-configuration`, undefined, { host })
  t.match(body, { issuer: `http://localhost:7665/${UserPoolId}`, token_endpoint: `http://${host}/oauth2/token` })
})

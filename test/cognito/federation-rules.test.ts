import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inflateRawSync } from 'node:zlib'
import { test } from 'tap'
import { logoutResponse } from '../../src/oauth/saml/index.ts'
import { emulator, START } from '../support/emulator.ts'
import { answerIn, comeInAs, federated, GOOGLE, setOut, userOf } from '../support/federation.ts'
import { browser, HOSTED, requestOf, SITE } from '../support/oauth.ts'
import { openidProvider } from '../support/openid-provider.ts'
import { ENTITY, makeKey, metadata, requestIn, respond, type Says, SIGN_IN } from '../support/saml-provider.ts'
import { makeUser } from '../support/sign-in.ts'

const ADA = { email: 'ada@example.com', email_verified: 'true', name: 'Ada' }
const SLO = 'https://idp.elsewhere.test/slo'
const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'
const OUT = encodeURIComponent('https://app.example/bye')

test('what the guide says of SAML providers', async (t) => {
  const idp = await emulator(t)
  const key = makeKey()
  const corp = (details: Record<string, string> = {}, more = '') => ({
    ProviderName: 'Corp',
    ProviderType: 'SAML' as const,
    ProviderDetails: { MetadataFile: metadata(key, more), ...details },
    AttributeMapping: { email: 'mail' },
  })
  const slo = `<md:SingleLogoutService Binding="${REDIRECT}" Location="${SLO}"/>`
  let count = 0

  async function signIn(world: Awaited<ReturnType<typeof federated>>, more: Partial<Says> = {}) {
    const { seen } = await setOut(idp, world, 'Corp')
    const to = seen.last?.away as URL
    const inResponseTo = / ID="([^"]*)"/.exec(requestIn(to))?.[1]
    const base: Says = {
      key,
      audience: `urn:amazon:cognito:sp:${world.pool}`,
      recipient: `${SITE}/saml2/idpresponse`,
      inResponseTo,
      now: START,
    }
    const RelayState = to.searchParams.get('RelayState') ?? ''
    await seen.post('/saml2/idpresponse', { SAMLResponse: respond({ ...base, id: `_x${++count}`, ...more }), RelayState })
    return { seen, away: seen.last?.away as URL }
  }

  await t.test('a client of one that may begin takes SAML providers alone', async (t) => {
    const world = await federated(idp, corp({ IDPInit: 'true' }), {}, { SupportedIdentityProviders: ['Corp'] })
    const UserPoolId = world.pool
    await idp.cognito.CreateIdentityProvider({ UserPoolId, ProviderName: 'Google', ProviderType: 'Google', ProviderDetails: GOOGLE })
    for (const other of ['COGNITO', 'Google']) {
      const client = { UserPoolId, ClientName: 'c', ...HOSTED, SupportedIdentityProviders: [other, 'Corp'] }
      await t.rejects(idp.cognito.CreateUserPoolClient(client), {
        name: 'InvalidParameterException',
        message: 'The provider Corp supports IdP-initiated sign-in, which only other SAML providers can be used with.',
      })
    }
    await idp.cognito.CreateIdentityProvider({ ...corp(), UserPoolId, ProviderName: 'Other' })
    await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'c', ...HOSTED, SupportedIdentityProviders: ['Other', 'Corp'] })
  })

  await t.test('its signing certificate is valid when it is configured, and not too long', async (t) => {
    const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'p' })
    const UserPoolId = UserPool?.Id as string
    const expired = makeKey(Date.UTC(2021, 0, 1))
    const create = (ProviderName: string, MetadataFile: string) =>
      idp.cognito.CreateIdentityProvider({ UserPoolId, ProviderName, ProviderType: 'SAML', ProviderDetails: { MetadataFile } })
    const name = 'InvalidParameterException'
    await t.rejects(create('Azure', metadata(expired)), { name, message: 'Error parsing metadata: the signing certificate is expired.' })
    const long = metadata({ ...key, certificate: 'A'.repeat(4097) })
    await t.rejects(create('Azure', long), {
      name,
      message: 'Error parsing metadata: a signing certificate is longer than 4096 characters.',
    })
    const [certificate = ''] = /<md:KeyDescriptor[\s\S]*<\/md:KeyDescriptor>/.exec(metadata(expired)) ?? []
    await create('Azure', metadata(key).replace('<md:KeyDescriptor', `${certificate}<md:KeyDescriptor`))
  })

  await t.test('what its metadata say counts, whatever is handed back of earlier ones', async (t) => {
    const world = await federated(idp, corp({}, slo))
    const at = { UserPoolId: world.pool, ProviderName: 'Corp' }
    const { IdentityProvider } = await idp.cognito.DescribeIdentityProvider(at)
    const shown = IdentityProvider.ProviderDetails ?? {}
    t.match(shown, { SSORedirectBindingURI: SIGN_IN, SLORedirectBindingURI: SLO })
    const moved = metadata(key).replace(SIGN_IN, 'https://new.elsewhere.test/sso')
    await idp.cognito.UpdateIdentityProvider({
      ...at,
      ProviderDetails: { ...shown, MetadataFile: moved, ActiveEncryptionCertificate: 'x' },
    })
    const after = (await idp.cognito.DescribeIdentityProvider(at)).IdentityProvider.ProviderDetails ?? {}
    t.match(after, {
      SSORedirectBindingURI: 'https://new.elsewhere.test/sso',
      ActiveEncryptionCertificate: shown.ActiveEncryptionCertificate,
    })
    t.notOk('SLORedirectBindingURI' in after)
    const { seen } = await setOut(idp, world, 'Corp')
    t.equal(seen.last?.away?.host, 'new.elsewhere.test')
  })

  await t.test('what the pool requires is told at every sign-in', async (t) => {
    const world = await federated(idp, corp(), { Schema: [{ Name: 'email', AttributeDataType: 'String', Required: true, Mutable: true }] })
    const silent = (xml: string) => xml.replace(/<saml:AttributeStatement>[\s\S]*<\/saml:AttributeStatement>/, '')
    const refused = async (description: string) => {
      const { away } = await signIn(world, { change: silent })
      const error_description = `Invalid SAML response received: Invalid user attributes: ${description} `
      t.strictSame(answerIn(away), { error_description, state: 'state-1', error: 'server_error' })
    }
    await refused('email: The attribute is required\n')
    t.ok((await signIn(world)).away.searchParams.get('code'))
    await refused('email: Required attribute cannot be deleted\n')
    t.ok((await signIn(world)).away.searchParams.get('code'))
  })

  await t.test('no character of an attribute takes four bytes', async (t) => {
    const world = await federated(idp, corp())
    const { away } = await signIn(world, { mail: '😐@elsewhere.test' })
    t.match(answerIn(away), {
      error: 'server_error',
      error_description: 'Invalid SAML response received: Invalid user attributes: email: Value has 4-byte characters\n ',
    })
    t.ok((await signIn(world, { mail: 'ä@elsewhere.test' })).away.searchParams.get('code'))
    const google = await federated(idp)
    t.ok((await comeInAs(idp, google, 'Google', '1', { ...ADA, name: '😐' })).away.searchParams.get('code'))
  })

  await t.test('signing out goes by it only where it has the address and the pool says so', async (t) => {
    const cases: [details: Record<string, string>, more: string, host: string | undefined][] = [
      [{ IDPSignout: 'true' }, slo, 'idp.elsewhere.test'],
      [{ IDPSignout: 'false' }, slo, 'app.example'],
      [{}, slo, 'app.example'],
      [{ IDPSignout: 'true' }, '', 'app.example'],
    ]
    for (const [details, more, host] of cases) {
      const world = await federated(idp, corp(details, more))
      const change = (xml: string) => xml.replace(/ Format="[^"]*persistent"/, '')
      const { seen, away } = await signIn(world, { change })
      t.ok(away.searchParams.get('code'))
      const out = await seen.go(`/logout?client_id=${world.client}&logout_uri=${OUT}`)
      t.equal(out.away?.host, host)
      if (host !== 'idp.elsewhere.test' || out.away === undefined) continue
      t.strictSame([...out.away.searchParams.keys()], ['SAMLRequest', 'RelayState', 'SigAlg', 'Signature'])
      const xml = inflateRawSync(Buffer.from(out.away.searchParams.get('SAMLRequest') ?? '', 'base64')).toString()
      t.match(xml, '<saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified">N-1</saml:NameID>')
      t.match(xml, '<samlp:SessionIndex>_s1</samlp:SessionIndex>')

      // It takes answers, by POST; a provider cannot begin.
      const RelayState = out.away.searchParams.get('RelayState') ?? ''
      t.equal((await idp.request('GET', `/saml2/logout?${new URLSearchParams({ RelayState, SAMLResponse: 'x' })}`)).status, 405)
      const [, request = ''] = / ID="([^"]*)"/.exec(xml) ?? []
      const told = { ids: { response: '_out' }, issuer: ENTITY, destination: `${SITE}/saml2/logout`, inResponseTo: request, now: START }
      const answer = async (more: Partial<typeof told>, signer = key) => {
        const signed = logoutResponse({ ...told, ...more }, { key: signer.private, certificate: signer.certificate })
        return await seen.post('/saml2/logout', { SAMLResponse: Buffer.from(signed).toString('base64'), RelayState })
      }
      for (const [more, signer] of [
        [{ issuer: 'https://other.test' }, key],
        [{ destination: 'https://evil.test/logout' }, key],
        [{ inResponseTo: '_other' }, key],
        [{}, makeKey()],
      ] as const) {
        t.equal((await answer(more, signer)).status, 400, JSON.stringify(more))
      }
      t.equal((await answer({})).away?.host, 'app.example')
      const begun = await browser(idp).post('/saml2/logout', { SAMLRequest: Buffer.from(xml).toString('base64'), RelayState })
      t.strictSame([begun.status, begun.page], [400, 'error'])
    }
  })
})

test('details of an OIDC provider have their effect', async (t) => {
  const idp = await emulator(t)
  const there = await openidProvider(t, 'id')
  const details = { client_id: 'id', client_secret: 'secret', authorize_scopes: 'openid', oidc_issuer: there.url }
  const cases: [more: Record<string, string>, path: string, method: string, token: string][] = [
    [{ attributes_request_method: 'GET' }, '/me', 'GET', 'POST'],
    [{ attributes_request_method: 'POST' }, '/me', 'POST', 'POST'],
    [
      { attributes_request_method: 'GET', attributes_url: `${there.url}/me?fields=`, attributes_url_add_attributes: 'true' },
      '/me?fields=email,name,sub',
      'GET',
      'POST',
    ],
    [{ attributes_request_method: 'GET', token_request_method: 'GET' }, '/me', 'GET', 'GET'],
  ]
  for (const [more, path, method, token] of cases) {
    const world = await federated(idp, {
      ProviderName: 'There',
      ProviderType: 'OIDC',
      ProviderDetails: { ...details, ...more } as Record<string, string>,
      AttributeMapping: { email: 'email', name: 'name' },
    })
    const { seen } = await setOut(idp, world, 'There')
    const { state = '' } = answerIn(seen.last?.away as URL)
    Object.assign(there, { claims: { sub: 'S' }, userInfo: { sub: 'S', email: 'e@example.com', name: 'E' }, asked: [] })
    const { away } = await seen.go(`/oauth2/idpresponse?code=c&state=${state}`)
    t.ok(away?.searchParams.get('code'), JSON.stringify(more))
    const at = (prefix: string) => there.asked.find((one) => one.path.startsWith(prefix))
    t.strictSame([at('/me')?.path, at('/me')?.method, at('/token')?.method], [path, method, token])
    t.equal((await userOf(idp, world, 'There_S')).attributes.name, 'E')
  }
})

test('a provider that leads on is followed, twenty times at most, without what proves who asks', async (t) => {
  const idp = await emulator(t)
  const there = await openidProvider(t, 'id')
  const proofs: (string | undefined)[] = []
  const server = createServer((request, response) => {
    const [, hops = '0', name = ''] = /^\/(\d+)\/(.*)$/.exec(request.url ?? '') ?? []
    if (name === 'me') proofs.push(request.headers.authorization)
    const left = Number(hops) - 1
    response
      .writeHead([301, 302, 303, 307, 308][left % 5] as number, { location: left > 0 ? `/${left}/${name}` : `${there.url}/${name}` })
      .end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => new Promise((resolve) => server.close(resolve)))
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  for (const [hops, followed] of [
    [20, true],
    [21, false],
  ] as const) {
    const world = await federated(idp, {
      ProviderName: 'There',
      ProviderType: 'OIDC',
      ProviderDetails: {
        ...{
          client_id: 'id',
          client_secret: 'secret',
          authorize_scopes: 'openid',
          oidc_issuer: there.url,
          attributes_request_method: 'GET',
        },
        ...{ authorize_url: `${there.url}/authorize`, token_url: `${there.url}/token` },
        ...{ jwks_uri: `${at}/${hops}/keys`, attributes_url: `${at}/2/me` },
      },
    })
    const { seen } = await setOut(idp, world, 'There')
    const { state = '' } = answerIn(seen.last?.away as URL)
    Object.assign(there, { claims: { sub: 'S' }, userInfo: { sub: 'S' }, asked: [] })
    const { away } = await seen.go(`/oauth2/idpresponse?code=c&state=${state}`)
    t.equal(away?.searchParams.has('code'), followed)
    t.equal(away?.searchParams.get('error'), followed ? null : 'server_error')
    if (followed) t.equal(there.asked.find(({ path }) => path === '/me')?.authorization, undefined)
  }
  t.strictSame(proofs, ['Bearer access', 'Bearer access'], 'who leads on to an address of its own is shown it again')
})

test('a provider that does not answer is told of in the guide’s words', async (t) => {
  const idp = await emulator(t)
  const there = await openidProvider(t, 'id')
  const server = createServer((request, response) => {
    if (request.url === '/reset') response.socket?.destroy()
    if (request.url === '/odd') response.writeHead(503).end('down')
    if (request.url === '/google') response.writeHead(400).end('{"error":"invalid_grant","error_description":"Malformed"}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const signIn = async (type: 'OIDC' | 'Google' | 'Facebook', endpoints: Record<string, string>) => {
    const ProviderName = type === 'OIDC' ? 'There' : type
    const own = { authorize_url: `${there.url}/authorize`, token_url: `${there.url}/token`, jwks_uri: `${there.url}/keys` }
    const oidc = { oidc_issuer: there.url, attributes_request_method: 'GET', attributes_url: `${there.url}/me` }
    const ProviderDetails = {
      client_id: 'id',
      client_secret: 's',
      authorize_scopes: 'openid',
      ...own,
      ...(type === 'OIDC' ? oidc : {}),
      ...endpoints,
    }
    const world = await federated(idp, { ProviderName, ProviderType: type, ProviderDetails, AttributeMapping: {} })
    const { seen } = await setOut(idp, world, ProviderName)
    const { state = '' } = answerIn(seen.last?.away as URL)
    Object.assign(there, { claims: { sub: 'S' }, userInfo: { sub: 'S' } })
    const { away } = await seen.go(`/oauth2/idpresponse?code=c&state=${state}`)
    return answerIn(away as URL)
  }
  const cases: [type: Parameters<typeof signIn>[0], endpoints: Record<string, string>, description: string, error?: string][] = [
    ['OIDC', { token_url: `${at}/reset` }, 'Connection reset'],
    ['OIDC', { token_url: `${at}/slow` }, 'Timeout occurred in calling IdP token endpoint'],
    ['OIDC', { jwks_uri: `${at}/slow` }, 'Timeout in calling jwks uri'],
    ['OIDC', { attributes_url: `${at}/slow` }, 'Read timed out'],
    ['OIDC', { token_url: `${at}/odd` }, 'Bad token response: HTTP/1.1 503 Service Unavailable, entity: down'],
    ['Facebook', { token_url: `${at}/odd`, token_request_method: 'POST' }, 'Facebook Error - 503 error getting token'],
    ['Google', { token_url: `${at}/google` }, 'Google Error - 400 invalid_grant', 'invalid_grant'],
  ]
  for (const [type, endpoints, error_description, error = 'invalid_request'] of cases) {
    t.strictSame(await signIn(type, endpoints), { error_description, state: 'state-1', error })
  }
})

test('threat protection neither rates nor records those who come in through a provider', async (t) => {
  const idp = await emulator(t, { settings: { rooms: { cognito: { riskyAddresses: { '127.0.0.0/8': 'High' } } } } })
  const world = await federated(idp, {}, { UserPoolTier: 'PLUS', UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' } })
  const UserPoolId = world.pool
  const Actions = { HighAction: { Notify: false, EventAction: 'BLOCK' as const } }
  await idp.cognito.SetRiskConfiguration({ UserPoolId, AccountTakeoverRiskConfiguration: { Actions } })
  t.ok((await comeInAs(idp, world, 'Google', '1', ADA)).away.searchParams.get('code'))
  t.ok((await comeInAs(idp, world, 'Google', '1', ADA)).away.searchParams.get('code'))
  await makeUser(idp, world, 'local')
  await idp.cognito.AdminLinkProviderForUser({
    UserPoolId,
    DestinationUser: { ProviderName: 'Cognito', ProviderAttributeValue: 'local' },
    SourceUser: { ProviderName: 'Google', ProviderAttributeName: 'Cognito_Subject', ProviderAttributeValue: '2' },
  })
  t.ok((await comeInAs(idp, world, 'Google', '2', ADA)).away.searchParams.get('code'))
  for (const Username of ['Google_1', 'local']) {
    t.strictSame((await idp.cognito.AdminListUserAuthEvents({ UserPoolId, Username })).AuthEvents, [], Username)
  }
  const page = browser(idp)
  await page.go(`/oauth2/authorize?${requestOf(world)}`)
  t.match((await page.submit('login', { username: 'local', password: 'wrong' })).text, 'security reasons', 'the own sign-in is rated')
})

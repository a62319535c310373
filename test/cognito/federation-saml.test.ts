import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { test } from 'tap'
import { emulator, START } from '../support/emulator.ts'
import { answerIn, federated, idTokenFor, person, setOut, userOf } from '../support/federation.ts'
import { CALLBACK, requestOf } from '../support/oauth.ts'

const EMAIL = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress'
const CORP = {
  ProviderName: 'Corp',
  ProviderType: 'SAML',
  ProviderDetails: { MetadataURL: 'https://upstream.localhost/metadata', IDPSignout: 'true', RequestSigningAlgorithm: 'rsa-sha256' },
  AttributeMapping: { email: EMAIL, name: 'name', 'custom:groups': 'groups' },
} as const

test('signing in through the built-in SAML identity provider', async (t) => {
  const idp = await emulator(t)
  const world = await federated(idp, CORP, { Schema: [{ Name: 'groups', AttributeDataType: 'String', Mutable: true }] })

  await t.test('asks with a signed request and takes a signed assertion (O16)', async (t) => {
    const { seen } = await setOut(idp, world, 'Corp')
    t.equal(seen.last?.page, 'upstream')
    await seen.submit('anybody', { ...person('E-17', { [EMAIL]: 'eva@corp.example', name: 'Eva' }), more: '{"groups":["a b","c"]}' })
    t.equal(seen.last?.page, 'upstream-answer')
    const { away } = await seen.submit('answer')
    t.equal(`${away?.origin}${away?.pathname}`, CALLBACK)
    t.strictSame(Object.keys(answerIn(away as URL)).sort(), ['code', 'state'])
    const { attributes, UserStatus } = await userOf(idp, world, 'Corp_E-17')
    t.equal(UserStatus, 'EXTERNAL_PROVIDER')
    t.match(attributes, { email: 'eva@corp.example', email_verified: 'false', name: 'Eva', 'custom:groups': '[a+b,c]' })
    t.strictSame(JSON.parse(attributes.identities ?? ''), [
      {
        userId: 'E-17',
        providerName: 'Corp',
        providerType: 'SAML',
        issuer: 'https://upstream.localhost/metadata',
        primary: true,
        dateCreated: START,
      },
    ])
    t.match(await idTokenFor(idp, world, away as URL), { 'cognito:username': 'Corp_E-17', nonce: /^[\w-]{171}$/ })

    // Signing out goes by the provider, with a signed request, and comes back with its signed answer.
    await seen.go(`/logout?client_id=${world.client}&logout_uri=${encodeURIComponent('https://app.example/bye')}`)
    t.equal(seen.last?.page, 'upstream-answer')
    const out = await seen.submit('answer')
    t.equal(out.away?.href, 'https://app.example/bye')
    const next = await seen.go(`/oauth2/authorize?${requestOf(world)}`)
    t.equal(next.page, 'login')
  })

  await t.test('tells the client that the person refused', async (t) => {
    const { seen } = await setOut(idp, world, 'Corp')
    await seen.submit('deny')
    const { away } = await seen.submit('answer')
    t.strictSame(answerIn(away as URL), {
      error_description: 'Invalid SAML response received: Invalid status code in SAML response ',
      state: 'state-1',
      error: 'server_error',
    })
  })

  await t.test('is signed out only by the provider’s own answer, once', async (t) => {
    const leave = async () => {
      const { seen } = await setOut(idp, world, 'Corp')
      await seen.submit('person-E-17')
      await seen.submit('answer')
      const { text } = await seen.go(`/logout?client_id=${world.client}&logout_uri=${encodeURIComponent('https://app.example/bye')}`)
      const [, SAMLResponse = ''] = /name="SAMLResponse" value="([^"]*)"/.exec(text) ?? []
      const [, RelayState = ''] = /name="RelayState" value="([^"]*)"/.exec(text) ?? []
      return { seen, SAMLResponse, RelayState }
    }
    const { seen, SAMLResponse, RelayState } = await leave()
    const earlier = (await leave()).SAMLResponse
    const xml = Buffer.from(SAMLResponse, 'base64').toString()
    const unsigned = Buffer.from(xml.replace(/<ds:Signature[\s\S]*<\/ds:Signature>/, '')).toString('base64')
    const other = Buffer.from(xml.replace(/InResponseTo="[^"]*"/, 'InResponseTo="_other"')).toString('base64')
    const wrong = [unsigned, other, earlier].map((SAMLResponse) => ({ SAMLResponse, RelayState }))
    for (const fields of [...wrong, { SAMLResponse }, { RelayState }]) {
      const page = await seen.post('/saml2/logout', fields)
      t.strictSame([page.status, page.page], [400, 'error'])
    }
    t.equal((await seen.post('/saml2/logout', { SAMLResponse, RelayState })).away?.href, 'https://app.example/bye')
    t.equal((await seen.post('/saml2/logout', { SAMLResponse, RelayState })).status, 400)
  })

  await t.test('is asked by its own service provider only, by signed requests where it signs', async (t) => {
    const { headers } = await idp.request('GET', `/oauth2/authorize?${requestOf(world, { identity_provider: 'Corp' })}`)
    const to = new URL(String(headers.location))
    const wrong = async (change: (query: URLSearchParams) => void, says: RegExp) => {
      const url = new URL(to)
      change(url.searchParams)
      const { status, body } = await idp.request('GET', url.pathname + url.search)
      t.equal(status, 400)
      t.match(body, says)
    }
    const reworded = (from: string | RegExp, into: string) => (query: URLSearchParams) => {
      const xml = inflateRawSync(Buffer.from(query.get('SAMLRequest') ?? '', 'base64')).toString()
      query.set('SAMLRequest', deflateRawSync(xml.replace(from, into)).toString('base64'))
    }
    await wrong((query) => query.delete('Signature'), /signature of the SAMLRequest is invalid/)
    await wrong((query) => query.set('RelayState', 'other'), /signature of the SAMLRequest is invalid/)
    await wrong(reworded(/ID="_/, 'ID="_0'), /signature of the SAMLRequest is invalid/)
    // Beside what was signed, another is put: before it, or in other letters.
    for (const put of [to.search.replace('?', '?RelayState=other&'), to.search.replace('RelayState=', 'Relay%53tate=')]) {
      const { status, body } = await idp.request('GET', to.pathname + put)
      t.equal(status, 400)
      t.match(body, /signature of the SAMLRequest is invalid/)
    }
    await wrong(reworded(`urn:amazon:cognito:sp:${world.pool}`, 'urn:somebody'), /Issuer urn:somebody is not the one/)
    await wrong((query) => query.set('SAMLRequest', 'bm90IFhNTA=='), /SAMLRequest/)
    const { RequestSigningAlgorithm, ...unsigned } = CORP.ProviderDetails
    await idp.cognito.UpdateIdentityProvider({ UserPoolId: world.pool, ProviderName: 'Corp', ProviderDetails: unsigned })
    for (const name of ['Signature', 'SigAlg']) to.searchParams.delete(name)
    await wrong(
      reworded(/AssertionConsumerServiceURL="[^"]*"/, 'AssertionConsumerServiceURL="https://evil.example/saml2/idpresponse"'),
      /is not one of the user pool/,
    )
    t.equal((await idp.request('GET', to.pathname + to.search)).status, 200)
  })
})

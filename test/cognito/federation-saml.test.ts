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
    t.match(await idTokenFor(idp, world, away as URL), { 'cognito:username': 'Corp_E-17' })

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
})

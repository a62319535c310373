import { type KeyObject, verify, X509Certificate } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'tap'
import { emulator, START } from '../support/emulator.ts'
import { answerIn, federated, idTokenFor, setOut, userOf } from '../support/federation.ts'
import { browser, CALLBACK, SITE } from '../support/oauth.ts'
import { only } from '../support/only.ts'
import { ENTITY, encryptedFor, makeKey, metadata, requestIn, respond, type Says, SIGN_IN } from '../support/saml-provider.ts'

const ACS = `${SITE}/saml2/idpresponse`

test('assertions of a SAML provider elsewhere', async (t) => {
  const idp = await emulator(t)
  const key = makeKey()
  const world = await federated(idp, {
    ProviderName: 'Corp',
    ProviderType: 'SAML',
    ProviderDetails: { MetadataFile: metadata(key) },
    AttributeMapping: { email: 'mail' },
  })
  const audience = `urn:amazon:cognito:sp:${world.pool}`

  /** Sets out, and posts what the provider or somebody else says. */
  async function leave() {
    const { seen } = await setOut(idp, world, 'Corp')
    const to = seen.last?.away as URL
    const xml = requestIn(to)
    const id = / ID="([^"]*)"/.exec(xml)?.[1] as string
    const state = to.searchParams.get('RelayState') as string
    const base: Says = { key, audience, recipient: ACS, inResponseTo: id, now: START }
    const post = (response: string, relayState: string | undefined = state) =>
      seen.post('/saml2/idpresponse', { SAMLResponse: response, RelayState: relayState })
    return { seen, to, xml, state, post, say: (more: Partial<Says> = {}) => post(respond({ ...base, id: `_a${state}`, ...more })), base }
  }

  await t.test('asks by redirect for a persistent name, unsigned unless told otherwise', async (t) => {
    const { to, xml } = await leave()
    t.equal(to.origin + to.pathname, SIGN_IN)
    t.strictSame([...to.searchParams.keys()], ['SAMLRequest', 'RelayState'])
    t.match(xml, `AssertionConsumerServiceURL="${ACS}"`)
    t.match(xml, `Destination="${SIGN_IN}"`)
    t.match(xml, `<saml:Issuer>${audience}</saml:Issuer>`)
    t.match(xml, 'Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"')
  })

  for (const signs of ['assertion', 'response'] as const) {
    await t.test(`takes one where the ${signs} is signed`, async (t) => {
      const { say } = await leave()
      const { away } = await say({ signs })
      t.match(await idTokenFor(idp, world, away as URL), { 'cognito:username': 'Corp_N-1', email: 'n1@elsewhere.test' })
      const { attributes } = await userOf(idp, world, 'Corp_N-1')
      t.match(JSON.parse(attributes.identities ?? ''), only({ userId: 'N-1', providerType: 'SAML', issuer: ENTITY, primary: true }))
    })
  }

  await t.test('takes one of a clock that is not quite ours, or of the machine’s', async (t) => {
    for (const now of [START - 329_999, START + 30_000, Date.now()]) {
      const { say } = await leave()
      t.ok((await say({ now })).away?.searchParams.get('code'), new Date(now).toISOString())
    }
  })

  const other = makeKey()
  const signature = 'SAML Assertion signature is invalid. '
  const cases: [what: string, says: Partial<Says>, description: string][] = [
    ['an unsigned one', { signs: 'nothing' }, signature],
    ['one signed with another key', { key: other }, signature],
    ['one that was changed', { tamper: (xml) => xml.replace('>N-1<', '>admin<') }, signature],
    ['one beside which another was put', { tamper: doubled }, signature],
    ['another audience', { audience: 'urn:somebody' }, `Audience restriction in SAML Assertion does not allow it for ${audience} `],
    ['another recipient', { recipient: 'https://evil.test/acs', destination: ACS }, 'Invalid Recipient in SAML Assertion. '],
    ['another destination', { destination: 'https://evil.test/acs' }, 'Invalid Destination in SAML response. '],
    [
      'the answer to another request',
      { inResponseTo: '_other' },
      'InResponseTo attribute in the SAML response does not match the ID that was sent with the SAML authentication request ',
    ],
    [
      'an answer to no request',
      { inResponseTo: undefined },
      'InResponseTo attribute in the SAML response does not match the ID that was sent with the SAML authentication request ',
    ],
    [
      'the answer to another request by its head alone',
      { change: (xml) => xml.replace(/(<samlp:Response[^>]* InResponseTo=")[^"]*/, '$1_other') },
      'InResponseTo attribute in the SAML response does not match the ID that was sent with the SAML authentication request ',
    ],
    [
      'the answer to another request by its assertion alone',
      { change: (xml) => xml.replace(/(<saml:SubjectConfirmationData[^>]* InResponseTo=")[^"]*/, '$1_other') },
      'InResponseTo attribute in the SAML response does not match the ID that was sent with the SAML authentication request ',
    ],
    ['one that has expired', { now: START - 3600_000 }, 'SAML Assertion is expired. '],
    ['one of the future', { now: START + 3600_000 }, 'SAML Assertion is expired. '],
    ['another issuer', { issuer: 'https://other.test' }, 'Issuer in SAML Assertion does not match the identity provider. '],
    [
      'another issuer of the assertion alone',
      { change: (xml) => xml.replace(/(<saml:Assertion[^>]*><saml:Issuer>)[^<]*/, '$1https://other.test') },
      'Issuer in SAML Assertion does not match the identity provider. ',
    ],
    ['one that ended half a minute ago', { now: START - 330_000 }, 'SAML Assertion is expired. '],
    ['one that begins in more than half a minute', { now: START + 30_001 }, 'SAML Assertion is expired. '],
    ['a status that is no success', { status: 'Responder' }, 'Invalid status code in SAML response '],
  ]
  for (const [what, says, description] of cases) {
    await t.test(`does not take ${what}`, async (t) => {
      const { say } = await leave()
      const { away } = await say(says)
      t.equal(`${away?.origin}${away?.pathname}`, CALLBACK)
      t.strictSame(answerIn(away as URL), {
        error_description: `Invalid SAML response received: ${description}`,
        state: 'state-1',
        error: 'server_error',
      })
    })
  }

  await t.test('does not take one twice, whatever brings it', async (t) => {
    const { say, post, base, state } = await leave()
    await say({ id: '_once' })
    const again = await post(respond({ ...base, id: '_once' }), state)
    t.strictSame([again.status, again.page], [400, 'error'])
    const next = await leave()
    const { away } = await next.say({ id: '_once' })
    t.match(answerIn(away as URL), { error_description: 'Invalid SAML response received: SAML Assertion was used before. ' })
  })

  await t.test('does not take one without a state of ours, of another browser or too late', async (t) => {
    const { post, base, state } = await leave()
    for (const page of [
      await post(respond(base), 'made-up'),
      await browser(idp).post('/saml2/idpresponse', { RelayState: state }),
      await post('', ''),
    ]) {
      t.strictSame([page.status, page.page], [400, 'error'])
    }
    const stranger = browser(idp)
    stranger.cookies.set('csrf-state', 'x'.repeat(43))
    t.equal((await stranger.post('/saml2/idpresponse', { SAMLResponse: respond(base), RelayState: state })).status, 400)
    const late = await leave()
    idp.clock.advance(300_001)
    t.match((await late.say()).text, 'Something went wrong')
  })

  await t.test('takes one that nobody asked for only where the provider may begin', async (t) => {
    const now = START + 300_001
    const says: Says = { key, audience, recipient: ACS, now, id: '_unasked' }
    const relayState = (more: Record<string, string> = {}) =>
      new URLSearchParams({
        identity_provider: 'Corp',
        client_id: world.client,
        redirect_uri: CALLBACK,
        response_type: 'code',
        scope: 'openid email',
        ...more,
      }).toString()
    const post = (response: string, RelayState = relayState()) =>
      browser(idp).post('/saml2/idpresponse', { SAMLResponse: response, RelayState })
    const closed = await post(respond(says))
    t.match(answerIn(closed.away as URL), { error_description: 'Invalid samlResponse or relayState from identity provider' })
    await idp.cognito.UpdateIdentityProvider({
      UserPoolId: world.pool,
      ProviderName: 'Corp',
      ProviderDetails: { MetadataFile: metadata(key), IDPInit: 'true' },
    })
    const open = await post(respond(says))
    t.match(await idTokenFor(idp, world, open.away as URL), { 'cognito:username': 'Corp_N-1' })
    const refused = async (more: Partial<Says>, description: string) => {
      const { away } = await post(respond({ ...says, ...more }))
      t.match(answerIn(away as URL), { error_description: `Invalid SAML response received: ${description} ` })
    }
    await refused({}, 'SAML Assertion was used before.')
    await refused(
      { id: '_b', inResponseTo: '_something' },
      'InResponseTo attribute in the SAML response does not match the ID that was sent with the SAML authentication request',
    )
    await refused({ id: '_c', now: now - 7 * 60_000, lifetime: 3600_000 }, 'SAML Assertion is expired.')
    const astray = await post(respond({ ...says, id: '_d' }), relayState({ redirect_uri: 'https://evil.test/' }))
    t.strictSame([astray.status, astray.page, astray.away], [400, 'error', undefined])
  })

  await t.test('takes only encrypted ones where the provider must encrypt', async (t) => {
    await idp.cognito.UpdateIdentityProvider({
      UserPoolId: world.pool,
      ProviderName: 'Corp',
      ProviderDetails: { MetadataFile: metadata(key), EncryptedResponses: 'true', RequestSigningAlgorithm: 'rsa-sha256' },
    })
    const { say, to } = await leave()
    t.strictSame([...to.searchParams.keys()], ['SAMLRequest', 'RelayState', 'SigAlg', 'Signature'])
    const { away } = await say({ now: START + 300_001 })
    t.match(answerIn(away as URL), { error_description: 'Invalid SAML response received: SAML Assertion is not encrypted. ' })
    const { IdentityProvider } = await idp.cognito.DescribeIdentityProvider({ UserPoolId: world.pool, ProviderName: 'Corp' })
    t.notOk('Metadata' in (IdentityProvider.ProviderDetails ?? {}))
    const { ActiveEncryptionCertificate = '' } = IdentityProvider.ProviderDetails ?? {}
    const hidden = await leave()
    const encrypted = await hidden.say({ now: START + 300_001, tamper: (xml) => encryptedFor(xml, ActiveEncryptionCertificate) })
    t.match(await idTokenFor(idp, world, encrypted.away as URL), { 'cognito:username': 'Corp_N-1' })
    const { Certificate = '' } = await idp.cognito.GetSigningCertificate({ UserPoolId: world.pool })
    const { publicKey } = new X509Certificate(Buffer.from(Certificate, 'base64'))
    const [octets = '', sent = ''] = to.search.slice(1).split('&Signature=')
    t.ok(verify('sha256', Buffer.from(octets), publicKey, Buffer.from(decodeURIComponent(sent), 'base64')))
  })

  await t.test('signs with other keys once they are rotated, and still reads what is encrypted for it', async (t) => {
    const { IdentityProvider } = await idp.cognito.DescribeIdentityProvider({ UserPoolId: world.pool, ProviderName: 'Corp' })
    const { ActiveEncryptionCertificate = '' } = IdentityProvider.ProviderDetails ?? {}
    const certified = async () => {
      const { Certificate = '' } = await idp.cognito.GetSigningCertificate({ UserPoolId: world.pool })
      return new X509Certificate(Buffer.from(Certificate, 'base64')).publicKey
    }
    const old = await certified()
    await idp.request('POST', '/_/keys/rotate')
    const { say, to } = await leave()
    const [octets = '', sent = ''] = to.search.slice(1).split('&Signature=')
    const signedBy = (key: KeyObject) => verify('sha256', Buffer.from(octets), key, Buffer.from(decodeURIComponent(sent), 'base64'))
    t.strictSame([signedBy(await certified()), signedBy(old)], [true, false])
    const { away } = await say({ now: START + 300_001, tamper: (xml) => encryptedFor(xml, ActiveEncryptionCertificate) })
    t.match(await idTokenFor(idp, world, away as URL), { 'cognito:username': 'Corp_N-1' })
  })
})

test('metadata that a SAML provider publishes is read anew after six hours', async (t) => {
  const idp = await emulator(t)
  let key = makeKey()
  let status = 200
  const server = createServer((_request, response) => response.writeHead(status).end(metadata(key)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => new Promise((resolve) => server.close(resolve)))
  const { port } = server.address() as AddressInfo
  const world = await federated(idp, {
    ProviderName: 'Corp',
    ProviderType: 'SAML',
    ProviderDetails: { MetadataURL: `http://127.0.0.1:${port}/metadata` },
    AttributeMapping: {},
  })
  const signIn = async (now: number) => {
    const { seen } = await setOut(idp, world, 'Corp')
    const to = seen.last?.away as URL
    const inResponseTo = / ID="([^"]*)"/.exec(requestIn(to))?.[1]
    const SAMLResponse = respond({ key, audience: `urn:amazon:cognito:sp:${world.pool}`, recipient: ACS, inResponseTo, now })
    const { away } = await seen.post('/saml2/idpresponse', { SAMLResponse, RelayState: to.searchParams.get('RelayState') ?? '' })
    return away?.searchParams.has('code')
  }
  t.equal(await signIn(START), true)
  key = makeKey()
  t.equal(await signIn(START), false, 'the new key is not known yet')
  idp.clock.advance(7 * 3600_000)
  status = 500
  t.equal(await signIn(START + 7 * 3600_000), false, 'what was read stays while there is nothing to read')
  status = 200
  t.equal(await signIn(START + 7 * 3600_000), true)
})

/** A second assertion, of whoever did this, before the one that is signed. */
function doubled(xml: string): string {
  const assertion = /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(xml)?.[0] ?? ''
  const forged = assertion
    .replace(/<Signature[\s\S]*<\/Signature>/, '')
    .replace(/ID="[^"]*"/, 'ID="_forged"')
    .replace('>N-1<', '>admin<')
  return xml.replace(assertion, forged + assertion)
}

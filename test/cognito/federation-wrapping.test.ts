import { test } from 'tap'
import { emulator, START } from '../support/emulator.ts'
import { answerIn, federated, idTokenFor, setOut } from '../support/federation.ts'
import { SITE } from '../support/oauth.ts'
import { ADMIN, attacks } from '../support/saml-attacks.ts'
import { makeKey, metadata, requestIn, respond, type Says } from '../support/saml-provider.ts'

const ACS = `${SITE}/saml2/idpresponse`
const SAML = 'urn:oasis:names:tc:SAML:2.0'

test('SAML responses that somebody has meddled with', async (t) => {
  const idp = await emulator(t)
  const key = makeKey()
  const details = { MetadataFile: metadata(key) }
  const world = await federated(idp, {
    ProviderName: 'Corp',
    ProviderType: 'SAML',
    ProviderDetails: details,
    AttributeMapping: { email: 'mail' },
  })
  let count = 0

  /** Sets out, and posts what the provider would say, or what somebody made of it. */
  async function say(more: Partial<Says>) {
    const { seen } = await setOut(idp, world, 'Corp')
    const to = seen.last?.away as URL
    const inResponseTo = / ID="([^"]*)"/.exec(requestIn(to))?.[1]
    const base: Says = {
      key,
      audience: `urn:amazon:cognito:sp:${world.pool}`,
      recipient: ACS,
      inResponseTo,
      now: START,
      id: `_a${++count}`,
    }
    const RelayState = to.searchParams.get('RelayState') ?? ''
    const { away } = await seen.post('/saml2/idpresponse', { SAMLResponse: respond({ ...base, ...more }), RelayState })
    return away as URL
  }
  const refused = (away: URL) => answerIn(away).error_description?.replace('Invalid SAML response received: ', '')
  const signature = 'SAML Assertion signature is invalid. '

  for (const [what, { signs, tamper }] of Object.entries(attacks)) {
    await t.test(`lets nobody in by ${what}`, async (t) => {
      t.equal(refused(await say({ signs, tamper })), signature)
      const { Users } = await idp.cognito.ListUsers({ UserPoolId: world.pool })
      t.strictSame(Users, [], 'nobody was made')
    })
  }

  await t.test('reads a name whole, whatever comments lie in it', async (t) => {
    // The signature holds: comments are none of what is signed.
    const commented = (xml: string) => xml.replace('>N-1.evil.test<', '>N-1<!-- -->.evil.test<')
    for (const signs of ['assertion', 'response'] as const) {
      const away = await say({ nameId: 'N-1.evil.test', signs, tamper: commented })
      t.equal((await idTokenFor(idp, world, away))['cognito:username'], 'Corp_N-1.evil.test')
    }
    const divided = await say({ nameId: 'N-2.evil.test', tamper: (xml) => xml.replace('>N-2.evil.test<', '>N-2<b/>.evil.test<') })
    t.equal(refused(divided), signature)
    const mail = (xml: string) => xml.replace('>n1@elsewhere.test<', '>n1@<!--x-->elsewhere.test<')
    const told = await idTokenFor(idp, world, await say({ tamper: mail }))
    t.equal(told.email, 'n1@elsewhere.test')
  })

  await t.test('believes no head but that of the document itself', async (t) => {
    const decoy = (attributes: string, status = 'Success') =>
      `<samlp:Response xmlns:samlp="${SAML}:protocol" ${attributes}><samlp:StatusCode Value="${SAML}:status:${status}"/></samlp:Response>`
    const ahead = (put: string) => (xml: string) => `<!-- ${put} -->${xml}`
    const evil = 'https://evil.test/acs'
    t.equal(
      refused(await say({ signs: 'response', destination: evil, tamper: ahead(decoy(`Destination="${ACS}"`)) })),
      'Invalid Destination in SAML response. ',
    )
    t.equal(
      refused(await say({ signs: 'response', status: 'Responder', tamper: ahead(decoy('')) })),
      'Invalid status code in SAML response ',
    )
    // By any prefix, with any quotes: what is said counts.
    const other = (xml: string) => xml.replaceAll('samlp:', 'p:').replace('xmlns:samlp', 'xmlns:p')
    const single = (xml: string) => xml.replace(/Destination="([^"]*)"/, "Destination='$1'")
    t.equal(refused(await say({ destination: evil, tamper: (xml) => single(other(xml)) })), 'Invalid Destination in SAML response. ')
    t.ok((await say({ tamper: (xml) => single(other(xml)) })).searchParams.get('code'))
    const unread = 'Invalid samlResponse or relayState from identity provider'
    for (const tamper of [
      (xml: string) => xml.replace(`${SAML}:protocol`, 'urn:x'),
      (xml: string) => xml.replace('Version="2.0"', 'Version="1.1"'),
      (xml: string) => `<!DOCTYPE a [<!ENTITY b "c">]>${xml}`,
      (xml: string) => `<wrap>${xml}</wrap>`,
      () => 'none',
    ]) {
      t.equal(refused(await say({ tamper })), unread)
    }
    const issuers = (xml: string) => xml.replace(/<saml:Issuer>[^<]*</, '<saml:Issuer>https://other.test<')
    t.equal(refused(await say({ tamper: issuers })), 'Issuer in SAML Assertion does not match the identity provider. ')
  })

  await t.test('holds an assertion to the subject it confirms', async (t) => {
    const cases: [what: string, change: (xml: string) => string, description: string][] = [
      ['no name', (xml) => xml.replace(/<saml:NameID[\s\S]*<\/saml:NameID>/, ''), 'NameID is missing in SAML Assertion. '],
      ['an empty name', (xml) => xml.replace('>N-1<', '><'), 'NameID is missing in SAML Assertion. '],
      ['two names', (xml) => xml.replace(/(<saml:NameID[\s\S]*<\/saml:NameID>)/, '$1$1'), 'NameID is missing in SAML Assertion. '],
      ['no bearer', (xml) => xml.replace(':cm:bearer', ':cm:sender-vouches'), 'Invalid Recipient in SAML Assertion. '],
      ['no recipient', (xml) => xml.replace(/ Recipient="[^"]*"/, ''), 'Invalid Recipient in SAML Assertion. '],
      ['no end', (xml) => xml.replace(/ NotOnOrAfter="[^"]*"/, ''), 'Invalid samlResponse or relayState from identity provider'],
      [
        'a confirmation that is not valid yet',
        (xml) => xml.replace('<saml:SubjectConfirmationData', '$& NotBefore="2199-01-01T00:00:00Z"'),
        'SAML Assertion is expired. ',
      ],
      [
        'no audience',
        (xml) => xml.replace(/<saml:AudienceRestriction>[\s\S]*<\/saml:AudienceRestriction>/, ''),
        `Audience restriction in SAML Assertion does not allow it for urn:amazon:cognito:sp:${world.pool} `,
      ],
      [
        'no conditions',
        (xml) => xml.replace(/<saml:Conditions[\s\S]*<\/saml:Conditions>/, ''),
        `Audience restriction in SAML Assertion does not allow it for urn:amazon:cognito:sp:${world.pool} `,
      ],
      [
        'another version',
        (xml) => xml.replace(/(<saml:Assertion[^>]*Version=)"2.0"/, '$1"1.1"'),
        'Invalid samlResponse or relayState from identity provider',
      ],
    ]
    for (const [what, change, description] of cases) {
      t.equal(refused(await say({ change })), description, what)
      t.equal(refused(await say({ change, signs: 'response' })), description, what)
    }
  })

  await t.test('takes nothing for encrypted that only looks so', async (t) => {
    await idp.cognito.UpdateIdentityProvider({
      UserPoolId: world.pool,
      ProviderName: 'Corp',
      ProviderDetails: { ...details, EncryptedResponses: 'true' },
    })
    const looks = '<saml:EncryptedAssertion/>'
    const plain = 'SAML Assertion is not encrypted. '
    const cases: [tamper: (xml: string) => string, description: string][] = [
      [(xml) => `<!--${looks}-->${xml}`, plain],
      [(xml) => xml.replace('<samlp:Status>', `<!--${looks}--><samlp:Status>`), plain],
      [(xml) => xml.replace('<samlp:Status>', `<samlp:Extensions><![CDATA[${looks}]]></samlp:Extensions><samlp:Status>`), plain],
      [(xml) => xml.replace('<samlp:Status>', `<samlp:Extensions>${looks}</samlp:Extensions><samlp:Status>`), signature],
      [(xml) => xml.replace('<samlp:Status>', '<x:EncryptedAssertion xmlns:x="urn:x"/><samlp:Status>'), signature],
      [(xml) => xml.replace('<samlp:Status>', `${looks}<samlp:Status>`), signature],
    ]
    for (const [tamper, description] of cases) t.equal(refused(await say({ tamper })), description)
    t.equal(refused(await say({ status: 'Responder' })), 'Invalid status code in SAML response ')
  })
  t.notOk((await idp.cognito.ListUsers({ UserPoolId: world.pool })).Users?.some(({ Username }) => Username?.includes(ADMIN)))
})

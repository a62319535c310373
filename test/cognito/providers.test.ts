import { X509Certificate } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Test, test } from 'tap'
import { emulator, START } from '../support/emulator.ts'

const NOW = START / 1000
const GOOGLE = { client_id: 'id.apps.googleusercontent.com', client_secret: 'secret', authorize_scopes: 'email profile openid' }
const OIDC = {
  client_id: '1example23456789',
  client_secret: 'secret',
  attributes_request_method: 'GET',
  authorize_scopes: 'openid profile email',
  oidc_issuer: 'https://auth.example.com',
  authorize_url: 'https://auth.example.com/authorize',
  token_url: 'https://example.com/token',
  attributes_url: 'https://auth.example.com/userInfo',
  jwks_uri: 'https://auth.example.com/.well-known/jwks.json',
}

function metadata(binding: string): string {
  return `<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://www.example.com/sso">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://www.example.com/slo?a=1&amp;b=2"/>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://www.example.com/post"/>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${binding}" Location="https://www.example.com/sso"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>`
}

/** A server of somebody else's: an OIDC issuer and a place for SAML metadata. */
async function elsewhere(t: Test): Promise<string> {
  const server = createServer((request, response) => {
    const base = `http://${request.headers.host}`
    if (request.url === '/.well-known/openid-configuration') {
      const found = { authorization_endpoint: `${base}/authorize`, token_endpoint: `${base}/token`, jwks_uri: `${base}/keys` }
      response.end(JSON.stringify({ issuer: base, userinfo_endpoint: `${base}/me`, ...found }))
    } else if (request.url === '/broken/.well-known/openid-configuration') response.end('<html>')
    else if (request.url === '/metadata') response.end(metadata('HTTP-Redirect'))
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('identity providers', async (t) => {
  const idp = await emulator(t)
  const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'people', Schema: [{ Name: 'team', AttributeDataType: 'String' }] })
  const UserPoolId = UserPool?.Id ?? ''
  const there = await elsewhere(t)
  const create = (ProviderType: 'Google', ProviderDetails: Record<string, string>, more: object = {}) =>
    idp.cognito.CreateIdentityProvider({ UserPoolId, ProviderName: ProviderType, ProviderType, ProviderDetails, ...more })
  const refused = (message: string) => ({ name: 'InvalidParameterException', message })

  await t.test('CreateIdentityProvider adds the endpoints of Google and maps username from sub', async (t) => {
    t.strictSame(await create('Google', GOOGLE), {
      IdentityProvider: {
        UserPoolId,
        ProviderName: 'Google',
        ProviderType: 'Google',
        ProviderDetails: {
          attributes_url: 'https://people.googleapis.com/v1/people/me?personFields=',
          attributes_url_add_attributes: 'true',
          authorize_url: 'https://accounts.google.com/o/oauth2/v2/auth',
          oidc_issuer: 'https://accounts.google.com',
          token_request_method: 'POST',
          token_url: 'https://www.googleapis.com/oauth2/v4/token',
          ...GOOGLE,
        },
        AttributeMapping: { username: 'sub' },
        IdpIdentifiers: [],
        LastModifiedDate: NOW,
        CreationDate: NOW,
      },
    })
    await t.rejects(create('Google', GOOGLE), {
      name: 'DuplicateProviderException',
      message: `Google already exists in user pool ${UserPoolId}`,
    })
  })

  const kinds: [type: string, details: Record<string, string>, added: Record<string, string>, mapping: Record<string, string>][] = [
    [
      'Facebook',
      { ...GOOGLE, api_version: 'v17.0' },
      {
        attributes_url: 'https://graph.facebook.com/v17.0/me?fields=',
        attributes_url_add_attributes: 'true',
        authorize_url: 'https://www.facebook.com/v17.0/dialog/oauth',
        token_request_method: 'GET',
        token_url: 'https://graph.facebook.com/v17.0/oauth/access_token',
      },
      { username: 'id' },
    ],
    [
      'LoginWithAmazon',
      GOOGLE,
      {
        attributes_url: 'https://api.amazon.com/user/profile',
        attributes_url_add_attributes: 'false',
        authorize_url: 'https://www.amazon.com/ap/oa',
        token_request_method: 'POST',
        token_url: 'https://api.amazon.com/auth/o2/token',
      },
      { username: 'user_id' },
    ],
  ]
  for (const [type, details, added, mapping] of kinds) {
    await t.test(`CreateIdentityProvider adds what belongs to ${type}`, async (t) => {
      const { IdentityProvider } = await create(type as 'Google', details)
      t.strictSame(IdentityProvider.ProviderDetails, { ...added, ...details })
      t.strictSame(IdentityProvider.AttributeMapping, mapping)
    })
  }

  await t.test('CreateIdentityProvider never shows the private key of Sign in with Apple, and keeps it', async (t) => {
    const details = { client_id: 'com.example', team_id: 'T', key_id: 'K', private_key: 'very secret', authorize_scopes: 'email name' }
    const { IdentityProvider } = await create('SignInWithApple' as 'Google', details)
    const { private_key, ...shown } = details
    t.strictSame(IdentityProvider.ProviderDetails, {
      attributes_url_add_attributes: 'false',
      authorize_url: 'https://appleid.apple.com/auth/authorize',
      oidc_issuer: 'https://appleid.apple.com',
      token_request_method: 'POST',
      token_url: 'https://appleid.apple.com/auth/token',
      ...shown,
    })
    const ProviderName = 'SignInWithApple'
    const updated = await idp.cognito.UpdateIdentityProvider({ UserPoolId, ProviderName, ProviderDetails: { ...shown, key_id: 'L' } })
    t.equal(updated.IdentityProvider.ProviderDetails?.key_id, 'L')
    t.notOk('private_key' in (updated.IdentityProvider.ProviderDetails ?? {}))
  })

  await t.test('CreateIdentityProvider discovers the endpoints of an OIDC issuer that were not given', async (t) => {
    const { authorize_url, token_url, attributes_url, jwks_uri, ...bare } = OIDC
    const details = { ...bare, oidc_issuer: there }
    const { IdentityProvider } = await create('OIDC' as 'Google', details, { ProviderName: 'Local' })
    t.strictSame(IdentityProvider.ProviderDetails, {
      attributes_url_add_attributes: 'false',
      authorize_url: `${there}/authorize`,
      token_url: `${there}/token`,
      attributes_url: `${there}/me`,
      jwks_uri: `${there}/keys`,
      ...details,
    })
    t.strictSame(IdentityProvider.AttributeMapping, { username: 'sub' })
    for (const oidc_issuer of [`${there}/nowhere`, `${there}/broken`, 'http://127.0.0.1:1', 'issuer']) {
      const nowhere = create('OIDC' as 'Google', { ...bare, oidc_issuer }, { ProviderName: 'Nowhere' })
      await t.rejects(nowhere, refused('Unable to contact well-known endpoint'))
    }
  })

  await t.test('CreateIdentityProvider asks nobody when an OIDC provider comes with its endpoints', async (t) => {
    const AttributeMapping = { email: 'email', username: 'oid', 'custom:team': 'group' }
    const { IdentityProvider } = await create('OIDC' as 'Google', OIDC, { ProviderName: 'Okta', AttributeMapping })
    t.strictSame(IdentityProvider.ProviderDetails, { attributes_url_add_attributes: 'false', ...OIDC })
    t.strictSame(IdentityProvider.AttributeMapping, AttributeMapping)
  })

  await t.test('CreateIdentityProvider reads SAML metadata from a file or a URL', async (t) => {
    const MetadataFile = metadata('HTTP-Redirect')
    const details = { MetadataFile, EncryptedResponses: 'true' }
    const { IdentityProvider } = await create('SAML' as 'Google', details, {
      ProviderName: 'MySAML',
      AttributeMapping: { email: 'mail' },
      IdpIdentifiers: ['CorpSAML', 'WestSAML'],
    })
    const { ActiveEncryptionCertificate = '', ...rest } = IdentityProvider.ProviderDetails ?? {}
    t.strictSame(rest, {
      ...details,
      SSORedirectBindingURI: 'https://www.example.com/sso',
      SLORedirectBindingURI: 'https://www.example.com/slo?a=1&b=2',
    })
    const certificate = new X509Certificate(Buffer.from(ActiveEncryptionCertificate, 'base64'))
    t.equal(certificate.subject, `CN=${UserPoolId}`)
    t.ok(certificate.verify(certificate.publicKey))
    t.equal(new Date(certificate.validFrom).getTime(), START - (START % 1000))
    t.strictSame(IdentityProvider.AttributeMapping, { email: 'mail' })
    t.strictSame(IdentityProvider.IdpIdentifiers, ['CorpSAML', 'WestSAML'])

    const remote = await create('SAML' as 'Google', { MetadataURL: `${there}/metadata` }, { ProviderName: 'Remote' })
    t.equal(remote.IdentityProvider.ProviderDetails?.SSORedirectBindingURI, 'https://www.example.com/sso')
  })

  const refusals: [what: string, type: string, name: string, details: Record<string, string>, more: object, message: string | RegExp][] = [
    ['a social provider by another name', 'Google', 'NameOfGP', GOOGLE, {}, 'Provider NameOfGP cannot be of type Google.'],
    ['the name of a social provider for another type', 'OIDC', 'Google', OIDC, {}, 'Provider Google cannot be of type OIDC.'],
    ['the name of the pool itself', 'OIDC', 'COGNITO', OIDC, {}, 'Provider COGNITO cannot be of type OIDC.'],
    [
      'a mapping to an attribute that is not in the schema',
      'OIDC',
      'Okta2',
      OIDC,
      { AttributeMapping: { 'custom:zen_groups': 'x' } },
      'AttributeMapping contains invalid mapping: [custom:zen_groups]',
    ],
    [
      'SAML without metadata',
      'SAML',
      'Azure',
      { client_id: 'x' },
      {},
      'At least one of the MetadataURL or MetadataFile should be provided.',
    ],
    [
      'SAML without a redirect binding',
      'SAML',
      'Azure',
      { MetadataFile: metadata('HTTP-POST') },
      {},
      'No SingleSignOn Http redirect binding location found in metadata.',
    ],
    ['SAML that is no metadata', 'SAML', 'Azure', { MetadataFile: '<a/>' }, {}, /^Error parsing metadata/],
    [
      'SAML metadata that is not there',
      'SAML',
      'Azure',
      { MetadataURL: `${there}/gone` },
      {},
      `Non-ok status code 404 returned from remote metadata source ${there}/gone`,
    ],
    ['SAML metadata out of reach', 'SAML', 'Azure', { MetadataURL: 'ftp://a' }, {}, /^Unable to retrieve metadata/],
    [
      'an unknown signing algorithm',
      'SAML',
      'Azure',
      { MetadataFile: metadata('HTTP-Redirect'), RequestSigningAlgorithm: 'md5' },
      {},
      /RequestSigningAlgorithm/,
    ],
    ['missing details', 'OIDC', 'Okta2', { client_id: 'x' }, {}, /attributes_request_method, oidc_issuer, authorize_scopes$/],
    ['an identifier of another provider', 'OIDC', 'Okta2', OIDC, { IdpIdentifiers: ['WestSAML'] }, /WestSAML/],
  ]
  for (const [what, type, ProviderName, details, more, message] of refusals) {
    await t.test(`CreateIdentityProvider refuses ${what}`, (t) =>
      t.rejects(create(type as 'Google', details, { ProviderName, ...more }), { name: 'InvalidParameterException', message }),
    )
  }

  await t.test('CreateIdentityProvider wants what the pool requires to be mapped', async (t) => {
    const strict = await idp.cognito.CreateUserPool({
      PoolName: 'strict',
      Schema: [
        { Name: 'given_name', Required: true },
        { Name: 'family_name', Required: true },
      ],
    })
    const StrictId = strict.UserPool?.Id ?? ''
    await t.rejects(
      create('Google', GOOGLE, { UserPoolId: StrictId }),
      refused('The attribute mapping is missing required attributes [given_name, family_name]'),
    )
    const AttributeMapping = { given_name: 'given_name', family_name: 'family_name' }
    const { IdentityProvider } = await create('Google', GOOGLE, { UserPoolId: StrictId, AttributeMapping })
    t.strictSame(IdentityProvider.AttributeMapping, { ...AttributeMapping, username: 'sub' })
  })

  await t.test('DescribeIdentityProvider', async (t) => {
    const { IdentityProvider } = await idp.cognito.DescribeIdentityProvider({ UserPoolId, ProviderName: 'Okta' })
    t.equal(IdentityProvider.ProviderDetails?.oidc_issuer, 'https://auth.example.com')
    await t.rejects(idp.cognito.DescribeIdentityProvider({ UserPoolId, ProviderName: 'nobody' }), {
      name: 'ResourceNotFoundException',
      message: 'Identity provider nobody does not exist.',
    })
  })

  await t.test('GetIdentityProviderByIdentifier', async (t) => {
    const { IdentityProvider } = await idp.cognito.GetIdentityProviderByIdentifier({ UserPoolId, IdpIdentifier: 'WestSAML' })
    t.equal(IdentityProvider.ProviderName, 'MySAML')
    await t.rejects(idp.cognito.GetIdentityProviderByIdentifier({ UserPoolId, IdpIdentifier: 'NorthSAML' }), {
      name: 'ResourceNotFoundException',
    })
  })

  await t.test('UpdateIdentityProvider keeps what is left out and clears what is empty', async (t) => {
    idp.clock.advance(5000)
    const ProviderName = 'MySAML'
    const first = await idp.cognito.UpdateIdentityProvider({ UserPoolId, ProviderName, AttributeMapping: { name: 'cn' } })
    t.strictSame(first.IdentityProvider.AttributeMapping, { name: 'cn' })
    t.strictSame(first.IdentityProvider.IdpIdentifiers, ['CorpSAML', 'WestSAML'])
    t.equal(first.IdentityProvider.ProviderDetails?.EncryptedResponses, 'true')
    t.equal(first.IdentityProvider.LastModifiedDate, NOW + 5)
    t.equal(first.IdentityProvider.CreationDate, NOW)
    const empty = await idp.cognito.UpdateIdentityProvider({ UserPoolId, ProviderName, AttributeMapping: {}, IdpIdentifiers: [] })
    t.strictSame(empty.IdentityProvider.AttributeMapping, {})
    t.strictSame(empty.IdentityProvider.IdpIdentifiers, [])
    await t.rejects(idp.cognito.UpdateIdentityProvider({ UserPoolId, ProviderName: 'nobody' }), { name: 'ResourceNotFoundException' })
  })

  await t.test('ListIdentityProviders in pages', async (t) => {
    const first = await idp.cognito.ListIdentityProviders({ UserPoolId, MaxResults: 2 })
    t.strictSame(first.Providers, [
      { ProviderName: 'Google', ProviderType: 'Google', LastModifiedDate: NOW, CreationDate: NOW },
      { ProviderName: 'Facebook', ProviderType: 'Facebook', LastModifiedDate: NOW, CreationDate: NOW },
    ])
    const rest = await idp.cognito.ListIdentityProviders({ UserPoolId, MaxResults: 60, NextToken: first.NextToken })
    t.equal(rest.Providers.length, 6)
  })

  await t.test('DeleteIdentityProvider', async (t) => {
    t.equal(await idp.cognito.DeleteIdentityProvider({ UserPoolId, ProviderName: 'Okta' }), undefined)
    await t.rejects(idp.cognito.DeleteIdentityProvider({ UserPoolId, ProviderName: 'Okta' }), { name: 'ResourceNotFoundException' })
  })
})

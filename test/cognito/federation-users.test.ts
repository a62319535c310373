import { generateKeyPairSync } from 'node:crypto'
import { test } from 'tap'
import { emulator } from '../support/emulator.ts'
import { answerIn, comeInAs, federated, GOOGLE, idTokenFor, person, setOut, userOf } from '../support/federation.ts'
import { arn, recorder } from '../support/functions.ts'
import { browser, codeOf, requestOf } from '../support/oauth.ts'
import { makeUser } from '../support/sign-in.ts'

const ADA = { email: 'ada@example.com', email_verified: 'true', name: 'Ada' }
const text = (Name: string, more: object = {}) => ({ Name, AttributeDataType: 'String' as const, Mutable: true, ...more })

test('the other social providers', async (t) => {
  const idp = await emulator(t)
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const apple = { client_id: 'app', team_id: 'TEAM', key_id: 'KEY', private_key: pem, authorize_scopes: 'email name' }
  const kinds = [
    ['Facebook', { ...GOOGLE, authorize_scopes: 'public_profile,email', api_version: 'v17.0' }, '1234567890123456'],
    ['LoginWithAmazon', { ...GOOGLE, authorize_scopes: 'profile' }, 'amzn1.account.AHX'],
    ['SignInWithApple', apple, '000123.abc.0456'],
  ] as const
  for (const [type, ProviderDetails, id] of kinds) {
    await t.test(`${type} makes users by its own kind of id`, async (t) => {
      const world = await federated(idp, { ProviderName: type, ProviderType: type, ProviderDetails, AttributeMapping: { email: 'email' } })
      const { away } = await comeInAs(idp, world, type, id, ADA)
      t.match(await idTokenFor(idp, world, away), {
        'cognito:username': `${type}_${id}`,
        email: type === 'SignInWithApple' ? 'ada@example.com' : /ada/,
      })
      // One who is not yet anybody is offered an id in the manner of the provider.
      const { page } = await setOut(idp, world, type)
      t.match(page.text, /name="id" type="text" value="[^"]+"/)
    })
  }
})

test('attributes of those who come in through a provider', async (t) => {
  const idp = await emulator(t)

  await t.test('are only what the provider said, whatever name a mapping gives', async (t) => {
    const AttributeMapping = { email: 'email', name: 'constructor' }
    const world = await federated(idp, { ProviderName: 'Google', ProviderType: 'Google', ProviderDetails: GOOGLE, AttributeMapping })
    await comeInAs(idp, world, 'Google', '7', ADA)
    t.equal((await userOf(idp, world, 'Google_7')).attributes.name, undefined)
  })

  await t.test('must be there if the pool requires them, at the first time and after', async (t) => {
    const Schema = [text('email', { Required: true })]
    const world = await federated(idp, {}, { Schema })
    const { away } = await comeInAs(idp, world, 'Google', '1', { name: 'Ada' })
    t.strictSame(answerIn(away), { error_description: 'attributes required: [email]', state: 'state-1', error: 'invalid_request' })
    await comeInAs(idp, world, 'Google', '1', ADA)
    const { seen } = await setOut(idp, world, 'Google')
    const emptied = await seen.submit('anybody', { ...person('1', { name: 'Ada' }), more: '{"email": ""}' })
    t.match(answerIn(emptied.away as URL), {
      error_description: 'Invalid user attributes: email: Required attribute cannot be deleted\n ',
      error: 'invalid_request',
    })
  })

  await t.test('keep the person out the second time if the pool does not let them change, whatever their value', async (t) => {
    const world = await federated(idp, {}, { Schema: [text('email', { Mutable: false })] })
    const first = await comeInAs(idp, world, 'Google', '1', ADA)
    t.ok(first.away.searchParams.get('code'))
    const { away } = await comeInAs(idp, world, 'Google', '1', ADA)
    t.strictSame(answerIn(away), {
      error_description: 'user.email: Attribute cannot be updated.\n ',
      state: 'state-1',
      error: 'invalid_request',
    })
  })

  await t.test('are written as text, lists in brackets, tokens too; an empty one is taken away', async (t) => {
    const mapping = {
      email: 'email',
      email_verified: 'email_verified',
      'custom:groups': 'groups',
      'custom:token': 'access_token',
      nickname: 'nick',
    }
    const Schema = [text('groups'), text('token')]
    const world = await federated(idp, { AttributeMapping: mapping }, { Schema })
    const { seen } = await setOut(idp, world, 'Google')
    await seen.submit('anybody', { ...person('1', ADA), more: '{"groups": ["a b", "c-d", 5], "nick": "A"}' })
    const { attributes } = await userOf(idp, world, 'Google_1')
    t.match(attributes, { email_verified: 'true', 'custom:groups': '[a+b,c-d,5]', 'custom:token': /^[\w-]{32}$/, nickname: 'A' })
    const again = await setOut(idp, world, 'Google')
    await again.seen.submit('anybody', { ...person('1', ADA), more: '{"nick": ""}' })
    const after = (await userOf(idp, world, 'Google_1')).attributes
    t.strictSame([after.nickname, after['custom:groups']], [undefined, '[a+b,c-d,5]'])
    const long = await setOut(idp, world, 'Google')
    const { away } = await long.seen.submit('anybody', { ...person('1', ADA), more: JSON.stringify({ nick: 'x'.repeat(2049) }) })
    t.match(answerIn(away as URL).error_description, 'nickname: String must be no longer than 2048 characters')
  })

  await t.test('keep the person out the second time if the client may not write them, too', async (t) => {
    const AttributeMapping = { email: 'email', email_verified: 'email_verified', name: 'name' }
    const world = await federated(idp, { AttributeMapping }, {}, { WriteAttributes: ['email'] })
    await comeInAs(idp, world, 'Google', '1', ADA)
    const { attributes } = await userOf(idp, world, 'Google_1')
    t.match(attributes, { email: 'ada@example.com', email_verified: 'true', name: 'Ada' })
    const { away } = await comeInAs(idp, world, 'Google', '1', ADA)
    t.strictSame(answerIn(away), {
      error_description: 'user.name: Attribute cannot be updated.\n ',
      state: 'state-1',
      error: 'invalid_request',
    })
    const nameless = await comeInAs(idp, world, 'Google', '1', { email: 'ada@lovelace.example', email_verified: 'true' })
    t.ok(nameless.away.searchParams.get('code'), 'what was not said is not written')
    t.equal((await userOf(idp, world, 'Google_1')).attributes.email, 'ada@lovelace.example')
  })

  await t.test('make nobody whose name would be longer than names may be', async (t) => {
    const world = await federated(idp)
    const fits = await comeInAs(idp, world, 'Google', '1'.repeat(121), ADA)
    t.ok(fits.away.searchParams.get('code'))
    const { away } = await comeInAs(idp, world, 'Google', '2'.repeat(122), ADA)
    t.match(answerIn(away), {
      error_description:
        /^1 validation error detected: Value 'Google_2{122}' at 'userName' failed to satisfy constraint: Member must have length less than or equal to 128 $/,
      error: 'invalid_request',
    })
  })

  await t.test('make nobody where they name no subject', async (t) => {
    const world = await federated(idp, { AttributeMapping: { username: 'employee', email: 'email' } })
    const { away } = await comeInAs(idp, world, 'Google', '1', ADA)
    t.match(answerIn(away), { error_description: 'username attribute mapping required', error: 'invalid_request' })
    const { seen } = await setOut(idp, world, 'Google')
    await seen.submit('anybody', { ...person('1', ADA), more: '{"employee": "E-1"}' })
    t.equal((await userOf(idp, world, 'Google_E-1')).UserStatus, 'EXTERNAL_PROVIDER')
  })

  await t.test('are of a profile of its own beside a local user of the same address', async (t) => {
    const world = await federated(idp, {}, { UsernameAttributes: ['email'], UsernameConfiguration: { CaseSensitive: false } })
    await makeUser(idp, world, 'ada@example.com', { email_verified: 'true' })
    const { away } = await comeInAs(idp, world, 'Google', 'AbC', ADA)
    t.equal((await userOf(idp, world, 'Google_AbC')).Username, 'google_abc')
    t.equal((await idTokenFor(idp, world, away))['cognito:username'], 'google_abc')
    const { Username } = await userOf(idp, world, 'ada@example.com')
    t.not(Username, 'google_abc')
    // A function knows no more of a newcomer than the folded name.
    await idp.cognito.AdminLinkProviderForUser({
      UserPoolId: world.pool,
      DestinationUser: { ProviderName: 'Cognito', ProviderAttributeValue: Username ?? '' },
      SourceUser: { ProviderName: 'Google', ProviderAttributeName: 'Cognito_Subject', ProviderAttributeValue: 'xyz' },
    })
    const linked = await comeInAs(idp, world, 'Google', 'XyZ', ADA)
    t.equal((await idTokenFor(idp, world, linked.away))['cognito:username'], Username)
  })
})

test('functions of the pool, when somebody comes in through a provider', async (t) => {
  const idp = await emulator(t)
  const calls = await recorder(t)
  const names = ['PreSignUp', 'PostConfirmation', 'PreAuthentication', 'PostAuthentication', 'PreTokenGeneration', 'CustomMessage'] as const
  const LambdaConfig = {
    ...Object.fromEntries(names.map((name) => [name, arn('all')])),
    InboundFederation: { LambdaVersion: 'V1_0' as const, LambdaArn: arn('all') },
  }
  await idp.request('PUT', '/_/cognito/functions', { arn: arn('all'), target: calls.url })
  const world = await federated(idp, {}, { LambdaConfig })
  const sources = () => calls.events.map(({ triggerSource }) => triggerSource)

  await t.test('are those of a sign-up the first time, of a sign-in after (H13)', async (t) => {
    const { away } = await comeInAs(idp, world, 'Google', '1', ADA)
    await idTokenFor(idp, world, away)
    t.strictSame(sources(), [
      'InboundFederation_ExternalProvider',
      'PreSignUp_ExternalProvider',
      'PostConfirmation_ConfirmSignUp',
      'TokenGeneration_HostedAuth',
    ])
    const [inbound, signUp] = calls.events
    t.match(inbound?.request, {
      providerName: 'Google',
      providerType: 'Google',
      attributes: { idToken: { sub: '1', email: 'ada@example.com' }, userInfo: { name: 'Ada' }, tokenResponse: { token_type: 'Bearer' } },
    })
    t.equal(signUp?.userName, 'Google_1')
    t.strictSame(signUp?.request.userAttributes, {
      email: 'ada@example.com',
      name: 'Ada',
      email_verified: 'false',
      'cognito:email_alias': '',
      'cognito:phone_number_alias': '',
    })
    calls.clear()
    const again = await comeInAs(idp, world, 'Google', '1', ADA)
    await idTokenFor(idp, world, again.away)
    t.strictSame(sources(), [
      'InboundFederation_ExternalProvider',
      'PreAuthentication_Authentication',
      'PostAuthentication_Authentication',
      'TokenGeneration_HostedAuth',
    ])
  })

  const refusing: [source: string, id: string, description: string][] = [
    ['PreSignUp_ExternalProvider', '2', 'PreSignUp failed with error Not you. '],
    ['PostConfirmation_ConfirmSignUp', '3', 'PostConfirmation failed with error Not you. '],
    ['PreAuthentication_Authentication', '1', 'PreAuthentication failed with error Not you. '],
    ['PostAuthentication_Authentication', '1', 'PostAuthentication failed with error Not you. '],
    ['InboundFederation_ExternalProvider', '1', 'InboundFederation failed with error Not you. '],
  ]
  for (const [source, id, description] of refusing) {
    await t.test(`tell the client why they refuse: ${source} (O17)`, async (t) => {
      calls.clear()
      calls.answers[source] = () => new Error('Not you')
      const { away } = await comeInAs(idp, world, 'Google', id, ADA)
      t.strictSame(answerIn(away), { error_description: description, state: 'state-1', error: 'invalid_request' })
      calls.clear()
    })
  }

  await t.test('tell a client of the implicit grant where it looks for the answer', async (t) => {
    calls.clear()
    calls.answers.PreSignUp_ExternalProvider = () => new Error('Not you')
    const { away } = await comeInAs(idp, world, 'Google', '4', ADA, { response_type: 'token' })
    t.equal(away.search, '')
    t.strictSame(Object.fromEntries(new URLSearchParams(away.hash.slice(1))), {
      error_description: 'PreSignUp failed with error Not you. ',
      state: 'state-1',
      error: 'invalid_request',
    })
    calls.clear()
  })

  await t.test('leave nobody behind whom PreSignUp refused', async (t) => {
    await t.rejects(userOf(idp, world, 'Google_2'), { name: 'UserNotFoundException' })
    t.equal((await userOf(idp, world, 'Google_3')).UserStatus, 'EXTERNAL_PROVIDER')
  })

  await t.test('may say what the provider is to have said', async (t) => {
    calls.clear()
    calls.answers.InboundFederation_ExternalProvider = () => ({ userAttributesToMap: { sub: '1', email: 'other@example.com' } })
    await comeInAs(idp, world, 'Google', '1', { ...ADA, name: 'Changed' })
    const { attributes } = await userOf(idp, world, 'Google_1')
    t.strictSame([attributes.email, attributes.name], ['other@example.com', 'Ada'])
    calls.clear()
  })

  await t.test('that link the newcomer while they are asked end this sign-in, and let in the next (cognito-facts 199)', async (t) => {
    calls.clear()
    await makeUser(idp, world, 'local', { email: 'local@example.com' })
    calls.answers.PreSignUp_ExternalProvider = async () => {
      await idp.cognito.AdminLinkProviderForUser({
        UserPoolId: world.pool,
        DestinationUser: { ProviderName: 'Cognito', ProviderAttributeValue: 'local' },
        SourceUser: { ProviderName: 'Google', ProviderAttributeName: 'Cognito_Subject', ProviderAttributeValue: '9' },
      })
      return {}
    }
    const first = await comeInAs(idp, world, 'Google', '9', ADA)
    t.strictSame(answerIn(first.away), {
      error_description: 'Already found an entry for username Google_9',
      state: 'state-1',
      error: 'invalid_request',
    })
    const { away } = await comeInAs(idp, world, 'Google', '9', ADA)
    t.match(await idTokenFor(idp, world, away), { 'cognito:username': 'local', email: 'local@example.com' })
  })
})

test('linked and disabled identities', async (t) => {
  const idp = await emulator(t)
  const world = await federated(idp, {
    ProviderName: 'Okta',
    ProviderType: 'OIDC',
    ProviderDetails: { ...GOOGLE, oidc_issuer: 'https://upstream.localhost/okta', attributes_request_method: 'GET' },
    AttributeMapping: { email: 'email', name: 'name' },
  })
  const sub = await makeUser(idp, world, 'eve', { email: 'eve@example.com', email_verified: 'true', name: 'Eve' })
  const source = (ProviderAttributeName: string, ProviderAttributeValue: string) => ({
    ProviderName: 'Okta',
    ProviderAttributeName,
    ProviderAttributeValue,
  })
  const DestinationUser = { ProviderName: 'Cognito', ProviderAttributeValue: 'eve' }
  const UserPoolId = world.pool

  await t.test('come in as the user they are linked to, who keeps the own profile (O16)', async (t) => {
    await idp.cognito.AdminLinkProviderForUser({ UserPoolId, DestinationUser, SourceUser: source('Cognito_Subject', 'okta-1') })
    await idp.cognito.AdminLinkProviderForUser({ UserPoolId, DestinationUser, SourceUser: source('email', 'eve@corp.example') })
    for (const [id, email] of [
      ['okta-1', 'x@corp.example'],
      ['okta-2', 'eve@corp.example'],
    ] as const) {
      const { away } = await comeInAs(idp, world, 'Okta', id, { email, name: 'Somebody' })
      t.match(await idTokenFor(idp, world, away), { sub, 'cognito:username': 'eve', email: 'eve@example.com', name: 'Eve' })
    }
    const { Groups } = await idp.cognito.AdminListGroupsForUser({ UserPoolId, Username: 'eve' })
    t.strictSame(Groups, [])
  })

  await t.test('come in as themselves once they are parted', async (t) => {
    await idp.cognito.AdminDisableProviderForUser({ UserPoolId, User: source('Cognito_Subject', 'okta-1') })
    const { away } = await comeInAs(idp, world, 'Okta', 'okta-1', { email: 'x@corp.example' })
    t.match(await idTokenFor(idp, world, away), { 'cognito:username': 'Okta_okta-1' })
  })

  await t.test('stay out when they are disabled', async (t) => {
    await idp.cognito.AdminDisableProviderForUser({ UserPoolId, User: source('Cognito_Subject', 'okta-1') })
    const { away } = await comeInAs(idp, world, 'Okta', 'okta-1', { email: 'x@corp.example' })
    t.strictSame(answerIn(away), { error_description: 'User is not enabled', state: 'state-1', error: 'invalid_request' })
    const local = await codeOf(idp, world, 'eve')
    t.ok(local)
  })
})

test('where the login page leads to providers', async (t) => {
  const idp = await emulator(t, { settings: { rooms: { cognito: { instantSignIn: true } } } })
  const corp = { ProviderName: 'Corp', ProviderType: 'OIDC' as const, IdpIdentifiers: ['corp.example', 'corp'] }
  const ProviderDetails = { ...GOOGLE, oidc_issuer: 'https://upstream.localhost/corp', attributes_request_method: 'GET' }

  await t.test('by the domain of an address where each provider has identifiers', async (t) => {
    const world = await federated(idp, { ...corp, ProviderDetails })
    const seen = browser(idp)
    await seen.go(`/oauth2/authorize?${requestOf(world)}`)
    t.notMatch(seen.last?.text, 'provider-Corp')
    const wrong = await seen.submit('corporate', { address: 'eva@other.example' })
    t.equal(wrong.status, 400)
    const there = await seen.submit('corporate', { address: 'Eva@Corp.Example' })
    t.equal(there.page, 'upstream')
    const direct = await browser(idp).go(`/oauth2/authorize?${requestOf(world, { idp_identifier: 'corp' })}`)
    t.equal(direct.page, 'upstream')
  })

  await t.test('at once where there is nothing else for the client, and the own users stay out', async (t) => {
    const world = await federated(idp, {}, {}, { SupportedIdentityProviders: ['Google'] })
    const only = await browser(idp).go(`/oauth2/authorize?${requestOf(world)}`)
    t.equal(only.page, 'upstream')
    await idp.cognito.CreateIdentityProvider({ UserPoolId: world.pool, ...corp, IdpIdentifiers: [], ProviderDetails })
    const { UserPoolClient } = await idp.cognito.DescribeUserPoolClient({ UserPoolId: world.pool, ClientId: world.client })
    const { LastModifiedDate, CreationDate, ...settings } = UserPoolClient ?? {}
    await idp.cognito.UpdateUserPoolClient({
      ...(settings as { UserPoolId: string; ClientId: string }),
      SupportedIdentityProviders: ['Google', 'Corp'],
    })
    const seen = browser(idp)
    const page = await seen.go(`/oauth2/authorize?${requestOf(world)}`)
    t.equal(page.page, 'login')
    t.match(page.text, 'provider-Google')
    t.match(page.text, 'provider-Corp')
    t.notMatch(page.text, 'form-login')
    await makeUser(idp, world, 'local')
    const sent = await seen.post(`/login?${requestOf(world)}`, { username: 'local', _csrf: seen.cookies.get('XSRF-TOKEN') })
    t.match(sent.page, 'error')
  })

  await t.test('without a page for somebody whom the request names, where that is allowed', async (t) => {
    const world = await federated(idp)
    await comeInAs(idp, world, 'Google', '77', ADA)
    const { away } = await browser(idp).go(`/oauth2/authorize?${requestOf(world, { identity_provider: 'Google', login_hint: ADA.email })}`)
    t.match(await idTokenFor(idp, world, away as URL), { 'cognito:username': 'Google_77' })
  })
})

import { test } from 'tap'
import { emulator, START } from '../support/emulator.ts'
import { answerIn, comeInAs, federated, GOOGLE, idTokenFor, person, setOut } from '../support/federation.ts'
import { browser, CALLBACK, requestOf, SITE } from '../support/oauth.ts'
import { makeKey, metadata, requestIn, respond } from '../support/saml-provider.ts'
import { makeUser, PASSWORD } from '../support/sign-in.ts'

const OKTA = { ...GOOGLE, oidc_issuer: 'https://upstream.localhost/okta', attributes_request_method: 'GET' }
const details = { MetadataURL: 'https://upstream.localhost/metadata' }
const apple = { client_id: 'app', team_id: 'T', key_id: 'K', private_key: 'none', authorize_scopes: 'email' }

const kinds = [
  ['Okta', 'OIDC', OKTA, true, true],
  ['Google', 'Google', GOOGLE, true, true],
  ['Facebook', 'Facebook', { ...GOOGLE, api_version: 'v17.0' }, false, true],
  ['LoginWithAmazon', 'LoginWithAmazon', GOOGLE, false, true],
  ['SignInWithApple', 'SignInWithApple', apple, false, true],
  ['Corp', 'SAML', details, false, false],
] as const

test('what of a request is handed on to providers', async (t) => {
  const idp = await emulator(t)
  for (const [ProviderName, ProviderType, ProviderDetails, hears, asks] of kinds) {
    await t.test(
      `${ProviderType}: the hint ${hears ? 'is' : 'is not'}, the prompts ${asks ? 'are' : 'are not'} (guide, the authorize endpoint)`,
      async (t) => {
        const world = await federated(idp, { ProviderName, ProviderType, ProviderDetails })
        const toldBy = async (more: Record<string, string>) => {
          const { headers } = await idp.request(
            'GET',
            `/oauth2/authorize?${requestOf(world, { identity_provider: ProviderName, ...more })}`,
          )
          return new URL(String(headers.location))
        }
        const all = { login_hint: 'ada@example.com', prompt: 'login consent', max_age: '60', lang: 'de', nonce: 'client-nonce' }
        const to = await toldBy(all)
        const query = answerIn(to)
        t.equal(query.login_hint, hears ? 'ada@example.com' : undefined)
        t.equal(query.prompt, asks ? 'login consent' : undefined)
        t.strictSame([query.max_age, query.lang, query.poolhouse_hint], [undefined, undefined, undefined])
        t.notOk('nonce' in query)
        t.equal((await toldBy({ prompt: 'select_account' })).searchParams.get('prompt'), asks ? 'select_account' : null)
        t.notOk((await toldBy({})).searchParams.has('prompt'))
        if (ProviderType === 'SAML') t.notMatch(requestIn(to), /ForceAuthn|Subject/)
      },
    )
  }

  await t.test('also by the buttons of the login page', async (t) => {
    const world = await federated(idp)
    const seen = browser(idp)
    await seen.go(`/oauth2/authorize?${requestOf(world, { prompt: 'login', login_hint: 'ada@example.com' })}`)
    await seen.submit('provider-Google')
    const { searchParams } = new URL(String(seen.last?.url))
    t.strictSame([searchParams.get('prompt'), searchParams.get('login_hint')], ['login', 'ada@example.com'])
  })

  await t.test('whoever is signed in chooses an account there all the same', async (t) => {
    const world = await federated(idp)
    const { seen } = await comeInAs(idp, world, 'Google', 'g1', {}, { scope: 'openid' })
    const go = async (more: Record<string, string>) => seen.go(`/oauth2/authorize?${requestOf(world, { scope: 'openid', ...more })}`)
    t.ok((await go({ identity_provider: 'Google' })).away?.searchParams.get('code'), 'there is a session')
    t.ok((await go({ prompt: 'select_account' })).away?.searchParams.get('code'), 'nobody is sent anywhere')
    for (const prompt of ['select_account', 'consent', 'login']) {
      const there = await go({ identity_provider: 'Google', prompt })
      t.equal(new URL(there.url, SITE).searchParams.get('prompt'), prompt)
    }
  })

  await t.test('whom to let in at once, to any built-in upstream that may', async (t) => {
    const idp = await emulator(t, { settings: { rooms: { cognito: { instantSignIn: true } } } })
    for (const [ProviderName, ProviderType, ProviderDetails] of kinds) {
      const world = await federated(idp, { ProviderName, ProviderType, ProviderDetails, AttributeMapping: {} })
      const { seen } = await setOut(idp, world, ProviderName)
      const made = await seen.submit('anybody', person('77', { email: 'ada@example.com' }))
      if (made.page === 'upstream-answer') await seen.submit('answer')
      const at = `/oauth2/authorize?${requestOf(world, { identity_provider: ProviderName, login_hint: '77' })}`
      const again = browser(idp)
      await again.go(at)
      if (again.last?.page === 'upstream-answer') await again.submit('answer')
      t.match(await idTokenFor(idp, world, again.last?.away as URL), { 'cognito:username': `${ProviderName}_77` })
      if (ProviderType !== 'SAML') t.equal((await browser(idp).go(`${at}&prompt=login`)).page, 'upstream', 'who is to be asked, is asked')
    }
  })
})

test('a session of the pages serves the provider that it came of (amplify-js#14897)', async (t) => {
  const idp = await emulator(t)
  const world = await federated(
    idp,
    { ProviderName: 'Okta', ProviderType: 'OIDC', ProviderDetails: OKTA, IdpIdentifiers: ['okta.example'] },
    {},
    {},
  )
  const UserPoolId = world.pool
  await idp.cognito.CreateIdentityProvider({ UserPoolId, ProviderName: 'Google', ProviderType: 'Google', ProviderDetails: GOOGLE })
  const { UserPoolClient } = await idp.cognito.DescribeUserPoolClient({ UserPoolId, ClientId: world.client })
  const { LastModifiedDate, CreationDate, ...settings } = UserPoolClient ?? {}
  await idp.cognito.UpdateUserPoolClient({
    ...(settings as { UserPoolId: string; ClientId: string }),
    SupportedIdentityProviders: ['COGNITO', 'Google', 'Okta'],
  })
  await makeUser(idp, world, 'local')

  /** What a request comes to: the user of the code, the page, or the error. */
  const resumed = async (seen: ReturnType<typeof browser>, more: Record<string, string>) => {
    const { away, page } = await seen.go(`/oauth2/authorize?${requestOf(world, more)}`)
    if (away?.searchParams.has('code')) return (await idTokenFor(idp, world, away))['cognito:username']
    return away?.searchParams.get('error') ?? page
  }
  const rows: [named: Record<string, string>, local: string, okta: string][] = [
    [{}, 'local', 'Okta_1'],
    [{ identity_provider: 'COGNITO' }, 'local', 'login'],
    [{ identity_provider: 'Okta' }, 'upstream', 'Okta_1'],
    [{ idp_identifier: 'okta.example' }, 'upstream', 'Okta_1'],
    [{ identity_provider: 'Google' }, 'upstream', 'upstream'],
  ]
  const local = browser(idp)
  await local.go(`/oauth2/authorize?${requestOf(world)}`)
  await local.submit('login', { username: 'local', password: PASSWORD })
  const { seen: okta } = await comeInAs(idp, world, 'Okta', '1', { email: 'o@example.com' })
  for (const [named, byLocal, byOkta] of rows) {
    const silently = (expected: string) => (['login', 'upstream'].includes(expected) ? 'login_required' : expected)
    t.equal(await resumed(local, named), byLocal, JSON.stringify(named))
    t.equal(await resumed(okta, named), byOkta, JSON.stringify(named))
    t.equal(await resumed(local, { ...named, prompt: 'none' }), silently(byLocal))
    t.equal(await resumed(okta, { ...named, prompt: 'none' }), silently(byOkta))
  }
  // Whoever comes in by another provider then is the one who is signed in.
  await okta.go(`/oauth2/authorize?${requestOf(world, { identity_provider: 'Google' })}`)
  await okta.submit('anybody', person('9', { email: 'g@example.com' }))
  t.equal(await resumed(okta, {}), 'Google_9')
  // Only SAML's providers hear of a sign-out.
  const out = await okta.go(`/logout?client_id=${world.client}&logout_uri=${encodeURIComponent('https://app.example/bye')}`)
  t.equal(out.away?.href, 'https://app.example/bye')
  t.equal(await resumed(okta, {}), 'login')
})

test('a RelayState is judged as a request for authorization is', async (t) => {
  const idp = await emulator(t)
  const key = makeKey()
  const ProviderDetails = { MetadataFile: metadata(key), IDPInit: 'true' }
  const client = { SupportedIdentityProviders: ['Corp'] }
  const world = await federated(idp, { ProviderName: 'Corp', ProviderType: 'SAML', ProviderDetails }, {}, client)
  const recipient = `${SITE}/saml2/idpresponse`
  let count = 0
  const post = (relayState: string) =>
    browser(idp).post('/saml2/idpresponse', {
      SAMLResponse: respond({ key, audience: `urn:amazon:cognito:sp:${world.pool}`, recipient, now: START, id: `_r${++count}` }),
      RelayState: relayState,
    })
  const relayState = requestOf(world, { identity_provider: 'Corp', scope: 'openid' })
  t.ok((await post(relayState)).away?.searchParams.get('code'))
  const cases: [what: string, more: string, error: string][] = [
    ['a scope twice', '&scope=email', 'invalid_request'],
    ['a state twice', '&state=other', 'invalid_request'],
    ['a provider twice', '&identity_provider=Other', 'invalid_request'],
    ['no such prompt', '&prompt=now', 'invalid_request'],
  ]
  for (const [what, more, error] of cases) {
    const { away } = await post(relayState + more)
    t.equal(`${away?.origin}${away?.pathname}`, CALLBACK, what)
    t.equal(away?.searchParams.get('error'), error, what)
  }
  for (const more of [`&client_id=${world.client}`, '&redirect_uri=https://evil.test/']) {
    const { away, status } = await post(relayState + more)
    t.ok(away === undefined ? status === 400 : away.searchParams.has('error'), more)
    t.not(away?.origin, 'https://evil.test')
  }
})

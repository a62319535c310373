import { X509Certificate } from 'node:crypto'
import type { SamlConfig } from '@node-saml/node-saml'
import { test } from 'tap'
import type { Browser } from '../support/browser.ts'
import { browser, post, SITE } from '../support/oauth.ts'
import { only } from '../support/only.ts'
import { ORGANIZATION, PASSWORD } from '../support/yandex.ts'
import { addApplication, askingFor, assign, CHOSEN } from '../support/yandex-oauth.ts'
import {
  ACS,
  CERTIFICATES,
  EMAIL,
  formOf,
  makeSamlWorld,
  PERSISTENT,
  SAML_APPLICATIONS,
  SLO,
  signInBySaml,
} from '../support/yandex-saml.ts'

test('signing in', async (t) => {
  const world = await makeSamlWorld(t)
  const { idp, user, urls } = world

  t.test('by a redirect, with signed assertions', async (t) => {
    const seen = browser(idp)
    const sp = await world.provider()
    const form = await signInBySaml(world, sp, seen)
    t.strictSame([form.action, form.RelayState], [ACS, 'here &amp; there'])
    t.equal(seen.last?.page, 'saml')
    t.match(seen.last?.text, '· Yandex Identity Hub</title>')
    t.notMatch(seen.last?.text, '_csrf')
    t.match(seen.last?.headers['content-security-policy'], /script-src 'sha256-/)
    const { profile } = await sp.validatePostResponseAsync(form)
    t.match(profile, {
      issuer: urls.issuer,
      nameID: user.username,
      nameIDFormat: EMAIL,
      givenname: 'Ada',
      fullname: user.fullName,
      surname: 'Lovelace',
      emailaddress: 'ada@example.com',
      sessionIndex: /^[0-9a-f-]{36}$/,
    })
    t.equal((await seen.go(seen.last?.url ?? '')).status, 400, 'the answer is fetched once')
    t.match(seen.last?.text, /fetched already/)

    await seen.go(await sp.getAuthorizeUrlAsync('', undefined, {}))
    t.equal(seen.last?.page, 'saml', 'who is signed in is not asked again')
    const forced = await world.provider({ forceAuthn: true })
    t.equal((await seen.go(await forced.getAuthorizeUrlAsync('', undefined, {}))).page, 'login')
    t.equal(seen.text('submit-continue'), undefined)
  })

  t.test('by a form of another site', async (t) => {
    const sp = await world.provider({ authnRequestBinding: 'HTTP-POST', skipRequestCompression: true })
    const html = await sp.getAuthorizeFormAsync('state')
    const SAMLRequest = /name="SAMLRequest" value="([^"]*)"/.exec(html)?.[1] ?? ''
    const { status, headers } = await post(idp, new URL(urls.ssoUrl).pathname, { SAMLRequest, RelayState: 'state' })
    t.equal(status, 302)
    const kept = String(headers.location)
    const other = await world.api.done('POST', SAML_APPLICATIONS, {
      organizationId: ORGANIZATION,
      name: 'another',
      serviceProvider: { entityId: 'another', acsUrls: [{ url: 'https://another.example/acs' }] },
    })
    const crossed = await browser(idp).go(kept.replace(world.application.id, other.id))
    t.equal(crossed.status, 400, 'what was asked of one application is not answered by another')
    t.match(crossed.text, `not to ${other.id}`)
    const seen = browser(idp)
    t.equal((await seen.go(kept)).page, 'login')
    await seen.submit('login', { username: user.username, password: CHOSEN })
    t.match((await sp.validatePostResponseAsync(formOf(seen))).profile, { nameID: user.username })
  })

  t.test('as much signed as the application says', async (t) => {
    const cases = [
      ['RESPONSE', { wantAssertionsSigned: false, wantAuthnResponseSigned: true }],
      ['RESPONSE_AND_ASSERTIONS', { wantAssertionsSigned: true, wantAuthnResponseSigned: true }],
      ['ASSERTIONS', { wantAssertionsSigned: true, wantAuthnResponseSigned: false }],
    ] as const
    for (const [signatureMode, wants] of cases) {
      await world.change('securitySettings', { securitySettings: { signatureMode } })
      const sp = await world.provider(wants)
      const form = await signInBySaml(world, sp)
      t.match((await sp.validatePostResponseAsync(form)).profile, { nameID: user.username }, signatureMode)
      const xml = Buffer.from(form.SAMLResponse, 'base64').toString()
      t.equal(xml.match(/<ds:Signature /g)?.length, signatureMode === 'RESPONSE_AND_ASSERTIONS' ? 2 : 1)
      const changed = Buffer.from(xml.replace('>Ada<', '>Eve<')).toString('base64')
      t.match(xml, '>Ada<', 'there is something to change')
      const message = wants.wantAuthnResponseSigned ? 'Invalid document signature' : 'Invalid signature'
      await t.rejects(sp.validatePostResponseAsync({ SAMLResponse: changed }), { message }, signatureMode)
    }
  })

  t.test('by the certificate that is active', async (t) => {
    const before = await world.provider()
    const { id } = await world.api.done('POST', CERTIFICATES, {
      applicationId: world.application.id,
      name: 'next',
    })
    await before.validatePostResponseAsync(await signInBySaml(world, before))
    await world.change('securitySettings.signatureCertificateId', { securitySettings: { signatureCertificateId: id } })
    const after = await world.provider()
    t.match((await after.validatePostResponseAsync(await signInBySaml(world, after))).profile, { nameID: user.username })
    const { body } = await idp.request('GET', new URL(urls.metadataUrl).pathname)
    const listed = [...String(body).matchAll(/<ds:X509Certificate>([^<]+)</g)].map(([, der = '']) =>
      new X509Certificate(Buffer.from(der, 'base64')).toString(),
    )
    t.equal(listed.length, 2)
  })
  t.end()
})

test('names and attributes', async (t) => {
  const world = await makeSamlWorld(t, {
    attributeMapping: {
      nameId: { format: 'PERSISTENT' },
      attributes: [
        { name: 'login', value: 'SubjectClaims.preferred_username' },
        { name: 'title', value: 'SubjectClaims.job_title' },
        { name: 'phone', value: 'SubjectClaims.phone_number' },
      ],
    },
    groupClaimsSettings: { groupDistributionType: 'ALL_GROUPS', groupAttributeName: 'memberOf' },
  })
  const { api, user } = world
  const profile = async (more: Partial<SamlConfig> = {}) => {
    const sp = await world.provider(more)
    return (await sp.validatePostResponseAsync(await signInBySaml(world, sp))).profile
  }
  const groups = await Promise.all(
    ['staff', 'others'].map((name) => api.done('POST', '/organization-manager/v1/groups', { organizationId: ORGANIZATION, name })),
  )
  for (const { id } of groups) {
    const memberDeltas = [{ action: 'ADD', subjectId: user.id }]
    await api.done('POST', `/organization-manager/v1/groups/${id}:updateMembers`, { memberDeltas })
  }
  const first = await profile()
  t.match(first, { nameID: user.id, nameIDFormat: PERSISTENT, login: user.username, title: 'Analyst', memberOf: only('staff', 'others') })
  t.notOk(first !== null && 'phone' in first, 'what the user has not is not told')
  t.match(await profile({ identifierFormat: EMAIL }), { nameID: user.username, nameIDFormat: EMAIL }, 'the request goes before the setting')
  await t.rejects(profile({ identifierFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' }), /InvalidNameIDPolicy|Requester/)

  await world.assignment(groups[0]?.id)
  await world.change('groupClaimsSettings', {
    groupClaimsSettings: { groupDistributionType: 'ASSIGNED_GROUPS', groupAttributeName: 'memberOf' },
  })
  t.match(await profile(), { memberOf: 'staff' })
  await world.change('groupClaimsSettings', { groupClaimsSettings: { groupDistributionType: 'NONE', groupAttributeName: 'memberOf' } })
  const last = await profile()
  t.notOk(last !== null && 'memberOf' in last)
})

test('requests that are refused', async (t) => {
  const world = await makeSamlWorld(t)
  const { idp, api, urls, application } = world
  const sso = new URL(urls.ssoUrl).pathname
  const told = async (url: string) => {
    const seen = browser(idp)
    const { status, page } = await seen.go(url)
    return { status, page, error: seen.text('error'), text: seen.last?.text }
  }
  const by = async (more: Partial<SamlConfig>) => told(await (await world.provider(more)).getAuthorizeUrlAsync('', undefined, {}))

  t.match(await told(`${SITE}${sso}`), { status: 400, error: 'invalid_request', text: /no SAMLRequest/ })
  t.match(await told(`${SITE}${sso}?SAMLRequest=nonsense`), { status: 400, error: 'invalid_request', text: /not deflated/ })
  t.match(await told(`${SITE}${sso}?request=nonsense`), { status: 400, error: 'invalid_request', text: /not known here/ })
  t.match(await told(`${SITE}/auth/login?saml=nonsense`), { status: 400, page: 'error' })
  t.match(await told(`${SITE}/saml/application/ek0nobody/sso`), { status: 400, error: 'invalid_client' })
  t.match(await by({ issuer: 'another' }), { status: 400, error: 'invalid_client', text: /is by another/ })
  t.match(await by({ callbackUrl: 'https://evil.example/<b>' }), {
    status: 400,
    error: 'redirect_mismatch',
    text: /evil.example\/&lt;b&gt;/,
  })
  const elsewhere = `${SITE}${sso}`.replace('localhost:80', '127.0.0.1:80')
  t.match(await by({ entryPoint: elsewhere }), { status: 302 }, 'the address is the one that was called')
  const logout = await (await world.provider({ logoutUrl: urls.ssoUrl })).getLogoutUrlAsync(
    { issuer: 'wiki', nameID: 'x', nameIDFormat: EMAIL },
    '',
    {},
  )
  t.match(await told(logout), { status: 400, text: /LogoutRequest goes to sloUrl/ })

  const index = (value: string) =>
    `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" Version="2.0" ${value}><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">wiki</saml:Issuer></samlp:AuthnRequest>`
  const posted = async (xml: string) => {
    const { headers, body } = await post(idp, sso, { SAMLRequest: Buffer.from(xml).toString('base64') })
    return String(headers.location ?? body)
  }
  t.match(await posted(index('AssertionConsumerServiceIndex="3"')), /no ACS URL with the index 3/)
  t.match(await posted(index('Destination="https://elsewhere.example/sso"')), /meant for https:\/\/elsewhere/)
  t.match(await posted(index('ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"')), /goes by HTTP-POST/)
  for (const [value, to] of [
    ['AssertionConsumerServiceIndex="7"', 'https://sp.example/second'],
    ['', ACS],
  ] as const) {
    const seen = browser(idp)
    await seen.go(await posted(index(value)))
    await seen.submit('login', { username: world.user.username, password: CHOSEN })
    t.equal(formOf(seen).action, to)
  }

  const passive = await world.provider({ passive: true, wantAssertionsSigned: false })
  const seen = browser(idp)
  await seen.go(await passive.getAuthorizeUrlAsync('', undefined, {}))
  t.strictSame(await passive.validatePostResponseAsync(formOf(seen)), { profile: null, loggedOut: false })

  const sp = await world.provider({ wantAssertionsSigned: false })
  await world.assignment(world.user.id, 'REMOVE')
  await t.rejects(sp.validatePostResponseAsync(await signInBySaml(world, sp)), /RequestDenied|Responder|not assigned/)

  await api.done('POST', `${SAML_APPLICATIONS}/${application.id}:suspend`, {})
  t.match(await by({}), { status: 400, error: 'unauthorized_client', text: /is SUSPENDED/ })
  t.equal((await idp.request('GET', new URL(urls.metadataUrl).pathname)).status, 404)
  t.equal((await idp.request('GET', '/saml/metadata/ek0nobody')).status, 404)
})

test('what is echoed is escaped, and the answer goes to no other address', async (t) => {
  const world = await makeSamlWorld(t)
  const sp = await world.provider()
  const seen = browser(world.idp)
  await seen.go(await sp.getAuthorizeUrlAsync('"><script>x</script>', undefined, {}))
  await seen.submit('login', { username: world.user.username, password: CHOSEN })
  t.match(seen.last?.text, 'name="RelayState" value="&quot;&gt;&lt;script&gt;x&lt;/script&gt;"')
  t.equal(formOf(seen).action, ACS)
  t.match(seen.last?.headers, {
    'x-frame-options': 'DENY',
    'content-security-policy': /frame-ancestors 'none'/,
    'cache-control': 'no-store',
  })
})

test('one sign-in is good for applications of both protocols', async (t) => {
  const world = await makeSamlWorld(t)
  const oauth = await addApplication(world.api)
  await assign(world.api, oauth.application, world.user.id)
  const seen = browser(world.idp)
  await seen.go(`/oauth/authorize?${askingFor(oauth)}`)
  t.ok((await seen.submit('login', { username: world.user.username, password: CHOSEN })).away?.searchParams.get('code'))
  const sp = await world.provider()
  t.equal((await seen.go(await sp.getAuthorizeUrlAsync('', undefined, {}))).page, 'saml')
})

for (const [title, options, issuer] of [
  ["the service's own", { settings: { rooms: { yandex: { issuer: 'yandex' as const } } } }, 'https://auth.yandex.cloud'],
  ['of a public URL', { settings: { publicUrl: 'https://idp.example' } }, 'https://idp.example'],
] as const) {
  test(`the issuer is ${title}, in the API, the metadata and the responses`, async (t) => {
    const world = await makeSamlWorld(t, {}, options)
    const { issuer: told, ssoUrl } = world.urls
    t.equal(told, `${issuer}/saml/application/${world.application.id}`)
    const { body } = await world.idp.request('GET', new URL(world.urls.metadataUrl).pathname)
    t.match(body, `entityID="${told}"`)
    t.match(body, `Location="${ssoUrl}"`)
    const sp = await world.provider()
    const form = await signInBySaml(world, sp, browser(world.idp, {}, new URL(ssoUrl).origin))
    t.match((await sp.validatePostResponseAsync(form)).profile, { issuer: told })
  })
}

test('a temporary password on the way to a service provider', async (t) => {
  const world = await makeSamlWorld(t)
  const fresh = await world.api.user({ userpoolId: world.user.userpoolId })
  await world.assignment(fresh.id)
  const sp = await world.provider()
  const seen = browser(world.idp)
  await seen.go(await sp.getAuthorizeUrlAsync('', undefined, {}))
  await seen.submit('login', { username: fresh.username, password: 'wrong' })
  t.strictSame([seen.last?.page, seen.text('error')], ['login', 'Incorrect username or password.'])
  t.equal((await seen.submit('login', { username: fresh.username, password: PASSWORD })).page, 'change-password')
  await seen.submit('change-password', { password: CHOSEN, confirm_password: CHOSEN })
  t.match((await sp.validatePostResponseAsync(formOf(seen))).profile, { nameID: fresh.username })
})

test('signing out', async (t) => {
  const world = await makeSamlWorld(t)
  const { idp } = world
  const sp = await world.provider()
  const signedIn = async (seen: Browser) => {
    const { profile } = await sp.validatePostResponseAsync(await signInBySaml(world, sp, seen))
    if (profile === null) throw new Error('nobody')
    return { ...profile, issuer: 'wiki' }
  }
  const asked = async (seen: Browser) => (await seen.go(await sp.getAuthorizeUrlAsync('', undefined, {}))).page

  t.test('by a redirect: the answer is signed, the session over', async (t) => {
    const seen = browser(idp)
    const profile = await signedIn(seen)
    t.equal(await asked(seen), 'saml')
    const { away } = await seen.go(await sp.getLogoutUrlAsync(profile, 'bye', {}))
    t.equal(away?.origin, 'https://sp.example')
    t.equal(away?.searchParams.get('RelayState'), 'bye')
    const query = Object.fromEntries(away?.searchParams ?? [])
    t.match(await sp.validateRedirectAsync(query, away?.search.slice(1) ?? ''), { loggedOut: true })
    await t.rejects(sp.validateRedirectAsync(query, (away?.search.slice(1) ?? '').replace('bye', 'ayb')), /[Ss]ignature/)
    t.equal(await asked(seen), 'login')
  })

  t.test('the session that is named ends in its own browser', async (t) => {
    const seen = browser(idp)
    const profile = await signedIn(seen)
    await browser(idp).go(await sp.getLogoutUrlAsync(profile, '', {}))
    t.equal(await asked(seen), 'login')
  })

  t.test('by a form, where the service provider wants that', async (t) => {
    const sloUrls = [{ url: SLO, responseUrl: 'https://sp.example/done', protocolBinding: 'HTTP_POST' }]
    const serviceProvider = { entityId: 'wiki', acsUrls: [{ url: ACS }], sloUrls }
    await world.change('serviceProvider', { serviceProvider })
    const seen = browser(idp)
    const profile = await signedIn(seen)
    await seen.go(await sp.getLogoutUrlAsync(profile, 'bye', {}))
    const form = formOf(seen)
    t.strictSame([form.action, form.RelayState], ['https://sp.example/done', 'bye'])
    t.match(await sp.validatePostResponseAsync(form), { loggedOut: true })
    await world.change('serviceProvider', { serviceProvider: { entityId: 'wiki', acsUrls: [{ url: ACS }] } })
    t.equal((await seen.go(await sp.getLogoutUrlAsync(profile, 'bye', {}))).page, 'signed-out')
  })

  t.test('refuses what is no request to sign out', async (t) => {
    const seen = browser(idp)
    const wrong = await world.provider({ entryPoint: world.urls.sloUrl })
    t.match(await seen.go(await wrong.getAuthorizeUrlAsync('', undefined, {})), { status: 400, text: /AuthnRequest goes to ssoUrl/ })
    const stranger = await world.provider({ issuer: 'another' })
    const profile = { issuer: 'another', nameID: 'x', nameIDFormat: EMAIL }
    t.match(await seen.go(await stranger.getLogoutUrlAsync(profile, '', {})), { status: 400, text: /is by another/ })
  })
  t.end()
})

import { deflateRawSync } from 'node:zlib'
import type { SamlConfig } from '@node-saml/node-saml'
import { test } from 'tap'
import { computed } from '../support/computed.ts'
import { browser, post } from '../support/oauth.ts'
import { IDP, ORGANIZATION } from '../support/yandex.ts'
import { CHOSEN } from '../support/yandex-oauth.ts'
import {
  ACS,
  EMAIL,
  formOf,
  makeSamlWorld,
  PERSISTENT,
  SAML_APPLICATIONS,
  type SamlWorld,
  SLO,
  signInBySaml,
} from '../support/yandex-saml.ts'

const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol'
const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion'

/** What each signature mode satisfies, of what a service provider may want signed. */
const MODES = [
  { signatureMode: 'ASSERTIONS', response: false, assertion: true },
  { signatureMode: 'RESPONSE', response: true, assertion: false },
  { signatureMode: 'RESPONSE_AND_ASSERTIONS', response: true, assertion: true },
] as const

test('every mode of signing, with whatever the service provider wants signed', async (t) => {
  const world = await makeSamlWorld(t)
  for (const { signatureMode, response, assertion } of MODES) {
    await world.change('securitySettings', { securitySettings: { signatureMode } })
    for (const wantAuthnResponseSigned of [true, false]) {
      for (const wantAssertionsSigned of [true, false]) {
        const sp = await world.provider({ wantAuthnResponseSigned, wantAssertionsSigned })
        const answer = sp.validatePostResponseAsync(await signInBySaml(world, sp))
        const name = `${signatureMode}, wants ${wantAuthnResponseSigned ? 'the response' : ''} ${wantAssertionsSigned ? 'the assertion' : ''}`
        const enough = (!wantAuthnResponseSigned || response) && (!wantAssertionsSigned || assertion)
        if (enough) t.match((await answer).profile, { nameID: world.user.username, nameIDFormat: EMAIL }, name)
        else await t.rejects(answer, /[Ss]ignature/, name)
      }
    }
  }
})

test('every format of names, asked for or set', async (t) => {
  const world = await makeSamlWorld(t)
  const { user } = world
  const named = async (identifierFormat: string | null) => {
    const sp = await world.provider({ identifierFormat })
    const { profile } = await sp.validatePostResponseAsync(await signInBySaml(world, sp))
    return [profile?.nameIDFormat, profile?.nameID]
  }
  const unspecified = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified'
  for (const [format, own] of [
    ['EMAIL', [EMAIL, user.username]],
    ['PERSISTENT', [PERSISTENT, user.id]],
  ] as const) {
    await world.change('attributeMapping.nameId.format', { attributeMapping: { nameId: { format } } })
    t.same(await named(null), own, `${format}, none asked for`)
    t.same(await named(unspecified), own, `${format}, any will do`)
    t.same(await named(EMAIL), [EMAIL, user.username], `${format}, an address asked for`)
    t.same(await named(PERSISTENT), [PERSISTENT, user.id], `${format}, a lasting one asked for`)
    await t.rejects(named('urn:oasis:names:tc:SAML:2.0:nameid-format:transient'), /InvalidNameIDPolicy|not supported/)
  }
})

test('RelayState comes back as it went, by every binding and way', async (t) => {
  const world = await makeSamlWorld(t)
  const state = 'https://sp.example/deep?a=1&b="<ü>"'
  const html = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
  for (const [name, more] of Object.entries<Partial<SamlConfig>>({
    redirect: {},
    'redirect, as a form': { skipRequestCompression: false, authnRequestBinding: 'HTTP-POST' },
    form: { skipRequestCompression: true, authnRequestBinding: 'HTTP-POST' },
  })) {
    const sp = await world.provider(more)
    const seen = browser(world.idp)
    const start = async () => {
      if (more.authnRequestBinding === undefined) return await seen.go(await sp.getAuthorizeUrlAsync(state, undefined, {}))
      const SAMLRequest = /name="SAMLRequest" value="([^"]*)"/.exec(await sp.getAuthorizeFormAsync(state))?.[1] ?? ''
      return await seen.post(new URL(world.urls.ssoUrl).pathname, { SAMLRequest, RelayState: state })
    }
    t.equal((await start()).page, 'login', name)
    await seen.submit('login', { username: world.user.username, password: CHOSEN })
    t.equal(html(formOf(seen).RelayState), state, `${name}, signing in`)
    await start()
    t.equal(html(formOf(seen).RelayState), state, `${name}, signed in already`)
  }
  const { profile } = await (await world.provider()).validatePostResponseAsync(await signInBySaml(world, await world.provider()))
  const sp = await world.provider()
  const { away } = await browser(world.idp).go(await sp.getLogoutUrlAsync({ ...profile, issuer: 'wiki' } as never, state, {}))
  t.equal(away?.searchParams.get('RelayState'), state, 'signing out')
  const without = await browser(world.idp).go(await sp.getLogoutUrlAsync({ ...profile, issuer: 'wiki' } as never, '', {}))
  t.notOk(without.away?.searchParams.has('RelayState'), 'nothing is made up')
})

test('ForceAuthn and IsPassive', async (t) => {
  const world = await makeSamlWorld(t)
  const { idp } = world
  const seen = browser(idp)
  const plain = await world.provider()
  const passive = await world.provider({ passive: true })
  const both = await world.provider({ passive: true, forceAuthn: true })
  const status = async (sp: typeof plain) => {
    await seen.go(await sp.getAuthorizeUrlAsync('', undefined, {}))
    return /Value="urn:oasis:names:tc:SAML:2\.0:status:(NoPassive)"/.exec(Buffer.from(formOf(seen).SAMLResponse, 'base64').toString())?.[1]
  }
  t.equal(await status(passive), 'NoPassive')
  const first = (await plain.validatePostResponseAsync(await signInBySaml(world, plain, seen))).profile
  t.equal(await status(passive), undefined)
  t.match((await passive.validatePostResponseAsync(formOf(seen))).profile, { nameID: world.user.username })
  t.equal(await status(both), 'NoPassive', 'nobody can prove anything without being asked')
  idp.clock.advance(60_000)
  const forced = await world.provider({ forceAuthn: true })
  const second = (await forced.validatePostResponseAsync(await signInBySaml(world, forced, seen))).profile
  t.not(second?.sessionIndex, first?.sessionIndex, 'a new proof is a new session')
})

test('what SAML answers with is for its application, its browser and once', async (t) => {
  const world = await makeSamlWorld(t)
  const { idp, api, user } = world
  const other = await api.done('POST', SAML_APPLICATIONS, {
    organizationId: ORGANIZATION,
    name: 'another',
    serviceProvider: { entityId: 'another', acsUrls: [{ url: 'https://another.example/acs' }] },
  })
  const sp = await world.provider()
  const local = (url: string) => new URL(url).pathname + new URL(url).search
  /** At the address that has the answer, which was not fetched yet. */
  const answered = async () => {
    const start = await idp.request('GET', local(await sp.getAuthorizeUrlAsync('', undefined, {})))
    const login = local(String(start.headers.location))
    const page = await idp.request('GET', login)
    const cookie = String([page.headers['set-cookie']].flat()[0]).split(';')[0] ?? ''
    const form = { username: user.username, password: CHOSEN, _csrf: cookie.split('=')[1] }
    const { headers } = await post(idp, login, form, { cookie })
    return String(headers.location)
  }

  const crossed = await browser(idp).go((await answered()).replace(world.application.id, other.id))
  t.equal(crossed.status, 400)
  t.match(crossed.text, `not to ${other.id}`)
  t.notMatch(crossed.text, 'SAMLResponse')

  const late = await answered()
  idp.clock.advance(60_000)
  t.match((await browser(idp).go(late)).text, 'too old')

  const status = async (at: string) => {
    const seen = browser(idp)
    await seen.go(at)
    const xml = Buffer.from(formOf(seen).SAMLResponse, 'base64').toString()
    return [/status:(RequestDenied|Success)"/.exec(xml)?.[1], xml.includes('<saml:Assertion')]
  }
  t.same(await status(await answered()), ['Success', true])
  const suspended = await answered()
  await api.done('POST', `${IDP}/users/${user.id}:suspend`, {})
  t.same(await status(suspended), ['RequestDenied', false], 'suspended between signing in and the answer')
  await api.done('POST', `${IDP}/users/${user.id}:reactivate`, {})
  const unassigned = await answered()
  await world.assignment(user.id, 'REMOVE')
  t.same(await status(unassigned), ['RequestDenied', false], 'or taken out of the application')
  await world.assignment(user.id)
  const gone = await answered()
  await api.done('DELETE', `${IDP}/users/${user.id}`)
  t.match((await browser(idp).go(gone)).text, 'The user is gone')
})

/** A request as a service provider would write it, `more` being attributes and `inside` what else is in it. */
function authnRequest(more = '', inside = ''): string {
  return `<samlp:AuthnRequest xmlns:samlp="${PROTOCOL}" ID="_1" Version="2.0" ${more}><saml:Issuer xmlns:saml="${ASSERTION}">wiki</saml:Issuer>${inside}</samlp:AuthnRequest>`
}

async function refusedBoth(world: SamlWorld, xml: string): Promise<string[]> {
  const at = new URL(world.urls.ssoUrl).pathname
  const redirected = await browser(world.idp).go(`${at}?${new URLSearchParams({ SAMLRequest: deflateRawSync(xml).toString('base64') })}`)
  const posted = await browser(world.idp).post(at, { SAMLRequest: Buffer.from(xml).toString('base64') })
  return [redirected, posted].map(({ status, text, page }) => {
    const lead = /data-testid="lead">([^<]*)</.exec(text)?.[1]
    return `${status} ${page} ${lead}`
  })
}

test('addresses for the answer are registered ones, by URL or by index', async (t) => {
  const world = await makeSamlWorld(t)
  for (const [more, why] of [
    ['AssertionConsumerServiceURL="https://evil.example/acs"', 'is not one of the application'],
    [`AssertionConsumerServiceURL="${ACS}/"`, 'is not one of the application'],
    [`AssertionConsumerServiceURL="${ACS}?x=1"`, 'is not one of the application'],
    ['AssertionConsumerServiceIndex="1"', 'no ACS URL with the index 1'],
    ['AssertionConsumerServiceIndex="07"', 'no ACS URL with the index 07'],
    [`ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"`, 'goes by HTTP-POST'],
    ['Destination="https://elsewhere.example/"', 'meant for https://elsewhere.example/'],
  ] as const) {
    for (const answer of await refusedBoth(world, authnRequest(more)))
      t.match(answer, new RegExp(`^400 error .*${why.replace(/[/.]/g, '\\$&')}`), more)
  }
  const seen = browser(world.idp)
  const SAMLRequest = Buffer.from(authnRequest('AssertionConsumerServiceIndex="7" ForceAuthn="1"')).toString('base64')
  await seen.post(new URL(world.urls.ssoUrl).pathname, { SAMLRequest })
  await seen.submit('login', { username: world.user.username, password: CHOSEN })
  t.equal(formOf(seen).action, 'https://sp.example/second')
})

test('a request with a NameIDPolicy and what else a provider may write', async (t) => {
  const world = await makeSamlWorld(t)
  const inside = `<samlp:NameIDPolicy Format="${PERSISTENT}" AllowCreate="true"/><samlp:RequestedAuthnContext Comparison="exact"><saml:AuthnContextClassRef xmlns:saml="${ASSERTION}">urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></samlp:RequestedAuthnContext>`
  const seen = browser(world.idp)
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n${authnRequest(`Destination="${world.urls.ssoUrl}" ProviderName="Wiki &amp; co" AssertionConsumerServiceURL="${ACS}"`, inside)}`
  await seen.go(`${new URL(world.urls.ssoUrl).pathname}?${new URLSearchParams({ SAMLRequest: deflateRawSync(xml).toString('base64') })}`)
  await seen.submit('login', { username: world.user.username, password: CHOSEN })
  t.match(Buffer.from(formOf(seen).SAMLResponse, 'base64').toString(), `Format="${PERSISTENT}">${world.user.id}<`)
})

test('attacks on whoever reads XML', async (t) => {
  const world = await makeSamlWorld(t)
  const lol = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('')
  const issuer = (value: string) => authnRequest().replace('>wiki<', `>${value}<`)
  const cases: Record<string, [string, RegExp]> = {
    'an external entity': [`<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>${issuer('&f;')}`, /document type/],
    'an external document type': [`<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">${authnRequest()}`, /document type/],
    'a parameter entity': [`<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:1/">%p;]>${authnRequest()}`, /document type/],
    'a billion laughs': [`<!DOCTYPE x [<!ENTITY l0 "lol">${lol}]>${issuer('&l9;')}`, /document type/],
    'an entity that nobody declared': [issuer('&f;'), /not XML/],
    'two documents in one': [`${authnRequest()}${authnRequest()}`, /not XML/],
    'an end too early': [authnRequest().slice(0, -5), /not XML/],
    'a name of the issuer in two parts': [issuer('wi<!-- -->ki.evil.example'), /is by wiki\.evil\.example/],
    'another version': [authnRequest().replace('Version="2.0"', 'Version="1.1"'), /not of version 2\.0/],
    'another message': [authnRequest().replaceAll('AuthnRequest', 'Response'), /is a Response, not/],
    'another language': [authnRequest().replace(PROTOCOL, 'urn:example'), /is a AuthnRequest, not/],
    'no issuer': [authnRequest().replace(/<saml:Issuer.*<\/saml:Issuer>/, ''), /has no Issuer/],
    'an instruction before it': [`<?xml-stylesheet href="http://127.0.0.1:1/"?>${issuer('evil')}`, /is by evil/],
  }
  for (const [name, [xml, why]] of Object.entries(cases)) {
    for (const answer of await refusedBoth(world, xml)) {
      t.match(answer, /^400 error /, name)
      t.match(answer, why, name)
    }
  }
  const at = new URL(world.urls.ssoUrl).pathname
  const told = async (bytes: Buffer) => (await browser(world.idp).post(at, { SAMLRequest: bytes.toString('base64') })).text

  const bomb = deflateRawSync(Buffer.alloc(64 * 1024 * 1024))
  const began = computed()
  const { status, text } = await browser(world.idp).go(
    `${at}?${new URLSearchParams({ SAMLRequest: bomb.toString('base64').slice(0, 8000) })}`,
  )
  t.match([status, text], [400, /not deflated|too long/])
  t.match(await told(bomb), 'is not XML')
  t.ok(computed() - began < 2000, 'nothing is made of a bomb')
  t.match(await told(deflateRawSync(Buffer.alloc(1024 * 1024, ' '))), 'is not XML')
  const deep = authnRequest('', '<a>'.repeat(20_000) + '</a>'.repeat(20_000))
  t.ok([200, 302, 400].includes((await post(world.idp, at, { SAMLRequest: Buffer.from(deep).toString('base64') })).status))
  t.match(await told(Buffer.alloc(300 * 1024, 'x')), 'too long')
})

test('signing out by every binding', async (t) => {
  const world = await makeSamlWorld(t)
  const { idp, urls } = world
  const slo = new URL(urls.sloUrl).pathname
  const asked = async (seen: ReturnType<typeof browser>) =>
    (await seen.go(await (await world.provider()).getAuthorizeUrlAsync('', undefined, {}))).page
  const logout = (more: string, name: string) =>
    `<samlp:LogoutRequest xmlns:samlp="${PROTOCOL}" ID="_9" Version="2.0" ${more}><saml:Issuer xmlns:saml="${ASSERTION}">wiki</saml:Issuer><saml:NameID xmlns:saml="${ASSERTION}" Format="${EMAIL}">${name}</saml:NameID></samlp:LogoutRequest>`

  for (const [asks, answers] of [
    ['redirect', 'HTTP_REDIRECT'],
    ['redirect', 'HTTP_POST'],
    ['post', 'HTTP_REDIRECT'],
    ['post', 'HTTP_POST'],
  ] as const) {
    await world.change('serviceProvider', {
      serviceProvider: { entityId: 'wiki', acsUrls: [{ url: ACS }], sloUrls: [{ url: SLO, protocolBinding: answers }] },
    })
    const seen = browser(idp)
    const sp = await world.provider()
    await signInBySaml(world, sp, seen)
    t.equal(await asked(seen), 'saml')
    const xml = logout('', world.user.username)
    const SAMLRequest = (asks === 'redirect' ? deflateRawSync(xml) : Buffer.from(xml)).toString('base64')
    const query = new URLSearchParams({ SAMLRequest, RelayState: 'bye' })
    const { away } = asks === 'redirect' ? await seen.go(`${slo}?${query}`) : await seen.post(slo, { SAMLRequest, RelayState: 'bye' })
    const name = `${asks}, ${answers}`
    if (answers === 'HTTP_POST') {
      t.match(formOf(seen), { action: SLO, RelayState: 'bye' }, name)
      t.match(await sp.validatePostResponseAsync(formOf(seen)), { loggedOut: true }, name)
    } else {
      t.equal(away?.searchParams.get('RelayState'), 'bye', name)
      const told = Object.fromEntries(away?.searchParams ?? [])
      t.match(await sp.validateRedirectAsync(told, away?.search.slice(1) ?? ''), { loggedOut: true }, name)
    }
    t.equal(await asked(seen), 'login', `${name}: nobody is signed in any more`)
  }

  const seen = browser(idp)
  await signInBySaml(world, await world.provider(), seen)
  const send = async (xml: string) => (await seen.post(slo, { SAMLRequest: Buffer.from(xml).toString('base64') })).text
  t.match(await send(logout('Destination="https://elsewhere.example/slo"', world.user.username)), 'meant for https://elsewhere.example/slo')
  t.match(await send(logout('', world.user.username).replace(/<saml:NameID.*<\/saml:NameID>/, '')), 'has no NameID')
  const sp = await world.provider()
  await send(logout('', 'somebody-else@example.com'))
  t.match(await sp.validatePostResponseAsync(formOf(seen)), { loggedOut: true }, 'whoever is not signed in is signed out')
  t.equal(await asked(seen), 'saml', 'and whoever is stays so')
  await send(logout('', world.user.id).replace(EMAIL, PERSISTENT))
  t.equal(await asked(seen), 'login', 'a user is known by either name')
})

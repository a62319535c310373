import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { SAML, type SamlConfig, ValidateInResponseTo } from '@node-saml/node-saml'
import { test } from 'tap'
import { selfSigned } from '../../src/core/x509.ts'
import {
  logoutResponse,
  metadataOf,
  NAME_ID,
  readRequest,
  redirectUrl,
  refusal,
  response,
  type Signer,
  type Signs,
  STATUS,
} from '../../src/oauth/saml/index.ts'
import { only } from '../support/only.ts'

const ISSUER = 'http://idp.example/app'
const ACS = 'https://sp.example/acs'
const SSO = 'http://idp.example/sso'

function signerOf(key: { privateKey: KeyObject; publicKey: KeyObject }): Signer {
  const from = Date.UTC(2026, 0, 1)
  const pair = { private: key.privateKey, public: key.publicKey }
  return { key: key.privateKey, certificate: selfSigned({ key: pair, name: 'idp', from, to: from + 86_400_000 }) }
}

const signer = signerOf(generateKeyPairSync('rsa', { modulusLength: 2048 }))
const stranger = signerOf(generateKeyPairSync('rsa', { modulusLength: 2048 }))

function provider(more: Partial<SamlConfig> = {}): SAML {
  return new SAML({
    entryPoint: SSO,
    logoutUrl: 'http://idp.example/slo',
    callbackUrl: ACS,
    issuer: 'sp',
    idpCert: signer.certificate,
    idpIssuer: ISSUER,
    audience: 'sp',
    ...more,
  })
}

function assertion(inResponseTo: string, now: number) {
  return {
    ids: { response: '_r1', assertion: '_a1' },
    issuer: ISSUER,
    destination: ACS,
    inResponseTo,
    now,
    audience: 'sp',
    nameId: { format: NAME_ID.email, value: 'ada@example.com' },
    authTime: now,
    sessionIndex: 's1',
    attributes: [
      { name: 'fullname', values: ['Ada <Lovelace> & "sons"\n\r\u0000\u0001é'] },
      { name: 'groups', values: ['a', 'b'] },
      { name: 'nothing', values: [] },
    ],
  }
}

const asked = async (sp: SAML, more = {}) =>
  new URL(await sp.getAuthorizeUrlAsync('state', undefined, more)).searchParams.get('SAMLRequest') ?? ''
const posted = (xml: string) => ({ SAMLResponse: Buffer.from(xml).toString('base64') })

test('a service provider takes signed responses', async (t) => {
  const cases: [Signs, Partial<SamlConfig>][] = [
    ['assertion', { wantAssertionsSigned: true, wantAuthnResponseSigned: false }],
    ['response', { wantAssertionsSigned: false, wantAuthnResponseSigned: true }],
    ['both', { wantAssertionsSigned: true, wantAuthnResponseSigned: true }],
  ]
  for (const [signs, wants] of cases) {
    const sp = provider({ ...wants, validateInResponseTo: ValidateInResponseTo.always })
    const request = readRequest(await asked(sp), 'redirect')
    const made = response(assertion(request.id, Date.now()), signs, signer)
    const { profile } = await sp.validatePostResponseAsync(posted(made))
    t.match(profile, {
      issuer: ISSUER,
      nameID: 'ada@example.com',
      nameIDFormat: NAME_ID.email,
      sessionIndex: 's1',
      fullname: 'Ada <Lovelace> & "sons"\n\ré',
      groups: only('a', 'b'),
      inResponseTo: request.id,
    })
    t.notOk(profile !== null && 'nothing' in profile)

    const changed = made.replace('ada@example.com', 'eve@example.com')
    await t.rejects(provider(wants).validatePostResponseAsync(posted(changed)), /[Ss]ignature/)
    const foreign = response(assertion(request.id, Date.now()), signs, stranger)
    await t.rejects(provider(wants).validatePostResponseAsync(posted(foreign)), /[Ss]ignature/)
    const old = response(assertion(request.id, Date.now() - 3_600_000), signs, signer)
    await t.rejects(provider(wants).validatePostResponseAsync(posted(old)), /expired/)
  }
})

test('a service provider hears why not', async (t) => {
  const sp = provider({ wantAssertionsSigned: false })
  const about = { ids: { response: '_r1' }, issuer: ISSUER, destination: ACS, inResponseTo: '_q', now: Date.now() }
  const denied = refusal(about, { code: STATUS.responder, detail: STATUS.requestDenied, message: 'not assigned' }, signer)
  await t.rejects(sp.validatePostResponseAsync(posted(denied)), /RequestDenied|Responder/)
  const passive = refusal(about, { code: STATUS.responder, detail: STATUS.noPassive }, signer)
  t.strictSame(await sp.validatePostResponseAsync(posted(passive)), { profile: null, loggedOut: false })
})

test('signing out', async (t) => {
  const sp = provider()
  const user = { issuer: ISSUER, nameID: 'ada@example.com', nameIDFormat: NAME_ID.email, sessionIndex: 's1' }
  const sent = new URL(await sp.getLogoutUrlAsync(user, 'state', {})).searchParams.get('SAMLRequest') ?? ''
  const request = readRequest(sent, 'redirect')
  t.match(request, {
    kind: 'LogoutRequest',
    issuer: 'sp',
    nameId: 'ada@example.com',
    nameIdFormat: NAME_ID.email,
    sessionIndexes: only('s1'),
  })
  const about = { ids: { response: '_r1' }, issuer: ISSUER, destination: ACS, inResponseTo: request.id, now: Date.now() }
  const { search, searchParams } = new URL(
    redirectUrl(ACS, { name: 'SAMLResponse', xml: logoutResponse(about), relayState: 'a b&c' }, signer),
  )
  t.equal(searchParams.get('RelayState'), 'a b&c')
  const { loggedOut } = await sp.validateRedirectAsync(Object.fromEntries(searchParams), search.slice(1))
  t.equal(loggedOut, true)
  const inForm = await sp.validatePostResponseAsync(posted(logoutResponse(about, signer)))
  t.equal(inForm.loggedOut, true)
})

test('what a request says', async (t) => {
  const url = new URL(
    await provider({ forceAuthn: true, passive: true, identifierFormat: NAME_ID.persistent }).getAuthorizeUrlAsync('', undefined, {}),
  )
  const request = readRequest(url.searchParams.get('SAMLRequest') ?? '', 'redirect')
  t.match(request, { kind: 'AuthnRequest', issuer: 'sp', acsUrl: ACS, destination: SSO, forceAuthn: true, isPassive: true })
  t.match(request, { nameIdFormat: NAME_ID.persistent, binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST' })

  const open = '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"'
  const issuer = '<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">sp</saml:Issuer>'
  const cases: [string, RegExp][] = [
    ['', /empty/],
    ['hello', /not XML/],
    ['<a>', /not XML/],
    ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', /document type/],
    ['<a/>', /is a a, not an AuthnRequest/],
    [`${open} Version="2.0"/>`, /no ID/],
    [`${open} ID="_1" Version="1.1"/>`, /version 2.0/],
    [`${open} ID="_1" Version="2.0"/>`, /no Issuer/],
  ]
  for (const [xml, words] of cases) t.throws(() => readRequest(Buffer.from(xml).toString('base64'), 'post'), words, xml)
  t.throws(() => readRequest(Buffer.from('<a/>').toString('base64'), 'redirect'), /not deflated/)
  t.throws(() => readRequest(deflateRawSync('x'.repeat(1_000_000)).toString('base64'), 'redirect'), /too long/)
  const whole = `${open} ID="_1" Version="2.0" AssertionConsumerServiceIndex="2">${issuer}</samlp:AuthnRequest>`
  t.match(readRequest(Buffer.from(whole).toString('base64'), 'post'), { id: '_1', acsIndex: '2', forceAuthn: false, isPassive: false })
  for (const [said, meant] of Object.entries({ 1: true, true: true, 0: false, false: false, yes: false })) {
    const flags = whole.replace(' ID=', ` ForceAuthn="${said}" IsPassive="${said}" ID=`)
    t.match(readRequest(Buffer.from(flags).toString('base64'), 'post'), { forceAuthn: meant, isPassive: meant }, said)
  }
  t.end()
})

test('what a response says of when, to whom and for how long', (t) => {
  const now = Date.UTC(2026, 0, 2, 3, 4, 5)
  const whole = { ...assertion('_q', now), sessionEnds: now + 3_600_000 }
  const at = (xml: string, name: string) => new RegExp(`<saml:${name} ([^>]*?)/?>`).exec(xml)?.[1]
  const xml = response(whole, 'assertion', signer)
  const [begins, ends] = ['2026-01-02T03:04:05.000Z', '2026-01-02T03:09:05.000Z']
  t.equal(at(xml, 'Conditions'), `NotBefore="${begins}" NotOnOrAfter="${ends}"`)
  t.equal(at(xml, 'SubjectConfirmationData'), `NotOnOrAfter="${ends}" Recipient="${ACS}" InResponseTo="_q"`)
  const session = `AuthnInstant="${begins}" SessionIndex="s1"`
  t.equal(at(xml, 'AuthnStatement'), `${session} SessionNotOnOrAfter="2026-01-02T04:04:05.000Z"`)
  t.notMatch(xml, 'Name="nothing"', 'no attribute without a value')
  const { inResponseTo, sessionEnds, ...unasked } = whole
  const other = response({ ...unasked, lifetime: 60_000 }, 'response', signer)
  t.equal(at(other, 'SubjectConfirmationData'), `NotOnOrAfter="2026-01-02T03:05:05.000Z" Recipient="${ACS}"`)
  t.equal(at(other, 'AuthnStatement'), session)
  t.match(redirectUrl(`${ACS}?a=b`, { name: 'SAMLResponse', xml }), `${ACS}?a=b&SAMLResponse=`)
  t.end()
})

test('metadata', (t) => {
  const xml = metadataOf({
    entityId: `${ISSUER}?a&b`,
    certificates: ['QUJD'],
    ssoUrl: SSO,
    sloUrl: 'http://idp.example/slo',
    nameIdFormats: [NAME_ID.email],
  })
  t.match(xml, 'WantAuthnRequestsSigned="false"')
  t.match(xml, 'entityID="http://idp.example/app?a&amp;b"')
  t.equal(xml.match(/<md:SingleSignOnService /g)?.length, 2)
  t.equal(xml.match(/<md:SingleLogoutService /g)?.length, 2)
  t.match(xml, '<ds:X509Certificate>QUJD</ds:X509Certificate>')
  t.end()
})

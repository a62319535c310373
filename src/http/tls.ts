import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { wallClock } from '../core/clock.ts'

/** What a TLS port is opened with; all PEM. */
export interface Certificates {
  cert: string
  key: string
  /** The authority to be trusted, where it is one of ours. */
  ca?: { pem: string; file: string } | undefined
}

/** Names and addresses that the development certificate is always good for. */
const LOCAL = ['localhost', '*.localhost', '127.0.0.1', '::1']

const DAY = 86_400_000
const CA_DAYS = 3650
/** Clients refuse leaves that are valid for longer. */
const LEAF_DAYS = 397
const RENEW_BEFORE_DAYS = 30

/** A certificate and key that somebody brought; throws if they are no such thing, or not of each other. */
export function ownCertificates(certFile: string, keyFile: string): Certificates {
  const own = { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
  createSecureContext(own)
  return own
}

/**
 * A development authority and a certificate for this machine's loopback names and `names`, made once in `folder` and used again by
 * every later start, so that a client has to be told to trust it only once. The private keys are readable by their owner alone.
 */
export async function developmentCertificates(folder: string, names: readonly string[] = []): Promise<Certificates> {
  const file = (name: string) => join(folder, name)
  const wanted = [...new Set([...LOCAL, ...names])]
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const read = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : undefined)
  const save = (name: string, pem: string, mode: number) => writeFileSync(file(name), pem, { mode })

  const known = { ca: read('ca.pem'), caKey: read('ca-key.pem'), cert: read('cert.pem'), key: read('key.pem') }
  if (known.ca !== undefined && known.cert !== undefined && known.key !== undefined && serves(known.cert, known.ca, wanted)) {
    return { cert: known.cert, key: known.key, ca: { pem: known.ca, file: file('ca.pem') } }
  }

  const maker = await import('./certificate-maker.ts')
  const keep = known.ca !== undefined && known.caKey !== undefined && lasts(new X509Certificate(known.ca))
  const authority = keep
    ? { cert: known.ca as string, key: known.caKey as string }
    : await maker.authority({ name: 'Poolhouse development CA', from: wallClock() - DAY, to: wallClock() + CA_DAYS * DAY })
  const leaf = await maker.leaf(authority, {
    name: 'Poolhouse',
    alternatives: wanted.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
    from: wallClock() - DAY,
    to: wallClock() + LEAF_DAYS * DAY,
  })
  save('ca.pem', authority.cert, 0o644)
  save('ca-key.pem', authority.key, 0o600)
  save('cert.pem', leaf.cert, 0o644)
  save('key.pem', leaf.key, 0o600)
  return { cert: leaf.cert, key: leaf.key, ca: { pem: authority.cert, file: file('ca.pem') } }
}

/** Whether a kept certificate is of that authority, lasts, and is good for all these names. */
function serves(cert: string, ca: string, names: readonly string[]): boolean {
  try {
    const leaf = new X509Certificate(cert)
    const alternatives = leaf.subjectAltName ?? ''
    const named = (name: string) => (isIP(name) === 0 ? alternatives.includes(`DNS:${name}`) : leaf.checkIP(name) !== undefined)
    return names.every(named) && lasts(leaf) && leaf.verify(new X509Certificate(ca).publicKey)
  } catch {
    return false
  }
}

function lasts(certificate: X509Certificate): boolean {
  return Date.parse(certificate.validTo) > wallClock() + RENEW_BEFORE_DAYS * DAY
}

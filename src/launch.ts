import type { JsonWebKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type App, createApp, type World, wrongLimit } from './app.ts'
import { type Config, LOOPBACK, UsageError } from './config.ts'
import { freshKeys, keysIn } from './core/keys.ts'
import { FixtureError } from './fixtures/index.ts'
import type { Certificates } from './http/tls.ts'

/** The demo world: what a start without any configuration shows. */
export const DEMO = fileURLToPath(new URL('../fixtures/demo.yaml', import.meta.url))

export interface Running {
  app: App
  port: number
  /** What clients put in front of their paths. */
  url: string
  /** The same over TLS, and the file of the authority to trust, where it is a development one. */
  tls?: { url: string; port: number; caFile: string | undefined } | undefined
}

/** From a Config to a listening emulator that holds its world. What its user did wrong comes as a `UsageError`. */
export async function launch(config: Config, progress?: World['progress']): Promise<Running> {
  const { host, bcryptCost, strict, contract, publicUrl, rooms, durable, seed, limits, allowFaultHeader, journal, outbox, mostNamespaces } =
    config
  const codes = config.code === undefined ? config.codes : { '*': config.code, ...config.codes }
  const keys = config.freshKeys ? await freshKeys() : config.keys === undefined ? undefined : keysOf(config.keys)
  const wrong = wrongLimit(Object.keys(limits))
  if (wrong !== undefined) throw new UsageError(`limits: ${wrong}`)
  const folder = config.memory ? undefined : config.data
  const autoCreate = config.namespaces === 'auto'
  const idle = config.namespaceIdle
  const app = await createApp({
    folder,
    durable,
    seed,
    autoCreate,
    idle,
    journal,
    mostNamespaces,
    smtp: config.smtp === undefined ? undefined : { url: config.smtp, allow: config.smtpAllow.map((one) => one.toLowerCase()) },
    settings: {
      bcryptCost,
      strict,
      contract,
      publicUrl,
      issuerAliases: config.issuerAliases,
      names: [host, ...config.tlsNames],
      exposed: !LOOPBACK.test(host),
      rooms,
      codes,
      limits,
      outbox,
      allowFaultHeader,
      keys,
    },
  })
  try {
    const certificates = config.tls || config.cert !== undefined ? await certificatesOf(config) : undefined
    const tls = certificates === undefined ? undefined : { port: config.tlsPort, certificates }
    const { port, tlsPort } = await app.listen({ host, port: config.port, tls }).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(whyNotListening(error, config))
    })
    await app
      .prepare({ fixtures: worldOf(config), clock: config.clock, frozen: config.frozen, progress })
      .catch((error: NodeJS.ErrnoException) => {
        throw whyNotOpened(error, config)
      })
    const secure =
      tlsPort === undefined
        ? undefined
        : { url: `https://${certificateHost(host)}:${tlsPort}`, port: tlsPort, caFile: certificates?.ca?.file }
    return { app, port, url: publicUrl ?? `http://${printed(host)}:${port}`, tls: secure }
  } catch (error) {
    await app.close()
    throw error
  }
}

/** Of a file that the user brought. */
function keysOf(file: string): JsonWebKey[] {
  try {
    const keys = keysIn(readFileSync(file, 'utf8'))
    if (keys !== undefined) return keys
  } catch (error) {
    throw new UsageError(`no keys without their file: ${(error as Error).message}`)
  }
  throw new UsageError(`${file} must be a key set (JWKS) of private RSA keys`)
}

/** The certificates that were asked for; what is wrong with them is the user's to mend. */
async function certificatesOf({ cert, key, tlsFolder, tlsNames, host }: Config): Promise<Certificates> {
  const { developmentCertificates, ownCertificates } = await import('./http/tls.ts')
  try {
    if (cert !== undefined && key !== undefined) return ownCertificates(cert, key)
    const names = host === '0.0.0.0' || host === '::' ? tlsNames : [...tlsNames, host]
    return await developmentCertificates(tlsFolder, names)
  } catch (error) {
    throw new UsageError(`no TLS without files that fit: ${(error as Error).message}`)
  }
}

/** Clients check a certificate's names: loopback goes by the name that every client resolves. */
function certificateHost(host: string): string {
  const shown = printed(host)
  return shown === '127.0.0.1' ? 'localhost' : shown
}

/** The fixtures that a start is made of. */
export function worldOf({ fixtures, empty }: Config): readonly string[] {
  if (fixtures.length > 0) return fixtures
  return empty ? [] : [DEMO]
}

/** A host as it stands in a URL; whoever listens on all addresses is reached on this machine's own. */
function printed(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

function whyNotListening(error: NodeJS.ErrnoException & { port?: number }, { host, port }: Config): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${error.port ?? port} on ${host} is taken, perhaps by another Poolhouse: stop it, or choose another with --port (0 takes a free one)`
    case 'EACCES':
      return `port ${port} needs more rights than this user has: choose one above 1023 with --port`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is not an address of this machine: choose another with --host`
    default:
      return `cannot listen on ${host}:${port}: ${error.message}`
  }
}

function whyNotOpened(error: NodeJS.ErrnoException, { data }: Config): Error {
  if (error instanceof FixtureError) return new UsageError(error.message)
  switch (error.code) {
    case 'SQLITE_BUSY':
    case 'SQLITE_LOCKED':
      return new UsageError(`the data folder ${data} is in use by another Poolhouse: stop it, choose another with --data, or use --memory`)
    case 'SQLITE_NOTADB':
    case 'SQLITE_CORRUPT':
      return new UsageError(`the data folder ${data} holds a damaged database: remove it, or choose another with --data`)
    case 'EACCES':
    case 'EROFS':
    case 'EPERM':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_READONLY':
      return new UsageError(`the data folder ${data} cannot be written: choose another with --data, or use --memory`)
    default:
      return error
  }
}

import type { JsonWebKey } from 'node:crypto'
import type { ContractMode } from './violations.ts'

/** What calls may know of how the emulator was started. Frozen; one for all namespaces. */
export interface Settings {
  /** bcrypt's cost for passwords set through an API; imported hashes keep their own. */
  bcryptCost: number
  /** Check every answer against its contract before it leaves, and every refusal against the operation's list. */
  strict: boolean
  /** What becomes of what vendors tolerate and their contracts do not list; rooms and namespaces may say otherwise. */
  contract: ContractMode
  /** The base URL that issuers and links name, or undefined for "as the request was addressed". */
  publicUrl: string | undefined
  /** Other base URLs that it is known by: tokens that name one of them are not reproached for it. */
  issuerAliases: readonly string[]
  /** Host names that it listens on or has certificates for. */
  names: readonly string[]
  /** Whether others than this machine may reach it. */
  exposed: boolean
  /** One-time codes that are not drawn: by address, phone number or login name, `*` for all others. */
  codes: Readonly<Record<string, string>>
  /** How often calls may be made, by operation or vendor: `5/s`. A namespace may say otherwise. */
  limits: Readonly<Record<string, string>>
  /** How many messages each outbox keeps; the oldest beyond them are gone. */
  outbox: number
  /** Whether a request may order its own fault by the header `x-poolhouse-fault`. */
  allowFaultHeader: boolean
  /** Private keys that tokens are signed with; the development keys that ship with the package, if undefined. */
  keys: readonly JsonWebKey[] | undefined
  /** What each room was configured with (`--cognito-issuer`, `--yandex-…`), by room; the room knows the type. */
  rooms: Readonly<Record<string, unknown>>
}

export const defaultSettings: Settings = Object.freeze({
  bcryptCost: 4,
  strict: false,
  contract: 'warn',
  publicUrl: undefined,
  issuerAliases: [],
  names: [],
  exposed: false,
  codes: {},
  limits: {},
  outbox: 10_000,
  allowFaultHeader: false,
  keys: undefined,
  rooms: {},
})

/** A setting that a room brings: `--<room>-<name>`, its variable and its key follow; calls find it in `settings.rooms[room]`. */
export interface RoomOption {
  /** In kebab case: `issuer`. Camel-cased in `settings.rooms`. */
  name: string
  /** What may be given, as shown in the help: `local|aws`, or a phrase that ends "must be …". */
  values: string
  describe: string
  fallback?: unknown
  /** Undefined if it is not one of these. `raw` is what a config file said, where that was no text. */
  parse(text: string, raw: unknown): unknown
}

import { collection } from '../core/records.ts'
import { credentials } from '../directory/credentials.ts'
import { people } from '../directory/people.ts'
import { tickets } from '../directory/tickets.ts'
import type {
  AuthEventType,
  DomainDescriptionType,
  GroupType,
  IdentityProviderType,
  LogDeliveryConfigurationType,
  ManagedLoginBrandingType,
  MFAOptionListType,
  ResourceServerType,
  RiskConfigurationType,
  SetUserPoolMfaConfigRequest,
  TermsType,
  UICustomizationType,
  UserImportJobType,
  UserPoolClientType,
  UserPoolType,
  UserStatusType,
} from './contract/types.ts'

/** A contract's type in which these members are always there once it is stored. */
type Known<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> }

/** A pool as DescribeUserPool answers it, save what is counted when asked (`EstimatedNumberOfUsers`). Filed under '' by its id. */
export type Pool = Known<UserPoolType, 'Id' | 'Name' | 'Arn' | 'SchemaAttributes' | 'Policies' | 'MfaConfiguration' | 'CreationDate'>

/**
 * A client as DescribeUserPoolClient answers it, and its secrets (none, one or two), of which `ClientSecret` is the first.
 * Filed under its pool by its id.
 */
export type Client = Known<UserPoolClientType, 'ClientId' | 'UserPoolId' | 'ClientName' | 'CreationDate'> & { Secrets: ClientSecret[] }

export interface ClientSecret {
  id: string
  value: string
  /** Epoch seconds. */
  created: number
}

/** A user; the person's id in the directory is `sub`. Dates are epoch seconds. */
export interface User {
  sub: string
  /** The stored user name: what was given, or the sub in a pool whose users are named by e-mail or phone. */
  Username: string
  /** Without `sub`, in the order of being set. Custom ones with their prefix. */
  Attributes: Record<string, string>
  Enabled: boolean
  UserStatus: UserStatusType
  UserCreateDate: number
  UserLastModifiedDate: number
  /** As SetUserSettings left them. */
  MFAOptions?: MFAOptionListType | undefined
  /** Absent when empty (cognito-facts 102). */
  UserMFASettingList?: string[] | undefined
  PreferredMfaSetting?: string | undefined
  /** Whether a passkey may stand for both proofs of this user; unset as the pool has it. */
  PasskeyMfa?: boolean | undefined
  /** A new email or phone_number that waits for its code while the old one stays (AttributesRequireVerificationBeforeUpdate). */
  Pending?: Record<string, string> | undefined
}

/** A password, never in clear: bcrypt for plain sign-in, salt (hexadecimal) and verifier (packed) for SRP. */
export interface Password {
  hash: string
  /** The algorithm of a hash that an import brought, which stays as it came until its first use. */
  imported?: string | undefined
  salt: string
  verifier: string
  /** Set by an administrator, to be changed at the first sign-in. */
  temporary: boolean
  /** Epoch milliseconds. */
  set: number
  /** Hashes of earlier passwords, the latest first, as many as the pool's policy remembers. */
  history?: string[] | undefined
}

/** A code that went out for one purpose; a later one of the same purpose takes its place. */
export interface Code {
  code: string
  /** The attribute it went to, and the value it had then. */
  attribute: string
  destination: string
}

export const pools = collection<Pool>('cognito.pool', { cached: true })
export const clients = collection<Client>('cognito.client', { cached: true })
/** Which pool a client belongs to, for calls that name only the client. */
export const clientHomes = collection<{ pool: string }>('cognito.client-home', { cached: true })
/**
 * Second factors and passkeys of a pool, as SetUserPoolMfaConfig sets them. Filed under the pool's id, ''. How messages are sent lies
 * with the pool; `Sms` is whether they are a second factor, which they are in a pool that was never told otherwise.
 */
export type MfaSettings = Pick<
  SetUserPoolMfaConfigRequest,
  'SoftwareTokenMfaConfiguration' | 'EmailMfaConfiguration' | 'WebAuthnConfiguration'
> & { Sms?: boolean | undefined }
export const mfaSettings = collection<MfaSettings>('cognito.mfa', { cached: true })
export const users = people<User>()
export const passwords = credentials<Password>('password')

/** A passkey, by its id. */
export interface Passkey {
  id: string
  /** COSE, base64url. */
  publicKey: string
  /** Of the last signature; an authenticator that counts never goes back. */
  counter: number
  /** Whose page it was made for. */
  rp: string
  name: string
  attachment?: string
  transports: string[]
  /** Epoch seconds. */
  created: number
}
export const passkeys = credentials<Passkey>('passkey')
/** Registrations that were started, by their challenge. */
export const passkeyRegistrations = tickets<{ client: string; rp: string }>('cognito.passkey-registration')
export const codes = tickets<Code>('cognito.code')

/** A second region of a pool, by its name under the pool's id; the first is in the pool's id. */
export interface Replica {
  region: string
  status: 'ACTIVE' | 'INACTIVE'
  tags: Record<string, string>
  /** What was set there, and counts there in the place of the pool's own. */
  own?: RegionalSettings | undefined
}
export type RegionalSettings = Pick<Pool, 'EmailConfiguration' | 'SmsConfiguration' | 'LambdaConfig'>
export const replicas = collection<Replica>('cognito.replica')

/** What a pool keeps of its sessions, under the pool's id, ''; and how long a client may reuse one, under the pool's id by client id. */
export const sessionTracking = collection<{ tracked: boolean; perUser: number }>('cognito.session-tracking')
export const clientSessions = collection<{ minutes: number }>('cognito.client-session')

/** A sign-in as the user sees it, in a pool that tracks sessions; by its id, gone when the person goes. */
export interface UserSession {
  id: string
  client: string
  /** The sign-in's event id. */
  login: string
  /** The session of the sign-in pages that it came of. */
  origin?: string | undefined
  /** Epoch seconds. */
  created: number
  active: number
  device: string
  ip?: string | undefined
}
export const userSessions = credentials<UserSession>('session')

/** Rates that were bought, in requests a second, under the region by category. */
export const provisionedLimits = collection<{ value: number }>('cognito.provisioned-limit')

// The filing cabinet of a pool. Every collection below is filed under the pool's id, so that deleting the pool clears it.

/** By name. Memberships are the directory's, with the group's name as team. */
export type Group = Known<GroupType, 'GroupName' | 'UserPoolId' | 'CreationDate' | 'LastModifiedDate'>
export const groups = collection<Group>('cognito.group')

/** By identifier. A scope's full name is `<Identifier>/<ScopeName>`. */
export type ResourceServer = Known<ResourceServerType, 'UserPoolId' | 'Identifier' | 'Name'>
export const resourceServers = collection<ResourceServer>('cognito.resource-server')

/** Identity providers by name. `Hidden` are details that no answer shows: Apple's `private_key`. */
export type Provider = Known<
  IdentityProviderType,
  'UserPoolId' | 'ProviderName' | 'ProviderType' | 'ProviderDetails' | 'AttributeMapping' | 'CreationDate' | 'LastModifiedDate'
> & { Hidden?: Record<string, string> | undefined }
export const providers = collection<Provider>('cognito.provider')

/**
 * By the domain: a prefix, or a custom one (it has a `CustomDomainConfig`). A pool has at most one of each, and one prefix more in
 * each region of a replica: `Region`, which then stands before the domain in its key.
 */
export type Domain = Known<DomainDescriptionType, 'UserPoolId' | 'Domain' | 'Version' | 'Status'> & { Region?: string | undefined }
export const domains = collection<Domain>('cognito.domain')
/**
 * Whose a domain is, for calls and pages that name only the domain: filed under the region of a prefix, '' for a custom one, by the
 * domain. A pool that has a domain cannot be deleted, so no entry outlives its pool.
 */
export const domainHomes = collection<{ pool: string }>('cognito.domain-home')

/** By client id, or `ALL`. `Image` is the logo as base64, for the pages; answers show its `ImageUrl`. */
export type UiCustomization = UICustomizationType & { UserPoolId: string; Image?: string | undefined }
export const uiCustomizations = collection<UiCustomization>('cognito.ui-customization')

/** By its own id; a client has at most one. */
export type Branding = ManagedLoginBrandingType & { ManagedLoginBrandingId: string; UserPoolId: string }
export const brandings = collection<{ client: string; branding: Branding }>('cognito.branding')

/** By their own id; a client has at most one of each name. */
export const terms = collection<TermsType>('cognito.terms')

/** By client id, or '' for the pool's own. */
export const riskConfigurations = collection<RiskConfigurationType>('cognito.risk-configuration')

/** One, under ''; of a replica under its region. */
export const logDeliveries = collection<LogDeliveryConfigurationType>('cognito.log-delivery')

/** Which person an identity at a provider is linked to, by `[provider, attribute, value]` as JSON. Void once that person is gone. */
export const links = collection<{ sub: string }>('cognito.link')

/**
 * An import of users, by its job id: as DescribeUserImportJob answers it, and how far its file has been worked off. `read` counts the
 * parts done of `parts`; `upload` names the file that counts, the last one sent.
 */
export interface ImportJob {
  shown: Known<UserImportJobType, 'JobId' | 'UserPoolId' | 'Status' | 'PreSignedUrl' | 'ImportedUsers' | 'SkippedUsers' | 'FailedUsers'>
  upload?: string | undefined
  parts: number
  read: number
  /** The columns, in the order of the file. */
  header?: string[] | undefined
}
export const importJobs = collection<ImportJob>('cognito.import')
/** Lines of an uploaded file, by upload and number; `first` is the line number of the first one. */
export const importParts = collection<{ first: number; lines: string[] }>('cognito.import-part')
/** What became of each line, by job and number of the part. */
export const importLogs = collection<{ lines: string[] }>('cognito.import-log')
/** The one job of the account that runs, under '' and ''. */
export const runningImport = collection<{ pool: string; job: string }>('cognito.import-running')

/** What threat protection saw of a person, by event id; kept with the person's credentials, so that it goes when the person goes. */
export const authEvents = credentials<AuthEventType>('auth-event')

/**
 * What answers for a Lambda function: a module run here, an address that gets the event, a Lambda endpoint that is asked to invoke it, or a
 * program that is run in a folder with the event on its standard input.
 */
export type FunctionTarget = { module: string } | { url: string } | { lambda: string } | { command: readonly string[]; folder: string }

/** Filed under '' by ARN. */
export const functions = collection<{ arn: string; target: FunctionTarget }>('cognito.function')

/** What the links of a notification about an event carry, so that its receiver may say whether it was them. */
export const feedbackTokens = tickets<{ event: string }>('cognito.feedback')

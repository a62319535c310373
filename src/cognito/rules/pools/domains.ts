import { createHash } from 'node:crypto'
import { DIGITS, LOWER } from '../../../core/random.ts'
import type { CognitoCall } from '../../call.ts'
import type { CustomDomainConfigType, RoutingType } from '../../contract/types.ts'
import { type Domain, domainHomes, domains, type Pool, replicas } from '../../records.ts'
import { regionOf } from './identifiers.ts'
import { replicaHere } from './replicas.ts'
import { requireFeature } from './tier.ts'

/** Custom domains are unique in the world, prefixes in their region (G8). */
const WORLD = ''

export function isCustom({ CustomDomainConfig }: Pick<Domain, 'CustomDomainConfig'>): boolean {
  return CustomDomainConfig?.CertificateArn !== undefined
}

/** The domain by its name alone: a prefix of this region, or a custom domain. Its `UserPoolId` says whose pages it serves. */
export function findDomain(call: CognitoCall, region: string, name: string): Domain | undefined {
  const home = domainHomes.get(call, region, name)
  if (home !== undefined) return domains.get(call, home.pool, keyOf(regionOf(home.pool) === region ? undefined : region, name))
  const custom = domainHomes.get(call, WORLD, name)
  return custom === undefined ? undefined : domains.get(call, custom.pool, name)
}

/** The region of a replica that a call is addressed to, in which prefixes are its own; undefined for the pool's first region. */
function regionHere(call: CognitoCall, pool: Pool): string | undefined {
  return replicaHere(call, pool)?.region
}

/** One prefix may serve a pool in several regions. */
function keyOf(replica: string | undefined, name: string): string {
  return replica === undefined ? name : `${replica} ${name}`
}

/** A domain as answers show it; `Region` is known from the call. */
export function domainView({ Region, ...domain }: Domain): Omit<Domain, 'Region'> {
  return domain
}

export function keepDomain(call: CognitoCall, pool: Pool, domain: Domain): Domain {
  return domains.put(call, pool.Id, keyOf(domain.Region, domain.Domain), domain)
}

/** The prefix that a pool has in the region that a call is addressed to. */
export function prefixHere(call: CognitoCall, pool: Pool): Domain | undefined {
  const replica = regionHere(call, pool)
  return domains.all(call, pool.Id).find((domain) => !isCustom(domain) && domain.Region === replica)
}

/** A domain of this pool, or the refusal of update and delete. */
export function requireDomain(call: CognitoCall, pool: Pool, name: string): Domain {
  const here = domains.get(call, pool.Id, keyOf(regionHere(call, pool), name))
  const custom = here ?? domains.all(call, pool.Id).find((domain) => isCustom(domain) && domain.Domain === name)
  return custom ?? call.fail('InvalidParameterException', 'No such domain or user pool exists.')
}

const PREFIX = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const CUSTOM = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const RESERVED = ['aws', 'amazon', 'cognito']

/** mineiros-io/terraform-aws-cognito-user-pool#69 */
const INVALID_PREFIX =
  'The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens. Please enter a different name that follows this format: ^[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?$'
/** badmintoncryer/cdk-preflight, deployed in September 2026, like the rule about reserved words, which are parts between hyphens. */
const INVALID_CUSTOM =
  'Custom domain is not a valid subdomain: Was not able to resolve a DNS A record for the parent domain or domain parent is a top-level domain.'

export function checkDomainName(call: CognitoCall, name: string, custom: boolean): void {
  if (custom) {
    if (!CUSTOM.test(name)) call.fail('InvalidParameterException', INVALID_CUSTOM)
    return
  }
  if (!PREFIX.test(name)) call.fail('InvalidParameterException', INVALID_PREFIX)
  const reserved = RESERVED.find((word) => name.split('-').includes(word))
  if (reserved !== undefined) call.fail('InvalidParameterException', `Domain cannot contain reserved word: ${reserved}`)
}

/** A custom domain's certificate lies in us-east-1, wherever the pool is. */
export function checkCertificate(call: CognitoCall, config: CustomDomainConfigType | undefined): void {
  if (config !== undefined && !/^arn:[\w-]+:(acm:us-east-1|iam):/.test(config.CertificateArn)) {
    call.fail('InvalidParameterException', wrongCertificate(call.random.uuid()))
  }
}

/** The sentence of CloudFront, which the service passes on (badmintoncryer/cdk-preflight, deployed in September 2026). */
const wrongCertificate = (request: string) =>
  `The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain. (Service: CloudFront, Status Code: 400, Request ID: ${request})`

/** 1 is the classic hosted UI, 2 is managed login, which the cheapest plan does not have (G9). */
export function checkVersion(call: CognitoCall, pool: Pool, version: number): void {
  if (version !== 1 && version !== 2) call.fail('InvalidParameterException', WRONG_VERSION)
  if (version === 2) requireFeature(call, pool, 'ESSENTIALS', 'Managed Login Version 2')
}

/** (?) */
const WRONG_VERSION = 'ManagedLoginVersion must be 1 or 2'

/** Requests can fail over to where the pool has a replica. */
export function checkRouting(call: CognitoCall, pool: Pool, routing: RoutingType | undefined): void {
  const region = routing?.Failover?.SecondaryRegion
  if (region !== undefined && replicas.get(call, pool.Id, region) === undefined) call.fail('InvalidParameterException', noReplica(region))
}

/** (?) */
function noReplica(region: string): string {
  return `The user pool has no replica in ${region}`
}

/** A pool has one custom domain at most, and one prefix in each of its regions. */
export function checkVacancy(call: CognitoCall, pool: Pool, name: string, custom: boolean): void {
  const own = domains.all(call, pool.Id)
  if (custom ? own.some(isCustom) : prefixHere(call, pool) !== undefined) {
    call.fail('InvalidParameterException', 'User pool already has a domain configured.')
  }
  if (domainHomes.get(call, custom ? WORLD : (regionHere(call, pool) ?? regionOf(pool.Id)), name) !== undefined) {
    call.fail('InvalidParameterException', 'Domain already associated with another user pool.')
  }
}

export function addDomain(call: CognitoCall, pool: Pool, made: Omit<Domain, 'Region'>): Domain {
  const domain: Domain = isCustom(made) ? made : { ...made, Region: regionHere(call, pool) }
  domainHomes.insert(call, homeOf(pool, domain), domain.Domain, { pool: pool.Id })
  return domains.insert(call, pool.Id, keyOf(domain.Region, domain.Domain), domain)
}

export function removeDomain(call: CognitoCall, pool: Pool, domain: Domain): void {
  domainHomes.remove(call, homeOf(pool, domain), domain.Domain)
  domains.remove(call, pool.Id, keyOf(domain.Region, domain.Domain))
}

function homeOf(pool: Pool, domain: Domain): string {
  return isCustom(domain) ? WORLD : (domain.Region ?? regionOf(pool.Id))
}

/** A custom domain has a distribution of its own; prefixes share their region's. */
export function distribution(call: CognitoCall, pool: Pool, custom: boolean): string {
  const name = custom
    ? call.random.text(13, LOWER + DIGITS)
    : BigInt(`0x${createHash('sha256').update(regionOf(pool.Id)).digest('hex')}`)
        .toString(36)
        .slice(0, 13)
  return `d${name}.cloudfront.net`
}

/** Where the pages' files lie, one bucket to a region, named by the region's airport. */
export function bucket(pool: Pool): string {
  return `aws-cognito-prod-${AIRPORTS[regionOf(pool.Id)] ?? regionOf(pool.Id)}-assets`
}

const AIRPORTS: Record<string, string> = {
  'us-east-1': 'iad',
  'us-east-2': 'cmh',
  'us-west-1': 'sfo',
  'us-west-2': 'pdx',
  'eu-west-1': 'dub',
}

/** A moment as versions are written: `20190128175402`. */
export function versionAt(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\D/g, '').slice(0, 14)
}

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { wallClock } from '../core/clock.ts'
import { Refusal } from '../core/refusal.ts'
import { isOwnKey, OWN_SECRET } from '../http/access-keys.ts'
import { contract } from './contract/index.ts'

/** What of a request is signed: the address as the client called it, before any rewriting. */
interface Signed {
  method: string
  originalUrl: string
  headers: IncomingHttpHeaders
  body: unknown
}

/** AWS Signature Version 4, checked where the room is told to be strict (cognito-behaviour W8, W9). */
export function requireSignature(request: Signed, name: string, accessKeys: Readonly<Record<string, string>>): void {
  if (contract.operations[name]?.auth === 'none') return
  const { authorization } = request.headers
  if (authorization === undefined) throw new Refusal('MissingAuthenticationTokenException', 'Missing Authentication Token')

  const given = parse(authorization)
  const date = text(request, 'x-amz-date')
  if (given === undefined || date === undefined) throw new Refusal('IncompleteSignatureException', INCOMPLETE)
  const secret = secretOf(given.accessKey, accessKeys)
  if (secret === undefined) throw new Refusal('UnrecognizedClientException', 'The security token included in the request is invalid.')
  if (Math.abs(wallClock() - instant(date)) > SKEW_MS) throw new Refusal('InvalidSignatureException', expired(date))
  const bodyHash = hash(Buffer.isBuffer(request.body) ? request.body : '')
  const told = text(request, 'x-amz-content-sha256') ?? bodyHash
  const expected = sign(request, { ...given, date, secret, payload: told })
  const matches = told === bodyHash && expected.length === given.signature.length && timingSafeEqual(expected, given.signature)
  if (!matches) throw new Refusal('InvalidSignatureException', MISMATCH)
}

/** Keys that the emulator hands out count whatever keys it is configured with: who came by `poolhouse env` knows no others. */
function secretOf(id: string, accessKeys: Readonly<Record<string, string>>): string | undefined {
  if (Object.hasOwn(accessKeys, id)) return accessKeys[id]
  return isOwnKey(id) ? OWN_SECRET : undefined
}

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'

/** (?) The services' common sentence; for this service it was not seen. */
const INCOMPLETE = 'Authorization header requires Credential, SignedHeaders and Signature, and the request an X-Amz-Date header.'

const SKEW_MS = 5 * 60_000

/** (?) In the manner of other AWS services. A signature is judged by real time, for the client signs by its own clock. */
function expired(date: string): string {
  return `Signature expired: ${date} is not within 5 minutes of ${new Date(wallClock()).toISOString().replace(/[-:]|\.\d+/g, '')}`
}

interface Given {
  accessKey: string
  scope: string[]
  signedHeaders: string[]
  signature: Buffer
}

function parse(authorization: string): Given | undefined {
  const match = /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
    authorization,
  )
  const scope = match?.[2]?.split('/') ?? []
  if (match === null || scope.length !== 4 || scope[3] !== 'aws4_request') return undefined
  const [, accessKey = '', , headers = '', signature = ''] = match
  return { accessKey, scope, signedHeaders: headers.split(';'), signature: Buffer.from(signature, 'hex') }
}

function sign(
  request: Signed,
  { scope, signedHeaders, date, secret, payload }: Given & { date: string; secret: string; payload: string },
): Buffer {
  const [path = '/', query = ''] = request.originalUrl.split('?', 2)
  const headers = signedHeaders.map((header) => `${header}:${(text(request, header) ?? '').trim().replace(/ +/g, ' ')}\n`).join('')
  const canonical = [request.method, encoded(path), sorted(query), headers, signedHeaders.join(';'), payload].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', date, scope.join('/'), hash(canonical)].join('\n')
  const key = scope.reduce<Buffer>((previous, part) => hmac(previous, part), Buffer.from(`AWS4${secret}`))
  return hmac(key, toSign)
}

/** Segments are encoded once more, as for every service but S3. */
function encoded(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

function sorted(query: string): string {
  const pairs = query === '' ? [] : query.split('&').map((pair) => (pair.includes('=') ? pair : `${pair}=`))
  return pairs.sort().join('&')
}

/** `20261121T213000Z` in epoch milliseconds; what is no time is as far away as can be. */
function instant(date: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date)
  if (match === null) return Number.NEGATIVE_INFINITY
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number)
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

function text(request: Signed, header: string): string | undefined {
  const value = request.headers[header]
  return Array.isArray(value) ? value.join(',') : value
}

function hash(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}

function hmac(key: Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest()
}

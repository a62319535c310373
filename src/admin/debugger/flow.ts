import { createHash, randomBytes } from 'node:crypto'
import type { Call } from '../../core/call.ts'

/** A client that a flow can be walked with, whoever's it is. */
export interface DebugClient {
  id: string
  name: string
  pool: string
  redirects: readonly string[]
  logouts: readonly string[]
  scopes: readonly string[]
  confidential: boolean
  /** Where the vendor keeps it readable. */
  secret?: string | undefined
  /** Whether it may show its secret in a header; else in the form. */
  byHeader: boolean
  /** What will keep a flow from its end. */
  problems: readonly string[]
}

export interface Endpoints {
  issuer: string
  configuration: string
  authorize: string
  token: string
  userInfo: string
  revoke: string
  logout: string | undefined
}

/** A request as it can be sent, shown, and written for curl. */
export interface Sent {
  method: 'GET' | 'POST' | 'PATCH'
  url: string
  headers: Readonly<Record<string, string>>
  body?: string | undefined
}

/** What a vendor's room tells of its clients. */
export interface Debuggable {
  label: string
  clients(call: Call): DebugClient[]
  endpoints(call: Call, client: DebugClient, base: string): Endpoints
  signOut(client: DebugClient, endpoints: Endpoints): { why: string; url?: string | undefined }
  addRedirect(
    call: Call,
    client: DebugClient,
    uri: string,
    how: { shown: boolean },
  ): { method: 'POST' | 'PATCH'; path: string; headers: Record<string, string>; body: object }
}

/** One request of a flow and its answer. */
export interface Hop {
  id: string
  title: string
  sent: Sent
  status: number
  /** As it came, JSON spread over lines. */
  answer: string
  tokens: readonly { name: string; value: string }[]
}

/** A walk through a code flow, in the memory of the process and nowhere else. */
export interface Flow {
  state: string
  namespace: string
  vendor: string
  client: DebugClient
  endpoints: Endpoints
  redirectUri: string
  verifier: string
  /** The parameters of the authorization request, in order. */
  asked: readonly [name: string, value: string][]
  /** What came back to the redirect URI. */
  back?: Readonly<Record<string, string>> | undefined
  secret?: string | undefined
  hops: readonly Hop[]
  tokens: Readonly<Record<string, string>>
}

const MOST_FLOWS = 100

/** The walks of late; the oldest is forgotten first. */
export class Flows {
  readonly #flows = new Map<string, Flow>()

  find(state: string | undefined, namespace: string): Flow | undefined {
    const flow = state === undefined ? undefined : this.#flows.get(state)
    return flow?.namespace === namespace ? flow : undefined
  }

  keep(flow: Flow): Flow {
    this.#flows.set(flow.state, flow)
    const [oldest] = this.#flows.keys()
    if (this.#flows.size > MOST_FLOWS && oldest !== undefined) this.#flows.delete(oldest)
    return flow
  }
}

export function begin(
  about: Pick<Flow, 'namespace' | 'vendor' | 'client' | 'endpoints' | 'redirectUri'>,
  { scope, prompt, loginHint, more }: { scope: string; prompt: string; loginHint: string; more: readonly [name: string, value: string][] },
): Flow {
  const draw = (bytes: number) => randomBytes(bytes).toString('base64url')
  const [state, verifier, nonce] = [draw(16), draw(32), draw(16)]
  const asked: [string, string][] = [
    ['response_type', 'code'],
    ['client_id', about.client.id],
    ['redirect_uri', about.redirectUri],
    ['scope', scope],
    ['state', state],
    ['code_challenge', createHash('sha256').update(verifier).digest('base64url')],
    ['code_challenge_method', 'S256'],
    ['nonce', nonce],
    ['prompt', prompt],
    ['login_hint', loginHint],
    ...more,
  ]
  return { ...about, state, verifier, asked: asked.filter(([, value]) => value !== ''), hops: [], tokens: {} }
}

/** What a walk sets by itself. */
const OWN = ['response_type', 'client_id', 'redirect_uri', 'scope', 'state', 'code_challenge', 'code_challenge_method', 'nonce']

/** Parameters from lines of `name=value`; a text says what is wrong with them. */
export function moreOf(lines: string): [name: string, value: string][] | string {
  const found: [string, string][] = []
  for (const line of lines.split(/\r?\n/).map((one) => one.trim())) {
    if (line === '') continue
    const [, name, value] = /^([\w.-]+)=(.+)$/.exec(line) ?? []
    if (name === undefined || value === undefined) return `${line} is no parameter: write name=value, one a line`
    if (OWN.includes(name)) return `${name} is set by the walk itself`
    found.push([name, value])
  }
  return found
}

export function authorizeUrl({ endpoints, asked }: Flow): string {
  return `${endpoints.authorize}?${new URLSearchParams([...asked] as [string, string][])}`
}

/** A form to one of the client's endpoints, with the client's secret as it may be sent. */
export function formTo({ client, secret }: Flow, url: string, form: Readonly<Record<string, string | undefined>>): Sent {
  const given = Object.entries(form).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '')
  const shown = client.confidential && secret !== undefined && secret !== ''
  const inForm = shown && !client.byHeader ? { client_secret: secret } : {}
  const authorization =
    shown && client.byHeader
      ? { authorization: `Basic ${Buffer.from(`${encodeURIComponent(client.id)}:${encodeURIComponent(secret)}`).toString('base64')}` }
      : {}
  const id = shown && client.byHeader ? {} : { client_id: client.id }
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...authorization },
    body: new URLSearchParams({ ...Object.fromEntries(given), ...id, ...inForm }).toString(),
  }
}

/** The same for a shell; a secret is a variable there. */
export function curlOf({ method, url, headers, body }: Sent): string {
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
  const form = headers['content-type'] === 'application/x-www-form-urlencoded'
  const parts = [`curl -i ${method === 'GET' || (method === 'POST' && body !== undefined) ? '' : `-X ${method} `}${quoted(url)}`]
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'authorization' && value.startsWith('Basic ')) parts.push(`-u "${basicUser(value)}:$CLIENT_SECRET"`)
    else if (value.includes('$')) parts.push(`-H "${name}: ${value}"`)
    else if (!form || name !== 'content-type') parts.push(`-H ${quoted(`${name}: ${value}`)}`)
  }
  if (body !== undefined && !form) parts.push(`-d ${quoted(body)}`)
  for (const [name, value] of form ? new URLSearchParams(body) : []) {
    parts.push(
      name === 'client_secret' ? '--data-urlencode "client_secret=$CLIENT_SECRET"' : `--data-urlencode ${quoted(`${name}=${value}`)}`,
    )
  }
  return parts.join(' \\\n  ')
}

function basicUser(header: string): string {
  return Buffer.from(header.slice('Basic '.length), 'base64').toString().split(':', 1)[0] ?? ''
}

/** Header and claims of a JWT; undefined for an opaque token. */
export function decode(token: string): { header: unknown; claims: unknown } | undefined {
  const parts = token.split('.')
  if (parts.length !== 3) return undefined
  try {
    const [header, claims] = parts.slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown)
    return { header, claims }
  } catch {
    return undefined
  }
}

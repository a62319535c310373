import { Call, type Context } from '../core/call.ts'
import { Refusal } from '../core/refusal.ts'
import { type Client, clientHomes, clients, type Pool, pools } from './records.ts'
import { poolHere, requireHere } from './rules/pools/replicas.ts'

export const DEFAULT_REGION = 'us-east-1'

/** The account that ARNs name. */
export const ACCOUNT = '000000000000'

/** A call of a Cognito operation: what every call has, and the look-ups that every handler shares. */
export class CognitoCall<E extends string = string> extends Call<E> {
  /** Which operation is being called. */
  readonly operation: string
  /** What it was called with: for the eyes of triggers, which are told some of it wherever they are asked. */
  readonly request: unknown

  constructor(context: Context, operation: string, request: unknown = {}) {
    super(context)
    this.operation = operation
    this.request = request
  }

  get region(): string {
    return this.addressedRegion ?? DEFAULT_REGION
  }

  /** From the signature's credential scope, else from the User-Agent (`region/eu-west-1`); calls without a signature may name none. */
  get addressedRegion(): string | undefined {
    const { authorization, 'user-agent': agent } = this.origin.headers
    return regionIn(CREDENTIAL_SCOPE, authorization) ?? regionIn(SDK_REGION, agent)
  }

  /** Epoch seconds with milliseconds as fraction: dates as the API writes them. */
  get seconds(): number {
    return this.now / 1000
  }

  pool(id: string): Pool {
    const pool = pools.get(this, '', id) ?? refuse('ResourceNotFoundException', `User pool ${id} does not exist.`)
    return poolHere(this, pool)
  }

  /** A client by its id alone, as the calls of applications name it. */
  clientAnywhere(id: string): Client {
    const home = clientHomes.get(this, '', id)
    const client = home === undefined ? undefined : clients.get(this, home.pool, id)
    const pool = home === undefined ? undefined : pools.get(this, '', home.pool)
    if (pool !== undefined) requireHere(this, pool)
    return client ?? refuse('ResourceNotFoundException', `User pool client ${id} does not exist.`)
  }

  /** A client of this pool, as the calls of administrators name it. */
  client(pool: Pool, id: string): Client {
    return clients.get(this, pool.Id, id) ?? refuse('ResourceNotFoundException', `User pool client ${id} does not exist.`)
  }

  /** Refuses by a name that the rules know every caller's contract to list. Strict mode holds them to it. */
  override fail(name: E, message: string, facts?: Record<string, unknown>): never {
    throw new Refusal(name, message, facts)
  }
}

const CREDENTIAL_SCOPE = /Credential=[^/]+\/\d{8}\/([^/]+)\//
const SDK_REGION = /region\/([\w-]+)/

function regionIn(pattern: RegExp, header: string | string[] | undefined): string | undefined {
  return header === undefined ? undefined : pattern.exec(String(header))?.[1]
}

function refuse(name: string, message: string): never {
  throw new Refusal(name, message)
}

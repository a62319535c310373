import type { Call } from '../../../core/call.ts'
import type { Refusal } from '../../../core/refusal.ts'
import { type Authorization, type Landing, type Leading, type Realm, refuse, signedIn, type Web } from '../../../oauth/index.ts'
import { comeBack, heardByClient } from '../../../oauth/upstream/index.ts'
import { CognitoCall } from '../../operation.ts'
import { type Client, clients, type Pool, type Provider, pools, providers } from '../../records.ts'
import { arrive } from './arrival.ts'
import { chosen, offered } from './choice.ts'
import { fromProvider, LANDING, toProvider } from './openid.ts'

/** What every step of a sign-in through a provider starts from. */
interface Here {
  call: CognitoCall
  pool: Pool
  client: Client
}

function here(call: Call, { client: { id, pool: poolId } }: Authorization): Here {
  const pool = pools.get(call, '', poolId)
  const client = clients.get(call, poolId, id)
  if (pool === undefined || client === undefined) return refuse('invalid_client', `There is no client ${id}.`)
  return { call: new CognitoCall(call.context, 'Federation'), pool, client }
}

/** Where a request goes that names a provider, or has only one to go to. */
export function elsewhere(call: Call, web: Web, asked: Authorization): Leading | undefined {
  const { pool, client } = here(call, asked)
  const provider = chosen(call, pool, client, asked.params)
  return provider === undefined ? undefined : depart(call, web, asked, pool, provider)
}

export function depart(call: Call, web: Web, asked: Authorization, pool: Pool, provider: Provider): Leading {
  call.note({ provider: provider.ProviderName })
  return toProvider(call, web, asked, pool, provider)
}

/** The provider somebody set out to, if the client still lets people come in through it. */
function stillOffered({ call, pool, client }: Here, name: string): Provider {
  const provider = providers.get(call, pool.Id, name)
  const offers = offered(call, pool, client).some(({ ProviderName }) => ProviderName === name)
  return provider !== undefined && offers ? provider : call.fail('InvalidParameterException', `Identity provider ${name} does not exist.`)
}

export function landingsOf(realm: () => Realm): Record<string, Landing> {
  return {
    [LANDING]: {
      name: 'IdpResponse',
      methods: ['GET', 'POST'],
      land(call, web) {
        const { state, code, error, error_description: description } = web.method === 'POST' ? web.form : web.query
        const { journey, asked } = comeBack(call, realm(), web, state)
        return heardByClient(call, asked, inItsWords, () => {
          const at = here(call, asked)
          const provider = stillOffered(at, journey.provider)
          if (error !== undefined) at.call.fail('InvalidParameterException', description ?? error, { error })
          if (code === undefined) return at.call.fail('InvalidParameterException', 'Exception processing authorization code', SERVER)
          const user = arrive(at.call, at.pool, at.client, fromProvider(at.call, at.pool, provider, journey, code))
          return signedIn(call, realm(), asked, user.sub)
        })
      },
    },
  }
}

const SERVER = { error: 'server_error' }

/** How a client hears of a refusal: the sentence with a blank behind it, as seen in life, under an error that is the provider's or ours. */
function inItsWords({ message, facts }: Refusal): { error: string; description: string } {
  return { error: typeof facts.error === 'string' ? facts.error : 'invalid_request', description: `${message} ` }
}

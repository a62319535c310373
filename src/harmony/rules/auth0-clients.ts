import { DIGITS, LOWER, UPPER } from '../../core/random.ts'
import type { HarmonyCall } from '../call.ts'
import type { ClientAnswer, PatchClient, PostClient } from '../definitions/client.ts'
import { type ClientRecord, clientHomes, clients } from '../records.ts'

/** Where Auth0's clients are filed. */
const HERE = ''
const ALPHABET = LOWER + UPPER + DIGITS

export function create(call: HarmonyCall<400>, body: PostClient): ClientAnswer {
  const grantTypes = body.grantTypes ?? []
  const machine = grantTypes.includes('client_credentials')
  const tokenEndpointAuthMethod = body.tokenEndpointAuthMethod ?? 'client_secret_post'
  const id = call.identifier(() => call.random.text(32, ALPHABET))
  if (clientHomes.get(call, '', id) !== undefined) call.refuse(400, `a client with the id ${id} exists already`)
  const client: ClientRecord = {
    id,
    provider: 'auth0-client',
    product: body.product,
    name: body.name,
    ...(tokenEndpointAuthMethod === 'none' ? {} : { secret: call.identifier(() => call.random.text(64, `${ALPHABET}_-`)) }),
    callbacks: body.callbacks ?? [],
    allowedLogoutUrls: body.allowedLogoutUrls ?? [],
    grantTypes,
    webOrigins: body.webOrigins ?? [],
    supportedIdp: body.supportedIdp ?? [],
    tokenEndpointAuthMethod,
    appType: body.appType ?? (machine ? 'non_interactive' : 'regular_web'),
    description: body.description ?? '',
    clientMetadata: body.clientMetadata ?? {},
    disabled: false,
    stale: true,
  }
  clients.put(call, HERE, id, client)
  clientHomes.put(call, '', id, { parent: HERE })

  return view(client)
}

export function read(call: HarmonyCall<404>, id: string): ClientAnswer {
  return view(find(call, id))
}

export function update(call: HarmonyCall<404>, id: string, { clientMetadata, ...body }: PatchClient): ClientAnswer {
  const client = find(call, id)
  const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as Partial<ClientRecord>
  return view(
    clients.put(call, HERE, id, { ...client, ...given, clientMetadata: { ...client.clientMetadata, ...clientMetadata }, stale: true }),
  )
}

/** How many clients changed since the last time (harmony-auth 5: `{updatedCount}`). */
export function sync(call: HarmonyCall): { updatedCount: number } {
  const changed = clients.all(call, HERE).filter(({ stale }) => stale)
  for (const client of changed) clients.put(call, HERE, client.id, { ...client, stale: false })
  return { updatedCount: changed.length }
}

function find(call: HarmonyCall<404>, id: string): ClientRecord {
  return clients.get(call, HERE, id) ?? call.refuse(404, `client ${id} does not exist`)
}

function view({ provider, userPoolId, stale, ...client }: ClientRecord): ClientAnswer {
  return { ...client, oidcConformant: true, auth0Id: client.id }
}

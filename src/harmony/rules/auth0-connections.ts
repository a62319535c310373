import { DIGITS, LOWER, UPPER } from '../../core/random.ts'
import type { HarmonyCall } from '../call.ts'
import type { ConnectionAnswer, PatchConnection, PostConnection } from '../definitions/connection.ts'
import { type ConnectionRecord, connections } from '../records.ts'

const PROVIDER = 'auth0-connection'
const ALPHABET = LOWER + UPPER + DIGITS

export function list(call: HarmonyCall): ConnectionAnswer[] {
  return connections.all(call, PROVIDER).map(view)
}

export function read(call: HarmonyCall<404>, id: string): ConnectionAnswer {
  return view(find(call, id))
}

/** A name is a connection's for all its tenant, as in Auth0; 409 is not documented here, so a taken one is 400. */
export function create(call: HarmonyCall<400>, body: PostConnection): ConnectionAnswer {
  requireFree(call, body.name)
  const id = call.identifier(() => `con_${call.random.text(16, ALPHABET)}`)
  const at = new Date(call.now).toISOString()
  return view(connections.put(call, PROVIDER, id, { id, createdAt: at, updatedAt: at, ...body }))
}

export function update(call: HarmonyCall<400 | 404>, id: string, body: PatchConnection): ConnectionAnswer {
  const before = find(call, id)
  if (body.name !== undefined && body.name !== before.name) requireFree(call, body.name)
  const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
  const updatedAt = new Date(call.now).toISOString()
  const metadata = { ...before.metadata, ...body.metadata }
  return view(connections.put(call, PROVIDER, id, { ...before, ...given, metadata, updatedAt }))
}

export function remove(call: HarmonyCall<404>, id: string): void {
  connections.remove(call, PROVIDER, find(call, id).id)
}

function requireFree(call: HarmonyCall<400>, name: string): void {
  if (connections.all(call, PROVIDER).some((other) => other.name === name)) call.refuse(400, `a connection named ${name} exists already`)
}

function find(call: HarmonyCall<404>, id: string): ConnectionRecord {
  return connections.get(call, PROVIDER, id) ?? call.refuse(404, `connection ${id} does not exist`)
}

function view({ id, ...connection }: ConnectionRecord): ConnectionAnswer {
  // (?) Auth0's word for connections with a directory of their own.
  return { connectionId: id, type: 'auth0', status: 'active', configuration: {}, ...connection }
}

import type { TestEmulator } from './emulator.ts'

export interface Answer {
  status: number
  headers: Record<string, unknown>
  body: Record<string, unknown>
}

/** Calls of Harmony's API as a caller with this token makes them. */
export function harmonyOf(idp: TestEmulator, token?: string) {
  return async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const answer = await idp.request(method, `/harmony${path}`, body, headers)
    return { ...answer, body: answer.body as Record<string, unknown> }
  }
}

export const cognitoPerson = { firstName: 'Ann', lastName: 'Lee', password: 'Secret-123', appMetadata: {} }
export const auth0Person = { givenName: 'Bob', familyName: 'Ray', password: 'Secret-123', appMetadata: {}, userMetadata: {} }

/** A little of everything Harmony knows. */
export async function world(idp: TestEmulator, token?: string) {
  const call = harmonyOf(idp, token)
  const { body: connection } = await call('POST', '/connections', {
    provider: 'cognito-connection',
    connectionBody: { name: 'district', metadata: {} },
  })
  const pool = String(connection.connectionId)
  const made = async (path: string, body: object) => String(Object.values((await call('POST', path, body)).body)[0])
  const user = await call('POST', '/users', {
    provider: 'cognito-user',
    user: { userPoolId: pool, email: 'ann@example.com', username: 'ann', ...cognitoPerson },
  })
  const guest = await call('POST', '/users', { user: { email: 'bob@example.com', username: 'bob', ...auth0Person } })
  const client = await call('POST', '/clients', {
    provider: 'cognito-client',
    userPoolId: pool,
    client: { product: 'TITAN', name: 'web', grantTypes: ['password', 'refresh_token'], tokenEndpointAuthMethod: 'none' },
  })
  const machine = await call('POST', '/clients', {
    client: { product: 'TITAN', name: 'machine', grantTypes: ['client_credentials'] },
  })
  const own = await made('/connections', { connectionBody: { name: 'self-signup', metadata: {} } })
  await call('PUT', '/tenants/demo/product/TITAN', { domain: 'demo.example', endpointUrl: 'http://127.0.0.1:9/titan' })
  return {
    call,
    pool,
    user: String(user.body.id),
    guest: String(guest.body.id),
    client: String(client.body.id),
    machine: { id: String(machine.body.id), secret: String(machine.body.secret) },
    own,
  }
}

import type { Operations } from '../../src/yandex/contract/types.ts'
import type { TestEmulator } from './emulator.ts'

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** What a REST call was answered. */
export interface RestAnswer {
  status: number
  headers: Record<string, unknown>
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON came back; tests compare all of it.
  body: any
}

export interface Rest {
  call(method: Method, path: string, body?: unknown, headers?: Record<string, string>): Promise<RestAnswer>
  /** A changing call that must succeed at once: its response. */
  done(method: Method, path: string, body?: unknown): Promise<RestAnswer['body']>
  pool(more?: Partial<Operations['UserpoolService.Create']['input']>): Promise<RestAnswer['body']>
  user(more: Partial<Operations['idp.UserService.Create']['input']> & { userpoolId: string }): Promise<RestAnswer['body']>
}

export const ORGANIZATION = 'bpfdemo0000000000000'
export const IDP = '/organization-manager/v1/idp'
/** Keeps the default policy: four classes, more than ten characters. */
export const PASSWORD = 'Random195!-abc'

/** The REST API of an in-memory emulator; `always` goes with every request. */
export function rest(idp: TestEmulator, always: Record<string, string> = {}): Rest {
  const call: Rest['call'] = (method, path, body, headers) => idp.request(method, path, body, { ...always, ...headers })
  const done: Rest['done'] = async (method, path, body) => {
    const { status, body: operation } = await call(method, path, body)
    if (status !== 200 || operation.done !== true || operation.error !== undefined) {
      throw new Error(`${method} ${path}: ${status} ${JSON.stringify(operation)}`)
    }
    const { '@type': _type, ...response } = operation.response
    return response
  }
  let count = 0
  return {
    call,
    done,
    pool: (more = {}) => {
      count++
      return done('POST', `${IDP}/userpools`, {
        organizationId: ORGANIZATION,
        name: `pool-${count}`,
        defaultSubdomain: `pool-${count}`,
        ...more,
      })
    },
    user: async ({ userpoolId, ...more }) => {
      const { body: pool } = await call('GET', `${IDP}/userpools/${userpoolId}`)
      count++
      const username = `user-${count}@${pool.domains[0]}`
      const secret = more.passwordHash === undefined ? { passwordSpec: { password: PASSWORD } } : {}
      return done('POST', `${IDP}/users`, { userpoolId, username, fullName: `User ${count}`, ...secret, ...more })
    },
  }
}

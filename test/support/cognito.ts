import type { Test } from 'tap'
import type { Operations } from '../../src/cognito/contract/types.ts'
import { Refused, type TestEmulator } from './emulator.ts'

/** A pool's id; its name does not matter. */
export async function makePool(idp: TestEmulator, input: Partial<Operations['CreateUserPool']['input']> = {}): Promise<string> {
  const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'pool', ...input })
  return UserPool?.Id as string
}

/** A client of the pool, as its id and its secret where it has one. */
export async function makeClient(
  idp: TestEmulator,
  pool: string,
  input: Partial<Operations['CreateUserPoolClient']['input']> = {},
): Promise<{ id: string; secret: string }> {
  const { UserPoolClient } = await idp.cognito.CreateUserPoolClient({ UserPoolId: pool, ClientName: 'client', ...input })
  return { id: UserPoolClient?.ClientId as string, secret: UserPoolClient?.ClientSecret ?? '' }
}

/** A user's attributes by name. */
export async function attributesOf(idp: TestEmulator, pool: string, username: string): Promise<Record<string, string>> {
  const { UserAttributes = [] } = await idp.cognito.AdminGetUser({ UserPoolId: pool, Username: username })
  return Object.fromEntries(UserAttributes.map(({ Name, Value = '' }) => [Name, Value]))
}

/** That a call is refused with exactly this. */
export async function refuses(t: Test, call: Promise<unknown>, type: string, message: string): Promise<void> {
  try {
    await call
    t.fail(`should refuse with ${type}`)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    t.strictSame([error.type, error.message, error.status], [type, message, 400])
  }
}

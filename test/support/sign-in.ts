import { createHmac } from 'node:crypto'
import type { Test } from 'tap'
import type { Operations } from '../../src/cognito/contract/types.ts'
import { Refused, type TestEmulator } from './emulator.ts'

export const PASSWORD = 'Secret-12'

export interface World {
  pool: string
  client: string
  secret: string | undefined
}

/** A pool with one client that allows every flow with a password. */
export async function makeWorld(
  idp: TestEmulator,
  pool: Partial<Operations['CreateUserPool']['input']> = {},
  client: Partial<Operations['CreateUserPoolClient']['input']> = {},
): Promise<World> {
  const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'pool', ...pool })
  const UserPoolId = UserPool?.Id as string
  return addClient(idp, UserPoolId, client)
}

export async function addClient(
  idp: TestEmulator,
  pool: string,
  client: Partial<Operations['CreateUserPoolClient']['input']> = {},
): Promise<World> {
  const { UserPoolClient } = await idp.cognito.CreateUserPoolClient({
    UserPoolId: pool,
    ClientName: 'client',
    ExplicitAuthFlows: [
      'ALLOW_USER_PASSWORD_AUTH',
      'ALLOW_ADMIN_USER_PASSWORD_AUTH',
      'ALLOW_REFRESH_TOKEN_AUTH',
      'ALLOW_USER_SRP_AUTH',
      'ALLOW_CUSTOM_AUTH',
    ],
    ...client,
  })
  return { pool, client: UserPoolClient?.ClientId as string, secret: UserPoolClient?.ClientSecret }
}

/** A confirmed user with the password of all tests; answers the sub. */
export async function makeUser(
  idp: TestEmulator,
  { pool }: World,
  username: string,
  attributes: Record<string, string> = {},
  { confirmed = true }: { confirmed?: boolean } = {},
): Promise<string> {
  const { User } = await idp.cognito.AdminCreateUser({
    UserPoolId: pool,
    Username: username,
    TemporaryPassword: PASSWORD,
    MessageAction: 'SUPPRESS',
    UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
  })
  if (confirmed) await idp.cognito.AdminSetUserPassword({ UserPoolId: pool, Username: username, Password: PASSWORD, Permanent: true })
  return User?.Attributes?.find(({ Name }) => Name === 'sub')?.Value as string
}

export function hashOf({ client, secret }: World, username: string): string {
  return createHmac('sha256', secret ?? '')
    .update(username + client)
    .digest('base64')
}

/** USER_PASSWORD_AUTH. */
export function signIn(
  idp: TestEmulator,
  world: World,
  username: string,
  password = PASSWORD,
  more: Record<string, string> = {},
): Promise<Operations['InitiateAuth']['output']> {
  return idp.cognito.InitiateAuth({
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: world.client,
    AuthParameters: { USERNAME: username, PASSWORD: password, ...more },
  })
}

export interface Tokens {
  AccessToken: string
  IdToken: string
  RefreshToken: string
}

export async function tokensOf(idp: TestEmulator, world: World, username: string): Promise<Tokens> {
  return (await signIn(idp, world, username)).AuthenticationResult as Tokens
}

export async function refuses(t: Test, call: Promise<unknown>, type: string, message: string): Promise<void> {
  try {
    await call
    t.fail(`should refuse with ${type} ${message}`)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    t.strictSame([error.type, error.message, error.status], [type, message, 400])
  }
}

export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString()) as Record<string, unknown>
}

export function headerOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[0] as string, 'base64url').toString()) as Record<string, unknown>
}

import type { Operations } from '../../src/cognito/contract/types.ts'
import type { Browser, Seen } from './browser.ts'
import type { TestEmulator } from './emulator.ts'
import { browser, CALLBACK, HOSTED, post, requestOf } from './oauth.ts'
import { addClient, claimsOf, type World } from './sign-in.ts'

export const GOOGLE = { client_id: 'google-id', client_secret: 'google-secret', authorize_scopes: 'openid email profile' }

type ProviderInput = Operations['CreateIdentityProvider']['input']

/** A pool with a provider, and a client whose users come in through it and by themselves. */
export async function federated(
  idp: TestEmulator,
  provider: Partial<ProviderInput> = {},
  pool: Partial<Operations['CreateUserPool']['input']> = {},
  client: Parameters<typeof addClient>[2] = {},
): Promise<World> {
  const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'federated', ...pool })
  const UserPoolId = UserPool?.Id as string
  const ProviderName = provider.ProviderName ?? 'Google'
  await idp.cognito.CreateIdentityProvider({
    UserPoolId,
    ProviderName,
    ProviderType: 'Google',
    ProviderDetails: GOOGLE,
    AttributeMapping: { email: 'email', name: 'name' },
    ...provider,
  })
  return await addClient(idp, UserPoolId, { ...HOSTED, SupportedIdentityProviders: ['COGNITO', ProviderName], ...client })
}

/** Sets out to a provider. */
export async function setOut(idp: TestEmulator, world: World, provider: string, more: Record<string, string | undefined> = {}) {
  const seen = browser(idp)
  const page = await seen.go(`/oauth2/authorize?${requestOf(world, { identity_provider: provider, ...more })}`)
  return { seen, page }
}

/** Fields of the built-in upstream's form. */
export function person(id: string, claims: Record<string, string> = {}): Record<string, string> {
  return { id, ...Object.fromEntries(Object.entries(claims).map(([name, value]) => [`claim.${name}`, value])) }
}

/** Comes in as somebody at the built-in upstream, and answers where that led. */
export async function comeInAs(
  idp: TestEmulator,
  world: World,
  provider: string,
  id: string,
  claims: Record<string, string> = {},
  more: Record<string, string | undefined> = {},
): Promise<{ away: URL; seen: Browser; last: Seen }> {
  const { seen } = await setOut(idp, world, provider, more)
  const said = await seen.submit('anybody', person(id, claims))
  // Some answers are forms.
  const last = said.page === 'upstream-answer' ? await seen.submit('answer') : said
  if (last.away === undefined) throw new Error(`not led back from ${last.url}:\n${last.text}`)
  return { away: last.away, seen, last }
}

/** What the client's address was told. */
export function answerIn(away: URL): Record<string, string> {
  return Object.fromEntries(away.searchParams)
}

/** The claims of the ID token for a code. */
export async function idTokenFor(idp: TestEmulator, world: World, away: URL): Promise<Record<string, unknown>> {
  const { body, status } = await post(idp, '/oauth2/token', {
    grant_type: 'authorization_code',
    client_id: world.client,
    redirect_uri: CALLBACK,
    code: away.searchParams.get('code') ?? '',
  })
  if (status !== 200) throw new Error(JSON.stringify(body))
  return claimsOf((body as { id_token: string }).id_token)
}

export async function userOf(idp: TestEmulator, world: World, Username: string) {
  const user = await idp.cognito.AdminGetUser({ UserPoolId: world.pool, Username })
  return { ...user, attributes: Object.fromEntries((user.UserAttributes ?? []).map(({ Name, Value }) => [Name, Value ?? ''])) }
}

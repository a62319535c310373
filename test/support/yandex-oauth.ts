import type { Operations } from '../../src/yandex/contract/types.ts'
import type { TestEmulator } from './emulator.ts'
import { browser, CALLBACK, CHALLENGE, post, VERIFIER } from './oauth.ts'
import { IDP, ORGANIZATION, type Rest, rest } from './yandex.ts'

export const APPLICATIONS = `${IDP}/application/oauth/applications`

/** An OAuth application with its client and a secret, and a user of a pool whose password is permanent. */
export interface YandexWorld {
  api: Rest
  pool: string
  application: string
  client: string
  secret: string
  user: { id: string; username: string }
}

type ClientInput = Partial<Operations['OAuthClientService.Create']['input']>
type ApplicationInput = Partial<Operations['oauth.ApplicationService.Create']['input']>

let count = 0

export async function addApplication(
  api: Rest,
  client: ClientInput = {},
  application: ApplicationInput = {},
): Promise<{ application: string; client: string; secret: string }> {
  count++
  const made = await api.done('POST', '/iam/v1/oauthClients', {
    name: `client-${count}`,
    folderId: 'b1gfolder',
    redirectUris: [CALLBACK],
    ...client,
  })
  const secret =
    made.profileId === 'web' ? (await api.done('POST', '/iam/v1/oauthClientSecrets', { oauthClientId: made.id })).secretValue : ''
  const { id } = await api.done('POST', APPLICATIONS, {
    organizationId: ORGANIZATION,
    name: `app-${count}`,
    clientGrant: { clientId: made.id, authorizedScopes: ['openid', 'profile', 'email', 'phone', 'groups'] },
    ...application,
  })
  return { application: id, client: made.id, secret }
}

export async function assign(api: Rest, application: string, subject: string, action: 'ADD' | 'REMOVE' = 'ADD'): Promise<void> {
  await api.done('PATCH', `${APPLICATIONS}/${application}:updateAssignments`, {
    assignmentDeltas: [{ action, assignment: { subjectId: subject } }],
  })
}

/** A password that its user chose: nobody has to change it. */
export async function makePermanent(api: Rest, user: string, password = 'Chosen-4711-pw'): Promise<string> {
  const { status, body } = await api.call(
    'POST',
    `${IDP}/users:setOwnPassword`,
    { passwordSpec: { password } },
    { authorization: `Bearer ${user}` },
  )
  if (status !== 200 || body.error !== undefined) throw new Error(JSON.stringify(body))
  return password
}

export const CHOSEN = 'Chosen-4711-pw'

export async function makeYandexWorld(
  idp: TestEmulator,
  client: ClientInput = {},
  application: ApplicationInput = {},
): Promise<YandexWorld> {
  const api = rest(idp)
  const { id: pool } = await api.pool()
  const user = await api.user({
    userpoolId: pool,
    givenName: 'Ada',
    familyName: 'Lovelace',
    email: 'ada@example.com',
    phoneNumber: '+74951234567',
  })
  await makePermanent(api, user.id)
  const made = await addApplication(api, client, application)
  await assign(api, made.application, user.id)
  return { api, pool, ...made, user }
}

/** The query of an authorization request; a parameter that is undefined is left out. */
export function askingFor({ client }: { client: string }, more: Record<string, string | undefined> = {}): string {
  const all = {
    client_id: client,
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid profile email',
    state: 'state-1',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...more,
  }
  return new URLSearchParams(Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined)).toString()
}

/** Signs in at the page and answers where that led. */
export async function signInAt(
  idp: TestEmulator,
  world: YandexWorld,
  more: Record<string, string | undefined> = {},
  password = CHOSEN,
): Promise<URL> {
  const seen = browser(idp)
  await seen.go(`/oauth/authorize?${askingFor(world, more)}`)
  const { away } = await seen.submit('login', { username: world.user.username, password })
  if (away === undefined) throw new Error(`not signed in:\n${seen.last?.text}`)
  return away
}

export async function codeAt(idp: TestEmulator, world: YandexWorld, more: Record<string, string | undefined> = {}): Promise<string> {
  return (await signInAt(idp, world, more)).searchParams.get('code') as string
}

/** A code for tokens, the client's secret in the form. */
export function exchange(idp: TestEmulator, world: YandexWorld, form: Record<string, string | undefined>) {
  return post(idp, '/oauth/token', {
    grant_type: 'authorization_code',
    client_id: world.client,
    ...(world.secret === '' ? {} : { client_secret: world.secret }),
    redirect_uri: CALLBACK,
    code_verifier: VERIFIER,
    ...form,
  })
}

export interface YandexTokens {
  access_token: string
  id_token: string
  refresh_token: string
  scope: string
  expires_in: number
  token_type: string
}

export async function tokensAt(
  idp: TestEmulator,
  world: YandexWorld,
  more: Record<string, string | undefined> = {},
): Promise<YandexTokens> {
  const { status, body } = await exchange(idp, world, { code: await codeAt(idp, world, more) })
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body as YandexTokens
}

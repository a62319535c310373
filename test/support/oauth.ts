import { createHash } from 'node:crypto'
import type { Operations } from '../../src/cognito/contract/types.ts'
import { Browser, type Send } from './browser.ts'
import type { TestEmulator } from './emulator.ts'
import { addClient, makeWorld, PASSWORD, type World } from './sign-in.ts'

export const SITE = 'http://localhost:80'
export const CALLBACK = 'https://app.example/callback'
export const VERIFIER = 'a-verifier-of-more-than-forty-three-characters'
export const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')

type ClientInput = Partial<Operations['CreateUserPoolClient']['input']>

export const HOSTED: ClientInput = {
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ['code', 'implicit'],
  AllowedOAuthScopes: ['openid', 'email', 'phone', 'profile', 'aws.cognito.signin.user.admin'],
  CallbackURLs: [CALLBACK, 'https://app.example/other'],
  LogoutURLs: ['https://app.example/bye'],
  SupportedIdentityProviders: ['COGNITO'],
}

export function hostedWorld(
  idp: TestEmulator,
  pool: Partial<Operations['CreateUserPool']['input']> = {},
  client: ClientInput = {},
): Promise<World> {
  return makeWorld(idp, pool, { ...HOSTED, ...client })
}

export function hostedClient(idp: TestEmulator, pool: string, client: ClientInput = {}): Promise<World> {
  return addClient(idp, pool, { ...HOSTED, ...client })
}

/** The query of an authorization request; a parameter that is undefined is left out. */
export function requestOf({ client }: World, more: Record<string, string | undefined> = {}): string {
  const all = { client_id: client, response_type: 'code', redirect_uri: CALLBACK, state: 'state-1', ...more }
  return new URLSearchParams(Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined)).toString()
}

export function browser(idp: TestEmulator, headers: Record<string, string> = {}, site = SITE): Browser {
  const send: Send = async (method, url, body, sent) => {
    const { pathname, search, host } = new URL(url, site)
    const answer = await idp.app.server.inject({
      method: method as 'GET',
      url: pathname + search,
      headers: { host: host === 'localhost' ? 'localhost:80' : host, ...sent },
      ...(body === undefined ? {} : { payload: body }),
    })
    const cookies = answer.headers['set-cookie'] ?? []
    return {
      status: answer.statusCode,
      location: answer.headers.location,
      cookies: typeof cookies === 'string' ? [cookies] : cookies,
      headers: answer.headers as Record<string, string>,
      text: answer.body,
    }
  }
  return new Browser(send, site, headers)
}

/** Signs in at the login page and answers where that led. */
export async function signInAtPage(
  idp: TestEmulator,
  world: World,
  username: string,
  more: Record<string, string | undefined> = {},
): Promise<URL> {
  const seen = browser(idp)
  await seen.go(`/oauth2/authorize?${requestOf(world, more)}`)
  const { away } = await seen.submit('login', { username, password: PASSWORD })
  if (away === undefined) throw new Error(`not signed in:\n${seen.last?.text}`)
  return away
}

export async function codeOf(
  idp: TestEmulator,
  world: World,
  username: string,
  more: Record<string, string | undefined> = {},
): Promise<string> {
  return (await signInAtPage(idp, world, username, more)).searchParams.get('code') as string
}

/** A form to an endpoint. */
export function post(
  idp: TestEmulator,
  path: string,
  form: Record<string, string | undefined>,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: unknown }> {
  const body = new URLSearchParams(Object.entries(form).filter((pair): pair is [string, string] => pair[1] !== undefined)).toString()
  return idp.request('POST', path, body, { 'content-type': 'application/x-www-form-urlencoded', ...headers })
}

export function basic({ client, secret = '' }: World): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}` }
}

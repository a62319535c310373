import type { Answer } from '../../core/namespace.ts'
import type { HarmonyCall } from '../call.ts'
import { type ClientRecord, type Grant, tenants } from '../records.ts'
import { findUser as auth0User } from './auth0-users.ts'
import { findUser as cognitoUser, poolOf } from './cognito-directory.ts'

export type CustomClaims = Record<string, unknown>

interface AuthorizedUser {
  id: string
  email: string
  claims: { idToken: CustomClaims; accessToken: CustomClaims }
}

/**
 * Cross-app SSO: while tokens are issued for a user, the product that the client belongs to is asked whether that user may in, and
 * what its tokens shall say (harmony-auth 5: POST /authorize, a form, a bearer token of the service).
 */
export function askProductOf(
  call: HarmonyCall,
  { product }: ClientRecord,
  { tenantId, user }: { tenantId: string; user: { id: string; email: string } },
  token: () => string,
): Verdict {
  const tenant = tenants.get(call, tenantId, product)
  if (tenant === undefined) return { unasked: `tenant ${tenantId} has no product ${product}` }
  const url = `${tenant.endpointUrl.replace(/\/(authorize\/?)?$/, '')}/authorize`
  const form = new URLSearchParams({ userId: user.id, userEmail: user.email, tenantId }).toString()
  const answer = call.ask<ProductAnswer>('harmony.authorize', { url, form, token: token() })
  if ('error' in answer) return { broken: `${product} could not be asked: ${answer.error}` }
  return answer.isAuthorized ? { claims: answer.claims } : { refused: `${product} does not authorize user ${user.id}` }
}

type Verdict = { claims: AuthorizedUser['claims'] } | { refused: string } | { unasked: string } | { broken: string }

/**
 * For whom a token request asks. How a user comes into the documented request is not shown, so `userId` and `tenantId` beside it are
 * ours; without them no product is asked.
 */
export function authorizeUser(
  call: HarmonyCall<400 | 401 | 500>,
  client: ClientRecord,
  { userId, tenantId }: Grant,
  token: () => string,
): AuthorizedUser | undefined {
  if (userId === undefined || tenantId === undefined) return undefined
  const user = userOf(call, client, userId) ?? call.refuse(400, `user ${userId} does not exist`)
  const verdict = askProductOf(call, client, { tenantId, user }, token)
  if ('unasked' in verdict) return call.refuse(400, verdict.unasked)
  if ('broken' in verdict) return call.refuse(500, verdict.broken)
  if ('refused' in verdict) return call.refuse(401, verdict.refused)
  return { id: user.id, email: user.email, claims: verdict.claims }
}

function userOf(call: HarmonyCall, client: ClientRecord, userId: string): { id: string; email: string } | undefined {
  if (client.userPoolId === undefined) {
    const user = auth0User(call, userId)
    return user?.blocked === true ? undefined : user
  }
  const user = cognitoUser(call, poolOf(call, client.userPoolId, 400), userId)
  return user?.enabled === true ? { id: user.id, email: user.attributes.email ?? '' } : undefined
}

type ProductAnswer = { error: string } | { isAuthorized: boolean; claims: AuthorizedUser['claims'] }

/** How long a product may think. */
const PATIENCE = 5000
const MOST_BYTES = 64 * 1024

/** Asks the product over the network; whatever goes wrong there is an answer too. */
export const askProduct: Answer = async ({ url, form, token }: { url: string; form: string; token: string }): Promise<ProductAnswer> => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Bearer ${token}` },
      body: form,
      signal: AbortSignal.timeout(PATIENCE),
    })
    const text = await response.text()
    if (!response.ok) return { error: `${url} answered ${response.status}` }
    if (text.length > MOST_BYTES) return { error: `${url} answered too much` }
    return read(url, JSON.parse(text))
  } catch (error) {
    return { error: `${url}: ${(error as Error).message}` }
  }
}

function read(url: string, value: unknown): ProductAnswer {
  const { isAuthorized, customClaims = {} } = (value ?? {}) as { isAuthorized?: unknown; customClaims?: Record<string, unknown> }
  if (typeof isAuthorized !== 'boolean') return { error: `${url} did not answer isAuthorized` }
  return { isAuthorized, claims: { idToken: claimsIn(customClaims?.idToken), accessToken: claimsIn(customClaims?.accessToken) } }
}

function claimsIn(value: unknown): CustomClaims {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as CustomClaims) : {}
}

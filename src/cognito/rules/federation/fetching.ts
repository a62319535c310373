import { type Inside, reachFrom } from '../../../oauth/upstream/index.ts'
import type { CognitoCall } from '../../call.ts'

/** What another server gave, or nothing but the word that it could not be reached. */
export type Fetched = { status: number; text: string } | { status: 0 }

interface Question {
  url: string
  /** The address that we were called at: what lies there is answered inside. */
  own: string
}

/** A document of another server, asked for as all outside work is; asked again it is fetched again. */
export function fetched(call: CognitoCall, url: string): Fetched {
  return call.ask<Fetched>('cognito.fetch', { url, own: call.origin.base } satisfies Question)
}

/** Answers that question: within five seconds and a megabyte, from that address or where it leads. */
export async function fetchText({ url, own }: Question, inside: Inside): Promise<Fetched> {
  const reached = await reachFrom(own, inside)({ url, method: 'GET', headers: { accept: '*/*', ...AGENT } })
  return 'unreached' in reached ? { status: 0 } : reached
}

/** As the service calls itself when it asks providers (guide, OIDC providers). */
export const AGENT = { 'user-agent': 'Amazon/Cognito' }

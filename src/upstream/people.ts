import { Call } from '../core/call.ts'
import { collection } from '../core/records.ts'
import { Refusal } from '../core/refusal.ts'
import type { Callable } from '../core/run.ts'

/** Somebody with an account at an upstream: the claims it tells of them, beside their id. */
export interface Someone {
  id: string
  claims: Readonly<Record<string, unknown>>
}

/** By issuer and id. */
const people = collection<Someone>('upstream.person')

export function keep(call: Call, issuer: string, someone: Someone): Someone {
  return people.put(call, issuer, someone.id, someone)
}

export function everybody(call: Call, issuer: string): Someone[] {
  return people.all(call, issuer)
}

export function find(call: Call, issuer: string, id: string): Someone | undefined {
  return people.get(call, issuer, id)
}

/** By id, else by e-mail address. */
export function named(call: Call, issuer: string, hint: string): Someone | undefined {
  return find(call, issuer, hint) ?? everybody(call, issuer).find(({ claims }) => claims.email === hint)
}

/** What a person is called in a list. */
export function shownName({ id, claims }: Someone): string {
  const [name, email] = [claims.name, claims.email].map((value) => (typeof value === 'string' && value !== '' ? value : undefined))
  if (name !== undefined && email !== undefined) return `${name} <${email}>`
  return name ?? email ?? id
}

export interface Account {
  issuer: string
  id: string
  claims?: Record<string, unknown>
}

/** How a fixture makes somebody known: `{ issuer: https://accounts.google.com, id: "1", claims: { email: … } }`. */
export const personCall: Callable<Account, Someone> = {
  room: 'upstream',
  name: 'person',
  admit(input) {
    const { issuer, id, claims = {} } = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>
    const told = typeof claims === 'object' && claims !== null && !Array.isArray(claims)
    if (typeof issuer !== 'string' || typeof id !== 'string' || id === '' || !told) {
      throw new Refusal('invalid_request', 'a person is named like { issuer: https://accounts.google.com, id: "1", claims: { email: … } }')
    }
    return { issuer, id, claims: claims as Record<string, unknown> }
  },
  handle({ issuer, id, claims = {} }, context) {
    return keep(new Call(context), issuer, { id, claims })
  },
}

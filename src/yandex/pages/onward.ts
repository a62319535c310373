import { isIP } from 'node:net'
import { keepStep, type Leading, signedIn, stepOf, type Visit } from '../../oauth/index.ts'
import { ownCall } from '../call.ts'
import type { User } from '../records.ts'
import { blockOf, userById } from '../rules/applications/entry.ts'
import { type Demand, demandOn, type Factor, meets, nextFor, type Passed } from '../rules/users/factors.ts'
import { address } from './address.ts'

/** Somebody on the way in who has a factor to show or to add. */
interface Step {
  person: string
  passed: readonly Passed[]
}

/** (?) What somebody is told who did not add a second factor in time. */
export const LATE = 'The time to add a second factor is over: an administrator has to give more of it'

/** Somebody who has shown so much: to the application, or to the factor that an enforcement of their organization asks for. */
export function onward(visit: Visit, user: User, passed: readonly Passed[]): Leading {
  const { call, realm, asked } = visit
  const demand = demandOn(call, asked.client.pool, user)
  if (demand === undefined || meets(demand, passed, call.now)) return signedIn(call, realm, asked, user.id, { proof: { passed } })
  return detour(visit, user, { demand, passed }) ?? ownCall(call).fail('UNAUTHENTICATED', LATE)
}

/** To the page of what comes next; undefined if nothing can. */
export function detour(visit: Visit, user: User, { demand, passed }: { demand: Demand; passed: readonly Passed[] }): Leading | undefined {
  const next = nextFor(visit.call, user, { demand, passed, party: partyOf(visit) })
  if (next === undefined) return undefined
  const step: Step = { person: user.id, passed }
  return { to: address(visit, 'show' in next ? '/auth/factor' : '/auth/factor/add'), cookies: [keepStep(visit, step)] }
}

/** Who is on their way, what they have shown, and the factors that come next; undefined if this is not the page for it. */
export function factorStep(
  visit: Visit,
  doing: 'show' | 'add',
): { user: User; passed: readonly Passed[]; factors: readonly Factor[] } | undefined {
  const { call, asked } = visit
  const step = stepOf<Partial<Step>>(visit)
  const user = step?.person === undefined ? undefined : userById(call, step.person)
  if (step?.passed === undefined || user === undefined || blockOf(call, user) !== undefined) return undefined
  const demand = demandOn(call, asked.client.pool, user)
  const next = demand === undefined ? undefined : nextFor(call, user, { demand, passed: step.passed, party: partyOf(visit) })
  const factors = next === undefined ? undefined : { show: undefined, add: undefined, ...next }[doing]
  return factors === undefined ? undefined : { user, passed: step.passed, factors }
}

/** Whose passkeys these pages use: the host's that the browser is at. Browsers know none of a bare address. */
export function partyOf({ web }: Visit): string | undefined {
  const { hostname } = new URL(web.site)
  return isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? hostname : undefined
}

export function passing(visit: Visit, method: Passed['method']): Passed {
  return { method, at: Math.floor(visit.call.now / 1000) }
}

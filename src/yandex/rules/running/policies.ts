import type { Call } from '../../../core/call.ts'
import { failures, type Policy, policies } from '../../records.ts'
import { settingsOf } from '../../settings.ts'
import { EVERY_KIND, isKind, type Runs, runsOf } from './runs.ts'

const IMMEDIATE: Policy = { kind: EVERY_KIND, runs: 'immediate' }

export function policyFor(call: Call, kind: string): { runs: Runs; error: Policy['error'] } {
  const { runs, error } =
    policies.get(call, '', kind) ?? initial(call, kind) ?? policies.get(call, '', EVERY_KIND) ?? initial(call, EVERY_KIND) ?? IMMEDIATE
  return { runs: runsOf(runs) ?? wrong(kind, runs), error }
}

/** What the emulator was started with. */
function initial(call: Call, kind: string): Policy | undefined {
  const { operations } = settingsOf(call)
  if (operations === undefined) return undefined
  const runs = typeof operations === 'string' ? (kind === EVERY_KIND ? operations : undefined) : operations[kind]
  return runs === undefined ? undefined : { kind, runs }
}

function wrong(kind: string, runs: string): never {
  throw new Error(`no policy for ${kind}: ${JSON.stringify(runs)}; known are immediate, manual, time: 5s, polls: 3`)
}

/** All that are set, by kind; `*` always. */
export function listPolicies(call: Call): Policy[] {
  const { operations } = settingsOf(call)
  const found = new Map<string, Policy>([[EVERY_KIND, IMMEDIATE]])
  if (typeof operations === 'string') found.set(EVERY_KIND, { kind: EVERY_KIND, runs: operations })
  else for (const [kind, runs] of Object.entries(operations ?? {})) found.set(kind, { kind, runs })
  for (const policy of policies.all(call, '')) found.set(policy.kind, policy)
  return [...found.values()]
}

/** Undefined if it is not one: an unknown kind, or words that say nothing. */
export function setPolicy(call: Call, policy: Policy): Policy | undefined {
  if (!isKind(policy.kind)) return undefined
  if (runsOf(policy.runs) === undefined) return undefined
  return policies.put(call, '', policy.kind, policy)
}

/** The next ones of a kind, or of any, fail, however they run. False if there is no such kind. */
export function failNext(call: Call, kind: string, failure: { error: { code: number; message: string }; times: number }): boolean {
  if (!isKind(kind)) return false
  failures.put(call, '', kind, failure)
  return true
}

/** What this one fails with, if it is one of those; it is used up by one. */
export function nextFailure(call: Call, kind: string): Policy['error'] {
  for (const named of [kind, EVERY_KIND]) {
    const failure = failures.get(call, '', named)
    if (failure === undefined) continue
    if (failure.times > 1) failures.put(call, '', named, { ...failure, times: failure.times - 1 })
    else failures.remove(call, '', named)
    return failure.error
  }
  return undefined
}

/** Back to how the emulator was started. */
export function dropPolicy(call: Call, kind: string): boolean {
  return policies.remove(call, '', kind)
}

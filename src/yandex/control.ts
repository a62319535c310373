import { Call, contextOf } from '../core/call.ts'
import type { Namespace } from '../core/namespace.ts'
import { requestId } from '../core/random.ts'
import { type Policy, type Running, running, verdicts } from './records.ts'
import { issueToken } from './rules/access/iam-tokens.ts'
import { dropPolicy, failNext, listPolicies, setPolicy } from './rules/running/policies.ts'
import { failWith, pause, resume, succeed } from './rules/running/running.ts'
import { CODES, type Code } from './status.ts'

/** One operation as those see it who run the emulator. */
export interface Shown {
  /** The operation's name here, by which policies go. */
  kind: string
  operation: Running['operation']
  /** Polls left until it is over, where it is over after so many. */
  polls?: number | undefined
  /** Whether it waits to go on. */
  paused?: boolean | undefined
}

/** What an operation fails with: a name of google.rpc.Code or its number. */
export interface Failure {
  code: Code | number
  message?: string | undefined
}

/** Long-running operations, for whoever runs the emulator: what runs, how the next ones run, and how these end. */
export const control = {
  /** In order of creation; only what runs unless `all`. */
  list(namespace: Namespace, { all = false, limit = 1000 }: { all?: boolean; limit?: number } = {}): Shown[] {
    return act(namespace, (call) =>
      running
        .all(call, '')
        .filter(({ operation }) => all || operation.done !== true)
        .slice(-limit)
        .map(shown),
    )
  },
  policies: (namespace: Namespace): Policy[] => act(namespace, listPolicies),
  statusOf,
  /** `kind` is an operation's name or `*`, `runs` one of immediate, manual, 5s, polls:3. Undefined if it is not one of these. */
  setPolicy(namespace: Namespace, { kind, runs, error }: { kind: string; runs: string; error?: Failure }): Policy | undefined {
    const status = error === undefined ? undefined : statusOf(error)
    if (error !== undefined && status === undefined) return undefined
    return act(namespace, (call) => setPolicy(call, { kind, runs, error: status }))
  },
  /** Back to how the emulator was started. */
  dropPolicy: (namespace: Namespace, kind: string): boolean => act(namespace, (call) => dropPolicy(call, kind)),
  /** An IAM token for any subject, as if it had signed in. */
  token: (namespace: Namespace, subject: string): string => act(namespace, (call) => issueToken(call, subject).token),
  /** What ValidateDomain finds from now on: the record in place, or not. */
  setVerdict: (namespace: Namespace, domain: string, valid: boolean): void =>
    act(namespace, (call) => {
      verdicts.put(call, '', domain.toLowerCase(), { valid })
    }),
  /** These three answer undefined if there is no such operation; one that is over stays as it is. */
  complete: (namespace: Namespace, id: string): Shown | undefined => act(namespace, (call) => maybe(succeed(call, id))),
  fail(namespace: Namespace, id: string, failure: Failure): Shown | undefined {
    const status = statusOf(failure) ?? { code: CODES.UNKNOWN.code, message: failure.message ?? '' }
    return act(namespace, (call) => maybe(failWith(call, id, status)))
  },
  /** Its time does not come any more; it waits to be completed or failed. */
  pause: (namespace: Namespace, id: string): Shown | undefined => act(namespace, (call) => maybe(pause(call, id))),
  /** Goes on with what was left of it. */
  resume: (namespace: Namespace, id: string): Shown | undefined => act(namespace, (call) => maybe(resume(call, id))),
  /** The next so many operations of a kind, or of any (`*`), fail. False if there is no such kind or code. */
  failNext(namespace: Namespace, { kind, times, ...failure }: Failure & { kind: string; times: number }): boolean {
    const error = statusOf(failure)
    return error !== undefined && act(namespace, (call) => failNext(call, kind, { error, times }))
  },
}

function act<T>(namespace: Namespace, of: (call: Call) => T): T {
  namespace.settle()
  const origin = { transport: 'internal', requestId: requestId(), base: '', headers: {} }
  const context = contextOf(namespace, origin, namespace.clock.now())
  return namespace.store.atomically(() => of(new Call(context)))
}

function shown({ kind, operation, polls, paused }: Running): Shown {
  return { kind, operation, polls, ...(paused === undefined ? {} : { paused: true }) }
}

function maybe(one: Running | undefined): Shown | undefined {
  return one === undefined ? undefined : shown(one)
}

/** Undefined if it is no code, or OK, which is no failure. */
function statusOf({ code, message }: Failure): { code: number; message: string } | undefined {
  const known = Object.entries(CODES).find(([name, { code: number }]) => name === code || number === code)
  return known === undefined ? undefined : { code: known[1].code, message: message ?? known[0] }
}

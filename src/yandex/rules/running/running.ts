import type { Call } from '../../../core/call.ts'
import { Taken } from '../../../core/refusal.ts'
import type { YandexCall } from '../../call.ts'
import type { Operation } from '../../contract/types.ts'
import { type Change, idempotency, operationsAbout, type Running, running } from '../../records.ts'
import { CODES, type Code } from '../../status.ts'
import { timeText } from '../times.ts'
import { carryOut, Gone } from './carry-out.ts'
import type { Deed } from './deed.ts'
import { nextFailure, policyFor } from './policies.ts'
import { opened, sealed } from './sealing.ts'

const ALPHABET = '0123456789abcdefghijklmnopqrstuv'

/** Operation ids carry the prefix of the owning service (a guess, yandex-idp 8). */
const PREFIX = 'ek0'

/** The kind of due work that ends an operation. */
export const DUE = 'yandex.operation'

/** (?) How long an idempotency key is remembered (yandex-idp 6). */
const REMEMBERED = 24 * 3_600_000

/** The operation that this idempotency key started before, as it is now: keyed by subject, method and key (yandex-idp 6). */
export function known(call: YandexCall, kind: string): Operation | undefined {
  const key = keyOf(call, kind)
  const before = key === undefined ? undefined : idempotency.get(call, call.subject, key)
  if (before === undefined || before.at + REMEMBERED <= call.now) return undefined
  const one = running.get(call, '', before.operation)
  return one === undefined ? undefined : told(call, one)
}

function keyOf(call: YandexCall, kind: string): string | undefined {
  const key = call.origin.headers['idempotency-key']
  return typeof key === 'string' && key !== '' ? `${kind} ${key}` : undefined
}

export function operationId(call: Call): string {
  return PREFIX + call.random.text(17, ALPHABET)
}

type Typed = Deed<NonNullable<Operation['metadata']>, NonNullable<Operation['response']>>

/** Files an operation and ends it at once, or lets it run as the policy of its kind says. */
export function start(call: YandexCall, kind: string, deed: Typed): Operation {
  const id = deed.operationId ?? operationId(call)
  const policy = policyFor(call, kind)
  // A fixture's world is ready when its calls are.
  const atOnce = call.origin.transport === 'fixture'
  const failure = atOnce || deed.open !== undefined ? undefined : nextFailure(call, kind)
  const begun: Running = {
    operation: {
      id,
      description: deed.description,
      createdAt: call.timestamp,
      createdBy: call.subject,
      modifiedAt: call.timestamp,
      done: false,
      metadata: deed.metadata,
    },
    kind,
    about: deed.about,
    response: deed.response,
    ...(deed.secret === undefined ? {} : { sealed: sealed(call, JSON.stringify(deed.secret)) }),
    changes: deed.changes,
    otherwise: deed.otherwise ?? [],
    error: deed.open === undefined ? (failure ?? policy.error) : status('DEADLINE_EXCEEDED', 'Nobody completed the operation in time'),
  }
  const runs = deed.open !== undefined ? ({ type: 'manual' } as const) : atOnce ? ({ type: 'immediate' } as const) : policy.runs
  const immediate = runs.type === 'immediate'
  if (!immediate) apply(call, deed.meanwhile ?? [])
  const until = deed.open?.until ?? (runs.type === 'time' ? call.now + runs.after : undefined)
  const polls = runs.type === 'polls' ? runs.count : undefined
  const filed = immediate ? ended(call, { ...begun, otherwise: [] }) : { ...begun, polls, until }
  running.insert(call, '', id, filed)
  if (deed.about !== undefined) operationsAbout.insert(call, deed.about, id, { id })
  if (until !== undefined) call.later(until, DUE, id)

  const key = keyOf(call, kind)
  if (key !== undefined) idempotency.put(call, call.subject, key, { operation: id, at: call.now })
  return told(call, filed)
}

/** As its caller may see it: with the secret that is nowhere but in its response (yandex-idp 14). */
export function told(call: Call, { operation, sealed }: Running): Operation {
  if (sealed === undefined || operation.response === undefined) return operation
  return { ...operation, response: { ...operation.response, ...(JSON.parse(opened(call, sealed)) as object) } }
}

/** All that were ever started, oldest first. */
export function all(call: Call): Running[] {
  return running.all(call, '')
}

/** Ends a running operation: by success, or by what it was to fail with. One that is over stays as it is. */
export function finish(call: Call, id: string): Running | undefined {
  return end(call, id, (one) => one)
}

/** Ends it by success, whatever it was to fail with. */
export function succeed(call: Call, id: string): Running | undefined {
  return end(call, id, (one) => ({ ...one, error: undefined }))
}

export function failWith(call: Call, id: string, error: { code: number; message: string }): Running | undefined {
  return end(call, id, (one) => ({ ...one, error }))
}

/** Its time does not come any more; it waits for `resume`, `succeed` or `failWith`. */
export function pause(call: Call, id: string): Running | undefined {
  call.cancelLater(DUE, id)
  return running.update(call, '', id, ({ polls, until, ...one }) => ({
    ...one,
    paused: one.paused ?? { polls, time: until === undefined ? undefined : until - call.now },
  }))
}

/** Goes on with what was left of its time or polls when it was paused. */
export function resume(call: Call, id: string): Running | undefined {
  return running.update(call, '', id, ({ paused, ...one }) => {
    const { time, polls } = paused ?? {}
    const until = time === undefined ? one.until : call.now + time
    if (time !== undefined) call.later(call.now + time, DUE, id)
    return { ...one, until, polls: polls ?? one.polls }
  })
}

/** Somebody asked how it stands. */
export function poll(call: Call, id: string): Running | undefined {
  const one = running.get(call, '', id)
  if (one?.polls === undefined || one.operation.done === true) return one
  if (one.polls <= 1) return finish(call, id)
  return running.put(call, '', id, { ...one, polls: one.polls - 1 })
}

function end(call: Call, id: string, change: (one: Running) => Running): Running | undefined {
  const one = running.get(call, '', id)
  if (one === undefined || one.operation.done === true) return one
  call.cancelLater(DUE, id)
  return running.put(call, '', id, ended(call, change(one)))
}

function ended(call: Call, one: Running): Running {
  const { polls: _polls, until: _until, paused: _paused, ...rest } = one
  const error = one.error ?? done(call, one)
  if (error !== undefined) apply(call, one.otherwise)
  return {
    ...rest,
    operation: {
      ...one.operation,
      modifiedAt: timeText(call.now),
      done: true,
      ...(error === undefined ? { response: one.response } : { error: { ...error, details: [] } }),
    },
    changes: [],
    otherwise: [],
    error: undefined,
  }
}

function apply(call: Call, changes: readonly Change[]): void {
  carryOut(call, changes, (id, error) => (error === undefined ? succeed(call, id) : failWith(call, id, error)))
}

/** Does what the operation is for; what was free when it started may be taken by now. */
function done(call: Call, { changes }: Running): { code: number; message: string } | undefined {
  try {
    call.nested(() => apply(call, changes))
    return undefined
  } catch (error) {
    if (error instanceof Taken) return status('ALREADY_EXISTS', `${error.value} is taken`)
    if (error instanceof Gone) return status('NOT_FOUND', `${error.message} not found`)
    throw error
  }
}

export function status(name: Code, message: string): { code: number; message: string } {
  return { code: CODES[name].code, message }
}

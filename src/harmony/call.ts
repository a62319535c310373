import { Call } from '../core/call.ts'
import { Refusal } from '../core/refusal.ts'
import { type HarmonySettings, settingsOf } from './settings.ts'
import { type Upstream, upstreamOf } from './upstream.ts'

/** Harmony's failures have a status and a text, no names; these are ours for the documented statuses. */
export const FAILURES = {
  400: 'BadRequest',
  401: 'Unauthorized',
  404: 'NotFound',
  409: 'Conflict',
  429: 'TooManyRequests',
  500: 'InternalServerError',
} as const

export type Failure = keyof typeof FAILURES

export const STATUSES: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(FAILURES).map(([status, name]) => [name, Number(status)]),
)

/** A call of a Harmony operation. */
export class HarmonyCall<F extends Failure = Failure> extends Call {
  /** Headers of the answer, besides the body. */
  readonly headers: Record<string, string> = {}
  readonly #upstream: Upstream = upstreamOf(this)

  get options(): HarmonySettings {
    return settingsOf(this.settings)
  }

  /** Cognito, as a customer of it sees it, inside this call. */
  get cognito(): Upstream {
    return this.#upstream
  }

  refuse(status: F, message: string): never {
    throw new Refusal(FAILURES[status], message)
  }

  /** What the documentation does not provide for: refused in contract mode `strict`, else told in a header. */
  undocumented(message: string, path = ''): void {
    const mode = this.contractMode('harmony')
    if (mode === 'off') return
    this.violation({ where: 'request', path, rule: 'undocumented', message })
    if (mode === 'strict') throw new Refusal(FAILURES[400], message)
  }
}

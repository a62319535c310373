import type { Emulator } from '../core/emulator.ts'
import type { Entry } from '../core/journal.ts'
import { version } from '../version.ts'

export interface Limits {
  maxUnhandled?: number | undefined
  minOperations?: number | undefined
  /** `room.Operation` */
  required: readonly string[]
}

interface Used {
  vendor: string
  name: string
  calls: number
  ok: number
  /** By the name of the error. */
  errors: Record<string, number>
}

interface Unhandled {
  vendor: string
  what: string
  why: string
  count: number
}

/** Which operations somebody's calls used, with what outcomes, from its making on. */
export class Report {
  readonly #used = new Map<string, Used>()
  readonly #unhandled = new Map<string, Unhandled>()
  #calls = 0
  #failed = 0

  constructor(emulator: Emulator) {
    emulator.listen((entry) => this.#hear(entry))
  }

  #hear(entry: Entry): void {
    const { room: vendor, operation: name, outcome, error } = entry
    const key = `${vendor}.${name}`
    this.#calls++
    if (outcome === 'failed') this.#failed++
    if (outcome === 'unhandled') {
      const known = this.#unhandled.get(key)
      this.#unhandled.set(key, { vendor, what: name, why: error?.message ?? '', count: (known?.count ?? 0) + 1 })
      return
    }
    const used = this.#used.get(key) ?? { vendor, name, calls: 0, ok: 0, errors: {} }
    used.calls++
    if (error === undefined) used.ok++
    else used.errors[error.name] = (used.errors[error.name] ?? 0) + 1
    this.#used.set(key, used)
  }

  get #unhandledCalls(): number {
    return [...this.#unhandled.values()].reduce((sum, { count }) => sum + count, 0)
  }

  /** What the limits say against it, a sentence each. */
  violations({ maxUnhandled, minOperations, required }: Limits): string[] {
    const found: string[] = []
    if (maxUnhandled !== undefined && this.#unhandledCalls > maxUnhandled) {
      const list = [...this.#unhandled.values()].map(({ vendor, why }) => `${vendor}: ${why}`)
      found.push(`${this.#unhandledCalls} calls were handled by nobody, at most ${maxUnhandled} may be: ${list.join('; ')}`)
    }
    if (minOperations !== undefined && this.#used.size < minOperations) {
      found.push(`${this.#used.size} operations were used, at least ${minOperations} should be`)
    }
    for (const name of required) if (!this.#used.has(name)) found.push(`${name} was not used`)
    return found
  }

  document(violations: readonly string[]): object {
    return {
      schema: 'poolhouse-report/1',
      emulator: version,
      totals: { calls: this.#calls, failed: this.#failed, unhandled: this.#unhandledCalls, operationsUsed: this.#used.size },
      operations: this.#sorted(),
      unhandled: [...this.#unhandled.values()],
      violations,
    }
  }

  /** A suite for each vendor with a case for each operation used, and one for the limits. */
  junit(violations: readonly string[]): string {
    const vendors = grouped(this.#sorted())
    const suites = [...vendors].map(([vendor, used]) => {
      const cases = used.map(
        ({ name, calls }) => `    <testcase classname="${escaped(vendor)}" name="${escaped(name)}" assertions="${calls}"/>`,
      )
      return `  <testsuite name="${escaped(vendor)}" tests="${used.length}" failures="0">\n${cases.join('\n')}\n  </testsuite>`
    })
    const failed = violations.map(
      (text) => `    <testcase classname="limits" name="${escaped(text)}"><failure message="${escaped(text)}"/></testcase>`,
    )
    const limits = `  <testsuite name="limits" tests="${failed.length}" failures="${failed.length}">\n${failed.join('\n')}\n  </testsuite>`
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${[...suites, limits].join('\n')}\n</testsuites>\n`
  }

  #sorted(): Used[] {
    return [...this.#used.values()].sort((a, b) => (`${a.vendor}.${a.name}` < `${b.vendor}.${b.name}` ? -1 : 1))
  }
}

function grouped(all: readonly Used[]): Map<string, Used[]> {
  const groups = new Map<string, Used[]>()
  for (const used of all) groups.set(used.vendor, [...(groups.get(used.vendor) ?? []), used])
  return groups
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

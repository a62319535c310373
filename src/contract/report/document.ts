/** How much of the contracts somebody's calls used, and where they left them: one JSON document, from which all else is rendered. */
export interface ContractReport {
  schema: typeof SCHEMA
  emulator: string
  contracts: { vendor: string; version: string; sha256: string }[]
  /** Real time, as RFC 3339. */
  started: string
  finished: string
  mode: string
  seed: string | null
  totals: { calls: number; violations: number; unhandled: number; operationsUsed: number; operationsKnown: number }
  /** Those that were used. */
  operations: OperationUse[]
  violations: ViolationUse[]
  unhandled: UnhandledUse[]
  /** What was asked of the use, and whether it held. */
  thresholds?: Threshold[]
}

export const SCHEMA = 'poolhouse-contract-report/1'

export interface OperationUse {
  vendor: string
  name: string
  calls: number
  outcomes: { ok: number; errors: Record<string, number> }
  /** Of the request. */
  fields: { seen: string[]; never: string[] }
  /** By field. */
  enums: Record<string, { seen: string[]; never: string[] }>
  /** Whether the emulator has built it. */
  emulation: 'built' | 'none'
}

export interface ViolationUse {
  vendor: string
  operation: string
  where: 'request' | 'response'
  path: string
  rule: string
  message: string
  value?: unknown
  count: number
  namespace: string
  firstJournalId: number
  /** Reproduces it; secrets are masked. */
  curl: string
}

export interface UnhandledUse {
  vendor: string
  method: string
  path: string
  target?: string
  nearest: string[]
  count: number
}

export interface Threshold {
  name: string
  passed: boolean
  message: string
}

/** Several reports (shards, namespaces) as one. */
export function merge(reports: readonly [ContractReport, ...ContractReport[]]): ContractReport {
  const [first, ...others] = reports
  const mixed = (values: (string | null)[]) => (new Set(values).size === 1 ? values[0] : undefined)
  const operations = new Map<string, OperationUse>()
  const violations = new Map<string, ViolationUse>()
  const unhandled = new Map<string, UnhandledUse>()
  for (const report of reports) {
    for (const use of report.operations) gather(operations, `${use.vendor}:${use.name}`, use, together)
    for (const use of report.violations) gather(violations, violationKey(use), use, counted)
    for (const use of report.unhandled) gather(unhandled, unhandledKey(use), use, counted)
  }
  const contracts = new Map(reports.flatMap(({ contracts }) => contracts.map((one) => [`${one.vendor} ${one.sha256}`, one])))
  const { thresholds: _own, ...rest } = first
  return finished({
    ...rest,
    contracts: [...contracts.values()],
    started: reports.map(({ started }) => started).sort()[0] as string,
    finished: reports
      .map(({ finished }) => finished)
      .sort()
      .at(-1) as string,
    mode: mixed(reports.map(({ mode }) => mode)) ?? 'mixed',
    seed: mixed(reports.map(({ seed }) => seed)) ?? null,
    operations: [...operations.values()],
    violations: [...violations.values()],
    unhandled: [...unhandled.values()],
    totals: { ...first.totals, operationsKnown: Math.max(...[first, ...others].map(({ totals }) => totals.operationsKnown)) },
  })
}

/** In an order that does not depend on who called first, with the sums of its parts. */
export function finished(report: ContractReport): ContractReport {
  const { operations, violations, unhandled } = report
  const sum = (all: readonly { count: number }[]) => all.reduce((total, { count }) => total + count, 0)
  return {
    ...report,
    totals: {
      ...report.totals,
      calls: operations.reduce((total, { calls }) => total + calls, 0) + sum(unhandled),
      violations: sum(violations),
      unhandled: sum(unhandled),
      operationsUsed: operations.length,
    },
    operations: sorted(operations, ({ vendor, name }) => `${vendor}:${name}`),
    violations: sorted(violations, violationKey),
    unhandled: sorted(unhandled, unhandledKey),
  }
}

export function violationKey({ vendor, operation, where, path, rule, message }: Omit<ViolationUse, 'count'>): string {
  // The place of an item in its list is not what is wrong with it.
  return [vendor, operation, where, rule, path.replace(/\[\d+\]/g, '[]'), message.replace(/\[\d+\]/g, '[]')].join('\n')
}

export function unhandledKey({ vendor, method, path, target = '' }: Omit<UnhandledUse, 'count'>): string {
  return [vendor, method, path, target].join('\n')
}

function gather<T>(all: Map<string, T>, key: string, one: T, join: (one: T, other: T) => T): void {
  const before = all.get(key)
  all.set(key, before === undefined ? one : join(before, one))
}

function counted<T extends { count: number }>(one: T, other: T): T {
  return { ...one, count: one.count + other.count }
}

function together(one: OperationUse, other: OperationUse): OperationUse {
  const errors = { ...one.outcomes.errors }
  for (const [name, count] of Object.entries(other.outcomes.errors)) errors[name] = (errors[name] ?? 0) + count
  const paths = [...new Set([...Object.keys(one.enums), ...Object.keys(other.enums)])].sort()
  return {
    ...one,
    calls: one.calls + other.calls,
    outcomes: { ok: one.outcomes.ok + other.outcomes.ok, errors },
    fields: seenOrNever(one.fields, other.fields),
    enums: Object.fromEntries(paths.map((path) => [path, seenOrNever(one.enums[path], other.enums[path])])),
  }
}

interface Seen {
  seen: string[]
  never: string[]
}

function seenOrNever(one: Seen = { seen: [], never: [] }, other: Seen = { seen: [], never: [] }): Seen {
  const seen = new Set([...one.seen, ...other.seen])
  const never = new Set([...one.never, ...other.never].filter((name) => !seen.has(name)))
  return { seen: [...seen].sort(), never: [...never].sort() }
}

function sorted<T>(all: readonly T[], key: (one: T) => string): T[] {
  return [...all].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

import type { Emulator } from '../core/emulator.ts'
import type { Entry } from '../core/journal.ts'
import type { Namespace } from '../core/namespace.ts'
import { Response, type Route } from './route.ts'

/** Upper bounds of the duration's histogram, in seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

interface Series {
  labels: string
  count: number
}

interface Histogram {
  counts: number[]
  sum: number
  count: number
}

/** Counts calls from the start on, and prints them as Prometheus reads them. */
export function metrics(emulator: Emulator, version: string, openOperations: (namespace: Namespace) => number): Route[] {
  const calls = new Map<string, Series>()
  const durations = new Map<string, Histogram>()
  emulator.listen((entry) => {
    count(calls, entry)
    observe(durations, entry.room, entry.duration / 1000)
  })
  return [
    {
      method: 'GET',
      url: '/metrics',
      summary: 'Counts and durations of calls, in the text format of Prometheus',
      produces: 'text/plain',
      answer: { type: 'string' },
      handle: () =>
        new Response(print(emulator, version, calls, durations, openOperations), { type: 'text/plain; version=0.0.4; charset=utf-8' }),
    },
  ]
}

function count(calls: Map<string, Series>, { room, operation, outcome, error }: Entry): void {
  // A path that nobody knows is anybody's text: it would make a series of each.
  const named = outcome === 'unhandled' ? '' : operation
  const key = `${room} ${named} ${outcome} ${error?.name ?? ''}`
  const series = calls.get(key)
  if (series !== undefined) {
    series.count++
    return
  }
  const labels = `vendor="${room}",operation="${escaped(named)}",outcome="${outcome}",error="${escaped(error?.name ?? '')}"`
  calls.set(key, { labels, count: 1 })
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

function observe(durations: Map<string, Histogram>, room: string, seconds: number): void {
  let histogram = durations.get(room)
  if (histogram === undefined) {
    histogram = { counts: BUCKETS.map(() => 0), sum: 0, count: 0 }
    durations.set(room, histogram)
  }
  histogram.count++
  histogram.sum += seconds
  const bucket = BUCKETS.findIndex((bound) => seconds <= bound)
  if (bucket !== -1) histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1
}

function print(
  emulator: Emulator,
  version: string,
  calls: Map<string, Series>,
  durations: Map<string, Histogram>,
  openOperations: (namespace: Namespace) => number,
): string {
  const lines = [
    ...family('poolhouse_info', 'gauge', 'What runs.', [`poolhouse_info{version="${version}",node="${process.versions.node}"} 1`]),
    ...family('poolhouse_calls_total', 'counter', 'Calls by vendor, operation and outcome.', [
      ...[...calls.values()].map(({ labels, count }) => `poolhouse_calls_total{${labels}} ${count}`),
    ]),
    ...family('poolhouse_call_duration_seconds', 'histogram', 'How long calls took.', [
      ...[...durations].flatMap(([room, histogram]) => buckets(`vendor="${room}"`, histogram)),
    ]),
    ...family('poolhouse_namespaces', 'gauge', 'Namespaces there are.', [`poolhouse_namespaces ${emulator.names.length}`]),
    ...family('poolhouse_outbox_messages', 'gauge', 'Messages in the outbox of each open namespace.', [
      ...emulator.open.map(({ name, outbox }) => `poolhouse_outbox_messages{namespace="${name}"} ${outbox.count()}`),
    ]),
    ...family('poolhouse_operations_open', 'gauge', 'Long-running operations that are not done, by open namespace.', [
      ...emulator.open.map((namespace) => `poolhouse_operations_open{namespace="${namespace.name}"} ${openOperations(namespace)}`),
    ]),
    ...family('poolhouse_due', 'gauge', 'Work that has yet to fall due, by open namespace.', [
      ...emulator.open.map(({ name, pending }) => `poolhouse_due{namespace="${name}"} ${pending}`),
    ]),
    ...family('process_resident_memory_bytes', 'gauge', 'Resident memory.', [`process_resident_memory_bytes ${process.memoryUsage.rss()}`]),
  ]
  return `${lines.join('\n')}\n`
}

function family(name: string, type: string, help: string, samples: string[]): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples]
}

function buckets(labels: string, { counts, sum, count }: Histogram): string[] {
  let below = 0
  const name = 'poolhouse_call_duration_seconds'
  return [
    ...BUCKETS.map((bound, index) => {
      below += counts[index] ?? 0
      return `${name}_bucket{${labels},le="${bound}"} ${below}`
    }),
    `${name}_bucket{${labels},le="+Inf"} ${count}`,
    `${name}_sum{${labels}} ${sum}`,
    `${name}_count{${labels}} ${count}`,
  ]
}

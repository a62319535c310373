import type { ContractReport, OperationUse, ViolationUse } from './document.ts'
import { html, sarif } from './pages.ts'

export const FORMATS = ['json', 'junit', 'ctrf', 'md', 'html', 'sarif'] as const

export type Format = (typeof FORMATS)[number]

/** What each format's file is called, and what it is sent as. */
export const FILES: Readonly<Record<Format, { file: string; type: string }>> = {
  json: { file: 'report.json', type: 'application/json; charset=utf-8' },
  junit: { file: 'junit.xml', type: 'application/xml; charset=utf-8' },
  ctrf: { file: 'ctrf.json', type: 'application/json; charset=utf-8' },
  md: { file: 'report.md', type: 'text/markdown; charset=utf-8' },
  html: { file: 'report.html', type: 'text/html; charset=utf-8' },
  sarif: { file: 'report.sarif', type: 'application/sarif+json; charset=utf-8' },
}

export function render(report: ContractReport, format: Format): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(report, undefined, 2)}\n`
    case 'junit':
      return junit(report)
    case 'ctrf':
      return `${JSON.stringify(ctrf(report), undefined, 2)}\n`
    case 'md':
      return markdown(report)
    case 'html':
      return html(report)
    case 'sarif':
      return `${JSON.stringify(sarif(report), undefined, 2)}\n`
  }
}

interface Case {
  suite: string
  name: string
  calls: number
  /** Why it failed; nothing if it did not. */
  failure: string | undefined
  detail: string
}

/** A case for each operation used and one for each threshold. */
function casesOf(report: ContractReport): Case[] {
  const used = report.operations.map((use): Case => {
    const found = violationsOf(report, use)
    const failure = found.length === 0 ? undefined : found.map(({ message }) => message).join('; ')
    return { suite: use.vendor, name: use.name, calls: use.calls, failure, detail: found.map(({ curl }) => curl).join('\n') }
  })
  const limits = (report.thresholds ?? []).map(({ name, passed, message }): Case => {
    return { suite: 'thresholds', name, calls: 1, failure: passed ? undefined : message, detail: '' }
  })
  return [...used, ...limits]
}

function violationsOf({ violations }: ContractReport, { vendor, name }: OperationUse): ViolationUse[] {
  return violations.filter((one) => one.vendor === vendor && one.operation === name)
}

/** A suite for each vendor with a case for each operation used, and one for the thresholds: every CI reads it. */
function junit(report: ContractReport): string {
  const suites = new Map<string, Case[]>()
  for (const one of casesOf(report)) suites.set(one.suite, [...(suites.get(one.suite) ?? []), one])
  const lines = [...suites].flatMap(([suite, cases]) => [
    `  <testsuite name="${escaped(suite)}" tests="${cases.length}" failures="${cases.filter(({ failure }) => failure !== undefined).length}">`,
    ...cases.map(({ name, calls, failure, detail }) => {
      const head = `    <testcase classname="${escaped(suite)}" name="${escaped(name)}" assertions="${calls}"`
      return failure === undefined ? `${head}/>` : `${head}><failure message="${escaped(failure)}">${escaped(detail)}</failure></testcase>`
    }),
    '  </testsuite>',
  ])
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="poolhouse contract">\n${lines.join('\n')}\n</testsuites>\n`
}

/** Characters that XML 1.0 has no place for are left out. */
function escaped(text: string): string {
  return [...text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')]
    .filter((character) => character >= ' ' || character === '\n' || character === '\t')
    .join('')
}

/** The Common Test Report Format. */
function ctrf(report: ContractReport): object {
  const cases = casesOf(report)
  const failed = cases.filter(({ failure }) => failure !== undefined).length
  return {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    results: {
      tool: { name: 'poolhouse', version: report.emulator },
      summary: {
        tests: cases.length,
        passed: cases.length - failed,
        failed,
        pending: 0,
        skipped: 0,
        other: 0,
        start: Date.parse(report.started),
        stop: Date.parse(report.finished),
      },
      tests: cases.map(({ suite, name, failure, detail }) => ({
        name,
        suite,
        status: failure === undefined ? 'passed' : 'failed',
        duration: 0,
        ...(failure === undefined ? {} : { message: failure, ...(detail === '' ? {} : { trace: detail }) }),
      })),
    },
  }
}

/** For people: a pull request's summary. */
function markdown(report: ContractReport): string {
  const { totals, operations, violations, unhandled, thresholds = [], mode } = report
  const used = operations.map(({ vendor, name, calls, outcomes, fields }) => {
    const errors = Object.entries(outcomes.errors).map(([error, count]) => `${error} ${count}`)
    const all = fields.seen.length + fields.never.length
    return [vendor, name, calls, outcomes.ok, errors.join(', '), all === 0 ? '' : `${fields.seen.length} of ${all}`]
  })
  const parts = [
    '# Contract report',
    `${totals.calls} calls, ${totals.operationsUsed} of ${totals.operationsKnown} operations, ${totals.violations} violations, ${totals.unhandled} calls that nobody handled (contract mode ${mode}).`,
    ...section(
      'Thresholds',
      ['', 'threshold', ''],
      thresholds.map(({ name, passed, message }) => [passed ? 'ok' : 'FAILED', name, message]),
    ),
    ...section(
      'Violations',
      ['vendor', 'operation', 'what', 'times'],
      violations.map(({ vendor, operation, message, count }) => [vendor, operation, message, count]),
    ),
    ...violations.filter(({ curl }) => curl !== '').map(({ curl }) => `\`\`\`sh\n${curl}\n\`\`\``),
    ...section(
      'Handled by nobody',
      ['vendor', 'call', 'nearest', 'times'],
      unhandled.map(({ vendor, method, path, target, nearest, count }) => [
        vendor,
        target ?? `${method} ${path}`,
        nearest.join(', '),
        count,
      ]),
    ),
    ...section('Operations', ['vendor', 'operation', 'calls', 'ok', 'errors', 'request fields'], used),
  ]
  return `${parts.join('\n\n')}\n`
}

function section(title: string, head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  if (rows.length === 0) return []
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [`## ${title}`, [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')]
}

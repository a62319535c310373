import type { ContractReport } from './document.ts'

/** One page for people, which needs nothing from anywhere. */
export function html(report: ContractReport): string {
  const { totals, thresholds = [] } = report
  const parts = [
    `<h1>Contract report</h1><p>${said(`${totals.operationsUsed} of ${totals.operationsKnown} operations used in ${totals.calls} calls, `)}
${said(`${totals.violations} violations, ${totals.unhandled} unhandled calls. Poolhouse ${report.emulator}, ${report.started} to ${report.finished}.`)}</p>`,
    table(
      'Thresholds',
      ['', 'threshold', 'why'],
      thresholds.map(({ passed, name, message }) => [passed ? 'ok' : 'FAILED', name, message]),
    ),
    table(
      'Violations',
      ['where', 'what', 'times', 'again'],
      report.violations.map(({ vendor, operation, message, count, curl }) => [`${vendor} ${operation}`, message, String(count), curl]),
    ),
    table(
      'Unhandled calls',
      ['call', 'times', 'nearest'],
      report.unhandled.map(({ method, path, target, count, nearest }) => [
        `${method} ${path} ${target ?? ''}`,
        String(count),
        nearest.join(', '),
      ]),
    ),
    table(
      'Operations',
      ['operation', 'calls', 'ok', 'errors', 'fields never seen'],
      report.operations.map(({ vendor, name, calls, outcomes, fields }) => [
        `${vendor} ${name}`,
        String(calls),
        String(outcomes.ok),
        Object.entries(outcomes.errors)
          .map(([error, count]) => `${error} ${count}`)
          .join(', '),
        fields.never.join(', '),
      ]),
    ),
  ]
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Contract report</title>
<style>${STYLE}</style>
<body>${parts.join('\n')}</body></html>
`
}

const STYLE =
  'body{font:15px/1.5 system-ui;margin:2rem auto;max-width:72rem;padding:0 1rem}table{border-collapse:collapse;width:100%}' +
  'td,th{border-bottom:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}'

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[], tag: string) => `<tr>${cells.map((cell) => `<${tag}>${said(cell)}</${tag}>`).join('')}</tr>`
  return `<h2>${title}</h2><table><thead>${line(head, 'th')}</thead><tbody>${rows.map((row) => line(row, 'td')).join('')}</tbody></table>`
}

function said(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** SARIF 2.1.0: violations and unhandled calls as results, which code scanning shows. They have a call for a place, no line of a file. */
export function sarif(report: ContractReport): object {
  const rules = [...new Set([...report.violations.map(({ rule }) => rule), ...(report.unhandled.length > 0 ? ['unhandled'] : [])])]
  const result = (ruleId: string, level: string, text: string, call: string, count: number, more: object = {}) => ({
    ruleId,
    level,
    message: { text },
    locations: [{ logicalLocations: [{ fullyQualifiedName: call, kind: 'function' }] }],
    occurrenceCount: count,
    ...more,
  })
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'poolhouse', version: report.emulator, rules: rules.map((id) => ({ id })) } },
        results: [
          ...report.violations.map(({ vendor, operation, rule, message, count, curl }) =>
            result(rule, 'warning', message, `${vendor}.${operation}`, count, { properties: { curl } }),
          ),
          ...report.unhandled.map(({ vendor, method, path, target, count }) =>
            result('unhandled', 'error', `nobody handles ${method} ${path} ${target ?? ''}`.trim(), `${vendor}.${method} ${path}`, count),
          ),
        ],
      },
    ],
  }
}

import type { ContractReport, Threshold } from './document.ts'

/** What somebody asks of the use of contracts. */
export interface Limits {
  minOperations?: number | undefined
  maxViolations?: number | undefined
  maxUnhandled?: number | undefined
  /** `vendor:Operation` */
  requireOp?: readonly string[] | undefined
  requireError?: readonly string[] | undefined
}

/** Each limit that was asked for, with whether it holds and a sentence. */
export function thresholdsOf({ totals, operations, violations, unhandled }: ContractReport, limits: Limits): Threshold[] {
  const { minOperations, maxViolations, maxUnhandled, requireOp = [], requireError = [] } = limits
  const found: Threshold[] = []
  if (minOperations !== undefined) {
    const message = `${totals.operationsUsed} operations were used, at least ${minOperations} should be`
    found.push({ name: `min-operations ${minOperations}`, passed: totals.operationsUsed >= minOperations, message })
  }
  if (maxViolations !== undefined) {
    const list = few(violations.map(({ vendor, message }) => `${vendor}: ${message}`))
    const message = `${totals.violations} contract violations, at most ${maxViolations} may be${list}`
    found.push({ name: `max-violations ${maxViolations}`, passed: totals.violations <= maxViolations, message })
  }
  if (maxUnhandled !== undefined) {
    const list = few(unhandled.map(({ vendor, method, path, target }) => `${vendor}: ${target ?? `${method} ${path}`}`))
    const message = `${totals.unhandled} calls were handled by nobody, at most ${maxUnhandled} may be${list}`
    found.push({ name: `max-unhandled ${maxUnhandled}`, passed: totals.unhandled <= maxUnhandled, message })
  }
  for (const wanted of requireOp) {
    const name = wanted.replace(/^(\w+)[.:]/, '$1:')
    const passed = operations.some((one) => `${one.vendor}:${one.name}` === name)
    found.push({ name: `require-op ${name}`, passed, message: passed ? `${name} was used` : `${name} was not used` })
  }
  for (const name of requireError) {
    const passed = operations.some(({ outcomes }) => Object.hasOwn(outcomes.errors, name))
    found.push({ name: `require-error ${name}`, passed, message: passed ? `${name} was seen` : `${name} was never seen` })
  }
  return found
}

const SHOWN = 5

function few(all: readonly string[]): string {
  if (all.length === 0) return ''
  const more = all.length - SHOWN
  return `: ${all.slice(0, SHOWN).join('; ')}${more > 0 ? `; and ${more} more` : ''}`
}

import { Misfit } from '../contract/proto-json.ts'
import { type Violation, violationsOf } from '../contract/proto-rules.ts'
import { Refusal } from '../core/refusal.ts'
import { contract, json, methodOf } from './contract/index.ts'
import type { FieldViolation } from './status.ts'

/**
 * The header over the list of violations: the documentation has it for access bindings of organizations ("Fixing the `Validation
 * failed: - access_binding_deltas: Number of elements must be in the range of 1 to 1000` error"), which are this service's.
 */
const HEADER = 'Validation failed:'

/** The texts for pattern, exactlyOne and size are seen from live services, the others are guesses in their manner (yandex-idp 3). */
const TEXTS: Record<Violation['rule'], (limit: string) => string> = {
  pattern: (limit) => `Field does not match the pattern /${limit}/`,
  exactlyOne: () => 'One of the options must be selected',
  required: () => 'Field is required',
  length: (limit) => `String length is out of range ${limit}`,
  size: (limit) =>
    `Number of elements must be in the range of ${/^<=/.test(limit) ? `0 to ${limit.slice(2)}` : limit.replace('-', ' to ')}`,
  value: (limit) => `Value is out of range ${limit}`,
  mapKey: (limit) => `Key does not match ${limit}`,
}

/** Makes raw input canonical and holds it to the contract; every violation is named. */
export function admit(name: string, raw: unknown): unknown {
  const { request } = methodOf(name)
  const input = read(request, raw ?? {})
  const found = violationsOf(contract, request, input, inMask(request, input))
  if (found.length > 0) throw invalid(found.map(({ path, rule, limit }) => ({ field: path, description: TEXTS[rule](limit) })))
  return input
}

/** A message from JSON; what does not fit its type is INVALID_ARGUMENT (a guess, yandex-idp 3). */
export function read(type: string, raw: unknown, options?: { text: boolean }): Record<string, unknown> {
  try {
    return json.read(type, raw, options)
  } catch (error) {
    if (error instanceof Misfit) throw invalid([{ field: error.path, description: error.message }])
    throw error
  }
}

export function invalid(violations: FieldViolation[]): Refusal {
  const lines = violations.map(({ field, description }) => `\n  - ${field === '' ? '' : `${field}: `}${description}`)
  return new Refusal('INVALID_ARGUMENT', `${HEADER}${lines.join('')}`, { violations })
}

/** Clients send every field, whatever the mask names; what it does not name is not looked at (yandex-idp 4). */
function inMask(request: string, input: Record<string, unknown>): (field: { jsonName: string; required: boolean }) => boolean {
  if (json.field(request, 'update_mask') === undefined || typeof input.updateMask !== 'string' || input.updateMask === '') return () => true
  const named = new Set(input.updateMask.split(',').map((path) => path.split('.', 1)[0]))
  return ({ jsonName, required }) => required || named.has(jsonName)
}

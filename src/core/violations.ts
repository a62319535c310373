/** What becomes of what a vendor tolerates and its contract does not list: taken silently, taken and noted, or refused. */
export type ContractMode = 'off' | 'warn' | 'strict'

export const CONTRACT_MODES: readonly ContractMode[] = ['off', 'warn', 'strict']

export interface Violation {
  where: 'request' | 'response'
  /** `UserAttributes[0].Nmae`; empty where it is of the whole. */
  path: string
  rule: 'unknown-member' | 'deprecated-member' | 'undocumented' | 'undeclared-error' | 'broken-answer'
  message: string
  /** Masked wherever it may be a secret. */
  value?: unknown
}

/** The name of a refusal that is the emulator's, never the vendor's. */
export const VIOLATION = 'ContractViolation'

const LONGEST = 1000

/** As the header `x-poolhouse-violations` has them: one line of ASCII. */
export function inOneLine(violations: readonly Violation[]): string {
  let line = ''
  for (const { message } of violations) {
    if (line.length >= LONGEST) break
    const said = message.slice(0, LONGEST).replace(/[^\x20-\x7e]/g, '?')
    line = line === '' ? said : `${line}; ${said}`
  }
  return line
}

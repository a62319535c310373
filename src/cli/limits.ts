import type { Command } from 'commander'
import { UsageError } from '../config.ts'
import type { Limits } from '../contract/report/limits.ts'

/** What a verb says when all else did well and the use of the contracts did not. */
export const VIOLATED = 3

/** A contract that is no longer the vendor's. */
export const DRIFTED = 4

/** Adds to a verb what can be asked of the use of contracts. */
export function limited(command: Command): Command {
  return command
    .option('--min-operations <number>', 'exit with 3 if fewer operations than this were used')
    .option('--max-violations <number>', 'exit with 3 if calls left the contracts more often than this')
    .option('--max-unhandled <number>', 'exit with 3 if more calls than this were handled by nobody')
    .option('--require-op <operation...>', 'exit with 3 if one of these was not used: cognito:InitiateAuth')
    .option('--require-error <name...>', 'exit with 3 if one of these was never seen: NotAuthorizedException')
}

/** The names by which commander knows them. */
export const LIMITS = ['minOperations', 'maxViolations', 'maxUnhandled', 'requireOp', 'requireError'] as const

export function limitsOf(command: Command): Limits {
  const { minOperations, maxViolations, maxUnhandled, ...lists } = command.opts<Record<string, string>>()
  return {
    minOperations: whole('min-operations', minOperations),
    maxViolations: whole('max-violations', maxViolations),
    maxUnhandled: whole('max-unhandled', maxUnhandled),
    requireOp: lists.requireOp as unknown as string[] | undefined,
    requireError: lists.requireError as unknown as string[] | undefined,
  }
}

function whole(name: string, text: string | undefined): number | undefined {
  if (text !== undefined && !/^\d{1,15}$/.test(text)) throw new UsageError(`--${name} must be a whole number, not "${text}"`)
  return text === undefined ? undefined : Number(text)
}

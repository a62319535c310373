import type { Call } from '../../core/call.ts'
import { DEMO_SUBJECT } from '../settings.ts'

/** Whose call this is. */
export function subjectOf(_call: Call, _name?: string): string {
  return DEMO_SUBJECT
}

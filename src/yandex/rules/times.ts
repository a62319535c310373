import { timestamp } from '../../contract/proto-json.ts'

/** Epoch milliseconds in the form of the API: RFC 3339, UTC, no idle zeros. */
export function timeText(milliseconds: number): string {
  return timestamp(new Date(milliseconds).toISOString()) as string
}

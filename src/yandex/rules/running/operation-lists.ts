import type { Call } from '../../../core/call.ts'
import type { Operation } from '../../contract/types.ts'
import { operationsAbout, running } from '../../records.ts'
import { type ListInput, pageOf } from '../lists.ts'

/** The operations on one resource, in order of creation. */
export function listOperations(call: Call, resource: string, input: ListInput): { operations: Operation[]; nextPageToken?: string } {
  const { items, ...rest } = pageOf(call, operationsAbout, resource, input)
  const operations = items.flatMap(({ id }) => running.get(call, '', id)?.operation ?? [])
  return { operations, ...rest }
}

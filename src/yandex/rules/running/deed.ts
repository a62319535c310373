import type { Change } from '../../records.ts'

/** What a handler of a changing method answers; the room makes an Operation of it. */
export interface Deed<Metadata, Response> {
  /** "Create user": verb and resource (a guess after the services' manner, yandex-idp 9). */
  description: string
  metadata: Metadata
  response: Response
  /** Members of the response that are kept encrypted. */
  secret?: Partial<Response>
  /** The resource that ListOperations shows it under. */
  about?: string | undefined
  /** All that changes. The handler itself changes nothing, so that a running operation can hold it back. */
  changes: Change[]
  /** What is seen while the operation runs: a user being created, a pool being deleted. */
  meanwhile?: Change[]
  /** What takes `meanwhile` back if it fails. */
  otherwise?: Change[]
  /** It stays open, whatever the policy, until somebody completes it or that time (epoch milliseconds): a password on its way to a directory. */
  open?: { until: number } | undefined
  /** Drawn by the handler where what it files must name the operation. */
  operationId?: string | undefined
}

import { requestId } from '../core/random.ts'

/**
 * What an answer carries beside itself, on any transport: the request by the name its client gave it or by ours, the id in our
 * journal, and on OperationService.Get the seconds that Go clients wait before they ask again (yandex-clients 0).
 */
export function replyHeaders(name: string | undefined, ours: string, theirs: unknown, output?: unknown): [header: string, value: string][] {
  const named = typeof theirs === 'string' && /^[\w-]{1,100}$/.test(theirs) ? theirs : ours
  const headers: [string, string][] = [
    ['x-request-id', named],
    ['x-server-request-id', ours],
    ['x-server-trace-id', requestId()],
  ]
  if (name === 'OperationService.Get') {
    const { done } = output as { done?: boolean }
    headers.push(['x-operation-poll-interval', done === true ? '0' : '1'])
  }
  return headers
}

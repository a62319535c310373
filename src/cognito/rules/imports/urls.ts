import type { CognitoCall } from '../../call.ts'
import type { Pool } from '../../records.ts'

/** Seconds for which a pre-signed URL takes a file (cognito-facts 202). */
const LASTS = 900

/** Where the job's file is put: the form of a storage service's pre-signed URL, at our own address. */
export function preSignedUrl(call: CognitoCall, pool: Pool, job: string): string {
  const date = new Date(call.now).toISOString().replace(/[-:]|\.\d+/g, '')
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Date': date,
    'X-Amz-SignedHeaders': 'host;x-amz-server-side-encryption',
    'X-Amz-Expires': String(LASTS),
    'X-Amz-Signature': call.random.bytes(32).toString('hex'),
  })
  return `${call.origin.base}/cognito/user-import/${pool.Id}/${job}?${query}`
}

/** Epoch milliseconds at which a job's URL ends. */
export function urlEnds(created: number): number {
  return created * 1000 + LASTS * 1000
}

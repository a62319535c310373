import { DEFAULT_NAMESPACE } from '../core/emulator.ts'

/** The secret of every access key of AWS that `poolhouse env` and `poolhouse exec` hand out. */
export const OWN_SECRET = 'poolhouse'

/** The length of a real access key id. */
const LENGTH = 20

/** The access key that they hand out for a namespace; any but the default one is named by it (`origin.ts`). */
export function ownKey(namespace: string): string {
  return namespace === DEFAULT_NAMESPACE ? 'POOLHOUSE' : `NS${namespace.padStart(LENGTH - 2, '0')}`
}

export function isOwnKey(id: string): boolean {
  return /^(?:POOLHOUSE|NS[A-Za-z0-9-]+)$/.test(id)
}

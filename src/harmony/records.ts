import { collection } from '../core/records.ts'

/** What Harmony knows of a Cognito user and the pool has no attribute for. Filed under the pool by the user's id. */
export interface Profile {
  appMetadata: Record<string, unknown>
  userMetadata: Record<string, unknown>
  /** Top-level keys that no interface lists, and texts that Cognito cannot hold because they are empty. */
  others: Record<string, unknown>
  /** Made without a password and never given one: only an external provider lets such a user in. */
  passwordless?: boolean | undefined
  /** Epoch milliseconds of the last change made through Harmony. */
  changed: number
}

export const profiles = collection<Profile>('harmony.profile')

/** Whose an e-mail address is, folded; kept for users made or changed through Harmony. Filed under the pool by the address. */
export const addresses = collection<{ id: string }>('harmony.address')

import type { HarmonyCall } from '../call.ts'
import { sendings } from '../records.ts'

const HOUR = 3_600_000

/** In quota mode, refuses what one user is sent too often (harmony-auth 4.6: "rate limited per user"; no figure is documented). */
export function countSending(call: HarmonyCall<429>, pool: string, person: string): void {
  const { quota } = call.options
  if (quota === undefined) return
  const recent = (sendings.get(call, pool, person)?.at ?? []).filter((at) => at > call.now - HOUR)
  if (recent.length >= quota) call.refuse(429, 'too many requests for this user, try again later')
  sendings.put(call, pool, person, { at: [...recent, call.now] })
}

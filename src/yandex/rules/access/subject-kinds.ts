import type { Call } from '../../../core/call.ts'
import { homes } from '../../records.ts'
import { DEMO_SUBJECT, settingsOf } from '../../settings.ts'

/** What kind of subject an id is, as access bindings name it; undefined for nobody. That users of pools are `userAccount` is a guess (yandex-idp 12). */
export function kindOf(call: Call, id: string): 'userAccount' | 'serviceAccount' | undefined {
  if (id === DEMO_SUBJECT || homes.get(call, 'user', id) !== undefined) return 'userAccount'
  const { serviceAccountKeys = [] } = settingsOf(call)
  return serviceAccountKeys.some(({ service_account_id }) => service_account_id === id) ? 'serviceAccount' : undefined
}

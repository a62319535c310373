import type { YandexCall } from '../call.ts'

/** The service's limits (yandex-idp 17), held to with `--yandex-quotas on` only. */
const MOST = {
  subjects: { limit: 10_000, what: 'subjects in an organization' },
  groups: { limit: 100, what: 'groups in an organization' },
  members: { limit: 1000, what: 'members of a group' },
  memberships: { limit: 1000, what: 'groups of a user' },
  bindings: { limit: 2000, what: 'access bindings in an organization' },
} as const

/** Refuses what would be one too many; counting is left until somebody wants to know. */
export function holdQuota(call: YandexCall, quota: keyof typeof MOST, subject: string, count: () => number, more = 1): void {
  if (call.room.quotas !== true) return
  const { limit, what } = MOST[quota]
  if (count() + more <= limit) return
  const description = `The limit of ${limit} ${what} is exceeded`
  call.fail('RESOURCE_EXHAUSTED', description, { quota: [{ subject, description }] })
}

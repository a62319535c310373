import type { YandexCall } from '../../call.ts'
import { type StoredDomain, verdicts } from '../../records.ts'

/** Never validated: the API shows the epoch (seen in its CLI; that REST does the same is a guess, yandex-idp 4). */
const NEVER = '1970-01-01T00:00:00Z'

/** Where the API's documentation explains a domain's state. */
const DIAGNOSTICS = 'organization/domain-diagnostics#'

/** A domain that waits for its TXT record (yandex-idp 12). */
export function newDomain(call: YandexCall, domain: string): StoredDomain {
  const at = call.timestamp
  return {
    domain,
    status: 'NEED_TO_VALIDATE',
    statusCode: `${DIAGNOSTICS}need-to-validate`,
    createdAt: at,
    validatedAt: NEVER,
    challenges: [
      {
        createdAt: at,
        updatedAt: at,
        type: 'DNS_TXT',
        status: 'PENDING',
        dnsChallenge: { name: `_yandexcloud-challenge.${domain}.`, type: 'TXT', value: call.random.bytes(32).toString('base64') },
      },
    ],
  }
}

/** Nobody looks anything up here: the record is in place unless the emulator was told otherwise (a guess, yandex-idp 12). */
export function validated(call: YandexCall, domain: StoredDomain): StoredDomain {
  if (domain.status === 'VALID') return domain
  const valid = verdicts.get(call, '', domain.domain)?.valid !== false
  const status = valid ? 'VALID' : 'INVALID'
  const { statusCode: _code, ...rest } = domain
  return {
    ...rest,
    status,
    // (?) The code of a failed validation is not documented.
    ...(valid ? { validatedAt: call.timestamp } : { statusCode: `${DIAGNOSTICS}invalid` }),
    challenges: (domain.challenges ?? []).map((challenge) => ({ ...challenge, status, updatedAt: call.timestamp })),
  }
}

import type { Call } from '../../../core/call.ts'
import { syncSettings } from '../../application-records.ts'
import type { YandexCall } from '../../call.ts'
import type { GetPasswordChangesResponse, PasswordSpec } from '../../contract/types.ts'
import { offsets, type Password, type PasswordChange, passwordChanges, type User } from '../../records.ts'
import { type Change, drop, put, putPassword } from '../running/changes.ts'
import { operationId } from '../running/running.ts'
import { opened, sealed } from '../running/sealing.ts'
import { timeText } from '../times.ts'

/** (?) How long a change waits for its agent (yandex-idp 13 names no time). */
const PATIENCE = 3_600_000

/** Whether the user's directory must take a password before it counts (yandex-idp 13). */
function isWrittenBack(call: Call, user: User): boolean {
  return user.externalId !== undefined && syncSettings.get(call, '', user.userpoolId)?.enablePasswordWriteback === true
}

/** How a new password gets into force: at once, or once the agent that streams changes has committed it. */
export function passwordDeed(
  call: YandexCall,
  user: User,
  password: Password,
  spec: PasswordSpec,
  old?: string,
): { changes: Change[]; meanwhile?: Change[]; otherwise?: Change[]; open?: { until: number }; operationId?: string } {
  if (!isWrittenBack(call, user)) return { changes: [putPassword(user, password)] }
  const id = operationId(call)
  const offset = (offsets.get(call, '', user.userpoolId)?.offset ?? 0) + 1
  const until = call.now + PATIENCE
  const change: PasswordChange = {
    userId: user.id,
    externalUserId: user.externalId as string,
    modifyingOperationId: id,
    needChange: password.type === 'TEMPORARY',
    generated: spec.generationProof !== undefined,
    offset,
    secret: sealed(call, JSON.stringify({ password: spec.password, old })),
    operationExpiresAt: timeText(until),
  }
  const gone = drop(passwordChanges, user.userpoolId, id)
  return {
    operationId: id,
    open: { until },
    meanwhile: [put(passwordChanges, user.userpoolId, id, change), put(offsets, '', user.userpoolId, { offset })],
    changes: [putPassword(user, password), gone],
    otherwise: [gone],
  }
}

/** The first change after `offset`, as an agent gets it. */
export function nextChange(call: Call, pool: string, offset: number): GetPasswordChangesResponse | undefined {
  const change = passwordChanges.all(call, pool).find((candidate) => candidate.offset > offset)
  if (change === undefined) return undefined
  const { password, old } = JSON.parse(opened(call, change.secret)) as { password: string; old?: string }
  const { externalUserId, modifyingOperationId, needChange, generated, operationExpiresAt } = change
  return {
    externalUserId,
    password,
    modifyingOperationId,
    needChange,
    generated,
    offset: String(change.offset),
    operationExpiresAt,
    // Only for changes that users make themselves (yandex-idp 13).
    oldPassword: old,
  }
}

import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Call } from '../../core/call.ts'
import { syncSettings } from '../application-records.ts'
import type { GetPasswordChangesResponse, PasswordSpec } from '../contract/types.ts'
import type { YandexCall } from '../operation.ts'
import { offsets, type Password, type PasswordChange, passwordChanges, secrets, type User } from '../records.ts'
import { type Change, drop, put, putPassword } from './changes.ts'
import { operationId } from './running.ts'
import { timeText } from './times.ts'

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

/** No password is kept in clear: what must be handed on is kept encrypted until it is. */
function sealed(call: Call, text: string): string {
  const nonce = call.random.bytes(12)
  const cipher = createCipheriv('aes-256-gcm', writebackKey(call), nonce)
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64')
}

function opened(call: Call, secret: string): string {
  const bytes = Buffer.from(secret, 'base64')
  const cipher = createDecipheriv('aes-256-gcm', writebackKey(call), bytes.subarray(0, 12))
  cipher.setAuthTag(bytes.subarray(-16))
  return Buffer.concat([cipher.update(bytes.subarray(12, -16)), cipher.final()]).toString('utf8')
}

function writebackKey(call: Call): Buffer {
  const kept = secrets.get(call, '', 'writeback')
  if (kept !== undefined) return Buffer.from(kept.secret, 'base64')
  const key = call.random.bytes(32)
  secrets.insert(call, '', 'writeback', { secret: key.toString('base64') })
  return key
}

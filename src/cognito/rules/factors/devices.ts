import { createHash } from 'node:crypto'
import { credentials } from '../../../directory/credentials.ts'
import { ACCOUNT, type CognitoCall } from '../../call.ts'
import type { DeviceType } from '../../contract/types.ts'
import type { Pool, User } from '../../records.ts'
import { paged, slice } from '../paging.ts'
import { regionOf } from '../tokens/issuer.ts'

/** Something a user signs in from. It is known from the first sign-in on, and listed once it was confirmed. */
export interface Device {
  key: string
  confirmed: boolean
  remembered: boolean
  name?: string | undefined
  /** Of the device's own password, as ConfirmDevice gave them: hexadecimal. */
  srp?: { salt: string; verifier: string } | undefined
  /** Epoch seconds. */
  created: number
  modified: number
  authenticated: number
  ip?: string | undefined
}

const devices = credentials<Device>('device')

export const NO_DEVICE = 'Device does not exist.'

/** Whether sign-ins to this pool are tied to devices (M10). */
export function tracksDevices(pool: Pool): boolean {
  return pool.DeviceConfiguration !== undefined
}

/** What a device's password is hashed with, beside its key: nine characters, a hyphen first (I7). */
export function groupKey(pool: Pool): string {
  return `-${createHash('sha256').update(`${pool.Id}\ndevices`).digest('base64').replace(/\W/g, '').slice(0, 8)}`
}

export function findDevice(call: CognitoCall, pool: Pool, user: User, key: string): Device | undefined {
  return devices.get(call, pool.Id, user.sub, key)
}

/** A confirmed device, or the refusal of every operation that names one (M13). */
export function requireDevice(call: CognitoCall, pool: Pool, user: User, key: string): Device {
  const device = findDevice(call, pool, user, key)
  return device?.confirmed === true ? device : call.fail('ResourceNotFoundException', NO_DEVICE)
}

/** Whether this device stands for a second proof (cognito-facts 150). */
export function sparesMfa(pool: Pool, device: Device): boolean {
  return pool.DeviceConfiguration?.ChallengeRequiredOnNewDevice === true && device.remembered && device.srp !== undefined
}

/** A device not seen before, at the end of a sign-in. */
export function newDevice(call: CognitoCall, pool: Pool, user: User): Device {
  const key = call.identifier(() => `${regionOf(pool)}_${call.random.uuid()}`)
  const now = call.seconds
  return put(call, pool, user, {
    key,
    confirmed: false,
    remembered: false,
    created: now,
    modified: now,
    authenticated: Math.floor(now),
    ip: call.origin.ip,
  })
}

/** The device was signed in from again. */
export function touch(call: CognitoCall, pool: Pool, user: User, device: Device): Device {
  return put(call, pool, user, { ...device, authenticated: Math.floor(call.seconds), ip: call.origin.ip ?? device.ip })
}

/** Registers the password a device has drawn for itself; answers whether the user must say that it is to be remembered (M11). */
export function confirm(call: CognitoCall, pool: Pool, user: User, device: Device, { name, srp }: Pick<Device, 'name' | 'srp'>): boolean {
  const asks = pool.DeviceConfiguration?.DeviceOnlyRememberedOnUserPrompt === true
  put(call, pool, user, { ...device, name, srp, confirmed: true, remembered: !asks, modified: call.seconds })
  return asks
}

export function remember(call: CognitoCall, pool: Pool, user: User, device: Device, remembered: boolean): void {
  put(call, pool, user, { ...device, remembered, modified: call.seconds })
}

export function forget(call: CognitoCall, pool: Pool, user: User, device: Device): void {
  devices.remove(call, pool.Id, user.sub, device.key)
}

/** A page of a user's confirmed devices, in order of their making. */
export function listDevices(
  call: CognitoCall,
  pool: Pool,
  user: User,
  { token, limit }: { token: string | undefined; limit: number | undefined },
): { items: Device[]; token: string | undefined } {
  const all = devices
    .list(call, pool.Id, user.sub)
    .map(({ doc }) => doc)
    .filter(({ confirmed }) => confirmed)
  return paged(call, ['ListDevices', pool.Id, user.sub], { token, limit }, (range) => slice(all, range))
}

/** A device as its user sees it; administrators see whose it is, too (M14). */
export function deviceView(pool: Pool, user: User, device: Device, { admin }: { admin: boolean }): DeviceType {
  const owner = `${user.Username}.${pool.Id}`
  const arn = `arn:aws:cognito-idp:${regionOf(pool)}:${ACCOUNT}:owner/${owner}/device/${device.key}`
  const attributes: [name: string, value: string | undefined, admins?: true][] = [
    ['device_status', 'valid'],
    ['device_name', device.name],
    ['dev:device_arn', arn, true],
    ['dev:device_owner', owner, true],
    ['last_ip_used', device.ip],
    ['dev:device_remembered_status', device.remembered ? 'remembered' : 'not_remembered', true],
    ['dev:device_sdk', 'aws-sdk', true],
  ]
  return {
    DeviceKey: device.key,
    DeviceAttributes: attributes
      .filter(([, value, admins]) => value !== undefined && (admin || admins === undefined))
      .map(([Name, Value]) => ({ Name, Value })),
    DeviceCreateDate: device.created,
    DeviceLastModifiedDate: device.modified,
    DeviceLastAuthenticatedDate: device.authenticated,
  }
}

function put(call: CognitoCall, pool: Pool, user: User, device: Device): Device {
  return devices.put(call, pool.Id, user.sub, device, device.key)
}

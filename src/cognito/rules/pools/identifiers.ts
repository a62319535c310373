import { DIGITS, LOWER, UPPER } from '../../../core/random.ts'
import { ACCOUNT, type CognitoCall } from '../../call.ts'

const ALPHANUMERIC = DIGITS + UPPER + LOWER
const LOWER_ALPHANUMERIC = DIGITS + LOWER

/** Tags by which programs fix the id of a pool they make in an emulator (cognito-behaviour I8). */
const ID_TAGS = ['_custom_id_', 'ms-custom-id', 'floci:override-id']

/**
 * `<region>_` and nine alphanumerics (I1), or what a tag or a fixture asks for; one that is given without a region gets the call's.
 */
export function newPoolId(call: CognitoCall, tags: Readonly<Record<string, string>> = {}): string {
  const asked =
    ID_TAGS.map((tag) => tags[tag]).find((value) => value !== undefined) ??
    call.identifier(() => `${call.region}_${call.random.text(9, ALPHANUMERIC)}`)
  const id = /^[0-9a-zA-Z]+$/.test(asked) ? `${call.region}_${asked}` : asked
  if (!/^[\w-]+_[0-9a-zA-Z]+$/.test(id) || id.length > LONGEST_POOL_ID) {
    call.fail('InvalidParameterException', `${asked} cannot be the id of a user pool.`)
  }
  return id
}

const LONGEST_POOL_ID = 55

/** The region that a pool's id begins with. */
export function regionOf(poolId: string): string {
  return poolId.slice(0, poolId.lastIndexOf('_'))
}

export function poolArn(poolId: string, region: string = regionOf(poolId)): string {
  return `arn:aws:cognito-idp:${region}:${ACCOUNT}:userpool/${poolId}`
}

/** 26 of [0-9a-z] (I2). */
export function newClientId(call: CognitoCall): string {
  return call.identifier(() => call.random.text(26, LOWER_ALPHANUMERIC))
}

/** How long a made secret is: 51 or 52 were seen (cognito-facts 22). */
const SECRET_LENGTH = 51

export function newClientSecret(call: CognitoCall): string {
  return call.identifier(() => call.random.text(SECRET_LENGTH, LOWER_ALPHANUMERIC))
}

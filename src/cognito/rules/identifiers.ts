import { DIGITS, LOWER, UPPER } from '../../core/random.ts'
import { ACCOUNT, type CognitoCall } from '../operation.ts'

const ALPHANUMERIC = DIGITS + UPPER + LOWER
const LOWER_ALPHANUMERIC = DIGITS + LOWER

/** `<region>_` and nine alphanumerics (cognito-behaviour I1). */
export function newPoolId(call: CognitoCall): string {
  return call.identifier(() => `${call.region}_${call.random.text(9, ALPHANUMERIC)}`)
}

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

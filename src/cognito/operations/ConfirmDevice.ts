import { operation } from '../operation.ts'
import { confirm, findDevice, NO_DEVICE } from '../rules/factors/devices.ts'
import { callerOf } from '../rules/tokens/caller.ts'

export default operation('ConfirmDevice', (input, call) => {
  const { pool, user } = callerOf(call, input.AccessToken)
  const device = findDevice(call, pool, user, input.DeviceKey) ?? call.fail('ResourceNotFoundException', NO_DEVICE)
  if (device.confirmed) call.fail('DeviceKeyExistsException', EXISTS)
  const { PasswordVerifier, Salt } = input.DeviceSecretVerifierConfig ?? {}
  if (PasswordVerifier === undefined || Salt === undefined) return call.fail('InvalidParameterException', INCOMPLETE)

  const srp = { verifier: hexadecimal(PasswordVerifier), salt: hexadecimal(Salt) }
  return { UserConfirmationNecessary: confirm(call, pool, user, device, { name: input.DeviceName, srp }) }
})

/** (?) The error is declared, its sentence is not known. */
const EXISTS = 'Device key already exists.'
/** (?) Without its password's verifier a device could never prove itself; what the service says to that is not known. */
const INCOMPLETE = 'DeviceSecretVerifierConfig must have a PasswordVerifier and a Salt.'

function hexadecimal(base64: string): string {
  const hex = Buffer.from(base64, 'base64').toString('hex')
  return hex === '' ? '0' : hex
}

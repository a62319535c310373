import { test } from 'tap'
import type { ChallengeNameType, Operations } from '../../src/cognito/contract/types.ts'
import { emulator, START } from '../support/emulator.ts'
import { claimsOf, makeUser, makeWorld, PASSWORD, refuses, signIn, type World } from '../support/sign-in.ts'
import { deviceVerifier, srpClient } from '../support/srp.ts'

const WRONG = ['NotAuthorizedException', 'Incorrect username or password.'] as const
const NO_DEVICE = ['ResourceNotFoundException', 'Device does not exist.'] as const
const NOW = START / 1000
const DEVICE_PASSWORD = 'what the device drew for itself'

test('devices', async (t) => {
  const idp = await emulator(t)
  const tracked = (DeviceConfiguration: Operations['CreateUserPool']['input']['DeviceConfiguration']) =>
    makeWorld(idp, { DeviceConfiguration })
  const world = await tracked({ ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: false })
  await makeUser(idp, world, 'ada', { phone_number: '+15555550199' })

  const verifierOf = (group: string, key: string) => deviceVerifier(group, key, DEVICE_PASSWORD)
  /** Signs in from a device not seen before and registers it. */
  const register = async (where: World, username: string, DeviceName?: string) => {
    const result = (await signIn(idp, where, username)).AuthenticationResult
    const { DeviceKey = '', DeviceGroupKey = '' } = result?.NewDeviceMetadata ?? {}
    const AccessToken = result?.AccessToken as string
    const DeviceSecretVerifierConfig = verifierOf(DeviceGroupKey, DeviceKey)
    const confirmed = await idp.cognito.ConfirmDevice({ AccessToken, DeviceKey, DeviceSecretVerifierConfig, DeviceName })
    return { key: DeviceKey, group: DeviceGroupKey, AccessToken, RefreshToken: result?.RefreshToken as string, confirmed }
  }
  const respond = (name: ChallengeNameType, Session: string | undefined, more: Record<string, string>, { client }: World = world) =>
    idp.cognito.RespondToAuthChallenge({
      ClientId: client,
      ChallengeName: name,
      Session,
      ChallengeResponses: { USERNAME: 'ada', ...more },
    })
  const prove = async (Session: string | undefined, { key, group }: { key: string; group: string }, password = DEVICE_PASSWORD) => {
    const srp = srpClient(group, password)
    const asked = await respond('DEVICE_SRP_AUTH', Session, { DEVICE_KEY: key, SRP_A: srp.SRP_A })
    t.equal(asked.ChallengeName, 'DEVICE_PASSWORD_VERIFIER')
    t.strictSame(Object.keys(asked.ChallengeParameters ?? {}), ['DEVICE_KEY', 'SALT', 'SECRET_BLOCK', 'SRP_B', 'USERNAME'])
    const proof = srp.prove(asked.ChallengeParameters ?? {}, new Date(START), key)
    return respond('DEVICE_PASSWORD_VERIFIER', asked.Session, { ...proof, DEVICE_KEY: key })
  }

  await t.test('a sign-in from a new device says which it is, a pool that tracks none says nothing (M10)', async (t) => {
    const { AuthenticationResult } = await signIn(idp, world, 'ada')
    const { DeviceKey = '', DeviceGroupKey = '' } = AuthenticationResult?.NewDeviceMetadata ?? {}
    t.match(DeviceKey, /^us-east-1_[0-9a-f-]{36}$/)
    t.match(DeviceGroupKey, /^-.{8}$/)
    t.equal(claimsOf(AuthenticationResult?.AccessToken as string).device_key, DeviceKey)
    const plain = await makeWorld(idp)
    await makeUser(idp, plain, 'ada')
    t.notOk((await signIn(idp, plain, 'ada')).AuthenticationResult?.NewDeviceMetadata)
    const admin = await idp.cognito.AdminInitiateAuth({
      UserPoolId: world.pool,
      ClientId: world.client,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'ada', PASSWORD },
    })
    t.notOk(admin.AuthenticationResult?.NewDeviceMetadata)
  })

  await t.test('ConfirmDevice registers it once (M11, M13, M14)', async (t) => {
    const device = await register(world, 'ada', 'laptop')
    t.strictSame(device.confirmed, { UserConfirmationNecessary: false })
    const again = {
      AccessToken: device.AccessToken,
      DeviceKey: device.key,
      DeviceSecretVerifierConfig: verifierOf(device.group, device.key),
    }
    await refuses(t, idp.cognito.ConfirmDevice(again), 'DeviceKeyExistsException', 'Device key already exists.')
    await refuses(t, idp.cognito.ConfirmDevice({ ...again, DeviceKey: 'us-east-1_0000' }), ...NO_DEVICE)

    const { Device } = await idp.cognito.GetDevice({ AccessToken: device.AccessToken, DeviceKey: device.key })
    t.strictSame(Device, {
      DeviceKey: device.key,
      DeviceAttributes: [
        { Name: 'device_status', Value: 'valid' },
        { Name: 'device_name', Value: 'laptop' },
        { Name: 'last_ip_used', Value: '127.0.0.1' },
      ],
      DeviceCreateDate: NOW,
      DeviceLastModifiedDate: NOW,
      DeviceLastAuthenticatedDate: NOW,
    })
    const admin = await idp.cognito.AdminGetDevice({ UserPoolId: world.pool, Username: 'ada', DeviceKey: device.key })
    const owner = `ada.${world.pool}`
    t.strictSame(admin.Device.DeviceAttributes, [
      { Name: 'device_status', Value: 'valid' },
      { Name: 'device_name', Value: 'laptop' },
      { Name: 'dev:device_arn', Value: `arn:aws:cognito-idp:us-east-1:000000000000:owner/${owner}/device/${device.key}` },
      { Name: 'dev:device_owner', Value: owner },
      { Name: 'last_ip_used', Value: '127.0.0.1' },
      { Name: 'dev:device_remembered_status', Value: 'remembered' },
      { Name: 'dev:device_sdk', Value: 'aws-sdk' },
    ])
  })

  await t.test('are listed in pages, changed and forgotten (M13)', async (t) => {
    await makeUser(idp, world, 'bob')
    const made = [await register(world, 'bob'), await register(world, 'bob'), await register(world, 'bob')]
    const AccessToken = made[0]?.AccessToken as string
    const first = await idp.cognito.ListDevices({ AccessToken, Limit: 2 })
    const rest = await idp.cognito.ListDevices({ AccessToken, Limit: 2, PaginationToken: first.PaginationToken })
    const keys = [...(first.Devices ?? []), ...(rest.Devices ?? [])].map(({ DeviceKey }) => DeviceKey)
    t.strictSame(
      keys,
      made.map(({ key }) => key),
    )
    t.notOk(rest.PaginationToken)
    const DeviceKey = keys[0] as string
    await idp.cognito.UpdateDeviceStatus({ AccessToken, DeviceKey, DeviceRememberedStatus: 'not_remembered' })
    const where = { UserPoolId: world.pool, Username: 'bob' }
    const status = async () => (await idp.cognito.AdminGetDevice({ ...where, DeviceKey })).Device.DeviceAttributes?.at(-2)?.Value
    t.equal(await status(), 'not_remembered')
    await idp.cognito.AdminUpdateDeviceStatus({ ...where, DeviceKey, DeviceRememberedStatus: 'remembered' })
    t.equal(await status(), 'remembered')
    t.equal(await idp.cognito.ForgetDevice({ AccessToken, DeviceKey }), undefined)
    await refuses(t, idp.cognito.GetDevice({ AccessToken, DeviceKey }), ...NO_DEVICE)
    t.equal(await idp.cognito.AdminForgetDevice({ ...where, DeviceKey: keys[1] as string }), undefined)
    t.equal((await idp.cognito.AdminListDevices(where)).Devices?.length, 1)
    await refuses(t, idp.cognito.ForgetDevice({ DeviceKey }), 'InvalidParameterException', 'Missing required parameter AccessToken')
  })

  await t.test('a known device proves itself after the password (M12, M13)', async (t) => {
    const device = await register(world, 'ada')
    const begin = () => signIn(idp, world, 'ada', PASSWORD, { DEVICE_KEY: device.key })
    idp.clock.advance(60_000)
    const asked = await begin()
    t.equal(asked.ChallengeName, 'DEVICE_SRP_AUTH')
    const { AuthenticationResult } = await prove(asked.Session, device)
    const { Device } = await idp.cognito.AdminGetDevice({ UserPoolId: world.pool, Username: 'ada', DeviceKey: device.key })
    t.match(Device, { DeviceCreateDate: NOW, DeviceLastModifiedDate: NOW, DeviceLastAuthenticatedDate: NOW + 60 })
    idp.clock.advance(-60_000)
    t.notOk(AuthenticationResult?.NewDeviceMetadata)
    t.equal(claimsOf(AuthenticationResult?.AccessToken as string).device_key, device.key)
    await refuses(t, prove((await begin()).Session, device, 'another password'), ...WRONG)
    const unknown = signIn(idp, world, 'ada', PASSWORD, { DEVICE_KEY: 'us-east-1_00000000-0000-0000-0000-000000000000' })
    await refuses(t, unknown, ...NO_DEVICE)
  })

  await t.test('a refresh goes on from the same device only (M13)', async (t) => {
    const device = await register(world, 'ada')
    const refresh = (more: Record<string, string>) =>
      idp.cognito.InitiateAuth({
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        ClientId: world.client,
        AuthParameters: { REFRESH_TOKEN: device.RefreshToken, ...more },
      })
    t.ok((await refresh({ DEVICE_KEY: device.key })).AuthenticationResult)
    await refuses(t, refresh({}), 'NotAuthorizedException', 'Invalid Refresh Token')
    const bare = idp.cognito.GetTokensFromRefreshToken({ ClientId: world.client, RefreshToken: device.RefreshToken })
    await refuses(t, bare, 'NotAuthorizedException', 'Invalid Refresh Token.')
    await idp.cognito.ForgetDevice({ AccessToken: device.AccessToken, DeviceKey: device.key })
    t.equal((await idp.cognito.GetUser({ AccessToken: device.AccessToken })).Username, 'ada', 'an access token is good until it expires')
    await refuses(t, signIn(idp, world, 'ada', PASSWORD, { DEVICE_KEY: device.key }), ...NO_DEVICE)
    await refuses(t, refresh({ DEVICE_KEY: device.key }), 'NotAuthorizedException', 'Invalid Refresh Token')
  })

  await t.test('a remembered device spares the second factor, where the pool says so (M11, M12)', async (t) => {
    const sms = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sns' }
    const withMfa = async (ChallengeRequiredOnNewDevice: boolean) => {
      const here = await tracked({ ChallengeRequiredOnNewDevice, DeviceOnlyRememberedOnUserPrompt: true })
      await makeUser(idp, here, 'ada', { phone_number: '+15555550199' })
      const device = await register(here, 'ada')
      t.strictSame(device.confirmed, { UserConfirmationNecessary: true })
      await idp.cognito.SetUserPoolMfaConfig({
        UserPoolId: here.pool,
        MfaConfiguration: 'OPTIONAL',
        SmsMfaConfiguration: { SmsConfiguration: sms },
      })
      await idp.cognito.AdminSetUserMFAPreference({ UserPoolId: here.pool, Username: 'ada', SMSMfaSettings: { Enabled: true } })
      const next = async () => (await signIn(idp, here, 'ada', PASSWORD, { DEVICE_KEY: device.key })).ChallengeName
      const { AccessToken, key: DeviceKey } = device
      const remember = () => idp.cognito.UpdateDeviceStatus({ AccessToken, DeviceKey, DeviceRememberedStatus: 'remembered' })
      return { here, device, next, remember }
    }
    const sparing = await withMfa(true)
    t.equal(await sparing.next(), 'SMS_MFA', 'not remembered yet')
    await sparing.remember()
    t.equal(await sparing.next(), 'DEVICE_SRP_AUTH')

    const strict = await withMfa(false)
    await strict.remember()
    const { Session, ChallengeName } = await signIn(idp, strict.here, 'ada', PASSWORD, { DEVICE_KEY: strict.device.key })
    t.equal(ChallengeName, 'SMS_MFA')
    const code = idp.outbox.list().at(-1)?.code as string
    t.equal((await respond('SMS_MFA', Session, { SMS_MFA_CODE: code }, strict.here)).ChallengeName, 'DEVICE_SRP_AUTH')
  })
})

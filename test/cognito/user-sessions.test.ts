import { test } from 'tap'
import { deviceType } from '../../src/cognito/rules/threats/user-agent.ts'
import { emulator, START, type TestEmulator } from '../support/emulator.ts'
import { only } from '../support/only.ts'
import { makeUser, makeWorld, PASSWORD, refuses, type World } from '../support/sign-in.ts'

const CHROME = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36'
const HOUR = 3_600_000

function track(idp: TestEmulator, { pool }: World, MaxPerUser: number, UserSessionTracking: 'ENABLED' | 'DISABLED' = 'ENABLED') {
  return idp.cognito.SetUserPoolSessionConfiguration({ UserPoolId: pool, UserSessionTracking, TokenSession: { MaxPerUser } })
}

/** A sign-in from a browser, answered with its tokens. */
async function signIn(idp: TestEmulator, world: World, agent: string) {
  const { body } = await idp.request(
    'POST',
    '/',
    JSON.stringify({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId: world.client, AuthParameters: { USERNAME: 'ada', PASSWORD } }),
    {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth',
      'user-agent': agent,
    },
  )
  return (body as { AuthenticationResult: { AccessToken: string; RefreshToken: string } }).AuthenticationResult
}

test('sessions of users', async (t) => {
  const idp = await emulator(t)
  const world = await makeWorld(idp)
  await makeUser(idp, world, 'ada')
  const admin = async () => (await idp.cognito.AdminListUserSessions({ UserPoolId: world.pool, Username: 'ada' })).Sessions ?? []
  const own = async (AccessToken: string) => (await idp.cognito.ListUserSessions({ AccessToken })).Sessions ?? []

  await t.test('are not kept where nobody asked for it', async (t) => {
    await signIn(idp, world, CHROME)
    t.strictSame(await admin(), [])
  })

  await track(idp, world, 2)
  const first = await signIn(idp, world, CHROME)

  await t.test('ListUserSessions and AdminListUserSessions show who signed in where', async (t) => {
    const [session = {}, ...others] = await own(first.AccessToken)
    t.strictSame(others, [])
    t.match(session.SessionId, /^tkn[0-9a-z]{25}$/)
    const shown = {
      SessionId: session.SessionId,
      SessionType: 'TOKEN',
      ClientId: world.client,
      CreateDate: START / 1000,
      LastActiveDate: START / 1000,
      DeviceType: 'Chrome 125 / macOS 15.0',
      LastIPAddress: '127.0.0.1',
      LastLocation: { Country: 'unknown' },
      IsCurrentSession: true,
    }
    t.strictSame(session, shown)
    t.strictSame(await admin(), [{ ...shown, IsCurrentSession: false }])
  })

  await t.test('a refresh is activity', async (t) => {
    idp.clock.advance(HOUR / 2)
    await idp.cognito.InitiateAuth({
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      ClientId: world.client,
      AuthParameters: { REFRESH_TOKEN: first.RefreshToken },
    })
    t.match(await admin(), only({ CreateDate: START / 1000, LastActiveDate: START / 1000 + 1800, DeviceType: 'unknown' }))
  })

  await t.test('one too many ends the one that was unused the longest', async (t) => {
    idp.clock.advance(1000)
    const second = await signIn(idp, world, 'aws-sdk-js/3.1169.0')
    t.equal((await admin()).length, 2)
    idp.clock.advance(1000)
    await idp.cognito.GetTokensFromRefreshToken({ ClientId: world.client, RefreshToken: first.RefreshToken })
    idp.clock.advance(1000)
    const third = await signIn(idp, world, CHROME)
    t.strictSame(
      (await own(third.AccessToken)).map(({ CreateDate, IsCurrentSession }) => [(CreateDate ?? 0) - START / 1000, IsCurrentSession]),
      [
        [1803, true],
        [0, false],
      ],
    )
    await refuses(t, own(second.AccessToken), 'NotAuthorizedException', 'Access Token has been revoked')
    await refuses(
      t,
      idp.cognito.GetTokensFromRefreshToken({ ClientId: world.client, RefreshToken: second.RefreshToken }),
      'NotAuthorizedException',
      'Refresh Token has been revoked',
    )
  })

  await t.test('RevokeUserSession ends another one, not its own', async (t) => {
    const { AccessToken } = await signIn(idp, world, CHROME)
    const [current, other] = await own(AccessToken)
    await refuses(
      t,
      idp.cognito.RevokeUserSession({ AccessToken, SessionId: current?.SessionId ?? '' }),
      'InvalidParameterException',
      'The current session cannot be revoked.',
    )
    const SessionId = other?.SessionId ?? ''
    t.strictSame(await idp.cognito.RevokeUserSession({ AccessToken, SessionId }), {})
    t.strictSame(
      (await own(AccessToken)).map((session) => session.SessionId),
      [current?.SessionId],
    )
    await refuses(t, idp.cognito.RevokeUserSession({ AccessToken, SessionId }), 'ResourceNotFoundException', 'Session does not exist.')
  })

  await t.test('AdminRevokeUserSession ends any of that user', async (t) => {
    const { AccessToken } = await signIn(idp, world, CHROME)
    await makeUser(idp, world, 'bob')
    for (const { SessionId = '' } of await admin()) {
      const input = { UserPoolId: world.pool, SessionId, RevokeAssociatedSessions: 'LINKED' as const }
      await refuses(
        t,
        idp.cognito.AdminRevokeUserSession({ ...input, Username: 'bob' }),
        'ResourceNotFoundException',
        'Session does not exist.',
      )
      t.strictSame(await idp.cognito.AdminRevokeUserSession({ ...input, Username: 'ada' }), {})
    }
    t.strictSame(await admin(), [])
    await refuses(t, own(AccessToken), 'NotAuthorizedException', 'Access Token has been revoked')
  })

  await t.test('end with a sign-out, and are not shown where tracking is off', async (t) => {
    const { AccessToken } = await signIn(idp, world, CHROME)
    await track(idp, world, 2, 'DISABLED')
    t.strictSame(await admin(), [])
    await track(idp, world, 2)
    t.equal((await admin()).length, 1)
    await idp.cognito.GlobalSignOut({ AccessToken })
    t.strictSame(await admin(), [])
    await refuses(
      t,
      idp.cognito.AdminListUserSessions({ UserPoolId: world.pool, Username: 'nobody' }),
      'UserNotFoundException',
      'User does not exist.',
    )
  })
})

test('devices are named by their user agent', async (t) => {
  const agents: [agent: string, device: string][] = [
    [CHROME, 'Chrome 125 / macOS 15.0'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/125.0.0.0 Safari/537.36 Edg/125.0.0.0', 'Edge 125 / Windows 10'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0', 'Firefox 126 / Linux'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1',
      'Safari 17.5 / iOS 17.5',
    ],
    ['Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/125.0.0.0 Mobile Safari/537.36', 'Chrome 125 / Android 14'],
    ['curl/8.5.0', 'unknown'],
    ['', 'unknown'],
  ]
  for (const [agent, device] of agents) t.equal(deviceType(agent), device)
})

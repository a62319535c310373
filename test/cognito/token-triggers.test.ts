import { t, test } from 'tap'
import { emulator } from '../support/emulator.ts'
import { arn, recorder } from '../support/functions.ts'
import { CALLBACK, codeOf, hostedWorld, post } from '../support/oauth.ts'
import { only } from '../support/only.ts'
import { claimsOf, makeUser, makeWorld, signIn } from '../support/sign-in.ts'

const lambda = await recorder(t)
const idp = await emulator(t, { settings: { rooms: { cognito: { functions: { '*': { url: lambda.url } } } } } })
t.beforeEach(() => lambda.clear())

/** What no function changes (cognito-facts 179). */
const PROTECTED = [
  ...['acr', 'amr', 'at_hash', 'aud', 'auth_time', 'azp', 'cognito:username', 'exp', 'iat', 'identities', 'iss', 'jti', 'nbf', 'nonce'],
  ...['origin_jti', 'sub', 'token_use'],
]
/** Of an access token, whose scopes have lists of their own. */
const OF_ACCESS = [...PROTECTED, 'client_id', 'device_key', 'event_id', 'scope', 'username', 'version']

test('protected claims stay as they are, added, changed or suppressed (H8)', async (t) => {
  const meddled = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'meddled']))
  const changes = { claimsToAddOrOverride: { ...meddled(OF_ACCESS), own: 'mine' } }
  const suppression = { claimsToSuppress: OF_ACCESS }
  const versions = {
    V1_0: (idTokenGeneration: object) => ({ claimsOverrideDetails: idTokenGeneration }),
    V2_0: (generation: object) => ({
      claimsAndScopeOverrideDetails: { idTokenGeneration: generation, accessTokenGeneration: generation },
    }),
    V3_0: (generation: object) => ({
      claimsAndScopeOverrideDetails: { idTokenGeneration: generation, accessTokenGeneration: generation },
    }),
  } as const
  for (const LambdaVersion of ['V1_0', 'V2_0', 'V3_0'] as const) {
    t.test(LambdaVersion, async (t) => {
      const world = await makeWorld(idp, { LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion, LambdaArn: arn('shape') } } })
      await makeUser(idp, world, 'ada', { email: 'ada@example.com' })
      const both = async (answer?: object) => {
        lambda.answers.TokenGeneration_Authentication = () => answer ?? {}
        const { AuthenticationResult } = await signIn(idp, world, 'ada')
        return { id: claimsOf(AuthenticationResult?.IdToken ?? ''), access: claimsOf(AuthenticationResult?.AccessToken ?? '') }
      }
      // Each sign-in is another: what differs from one to the next is not what a function said.
      const settled = ({ jti, origin_jti, event_id, ...claims }: Record<string, unknown>) => {
        for (const id of [jti, origin_jti, event_id]) t.match(id, /^[0-9a-f-]{36}$/)
        return claims
      }
      const plain = await both()
      const changed = await both(versions[LambdaVersion](changes))
      const suppressed = await both(versions[LambdaVersion](suppression))
      const idOnly = Object.fromEntries(OF_ACCESS.filter((name) => !PROTECTED.includes(name)).map((name) => [name, 'meddled']))
      const { event_id: _event, ...others } = idOnly
      t.equal(changed.id.event_id, 'meddled', 'the ID token protects fewer')
      t.strictSame(settled({ ...changed.id, event_id: plain.id.event_id }), { ...settled(plain.id), ...others, own: 'mine' })
      t.strictSame(settled({ ...suppressed.id, event_id: plain.id.event_id }), settled(plain.id))
      t.strictSame(settled(changed.access), LambdaVersion === 'V1_0' ? settled(plain.access) : { ...settled(plain.access), own: 'mine' })
      t.strictSame(settled(suppressed.access), settled(plain.access))
    })
  }
})

test('the claims of OAuth are protected, too (H8)', async (t) => {
  const world = await hostedWorld(idp, { LambdaConfig: { PreTokenGeneration: arn('shape') } })
  await makeUser(idp, world, 'ada', { email: 'ada@example.com' })
  lambda.answers.TokenGeneration_HostedAuth = () => ({
    claimsOverrideDetails: { claimsToAddOrOverride: { nonce: 'x', at_hash: 'y' }, claimsToSuppress: ['nonce'] },
  })
  const code = await codeOf(idp, world, 'ada', { nonce: 'n-1', scope: 'openid' })
  const form = { grant_type: 'authorization_code', client_id: world.client, redirect_uri: CALLBACK, code }
  const { id_token } = (await post(idp, '/oauth2/token', form)).body as { id_token: string }
  t.match(claimsOf(id_token), { nonce: 'n-1', at_hash: /^[\w-]{22}$/ })
})

test('PreTokenGeneration', async (t) => {
  t.test('V1 changes the ID token, its groups and roles, and no protected claim (H8, H9)', async (t) => {
    const world = await makeWorld(idp, { LambdaConfig: { PreTokenGeneration: arn('shape') } })
    const sub = await makeUser(idp, world, 'jane', { email: 'jane@example.com' })
    const RoleArn = 'arn:aws:iam::123456789012:role/readers'
    await idp.cognito.CreateGroup({ UserPoolId: world.pool, GroupName: 'readers', RoleArn, Precedence: 1 })
    await idp.cognito.AdminAddUserToGroup({ UserPoolId: world.pool, GroupName: 'readers', Username: 'jane' })
    lambda.answers.TokenGeneration_Authentication = () => ({
      claimsOverrideDetails: {
        claimsToAddOrOverride: { tenant: 'acme', sub: 'somebody else', email: 'new@example.com', iss: 'x' },
        claimsToSuppress: ['email_verified', 'aud', 'phone'],
        groupOverrideDetails: { groupsToOverride: ['writers'], iamRolesToOverride: ['role'], preferredRole: 'role' },
      },
    })
    const { AuthenticationResult } = await signIn(idp, world, 'jane')
    t.match(lambda.events[0]?.request, {
      groupConfiguration: { groupsToOverride: only('readers'), iamRolesToOverride: only(RoleArn), preferredRole: RoleArn },
    })
    t.match(claimsOf(AuthenticationResult?.IdToken ?? ''), {
      tenant: 'acme',
      sub,
      email: 'new@example.com',
      aud: world.client,
      email_verified: undefined,
      'cognito:groups': only('writers'),
      'cognito:roles': only('role'),
      'cognito:preferred_role': 'role',
    })
    const access = claimsOf(AuthenticationResult?.AccessToken ?? '')
    t.match(access, { sub, 'cognito:groups': only('writers'), tenant: undefined, iss: new RegExp(`${world.pool}$`) })

    lambda.answers.TokenGeneration_RefreshTokens = () => ({ claimsOverrideDetails: { claimsToAddOrOverride: { again: 'yes' } } })
    const { AuthenticationResult: refreshed } = await idp.cognito.InitiateAuth({
      ClientId: world.client,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: AuthenticationResult?.RefreshToken ?? '' },
    })
    t.match(claimsOf(refreshed?.IdToken ?? ''), { again: 'yes', tenant: undefined, 'cognito:groups': only('readers') })

    lambda.answers.TokenGeneration_Authentication = () => ({ claimsOverrideDetails: { claimsToAddOrOverride: { number: 1 } } })
    await t.rejects(signIn(idp, world, 'jane'), { type: 'InvalidLambdaResponseException', message: 'Unrecognizable lambda output' })
  })

  for (const LambdaVersion of ['V2_0', 'V3_0'] as const) {
    t.test(`${LambdaVersion} changes both tokens and the scopes (H8, H9)`, async (t) => {
      const world = await makeWorld(idp, { LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion, LambdaArn: arn('shape') } } })
      const sub = await makeUser(idp, world, 'jane', { email: 'jane@example.com' })
      lambda.answers.TokenGeneration_Authentication = () => ({
        claimsAndScopeOverrideDetails: {
          idTokenGeneration: { claimsToAddOrOverride: { address: { city: 'Oslo' } }, claimsToSuppress: ['email'] },
          accessTokenGeneration: {
            claimsToAddOrOverride: { tenants: ['a', 'b'], client_id: 'x', scope: 'y' },
            scopesToAdd: ['api/read'],
            scopesToSuppress: ['aws.cognito.signin.user.admin'],
          },
          groupOverrideDetails: { groupsToOverride: ['g'] },
        },
      })
      const { AuthenticationResult } = await signIn(idp, world, 'jane')
      t.same(lambda.events, [
        {
          version: LambdaVersion.slice(1, 2),
          triggerSource: 'TokenGeneration_Authentication',
          region: 'us-east-1',
          userPoolId: world.pool,
          userName: 'jane',
          callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: world.client },
          request: {
            userAttributes: { sub, 'cognito:user_status': 'CONFIRMED', email: 'jane@example.com' },
            groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null },
            scopes: ['aws.cognito.signin.user.admin'],
          },
          response: { claimsAndScopeOverrideDetails: null },
        },
      ])
      t.match(claimsOf(AuthenticationResult?.IdToken ?? ''), { address: { city: 'Oslo' }, email: undefined, tenants: undefined })
      t.match(claimsOf(AuthenticationResult?.AccessToken ?? ''), {
        tenants: only('a', 'b'),
        client_id: world.client,
        scope: 'api/read',
        'cognito:groups': only('g'),
      })
      await t.rejects(idp.cognito.GetUser({ AccessToken: AuthenticationResult?.AccessToken ?? '' }), {
        message: 'Access Token does not have required scopes',
      })
    })
  }
})

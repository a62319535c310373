import { type Test, t, test } from 'tap'
import type { Document, Operations } from '../../src/cognito/contract/types.ts'
import { Authenticator, type Bent } from '../support/authenticator.ts'
import { emulator } from '../support/emulator.ts'
import { only } from '../support/only.ts'
import { addClient, makeUser, makeWorld, refuses, tokensOf, type World } from '../support/sign-in.ts'

const idp = await emulator(t)
const ORIGIN = 'https://app.example.com'
const WRONG = 'Incorrect username or password.'

type PoolInput = Partial<Operations['CreateUserPool']['input']>
type PasskeySettings = NonNullable<Operations['SetUserPoolMfaConfig']['input']['WebAuthnConfiguration']>

/** A pool that takes passkeys of example.com, a user with a password, and an access token. */
async function makePasskeyWorld(settings: PasskeySettings = { RelyingPartyId: 'example.com' }, pool: PoolInput = {}) {
  const world = await makeWorld(
    idp,
    { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } }, ...pool },
    { ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
  )
  await idp.cognito.SetUserPoolMfaConfig({ UserPoolId: world.pool, WebAuthnConfiguration: settings })
  const sub = await makeUser(idp, world, 'ada')
  const { AccessToken } = await tokensOf(idp, world, 'ada')
  return { ...world, sub, AccessToken }
}

interface Options {
  challenge: string
  rp: { id: string; name: string }
  user: { id: string; name: string; displayName: string }
}

async function start(AccessToken: string): Promise<Options> {
  const { CredentialCreationOptions } = await idp.cognito.StartWebAuthnRegistration({ AccessToken })
  return CredentialCreationOptions as unknown as Options
}

function complete(AccessToken: string, credential: Record<string, unknown>) {
  return idp.cognito.CompleteWebAuthnRegistration({ AccessToken, Credential: credential as Document })
}

async function register(AccessToken: string, authenticator = new Authenticator(ORIGIN), bent: Bent = {}) {
  await complete(AccessToken, authenticator.create(await start(AccessToken), bent))
  return authenticator
}

test('StartWebAuthnRegistration', async (t) => {
  t.test('answers what the browser needs (M15)', async (t) => {
    const { AccessToken, sub } = await makePasskeyWorld()
    const { challenge, ...options } = await start(AccessToken)
    t.match(challenge, /^[\w-]{22}$/)
    t.strictSame(options, {
      authenticatorSelection: { requireResidentKey: true, residentKey: 'required', userVerification: 'preferred' },
      excludeCredentials: [],
      pubKeyCredParams: [
        { alg: -7, type: 'public-key' },
        { alg: -257, type: 'public-key' },
      ],
      rp: { id: 'example.com', name: 'example.com' },
      timeout: 60000,
      user: { displayName: 'ada', id: Buffer.from(sub).toString('base64url'), name: 'ada' },
    })
    const authenticator = await register(AccessToken)
    t.match(await start(AccessToken), { excludeCredentials: only({ id: authenticator.id.toString('base64url'), type: 'public-key' }) })
  })

  t.test('names the pool’s domain where no relying party is configured (M16)', async (t) => {
    const { AccessToken, pool } = await makePasskeyWorld({ UserVerification: 'required' })
    await refuses(
      t,
      start(AccessToken),
      'WebAuthnConfigurationMissingException',
      'The relying party ID of the user pool is not configured.',
    )
    await idp.cognito.CreateUserPoolDomain({ UserPoolId: pool, Domain: 'passkeys-of-ada' })
    t.match(await start(AccessToken), {
      rp: { id: 'passkeys-of-ada.auth.us-east-1.amazoncognito.com' },
      authenticatorSelection: { userVerification: 'required' },
    })
  })

  t.test('refuses a pool that does not take passkeys (M16)', async (t) => {
    const { AccessToken } = await makePasskeyWorld(undefined, { Policies: {} })
    await refuses(t, start(AccessToken), 'WebAuthnNotEnabledException', 'WebAuthn is not enabled for the user pool.')
  })

  t.test('is for twenty passkeys', async (t) => {
    const { AccessToken } = await makePasskeyWorld()
    for (let n = 0; n < 20; n++) await register(AccessToken)
    await refuses(t, start(AccessToken), 'LimitExceededException', 'The user has the maximum number of passkeys.')
  })

  t.test('refuses a token that is none', async (t) => {
    await refuses(t, start('nonsense'), 'NotAuthorizedException', 'Invalid Access Token')
  })
})

test('CompleteWebAuthnRegistration', async (t) => {
  const { AccessToken, ...world } = await makePasskeyWorld()

  t.test('files the passkey, which lists and factors then show (M17)', async (t) => {
    const authenticator = await register(AccessToken, new Authenticator('https://example.com', 'bada5566-a7aa-401f-bd96-45619a55120d'))
    t.strictSame(await idp.cognito.ListWebAuthnCredentials({ AccessToken }), {
      Credentials: [
        {
          CredentialId: authenticator.id.toString('base64url'),
          FriendlyCredentialName: '1Password',
          RelyingPartyId: 'example.com',
          AuthenticatorAttachment: 'platform',
          AuthenticatorTransports: ['internal'],
          CreatedAt: 1767323045,
        },
      ],
    })
    t.match(await idp.cognito.GetUserAuthFactors({ AccessToken }), { ConfiguredUserAuthFactors: only('PASSWORD', 'WEB_AUTHN') })
  })

  t.test('refuses what was begun for the relying party that the pool had before (M16)', async (t) => {
    const moving = await makePasskeyWorld()
    const credential = new Authenticator(ORIGIN).create(await start(moving.AccessToken))
    await idp.cognito.SetUserPoolMfaConfig({ UserPoolId: moving.pool, WebAuthnConfiguration: { RelyingPartyId: 'example.org' } })
    const message = 'The relying party ID does not match the one of the user pool.'
    await refuses(t, complete(moving.AccessToken, credential), 'WebAuthnRelyingPartyMismatchException', message)
  })

  t.test('refuses a challenge twice, late, or of nobody (M16)', async (t) => {
    const NO_CHALLENGE = 'The challenge of the WebAuthn registration was not found.'
    const gone = (credential: Record<string, unknown>) =>
      refuses(t, complete(AccessToken, credential), 'WebAuthnChallengeNotFoundException', NO_CHALLENGE)
    const options = await start(AccessToken)
    const credential = new Authenticator(ORIGIN).create(options)
    await complete(AccessToken, credential)
    await gone(credential)
    await gone(new Authenticator(ORIGIN).create(options, { challenge: 'AAAAAAAAAAAAAAAAAAAAAA' }))
    const late = await start(AccessToken)
    idp.clock.advance(181_000)
    await gone(new Authenticator(ORIGIN).create(late))

    await makeUser(idp, world, 'eve')
    const eve = await tokensOf(idp, world, 'eve')
    const hers = await start(eve.AccessToken)
    await gone(new Authenticator(ORIGIN).create(hers))
  })

  t.test('refuses another client than the one that started (M16)', async (t) => {
    const other = await addClient(idp, world.pool)
    const { AccessToken: foreign } = await tokensOf(idp, other, 'ada')
    await refuses(
      t,
      complete(foreign, new Authenticator(ORIGIN).create(await start(AccessToken))),
      'WebAuthnClientMismatchException',
      'The WebAuthn registration was started by another app client.',
    )
  })

  for (const origin of ['https://example.org', 'http://app.example.com', 'https://badexample.com', 'android:apk-key-hash:x']) {
    t.test(`refuses the origin ${origin} (M16)`, async (t) => {
      await refuses(
        t,
        register(AccessToken, new Authenticator(origin)),
        'WebAuthnOriginNotAllowedException',
        `The origin ${origin} is not allowed.`,
      )
    })
  }

  const bents: [string, Bent, string, RegExp][] = [
    ['another relying party', { rp: 'example.org' }, 'WebAuthnRelyingPartyMismatchException', /^The relying party ID does not match/],
    ['a wrong signature', { forged: true }, 'WebAuthnCredentialNotSupportedException', /not supported/],
    ['an assertion', { type: 'webauthn.get' }, 'WebAuthnCredentialNotSupportedException', /Unexpected registration response type/],
    ['another algorithm', { algorithm: -8 }, 'WebAuthnCredentialNotSupportedException', /Unexpected public key alg/],
  ]
  for (const [what, bent, type, message] of bents) {
    t.test(`refuses ${what} (M16)`, async (t) => {
      await t.rejects(register(AccessToken, undefined, bent), { type, message })
    })
  }

  t.test('refuses a user that the authenticator does not know where the pool wants it to (M16)', async (t) => {
    const strict = await makePasskeyWorld({ RelyingPartyId: 'example.com', UserVerification: 'required' })
    await t.rejects(register(strict.AccessToken, undefined, { verified: false }), {
      type: 'WebAuthnCredentialNotSupportedException',
      message: /User verification was required/,
    })
    await register(AccessToken, undefined, { verified: false })
  })

  t.test('refuses what is no credential', async (t) => {
    for (const credential of [{}, { response: { clientDataJSON: 'x' } }]) {
      await refuses(t, complete(AccessToken, credential), 'InvalidParameterException', 'Invalid WebAuthn credential.')
    }
  })
})

test('ListWebAuthnCredentials and DeleteWebAuthnCredential (M15)', async (t) => {
  const { AccessToken } = await makePasskeyWorld()
  const made: string[] = []
  for (let n = 0; n < 3; n++) made.push((await register(AccessToken)).id.toString('base64url'))

  const first = await idp.cognito.ListWebAuthnCredentials({ AccessToken, MaxResults: 2 })
  const second = await idp.cognito.ListWebAuthnCredentials({ AccessToken, MaxResults: 2, NextToken: first.NextToken })
  t.same(
    [...first.Credentials, ...second.Credentials].map(({ CredentialId }) => CredentialId),
    made,
  )
  t.equal(second.NextToken, undefined)

  await refuses(
    t,
    idp.cognito.ListWebAuthnCredentials({ AccessToken, MaxResults: 21 }),
    'InvalidParameterException',
    "1 validation error detected: Value '21' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 20",
  )
  t.strictSame(await idp.cognito.DeleteWebAuthnCredential({ AccessToken, CredentialId: made[0] as string }), {})
  t.equal((await idp.cognito.ListWebAuthnCredentials({ AccessToken })).Credentials.length, 2)
  await refuses(
    t,
    idp.cognito.DeleteWebAuthnCredential({ AccessToken, CredentialId: made[0] as string }),
    'ResourceNotFoundException',
    'Credential does not exist.',
  )
})

test('WEB_AUTHN', async (t) => {
  const begin = (world: World, more: Record<string, string> = { PREFERRED_CHALLENGE: 'WEB_AUTHN' }) =>
    idp.cognito.InitiateAuth({ AuthFlow: 'USER_AUTH', ClientId: world.client, AuthParameters: { USERNAME: 'ada', ...more } })
  const answer = (world: World, Session: string | undefined, credential: unknown) =>
    idp.cognito.RespondToAuthChallenge({
      ChallengeName: 'WEB_AUTHN',
      ClientId: world.client,
      Session,
      ChallengeResponses: { USERNAME: 'ada', CREDENTIAL: typeof credential === 'string' ? credential : JSON.stringify(credential) },
    })
  const optionsOf = ({ ChallengeParameters = {} }: { ChallengeParameters?: Record<string, string> | undefined }) =>
    JSON.parse(ChallengeParameters.CREDENTIAL_REQUEST_OPTIONS as string) as { challenge: string; rpId: string }

  async function withPasskey(_t: Test) {
    const world = await makePasskeyWorld()
    return { ...world, authenticator: await register(world.AccessToken) }
  }

  t.test('signs in with a passkey, again and again (L23)', async (t) => {
    const { authenticator, ...world } = await withPasskey(t)
    for (let n = 0; n < 2; n++) {
      const asked = await begin(world)
      t.equal(asked.ChallengeName, 'WEB_AUTHN')
      const { challenge, ...options } = optionsOf(asked)
      t.strictSame(options, {
        timeout: 180000,
        rpId: 'example.com',
        allowCredentials: [{ id: authenticator.id.toString('base64url'), type: 'public-key', transports: ['internal'] }],
        userVerification: 'preferred',
      })
      t.ok((await answer(world, asked.Session, authenticator.get({ ...options, challenge } as never))).AuthenticationResult?.IdToken)
    }
  })

  t.test('is offered to who has one, and may come along with the choice (L20, L21)', async (t) => {
    const { authenticator, ...world } = await withPasskey(t)
    const asked = await begin(world, {})
    t.match(asked, { ChallengeName: 'SELECT_CHALLENGE', AvailableChallenges: only('PASSWORD_SRP', 'PASSWORD', 'WEB_AUTHN') })
    const select = (more: Record<string, string>, Session = asked.Session) =>
      idp.cognito.RespondToAuthChallenge({
        ChallengeName: 'SELECT_CHALLENGE',
        ClientId: world.client,
        Session,
        ChallengeResponses: { USERNAME: 'ada', ANSWER: 'WEB_AUTHN', ...more },
      })
    t.ok((await select({ CREDENTIAL: JSON.stringify(authenticator.get(optionsOf(asked))) })).AuthenticationResult)
    const again = await begin(world, {})
    t.equal((await select({}, again.Session)).ChallengeName, 'WEB_AUTHN')
  })

  const bents: [string, Bent][] = [
    ['another origin', { origin: 'https://example.org' }],
    ['another challenge', { challenge: 'AAAAAAAAAAAAAAAAAAAAAA' }],
    ['another relying party', { rp: 'example.org' }],
    ['a wrong signature', { forged: true }],
    ['a counter that goes back', { counter: -1 }],
    ['an attestation', { type: 'webauthn.create' }],
  ]
  for (const [what, bent] of bents) {
    t.test(`refuses ${what}, and the session is over (L23)`, async (t) => {
      const { authenticator, ...world } = await withPasskey(t)
      const before = await begin(world)
      await answer(world, before.Session, authenticator.get(optionsOf(before)))
      const asked = await begin(world)
      await refuses(t, answer(world, asked.Session, authenticator.get(optionsOf(asked), bent)), 'NotAuthorizedException', WRONG)
      await refuses(
        t,
        answer(world, asked.Session, authenticator.get(optionsOf(asked))),
        'NotAuthorizedException',
        'Invalid session for the user, session can only be used once.',
      )
    })
  }

  t.test('refuses a passkey of nobody, and what is none (L23)', async (t) => {
    const { authenticator: _authenticator, ...world } = await withPasskey(t)
    for (const make of [(options: never) => new Authenticator(ORIGIN).get(options), () => 'nonsense', () => ({})]) {
      const asked = await begin(world)
      await refuses(t, answer(world, asked.Session, make(optionsOf(asked) as never)), 'NotAuthorizedException', WRONG)
    }
  })

  t.test('stands for two factors where the pool says so (L23)', async (t) => {
    const settings = { RelyingPartyId: 'example.com', FactorConfiguration: 'MULTI_FACTOR_WITH_USER_VERIFICATION' as const }
    const { AccessToken, ...world } = await makePasskeyWorld(settings)
    const authenticator = await register(AccessToken)
    await idp.cognito.SetUserPoolMfaConfig({
      UserPoolId: world.pool,
      MfaConfiguration: 'ON',
      SoftwareTokenMfaConfiguration: { Enabled: true },
      WebAuthnConfiguration: settings,
    })
    const asked = await begin(world)
    t.match(optionsOf(asked), { userVerification: 'required' })
    t.ok((await answer(world, asked.Session, authenticator.get(optionsOf(asked)))).AuthenticationResult)
    const unverified = await begin(world)
    await refuses(
      t,
      answer(world, unverified.Session, authenticator.get(optionsOf(unverified), { verified: false })),
      'NotAuthorizedException',
      WRONG,
    )
  })
})

// biome-ignore-all lint/suspicious/noThenProperty: the word that faults are written with
import { Agent } from 'node:http'
import type { LookupFunction } from 'node:net'
import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  type CognitoIdentityProviderClientConfig,
  ConfirmSignUpCommand,
  CreateGroupCommand,
  CreateUserPoolCommand,
  DescribeUserPoolClientCommand,
  GetGroupCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ListUserPoolsCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { type Test, test } from 'tap'
import { type Poolhouse, type StartOptions, start, type World } from '../../src/index.ts'
import { only } from '../support/only.ts'

/** Each control of the emulator, and what the AWS SDK sees of it. The Yandex SDK's turn is in controls-yandex.test.ts. */

const UserPoolId = 'us-east-1_PoolDemo1'
const ClientId = '1demo0client0000000000000w'
/** How Node says that a connection ended. */
const LOST = /socket hang up|ECONNRESET/

interface Sight {
  t: Test
  idp: Poolhouse
  world: World
  sdk: CognitoIdentityProviderClient
  list(): Promise<unknown>
  signIn(): Promise<{ access: string; kid: string }>
}

function client(endpoint: string, more: CognitoIdentityProviderClientConfig = {}): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    ...more,
  })
}

async function failure(doing: Promise<unknown>): Promise<Error & { $metadata?: { httpStatusCode?: number } }> {
  return await doing.then(
    () => new Error('it did well'),
    (error: Error) => error,
  )
}

async function took(doing: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await doing()
  return performance.now() - begun
}

const kidOf = (token: string) => (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid

const signUp = (sdk: CognitoIdentityProviderClient, Username: string) =>
  sdk.send(
    new SignUpCommand({
      ClientId,
      Username,
      Password: 'Journey-Passw0rd',
      UserAttributes: [{ Name: 'email', Value: `${Username}@example.com` }],
    }),
  )

const CONTROLS: Record<string, (sight: Sight) => Promise<void>> = {
  'fault: error': async ({ t, world, list }) => {
    await world.faults.set({ match: { operation: 'ListUserPools' }, then: { error: 'TooManyRequestsException' } })
    t.match(await failure(list()), { name: 'TooManyRequestsException', $metadata: { httpStatusCode: 400 } })
    await list()
  },
  'fault: error with a text of its own': async ({ t, world, list }) => {
    await world.faults.set({ then: { error: { name: 'InternalErrorException', message: 'on fire' } } })
    t.match(await failure(list()), { name: 'InternalErrorException', message: 'on fire', $metadata: { httpStatusCode: 500 } })
  },
  'fault: status': async ({ t, world, list }) => {
    await world.faults.set({ then: { status: 503 } })
    t.match(await failure(list()), { $metadata: { httpStatusCode: 503 } })
  },
  'fault: delay, fixed, uniform and lognormal': async ({ t, world, list }) => {
    for (const delay of ['60ms', { uniform: ['60ms', '70ms'] }, { lognormal: { median: '60ms', sigma: 0 } }]) {
      await world.faults.set({ then: { delay } })
      t.ok((await took(list)) >= 60, JSON.stringify(delay))
    }
  },
  'fault: slow': async ({ t, world, list }) => {
    await list()
    await world.faults.set({ then: { slow: '150ms' } })
    t.ok((await took(list)) >= 150)
    await world.faults.set({ then: { slow: '10ms', error: 'InternalErrorException' } })
    t.match(await failure(list()), { name: 'InternalErrorException' })
  },
  'fault: drop': async ({ t, world, list }) => {
    await world.faults.set({ then: { drop: true } })
    t.match((await failure(list())).message, LOST)
  },
  'fault: reset': async ({ t, world, list }) => {
    await world.faults.set({ then: { reset: true } })
    t.match((await failure(list())).message, LOST)
  },
  'fault: malformed': async ({ t, world, list }) => {
    await world.faults.set({ then: { malformed: true } })
    t.match(await failure(list()), { name: 'SyntaxError', $response: { statusCode: 200 } })
  },
  'fault: after': async ({ t, world, sdk }) => {
    await world.faults.set({ match: { operation: 'CreateGroup' }, then: { drop: true, after: true } })
    t.match((await failure(sdk.send(new CreateGroupCommand({ UserPoolId, GroupName: 'made' })))).message, LOST)
    t.match(await sdk.send(new GetGroupCommand({ UserPoolId, GroupName: 'made' })), { Group: { GroupName: 'made' } })
  },
  'fault: times, and a client that tries again': async ({ t, world, list }) => {
    const patient = client(world.url, { maxAttempts: 3 })
    await world.faults.set({ times: 2, then: { error: 'TooManyRequestsException' } })
    t.match(await patient.send(new ListUserPoolsCommand({ MaxResults: 1 })), { $metadata: { attempts: 3 } })
    await world.faults.set({ times: null, then: { error: 'TooManyRequestsException' } })
    for (let round = 0; round < 3; round++) await t.rejects(list(), { name: 'TooManyRequestsException' })
    await world.faults.clear()
    await list()
    patient.destroy()
  },
  'fault: probability': async ({ t, world, list }) => {
    await world.faults.set({ times: null, probability: 0, then: { drop: true } })
    for (let round = 0; round < 5; round++) await list()
    await world.faults.set({ times: null, probability: 0.5, then: { error: 'InternalErrorException' } })
    let failed = 0
    for (let round = 0; round < 40; round++) await list().catch(() => failed++)
    t.ok(failed > 5 && failed < 35, `${failed} of 40`)
  },
  'fault: match by user, client and input': async ({ t, world, sdk }) => {
    const read = (Username: string) => failure(sdk.send(new AdminGetUserCommand({ UserPoolId, Username })))
    await world.faults.set({ match: { user: 'bob' }, then: { error: 'TooManyRequestsException' } })
    t.match(await read('alice'), { message: 'it did well' })
    t.match(await read('bob'), { name: 'TooManyRequestsException' })
    await world.faults.set({ match: { input: { UserPoolId, Username: 'alice' } }, then: { error: 'TooManyRequestsException' } })
    t.match(await read('bob'), { message: 'it did well' })
    t.match(await read('alice'), { name: 'TooManyRequestsException' })
    await world.faults.set({ match: { client: ClientId }, then: { error: 'TooManyRequestsException' } })
    t.match(await read('alice'), { message: 'it did well' })
    t.match(await failure(sdk.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))), { name: 'TooManyRequestsException' })
  },
  'fault: match by namespace': async ({ t, idp, world, list }) => {
    await idp.faults.set({ match: { namespace: world.name }, then: { error: 'TooManyRequestsException' } })
    const other = client(idp.url)
    await other.send(new ListUserPoolsCommand({ MaxResults: 1 }))
    t.match(await failure(list()), { name: 'TooManyRequestsException' })
    other.destroy()
  },
  'fault: beyond a rate': async ({ t, world, list }) => {
    world.clock.freeze()
    await world.faults.set({ times: null, beyond: '2/s', then: { error: 'TooManyRequestsException' } })
    await list()
    await list()
    t.match(await failure(list()), { name: 'TooManyRequestsException' })
    world.clock.advance('1s')
    await list()
  },
  'fault: ordered by the request itself': async ({ t, idp, world, sdk, list }) => {
    t.equal(idp.name, 'default')
    let order = 'error=TooManyRequestsException'
    sdk.middlewareStack.add(
      (next) => (args) => {
        Object.assign((args.request as { headers: Record<string, string> }).headers, { 'x-poolhouse-fault': order })
        return next(args)
      },
      { step: 'build', name: 'order' },
    )
    t.match(await failure(list()), { name: 'TooManyRequestsException' })
    order = 'delay=60ms; status=502'
    t.ok((await took(() => failure(list()))) >= 60)
    t.match(await failure(list()), { $metadata: { httpStatusCode: 502 } })
    order = 'drop'
    t.match((await failure(list())).message, LOST)
    order = 'error=UsernameExistsException'
    t.match(await failure(list()), {
      name: 'ContractViolation',
      message: 'Poolhouse does not understand "error=UsernameExistsException" in the header x-poolhouse-fault',
    })
    const [last] = world.journal.list({ limit: 1 })
    t.equal(last?.error?.name, 'ContractViolation')
  },
  limits: async ({ t, world, list, sdk }) => {
    world.clock.freeze()
    await world.limit({ ListUserPools: '2/s', cognito: '100/1m' })
    await list()
    await list()
    t.match(await failure(list()), { name: 'TooManyRequestsException', message: 'Rate exceeded', $metadata: { httpStatusCode: 400 } })
    await sdk.send(new AdminGetUserCommand({ UserPoolId, Username: 'alice' }))
    world.clock.advance('1s')
    await list()
    await t.rejects(world.limit({ ListUserPool: '2/s' }), { message: /did you mean ListUserPools\?/ })
    await t.rejects(world.limit({ ListUserPools: 'often' }), { message: /must be a rate like 5\/s/ })
    world.reset()
    for (let round = 0; round < 3; round++) await list()
  },
  'clock: set, freeze, run': async ({ t, world, sdk, list }) => {
    const made = async () => (await sdk.send(new CreateUserPoolCommand({ PoolName: 'p' }))).UserPool?.CreationDate?.toISOString()
    world.clock.freeze('2031-02-03T04:05:06.000Z')
    t.equal(await made(), '2031-02-03T04:05:06.000Z')
    t.equal(await made(), '2031-02-03T04:05:06.000Z')
    world.clock.set('2032-01-01T00:00:00.000Z')
    t.equal(await made(), '2032-01-01T00:00:00.000Z')
    world.clock.run()
    const before = world.clock.now()
    while (world.clock.now() <= before) await list()
  },
  'clock: advance': async ({ t, world, sdk, signIn }) => {
    const { access } = await signIn()
    await sdk.send(new GetUserCommand({ AccessToken: access }))
    world.clock.advance('1h')
    t.match(await failure(sdk.send(new GetUserCommand({ AccessToken: access }))), {
      name: 'NotAuthorizedException',
      message: 'Access Token has expired',
    })
  },
  'clock: told in each answer': async ({ t, world, sdk, list }) => {
    world.clock.freeze('2031-02-03T04:05:06.000Z')
    let told: string | undefined
    sdk.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args)
        told = (result.response as { headers: Record<string, string> }).headers['x-poolhouse-now']
        return result
      },
      { step: 'deserialize', name: 'look', priority: 'low' },
    )
    await list()
    t.equal(told, '2031-02-03T04:05:06.000Z')
  },
  'codes, for one destination and for all others': async ({ t, world, sdk }) => {
    world.fixCodes({ 'ann@example.com': '111111', '*': '222222' })
    for (const [name, ConfirmationCode] of [
      ['ann', '111111'],
      ['bert', '222222'],
    ] as const) {
      await signUp(sdk, name)
      await sdk.send(new ConfirmSignUpCommand({ ClientId, Username: name, ConfirmationCode }))
      t.match(await sdk.send(new AdminGetUserCommand({ UserPoolId, Username: name })), { UserStatus: 'CONFIRMED' })
    }
  },
  'ids fixed by a tag': async ({ t, sdk }) => {
    const UserPoolTags = { _custom_id_: 'us-east-1_Pinned123' }
    t.match(await sdk.send(new CreateUserPoolCommand({ PoolName: 'p', UserPoolTags })), { UserPool: { Id: 'us-east-1_Pinned123' } })
  },
  'keys: rotated, then the old ones forgotten': async ({ t, world, sdk, signIn }) => {
    const old = await signIn()
    world.rotateKeys()
    const next = await signIn()
    t.not(next.kid, old.kid)
    await sdk.send(new GetUserCommand({ AccessToken: old.access }))
    const keySet = async () =>
      ((await (await fetch(`${world.url}/${UserPoolId}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] }).keys
    t.equal((await keySet()).length, 4)
    world.rotateKeys({ forget: true })
    t.equal((await keySet()).length, 2)
    t.match(await failure(sdk.send(new GetUserCommand({ AccessToken: old.access }))), { message: 'Invalid Access Token' })
  },
  'contract mode': async ({ t, world, sdk }) => {
    // The SDK itself sends nothing that the contract does not list.
    sdk.middlewareStack.add(
      (next) => (args) => {
        Object.assign(args.request as { body: string }, { body: '{"MaxResults":1,"Filter":"x"}' })
        return next(args)
      },
      { step: 'build', name: 'more', priority: 'high' },
    )
    const ask = () => sdk.send(new ListUserPoolsCommand({ MaxResults: 1 }))
    await ask()
    await fetch(`${world.url}/_/contract/mode`, { method: 'PUT', body: '{"cognito":"strict"}' })
    t.match(await failure(ask()), { name: 'ContractViolation', message: /ListUserPools has no member Filter/ })
  },
  'reset and snapshot': async ({ t, world, sdk }) => {
    const there = async (name: string) =>
      (await failure(sdk.send(new GetGroupCommand({ UserPoolId, GroupName: name })))).message === 'it did well'
    await sdk.send(new CreateGroupCommand({ UserPoolId, GroupName: 'one' }))
    world.snapshot('with-one')
    world.reset()
    t.equal(await there('one'), false)
    world.reset({ to: 'with-one' })
    t.equal(await there('one'), true)
  },
}

async function begin(t: Test, options: StartOptions): Promise<Poolhouse> {
  const idp = await start(options)
  t.teardown(() => idp.close())
  return idp
}

test('what the AWS SDK sees of each control', async (t) => {
  const idp = await begin(t, { seed: 7, allowFaultHeader: true })
  let count = 0
  for (const [name, look] of Object.entries(CONTROLS)) {
    await t.test(name, async (t) => {
      const world = idp.namespace(`w${++count}`)
      const sdk = client(world.url)
      t.teardown(() => sdk.destroy())
      const signIn = async () => {
        const AuthParameters = { USERNAME: 'alice', PASSWORD: 'Demo-Passw0rd' }
        const { AuthenticationResult } = await sdk.send(
          new InitiateAuthCommand({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId, AuthParameters }),
        )
        const access = AuthenticationResult?.AccessToken as string
        return { access, kid: kidOf(access) }
      }
      await look({ t, idp, world, sdk, list: () => sdk.send(new ListUserPoolsCommand({ MaxResults: 1 })), signIn })
    })
  }
})

test('what the AWS SDK sees of how the emulator was started', async (t) => {
  const signInAt = async (idp: Poolhouse) => {
    const sdk = client(idp.url)
    const AuthParameters = { USERNAME: 'alice', PASSWORD: 'Demo-Passw0rd' }
    const { AuthenticationResult } = await sdk.send(new InitiateAuthCommand({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId, AuthParameters }))
    sdk.destroy()
    return kidOf(AuthenticationResult?.AccessToken as string)
  }

  await t.test('seed: the same ids in every run', async (t) => {
    const ids = async (seed: number) => {
      const sdk = client((await begin(t, { seed, empty: true })).url)
      const { UserPool } = await sdk.send(new CreateUserPoolCommand({ PoolName: 'p' }))
      sdk.destroy()
      return UserPool?.Id
    }
    const first = await ids(42)
    t.equal(await ids(42), first)
    t.not(await ids(43), first)
  })

  await t.test('clock and frozen', async (t) => {
    const sdk = client((await begin(t, { clock: '2026-01-01T00:00:00Z', frozen: true })).url)
    const { UserPool } = await sdk.send(new CreateUserPoolCommand({ PoolName: 'p' }))
    t.equal(UserPool?.CreationDate?.toISOString(), '2026-01-01T00:00:00.000Z')
    sdk.destroy()
  })

  await t.test('limits', async (t) => {
    const sdk = client((await begin(t, { limits: { ListUserPools: '1/1h' } })).url)
    await sdk.send(new ListUserPoolsCommand({ MaxResults: 1 }))
    t.match(await failure(sdk.send(new ListUserPoolsCommand({ MaxResults: 1 }))), { name: 'TooManyRequestsException' })
    sdk.destroy()
    await t.rejects(start({ limits: { ListUserPool: '1/s' } }), { message: /limits: there is no operation ListUserPool/ })
    await t.rejects(start({ limit: {} } as never), { message: 'start(): limit is not a setting (did you mean limits?)' })
  })

  await t.test('fresh keys and keys of one’s own', async (t) => {
    const [shipped, fresh, other] = [await begin(t, {}), await begin(t, { freshKeys: true }), await begin(t, { freshKeys: true })]
    const kids = [await signInAt(shipped), await signInAt(fresh), await signInAt(other)]
    t.equal(new Set(kids).size, 3)

    const { generateKeyPairSync } = await import('node:crypto')
    const jwk = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
    const folder = t.testdir({ 'keys.jwks': JSON.stringify({ keys: [{ ...jwk, kid: 'mine' }] }), 'none.jwks': '{"keys":[]}' })
    const own = await begin(t, { keys: `${folder}/keys.jwks` })
    t.equal(await signInAt(own), 'mine')
    const { keys } = (await (await fetch(`${own.url}/${UserPoolId}/.well-known/jwks.json`)).json()) as { keys: object[] }
    t.match(keys, only({ kid: 'mine', n: jwk.n }))
    t.equal(keys.length, 1)
    await t.rejects(start({ keys: `${folder}/none.jwks` }), { message: /must be a key set/ })
    await t.rejects(start({ keys: `${folder}/gone.jwks` }), { message: /no keys without their file/ })
    await t.rejects(start({ keys: 'x', freshKeys: true }), { message: /exclude each other/ })
  })

  await t.test('a fault header, unless it was allowed, orders nothing', async (t) => {
    const sdk = client((await begin(t, {})).url)
    sdk.middlewareStack.add(
      (next) => (args) => {
        Object.assign((args.request as { headers: Record<string, string> }).headers, { 'x-poolhouse-fault': 'drop' })
        return next(args)
      },
      { step: 'build', name: 'order' },
    )
    await sdk.send(new ListUserPoolsCommand({ MaxResults: 1 }))
    sdk.destroy()
  })

  await t.test('a journal that is not kept', async (t) => {
    const idp = await begin(t, { journal: false })
    const sdk = client(idp.url)
    await sdk.send(new ListUserPoolsCommand({ MaxResults: 1 }))
    t.same(idp.journal.list(), [])
    sdk.destroy()
  })
})

/** Not every system resolves names below localhost. */
const loopback: LookupFunction = (_host, { all }, done) => {
  if (all === true) done(null, [{ address: '127.0.0.1', family: 4 }])
  else done(null, '127.0.0.1', 4)
}

test('how the AWS SDK names its namespace', async (t) => {
  const idp = await begin(t, {})
  const ways: Record<string, CognitoIdentityProviderClient> = {
    path: client(`${idp.url}/~by-path`),
    host: client(`http://by-host.localhost:${idp.port}`, { requestHandler: { httpAgent: new Agent({ lookup: loopback }) } }),
    key: client(idp.url, { credentials: { accessKeyId: 'NSby-key', secretAccessKey: 'x' } }),
    padded: client(idp.url, { credentials: { accessKeyId: 'NS000000000by-padded', secretAccessKey: 'x' } }),
    header: client(idp.url),
  }
  ways.header?.middlewareStack.add(
    (next) => (args) => {
      Object.assign((args.request as { headers: Record<string, string> }).headers, { 'x-poolhouse-namespace': 'by-header' })
      return next(args)
    },
    { step: 'build', name: 'namespace' },
  )
  for (const [way, sdk] of Object.entries(ways)) {
    await sdk.send(new CreateGroupCommand({ UserPoolId, GroupName: way }))
    await idp.namespace(`by-${way}`).journal.expect({ operation: 'CreateGroup', input: { GroupName: way } }, 1)
    sdk.destroy()
  }
  t.same(
    idp.journal.list().filter(({ operation }) => operation === 'CreateGroup'),
    [],
  )
})

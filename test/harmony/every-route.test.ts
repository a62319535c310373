import { test } from 'tap'
import { operations } from '../../src/harmony/index.ts'
import type { HarmonyOperation } from '../../src/harmony/operation.ts'
import { emulator } from '../support/emulator.ts'
import { auth0Person, cognitoPerson, harmonyOf, world } from '../support/harmony.ts'

type World = Awaited<ReturnType<typeof world>>
type Request = [path: string, body?: object]

/** How each documented route comes to each outcome that its page names. 401, 429 and 500 are brought about for all alike. */
interface Case {
  done: (its: World) => Request
  keys: string[]
  refused: { [status: number]: (its: World) => Request }
}

const cognito = (its: World) => `provider=cognito-user&userPoolId=${its.pool}`
const nowhere = 'us-east-1_nowhere00'

const USER = ['appMetadata', 'blocked', 'createdAt', 'email', 'emailVerified', 'id', 'name', 'provider', 'updatedAt', 'userMetadata']
const CLIENT = ['allowedLogoutUrls', 'callbacks', 'clientMetadata', 'description', 'disabled', 'grantTypes', 'id', 'name', 'oidcConformant']
const CONNECTION = ['configuration', 'connectionId', 'createdAt', 'metadata', 'name', 'status', 'type', 'updatedAt']
const TOKEN = ['access_token', 'expires_in', 'provider', 'refresh_token', 'token_type']

const cases: Record<string, Case> = {
  postUser: {
    done: (its) => ['/users', { provider: 'cognito-user', user: { userPoolId: its.pool, email: 'new@example.com', ...cognitoPerson } }],
    keys: USER,
    refused: {
      // A Cognito body without a provider is an Auth0 body with mistakes.
      400: (its) => ['/users', { user: { userPoolId: its.pool, email: 'new@example.com', ...cognitoPerson } }],
      409: (its) => ['/users', { provider: 'cognito-user', user: { userPoolId: its.pool, email: 'ANN@example.com', ...cognitoPerson } }],
    },
  },
  getUsers: {
    done: () => ['/users?q=email%3A%22bob%40example.com%22'],
    keys: USER,
    refused: { 400: () => ['/users?provider=cognito-user'], 404: () => ['/users?q=email%3A%22nobody%40example.com%22'] },
  },
  getUser: {
    done: (its) => [`/users/ann@example.com?${cognito(its)}`],
    keys: USER,
    refused: { 400: () => ['/users/ann?provider=cognito-user'], 404: (its) => [`/users/nobody?${cognito(its)}`] },
  },
  patchUser: {
    done: (its) => [`/users/${its.user}`, { provider: 'cognito-user', userPoolId: its.pool, user: { nickname: 'a' } }],
    keys: USER,
    refused: {
      400: (its) => [`/users/${its.user}`, { provider: 'cognito-user', userPoolId: its.pool, user: { email: 5 } }],
      404: (its) => ['/users/nobody', { provider: 'cognito-user', userPoolId: its.pool, user: {} }],
      409: () => ['/users/eve', { user: { email: 'BOB@example.com' } }],
    },
  },
  deleteUser: {
    done: (its) => [`/users/${its.user}`, { provider: 'cognito-user', userPoolId: its.pool }],
    keys: [],
    refused: {
      400: (its) => [`/users/${its.user}`, { provider: 'cognito-user' }],
      404: (its) => ['/users/nobody', { provider: 'cognito-user', userPoolId: its.pool }],
    },
  },
  passwordReset: {
    done: (its) => ['/users/password-reset', { provider: 'cognito-user', userId: 'ann', userPoolId: its.pool, password: 'Another-123' }],
    keys: ['$metadata', 'message', 'status'],
    refused: {
      400: (its) => ['/users/password-reset', { provider: 'cognito-user', userId: 'ann', userPoolId: its.pool, password: 'weak' }],
      404: () => ['/users/password-reset', { userId: 'nobody', clientId: 'web' }],
    },
  },
  passwordResetByEmail: {
    done: () => [
      '/users/password-reset-by-email',
      { email: 'Bob@example.com', clientId: 'w', connection: 'district', accountProvider: 'auth0' },
    ],
    keys: ['url'],
    refused: {
      400: (its) => ['/users/password-reset-by-email', { provider: 'cognito-user', email: 'ann@example.com', userPoolId: its.pool }],
      404: () => [
        '/users/password-reset-by-email',
        { email: 'bob@example.com', clientId: 'w', connection: 'self-signup', accountProvider: 'auth0' },
      ],
    },
  },
  postSendEmail: {
    done: () => ['/users/verification-email', { userId: 'bob', clientId: 'web' }],
    keys: [],
    refused: {
      // Cognito sends no code to who is confirmed.
      400: (its) => ['/users/verification-email', { provider: 'cognito-user', userId: 'ann@example.com', clientId: its.client }],
      404: () => ['/users/verification-email', { userId: 'nobody', clientId: 'web' }],
    },
  },
  postSendVerificationEmail: {
    done: () => [
      '/users/verification-email-by-email',
      { clientId: 'web', email: 'bob@example.com', accountProvider: 'auth0', connection: 'district' },
    ],
    keys: [],
    refused: {
      400: () => ['/users/verification-email-by-email', { clientId: 'web', email: 'bob@example.com' }],
      404: (its) => [
        '/users/verification-email-by-email',
        { provider: 'cognito-user', clientId: its.client, email: 'no@example.com', userPoolId: its.pool },
      ],
    },
  },
  getConnections: {
    done: () => ['/connections?provider=cognito-connection'],
    keys: [],
    refused: { 400: () => ['/connections?provider=okta'] },
  },
  getConnection: {
    done: (its) => [`/connections/${its.pool}?provider=cognito-connection`],
    keys: CONNECTION,
    refused: { 400: () => ['/connections/x?provider=okta'], 404: () => [`/connections/${nowhere}?provider=cognito-connection`] },
  },
  postConnection: {
    done: () => ['/connections', { provider: 'cognito-connection', connectionBody: { name: 'second', metadata: { a: 'b' } } }],
    keys: CONNECTION,
    refused: { 400: () => ['/connections', { connectionBody: { name: 'self-signup', metadata: {} } }] },
  },
  patchConnection: {
    done: (its) => [`/connections/${its.pool}`, { provider: 'cognito-connection', connectionBody: { name: 'renamed' } }],
    keys: CONNECTION,
    refused: {
      400: (its) => [`/connections/${its.own}`, {}],
      404: () => ['/connections/con_nowhere', { connectionBody: { name: 'renamed' } }],
    },
  },
  deleteConnection: {
    done: (its) => [`/connections/${its.pool}`, { provider: 'cognito-connection' }],
    keys: [],
    refused: { 400: (its) => [`/connections/${its.pool}`, { provider: 'okta' }], 404: () => ['/connections/con_nowhere', {}] },
  },
  postClient: {
    done: (its) => ['/clients', { provider: 'cognito-client', userPoolId: its.pool, client: { product: 'MC', name: 'second' } }],
    keys: CLIENT,
    refused: { 400: () => ['/clients', { provider: 'cognito-client', userPoolId: nowhere, client: { product: 'MC', name: 'second' } }] },
  },
  getClient: {
    done: (its) => [`/clients/${its.client}?provider=cognito-client&userPoolId=${its.pool}`],
    keys: CLIENT,
    refused: { 400: (its) => [`/clients/${its.client}?provider=cognito-client`], 404: () => ['/clients/nowhere'] },
  },
  patchClient: {
    done: (its) => [`/clients/${its.machine.id}`, { client: { description: 'changed' } }],
    keys: CLIENT,
    refused: {
      400: (its) => [`/clients/${its.machine.id}`, { client: { callbacks: 'x' } }],
      404: () => ['/clients/nowhere', { client: {} }],
    },
  },
  syncClients: {
    done: (its) => ['/clients/sync', { provider: 'cognito-client', userPoolId: its.pool, product: 'TITAN' }],
    keys: ['staleClientsDeleted', 'staleClientsFound', 'totalCognitoClients', 'totalDbClients'],
    refused: { 400: () => ['/clients/sync', { provider: 'cognito-client' }] },
  },
  token: {
    done: ({ machine: { id, secret } }) => [
      '/auth/token',
      { grant_type: 'client_credentials', scope: 'read:messages', client_id: id, client_secret: secret },
    ],
    keys: TOKEN,
    refused: {
      400: ({ machine: { id, secret } }) => ['/auth/token', { grant_type: 'password', client_id: id, client_secret: secret }],
      401: ({ machine: { id } }) => ['/auth/token', { grant_type: 'client_credentials', client_id: id, client_secret: 'wrong' }],
    },
  },
  refresh: {
    // What it takes is made below.
    done: (its) => ['/auth/refresh', { refresh_token: 'to be had', client_id: its.machine.id }],
    keys: TOKEN,
    refused: {
      400: (its) => ['/auth/refresh', { client_id: its.machine.id }],
      401: (its) => ['/auth/refresh', { refresh_token: 'wrong', client_id: its.machine.id }],
    },
  },
  getTenantByIdAndProduct: {
    done: () => ['/tenants/demo/product/TITAN'],
    keys: ['domain', 'endpointUrl', 'product', 'tenantId'],
    refused: { 400: () => ['/tenants//product/TITAN'], 404: () => ['/tenants/demo/product/MC'] },
  },
}

test('every documented route', async (t) => {
  const all = ((await operations.loadAll()) as HarmonyOperation[]).filter(({ declaration }) => declaration.own !== true)
  const methodOf = ({ declaration }: HarmonyOperation) => declaration.route.split(' ')[0] as string
  t.same(all.map(({ name }) => name).sort(), Object.keys(cases).sort(), 'has its case')
  const of = (name: string) => cases[name] as Case

  const idp = await emulator(t)
  const its = await world(idp)
  await its.call('POST', '/users', { user: { ...auth0Person, email: 'eve@example.com', username: 'eve' } })
  for (const operation of all) {
    const { name, declaration } = operation
    await t.test(`${declaration.route} refuses`, async (t) => {
      for (const [status, request] of Object.entries(of(name).refused)) {
        const { status: got, body } = await its.call(methodOf(operation), ...request(its))
        t.equal(got, Number(status))
        t.strictSame(Object.keys(body), ['error'])
        t.ok(declaration.errors.includes(Number(status) as 400), 'as declared')
      }
      const elsewhere = declaration.open === true ? [500] : [401, 429, 500]
      const brought = [...Object.keys(of(name).refused).map(Number), ...elsewhere]
      t.same(
        declaration.errors.filter((status) => !brought.includes(status)),
        [],
        'every declared failure has its case',
      )
    })
  }

  idp.app.emulator.keepBaseline()
  for (const operation of all) {
    const { name, declaration, status } = operation
    await t.test(`${declaration.route} answers`, async (t) => {
      idp.app.emulator.reset()
      const [path, body] = of(name).done(its)
      if (name === 'refresh') {
        const { body: tokens } = await its.call('POST', ...of('token').done(its))
        Object.assign(body as object, { refresh_token: tokens.refresh_token })
      }
      const answer = await its.call(methodOf(operation), path, body)
      t.equal(answer.status, status, JSON.stringify(answer.body))
      if (status === 204) t.equal(answer.body as unknown, '')
      else for (const key of of(name).keys) t.ok(key in answer.body, key)
    })
  }
})

test('every route that is not open refuses a stranger', async (t) => {
  const idp = await emulator(t, { settings: { rooms: { harmony: { auth: 'static', tokens: ['good'] } } } })
  const its = await world(idp, 'good')
  for (const { declaration, name } of (await operations.loadAll()) as HarmonyOperation[]) {
    if (declaration.open === true || cases[name] === undefined) continue
    const { status, body } = await harmonyOf(idp)(declaration.route.split(' ')[0] as string, ...cases[name].done(its))
    t.strictSame([status, body], [401, { error: 'Unauthorized' }], declaration.route)
    t.ok(declaration.errors.includes(401))
  }
})

test('mails and resets are rate limited per user in quota mode', async (t) => {
  const idp = await emulator(t, { settings: { rooms: { harmony: { quota: 2 } } } })
  const its = await world(idp)
  await its.call('POST', '/users', { user: { ...auth0Person, email: 'eve@example.com', username: 'eve' } })
  for (const name of ['passwordReset', 'passwordResetByEmail', 'postSendEmail', 'postSendVerificationEmail']) {
    const { declaration } = (await operations.load(name)) as HarmonyOperation
    t.ok(declaration.errors.includes(429))
    idp.clock.advance(1)
    const request = (cases[name] as Case).done(its)
    for (const _sending of [1, 2]) t.match((await its.call('POST', ...request)).status, /^20[01]$/)
    const { status, body } = await its.call('POST', ...request)
    t.strictSame([status, body], [429, { error: 'too many requests for this user, try again later' }], declaration.route)
    idp.clock.advance(3_599_999)
    t.equal((await its.call('POST', ...request)).status, 429, 'for an hour')
  }
  t.equal(
    (await its.call('POST', '/users/verification-email', { userId: 'eve', clientId: 'web' })).status,
    201,
    'somebody else is sent theirs',
  )
})

test('what breaks inside is 500, with nothing told', async (t) => {
  const idp = await emulator(t)
  const its = await world(idp)
  idp.app.emulator.namespace().store.close()
  for (const { declaration, name } of (await operations.loadAll()) as HarmonyOperation[]) {
    if (cases[name] === undefined) continue
    const { status, body } = await its.call(declaration.route.split(' ')[0] as string, ...cases[name].done(its))
    t.strictSame([status, body], [500, { error: 'Internal Server Error' }], declaration.route)
    t.ok(declaration.errors.includes(500))
  }
})

import { fileURLToPath } from 'node:url'
import { type Test, test } from 'tap'
import { start } from '../../src/index.ts'
import { folder } from '../support/server.ts'
import { pythonsWith, without } from '../support/tools.ts'

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** A journey told in Python by `steps.py`, each of its steps a test of ours. */
async function walk(t: Test, python: string, name: string, env: Record<string, string>): Promise<void> {
  await t.spawn(python, [script(name)], { env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: '1', ...env } }, `${name} with ${python}`)
}

const boto3 = pythonsWith('boto3')

test('user pools with boto3', { skip: without(boto3.length > 0, 'Python with boto3', 'python3-boto3') }, async (t) => {
  t.not(boto3.length, 0, 'there is a Python with boto3')
  for (const python of boto3) {
    const idp = await start({ empty: true, strict: true, rooms: { cognito: { signatures: 'strict' } } })
    t.teardown(() => idp.close())
    for (const world of [idp, idp.namespace('another')]) {
      await walk(t, python, 'boto3_journey.py', { HOME: t.testdir({}), ...world.env('boto3') })
    }
  }
})

const pyjwt = pythonsWith('jwt', 'cryptography').slice(0, 1)

test('tokens of a user pool with PyJWT', { skip: without(pyjwt.length > 0, 'PyJWT', 'python3-jwt python3-cryptography') }, async (t) => {
  t.not(pyjwt.length, 0, 'there is a Python with PyJWT')
  const idp = await start()
  t.teardown(() => idp.close())
  const { idToken, accessToken } = await idp.tokens.mint({ user: 'alice', client: 'web' })
  for (const python of pyjwt) {
    const env = {
      ISSUER: `${idp.url}/us-east-1_PoolDemo1`,
      CLIENT: '1demo0client0000000000000w',
      ID_TOKEN: idToken,
      ACCESS_TOKEN: accessToken,
    }
    await walk(t, python, 'pyjwt_journey.py', env)
  }
})

const authlib = pythonsWith('authlib', 'requests').slice(0, 1)

test('the endpoints of a user pool with Authlib', {
  skip: without(authlib.length > 0, 'Authlib', 'python3-authlib python3-requests'),
}, async (t) => {
  t.not(authlib.length, 0, 'there is a Python with Authlib')
  const idp = await start({ rooms: { cognito: { instantSignIn: true } } })
  t.teardown(() => idp.close())
  const UserPoolId = 'us-east-1_PoolDemo1'
  const client = (ClientName: string, grants: object) => ({
    call: 'cognito.CreateUserPoolClient',
    as: ClientName,
    input: { UserPoolId, ClientName, GenerateSecret: true, AllowedOAuthFlowsUserPoolClient: true, ...grants },
  })
  const CallbackURLs = ['http://localhost:3000/callback']
  const made = (await idp.apply([
    {
      call: 'cognito.CreateResourceServer',
      input: { UserPoolId, Identifier: 'api', Name: 'api', Scopes: [{ ScopeName: 'read', ScopeDescription: 'reads' }] },
    },
    client('site', {
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'email'],
      CallbackURLs,
      SupportedIdentityProviders: ['COGNITO'],
    }),
    client('machine', { AllowedOAuthFlows: ['client_credentials'], AllowedOAuthScopes: ['api/read'] }),
  ])) as Record<'site' | 'machine', { UserPoolClient: { ClientId: string; ClientSecret: string } }>
  const { ClientId: CLIENT, ClientSecret: SECRET } = made.site.UserPoolClient
  const { ClientId: MACHINE, ClientSecret: MACHINE_SECRET } = made.machine.UserPoolClient
  // Like others of its kind the library wants TLS unless it is told that this is somebody's machine.
  const env = { ISSUER: `${idp.url}/${UserPoolId}`, CLIENT, SECRET, MACHINE, MACHINE_SECRET, AUTHLIB_INSECURE_TRANSPORT: '1' }
  for (const python of authlib) await walk(t, python, 'authlib_journey.py', env)
})

const grpc = pythonsWith('grpc', 'google.protobuf').slice(0, 1)

test('Identity Hub with grpcio', { skip: without(grpc.length > 0, 'Python with grpcio', 'python3-grpcio python3-protobuf') }, async (t) => {
  t.not(grpc.length, 0, 'there is a Python with grpcio')
  const rooms = { yandex: { operations: 'polls:2' } }
  const idp = await start({ empty: true, strict: true, tls: { folder: folder(t) }, rooms })
  t.teardown(() => idp.close())
  for (const python of grpc) await walk(t, python, 'grpc_journey.py', idp.env('yc-python'))
})

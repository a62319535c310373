import { t, test } from 'tap'
import { CognitoCall } from '../../src/cognito/call.ts'
import { type Inbound, inboundFederation } from '../../src/cognito/rules/triggers/inbound-federation.ts'
import { run } from '../../src/core/run.ts'
import { makePool } from '../support/cognito.ts'
import { emulator, type TestEmulator } from '../support/emulator.ts'
import { arn, moduleAt } from '../support/functions.ts'

const NAMES = ['tell', 'throw', 'slow', 'malformed', 'shorten', 'keep']
const functions = Object.fromEntries(NAMES.map((name) => [arn(name), moduleAt('named.cjs')]))
const settings = (more: object = {}) => ({ settings: { rooms: { cognito: { functions, ...more } } } })
const idp = await emulator(t, settings())

const ATTRIBUTES = {
  tokenResponse: { access_token: 'abc', token_type: 'Bearer', expires_in: '3600' },
  idToken: { sub: '42', email: 'ada@example.com', groups: 'a,b,c' },
  userInfo: { sub: '42', given_name: 'Ada' },
}

/** Asks a pool's function as a sign-in through a provider does. */
async function ask(name: string, inbound: Partial<Inbound> = {}, api: TestEmulator = idp) {
  const pool = await makePool(api, { LambdaConfig: { InboundFederation: { LambdaVersion: 'V1_0', LambdaArn: arn(name) } } })
  const whole: Inbound = {
    clientId: 'client',
    userName: 'Corp_42',
    providerName: 'Corp',
    providerType: 'OIDC',
    attributes: ATTRIBUTES,
    ...inbound,
  }
  const callable = {
    room: 'cognito',
    name: 'Federate',
    admit: () => undefined,
    handle: (_input: unknown, context: ConstructorParameters<typeof CognitoCall>[0]) => {
      const call = new CognitoCall(context, 'Federate')
      return inboundFederation(call, call.pool(pool), whole)
    },
  }
  const origin = { transport: 'internal', requestId: 'r', base: 'http://localhost', headers: {} }
  return { pool, answer: await run(callable, () => undefined, origin, api.app.emulator.namespace()).catch((error: Error) => error) }
}

test('InboundFederation', async (t) => {
  t.test('gets the documented event (H1, H2)', async (t) => {
    const saml = { providerType: 'SAML' as const, attributes: { samlResponse: { 'http://schemas.example/email': 'ada@example.com' } } }
    for (const inbound of [{}, saml]) {
      const { pool, answer } = await ask('tell', inbound)
      const told = JSON.parse((answer as Error).message.replace(/^InboundFederation failed with error /, '').replace(/\.$/, '')) as unknown
      t.strictSame(told, {
        version: '1',
        triggerSource: 'InboundFederation_ExternalProvider',
        region: 'us-east-1',
        userPoolId: pool,
        userName: 'Corp_42',
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: 'client' },
        request: { providerName: 'Corp', providerType: 'OIDC', attributes: ATTRIBUTES, ...inbound },
        response: { userAttributesToMap: {} },
      })
    }
  })

  t.test('says what is mapped, or leaves it as it came', async (t) => {
    t.strictSame((await ask('shorten')).answer, { sub: '42', email: 'ada@example.com', groups: 'a' })
    t.equal((await ask('keep')).answer, undefined)
  })

  t.test('that throws, answers nonsense or nothing in time is refused (H4)', async (t) => {
    const hasty = await emulator(t, settings({ triggerLimit: 150 }))
    const faults: [string, string, string, TestEmulator?][] = [
      ['throw', 'UserLambdaValidationException', 'InboundFederation failed with error not today.'],
      ['malformed', 'InvalidLambdaResponseException', 'Unrecognizable lambda output'],
      [
        'slow',
        'UnexpectedLambdaException',
        'InboundFederation invocation failed due to error Socket timeout while invoking Lambda function.',
        hasty,
      ],
    ]
    for (const [name, type, message, api] of faults) t.match((await ask(name, {}, api)).answer, { name: type, message })
  })
})

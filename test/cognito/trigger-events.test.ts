import { t, test } from 'tap'
import { emulator } from '../support/emulator.ts'
import { decrypted } from '../support/envelope.ts'
import { arn, type Event, moduleAt, type Recorder, recorder } from '../support/functions.ts'
import { MESSAGES } from '../support/message-cases.ts'
import { browser, hostedWorld, requestOf } from '../support/oauth.ts'
import { makeUser, PASSWORD } from '../support/sign-in.ts'
import { arm, CASES, type Case, type Scene, SOME_SUB, stage } from '../support/trigger-cases.ts'

const modules = Object.fromEntries(['tell', 'throw', 'malformed', 'ask', 'keep'].map((name) => [arn(name), moduleAt('named.cjs')]))
const idp = await emulator(t, { settings: { rooms: { cognito: { functions: modules } } } })
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What the journal says became of the last question of this source. */
function noteOf({ idp }: Scene, source: string): string {
  const notes = idp.app.emulator
    .namespace()
    .journal.list()
    .map((entry) => entry.notes[`trigger ${source}`])
  return String(notes.findLast((note) => note !== undefined))
}

const titleOf = ({ source, version = '1' }: Case) => `${source}${version === '1' ? '' : `, version ${version}`}`

test('every trigger gets the documented event (H1, H2)', async (t) => {
  for (const one of [...CASES, ...MESSAGES]) {
    t.test(titleOf(one), async (t) => {
      const { scene, before } = await stage({ idp }, one)
      await arm(scene, one, 'tell')
      await one.act(scene, before).catch(() => undefined)
      const event = JSON.parse(noteOf(scene, one.source).replace(/^threw /, '')) as Event & {
        request: { userAttributes?: { sub?: string } }
      }

      const { userAttributes } = event.request
      if (one.userName === 'bob' && userAttributes?.sub !== undefined) {
        t.match(userAttributes.sub, UUID)
        userAttributes.sub = SOME_SUB
      }
      if (one.sealed !== undefined) {
        const { code, ...rest } = event.request as { code: string }
        event.request = rest
        const { plain, context } = await decrypted(code)
        t.match(plain, one.sealed)
        t.equal(context['userpool-id'], scene.pool)
      }
      t.strictSame(event, {
        version: one.version ?? '1',
        triggerSource: one.source,
        region: 'us-east-1',
        userPoolId: scene.pool,
        userName: before.userName ?? one.userName ?? 'ada',
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: before.clientId ?? one.clientId ?? scene.client },
        request: one.request(scene, before),
        response: one.response,
      })
    })
  }
})

/** One case of each trigger and version: by what a trigger fails does not depend on its source. */
const KINDS = [...new Map([...CASES, ...MESSAGES].reverse().map((one) => [`${one.trigger} ${one.version ?? ''}`, one])).values()]

test('a trigger that fails is told as documented, whatever its kind (H4)', async (t) => {
  t.equal(KINDS.length, 14, '12 kinds, one of them in three versions')
  for (const one of KINDS) {
    const faults: [name: string, type: string, message: string, note: string][] = [
      ['throw', 'UserLambdaValidationException', `${one.trigger} failed with error not today.`, 'threw not today'],
      ['malformed', 'InvalidLambdaResponseException', 'Unrecognizable lambda output', 'answered'],
    ]
    for (const [name, type, message, note] of faults) {
      t.test(`${titleOf(one)}: ${name}`, async (t) => {
        const { scene, before } = await stage({ idp }, one)
        await arm(scene, one, name)
        const answer = one.act(scene, before)
        // Nobody waits for a sender in life, so what becomes of it changes nothing.
        if (one.sealed === undefined) await t.rejects(answer, { type, message })
        else await t.resolves(answer)
        t.equal(noteOf(scene, one.source), note)
      })
    }
  }
})

test('a trigger that does not answer in time is told as documented, whatever its kind (H4)', async (t) => {
  // Time enough for what does answer; so all of them are waited for at once.
  const triggerLimit = 2000
  const scenes: { one: Case; scene: Scene; before: Record<string, string>; lambda: Recorder }[] = []
  for (const one of KINDS) {
    const lambda = await recorder(t)
    const functions = { '*': { url: lambda.url } }
    const patient = await emulator(t, { settings: { rooms: { cognito: { functions, triggerLimit } } } })
    const define = ({ request }: Event) => ((request.session as unknown[]).length === 0 ? { challengeName: 'CUSTOM_CHALLENGE' } : {})
    lambda.answers.DefineAuthChallenge_Authentication = define
    const { scene, before } = await stage({ idp: patient }, one)
    await arm(scene, one, 'slow')
    lambda.answers[one.source] = () => new Promise(() => undefined)
    scenes.push({ one, scene, before, lambda })
  }
  const ends = scenes.map(({ one, scene, before }) =>
    one.act(scene, before).then(
      (answer) => ({ answer }),
      (error: Error) => ({ error }),
    ),
  )
  for (const [index, { one, scene, lambda }] of scenes.entries()) {
    await t.test(titleOf(one), async (t) => {
      const message = `${one.trigger} invocation failed due to error Socket timeout while invoking Lambda function.`
      const error = { type: 'UnexpectedLambdaException', message }
      t.match(await ends[index], one.sealed === undefined ? { error } : { error: undefined })
      t.equal(noteOf(scene, one.source), 'not reached')
      // A busy machine may be too late to send a try at all.
      const tries = lambda.events.filter(({ triggerSource }) => triggerSource === one.source).length
      t.ok(tries > 0 && tries <= 3, 'three tries')
    })
  }
})

test('the pages show what a function refuses (cognito-facts 184)', async (t) => {
  const world = await hostedWorld(idp)
  await makeUser(idp, world, 'ada')
  for (const trigger of ['PreAuthentication', 'PostAuthentication'] as const) {
    await idp.cognito.UpdateUserPool({ UserPoolId: world.pool, LambdaConfig: { [trigger]: arn('throw') } })
    const seen = browser(idp)
    await seen.go(`/login?${requestOf(world)}`)
    const { text, page, away } = await seen.submit('login', { username: 'ada', password: PASSWORD })
    t.strictSame([page, away], ['login', undefined])
    t.match(text, `${trigger} failed with error not today.`)
  }
})

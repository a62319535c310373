import { test } from 'tap'
import { commonErrors, extraErrors } from '../../src/cognito/contract/amendments.ts'
import { contract, type Name, requests } from '../../src/cognito/contract/index.ts'
import { operations } from '../../src/cognito/index.ts'
import { memberName } from '../../src/cognito/java-text.ts'
import { brokenRules, sample, shapeOf } from '../support/contract-samples.ts'
import { emulator, Refused } from '../support/emulator.ts'
import { makeUser, makeWorld, PASSWORD, tokensOf } from '../support/sign-in.ts'

/** What holds for every operation of the contract, built or not. */
const names = Object.keys(contract.operations) as Name[]

const sentences = (items: string[]) => `${items.length} validation error${items.length === 1 ? '' : 's'} detected: ${items.join('; ')}`

function mayRefuse(name: Name, type: string): boolean {
  return [...(contract.operations[name]?.errors ?? []), ...(extraErrors[name] ?? []), ...commonErrors].includes(type)
}

/** Where a value is null: what there is none of is left out. */
function nullsIn(value: unknown, path = ''): string[] {
  if (value === null) return [path]
  return typeof value === 'object' ? Object.entries(value).flatMap(([key, item]) => nullsIn(item, `${path}.${key}`)) : []
}

test('every operation', async (t) => {
  const idp = await emulator(t)
  const call = async (name: Name, input: unknown): Promise<{ type: string; message: string }> => {
    try {
      await (idp.cognito[name] as (input: unknown) => Promise<unknown>)(input)
      return { type: 'ok', message: '' }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return { type: error.type, message: error.message }
    }
  }
  const outcomeOf = async (name: Name, input: unknown): Promise<{ type: string; answer?: unknown }> => {
    try {
      return { type: 'ok', answer: await (idp.cognito[name] as (input: unknown) => Promise<unknown>)(input) }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return { type: error.type }
    }
  }
  const inputOf = (name: Name) => contract.operations[name]?.input as string

  await t.test('is built, and /_/coverage says so', async (t) => {
    const coverage = (await idp.request('GET', '/_/coverage')).body as { room: string; operations: { name: string; built: boolean }[] }[]
    const cognito = coverage.find(({ room }) => room === 'cognito')?.operations ?? []
    t.strictSame(cognito.map(({ name }) => name).sort(), [...names].sort())
    t.strictSame(
      cognito.filter(({ built }) => !built),
      [],
    )
  })

  await t.test('of a user who has to reset the password is refused wherever the contract declares it (L3)', async (t) => {
    const world = await makeWorld(idp)
    await makeUser(idp, world, 'rita', { email: 'rita@example.com', email_verified: 'true' })
    const { AccessToken } = await tokensOf(idp, world, 'rita')
    await idp.cognito.AdminResetUserPassword({ UserPoolId: world.pool, Username: 'rita' })
    const declaring = names.filter((name) => {
      const { input, errors = [] } = contract.operations[name] ?? {}
      return input != null && 'AccessToken' in (shapeOf(input).members ?? {}) && errors.includes('PasswordResetRequiredException')
    })
    t.ok(declaring.length > 20)
    const refused = { type: 'PasswordResetRequiredException', message: 'Password reset required for the user' }
    for (const name of declaring) t.strictSame(await call(name, { ...(sample(inputOf(name)) as object), AccessToken }), refused, name)
  })

  await t.test('names the members that are missing, in the order of the contract', async (t) => {
    for (const name of names) {
      const shape = shapeOf(inputOf(name))
      const required = Object.keys(shape.members ?? {}).filter((member) => shape.required?.includes(member))
      if (required.length === 0) continue
      const expected = required.map((member) =>
        // It is read as 0, which is too little (aws-sdk-js-v3#2335).
        member === 'MaxResults'
          ? "Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1"
          : `Value null at '${memberName(member)}' failed to satisfy constraint: Member must not be null`,
      )
      t.strictSame(await call(name, {}), { type: 'InvalidParameterException', message: sentences(expected) }, name)
    }
  })

  await t.test('refuses a wrong type by its reader', async (t) => {
    for (const name of names) {
      const shape = shapeOf(inputOf(name))
      for (const [member, { shape: of }] of Object.entries(shape.members ?? {})) {
        const wrong = shapeOf(of).type === 'string' ? true : 'text'
        if (shapeOf(of).type === 'blob') continue
        const { type, message } = await call(name, { ...(sample(inputOf(name)) as object), [member]: wrong })
        t.equal(type, 'SerializationException', `${name}.${member}`)
        if (wrong === true) t.equal(message, 'class java.lang.Boolean can not be converted to an String', `${name}.${member}`)
      }
    }
  })

  await t.test('names each rule that a text breaks', async (t) => {
    for (const name of names) {
      const shape = shapeOf(inputOf(name))
      for (const [member, { shape: of }] of Object.entries(shape.members ?? {})) {
        const rules = shapeOf(of)
        if (rules.type !== 'string') continue
        const texts = [rules.max === undefined ? undefined : 'a'.repeat(rules.max + 1), '\u0001', '', ' ', 'no such value']
        const broken = texts.find((text) => text !== undefined && brokenRules(rules, text).length > 0)
        if (broken === undefined) continue
        const value = rules.sensitive === true ? 'Value' : `Value '${broken}'`
        const expected = brokenRules(rules, broken).map(
          (rule) => `${value} at '${memberName(member)}' failed to satisfy constraint: ${rule}`,
        )
        const input = { ...(sample(inputOf(name)) as object), [member]: broken }
        t.strictSame(await call(name, input), { type: 'InvalidParameterException', message: sentences(expected) }, `${name}.${member}`)
      }
    }
  })

  await t.test('takes a request that keeps every rule, and ignores a member it does not know', async (t) => {
    for (const name of names) {
      const input = { ...(sample(inputOf(name)) as object), NoSuchMember: { deep: true } }
      t.strictSame(requests.check(inputOf(name), structuredClone(input)), [], name)
      const { type, message } = await call(name, input)
      t.notOk(/validation error/.test(message), `${name}: ${type} ${message}`)
      t.not(type, 'InternalErrorException', name)
    }
  })

  await t.test('knows no pool that nobody made', async (t) => {
    for (const name of names) {
      const shape = shapeOf(inputOf(name))
      if (shape.required?.includes('UserPoolId') !== true) continue
      const { type, message } = await call(name, { ...(sample(inputOf(name)) as object), UserPoolId: 'us-east-1_unknown00' })
      if (operations.built.has(name)) {
        t.strictSame(
          { type, message },
          { type: 'ResourceNotFoundException', message: 'User pool us-east-1_unknown00 does not exist.' },
          name,
        )
      } else {
        t.strictSame({ type, message }, { type: 'NotImplementedException', message: `Poolhouse does not implement ${name} yet.` }, name)
      }
    }
  })

  await t.test(
    'asked of what is there, answers what its contract promises, leaves out what has no value, or refuses by a declared name',
    async (t) => {
      const world = await makeWorld(
        idp,
        { UserPoolTier: 'PLUS', AutoVerifiedAttributes: ['email'] },
        { SupportedIdentityProviders: ['COGNITO'] },
      )
      const UserPoolId = world.pool
      await makeUser(idp, world, 'ada', { email: 'ada@example.com', email_verified: 'true' })
      await idp.cognito.CreateGroup({ UserPoolId, GroupName: 'staff' })
      await idp.cognito.CreateResourceServer({ UserPoolId, Identifier: 'shop', Name: 'shop' })
      await idp.cognito.CreateUserPoolDomain({ UserPoolId, Domain: 'people' })
      const { AccessToken, RefreshToken } = await tokensOf(idp, world, 'ada')
      const { UserPool } = await idp.cognito.DescribeUserPool({ UserPoolId })
      const there: Record<string, unknown> = {
        ...{ UserPoolId, ClientId: world.client, Username: 'ada', GroupName: 'staff', Identifier: 'shop', Domain: 'people' },
        ...{ AccessToken, RefreshToken, Token: RefreshToken, AttributeName: 'email', ResourceArn: UserPool?.Arn, Password: PASSWORD },
        ...{ PreviousPassword: PASSWORD, ProposedPassword: 'Another-34', UserAttributes: [], TemporaryPassword: PASSWORD },
      }
      idp.app.emulator.keepBaseline()
      const answered: string[] = []
      for (const name of names) {
        idp.app.emulator.reset()
        const members = Object.keys(shapeOf(inputOf(name)).members ?? {})
        const known = Object.fromEntries(Object.entries(there).filter(([member]) => members.includes(member)))
        // Strict mode fails the call for an answer beyond its contract, and for an error that is not declared.
        const outcome = await outcomeOf(name, { ...(sample(inputOf(name)) as object), ...known })
        t.strictSame(nullsIn(outcome.answer), [], name)
        if (outcome.type === 'ok') answered.push(name)
        else t.ok(mayRefuse(name, outcome.type), `${name} refuses with ${outcome.type}`)
      }
      t.ok(answered.length > names.length / 2, `${answered.length} of ${names.length} answer`)
    },
  )

  await t.test('declares itself by the name of its file', async (t) => {
    const built = await operations.loadAll()
    t.equal(built.length, operations.built.size)
  })
})

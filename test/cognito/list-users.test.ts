import { test } from 'tap'
import { contract } from '../../src/cognito/contract/index.ts'
import { makePool, refuses } from '../support/cognito.ts'
import { emulator } from '../support/emulator.ts'

test('ListUsers', async (t) => {
  const idp = await emulator(t)
  const pool = await makePool(idp)
  const subs: string[] = []
  for (const [index, name] of ['ada', 'Bob', 'carol', 'dan'].entries()) {
    const { User } = await idp.cognito.AdminCreateUser({
      UserPoolId: pool,
      Username: name,
      MessageAction: 'SUPPRESS',
      TemporaryPassword: 'Secret-12',
      UserAttributes: [
        { Name: 'email', Value: `${name}@Example.com` },
        { Name: 'given_name', Value: `${name} "the" \\ first` },
        ...(index < 2 ? [{ Name: 'family_name', Value: 'Smith' }] : []),
      ],
    })
    subs.push(User?.Attributes?.[0]?.Value as string)
  }
  await idp.cognito.AdminSetUserPassword({ UserPoolId: pool, Username: 'Bob', Password: 'Secret-12', Permanent: true })
  await idp.cognito.AdminDisableUser({ UserPoolId: pool, Username: 'carol' })
  const list = async (input: { Filter?: string; Limit?: number; PaginationToken?: string; AttributesToGet?: string[] }) => {
    const { Users = [], PaginationToken } = await idp.cognito.ListUsers({ UserPoolId: pool, ...input })
    return { names: Users.map(({ Username }) => Username), token: PaginationToken, Users }
  }

  await t.test('lists all in order of creation, without a token on the last page', async (t) => {
    const { names, token, Users } = await list({})
    t.strictSame([names, token], [['ada', 'Bob', 'carol', 'dan'], undefined])
    const { UserAttributes, ...alike } = await idp.cognito.AdminGetUser({ UserPoolId: pool, Username: 'ada' })
    t.strictSame(Users[0], { ...alike, Attributes: UserAttributes })
  })

  const filters: [filter: string, names: string[]][] = [
    ['username = "Bob"', ['Bob']],
    ['username = "bob"', []],
    ['username ^= "a"', ['ada']],
    ['"email"="ADA@example.com"', ['ada']],
    ['email ^= "bob@"', ['Bob']],
    ['  given_name  ^=  "carol \\"the\\" \\\\"  ', ['carol']],
    ['family_name = "smith"', ['ada', 'Bob']],
    ['cognito:user_status = "confirmed"', ['Bob']],
    ['"cognito:user_status"^="FORCE"', ['ada', 'carol', 'dan']],
    ['status = "Disabled"', ['carol']],
    ['status = "Enabled"', ['ada', 'Bob', 'dan']],
    ['status = "enabled"', []],
    [`sub = "${subs[3]}"`, ['dan']],
    [`sub ^= "${subs[3]?.slice(0, 13)}"`, ['dan']],
    ['', ['ada', 'Bob', 'carol', 'dan']],
    ['name ^= ""', []],
    ['phone_number = "+1"', []],
  ]
  for (const [Filter, names] of filters) {
    await t.test(`filters by ${Filter}`, async (t) => t.strictSame((await list({ Filter })).names, names))
  }

  await t.test('knows every status that a user may have, and no other (A22)', async (t) => {
    const statuses = [
      'UNCONFIRMED',
      'CONFIRMED',
      'ARCHIVED',
      'COMPROMISED',
      'UNKNOWN',
      'RESET_REQUIRED',
      'FORCE_CHANGE_PASSWORD',
      'EXTERNAL_PROVIDER',
    ]
    t.strictSame([...(contract.shapes.UserStatusType?.enum ?? [])].sort(), statuses.sort())
    for (const status of statuses) await list({ Filter: `cognito:user_status = "${status}"` })
  })

  await t.test('follows a user whose attributes change', async (t) => {
    await idp.cognito.AdminUpdateUserAttributes({
      UserPoolId: pool,
      Username: 'dan',
      UserAttributes: [{ Name: 'family_name', Value: 'Smithers' }],
    })
    t.strictSame((await list({ Filter: 'family_name ^= "smith"' })).names, ['ada', 'Bob', 'dan'])
    await idp.cognito.AdminDeleteUserAttributes({ UserPoolId: pool, Username: 'dan', UserAttributeNames: ['family_name'] })
    t.strictSame((await list({ Filter: 'family_name ^= "smith"' })).names, ['ada', 'Bob'])
  })

  await t.test('pages, with and without a filter (A20)', async (t) => {
    for (const Filter of ['', 'given_name ^= ""', 'cognito:user_status = "FORCE_CHANGE_PASSWORD"']) {
      const all = (await list({ Filter })).names
      const paged: (string | undefined)[] = []
      let token: string | undefined
      do {
        const page = await list({ Filter, Limit: 1, ...(token === undefined ? {} : { PaginationToken: token }) })
        t.equal(page.names.length, 1)
        paged.push(...page.names)
        token = page.token
      } while (token !== undefined)
      t.strictSame(paged, all)
    }
    t.equal((await list({ Limit: 0 })).names.length, 4)
  })

  await t.test('answers the attributes asked for (A21)', async (t) => {
    const { Users } = await list({ Filter: 'username = "ada"', AttributesToGet: ['email'] })
    t.strictSame(Users[0]?.Attributes, [{ Name: 'email', Value: 'ada@Example.com' }])
    await refuses(
      t,
      list({ AttributesToGet: ['family_name'] }),
      'InvalidParameterException',
      'One or more requested attributes do not exist.',
    )
  })

  await t.test('refuses filters it cannot read (A19)', async (t) => {
    for (const Filter of ['email', 'email = x', 'email == "x"', 'email != "x"', 'email = "x', 'email = "x" and name = "y"']) {
      await refuses(t, list({ Filter }), 'InvalidParameterException', 'Error while parsing filter')
    }
  })

  await t.test('refuses to search by what is not filed', async (t) => {
    for (const name of ['custom:x', 'toString', 'birthdate']) {
      await refuses(t, list({ Filter: `${name} = "x"` }), 'InvalidParameterException', `Invalid search attribute: ${name}`)
    }
  })

  await t.test('refuses a token of another question, or none at all (A20)', async (t) => {
    const { token } = await list({ Limit: 1 })
    const words = 'Paging Marker is Invalid for Request'
    await refuses(t, list({ Filter: 'username ^= ""', PaginationToken: token as string }), 'InvalidParameterException', words)
    await refuses(t, list({ PaginationToken: 'nonsense' }), 'InvalidParameterException', words)
    const other = await makePool(idp)
    await refuses(t, idp.cognito.ListUsers({ UserPoolId: other, PaginationToken: token }), 'InvalidParameterException', words)
  })
})

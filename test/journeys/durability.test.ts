import { test } from 'tap'
import { cognito, folder, serve } from '../support/server.ts'

const PASSWORD = 'Temporary-Horse-1'

test('every answered user outlives SIGKILL, and none is half there', async (t) => {
  const args = ['--data', folder(t), '--empty', '--log-level', 'silent']
  const first = await serve(t, args)
  const { UserPool: pool } = await cognito<{ UserPool: { Id: string } }>(first.url, 'CreateUserPool', {
    PoolName: 'durable',
    UsernameAttributes: ['email'],
  })
  const { UserPoolClient: client } = await cognito<{ UserPoolClient: { ClientId: string } }>(first.url, 'CreateUserPoolClient', {
    UserPoolId: pool.Id,
    ClientName: 'web',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  })

  const answered: string[] = []
  let killed: Promise<unknown> | undefined
  let count = 0
  // Each goes on until nobody answers: so the end comes amid calls, however late it is noticed here.
  const callers = Array.from({ length: 40 }, async () => {
    for (;;) {
      const n = count++
      const email = `user-${n}@example.com`
      await cognito(first.url, 'AdminCreateUser', {
        UserPoolId: pool.Id,
        Username: email,
        TemporaryPassword: PASSWORD,
        UserAttributes: [{ Name: 'name', Value: `User ${n}` }],
      })
      answered.push(email)
      if (answered.length === 60) killed = first.kill('SIGKILL')
    }
  })
  const ends = await Promise.allSettled(callers)
  await killed
  for (const end of ends) t.match(end, { reason: { message: 'fetch failed' } }, 'it was cut off')

  const second = await serve(t, args)
  const there: string[] = []
  let token: string | undefined
  do {
    const page = await cognito<{
      Users: { Attributes: { Name: string; Value: string }[]; UserStatus: string }[]
      PaginationToken?: string
    }>(second.url, 'ListUsers', { UserPoolId: pool.Id, PaginationToken: token })
    for (const user of page.Users) {
      const attributes = Object.fromEntries(user.Attributes.map(({ Name, Value }) => [Name, Value]))
      t.match(attributes, { sub: /^[0-9a-f-]{36}$/, email: /@example\.com$/, name: /^User \d+$/ })
      t.equal(user.UserStatus, 'FORCE_CHANGE_PASSWORD')
      there.push(String(attributes.email))
    }
    token = page.PaginationToken
  } while (token !== undefined)

  t.same(
    answered.filter((email) => !there.includes(email)),
    [],
    'every answered user is there',
  )
  for (const email of there) {
    const { ChallengeName } = await cognito<{ ChallengeName: string }>(second.url, 'InitiateAuth', {
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: client.ClientId,
      AuthParameters: { USERNAME: email, PASSWORD },
    })
    t.equal(ChallengeName, 'NEW_PASSWORD_REQUIRED', email)
  }
  t.equal(await second.kill('SIGTERM'), 0, 'and it stops as it should')
})

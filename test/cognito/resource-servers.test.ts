import { test } from 'tap'
import { refuses } from '../support/cognito.ts'
import { emulator } from '../support/emulator.ts'

const SCOPES = [
  { ScopeName: 'sunproximity.read', ScopeDescription: 'Distance in AU from Sol' },
  { ScopeName: 'asteroids.add', ScopeDescription: 'Enter a new asteroid' },
]

test('resource servers', async (t) => {
  const idp = await emulator(t)
  const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'people' })
  const UserPoolId = UserPool?.Id ?? ''
  const server = { UserPoolId, Identifier: 'solar-system-data', Name: 'Solar system object tracker', Scopes: SCOPES }

  await t.test('CreateResourceServer answers what was given (G7)', async (t) => {
    t.strictSame(await idp.cognito.CreateResourceServer(server), { ResourceServer: server })
    await refuses(
      t,
      idp.cognito.CreateResourceServer(server),
      'InvalidParameterException',
      `solar-system-data already exists in user pool ${UserPoolId}.`,
    )
    const bare = { UserPoolId, Identifier: 'https://bare.example.com/', Name: 'Bare' }
    t.strictSame(await idp.cognito.CreateResourceServer(bare), { ResourceServer: bare })
    const twice = { ...bare, Identifier: 'twice', Scopes: [...SCOPES, ...SCOPES] }
    await refuses(
      t,
      idp.cognito.CreateResourceServer(twice),
      'InvalidParameterException',
      'Scope names must be unique within a resource server.',
    )
  })

  await t.test('CreateResourceServer refuses a slash in the name of a scope', async (t) => {
    const Scopes = [{ ScopeName: 'a/b', ScopeDescription: 'x' }]
    await t.rejects(idp.cognito.CreateResourceServer({ ...server, Identifier: 'slash', Scopes }), {
      name: 'InvalidParameterException',
      message: /^1 validation error detected: Value 'a\/b' at 'scopes.1.member.scopeName' failed to satisfy constraint/,
    })
  })

  await t.test('DescribeResourceServer', async (t) => {
    t.strictSame(await idp.cognito.DescribeResourceServer({ UserPoolId, Identifier: server.Identifier }), { ResourceServer: server })
    await refuses(
      t,
      idp.cognito.DescribeResourceServer({ UserPoolId, Identifier: 'nobody' }),
      'ResourceNotFoundException',
      'Resource server nobody does not exist.',
    )
  })

  await t.test('ListResourceServers in pages, whose tokens belong to their pool', async (t) => {
    const first = await idp.cognito.ListResourceServers({ UserPoolId, MaxResults: 1 })
    t.strictSame(first.ResourceServers, [server])
    const second = await idp.cognito.ListResourceServers({ UserPoolId, MaxResults: 1, NextToken: first.NextToken })
    t.strictSame(
      second.ResourceServers.map(({ Identifier }) => Identifier),
      ['https://bare.example.com/'],
    )
    t.equal(second.NextToken, undefined)
    const other = await idp.cognito.CreateUserPool({ PoolName: 'others' })
    const strange = idp.cognito.ListResourceServers({ UserPoolId: other.UserPool?.Id ?? '', MaxResults: 1, NextToken: first.NextToken })
    await refuses(t, strange, 'InvalidParameterException', 'Invalid pagination token provided')
  })

  await t.test('UpdateResourceServer replaces everything', async (t) => {
    const changed = { UserPoolId, Identifier: server.Identifier, Name: 'Tracker', Scopes: SCOPES.slice(1) }
    t.strictSame(await idp.cognito.UpdateResourceServer(changed), { ResourceServer: changed })
    const { Scopes, ...bare } = changed
    t.strictSame(await idp.cognito.UpdateResourceServer(bare), { ResourceServer: bare })
    t.strictSame(await idp.cognito.DescribeResourceServer({ UserPoolId, Identifier: server.Identifier }), { ResourceServer: bare })
    await refuses(
      t,
      idp.cognito.UpdateResourceServer({ ...bare, Identifier: 'nobody' }),
      'ResourceNotFoundException',
      'Resource server nobody does not exist.',
    )
  })

  await t.test('DeleteResourceServer (G7)', async (t) => {
    t.equal(await idp.cognito.DeleteResourceServer({ UserPoolId, Identifier: server.Identifier }), undefined)
    await refuses(
      t,
      idp.cognito.DeleteResourceServer({ UserPoolId, Identifier: server.Identifier }),
      'ResourceNotFoundException',
      'Resource server solar-system-data does not exist.',
    )
  })
})

test('quota mode allows 25 resource servers (X8)', async (t) => {
  const idp = await emulator(t, { settings: { rooms: { cognito: { quotas: true } } } })
  const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'people' })
  const UserPoolId = UserPool?.Id ?? ''
  for (let i = 0; i < 25; i++) {
    idp.clock.advance(1000)
    await idp.cognito.CreateResourceServer({ UserPoolId, Identifier: `server${i}`, Name: 'x' })
  }
  await refuses(
    t,
    idp.cognito.CreateResourceServer({ UserPoolId, Identifier: 'one-more', Name: 'x' }),
    'LimitExceededException',
    'Exceeded the maximum number of resource servers in the user pool: 25.',
  )
})

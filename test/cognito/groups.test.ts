import { test } from 'tap'
import { refuses } from '../support/cognito.ts'
import { emulator, START } from '../support/emulator.ts'

const NOW = START / 1000
const ROLE = 'arn:aws:iam::123456789012:role/Admins'

test('in quota mode somebody is in 100 groups at most, and a pool has 10,000 (X8)', async (t) => {
  const idp = await emulator(t, { settings: { rooms: { cognito: { quotas: true } } } })
  const UserPoolId = (await idp.cognito.CreateUserPool({ PoolName: 'people' })).UserPool?.Id ?? ''
  await idp.cognito.AdminCreateUser({ UserPoolId, Username: 'ada', MessageAction: 'SUPPRESS' })
  await idp.cognito.CreateGroup({ UserPoolId, GroupName: 'g' })
  await idp.cognito.AdminAddUserToGroup({ UserPoolId, Username: 'ada', GroupName: 'g' })
  // As if more had been made.
  const numbers = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)'
  const { store } = idp.app.emulator.namespace()
  store.run(
    `${numbers} INSERT INTO record (kind, parent, key, doc)
      SELECT kind, parent, key || i, replace(doc, '"GroupName":"g"', '"GroupName":"g' || i || '"') FROM record, n WHERE kind = 'cognito.group'`,
    9999,
  )
  for (let i = 1; i < 100; i++) {
    if (i % 20 === 0) idp.clock.advance(1000)
    await idp.cognito.AdminAddUserToGroup({ UserPoolId, Username: 'ada', GroupName: `g${i}` })
  }
  idp.clock.advance(1000)
  await refuses(
    t,
    idp.cognito.AdminAddUserToGroup({ UserPoolId, Username: 'ada', GroupName: 'g100' }),
    'InvalidParameterException',
    'Exceeded the maximum number of groups for the user: 100.',
  )
  t.equal(await idp.cognito.AdminAddUserToGroup({ UserPoolId, Username: 'ada', GroupName: 'g' }), undefined, 'who is in stays in')
  await refuses(
    t,
    idp.cognito.CreateGroup({ UserPoolId, GroupName: 'one-more' }),
    'LimitExceededException',
    'Exceeded the maximum number of groups in the user pool: 10000.',
  )
})

test('groups', async (t) => {
  const idp = await emulator(t)
  const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'people' })
  const UserPoolId = UserPool?.Id ?? ''
  const noGroup = ['ResourceNotFoundException', 'Group not found.'] as const
  const badToken = ['InvalidParameterException', 'Invalid pagination token provided'] as const

  await t.test('CreateGroup answers what was given, and when (G1)', async (t) => {
    const asked = { GroupName: 'admins', UserPoolId, Description: 'They may', RoleArn: ROLE, Precedence: 0 }
    t.strictSame(await idp.cognito.CreateGroup(asked), { Group: { ...asked, LastModifiedDate: NOW, CreationDate: NOW } })
    t.strictSame(await idp.cognito.CreateGroup({ GroupName: 'staff', UserPoolId }), {
      Group: { GroupName: 'staff', UserPoolId, LastModifiedDate: NOW, CreationDate: NOW },
    })
    await refuses(t, idp.cognito.CreateGroup(asked), 'GroupExistsException', 'A group with the name already exists')
    await refuses(
      t,
      idp.cognito.CreateGroup({ ...asked, UserPoolId: 'us-east-1_nobody' }),
      'ResourceNotFoundException',
      'User pool us-east-1_nobody does not exist.',
    )
    await refuses(
      t,
      idp.cognito.CreateGroup({ GroupName: 'below', UserPoolId, Precedence: -1 }),
      'InvalidParameterException',
      "1 validation error detected: Value '-1' at 'precedence' failed to satisfy constraint: Member must have value greater than or equal to 0",
    )
  })

  await t.test('GetGroup (G1)', async (t) => {
    const { Group } = await idp.cognito.GetGroup({ GroupName: 'staff', UserPoolId })
    t.strictSame(Group, { GroupName: 'staff', UserPoolId, LastModifiedDate: NOW, CreationDate: NOW })
    await refuses(t, idp.cognito.GetGroup({ GroupName: 'nobody', UserPoolId }), ...noGroup)
  })

  await t.test('UpdateGroup changes what is given and keeps the rest', async (t) => {
    idp.clock.advance(1000)
    const { Group } = await idp.cognito.UpdateGroup({ GroupName: 'admins', UserPoolId, Description: 'New', Precedence: 2 })
    t.strictSame(Group, {
      GroupName: 'admins',
      UserPoolId,
      Description: 'New',
      RoleArn: ROLE,
      Precedence: 2,
      LastModifiedDate: NOW + 1,
      CreationDate: NOW,
    })
    await refuses(t, idp.cognito.UpdateGroup({ GroupName: 'nobody', UserPoolId }), ...noGroup)
  })

  await t.test('ListGroups in pages', async (t) => {
    const first = await idp.cognito.ListGroups({ UserPoolId, Limit: 1 })
    t.strictSame(
      first.Groups?.map(({ GroupName }) => GroupName),
      ['admins'],
    )
    const second = await idp.cognito.ListGroups({ UserPoolId, Limit: 1, NextToken: first.NextToken })
    t.strictSame(
      second.Groups?.map(({ GroupName }) => GroupName),
      ['staff'],
    )
    t.notOk('NextToken' in second)
    t.equal((await idp.cognito.ListGroups({ UserPoolId, Limit: 0 })).Groups?.length, 2)
    const elsewhere = idp.cognito.ListUsersInGroup({ UserPoolId, GroupName: 'staff', NextToken: first.NextToken })
    await refuses(t, elsewhere, ...badToken)
  })

  await t.test('DeleteGroup (G1)', async (t) => {
    t.equal(await idp.cognito.DeleteGroup({ GroupName: 'staff', UserPoolId }), undefined)
    await refuses(t, idp.cognito.DeleteGroup({ GroupName: 'staff', UserPoolId }), ...noGroup)
  })

  await t.test('memberships', async (t) => {
    for (const Username of ['ada', 'bob']) await idp.cognito.AdminCreateUser({ UserPoolId, Username, MessageAction: 'SUPPRESS' })
    await idp.cognito.CreateGroup({ GroupName: 'crew', UserPoolId })
    const names = async () => (await idp.cognito.ListUsersInGroup({ UserPoolId, GroupName: 'crew' })).Users?.map(({ Username }) => Username)

    await t.test('AdminAddUserToGroup, as often as you like (G2)', async (t) => {
      for (const Username of ['ada', 'bob', 'ada']) {
        t.equal(await idp.cognito.AdminAddUserToGroup({ UserPoolId, Username, GroupName: 'crew' }), undefined)
      }
      t.strictSame(await names(), ['ada', 'bob'])
      await refuses(t, idp.cognito.AdminAddUserToGroup({ UserPoolId, Username: 'ada', GroupName: 'nobody' }), ...noGroup)
      await refuses(
        t,
        idp.cognito.AdminAddUserToGroup({ UserPoolId, Username: 'nobody', GroupName: 'crew' }),
        'UserNotFoundException',
        'User does not exist.',
      )
    })

    await t.test('ListUsersInGroup shows users as lists do, in pages', async (t) => {
      const { Users = [], NextToken } = await idp.cognito.ListUsersInGroup({ UserPoolId, GroupName: 'crew', Limit: 1 })
      const { Users: all } = await idp.cognito.ListUsers({ UserPoolId, Filter: 'username = "ada"' })
      t.strictSame(Users, all)
      const rest = await idp.cognito.ListUsersInGroup({ UserPoolId, GroupName: 'crew', NextToken })
      t.equal(rest.Users?.[0]?.Username, 'bob')
      await refuses(t, idp.cognito.ListUsersInGroup({ UserPoolId, GroupName: 'admins', NextToken }), ...badToken)
      await refuses(t, idp.cognito.ListUsersInGroup({ UserPoolId, GroupName: 'nobody' }), ...noGroup)
    })

    await t.test('AdminListGroupsForUser', async (t) => {
      await idp.cognito.AdminAddUserToGroup({ UserPoolId, Username: 'ada', GroupName: 'admins' })
      const { Groups, NextToken } = await idp.cognito.AdminListGroupsForUser({ UserPoolId, Username: 'ada', Limit: 1 })
      t.strictSame(Groups, [(await idp.cognito.GetGroup({ UserPoolId, GroupName: 'crew' })).Group])
      const rest = await idp.cognito.AdminListGroupsForUser({ UserPoolId, Username: 'ada', NextToken })
      t.strictSame(
        rest.Groups?.map(({ GroupName }) => GroupName),
        ['admins'],
      )
      await refuses(t, idp.cognito.AdminListGroupsForUser({ UserPoolId, Username: 'bob', NextToken }), ...badToken)
      t.strictSame(await idp.cognito.AdminListGroupsForUser({ UserPoolId, Username: 'bob', Limit: 60 }), { Groups })
    })

    await t.test('AdminRemoveUserFromGroup, member or not (G2)', async (t) => {
      for (let i = 0; i < 2; i++) {
        t.equal(await idp.cognito.AdminRemoveUserFromGroup({ UserPoolId, Username: 'bob', GroupName: 'crew' }), undefined)
      }
      t.strictSame(await names(), ['ada'])
      await refuses(t, idp.cognito.AdminRemoveUserFromGroup({ UserPoolId, Username: 'bob', GroupName: 'nobody' }), ...noGroup)
    })

    await t.test('memberships go with the group and with the user (G2)', async (t) => {
      await idp.cognito.DeleteGroup({ UserPoolId, GroupName: 'crew' })
      await idp.cognito.CreateGroup({ UserPoolId, GroupName: 'crew' })
      t.strictSame(await names(), [])
      await idp.cognito.AdminAddUserToGroup({ UserPoolId, Username: 'ada', GroupName: 'crew' })
      await idp.cognito.AdminDeleteUser({ UserPoolId, Username: 'ada' })
      t.strictSame(await names(), [])
    })
  })

  await t.test('tokens list groups by precedence and prefer the role of the lowest (T3)', async (t) => {
    const { UserPoolClient } = await idp.cognito.CreateUserPoolClient({
      UserPoolId,
      ClientName: 'app',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    })
    await idp.cognito.AdminCreateUser({ UserPoolId, Username: 'eve', MessageAction: 'SUPPRESS' })
    await idp.cognito.AdminSetUserPassword({ UserPoolId, Username: 'eve', Password: 'Secret-123', Permanent: true })
    const made: [name: string, precedence: number | undefined, role: string | undefined][] = [
      ['none', undefined, 'arn:aws:iam::123456789012:role/None'],
      ['second', 5, 'arn:aws:iam::123456789012:role/Second'],
      ['roleless', 0, undefined],
      ['first', 1, 'arn:aws:iam::123456789012:role/First'],
    ]
    for (const [GroupName, Precedence, RoleArn] of made) {
      await idp.cognito.CreateGroup({ UserPoolId, GroupName, Precedence, RoleArn })
      await idp.cognito.AdminAddUserToGroup({ UserPoolId, Username: 'eve', GroupName })
    }
    const claims = async () => {
      const { AuthenticationResult } = await idp.cognito.InitiateAuth({
        ClientId: UserPoolClient?.ClientId ?? '',
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'eve', PASSWORD: 'Secret-123' },
      })
      const payload = AuthenticationResult?.IdToken?.split('.')[1] ?? ''
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
      return [claims['cognito:groups'], claims['cognito:roles'], claims['cognito:preferred_role']]
    }
    const roles = ['First', 'Second', 'None'].map((name) => `arn:aws:iam::123456789012:role/${name}`)
    t.strictSame(await claims(), [['roleless', 'first', 'second', 'none'], roles, roles[0]])
    await idp.cognito.UpdateGroup({ UserPoolId, GroupName: 'second', Precedence: 1 })
    t.strictSame(await claims(), [['roleless', 'first', 'second', 'none'], roles, undefined])
  })
})

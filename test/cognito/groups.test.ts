import { test } from 'tap'
import { emulator, START } from '../support/emulator.ts'

const NOW = START / 1000
const ROLE = 'arn:aws:iam::123456789012:role/Admins'

test('groups', async (t) => {
  const idp = await emulator(t)
  const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'people' })
  const UserPoolId = UserPool?.Id ?? ''
  const noGroup = { name: 'ResourceNotFoundException', message: 'Group not found.' }

  await t.test('CreateGroup answers what was given, and when', async (t) => {
    const asked = { GroupName: 'admins', UserPoolId, Description: 'They may', RoleArn: ROLE, Precedence: 0 }
    t.strictSame(await idp.cognito.CreateGroup(asked), { Group: { ...asked, LastModifiedDate: NOW, CreationDate: NOW } })
    t.strictSame(await idp.cognito.CreateGroup({ GroupName: 'staff', UserPoolId }), {
      Group: { GroupName: 'staff', UserPoolId, LastModifiedDate: NOW, CreationDate: NOW },
    })
    await t.rejects(idp.cognito.CreateGroup(asked), {
      name: 'GroupExistsException',
      message: 'A group with the name already exists',
    })
    await t.rejects(idp.cognito.CreateGroup({ ...asked, UserPoolId: 'us-east-1_nobody' }), {
      name: 'ResourceNotFoundException',
      message: 'User pool us-east-1_nobody does not exist.',
    })
    await t.rejects(idp.cognito.CreateGroup({ GroupName: 'below', UserPoolId, Precedence: -1 }), {
      name: 'InvalidParameterException',
      message:
        "1 validation error detected: Value '-1' at 'precedence' failed to satisfy constraint: Member must have value greater than or equal to 0",
    })
  })

  await t.test('GetGroup', async (t) => {
    const { Group } = await idp.cognito.GetGroup({ GroupName: 'staff', UserPoolId })
    t.strictSame(Group, { GroupName: 'staff', UserPoolId, LastModifiedDate: NOW, CreationDate: NOW })
    await t.rejects(idp.cognito.GetGroup({ GroupName: 'nobody', UserPoolId }), noGroup)
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
    await t.rejects(idp.cognito.UpdateGroup({ GroupName: 'nobody', UserPoolId }), noGroup)
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
    await t.rejects(elsewhere, { name: 'InvalidParameterException' })
  })

  await t.test('DeleteGroup', async (t) => {
    t.equal(await idp.cognito.DeleteGroup({ GroupName: 'staff', UserPoolId }), undefined)
    await t.rejects(idp.cognito.DeleteGroup({ GroupName: 'staff', UserPoolId }), noGroup)
  })
})

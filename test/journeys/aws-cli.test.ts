import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { promisify } from 'node:util'
import { test } from 'tap'
import { only } from '../support/only.ts'
import { target } from '../support/target.ts'
import { answers, without } from '../support/tools.ts'

const skip = without(answers('aws', '--version'), 'AWS CLI', 'awscli')

test('a pool and what is in it, with the AWS CLI', { skip }, async (t) => {
  const url = await target(t)
  const env = {
    PATH: process.env.PATH,
    HOME: tmpdir(),
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_MAX_ATTEMPTS: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
  }
  const run = promisify(execFile)
  // biome-ignore lint/suspicious/noExplicitAny: what the command printed.
  const aws = async (...args: string[]): Promise<any> => {
    const { stdout } = await run('aws', ['--endpoint-url', url, '--output', 'json', 'cognito-idp', ...args], { env })
    return stdout.trim() === '' ? undefined : JSON.parse(stdout)
  }

  const { UserPool } = await aws('create-user-pool', '--pool-name', 'cli', '--auto-verified-attributes', 'email')
  const pool = ['--user-pool-id', UserPool.Id]
  t.match(UserPool, { Id: /^eu-central-1_[0-9A-Za-z]{9}$/, Name: 'cli', AutoVerifiedAttributes: only('email') })

  const { UserPoolClient } = await aws('create-user-pool-client', ...pool, '--client-name', 'app', '--generate-secret')
  t.match(UserPoolClient, { ClientId: /^[0-9a-z]{26}$/, ClientName: 'app', ClientSecret: /^[0-9a-z]+$/ })
  const client = ['--client-id', UserPoolClient.ClientId]

  const attributes = ['Name=email,Value=ada@example.com', 'Name=email_verified,Value=true']
  const user = [...pool, '--username', 'ada']
  const { User } = await aws('admin-create-user', ...user, '--user-attributes', ...attributes, '--message-action', 'SUPPRESS')
  t.match(User, { Username: 'ada', UserStatus: 'FORCE_CHANGE_PASSWORD', Enabled: true })

  const group = [...pool, '--group-name', 'admins']
  const { Group } = await aws('create-group', ...group, '--precedence', '1', '--description', 'They may')
  t.match(Group, { GroupName: 'admins', Precedence: 1, Description: 'They may' })
  t.equal(await aws('admin-add-user-to-group', ...user, '--group-name', 'admins'), undefined)

  await t.test('list', async (t) => {
    t.match(await aws('list-user-pools', '--max-results', '60'), { UserPools: only({ Id: UserPool.Id, Name: 'cli' }) })
    t.match(await aws('list-user-pool-clients', ...pool), { UserPoolClients: only({ ClientName: 'app' }) })
    const { Users } = await aws('list-users', ...pool, '--filter', 'email ^= "ada@"')
    t.match(Users, only({ Username: 'ada' }))
    t.match(await aws('list-users-in-group', ...group), { Users: only({ Username: 'ada' }) })
    t.match(await aws('admin-list-groups-for-user', ...user), { Groups: only({ GroupName: 'admins' }) })
    t.match(await aws('list-groups', ...pool, '--max-items', '1'), { Groups: only({ GroupName: 'admins' }) })
  })

  await t.test('describe', async (t) => {
    const described = await aws('describe-user-pool', ...pool)
    t.match(described.UserPool, { Id: UserPool.Id, EstimatedNumberOfUsers: 1 })
    t.match(await aws('describe-user-pool-client', ...pool, ...client), { UserPoolClient: { ClientSecret: UserPoolClient.ClientSecret } })
    t.match(await aws('admin-get-user', ...user), { Username: 'ada', UserAttributes: only({ Name: 'sub' }, { Name: 'email' }, {}) })
    t.match(await aws('get-group', ...group), { Group: { GroupName: 'admins' } })
  })

  await t.test('delete', async (t) => {
    t.equal(await aws('delete-group', ...group), undefined)
    t.equal(await aws('admin-delete-user', ...user), undefined)
    t.equal(await aws('delete-user-pool-client', ...pool, ...client), undefined)
    t.equal(await aws('delete-user-pool', ...pool), undefined)
    await t.rejects(aws('describe-user-pool', ...pool), {
      message: new RegExp(`\\(ResourceNotFoundException\\).*User pool ${UserPool.Id} does not exist\\.`),
    })
  })
})

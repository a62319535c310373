import type { JsonValue } from '@bufbuild/protobuf'
import { test } from 'tap'
import { contract } from '../../src/yandex/contract/index.ts'
import { emulator } from '../support/emulator.ts'
import { grpcClient } from '../support/grpc.ts'

const IDP = 'yandex.cloud.organizationmanager.v1.idp'
const AGENT = 'agent-1'

interface Operation {
  id: string
  done: boolean
  metadata: Record<string, string>
  response?: Record<string, unknown>
  error?: { code: number; message: string }
}

test('a synchronization agent: session, users, a password change streamed and committed', async (t) => {
  const idp = await emulator(t)
  const { port } = await idp.app.listen({ host: '127.0.0.1', port: 0 })
  const call = grpcClient(t, `127.0.0.1:${port}`, contract)
  const change = async (path: string, input: JsonValue) => (await call(`${IDP}.${path}`, input)).body as unknown as Operation
  const operation = async (operationId: string) =>
    (await call('yandex.cloud.operation.OperationService/Get', { operationId })).body as unknown as Operation

  const { organizations } = (await call('yandex.cloud.organizationmanager.v1.OrganizationService/List')).body as {
    organizations: { id: string }[]
  }
  const pool = await change('UserpoolService/Create', {
    organizationId: organizations[0]?.id as string,
    name: 'directory',
    defaultSubdomain: 'directory',
  })
  const userpoolId = pool.metadata.userpoolId as string
  await change('SynchronizationService/CreateSynchronizationSettings', {
    subjectContainerId: userpoolId,
    filter: { domain: 'corp.example.com' },
    removeUserBehavior: 'BLOCK',
    enablePasswordWriteback: true,
  })

  const opened = await change('SynchronizationSessionService/OpenSession', {
    subjectContainerId: userpoolId,
    agentId: AGENT,
    sessionType: 'AD_SYNC',
  })
  t.match(opened.response, { result: 'SUCCESS', openedSession: { agentId: AGENT, status: 'OPENED' } })
  const created = await change('UserService/Create', {
    userpoolId,
    username: 'anna@directory.idp.yandexcloud.net',
    fullName: 'Anna',
    externalId: 'guid-1',
    passwordHash: { passwordHash: '8846f7eaee8fb117ad06bdd830b7586c', passwordHashType: 'AD_MD4' },
  })
  const userId = created.metadata.userId as string
  const sessionId = opened.metadata.sessionId as string
  await change('SynchronizationSessionService/Heartbeat', { sessionId })
  t.equal((await change('SynchronizationSessionService/CloseSession', { sessionId })).done, true)

  const stream = call.stream(`${IDP}.UserService/GetPasswordChanges`)
  stream.send({ userpoolId, agentId: AGENT })

  await t.test('a change waits for its agent and completes when it is committed', async (t) => {
    const set = await change('UserService/SetOthersPassword', { userId, passwordSpec: { password: 'Written-Back-1' } })
    t.not(set.done, true, 'it is not in force yet')
    const told = (await stream.next()) as Record<string, string>
    t.match(told, { externalUserId: 'guid-1', password: 'Written-Back-1', modifyingOperationId: set.id, offset: '1' })
    t.equal(told.oldPassword, undefined, 'only for changes that users make themselves')

    await change('UserService/CommitPassword', {
      userpoolId,
      externalUserId: 'guid-1',
      password: 'Written-Back-1',
      modifyingOperationId: set.id,
    })
    t.match(await operation(set.id), { done: true, response: { '@type': `type.googleapis.com/${IDP}.SetOthersPasswordResponse` } })
  })

  await t.test('what the directory refuses ends in the operation', async (t) => {
    const set = await change('UserService/SetOthersPassword', { userId, passwordSpec: { password: 'Too-Weak-For-It-1' } })
    t.match(await stream.next(), { modifyingOperationId: set.id, offset: '2' })
    await change('UserService/CommitPassword', {
      userpoolId,
      externalUserId: 'guid-1',
      password: 'Too-Weak-For-It-1',
      modifyingOperationId: set.id,
      errorDetails: { errorCode: 'PASSWORD_POLICY_VIOLATION', errorMessage: 'the directory wants more' },
    })
    const ended = await operation(set.id)
    t.match(ended, { done: true, error: { code: 9, message: 'the directory wants more' } })
    t.equal(ended.response, undefined)
  })

  await t.test('an agent that comes back goes on behind the offset it names', async (t) => {
    stream.cancel()
    const third = await change('UserService/SetOthersPassword', { userId, passwordSpec: { password: 'Third-Time-Lucky-1' } })
    const again = call.stream(`${IDP}.UserService/GetPasswordChanges`)
    again.send({ userpoolId, agentId: AGENT, offset: '2' })
    t.match(await again.next(), { modifyingOperationId: third.id, offset: '3' })
    again.end()
    t.equal(await again.next(), undefined, 'it ends when the agent has nothing more to say')
  })

  await t.test('refuses a stream of a pool that nobody made', async (t) => {
    const lost = call.stream(`${IDP}.UserService/GetPasswordChanges`)
    lost.send({ userpoolId: 'ek0unknown0000000000', agentId: AGENT })
    await t.rejects(lost.next(), { code: 5 })
  })
})

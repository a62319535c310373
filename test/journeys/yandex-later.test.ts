import type { JsonValue } from '@bufbuild/protobuf'
import { test } from 'tap'
import { contract } from '../../src/yandex/contract/index.ts'
import { grpcClient } from '../support/grpc.ts'
import { only } from '../support/only.ts'
import { target } from '../support/target.ts'

const IDP = 'yandex.cloud.organizationmanager.v1.idp'
const IAM = 'yandex.cloud.iam.v1'
const SHA512 =
  '{PBKDF2-SHA512}10000$Je1Uw19Bfv5lArzZ6V3EPw$g4T/1sqBUYWl9o93MVnyQ/8zKGSkPbKaXXsT8WmysXQJhWy8MRP2JFudSL.N9RklQYgDPxPjnfum/F2f/TrppA'

interface Operation {
  id: string
  done?: boolean
  metadata: Record<string, string>
  response: Record<string, unknown>
}

// The official Node SDK's protos are of about April 2026. What came since, by grpc-js over plaintext with raw stubs; the streams of
// password changes are in yandex-agent.test.ts.
test('what the SDK does not know yet, by grpc-js over plaintext; REST answers the same', async (t) => {
  const url = await target(t)
  const authorization = `Bearer ${process.env.POOLHOUSE_IAM_TOKEN ?? 't1.local.token'}`
  const call = grpcClient(t, new URL(url).host, contract)
  const ask = async <Answer>(path: string, input: JsonValue = {}) => (await call(path, input, { authorization })).body as Answer
  const change = async (path: string, input: JsonValue) => {
    let operation = await ask<Operation>(path, input)
    while (operation.done !== true) operation = await ask('yandex.cloud.operation.OperationService/Get', { operationId: operation.id })
    return operation
  }
  const rest = async (path: string) => await (await fetch(url + path, { headers: { authorization } })).json()

  const { organizations } = await ask<{ organizations: { id: string }[] }>('yandex.cloud.organizationmanager.v1.OrganizationService/List')
  const organizationId = process.env.POOLHOUSE_ORGANIZATION ?? (organizations[0]?.id as string)
  const name = `later-${process.pid}`
  const pool = await change(`${IDP}.UserpoolService/Create`, { organizationId, name, defaultSubdomain: name })
  const userpoolId = pool.metadata.userpoolId as string
  const [domain] = pool.response.domains as string[]
  const user = (userId: string) => ask<Record<string, unknown>>(`${IDP}.UserService/Get`, { userId })
  const sameUser = async (userId: string) => {
    const answer = await user(userId)
    t.strictSame(await rest(`/organization-manager/v1/idp/users/${userId}`), answer)
    return answer
  }

  await t.test('hashes out of LDAP, accounts that expire', async (t) => {
    const username = `ldap@${domain}`
    const created = await change(`${IDP}.UserService/Create`, {
      userpoolId,
      username,
      fullName: 'From LDAP',
      expiresAt: '2035-01-01T00:00:00Z',
      passwordHash: { passwordHash: SHA512, passwordHashType: 'LDAP_PBKDF2_SHA512' },
    })
    const userId = created.metadata.userId as string
    t.match(await sameUser(userId), { expiresAt: '2035-01-01T00:00:00Z', status: 'ACTIVE' })
    const token = { yandexPassportOauthToken: `login:${username}:password` }
    t.match(await ask(`${IAM}.IamTokenService/Create`, token), { iamToken: /^t1\./ })

    await change(`${IDP}.UserService/Suspend`, { userId, reason: 'leave', expiresAt: '2036-01-01T00:00:00Z' })
    t.match(await sameUser(userId), { expiresAt: '2036-01-01T00:00:00Z', status: 'SUSPENDED' })
    await change(`${IDP}.UserService/Update`, { userId, updateMask: 'expiresAt', expiresAt: '2037-01-01T00:00:00Z' })
    t.match(await sameUser(userId), { expiresAt: '2037-01-01T00:00:00Z' })
    await change(`${IDP}.UserService/Reactivate`, { userId })
    const hash = {
      passwordHash: '{PKCS5S2}DQIXJU038u4P7FdsuFTY/+35bm41kfjZa57UrdxHp2Mu3qF2uy+ooD+jF5t1tb8J',
      passwordHashType: 'LDAP_PKCS5S2',
    }
    await change(`${IDP}.UserService/SetPasswordHash`, { userId, hash, needChange: true })
    const own = await ask<{ iamToken: string }>(`${IAM}.IamTokenService/Create`, token)
    const metadata = await call(`${IDP}.UserService/GetSelfPasswordMetadata`, {}, { authorization: `Bearer ${own.iamToken}` })
    t.match(metadata.body, { type: 'TEMPORARY' }, 'it must be changed')
  })

  await t.test('write-back and replication tokens', async (t) => {
    const subjectContainerId = userpoolId
    const filter = { domain: 'corp.example.com' }
    await change(`${IDP}.SynchronizationService/CreateSynchronizationSettings`, {
      subjectContainerId,
      filter,
      enablePasswordWriteback: true,
      synchronizationInterval: '900s',
    })
    const settings = await ask(`${IDP}.SynchronizationService/GetSynchronizationSettings`, { subjectContainerId })
    t.match(settings, { enablePasswordWriteback: true, synchronizationInterval: '900s' })
    t.strictSame(await rest(`/organization-manager/v1/idp/synchronization-settings/${subjectContainerId}`), settings)
    const session = { subjectContainerId, sessionType: 'AD_SYNC' }
    await change(`${IDP}.SynchronizationService/SetReplicationToken`, { ...session, replicationToken: 'cookie-1' })
    t.strictSame(await ask(`${IDP}.SynchronizationService/GetReplicationToken`, session), { replicationToken: 'cookie-1' })
  })

  await t.test('kinds of OAuth clients', async (t) => {
    const { profiles } = await ask<{ profiles: { id: string }[] }>(`${IAM}.OAuthClientService/ListProfiles`)
    t.ok(profiles.length >= 3)
    const client = await change(`${IAM}.OAuthClientService/Create`, {
      name: `spa-${process.pid}`,
      folderId: process.env.POOLHOUSE_FOLDER ?? 'b1gfolder',
      scopes: ['openid'],
      redirectUris: ['https://app.example.com/callback'],
      profileId: 'user-agent',
      pkceRequired: true,
      authenticationMethods: ['none'],
    })
    const { oauthClientId } = client.metadata as { oauthClientId: string }
    const answer = await ask(`${IAM}.OAuthClientService/Get`, { oauthClientId })
    t.match(answer, { profileId: 'user-agent', pkceRequired: true, authenticationMethods: only('none') })
    t.strictSame(await rest(`/iam/v1/oauthClients/${oauthClientId}`), answer)
    await change(`${IAM}.OAuthClientService/Delete`, { oauthClientId })
  })

  await change(`${IDP}.UserpoolService/Delete`, { userpoolId })
})

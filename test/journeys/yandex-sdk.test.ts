import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { credentials } from '@grpc/grpc-js'
import { type Test, test } from 'tap'
import { start } from '../../src/index.ts'
import { contract } from '../../src/yandex/contract/index.ts'
import { grpcClient } from '../support/grpc.ts'
import { only } from '../support/only.ts'
import { folder } from '../support/server.ts'

// The SDK is CommonJS without types for its subpaths under this resolution; what is used of it is named here.
const require = createRequire(import.meta.url)
const { Session, waitForOperation } = require('@yandex-cloud/nodejs-sdk')
const idp = require('@yandex-cloud/nodejs-sdk/organizationmanager-v1')
const iam = require('@yandex-cloud/nodejs-sdk/iam-v1')

interface Made {
  fromPartial(input: object): unknown
  toJSON(message: unknown): unknown
}

/** As REST has it: without members that hold their default, times without an empty fraction. */
function plain(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\.000Z$/, 'Z')
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(plain)
  const members = Object.entries(value).map(([name, member]) => [name, plain(member)] as const)
  return Object.fromEntries(
    members.filter(([, member]) => !(member === '' || (Array.isArray(member) && member.length === 0) || isEmpty(member))),
  )
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** The official Node SDK over TLS, trusting our development authority: nothing of it is changed but the address. */
async function connect(t: Test, rooms = {}) {
  const poolhouse = await start({ empty: true, tls: { folder: folder(t) }, rooms })
  t.teardown(() => poolhouse.close())
  const { tls } = poolhouse
  const address = `localhost:${tls?.port}`
  const session = new Session({
    iamToken: 't1.demo.token',
    pollInterval: 20,
    ssl: { rootCerts: readFileSync(tls?.caFile as string) },
  })
  return {
    poolhouse,
    /** A call of a service: `{ userService, 'UserService' }` by module and name, the request made by the SDK's own type. */
    call: (module: Record<string, Made>, service: string) => {
      const client = session.client(module[`${service}Client`], address)
      return (method: string, request: string, input: object = {}) => client[method](module[request]?.fromPartial(input))
    },
    wait: (operation: unknown) => waitForOperation(operation, session, 5000, address),
  }
}

test('a pool and its users by the official Node SDK over TLS', async (t) => {
  const { poolhouse, call, wait } = await connect(t)
  const organizations = call(idp.organizationService, 'OrganizationService')
  const pools = call(idp.userpoolService, 'UserpoolService')
  const users = call(idp.idpUserService, 'UserService')

  const [organization] = (await organizations('list', 'ListOrganizationsRequest')).organizations
  const created = await wait(
    await pools('create', 'CreateUserpoolRequest', {
      organizationId: organization.id,
      name: 'sdk',
      defaultSubdomain: 'sdk',
      labels: { made: 'by-sdk' },
    }),
  )
  t.equal(created.done, true)
  const pool = idp.userpool.Userpool.decode(created.response.value)
  t.match(pool, { name: 'sdk', domains: only('sdk.idp.yandexcloud.net'), labels: { made: 'by-sdk' } })

  const made = await wait(
    await users('create', 'CreateUserRequest', {
      userpoolId: pool.id,
      username: 'anna@sdk.idp.yandexcloud.net',
      fullName: 'Anna K',
      email: 'anna@example.com',
      passwordSpec: { password: 'Correct-Horse-1' },
    }),
  )
  const user = idp.user.User.decode(made.response.value)
  t.match(user, { username: 'anna@sdk.idp.yandexcloud.net', fullName: 'Anna K', status: ACTIVE })

  await wait(await users('suspend', 'SuspendUserRequest', { userId: user.id, reason: 'leave' }))
  const suspended = await users('get', 'GetUserRequest', { userId: user.id })
  t.equal(suspended.status, SUSPENDED)
  const rest = async (path: string) => await (await fetch(poolhouse.url + path)).json()
  t.strictSame(plain(idp.user.User.toJSON(suspended)), await rest(`/organization-manager/v1/idp/users/${user.id}`), 'REST answers the same')
  await wait(await users('reactivate', 'ReactivateUserRequest', { userId: user.id }))
  t.equal((await users('get', 'GetUserRequest', { userId: user.id })).status, ACTIVE)

  const listed = await users('list', 'ListUsersRequest', { userpoolId: pool.id })
  t.same(
    listed.users.map(({ id }: { id: string }) => id),
    [user.id],
  )
  await wait(await users('delete', 'DeleteUserRequest', { userId: user.id }))
  await t.rejects(users('get', 'GetUserRequest', { userId: user.id }), {
    message: new RegExp(`NOT_FOUND: User ${user.id} not found`),
    serverTraceId: UUID,
    requestId: UUID,
  })
  await t.rejects(users('create', 'CreateUserRequest', { userpoolId: pool.id }), {
    message: /INVALID_ARGUMENT: Validation failed:[\s\S]*full_name: Field is required/,
  })
})

const UUID = /^[0-9a-f-]{36}$/
const ACTIVE = 1
const SUSPENDED = 2

test('domains, passwords, groups and applications by the SDK; REST answers the same', async (t) => {
  const { poolhouse, call, wait } = await connect(t)
  const rest = async (path: string) => (await (await fetch(poolhouse.url + path)).json()) as Record<string, unknown>
  const pools = call(idp.userpoolService, 'UserpoolService')
  const users = call(idp.idpUserService, 'UserService')
  const groups = call(idp.groupService, 'GroupService')
  const applications = call(idp.oauthApplicationService, 'ApplicationService')
  const clients = call(iam.oauthClientService, 'OAuthClientService')
  const secrets = call(iam.oauthClientSecretService, 'OAuthClientSecretService')

  const [organization] = (await call(idp.organizationService, 'OrganizationService')('list', 'ListOrganizationsRequest')).organizations
  const organizationId = organization.id
  const pool = idp.userpool.Userpool.decode(
    (await wait(await pools('create', 'CreateUserpoolRequest', { organizationId, name: 'all', defaultSubdomain: 'all' }))).response.value,
  )
  const userpoolId = pool.id

  await wait(await pools('addDomain', 'AddUserpoolDomainRequest', { userpoolId, domain: 'corp.example.com' }))
  await wait(await pools('validateDomain', 'ValidateUserpoolDomainRequest', { userpoolId, domain: 'corp.example.com' }))
  const domain = await pools('getDomain', 'GetUserpoolDomainRequest', { userpoolId, domain: 'corp.example.com' })
  t.equal(domain.status, VALID)
  t.match(await rest(`/organization-manager/v1/idp/userpools/${userpoolId}/domains/corp.example.com`), { status: 'VALID' })

  const { passwordSpec } = await users('generatePassword', 'GeneratePasswordRequest')
  t.match(passwordSpec.password, /^[a-z]{4}(-[a-z]{4}){3}$/)
  const user = idp.user.User.decode(
    (
      await wait(
        await users('create', 'CreateUserRequest', { userpoolId, username: 'bert@corp.example.com', fullName: 'Bert', passwordSpec }),
      )
    ).response.value,
  )
  await wait(
    await users('setOthersPassword', 'SetOthersPasswordRequest', { userId: user.id, passwordSpec: { password: 'Another-Horse-2' } }),
  )
  await t.rejects(users('setOthersPassword', 'SetOthersPasswordRequest', { userId: user.id, passwordSpec: { password: 'weak' } }), {
    message: /INVALID_ARGUMENT/,
  })

  const group = idp.group.Group.decode(
    (await wait(await groups('create', 'CreateGroupRequest', { organizationId, name: 'team' }))).response.value,
  )
  await wait(
    await groups('updateMembers', 'UpdateGroupMembersRequest', { groupId: group.id, memberDeltas: [{ action: ADD, subjectId: user.id }] }),
  )
  const { members } = await groups('listMembers', 'ListGroupMembersRequest', { groupId: group.id })
  t.match(members, only({ subjectId: user.id }))
  t.match(await rest(`/organization-manager/v1/groups/${group.id}:listMembers`), { members: only({ subjectId: user.id }) })

  const client = iam.oauthClient.OAuthClient.decode(
    (await wait(await clients('create', 'CreateOAuthClientRequest', { name: 'web', folderId: 'b1gfolder', scopes: ['openid', 'email'] })))
      .response.value,
  )
  const { response } = await wait(await secrets('create', 'CreateOAuthClientSecretRequest', { oauthClientId: client.id }))
  t.match(iam.oauthClientSecretService.CreateOAuthClientSecretResponse.decode(response.value).secretValue, /^yccs__/)
  const application = idp.oauthApplication.Application.decode(
    (
      await wait(
        await applications('create', 'CreateApplicationRequest', {
          name: 'web-app',
          organizationId,
          clientGrant: { clientId: client.id, authorizedScopes: ['openid', 'email'] },
        }),
      )
    ).response.value,
  )
  await wait(
    await applications('updateAssignments', 'UpdateAssignmentsRequest', {
      applicationId: application.id,
      assignmentDeltas: [{ action: ADD, assignment: { subjectId: group.id } }],
    }),
  )
  const { assignments } = await applications('listAssignments', 'ListAssignmentsRequest', { applicationId: application.id })
  t.match(assignments, only({ subjectId: group.id }))
  t.strictSame(
    await rest(`/organization-manager/v1/idp/application/oauth/applications/${application.id}`),
    plain(idp.oauthApplication.Application.toJSON(await applications('get', 'GetApplicationRequest', { applicationId: application.id }))),
  )

  const sites = call(idp.samlApplicationService, 'ApplicationService')
  const certificates = call(idp.signatureCertificateService, 'SignatureCertificateService')
  const site = idp.samlApplication.Application.decode(
    (
      await wait(
        await sites('create', 'CreateApplicationRequest', {
          name: 'site',
          organizationId,
          serviceProvider: { entityId: 'urn:site', acsUrls: [{ url: 'https://site.example.com/acs' }] },
        }),
      )
    ).response.value,
  )
  const { signatureCertificates } = await certificates('list', 'ListSignatureCertificatesRequest', { applicationId: site.id })
  t.match(signatureCertificates, only({ applicationId: site.id, data: /^-----BEGIN CERTIFICATE-----/ }))
  await wait(await sites('suspend', 'SuspendApplicationRequest', { applicationId: site.id }))
  const paused = await sites('get', 'GetApplicationRequest', { applicationId: site.id })
  // Its addresses are those by which each of the two came.
  const addressless = ({ identityProviderMetadata: _addresses, ...others }: Record<string, unknown>) => others
  t.strictSame(
    addressless(plain(idp.samlApplication.Application.toJSON(paused)) as Record<string, unknown>),
    addressless(await rest(`/organization-manager/v1/idp/application/saml/applications/${site.id}`)),
  )
})

const VALID = 3
const ADD = 1
/** Those that clients look for. */
const SERVICES = ['endpoint', 'iam', 'operation', 'organization-manager', 'organizationmanager']

test('an operation that takes time is waited for', async (t) => {
  const { poolhouse, call, wait } = await connect(t, { yandex: { operations: 'polls:3' } })
  const [organization] = (await call(idp.organizationService, 'OrganizationService')('list', 'ListOrganizationsRequest')).organizations
  const operation = await call(idp.userpoolService, 'UserpoolService')('create', 'CreateUserpoolRequest', {
    organizationId: organization.id,
    name: 'slow',
    defaultSubdomain: 'slow',
  })
  t.equal(operation.done, false)
  t.equal((await wait(operation)).done, true)
  const polls = poolhouse.journal.list({ operation: 'OperationService.Get' })
  t.equal(polls.length, 3, 'it was polled until it was done')
  t.ok(polls.every(({ transport }) => transport === 'grpc'))
})

test('discovery as the Python and Go SDKs do it: over TLS, before they have a token; the token is then exchanged where it says', async (t) => {
  const { poolhouse, call } = await connect(t, { yandex: { auth: 'strict' } })
  const address = `localhost:${poolhouse.tls?.port}`
  const trust = credentials.createSsl(readFileSync(poolhouse.tls?.caFile as string))
  const raw = grpcClient(t, address, contract, trust)
  const { endpoints } = (await raw('yandex.cloud.endpoint.ApiEndpointService/List')).body as {
    endpoints: { id: string; address: string }[]
  }
  for (const id of ['iam', 'operation', 'organization-manager']) {
    t.same(
      endpoints.filter((endpoint) => endpoint.id === id),
      [{ id, address }],
    )
  }
  const exchange = await raw('yandex.cloud.iam.v1.IamTokenService/Create', { yandexPassportOauthToken: 'y0_poolhouse-demo' })
  const { iamToken } = exchange.body as { iamToken: string }
  t.match(iamToken, /^t1\.[A-Z0-9a-z_-]+[=]{0,2}\.[A-Z0-9a-z_-]{86}[=]{0,2}$/, 'as the documentation describes a token')
  const list = (authorization: string) => raw('yandex.cloud.organizationmanager.v1.OrganizationService/List', {}, { authorization })
  t.match((await list(`Bearer ${iamToken}`)).body, { organizations: only({ id: String }) })
  await t.rejects(call(idp.organizationService, 'OrganizationService')('list', 'ListOrganizationsRequest'), {
    message: /UNAUTHENTICATED: Token is invalid or has expired\./,
  })
})

test('REST is on the TLS port too', async (t) => {
  const { poolhouse } = await connect(t)
  const { request } = await import('node:https')
  const ca = readFileSync(poolhouse.tls?.caFile as string)
  const body = await new Promise<string>((resolve, reject) => {
    request(`${poolhouse.tls?.url}/endpoints`, { ca }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve(text))
    })
      .on('error', reject)
      .end()
  })
  t.match(JSON.parse(body), { endpoints: only(...SERVICES.map((id) => ({ id, address: String }))) })
  t.equal(await (await fetch(`${poolhouse.url}/_/ca.pem`)).text(), ca.toString())
})

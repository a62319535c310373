import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import { Client, credentials } from '@grpc/grpc-js'
import { test } from 'tap'
import { descriptorsOf } from '../../src/contract/descriptors.ts'
import { common } from '../../src/http/grpc/facts.ts'
import { contract } from '../../src/yandex/contract/index.ts'
import { emulator } from '../support/emulator.ts'
import { type GrpcRefusal, grpcClient } from '../support/grpc.ts'
import { only } from '../support/only.ts'
import { IDP as IDP_PATH, rest } from '../support/yandex.ts'

const IDP = 'yandex.cloud.organizationmanager.v1.idp'
const UUID = /^[0-9a-f-]{36}$/

test('gRPC on the port that REST is on', async (t) => {
  const idp = await emulator(t)
  const { port } = await idp.app.listen({ host: '127.0.0.1', port: 0 })
  const call = grpcClient(t, `127.0.0.1:${port}`, contract)
  const rest = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    return await response.json()
  }

  const { organizations } = (await call('yandex.cloud.organizationmanager.v1.OrganizationService/List')).body as {
    organizations: { id: string }[]
  }
  const organizationId = organizations[0]?.id as string
  const made = (await call(`${IDP}.UserpoolService/Create`, { organizationId, name: 'grpc', defaultSubdomain: 'grpc' })).body as {
    metadata: { userpoolId: string }
  }
  const { userpoolId } = made.metadata

  await t.test('answers as REST does', async (t) => {
    t.same(
      (await call(`${IDP}.UserpoolService/Get`, { userpoolId })).body,
      await rest('GET', `/organization-manager/v1/idp/userpools/${userpoolId}`),
    )
    const created = await call(`${IDP}.UserService/Create`, {
      userpoolId,
      username: 'anna@grpc.idp.yandexcloud.net',
      fullName: 'Anna',
      passwordSpec: { password: 'Correct-Horse-1' },
      expiresAt: '2030-01-01T00:00:00Z',
    })
    const operation = created.body as { id: string; done: boolean; metadata: { userId: string }; response: Record<string, unknown> }
    t.match(operation, {
      done: true,
      metadata: { '@type': `type.googleapis.com/${IDP}.CreateUserMetadata` },
      response: { '@type': `type.googleapis.com/${IDP}.User`, username: 'anna@grpc.idp.yandexcloud.net', status: 'ACTIVE' },
    })
    const { userId } = operation.metadata
    t.same((await call(`${IDP}.UserService/Get`, { userId })).body, await rest('GET', `/organization-manager/v1/idp/users/${userId}`))
    t.same(
      (await call('yandex.cloud.operation.OperationService/Get', { operationId: operation.id })).body,
      await rest('GET', `/operations/${operation.id}`),
    )

    const changed = await call(`${IDP}.UserService/Update`, {
      userId,
      updateMask: 'fullName',
      fullName: 'Anna K',
      department: 'not in the mask',
    })
    t.match(changed.body, { done: true, response: { fullName: 'Anna K', username: 'anna@grpc.idp.yandexcloud.net' } })
    t.notMatch(changed.body, { response: { department: /./ } })
  })

  await t.test('carries ids and the poll interval in its metadata', async (t) => {
    const { headers } = await call(`${IDP}.UserpoolService/Get`, { userpoolId }, { 'x-request-id': 'mine' })
    t.match(headers, { 'x-request-id': 'mine', 'x-server-trace-id': UUID, 'x-server-request-id': UUID })
    const { body } = await call(`${IDP}.UserpoolService/Create`, { organizationId, name: 'polled', defaultSubdomain: 'polled' })
    const polled = await call('yandex.cloud.operation.OperationService/Get', { operationId: (body as { id: string }).id })
    t.equal(polled.headers['x-operation-poll-interval'], '0')
  })

  await t.test('names what the contract calls deprecated in its metadata, and refuses it in contract mode strict', async (t) => {
    const path = `${IDP}.UserpoolService/Update`
    const input = { userpoolId, updateMask: 'description', passwordQualityPolicy: { fixed: { minLength: '8' }, minLength: '8' } }
    const deprecated = 'passwordQualityPolicy.minLength of UserpoolService.Update is deprecated'
    t.equal((await call(path, input)).headers['x-poolhouse-violations'], deprecated)
    idp.app.emulator.namespace('strict').contractModes = { yandex: 'strict' }
    await t.rejects(call(path, input, { 'x-poolhouse-namespace': 'strict' }), {
      code: 3,
      details: `Poolhouse refuses UserpoolService.Update in contract mode strict: ${deprecated}`,
    })
  })

  await t.test('refuses with a google.rpc.Status', async (t) => {
    const refused = async (path: string, input: object): Promise<GrpcRefusal> =>
      await call(path, input as never).then(
        () => t.fail(`${path} was answered`),
        (error) => error,
      )
    const unknown = await refused(`${IDP}.UserService/Get`, { userId: 'ajeunknown0000000000' })
    t.match(unknown, { code: 5, details: 'User ajeunknown0000000000 not found' })
    t.match(unknown.status, { code: 5, details: only({ '@type': 'type.googleapis.com/google.rpc.RequestInfo', requestId: UUID }) })

    const invalid = await refused(`${IDP}.UserService/Create`, { userpoolId, username: 'no at sign' })
    t.equal(invalid.code, 3)
    t.match(invalid.status.details[1], {
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: only({ field: 'username' }, { field: 'full_name' }, { field: 'credentials' }),
    })
    const viaRest = (await rest('POST', '/organization-manager/v1/idp/users', { userpoolId, username: 'no at sign' })) as {
      message: string
      details: unknown[]
    }
    t.equal(invalid.status.message, viaRest.message)
    t.same(invalid.status.details[1], viaRest.details[1])
  })

  await t.test('says that it has no such service, and keeps it in mind', async (t) => {
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
    t.teardown(() => client.close())
    const ask = (path: string) =>
      new Promise((resolve, reject) =>
        client.makeUnaryRequest(path, Buffer.from, Buffer.from, [], (error, answer) => (error === null ? resolve(answer) : reject(error))),
      )
    const path = '/yandex.cloud.resourcemanager.v1.FolderService/List'
    await t.rejects(ask(path), { code: 12, details: `there is no POST ${path}` })
    const [entry] = idp.app.emulator.namespace().journal.list({ outcome: 'unhandled' })
    t.match(entry, { operation: `POST ${path}`, unhandled: { method: 'POST', path } })
    await t.rejects(ask('/'), { code: 12, details: 'there is no /' }, 'nor where another vendor has its door')
  })

  await t.test('chooses a namespace by metadata', async (t) => {
    const elsewhere = await call(`${IDP}.UserpoolService/List`, { organizationId }, { 'x-poolhouse-namespace': 'elsewhere' })
    t.same(elsewhere.body, {})
    const here = (await call(`${IDP}.UserpoolService/List`, { organizationId })).body as { userpools: unknown[] }
    t.equal(here.userpools.length, 2)
  })

  await t.test('tells its health', async (t) => {
    const health = grpcClient(t, `127.0.0.1:${port}`, common)
    t.same((await health('grpc.health.v1.Health/Check')).body, { status: 'SERVING' })
    t.same((await health('grpc.health.v1.Health/Check', { service: `${IDP}.UserService` })).body, { status: 'SERVING' })
    await t.rejects(health('grpc.health.v1.Health/Check', { service: 'nope' }), { code: 5 })
  })

  await t.test('describes itself by reflection, in both of its versions', async (t) => {
    const client = grpcClient(t, `127.0.0.1:${port}`, common)
    for (const home of ['grpc.reflection.v1', 'grpc.reflection.v1alpha']) {
      const reflection = client.stream(`${home}.ServerReflection/ServerReflectionInfo`)
      const ask = async (question: Record<string, string>) => {
        reflection.send(question)
        return (await reflection.next()) as Record<
          string,
          { service?: { name: string }[]; fileDescriptorProto?: string[]; errorCode?: number }
        >
      }
      const listed = (await ask({ listServices: '' })).listServicesResponse?.service?.map(({ name }) => name) ?? []
      for (const { fullName } of contract.services) t.ok(listed.includes(fullName), fullName)

      const { fileDescriptorResponse } = await ask({ fileContainingSymbol: `${IDP}.UserService` })
      const files = (fileDescriptorResponse?.fileDescriptorProto ?? []).map((bytes) =>
        fromBinary(FileDescriptorProtoSchema, Buffer.from(bytes, 'base64')),
      )
      const [first] = files
      t.ok(first?.service.some(({ name, method }) => name === 'UserService' && method.some(({ name }) => name === 'Create')))
      const known = new Set(files.map(({ name }) => name))
      t.ok(
        files.every(({ dependency }) => dependency.every((name) => known.has(name))),
        'with everything it imports',
      )
      t.same((await ask({ fileByFilename: first?.name as string })).fileDescriptorResponse, fileDescriptorResponse)
      t.equal((await ask({ fileContainingSymbol: 'no.such.Service' })).errorResponse?.errorCode, 5)
      reflection.end()
      t.equal(await reflection.next(), undefined)
    }
  })
})

test('the host name that a client names chooses a namespace', async (t) => {
  const idp = await emulator(t)
  const { port } = await idp.app.listen({ host: '127.0.0.1', port: 0 })
  const at = (host: string) =>
    grpcClient(t, `127.0.0.1:${port}`, contract, credentials.createInsecure(), { 'grpc.default_authority': `${host}:${port}` })
  const [here, there] = [at('localhost'), at('t1.localhost')]
  const organization = async (call: typeof here) => {
    const { organizations } = (await call('yandex.cloud.organizationmanager.v1.OrganizationService/List')).body as {
      organizations: { id: string }[]
    }
    return organizations[0]?.id as string
  }
  const organizationId = await organization(there)
  await there(`${IDP}.UserpoolService/Create`, { organizationId, name: 'theirs', defaultSubdomain: 'theirs' })
  const pools = async (call: typeof here, metadata = {}) => {
    const { userpools = [] } = (await call(`${IDP}.UserpoolService/List`, { organizationId }, metadata)).body as {
      userpools?: { name: string }[]
    }
    return userpools.map(({ name }) => name)
  }
  t.same(await pools(there), ['theirs'])
  t.same(await pools(here), [])
  t.same(await pools(there, { 'x-poolhouse-namespace': 'default' }), [], 'metadata goes before the host')
  t.same(await pools(here, { 'x-poolhouse-namespace': 't1' }), ['theirs'])
  t.same(idp.app.emulator.names, ['default', 't1'])
})

test('a namespace that nobody made is refused where they are made only on request', async (t) => {
  const idp = await emulator(t, { autoCreate: false })
  const { port } = await idp.app.listen({ host: '127.0.0.1', port: 0 })
  const call = grpcClient(t, `127.0.0.1:${port}`, contract)
  const list = (name: string) => call('yandex.cloud.organizationmanager.v1.OrganizationService/List', {}, { 'x-poolhouse-namespace': name })
  await t.rejects(list('t1'), { code: 3, details: 'there is no namespace "t1"' })
  await t.rejects(list('T 1'), { code: 3, details: '"T 1" cannot be a namespace' })
  await idp.request('POST', '/_/namespaces', { name: 't1' })
  t.match((await list('t1')).headers, { 'x-poolhouse-emulator': /^\d/, 'x-poolhouse-now': '2026-01-02T03:04:05.000Z' })
})

test('what a message can hold and JSON cannot say is refused by its field', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const pool = await api.pool()
  const { id: userId } = await api.user({ userpoolId: pool.id })
  const { port } = await idp.app.listen({ host: '127.0.0.1', port: 0 })
  const registry = descriptorsOf(contract)
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
  t.teardown(() => client.close())
  const send = (name: string, type: string, members: object) =>
    new Promise((resolve, reject) => {
      const desc = registry.getMessage(`${IDP}.${type}`)
      if (desc === undefined) throw new Error(type)
      const bytes = (message: object) => Buffer.from(toBinary(desc, create(desc, message as never)))
      client.makeUnaryRequest(
        `/${IDP}.${name}`,
        bytes,
        (answer: Buffer) => answer,
        members,
        (error, answer) => (error === null ? resolve(answer) : reject(error)),
      )
    })
  const update = (members: object) => send('UserService/Update', 'UpdateUserRequest', { userId, ...members })
  const told = (...lines: string[]) => ({ code: 3, details: ['Validation failed:', ...lines].join('\n  - ') })
  await t.rejects(
    update({ fullName: 'N', updateMask: { paths: ['full_name', 'fullName', 'full__name'] } }),
    told('update_mask: Unknown path fullName', 'update_mask: Unknown path full__name'),
    'paths are in the words of the proto here',
  )
  await t.rejects(update({ updateMask: { paths: ['nick '] } }), told('update_mask: Unknown path nick'), 'a text that ends in a space')
  const far = { seconds: 99_999_999_999_999n, nanos: 0 }
  await t.rejects(update({ expiresAt: far, updateMask: { paths: ['expires_at'] } }), told('expires_at: Value is out of range'))
  await t.rejects(
    send('UserpoolService/Update', 'UpdateUserpoolRequest', { userpoolId: pool.id, bruteforceProtectionPolicy: { window: far } }),
    told('bruteforce_protection_policy.window: Value is out of range'),
  )
  await t.resolves(update({ fullName: 'All', updateMask: { paths: [] } }), 'an empty mask is none')
  t.match((await api.call('GET', `${IDP_PATH}/users/${userId}`)).body, { fullName: 'All' })
  t.equal((await api.call('PATCH', `${IDP_PATH}/users/${userId}`, { updateMask: '', fullName: 'Again' })).body.response?.fullName, 'Again')
})

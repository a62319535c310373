import { test } from 'tap'
import { camel, type Method } from '../../src/contract/proto.ts'
import { contract, control, methods } from '../../src/yandex/index.ts'
import { emulator } from '../support/emulator.ts'
import { IDP, ORGANIZATION, PASSWORD, type Rest, type RestAnswer, rest } from '../support/yandex.ts'
import { fill, restOf, type Sample, sample } from '../support/yandex-samples.ts'

const V1 = '/organization-manager/v1'
const changing = [...methods.values()].filter(({ operation, http }) => operation !== null && http !== null)

/** One of everything. */
async function world(api: Rest) {
  const pool = await api.pool({ defaultSubdomain: 'world', userSettings: { allowEditSelfPassword: true } })
  const user = await api.user({ userpoolId: pool.id, username: 'one@world.idp.yandexcloud.net' })
  const external = await api.user({ userpoolId: pool.id, externalId: 'guid-1' })
  await api.done('POST', `${IDP}/userpools/${pool.id}/domains`, { domain: 'world.example.com' })
  const group = await api.done('POST', `${V1}/groups`, { organizationId: ORGANIZATION, name: 'World' })
  const enforcement = await api.done('POST', `${V1}/mfaEnforcements`, {
    organizationId: ORGANIZATION,
    acrId: 'phr',
    ttl: '3600s',
    status: 'STATUS_ACTIVE',
    enrollWindow: '3600s',
    name: 'world',
  })
  const client = await api.done('POST', '/iam/v1/oauthClients', { name: 'world', folderId: 'folder' })
  const spare = await api.done('POST', '/iam/v1/oauthClients', { name: 'spare', folderId: 'folder' })
  const { oauthClientSecret } = await api.done('POST', '/iam/v1/oauthClientSecrets', { oauthClientId: spare.id })
  const clientGrant = { clientId: client.id, authorizedScopes: ['openid'] }
  const oauth = await api.done('POST', `${IDP}/application/oauth/applications`, {
    organizationId: ORGANIZATION,
    name: 'world',
    clientGrant,
  })
  const serviceProvider = { entityId: 'sp', acsUrls: [{ url: 'https://sp.example.com' }] }
  const saml = await api.done('POST', `${IDP}/application/saml/applications`, {
    organizationId: ORGANIZATION,
    name: 'world',
    serviceProvider,
  })
  const certificate = await api.done('POST', `${IDP}/application/saml/signature-certificates`, { applicationId: saml.id })
  await api.done('POST', `${V1}/organizations/${ORGANIZATION}:bindAccessPolicy`, {
    accessPolicyBinding: { accessPolicyTemplateId: 'bound' },
  })
  const bare = await api.pool({ defaultSubdomain: 'bare' })
  const filter = { domain: 'corp' }
  await api.done('POST', `${IDP}/synchronization-settings`, { subjectContainerId: pool.id, filter, enablePasswordWriteback: true })
  const session = await api.done('POST', `${IDP}/synchronization-sessions:open`, {
    subjectContainerId: pool.id,
    agentId: 'agent',
    sessionType: 'AD_SYNC',
  })
  const written = await api.call('POST', `${IDP}/users/${external.id}:setOthersPassword`, { passwordSpec: { password: `${PASSWORD}!` } })
  return {
    pool,
    user,
    external,
    group,
    enforcement,
    client,
    spare,
    oauthClientSecret,
    oauth,
    saml,
    certificate,
    bare,
    session,
    written: written.body,
  }
}
type World = Awaited<ReturnType<typeof world>>

/** What stands for a field, whoever asks for it. */
function known(w: World, method: Method): Sample {
  const service = method.operationName.slice(0, method.operationName.lastIndexOf('.'))
  const application = service === 'oauth.ApplicationService' ? w.oauth.id : w.saml.id
  const resources: Record<string, string> = { UserpoolService: w.pool.id, GroupService: w.group.id, OrganizationService: ORGANIZATION }
  return {
    organizationId: ORGANIZATION,
    userpoolId: w.pool.id,
    subjectContainerId: w.pool.id,
    userId: w.user.id,
    groupId: w.group.id,
    subjectId: w.user.id,
    mfaEnforcementId: w.enforcement.id,
    oauthClientId: w.spare.id,
    oauthClientSecretId: w.oauthClientSecret.id,
    applicationId: application,
    resourceId: resources[service] ?? application,
    signatureCertificateId: w.certificate.id,
    sessionId: w.session.openedSession.sessionId,
    domain: 'world.example.com',
    modifyingOperationId: w.written.id,
    externalUserId: 'guid-1',
    externalId: 'fresh',
    name: 'fresh',
    defaultSubdomain: 'fresh',
    username: 'fresh@world.idp.yandexcloud.net',
    acrId: 'any-mfa',
    clientGrant: { clientId: w.spare.id, authorizedScopes: ['openid'] },
    passwordSpec: { password: 'Fresh-Secret-77!' },
  }
}

/** What single methods need beside that. */
function own(w: World): Record<string, Sample> {
  const accessBinding = { roleId: 'viewer', subject: { id: w.user.id, type: 'userAccount' } }
  return {
    'UserpoolService.AddDomain': { domain: 'fresh.example.com' },
    'idp.UserService.SetPasswordHash': { hash: { passwordHash: '8846f7eaee8fb117ad06bdd830b7586c', passwordHashType: 'AD_MD4' } },
    'UserpoolService.UpdateAccessBindings': { accessBindingDeltas: [{ action: 'ADD', accessBinding }] },
    'GroupService.UpdateAccessBindings': { accessBindingDeltas: [{ action: 'ADD', accessBinding }] },
    'OrganizationService.UpdateAccessBindings': { accessBindingDeltas: [{ action: 'ADD', accessBinding }] },
    'oauth.ApplicationService.UpdateAccessBindings': { accessBindingDeltas: [{ action: 'ADD', accessBinding }] },
    'saml.ApplicationService.UpdateAccessBindings': { accessBindingDeltas: [{ action: 'ADD', accessBinding }] },
    'GroupService.UpdateMembers': { memberDeltas: [{ action: 'ADD', subjectId: w.user.id }] },
    'MfaEnforcementService.UpdateAudience': { audienceDeltas: [{ action: 'ACTION_ADD', subjectId: w.user.id }] },
    'MfaEnforcementService.UpdateExcludedAudience': { audienceDeltas: [{ action: 'ACTION_ADD', subjectId: w.user.id }] },
    'OrganizationService.UnbindAccessPolicy': { accessPolicyTemplateId: 'bound' },
    'OrganizationService.UpdateAccessPolicyBindingParameters': {
      accessPolicyBinding: { accessPolicyTemplateId: 'bound', parameters: { a: 'b' } },
    },
    'SynchronizationService.CreateSynchronizationSettings': { subjectContainerId: w.bare.id },
    'SynchronizationSessionService.OpenSession': { sessionType: 'AD_USER_CONTROL' },
    'MfaEnforcementService.Create': { acrId: 'any-mfa' },
    'saml.ApplicationService.Update': { updateMask: 'description', description: 'D' },
    'MfaEnforcementService.Update': { updateMask: 'description', description: 'D' },
    'SynchronizationService.UpdateSynchronizationSettings': { updateMask: 'allowToCaptureUsers', allowToCaptureUsers: true },
  }
}

function inputOf(w: World, method: Method): Sample {
  const input = sample(method.request)
  const values = known(w, method)
  const inPath = new Set([...(method.http?.path ?? '').matchAll(/\{(\w+)\}/g)].map(([, name]) => camel(name as string)))
  for (const { jsonName } of contract.messages[method.request]?.fields ?? []) {
    if (jsonName in values && (jsonName in input || inPath.has(jsonName))) input[jsonName] = values[jsonName]
  }
  return { ...input, ...own(w)[method.operationName] }
}

test('laws of every changing method', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const w = await world(api)
  idp.app.emulator.keepBaseline()
  let count = 0
  /** Every method in a world of its own, all alike. */
  const fresh = () => `w${++count}`
  const send = (method: Method, input: Sample, headers: Record<string, string>): Promise<RestAnswer> => {
    const { method: verb, url, body } = restOf(method, input)
    const caller: Record<string, string> = method.name === 'SetOwnPassword' ? { authorization: `Bearer ${w.user.id}` } : {}
    return api.call(verb as 'POST', url, body, { ...caller, ...headers })
  }
  const get = (url: string, namespace: string): Promise<RestAnswer> =>
    api.call('GET', url, undefined, { 'x-poolhouse-namespace': namespace })
  const type = (name: string) => `type.googleapis.com/${name}`

  await t.test('an Operation of the declared types is the answer, at once', async (t) => {
    for (const method of changing) {
      const { operationName: name, operation } = method
      const { status, body } = await send(method, inputOf(w, method), { 'x-poolhouse-namespace': fresh() })
      t.equal(status, 200, `${name}: ${body.message}`)
      t.equal(body.metadata?.['@type'], type(operation?.metadata ?? ''), name)
      t.equal(body.response?.['@type'], type(operation?.response ?? ''), `${name}: ${JSON.stringify(body.error)}`)
      t.match(body, { id: String, description: /^[A-Z]/, createdBy: /^aje/, done: true }, name)
    }
  })

  await t.test('or later; the key of a call answers the same one again', async (t) => {
    for (const method of changing) {
      const { operationName: name, operation } = method
      const namespace = fresh()
      control.setPolicy(idp.app.emulator.namespace(namespace), { kind: '*', runs: 'manual' })
      const headers = { 'x-poolhouse-namespace': namespace, 'idempotency-key': name }
      const { body: begun } = await send(method, inputOf(w, method), headers)
      t.equal(begun.done, false, name)
      t.equal(begun.metadata['@type'], type(operation?.metadata ?? ''), name)
      t.notOk('response' in begun || 'error' in begun, name)
      control.complete(idp.app.emulator.namespace(namespace), begun.id)
      const { body: ended } = await get(`/operations/${begun.id}`, namespace)
      t.equal(ended.done, true, name)
      t.equal(ended.response?.['@type'], type(operation?.response ?? ''), `${name}: ${JSON.stringify(ended.error)}`)
      t.strictSame((await send(method, inputOf(w, method), headers)).body, ended, name)
    }
  })

  await t.test('one that fails leaves nothing behind', async (t) => {
    for (const method of changing) {
      const { operationName: name } = method
      const namespace = fresh()
      const store = idp.app.emulator.namespace(namespace)
      const before = dump(store.store)
      control.setPolicy(store, { kind: '*', runs: 'manual' })
      const { body } = await send(method, inputOf(w, method), { 'x-poolhouse-namespace': namespace })
      control.fail(store, body.id, { code: 'INTERNAL' })
      t.strictSame(dump(store.store), before, name)
    }
  })

  await t.test('an update changes what its mask names, and nothing else', async (t) => {
    for (const method of changing) {
      const mask = contract.messages[method.request]?.fields.find(({ name }) => name === 'update_mask')
      if (mask === undefined) continue
      const { operationName: name, request } = method
      const identity = [...(method.http?.path ?? '').matchAll(/\{(\w+)\}/g)].map(([, found]) => found)
      const namespace = fresh()
      const base = { ...sample(request), ...inputOf(w, method) }
      const before = await get(restOf(method, base).url, namespace)
      for (const field of contract.messages[request]?.fields ?? []) {
        if (field.name === 'update_mask' || identity.includes(field.name)) continue
        const values = { ...known(w, method), ...VALUES }
        const value = field.jsonName in values ? values[field.jsonName] : fill(field)
        const input = {
          ...base,
          updateMask: field.name,
          [field.jsonName]: field.kind === 'map' ? { a: 'b' } : field.repeated ? [value] : value,
        }
        const { status, body } = await send(method, input, { 'x-poolhouse-namespace': fresh() })
        if (status !== 200) {
          t.fail(`${name} ${field.name}: ${body.message}`)
          continue
        }
        const { '@type': _type, ...after } = body.response
        // The addresses of the identity provider hold the namespace.
        const others = ({ [field.jsonName]: _named, updatedAt: _at, identityProviderMetadata: _idp, ...rest }: Sample) => rest
        t.strictSame(others(after), others(before.body), `${name} ${field.name}`)
      }
    }
  })
})

test('laws of every list', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const w = await world(api)
  // Two more of what there is one of.
  await api.done('POST', `${V1}/groups`, { organizationId: ORGANIZATION, name: 'Second' })
  await api.user({ userpoolId: w.pool.id })
  const lists = [...methods.values()].filter(({ request }) => contract.messages[request]?.fields.some(({ name }) => name === 'page_token'))
  for (const method of lists) {
    if (method.http === null || method.service.includes('endpoint')) continue
    const { operationName: name } = method
    const items = contract.messages[method.response]?.fields.find(({ repeated }) => repeated)?.jsonName as string
    const list = async (more: Sample): Promise<RestAnswer['body']> => {
      const { status, body } = await api.call('GET', restOf(method, { ...inputOf(w, method), ...more }).url)
      t.equal(status, 200, `${name}: ${body.message}`)
      return body
    }

    const all = (await list({}))[items] ?? []
    const paged: unknown[] = []
    let body = await list({ pageSize: 1 })
    for (;;) {
      paged.push(...(body[items] ?? []))
      if (body.nextPageToken === undefined) break
      t.equal(body[items].length, 1, name)
      body = await list({ pageSize: 1, pageToken: body.nextPageToken })
    }
    t.strictSame(paged, all, `${name}: ${all.length} items, page by page`)
    const { body: refused } = await api.call('GET', restOf(method, { ...inputOf(w, method), pageToken: 'made-up' }).url)
    t.equal(refused.code, 3, name)
  }
})

/** Values for fields of updates that a sample would not do for. */
const VALUES: Sample = {
  redirectUris: 'https://fresh.example.com',
  scopes: 'openid',
  authenticationMethods: 'client_secret_post',
  serviceProvider: { entityId: 'fresh', acsUrls: [{ url: 'https://fresh.example.com' }] },
  attributeMapping: { nameId: { format: 'EMAIL' } },
  email: 'fresh@example.com',
}

/** All that is filed, save for operations and how they run. */
function dump(store: { all<Row>(sql: string): Row[] }): unknown[] {
  const records = store.all<{ kind: string }>('SELECT kind, parent, key, doc FROM record ORDER BY kind, parent, key')
  const kept = records.filter(({ kind }) => !/^yandex\.(operation|idempotency|secret|password-change-offset)/.test(kind))
  return [
    ...kept,
    ...['person', 'person_name', 'person_attribute', 'member', 'credential'].flatMap((table) => store.all(`SELECT * FROM ${table}`)),
  ]
}

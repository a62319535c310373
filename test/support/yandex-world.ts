import { camel, type Method } from '../../src/contract/proto.ts'
import { contract } from '../../src/yandex/index.ts'
import { DEMO_OAUTH_TOKEN } from '../../src/yandex/settings.ts'
import { IDP, ORGANIZATION, PASSWORD, type Rest } from './yandex.ts'
import { type Sample, sample } from './yandex-samples.ts'

/** Who asks for something, apart from the demo subject; a world of everything needs it in its settings. */
export const ACCOUNT = 'ajeaccount0000000000'
export const ACCOUNTS = { serviceAccountKeys: [{ id: 'key', service_account_id: ACCOUNT, public_key: '' }] }

const V1 = '/organization-manager/v1'

/** One of everything, made over REST. */
export async function world(api: Rest) {
  const pool = await api.pool({ defaultSubdomain: 'world', userSettings: { allowEditSelfPassword: true } })
  const user = await api.user({ userpoolId: pool.id, username: 'one@world.idp.yandexcloud.net' })
  const external = await api.user({ userpoolId: pool.id, externalId: 'guid-1' })
  await api.done('POST', `${IDP}/userpools/${pool.id}/domains`, { domain: 'world.example.com' })
  const group = await api.done('POST', `${V1}/groups`, { organizationId: ORGANIZATION, name: 'World' })
  await api.done('POST', `${V1}/external_groups`, {
    organizationId: ORGANIZATION,
    name: 'Directory',
    subjectContainerId: pool.id,
    externalId: 'group-guid',
  })
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
  const { body: token } = await api.call('POST', '/iam/v1/tokens', { yandexPassportOauthToken: DEMO_OAUTH_TOKEN })
  return {
    token: token.iamToken as string,
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
export type World = Awaited<ReturnType<typeof world>>

/** What stands for a field, whoever asks for it. */
export function known(w: World, method: Method): Sample {
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
    operationId: w.written.id,
    apiEndpointId: 'iam',
    iamToken: w.token,
    yandexPassportOauthToken: DEMO_OAUTH_TOKEN,
    serviceAccountId: ACCOUNT,
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
    'GroupService.ResolveExternal': { externalId: 'group-guid' },
    'SynchronizationService.CreateSynchronizationSettings': { subjectContainerId: w.bare.id },
    'SynchronizationSessionService.OpenSession': { sessionType: 'AD_USER_CONTROL' },
    'MfaEnforcementService.Create': { acrId: 'any-mfa' },
    'saml.ApplicationService.Update': { updateMask: 'description', description: 'D' },
    'MfaEnforcementService.Update': { updateMask: 'description', description: 'D' },
    'SynchronizationService.UpdateSynchronizationSettings': { updateMask: 'allowToCaptureUsers', allowToCaptureUsers: true },
  }
}

/** A request that succeeds in this world, once. */
export function inputOf(w: World, method: Method): Sample {
  const input = sample(method.request)
  const values = known(w, method)
  const inPath = new Set([...(method.http?.path ?? '').matchAll(/\{(\w+)\}/g)].map(([, name]) => camel(name as string)))
  for (const { jsonName } of contract.messages[method.request]?.fields ?? []) {
    if (jsonName in values && (jsonName in input || inPath.has(jsonName))) input[jsonName] = values[jsonName]
  }
  return { ...input, ...own(w)[method.operationName] }
}

import type { YandexCall } from '../../call.ts'
import type { Name } from '../../contract/index.ts'
import type { AccessBinding, AccessBindingDelta } from '../../contract/types.ts'
import { accessBindings, running, type User } from '../../records.ts'
import { deny, isGuarded, may, type Place, permissionsAt, requireGrantable } from './access.ts'
import * as places from './places.ts'
import type { Permission } from './roles.ts'

/** One of these permissions, at the place that this member of the request names. */
interface Requirement {
  find: places.Finder
  member: string
  any: readonly Permission[]
}

/** `token`: whoever has one may call it; what is refused then is the handler's matter. `open`: nobody needs one. */
type Need = 'open' | 'token' | readonly Requirement[]

const at =
  (find: places.Finder, member: string) =>
  (...any: Permission[]): Requirement => ({ find, member, any })

const organization = at(places.organization, 'organizationId')
const organizationResource = at(places.organization, 'resourceId')
const pool = at(places.userpool, 'userpoolId')
const poolResource = at(places.userpool, 'resourceId')
const container = at(places.userpool, 'subjectContainerId')
const user = at(places.user, 'userId')
const session = at(places.session, 'sessionId')
const group = at(places.group, 'groupId')
const groupResource = at(places.group, 'resourceId')
const mfa = at(places.mfaEnforcement, 'mfaEnforcementId')
const oauth = at(places.oauthApplication, 'applicationId')
const oauthResource = at(places.oauthApplication, 'resourceId')
const saml = at(places.samlApplication, 'applicationId')
const samlResource = at(places.samlApplication, 'resourceId')
const certificate = at(places.certificate, 'signatureCertificateId')
const folder = at(places.folder, 'folderId')
const client = at(places.client, 'oauthClientId')
const secret = at(places.secret, 'oauthClientSecretId')
const operation = at(places.operation, 'operationId')

const ANY_VIEW = ['organization.view', 'userpools.view', 'groups.view', 'oauth.view', 'saml.view'] as const

/**
 * What each method asks of its caller, after what the documentation says that holders of each role can do (roles.ts). Which
 * method such a sentence means is told there for most; for OAuth clients, sessions and operations it is a guess.
 */
const NEEDS: Record<Name, Need> = {
  'idp.UserService.Get': [user('users.view')],
  'idp.UserService.List': [pool('users.view')],
  'idp.UserService.Create': [pool('users.edit')],
  'idp.UserService.Update': [user('users.edit')],
  'idp.UserService.Delete': [user('users.edit')],
  'idp.UserService.SetOwnPassword': 'token',
  'idp.UserService.SetOthersPassword': [user('users.edit')],
  'idp.UserService.Suspend': [user('users.edit')],
  'idp.UserService.Reactivate': [user('users.edit')],
  'idp.UserService.GeneratePassword': 'token',
  'idp.UserService.GetSelfPasswordMetadata': 'token',
  'idp.UserService.ConvertToExternal': [user('users.edit')],
  'idp.UserService.SetPasswordHash': [user('users.edit')],
  'idp.UserService.ResolveExternalIds': [pool('users.view')],
  'idp.UserService.GetPasswordChanges': [pool('sync.run')],
  'idp.UserService.CommitPassword': [pool('sync.run')],

  'UserpoolService.Get': [pool('userpools.view')],
  'UserpoolService.List': [organization('userpools.view')],
  'UserpoolService.Create': [organization('userpools.edit')],
  'UserpoolService.Update': [pool('userpools.edit')],
  'UserpoolService.Delete': [pool('userpools.edit')],
  'UserpoolService.GetDomain': [pool('userpools.view')],
  'UserpoolService.ListDomains': [pool('userpools.view')],
  'UserpoolService.AddDomain': [pool('userpools.edit')],
  'UserpoolService.ValidateDomain': [pool('userpools.edit')],
  'UserpoolService.DeleteDomain': [pool('userpools.edit')],
  'UserpoolService.ListOperations': [pool('userpools.view')],
  'UserpoolService.ListAccessBindings': [poolResource('userpools.view')],
  'UserpoolService.SetAccessBindings': [poolResource('userpools.bind')],
  'UserpoolService.UpdateAccessBindings': [poolResource('userpools.bind')],

  'SynchronizationService.SetReplicationToken': [container('userpools.edit', 'sync.run')],
  'SynchronizationService.ResetReplicationToken': [container('userpools.edit', 'sync.run')],
  'SynchronizationService.GetReplicationToken': [container('userpools.edit', 'sync.run')],
  'SynchronizationService.CreateSynchronizationSettings': [container('userpools.edit')],
  'SynchronizationService.UpdateSynchronizationSettings': [container('userpools.edit')],
  'SynchronizationService.DeleteSynchronizationSettings': [container('userpools.edit')],
  'SynchronizationService.GetSynchronizationSettings': [container('userpools.view')],
  'SynchronizationService.ListSupportedAttributes': 'token',
  'SynchronizationSessionService.OpenSession': [container('sync.run')],
  'SynchronizationSessionService.CloseSession': [session('sync.run')],
  'SynchronizationSessionService.ReportSessionProgress': [session('sync.run')],
  'SynchronizationSessionService.Heartbeat': [session('sync.run')],
  'SynchronizationSessionService.GetSession': [session('sync.run', 'userpools.view')],
  'SynchronizationSessionService.ListSessions': [container('sync.run', 'userpools.view')],

  'oauth.ApplicationService.Get': [oauth('oauth.view')],
  'oauth.ApplicationService.List': [organization('oauth.view')],
  'oauth.ApplicationService.Create': [organization('oauth.edit')],
  'oauth.ApplicationService.Update': [oauth('oauth.edit')],
  'oauth.ApplicationService.Suspend': [oauth('oauth.edit')],
  'oauth.ApplicationService.Reactivate': [oauth('oauth.edit')],
  'oauth.ApplicationService.Delete': [oauth('oauth.edit')],
  'oauth.ApplicationService.ListOperations': [oauth('oauth.view')],
  'oauth.ApplicationService.ListAccessBindings': [oauthResource('oauth.view')],
  'oauth.ApplicationService.SetAccessBindings': [oauthResource('oauth.bind')],
  'oauth.ApplicationService.UpdateAccessBindings': [oauthResource('oauth.bind')],
  'oauth.ApplicationService.ListAssignments': [oauth('oauth.view', 'oauth.assign')],
  'oauth.ApplicationService.UpdateAssignments': [oauth('oauth.assign')],

  'saml.ApplicationService.Get': [saml('saml.view')],
  'saml.ApplicationService.List': [organization('saml.view')],
  'saml.ApplicationService.Create': [organization('saml.edit')],
  'saml.ApplicationService.Update': [saml('saml.edit')],
  'saml.ApplicationService.Delete': [saml('saml.edit')],
  'saml.ApplicationService.Suspend': [saml('saml.edit')],
  'saml.ApplicationService.Reactivate': [saml('saml.edit')],
  'saml.ApplicationService.ListSupportedAttributeValues': 'token',
  'saml.ApplicationService.ListOperations': [saml('saml.view')],
  'saml.ApplicationService.ListAccessBindings': [samlResource('saml.view')],
  'saml.ApplicationService.SetAccessBindings': [samlResource('saml.bind')],
  'saml.ApplicationService.UpdateAccessBindings': [samlResource('saml.bind')],
  'saml.ApplicationService.ListAssignments': [saml('saml.view', 'saml.assign')],
  'saml.ApplicationService.UpdateAssignments': [saml('saml.assign')],
  'SignatureCertificateService.Get': [certificate('saml.view')],
  'SignatureCertificateService.List': [saml('saml.view')],
  'SignatureCertificateService.Create': [saml('saml.edit')],
  'SignatureCertificateService.Update': [certificate('saml.edit')],
  'SignatureCertificateService.Delete': [certificate('saml.edit')],

  'GroupService.Get': [group('groups.view')],
  'GroupService.ResolveExternal': [container('externalGroups.view')],
  'GroupService.List': [organization('groups.view')],
  'GroupService.ListExternal': [container('externalGroups.view')],
  'GroupService.Create': [organization('groups.edit')],
  'GroupService.CreateExternal': [organization('externalGroups.create'), container('externalGroups.link')],
  'GroupService.Update': [group('groups.edit', 'externalGroups.edit')],
  'GroupService.ConvertToExternal': [group('externalGroups.convert'), container('externalGroups.link')],
  'GroupService.ConvertAllToBasic': [container('externalGroups.unlink')],
  'GroupService.Delete': [group('groups.edit', 'externalGroups.edit')],
  'GroupService.ListOperations': [group('groups.view')],
  'GroupService.ListMembers': [group('groups.view', 'externalGroups.edit')],
  'GroupService.UpdateMembers': [group('groups.members', 'externalGroups.edit')],
  'GroupService.ListAccessBindings': [groupResource('groups.view', 'externalGroups.edit')],
  'GroupService.SetAccessBindings': [groupResource('groups.bind')],
  'GroupService.UpdateAccessBindings': [groupResource('groups.bind')],
  'GroupService.ListEffective': [at(places.someOrganization, 'organizationId')('members.view')],

  'organizationmanager.UserService.ListMembers': [organization('members.view')],
  'organizationmanager.UserService.DeleteMembership': [organization('members.remove')],
  'OrganizationService.Get': [organization('organization.view')],
  'OrganizationService.List': 'token',
  'OrganizationService.Update': [organization('organization.edit')],
  'OrganizationService.ListOperations': [organization('organization.view')],
  'OrganizationService.ListAccessBindings': [organizationResource('organization.view')],
  'OrganizationService.SetAccessBindings': [organizationResource('organization.bind')],
  'OrganizationService.UpdateAccessBindings': [organizationResource('organization.bind')],
  'OrganizationService.ListAccessPolicyBindings': [organizationResource('organization.view')],
  'OrganizationService.BindAccessPolicy': [organizationResource('organization.bind')],
  'OrganizationService.UnbindAccessPolicy': [organizationResource('organization.bind')],
  'OrganizationService.UpdateAccessPolicyBindingParameters': [organizationResource('organization.bind')],

  'MfaEnforcementService.Create': [organization('mfa.edit')],
  'MfaEnforcementService.Update': [mfa('mfa.edit')],
  'MfaEnforcementService.Activate': [mfa('mfa.edit')],
  'MfaEnforcementService.Deactivate': [mfa('mfa.edit')],
  'MfaEnforcementService.Delete': [mfa('mfa.edit')],
  'MfaEnforcementService.Get': [mfa('mfa.view')],
  'MfaEnforcementService.List': [organization('mfa.view')],
  'MfaEnforcementService.UpdateAudience': [mfa('mfa.edit')],
  'MfaEnforcementService.ListAudience': [mfa('mfa.view')],
  'MfaEnforcementService.UpdateExcludedAudience': [mfa('mfa.edit')],
  'MfaEnforcementService.ListExcludedAudience': [mfa('mfa.view')],

  'OperationService.Get': [operation(...ANY_VIEW)],
  'OperationService.Cancel': [operation('organization.edit')],
  'ApiEndpointService.Get': 'open',
  'ApiEndpointService.List': 'open',
  'IamTokenService.Create': 'open',
  'IamTokenService.CreateForServiceAccount': [at(places.serviceAccount, 'serviceAccountId')('tokens.create')],
  // "Any authenticated user can revoke an IAM token", the documentation says.
  'IamTokenService.Revoke': 'token',
  'OAuthClientService.Get': [client('clients.view')],
  'OAuthClientService.List': [folder('clients.view')],
  'OAuthClientService.ListProfiles': 'token',
  'OAuthClientService.Create': [folder('clients.edit')],
  'OAuthClientService.Update': [client('clients.edit')],
  'OAuthClientService.Delete': [client('clients.edit')],
  'OAuthClientSecretService.Get': [secret('clients.view')],
  'OAuthClientSecretService.List': [client('clients.view')],
  'OAuthClientSecretService.Create': [client('clients.edit')],
  'OAuthClientSecretService.Delete': [secret('clients.edit')],
}

/** With `--yandex-auth strict`: refuses what the caller's roles do not allow. */
export function authorize(call: YandexCall, name: Name, input: Readonly<Record<string, unknown>>): void {
  const need = NEEDS[name]
  if (typeof need === 'string' || !isGuarded(call)) return
  for (const { find, member, any } of need) {
    const id = String(input[member] ?? '')
    const place = find(call, id)
    if (!may(call, place, ...any.filter((permission) => counts(call, permission, input))) && !isOwn(call, name, input)) deny(call, place)
    if (name.endsWith('AccessBindings')) requireGrantable(call, place, boundBy(call, place, input))
  }
}

/** Whoever manages external groups manages no others. */
function counts(call: YandexCall, permission: Permission, { groupId, resourceId }: Readonly<Record<string, unknown>>): boolean {
  return permission !== 'externalGroups.edit' || call.group(String(groupId ?? resourceId)).externalId !== undefined
}

/** All bindings that a request touches; those that it replaces, too. */
function boundBy(call: YandexCall, { id }: Place, input: Readonly<Record<string, unknown>>): AccessBinding[] {
  const deltas = input.accessBindingDeltas as AccessBindingDelta[] | undefined
  const given = input.accessBindings as AccessBinding[] | undefined
  if (deltas !== undefined) return deltas.map(({ accessBinding }) => accessBinding)
  return given === undefined ? [] : [...given, ...accessBindings.all(call, id)]
}

/** (?) What users may change of themselves where their pool lets them: the settings have names and no description. */
const EDITABLE = {
  allowEditSelfInfo: ['fullName', 'givenName', 'familyName', 'companyName', 'department', 'jobTitle', 'employeeId'],
  allowEditSelfContacts: ['email', 'phoneNumber'],
  allowEditSelfLogin: ['username'],
} as const

/** What anybody may do with their own: see their account and their groups, follow their operations, and edit what the pool's settings say. */
function isOwn(call: YandexCall, name: Name, input: Readonly<Record<string, unknown>>): boolean {
  const { userId, subjectId, operationId, updateMask } = input
  if (name === 'idp.UserService.Get') return userId === call.subject
  if (name === 'GroupService.ListEffective') return subjectId === call.subject
  if (name === 'OperationService.Get' || name === 'OperationService.Cancel') {
    return running.get(call, '', String(operationId))?.operation.createdBy === call.subject
  }
  if (name !== 'idp.UserService.Update' || userId !== call.subject || typeof updateMask !== 'string') return false
  const settings = call.pool(call.user(call.subject).userpoolId).userSettings ?? {}
  const editable = Object.entries(EDITABLE).flatMap(([setting, members]) =>
    settings[setting as keyof typeof EDITABLE] === true ? [...members] : [],
  )
  return updateMask.split(',').every((member) => (editable as string[]).includes(member))
}

/** A user as the caller may see it: auditors see no phone numbers. */
export function seen(call: YandexCall, user: User): User {
  if (!isGuarded(call) || user.id === call.subject || user.phoneNumber === undefined) return user
  const { phoneNumber: _hidden, ...rest } = user
  return permissionsAt(call, places.userpool(call, user.userpoolId)).has('phones.view') ? user : rest
}

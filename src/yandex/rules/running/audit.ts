const ORGANIZATION = 'yandex.cloud.audit.organizationmanager.'
const IAM = 'yandex.cloud.audit.iam.'

/** Audit events by the operations that cause them, as the service's documentation names them (yandex-idp 17); others have no known name. */
const EVENTS: Readonly<Record<string, string>> = {
  'idp.UserService.Create': 'idp.CreateUser',
  'idp.UserService.Update': 'idp.UpdateUser',
  'idp.UserService.Delete': 'idp.DeleteUser',
  'idp.UserService.Suspend': 'idp.SuspendUser',
  'idp.UserService.Reactivate': 'idp.ReactivateUser',
  'idp.UserService.SetOthersPassword': 'idp.SetUserPassword',
  'idp.UserService.ConvertToExternal': 'idp.ConvertUserToExternal',
  'UserpoolService.Create': 'idp.CreateUserpool',
  'UserpoolService.Update': 'idp.UpdateUserpool',
  'UserpoolService.Delete': 'idp.DeleteUserpool',
  'UserpoolService.AddDomain': 'idp.AddUserpoolDomain',
  'UserpoolService.ValidateDomain': 'idp.ValidateUserpoolDomain',
  'UserpoolService.DeleteDomain': 'idp.DeleteUserpoolDomain',
  'UserpoolService.SetAccessBindings': 'idp.SetUserpoolAccessBindings',
  'UserpoolService.UpdateAccessBindings': 'idp.UpdateUserpoolAccessBindings',
  ...applicationEvents('oauth'),
  ...applicationEvents('saml'),
  'SignatureCertificateService.Create': 'saml.CreateSignatureCertificate',
  'SignatureCertificateService.Update': 'saml.UpdateSignatureCertificate',
  'SignatureCertificateService.Delete': 'saml.DeleteSignatureCertificate',
  'GroupService.Create': 'CreateGroup',
  'GroupService.Update': 'UpdateGroup',
  'GroupService.Delete': 'DeleteGroup',
  'GroupService.UpdateMembers': 'UpdateGroupMembers',
  'GroupService.SetAccessBindings': 'SetGroupAccessBindings',
  'GroupService.UpdateAccessBindings': 'UpdateGroupAccessBindings',
  'organizationmanager.UserService.DeleteMembership': 'DeleteMembership',
  'OrganizationService.Update': 'UpdateOrganization',
  'OrganizationService.SetAccessBindings': 'SetOrganizationAccessBindings',
  'OrganizationService.UpdateAccessBindings': 'UpdateOrganizationAccessBindings',
  'OrganizationService.BindAccessPolicy': 'BindOrganizationAccessPolicy',
  'OrganizationService.UnbindAccessPolicy': 'UnbindOrganizationAccessPolicy',
  'OrganizationService.UpdateAccessPolicyBindingParameters': 'UpdateOrganizationAccessPolicyBindingParameters',
  'MfaEnforcementService.Create': 'CreateMfaEnforcement',
  'MfaEnforcementService.Update': 'UpdateMfaEnforcement',
  'MfaEnforcementService.Activate': 'ActivateMfaEnforcement',
  'MfaEnforcementService.Deactivate': 'DeactivateMfaEnforcement',
  'MfaEnforcementService.Delete': 'DeleteMfaEnforcement',
  'MfaEnforcementService.UpdateAudience': 'UpdateMfaEnforcementAudience',
}

const IAM_EVENTS: Readonly<Record<string, string>> = {
  'OAuthClientService.Create': 'oauthclient.CreateOAuthClient',
  'OAuthClientService.Update': 'oauthclient.UpdateOAuthClient',
  'OAuthClientService.Delete': 'oauthclient.DeleteOAuthClient',
  'OAuthClientSecretService.Create': 'oauthclient.CreateOAuthClientSecret',
  'OAuthClientSecretService.Delete': 'oauthclient.DeleteOAuthClientSecret',
}

function applicationEvents(kind: 'oauth' | 'saml'): Record<string, string> {
  const of = (method: string) => `${kind}.ApplicationService.${method}`
  return {
    [of('Create')]: `${kind}.CreateApplication`,
    [of('Update')]: `${kind}.UpdateApplication`,
    [of('Delete')]: `${kind}.DeleteApplication`,
    [of('Suspend')]: `${kind}.SuspendApplication`,
    [of('Reactivate')]: `${kind}.ReactivateApplication`,
    [of('SetAccessBindings')]: `${kind}.SetApplicationAccessBindings`,
    [of('UpdateAccessBindings')]: `${kind}.UpdateApplicationAccessBindings`,
    [of('UpdateAssignments')]: `${kind}.UpdateApplicationAssignments`,
  }
}

/** The data plane's event of a sign-in. */
export const SIGN_IN = `${ORGANIZATION}idp.AuthenticateByPassword`

/** Of a user who changes a one-time password; what is told of another password is not known. */
export const CHANGE_ONE_TIME = `${ORGANIZATION}idp.ChangeOneTimePassword`

/** Events of the data plane of IAM, by what happens (docs: audit-trails, iam-events-dp). (?) Which call of ours each belongs to is a guess. */
export const IAM_DATA = {
  createToken: `${IAM}CreateIamToken`,
  revokeToken: `${IAM}RevokeIamToken`,
  applicationLogin: `${IAM}credential.ApplicationLoginEvent`,
  endSession: `${IAM}credential.RevokeSsoSession`,
  factor: `${IAM}mfa.VerifyUserCredential`,
} as const

export function eventOf(name: string): string | undefined {
  const [event, elsewhere] = [EVENTS[name], IAM_EVENTS[name]]
  if (event !== undefined) return ORGANIZATION + event
  return elsewhere === undefined ? undefined : IAM + elsewhere
}

const PREFIX = 'yandex.cloud.audit.organizationmanager.'

/** Audit events by the operations that cause them, as the service names them (yandex-idp 17); others have no known name. */
const EVENTS: Readonly<Record<string, string>> = {
  'idp.UserService.Create': 'idp.CreateUser',
  'idp.UserService.Update': 'idp.UpdateUser',
  'idp.UserService.Delete': 'idp.DeleteUser',
  'idp.UserService.Suspend': 'idp.SuspendUser',
  'idp.UserService.Reactivate': 'idp.ReactivateUser',
  'idp.UserService.SetOthersPassword': 'idp.SetUserPassword',
  'idp.UserService.SetOwnPassword': 'idp.ChangeOneTimePassword',
  'idp.UserService.ConvertToExternal': 'idp.ConvertUserToExternal',
  'UserpoolService.Create': 'idp.CreateUserpool',
  'UserpoolService.Update': 'idp.UpdateUserpool',
  'UserpoolService.Delete': 'idp.DeleteUserpool',
  'UserpoolService.AddDomain': 'idp.AddUserpoolDomain',
  'UserpoolService.ValidateDomain': 'idp.ValidateUserpoolDomain',
  'UserpoolService.DeleteDomain': 'idp.DeleteUserpoolDomain',
  'UserpoolService.SetAccessBindings': 'idp.SetUserpoolAccessBindings',
  'UserpoolService.UpdateAccessBindings': 'idp.UpdateUserpoolAccessBindings',
  'MfaEnforcementService.Create': 'CreateMfaEnforcement',
}

/** The data plane's event of a sign-in. */
export const SIGN_IN = `${PREFIX}idp.AuthenticateByPassword`

export function eventOf(name: string): string | undefined {
  const event = EVENTS[name]
  return event === undefined ? undefined : PREFIX + event
}

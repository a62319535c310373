import type { Call } from '../../../core/call.ts'
import { collection } from '../../../core/records.ts'
import type { CognitoCall } from '../../call.ts'
import { provisionedLimits } from '../../records.ts'
import { inQuotaMode } from './quotas.ts'

interface Category {
  /** Requests a second that an account has for nothing in a region. */
  free: number
  /** Whether more can be bought. */
  adjustable?: true
  operations?: readonly string[]
}

/**
 * API categories (developer guide, quotas). (?) Operations that the guide's table does not list, being newer, are in the category of
 * their like.
 */
export const CATEGORIES: Readonly<Record<string, Category>> = {
  UserAuthentication: {
    free: 120,
    adjustable: true,
    operations: ['InitiateAuth', 'AdminInitiateAuth', 'AdminRespondToAuthChallenge', 'GetTokensFromRefreshToken'],
  },
  UserCreation: { free: 50, adjustable: true, operations: ['SignUp', 'ConfirmSignUp', 'AdminCreateUser', 'AdminConfirmSignUp'] },
  UserFederation: { free: 25, adjustable: true },
  UserAccountRecovery: {
    free: 30,
    operations: ['ForgotPassword', 'ConfirmForgotPassword', 'ChangePassword', 'AdminResetUserPassword', 'AdminSetUserPassword'],
  },
  UserRead: { free: 120, adjustable: true, operations: ['GetUser', 'AdminGetUser'] },
  UserUpdate: {
    free: 25,
    operations: [
      ...['AdminAddUserToGroup', 'AdminRemoveUserFromGroup', 'AdminDeleteUser', 'AdminDeleteUserAttributes', 'AdminDisableUser'],
      ...['AdminDisableProviderForUser', 'AdminEnableUser', 'AdminLinkProviderForUser', 'AdminUpdateUserAttributes'],
      ...['AdminUserGlobalSignOut', 'DeleteUser', 'DeleteUserAttributes', 'GlobalSignOut', 'UpdateUserAttributes'],
    ],
  },
  UserToken: { free: 120, adjustable: true, operations: ['RevokeToken'] },
  UserResourceRead: {
    free: 50,
    adjustable: true,
    operations: [
      ...['AdminGetDevice', 'AdminGetUserAuthFactors', 'AdminListDevices', 'AdminListGroupsForUser', 'AdminListUserAuthEvents'],
      ...['AdminListUserSessions', 'GetDevice', 'GetUserAttributeVerificationCode', 'GetUserAuthFactors', 'ListDevices'],
      ...['ListUserSessions', 'ListWebAuthnCredentials'],
    ],
  },
  UserResourceUpdate: {
    free: 25,
    operations: [
      ...['AdminDeleteSoftwareToken', 'AdminForgetDevice', 'AdminRevokeUserSession', 'AdminSetUserMFAPreference', 'AdminSetUserSettings'],
      ...['AdminUpdateAuthEventFeedback', 'AdminUpdateDeviceStatus', 'AssociateSoftwareToken', 'CompleteWebAuthnRegistration'],
      ...[
        'ConfirmDevice',
        'DeleteWebAuthnCredential',
        'ForgetDevice',
        'ResendConfirmationCode',
        'RevokeUserSession',
        'SetUserMFAPreference',
      ],
      ...['SetUserSettings', 'StartWebAuthnRegistration', 'UpdateAuthEventFeedback', 'UpdateDeviceStatus', 'VerifySoftwareToken'],
      'VerifyUserAttribute',
    ],
  },
  UserList: { free: 30, operations: ['ListUsers', 'ListUsersInGroup'] },
  UserPoolRead: { free: 15, operations: ['DescribeUserPool', 'ListUserPools'] },
  UserPoolUpdate: { free: 15, operations: ['CreateUserPool', 'DeleteUserPool', 'UpdateUserPool'] },
  UserPoolResourceRead: { free: 20 },
  UserPoolResourceUpdate: { free: 15 },
  UserPoolClientRead: { free: 15, operations: ['DescribeUserPoolClient', 'ListUserPoolClients', 'ListUserPoolClientSecrets'] },
  UserPoolClientUpdate: {
    free: 15,
    operations: [
      ...['AddUserPoolClientSecret', 'CreateUserPoolClient', 'DeleteUserPoolClient', 'DeleteUserPoolClientSecret', 'UpdateUserPoolClient'],
    ],
  },
  ClientAuthentication: { free: 150, operations: ['GetClientToken'] },
  LimitManagement: { free: 1, operations: ['GetProvisionedLimit', 'UpdateProvisionedLimit'] },
}

const BY_OPERATION: ReadonlyMap<string, string> = new Map(
  Object.entries(CATEGORIES).flatMap(([category, { operations = [] }]) =>
    operations.map((operation): [string, string] => [operation, category]),
  ),
)

/** Answers to challenges have this many times the rate of the sign-ins that they belong to. */
const ANSWERS = 3

function categoryOf(operation: string): string {
  return BY_OPERATION.get(operation) ?? (/^(Describe|Get|List)/.test(operation) ? 'UserPoolResourceRead' : 'UserPoolResourceUpdate')
}

/** How many requests a second a category takes in the region of the call: what was bought, else what is free. */
export function rateOf(call: CognitoCall, category: string): number {
  return provisionedLimits.get(call, call.region, category)?.value ?? CATEGORIES[category]?.free ?? 0
}

/** Filed under the region by category. */
const rates = collection<{ second: number; count: number }>('cognito.rate')

/** In quota mode: refuses what comes too often in one second of the emulator's clock (W13). Each call counts, refused or not. */
export function holdRate(call: CognitoCall): void {
  if (!inQuotaMode(call)) return
  const { operation, region } = call
  const answer = operation === 'RespondToAuthChallenge'
  const category = answer ? operation : categoryOf(operation)
  const most = answer ? ANSWERS * rateOf(call, 'UserAuthentication') : rateOf(call, category)

  const second = Math.floor(call.seconds)
  const known = rates.get(call, region, category)
  const count = known?.second === second ? known.count : 0
  if (count >= most) call.fail('TooManyRequestsException', 'Rate exceeded')
  const keep = (counted: Call) => rates.put(counted, region, category, { second, count: count + 1 })
  keep(call)
  call.afterRefusal(keep)
}

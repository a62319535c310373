import type { CognitoCall } from '../../call.ts'
import type { AttributeListType } from '../../contract/types.ts'
import type { Pool, User } from '../../records.ts'
import { claimAliases } from '../users/aliases.ts'
import { toRecord } from '../users/attributes.ts'
import { attributesOf, told, trigger, triggerAfterwards } from './triggers.ts'

/** What came along with the request for the functions' eyes. */
export interface Aside {
  clientId?: string | undefined
  ValidationData?: AttributeListType | undefined
  ClientMetadata?: Record<string, string> | undefined
}

interface Admission {
  autoConfirmUser?: boolean | null
  autoVerifyEmail?: boolean | null
  autoVerifyPhone?: boolean | null
}

type PreSignUpSource = 'PreSignUp_SignUp' | 'PreSignUp_AdminCreateUser' | 'PreSignUp_ExternalProvider'

/**
 * The user who is about to be, as the pool's function wants: perhaps confirmed, perhaps with verified contacts, whose aliases it then
 * takes over (H5). Where an administrator or a provider decides that, the function's wish counts for nothing (A5). (?) It is asked
 * after the name was found to be free: whether it hears of a taken one was not seen.
 */
export function admit(call: CognitoCall, pool: Pool, source: PreSignUpSource, user: User, aside: Aside): User {
  const signsUp = source === 'PreSignUp_SignUp'
  const { ValidationData } = aside
  const admission = trigger<Admission>(call, pool, 'PreSignUp', source, {
    userName: user.Username,
    clientId: aside.clientId,
    request: {
      userAttributes: signsUp ? withoutMarks(user.Attributes) : { ...user.Attributes, ...(source === EXTERNAL ? ALIASES : {}) },
      validationData: ValidationData === undefined ? null : toRecord(ValidationData),
      ...told(aside.ClientMetadata),
    },
    response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
    form: { members: { autoConfirmUser: 'flag', autoVerifyEmail: 'flag', autoVerifyPhone: 'flag' } },
  })
  if (admission === undefined || !signsUp) return user

  const Attributes = { ...user.Attributes }
  if (admission.autoVerifyEmail === true) verify(call, Attributes, 'email')
  if (admission.autoVerifyPhone === true) verify(call, Attributes, 'phone_number')
  const admitted: User = { ...user, Attributes, UserStatus: admission.autoConfirmUser === true ? 'CONFIRMED' : user.UserStatus }
  claimAliases(call, pool, admitted, true)
  return admitted
}

const EXTERNAL = 'PreSignUp_ExternalProvider'
/** As events of this occasion have them, whatever the pool's aliases are. */
const ALIASES = { 'cognito:email_alias': '', 'cognito:phone_number_alias': '' }

/** Nobody has verified anything before the user is there, and the event does not speak of it. */
function withoutMarks(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !name.endsWith('_verified')))
}

function verify(call: CognitoCall, attributes: Record<string, string>, name: 'email' | 'phone_number'): void {
  if (attributes[name] === undefined) call.fail('InvalidLambdaResponseException', nothingToVerify(name))
  attributes[`${name}_verified`] = 'true'
}

/** (?) That it fails is documented (cognito-facts 174), the sentence is not. */
const nothingToVerify = (name: string) => `User does not have an ${name} to verify.`

/**
 * After a user was confirmed, or has a new password by a code. The function sees the user so, and the user stays so even if it throws
 * (seen in amplify-cli#2735).
 */
export function postConfirmation(
  call: CognitoCall,
  pool: Pool,
  source: 'PostConfirmation_ConfirmSignUp' | 'PostConfirmation_ConfirmForgotPassword',
  user: User,
  { clientId, ClientMetadata }: Aside,
): void {
  triggerAfterwards(call, pool, 'PostConfirmation', source, {
    userName: user.Username,
    clientId,
    request: { userAttributes: attributesOf(user), ...told(ClientMetadata) },
    response: {},
    form: 'any',
  })
}

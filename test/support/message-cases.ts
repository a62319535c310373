import { KEY } from './envelope.ts'
import { PASSWORD } from './sign-in.ts'
import { ada, bob, type Case, MAIL, METADATA, PHONE, type Scene, SOME_SUB, signUp, type Texts, tokens } from './trigger-cases.ts'

type Contact = 'email' | 'phone_number'
type Occasion = Pick<Case, 'before' | 'act' | 'userName' | 'clientId'> & {
  name: string
  metadata?: true
  attributes(scene: Scene): Texts
  code: RegExp
}

const CODE = /^\d{6}$/

/** Each reason for a message, as it comes to be with one of the contacts. */
function occasions(contact: Contact): Occasion[] {
  const value = contact === 'email' ? MAIL : PHONE
  const other = contact === 'email' ? 'new@example.com' : '+12025550199'
  const unconfirmed = () => ({
    sub: SOME_SUB,
    'cognito:user_status': 'UNCONFIRMED',
    [contact]: value,
    [`${contact}_verified`]: 'false',
  })
  const verifiedOnly = (scene: Scene) =>
    scene.idp.cognito.AdminUpdateUserAttributes({
      UserPoolId: scene.pool,
      Username: 'ada',
      UserAttributes: [{ Name: contact === 'email' ? 'phone_number_verified' : 'email_verified', Value: 'false' }],
    })
  return [
    {
      name: 'SignUp',
      act: (scene) => signUp(scene, { [contact]: value }),
      userName: 'bob',
      metadata: true,
      attributes: unconfirmed,
      code: CODE,
    },
    {
      name: 'AdminCreateUser',
      act: ({ idp, pool }) =>
        idp.cognito.AdminCreateUser({
          ...bob,
          UserPoolId: pool,
          TemporaryPassword: PASSWORD,
          DesiredDeliveryMediums: [contact === 'email' ? 'EMAIL' : 'SMS'],
          UserAttributes: [{ Name: contact, Value: value }],
        }),
      userName: 'bob',
      clientId: 'CLIENT_ID_NOT_APPLICABLE',
      metadata: true,
      attributes: () => ({ sub: SOME_SUB, 'cognito:user_status': 'FORCE_CHANGE_PASSWORD', [contact]: value }),
      code: new RegExp(`^${PASSWORD}$`),
    },
    {
      name: 'ResendCode',
      before: async (scene) => {
        await signUp(scene, { [contact]: value })
        return {}
      },
      act: ({ idp, client }) => idp.cognito.ResendConfirmationCode({ ...bob, ClientId: client }),
      userName: 'bob',
      metadata: true,
      attributes: unconfirmed,
      code: CODE,
    },
    {
      name: 'ForgotPassword',
      before: async (scene) => {
        await verifiedOnly(scene)
        return {}
      },
      act: ({ idp, client }) => idp.cognito.ForgotPassword({ ClientId: client, Username: 'ada', ClientMetadata: METADATA }),
      metadata: true,
      attributes: (scene) => ({ ...ada(scene), [contact === 'email' ? 'phone_number_verified' : 'email_verified']: 'false' }),
      code: CODE,
    },
    {
      name: 'UpdateUserAttribute',
      before: tokens,
      act: ({ idp }, { AccessToken = '' }) =>
        idp.cognito.UpdateUserAttributes({ AccessToken, UserAttributes: [{ Name: contact, Value: other }], ClientMetadata: METADATA }),
      metadata: true,
      attributes: (scene) => ({ ...ada(scene), [contact]: other, [`${contact}_verified`]: 'false' }),
      code: CODE,
    },
    {
      name: 'VerifyUserAttribute',
      before: tokens,
      act: ({ idp }, { AccessToken = '' }) =>
        idp.cognito.GetUserAttributeVerificationCode({ AccessToken, AttributeName: contact, ClientMetadata: METADATA }),
      metadata: true,
      attributes: ada,
      code: CODE,
    },
    {
      name: 'Authentication',
      act: async ({ idp, ...world }) => {
        const SmsConfiguration = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sns' }
        await idp.cognito.SetUserPoolMfaConfig({
          UserPoolId: world.pool,
          MfaConfiguration: 'OPTIONAL',
          SmsMfaConfiguration: { SmsConfiguration },
          EmailMfaConfiguration: {},
        })
        const on = { Enabled: true }
        const settings = contact === 'email' ? { EmailMfaSettings: on } : { SMSMfaSettings: on }
        await idp.cognito.AdminSetUserMFAPreference({ UserPoolId: world.pool, Username: 'ada', ...settings })
        // What comes with InitiateAuth is not for these (H6).
        return idp.cognito.InitiateAuth({
          AuthFlow: 'USER_PASSWORD_AUTH',
          ClientId: world.client,
          AuthParameters: { USERNAME: 'ada', PASSWORD },
          ClientMetadata: METADATA,
        })
      },
      attributes: ada,
      code: CODE,
    },
  ]
}

const told = (metadata: true | undefined) => (metadata === undefined ? {} : { clientMetadata: METADATA })

/** CustomMessage, CustomEmailSender and CustomSMSSender, for every occasion. */
export const MESSAGES: readonly Case[] = (['email', 'phone_number'] as const).flatMap((contact) =>
  occasions(contact).flatMap(({ name, metadata, attributes, code, ...occasion }): Case[] => {
    const sender = contact === 'email' ? 'CustomEmailSender' : 'CustomSMSSender'
    const sealed: Case = {
      ...occasion,
      source: `${sender}_${name}`,
      trigger: sender,
      config: (LambdaArn) => ({ [sender]: { LambdaVersion: 'V1_0', LambdaArn }, KMSKeyID: KEY }),
      request: (scene) => ({
        type: contact === 'email' ? 'customEmailSenderRequestV1' : 'customSMSSenderRequestV1',
        ...told(metadata),
        userAttributes: attributes(scene),
      }),
      response: {},
      sealed: code,
    }
    const worded: Case = {
      ...occasion,
      source: `CustomMessage_${name}`,
      trigger: 'CustomMessage',
      config: (CustomMessage) => ({ CustomMessage }),
      request: (scene) => ({
        userAttributes: attributes(scene),
        codeParameter: '{####}',
        linkParameter: '{##Click Here##}',
        usernameParameter: name === 'AdminCreateUser' ? '{username}' : null,
        ...told(metadata),
      }),
      response: { smsMessage: null, emailMessage: null, emailSubject: null },
    }
    return [sealed, worded]
  }),
)

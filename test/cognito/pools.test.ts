import { test } from 'tap'
import { emulator, START } from '../support/emulator.ts'

test('CreateUserPool', async (t) => {
  const idp = await emulator(t)

  await t.test('answers the defaults of a pool made with only a name', async (t) => {
    const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'people' })
    const { Id = '', SchemaAttributes, ...rest } = UserPool ?? {}
    t.match(Id, /^us-east-1_[0-9A-Za-z]{9}$/)
    t.strictSame(rest, {
      Name: 'people',
      Policies: {
        PasswordPolicy: {
          MinimumLength: 8,
          RequireUppercase: true,
          RequireLowercase: true,
          RequireNumbers: true,
          RequireSymbols: true,
          TemporaryPasswordValidityDays: 7,
        },
        SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD'] },
      },
      DeletionProtection: 'INACTIVE',
      LambdaConfig: {},
      VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_CODE' },
      MfaConfiguration: 'OFF',
      EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' },
      UserPoolTags: {},
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: false, UnusedAccountValidityDays: 7 },
      AccountRecoverySetting: {
        RecoveryMechanisms: [
          { Priority: 1, Name: 'verified_email' },
          { Priority: 2, Name: 'verified_phone_number' },
        ],
      },
      UserPoolTier: 'ESSENTIALS',
      LastModifiedDate: START / 1000,
      CreationDate: START / 1000,
      Arn: `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${Id}`,
      EstimatedNumberOfUsers: 0,
    })
    t.equal(SchemaAttributes?.length, 21)
    t.strictSame((await idp.cognito.DescribeUserPool({ UserPoolId: Id })).UserPool, UserPool)
  })
})

import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  CreateUserImportJobCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  DeleteUserCommand,
  DescribeUserImportJobCommand,
  ForgotPasswordCommand,
  GetCSVHeaderCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ListUsersCommand,
  SignUpCommand,
  StartUserImportJobCommand,
  UpdateUserAttributesCommand,
  type UserImportJobType,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { test } from 'tap'
import { awsClient, target } from '../support/target.ts'

const Password = 'First-Secret-1'

test('users who help themselves, and users from a file, with the AWS SDK', async (t) => {
  const url = await target(t)
  const sdk = new CognitoIdentityProviderClient(awsClient(url))
  t.teardown(() => sdk.destroy())
  const { UserPool } = await sdk.send(
    new CreateUserPoolCommand({ PoolName: 'journey', AutoVerifiedAttributes: ['email'], UsernameAttributes: ['email'] }),
  )
  const UserPoolId = UserPool?.Id as string
  const { UserPoolClient } = await sdk.send(
    new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'app', ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] }),
  )
  const ClientId = UserPoolClient?.ClientId as string
  const codeFor = async (to: string): Promise<string> => {
    const message = (await (await fetch(`${url}/_/outbox/latest?to=${encodeURIComponent(to)}&wait=5s`)).json()) as { code: string }
    return message.code
  }
  const signIn = async (USERNAME: string, PASSWORD: string): Promise<string> => {
    const { AuthenticationResult } = await sdk.send(
      new InitiateAuthCommand({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId, AuthParameters: { USERNAME, PASSWORD } }),
    )
    return AuthenticationResult?.AccessToken as string
  }

  await t.test('signs up, confirms by the code of the mail and signs in', async (t) => {
    const Username = 'ada@example.com'
    const { UserConfirmed, CodeDeliveryDetails } = await sdk.send(new SignUpCommand({ ClientId, Username, Password }))
    t.equal(UserConfirmed, false)
    t.strictSame(CodeDeliveryDetails, { Destination: 'a***@e***', DeliveryMedium: 'EMAIL', AttributeName: 'email' })
    await t.rejects(signIn(Username, Password), { name: 'UserNotConfirmedException', message: 'User is not confirmed.' })
    await sdk.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode: await codeFor(Username) }))
    t.ok(await signIn(Username, Password))
  })

  await t.test('forgets the password and sets another by the code of the mail', async (t) => {
    const Username = 'ada@example.com'
    await sdk.send(new ForgotPasswordCommand({ ClientId, Username }))
    const ConfirmationCode = await codeFor(Username)
    await sdk.send(new ConfirmForgotPasswordCommand({ ClientId, Username, ConfirmationCode, Password: 'Second-Secret-2' }))
    await t.rejects(signIn(Username, Password), { name: 'NotAuthorizedException', message: 'Incorrect username or password.' })
    t.ok(await signIn(Username, 'Second-Secret-2'))
  })

  await t.test('moves to another e-mail, verifies it, and leaves', async (t) => {
    const AccessToken = await signIn('ada@example.com', 'Second-Secret-2')
    const Value = 'countess@example.org'
    await sdk.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes: [{ Name: 'email', Value }] }))
    await sdk.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code: await codeFor(Value) }))
    const { UserAttributes = [] } = await sdk.send(new GetUserCommand({ AccessToken }))
    t.match(Object.fromEntries(UserAttributes.map(({ Name, Value: value }) => [Name, value])), { email: Value, email_verified: 'true' })
    await sdk.send(new DeleteUserCommand({ AccessToken: await signIn(Value, 'Second-Secret-2') }))
    await t.rejects(signIn(Value, 'Second-Secret-2'), { name: 'UserNotFoundException', message: 'User does not exist.' })
  })

  await t.test('imports a file with good, skipped and failing lines', async (t) => {
    await sdk.send(new AdminCreateUserCommand({ UserPoolId, Username: 'there@example.com', MessageAction: 'SUPPRESS' }))
    const { CSVHeader = [] } = await sdk.send(new GetCSVHeaderCommand({ UserPoolId }))
    const row = (email: string, verified = 'TRUE') =>
      CSVHeader.map(
        (name) =>
          ({ 'cognito:username': email, 'cognito:mfa_enabled': 'FALSE', email, email_verified: verified, name: 'A\\, B' })[name] ?? '',
      ).join(',')
    const good = Array.from({ length: 150 }, (_, index) => row(`user${index}@example.com`))
    const file = [CSVHeader.join(','), ...good, row('there@example.com'), row('unverified@example.com', 'FALSE'), ''].join('\n')

    const CloudWatchLogsRoleArn = 'arn:aws:iam::123456789012:role/service-role/Cognito-UserImport-Role'
    const created = await sdk.send(new CreateUserImportJobCommand({ UserPoolId, JobName: 'import', CloudWatchLogsRoleArn }))
    const { JobId, PreSignedUrl } = created.UserImportJob as UserImportJobType
    const headers = { 'x-amz-server-side-encryption': 'aws:kms' }
    const put = await fetch(PreSignedUrl as string, { method: 'PUT', headers, body: file })
    t.equal(put.status, 200)
    const started = await sdk.send(new StartUserImportJobCommand({ UserPoolId, JobId }))
    t.equal(started.UserImportJob?.Status, 'Pending')

    let job: UserImportJobType | undefined
    do {
      await new Promise((resolve) => setTimeout(resolve, 20))
      job = (await sdk.send(new DescribeUserImportJobCommand({ UserPoolId, JobId }))).UserImportJob
    } while (job?.Status === 'Pending' || job?.Status === 'InProgress')
    t.match(job, { Status: 'Succeeded', ImportedUsers: 150, SkippedUsers: 1, FailedUsers: 1 })

    const Filter = 'cognito:user_status = "RESET_REQUIRED"'
    const { Users = [], PaginationToken } = await sdk.send(new ListUsersCommand({ UserPoolId, Filter }))
    t.equal(Users.length, 60)
    t.ok(PaginationToken)
    const { UserAttributes = [] } = await sdk.send(new AdminGetUserCommand({ UserPoolId, Username: 'user7@example.com' }))
    t.equal(UserAttributes.find(({ Name }) => Name === 'name')?.Value, 'A, B')
    await t.rejects(signIn('user7@example.com', Password), { name: 'PasswordResetRequiredException' })
    await sdk.send(new ForgotPasswordCommand({ ClientId, Username: 'user7@example.com' }))
    const ConfirmationCode = await codeFor('user7@example.com')
    await sdk.send(new ConfirmForgotPasswordCommand({ ClientId, Username: 'user7@example.com', ConfirmationCode, Password }))
    t.ok(await signIn('user7@example.com', Password))
  })
})

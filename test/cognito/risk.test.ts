import { test } from 'tap'
import { refuses } from '../support/cognito.ts'
import { emulator, START } from '../support/emulator.ts'

const NOW = START / 1000
const ARN = 'arn:aws:ses:us-east-1:111111111111:identity/diego@example.com'

test('risk configuration', async (t) => {
  const idp = await emulator(t)
  const { UserPool } = await idp.cognito.CreateUserPool({ PoolName: 'people' })
  const UserPoolId = UserPool?.Id ?? ''
  const { UserPoolClient } = await idp.cognito.CreateUserPoolClient({ UserPoolId, ClientName: 'app' })
  const ClientId = UserPoolClient?.ClientId ?? ''

  await t.test('DescribeRiskConfiguration of what was never set', async (t) => {
    t.strictSame(await idp.cognito.DescribeRiskConfiguration({ UserPoolId }), { RiskConfiguration: { UserPoolId } })
    t.strictSame(await idp.cognito.DescribeRiskConfiguration({ UserPoolId, ClientId }), { RiskConfiguration: { UserPoolId, ClientId } })
  })

  await t.test('SetRiskConfiguration stores every part (X5)', async (t) => {
    const mail = { Subject: 'Sign-in', HtmlBody: '<b>you?</b>', TextBody: 'Was it you?' }
    const parts = {
      CompromisedCredentialsRiskConfiguration: { EventFilter: ['SIGN_IN' as const], Actions: { EventAction: 'BLOCK' as const } },
      AccountTakeoverRiskConfiguration: {
        NotifyConfiguration: {
          From: 'a@example.com',
          ReplyTo: 'b@example.com',
          SourceArn: ARN,
          BlockEmail: mail,
          NoActionEmail: mail,
          MfaEmail: mail,
        },
        Actions: {
          LowAction: { Notify: true, EventAction: 'NO_ACTION' as const },
          MediumAction: { Notify: true, EventAction: 'MFA_IF_CONFIGURED' as const },
          HighAction: { Notify: true, EventAction: 'BLOCK' as const },
        },
      },
      RiskExceptionConfiguration: { BlockedIPRangeList: ['10.10.10.10/32', '2001:db8::/32'], SkippedIPRangeList: ['10.0.0.0/8'] },
    }
    const RiskConfiguration = { UserPoolId, ...parts, LastModifiedDate: NOW }
    t.strictSame(await idp.cognito.SetRiskConfiguration({ UserPoolId, ...parts }), { RiskConfiguration })
    t.strictSame(await idp.cognito.DescribeRiskConfiguration({ UserPoolId }), { RiskConfiguration })
  })

  await t.test('SetRiskConfiguration of a client, with every event unless filtered (X5)', async (t) => {
    const CompromisedCredentialsRiskConfiguration = { Actions: { EventAction: 'NO_ACTION' as const } }
    const { RiskConfiguration } = await idp.cognito.SetRiskConfiguration({ UserPoolId, ClientId, CompromisedCredentialsRiskConfiguration })
    t.strictSame(RiskConfiguration, {
      UserPoolId,
      ClientId,
      CompromisedCredentialsRiskConfiguration: {
        Actions: { EventAction: 'NO_ACTION' },
        EventFilter: ['SIGN_IN', 'SIGN_UP', 'PASSWORD_CHANGE'],
      },
      LastModifiedDate: NOW,
    })
    t.strictSame(await idp.cognito.DescribeRiskConfiguration({ UserPoolId, ClientId }), { RiskConfiguration })
  })

  await t.test('SetRiskConfiguration with nothing clears (X5)', async (t) => {
    await idp.cognito.SetRiskConfiguration({ UserPoolId })
    t.strictSame(await idp.cognito.DescribeRiskConfiguration({ UserPoolId }), { RiskConfiguration: { UserPoolId } })
  })

  for (const range of ['10.10.10.10', '10.0.0.0/33', '10.0.0/8', 'a/8', '2001:db8::/129', '10.0.0.0/8/8']) {
    await t.test(`SetRiskConfiguration refuses ${range} for a range`, (t) =>
      refuses(
        t,
        idp.cognito.SetRiskConfiguration({ UserPoolId, RiskExceptionConfiguration: { SkippedIPRangeList: [range] } }),
        'InvalidParameterException',
        'Incorrect CIDR format',
      ),
    )
  }

  await t.test('an unknown client is refused', async (t) => {
    const notFound = ['ResourceNotFoundException', 'User pool client nobody does not exist.'] as const
    await refuses(t, idp.cognito.SetRiskConfiguration({ UserPoolId, ClientId: 'nobody' }), ...notFound)
    await refuses(t, idp.cognito.DescribeRiskConfiguration({ UserPoolId, ClientId: 'nobody' }), ...notFound)
  })
})

test('log delivery', async (t) => {
  const idp = await emulator(t)
  const pool = async (UserPoolTier: 'PLUS' | 'ESSENTIALS') =>
    (await idp.cognito.CreateUserPool({ PoolName: 'people', UserPoolTier })).UserPool?.Id ?? ''
  const UserPoolId = await pool('PLUS')
  const CloudWatchLogsConfiguration = { LogGroupArn: 'arn:aws:logs:us-west-2:123456789012:log-group:cognito-exported' }
  const S3Configuration = { BucketArn: 'arn:aws:s3:::amzn-s3-demo-bucket1' }
  const FirehoseConfiguration = { StreamArn: 'arn:aws:firehose:us-west-2:123456789012:deliverystream/mine' }
  const messages = { LogLevel: 'ERROR', EventSource: 'userNotification', CloudWatchLogsConfiguration } as const
  const events = { LogLevel: 'INFO', EventSource: 'userAuthEvents', S3Configuration } as const

  await t.test('GetLogDeliveryConfiguration of nothing', async (t) =>
    t.strictSame(await idp.cognito.GetLogDeliveryConfiguration({ UserPoolId }), {
      LogDeliveryConfiguration: { UserPoolId, LogConfigurations: [] },
    }),
  )

  await t.test('SetLogDeliveryConfiguration replaces (X7)', async (t) => {
    for (const LogConfigurations of [[messages, events], [{ ...messages }], []]) {
      const LogDeliveryConfiguration = { UserPoolId, LogConfigurations }
      t.strictSame(await idp.cognito.SetLogDeliveryConfiguration({ UserPoolId, LogConfigurations }), { LogDeliveryConfiguration })
      t.strictSame(await idp.cognito.GetLogDeliveryConfiguration({ UserPoolId }), { LogDeliveryConfiguration })
    }
  })

  const refusals: [what: string, configurations: object[], message: string][] = [
    [
      'one source twice (X7)',
      [messages, messages],
      'Request validation Failed. Following event sources appear more then once in a request: [userNotification].',
    ],
    ['messages as information (X7)', [{ ...messages, LogLevel: 'INFO' }], 'Logs of userNotification have the level ERROR'],
    ['events as errors (X7)', [{ ...events, LogLevel: 'ERROR' }], 'Logs of userAuthEvents have the level INFO'],
    ['no destination', [{ LogLevel: 'ERROR', EventSource: 'userNotification' }], 'Each log configuration needs exactly one destination'],
    ['two destinations', [{ ...events, FirehoseConfiguration }], 'Each log configuration needs exactly one destination'],
    [
      'messages to a bucket (X7)',
      [{ LogLevel: 'ERROR', EventSource: 'userNotification', S3Configuration }],
      'Logs of userNotification can be sent to CloudWatch Logs only',
    ],
  ]
  for (const [what, configurations, message] of refusals) {
    await t.test(`SetLogDeliveryConfiguration refuses ${what}`, (t) =>
      refuses(
        t,
        idp.cognito.SetLogDeliveryConfiguration({ UserPoolId, LogConfigurations: configurations as [] }),
        'InvalidParameterException',
        message,
      ),
    )
  }

  await t.test('X7: SetLogDeliveryConfiguration takes two at most', (t) =>
    t.rejects(idp.cognito.SetLogDeliveryConfiguration({ UserPoolId, LogConfigurations: [messages, events, events] }), {
      name: 'InvalidParameterException',
      message: /at 'logConfigurations' failed to satisfy constraint: Member must have length less than or equal to 2$/,
    }),
  )

  await t.test('SetLogDeliveryConfiguration exports events in the PLUS plan only (P15, X7)', async (t) => {
    const plain = await pool('ESSENTIALS')
    await idp.cognito.SetLogDeliveryConfiguration({ UserPoolId: plain, LogConfigurations: [messages] })
    await refuses(
      t,
      idp.cognito.SetLogDeliveryConfiguration({ UserPoolId: plain, LogConfigurations: [events] }),
      'FeatureUnavailableInTierException',
      'The following feature is not available for the ESSENTIALS pricing tier configured: Log Streaming',
    )
  })
})

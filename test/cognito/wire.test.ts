import { test } from 'tap'
import { emulator } from '../support/emulator.ts'

const TARGET = 'AWSCognitoIdentityProviderService.'

test('the wire', async (t) => {
  const idp = await emulator(t)
  const post = (target: string, body: string, type = 'application/x-amz-json-1.1') =>
    idp.request('POST', '/', body, { 'content-type': type, 'x-amz-target': TARGET + target })

  await t.test('answers an error in body and headers', async (t) => {
    const { status, headers, body } = await post('DescribeUserPool', '{"UserPoolId":"us-east-1_abcdefghi"}')
    t.equal(status, 400)
    t.same(body, { __type: 'ResourceNotFoundException', message: 'User pool us-east-1_abcdefghi does not exist.' })
    t.equal(headers['x-amzn-errortype'], 'ResourceNotFoundException:')
    t.equal(headers['x-amzn-errormessage'], 'User pool us-east-1_abcdefghi does not exist.')
    t.equal(headers['content-type'], 'application/x-amz-json-1.1')
    t.match(headers['x-amzn-requestid'], /^[0-9a-f-]{36}$/)
  })

  const refusals: [what: string, target: string, body: string, type: string, message: string | undefined][] = [
    [
      'a missing member',
      'DescribeUserPool',
      '{}',
      'InvalidParameterException',
      "1 validation error detected: Value null at 'userPoolId' failed to satisfy constraint: Member must not be null",
    ],
    [
      'a null member',
      'DescribeUserPool',
      '{"UserPoolId":null}',
      'InvalidParameterException',
      "1 validation error detected: Value null at 'userPoolId' failed to satisfy constraint: Member must not be null",
    ],
    [
      'a wrong type',
      'DescribeUserPool',
      '{"UserPoolId":5}',
      'SerializationException',
      'class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String',
    ],
    [
      'a list where a text belongs',
      'DescribeUserPool',
      '{"UserPoolId":[]}',
      'SerializationException',
      'Start of list found where not expected',
    ],
    [
      'a structure where a text belongs',
      'DescribeUserPool',
      '{"UserPoolId":{}}',
      'SerializationException',
      'Start of structure or map found where not expected.',
    ],
    [
      'a flag where a text belongs',
      'DescribeUserPool',
      '{"UserPoolId":true}',
      'SerializationException',
      'class java.lang.Boolean can not be converted to an String',
    ],
    [
      'a text where a number belongs',
      'ListUserPools',
      '{"MaxResults":"1"}',
      'SerializationException',
      'class java.lang.String can not be converted to an Integer',
    ],
    [
      'a text where a structure belongs',
      'CreateUserPool',
      '{"PoolName":"p","Policies":"x"}',
      'SerializationException',
      'Unexpected field type',
    ],
    ['malformed JSON', 'DescribeUserPool', '{', 'SerializationException', undefined],
    ['an empty body', 'DescribeUserPool', '', 'SerializationException', undefined],
    ['an unknown operation', 'Nope', '{}', 'UnknownOperationException', `Unknown operation ${TARGET}Nope.`],
    [
      'an operation by a name of Object.prototype',
      'constructor',
      '{}',
      'UnknownOperationException',
      `Unknown operation ${TARGET}constructor.`,
    ],
    [
      "several violations, in the contract's order",
      'SignUp',
      JSON.stringify({ ClientId: 'abc', Password: 'a b', Username: 'x'.repeat(129) }),
      'InvalidParameterException',
      "2 validation errors detected: Value at 'username' failed to satisfy constraint: Member must have length less than or equal to 128; Value at 'password' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\S]+",
    ],
    [
      'structures, as Java prints them, and what is not Latin',
      'CreateUserPool',
      JSON.stringify({
        PoolName: 'テスト',
        AccountRecoverySetting: {
          RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }, { Name: 'admin_only', Priority: 2 }, { Priority: 1 }],
        },
      }),
      'InvalidParameterException',
      [
        "3 validation errors detected: Value '???' at 'poolName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w\\s+=,.@-]+",
        "Value '[RecoveryOptionType(priority=1, name=verified_email), RecoveryOptionType(priority=2, name=admin_only), RecoveryOptionType(priority=1, name=null)]' at 'accountRecoverySetting.recoveryMechanisms' failed to satisfy constraint: Member must have length less than or equal to 2",
        "Value null at 'accountRecoverySetting.recoveryMechanisms.3.member.name' failed to satisfy constraint: Member must not be null",
      ].join('; '),
    ],
    [
      'a size of pages that is left out: it is read as 0',
      'ListUserPools',
      '{}',
      'InvalidParameterException',
      "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      'resource servers asked for without a size of pages',
      'ListResourceServers',
      JSON.stringify({ UserPoolId: 'us-east-1_abcdefghi' }),
      'InvalidParameterException',
      "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      'a value that is none of a list, which is in the order of its hash table',
      'CreateUserPool',
      JSON.stringify({ PoolName: 'pool', MfaConfiguration: 'false' }),
      'InvalidParameterException',
      "1 validation error detected: Value 'false' at 'mfaConfiguration' failed to satisfy constraint: Member must satisfy enum value set: [OPTIONAL, OFF, ON]",
    ],
    [
      'a list item',
      'CreateUserPoolClient',
      JSON.stringify({ UserPoolId: 'us-east-1_abcdefghi', ClientName: 'a', AllowedOAuthFlows: ['foo'] }),
      'InvalidParameterException',
      "1 validation error detected: Value '[foo]' at 'allowedOAuthFlows' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [implicit, client_credentials, code]]",
    ],
  ]
  for (const [what, target, body, type, message] of refusals) {
    await t.test(`refuses ${what}`, async (t) => {
      const answer = await post(target, body)
      t.equal(answer.status, 400)
      t.strictSame(answer.body, message === undefined ? { __type: type } : { __type: type, message })
    })
  }
})

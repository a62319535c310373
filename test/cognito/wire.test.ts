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
      'a list item',
      'CreateUserPoolClient',
      JSON.stringify({ UserPoolId: 'us-east-1_abcdefghi', ClientName: 'a', AllowedOAuthFlows: ['foo'] }),
      'InvalidParameterException',
      "1 validation error detected: Value '[foo]' at 'allowedOAuthFlows' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [code, implicit, client_credentials]]",
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

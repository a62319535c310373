import { resolve } from 'node:path'
import { test } from 'tap'
import { options } from '../../src/cognito/index.ts'
import { decide, fromDocument, fromFlags, settings } from '../../src/config.ts'

const known = settings({ cognito: options })
const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:pre'

function decided(flags: Record<string, unknown>, file: Record<string, unknown> = {}) {
  return decide(known, [fromFlags(flags), fromDocument(known, file, 'poolhouse.config.yaml')]).config.rooms.cognito
}

test('what answers for functions', async (t) => {
  const wanted = {
    [ARN]: { module: resolve('./trigger.js') },
    [`${ARN}-2`]: { url: 'http://127.0.0.1:9000/hook' },
    '*': { lambda: 'http://localhost:3002' },
  }
  const flag = `${ARN}=./trigger.js, ${ARN}-2=http://127.0.0.1:9000/hook,*=lambda:http://localhost:3002/`
  t.match(decided({ cognitoFunctions: flag }), { functions: wanted })
  const file = { [ARN]: './trigger.js', [`${ARN}-2`]: 'http://127.0.0.1:9000/hook', '*': 'lambda:http://localhost:3002' }
  t.match(decided({}, { cognitoFunctions: file }), { functions: wanted })
})

test('mistakes', async (t) => {
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ cognitoFunctions: ARN }, /^--cognito-functions must be a list like/],
    [{ cognitoFunctions: `${ARN}=ftp://x` }, /^--cognito-functions must be a list like/],
    [{ cognitoFunctions: `${ARN}=lambda:nowhere` }, /^--cognito-functions must be a list like/],
    [{ cognitoFunctions: '=./trigger.js' }, /^--cognito-functions must be a list like/],
    [{ cognitoTriggerLimit: '0' }, /^--cognito-trigger-limit must be a number of milliseconds/],
    [{ cognitoSenderKey: 'c2hvcnQ=' }, /^--cognito-sender-key must be 32 bytes in base64/],
    [{ cognitoSenderCodes: 'both' }, /^--cognito-sender-codes must be one of encrypted, plain/],
  ]
  for (const [flags, message] of cases) t.throws(() => decided(flags), { message })
  t.throws(() => decided({}, { cognitoFunctions: { [ARN]: 7 } }), { message: /cognitoFunctions must be a list like/ })
  t.match(decided({ cognitoTriggerLimit: '250', cognitoSenderCodes: 'plain', cognitoSenderKey: Buffer.alloc(32).toString('base64') }), {
    triggerLimit: 250,
    senderCodes: 'plain',
  })
})

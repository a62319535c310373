import { test } from 'tap'
import { emulator } from '../support/emulator.ts'

const AWS = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSCognitoIdentityProviderService.ListUserPools' }
const JSON_BODY = { 'content-type': 'application/json' }
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const YAML = { 'content-type': 'application/yaml' }
const DEEP = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
const KEYS = `{${Array.from({ length: 20_000 }, (_, n) => `"k${n}":1`).join()}}`
const FIELDS = Array.from({ length: 80_000 }, (_, n) => `k${n}=1`).join('&')
const BOMB = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((name, n) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[n]}`)}]`).join('\n')}`

test('requests that nobody means well by', async (t) => {
  const idp = await emulator(t)
  const cases: [string, string, string, string | undefined, Record<string, string>, number, RegExp?][] = [
    ['what is nested for ever: Cognito', 'POST', '/', DEEP, AWS, 400, /SerializationException/],
    ['Yandex', 'POST', '/organization-manager/v1/idp/users', DEEP, JSON_BODY, 400, /nested too deeply/],
    ['Harmony', 'POST', '/harmony/users', DEEP, JSON_BODY, 400, /nested too deeply/],
    ['a fixture', 'POST', '/_/fixtures', DEEP, JSON_BODY, 400, /nested too deeply/],
    ['too many members', 'POST', '/_/fixtures', KEYS, JSON_BODY, 400, /k0: unknown key.*and \d+ more/],
    ['a member twice', 'POST', '/_/fixtures', 'calls: []\nmode: skip\ncalls: []', YAML, 400, /fixtures:3:1 Map keys must be unique/],
    ['anchors of anchors', 'POST', '/_/fixtures', BOMB, YAML, 400, /Excessive alias count/],
    ['an anchor of itself', 'POST', '/_/fixtures', '&a [*a]', YAML, 400, /must be a call/],
    ['errors without end', 'POST', '/_/fixtures', '"'.repeat(20_000), YAML, 400, /fixtures:1:3/],
    ['a content type that is none: Cognito', 'POST', '/', '{}', { ...AWS, 'content-type': '' }, 400, /UnknownOperationException/],
    ['Yandex', 'POST', '/organization-manager/v1/idp/users', '{}', { 'content-type': '' }, 400, /"code":3/],
    ['a form of many fields', 'POST', '/oauth2/token', FIELDS, FORM, 400, /invalid_request/],
    ['a port that is none', 'GET', '/oauth2/authorize?client_id=x', undefined, { host: '127.0.0.1:99999' }, 400, /names no host/],
    ['a snapshot elsewhere', 'POST', '/_/reset?to=..%2Fbaseline', undefined, {}, 404, /no snapshot/],
    ['the end of time', 'PUT', '/_/clock', '{"now":"-271821-04-20T00:00:00Z"}', JSON_BODY, 400, /1970 to 9999/],
    ['and beyond', 'POST', '/_/clock/advance', '{"by":"999999999999d"}', JSON_BODY, 400, /1970 to 9999/],
    [
      'an export of nothing',
      'POST',
      '/_/import',
      '{"schema":1,"tables":{"meta":{"columns":["name","value"],"rows":[["clock","5"],["faults","5"]]}}}',
      JSON_BODY,
      400,
      /hold together/,
    ],
  ]
  for (const [what, method, path, body, headers, status, says] of cases) {
    const answer = await idp.request(method, path, body, headers)
    t.equal(answer.status, status, what)
    if (says !== undefined) t.match(JSON.stringify(answer.body), says, what)
  }
  t.same(idp.app.emulator.namespace().journal.list({ outcome: 'failed' }), [], 'nothing of it is a fault of ours')
  t.equal((await idp.request('GET', '/_/journal')).status, 200, 'and the journal can be read')
})

test('what was said in the oldest calls is forgotten before it fills the memory', async (t) => {
  const idp = await emulator(t)
  const input = JSON.stringify({ UserPoolId: 'x'.repeat(900_000) })
  for (let n = 0; n < 40; n++) {
    await idp.request('POST', '/', input, { ...AWS, 'x-amz-target': 'AWSCognitoIdentityProviderService.DescribeUserPool' })
  }
  const all = idp.app.emulator.namespace().journal.entries()
  t.equal(all.length, 40, 'every call is told')
  t.equal(all.filter((entry) => entry.input !== undefined).length, 37, 'what was said in the last of them too')
  t.equal(all[0]?.input, undefined)
})

import { test } from 'tap'
import { emulator } from '../support/emulator.ts'

test('what is one vendor’s alone', async (t) => {
  const idp = await emulator(t)
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:presignup'

  await t.test('functions that answer for triggers', async (t) => {
    t.same((await idp.request('GET', '/_/cognito/functions')).body, [])
    const known = { arn, target: { url: 'http://127.0.0.1:9/hook' } }
    t.match(await idp.request('PUT', '/_/cognito/functions', { arn, target: 'http://127.0.0.1:9/hook' }), { status: 200, body: known })
    t.same((await idp.request('GET', '/_/cognito/functions')).body, [known])
    t.equal((await idp.request('DELETE', `/_/cognito/functions?arn=${arn}`)).status, 204)
    t.match(await idp.request('DELETE', '/_/cognito/functions'), { status: 404, body: { error: 'nothing was set for *' } })
    t.match(await idp.request('PUT', '/_/cognito/functions', { target: 'ftp://x' }), { status: 400, body: { error: /^target must be/ } })
  })

  await t.test('tokens of any subject', async (t) => {
    t.match(await idp.request('POST', '/_/yandex/iam-tokens', { subject: 'ajesomebody000000000' }), {
      status: 200,
      body: { iamToken: /^t1\./ },
    })
  })

  await t.test('verdicts on domains', async (t) => {
    t.equal((await idp.request('PUT', '/_/yandex/domains/example.com', { valid: false })).status, 204)
    t.match(await idp.request('PUT', '/_/yandex/domains/example.com', {}), { status: 400 })
  })
})

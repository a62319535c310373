import { test } from 'tap'
import { emulator } from '../support/emulator.ts'

/** What the vendors' clients read of answers in a browser, and what the emulator tells beside. */
const EXPOSED = [
  ...['x-amzn-requestid', 'x-amzn-errortype', 'x-amzn-errormessage', 'date', 'x-request-id', 'x-server-trace-id'],
  ...['x-next-token', 'x-poolhouse-now', 'x-poolhouse-violations'],
]

test('pages of other origins may call', async (t) => {
  const idp = await emulator(t)
  const origin = 'https://app.example.com'

  await t.test('after asking, also from the web into this machine', async (t) => {
    const { status, headers } = await idp.request('OPTIONS', '/', undefined, {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-amz-target,content-type',
      'access-control-request-private-network': 'true',
    })
    t.equal(status, 204)
    t.match(headers, {
      'access-control-allow-origin': origin,
      'access-control-allow-headers': 'x-amz-target,content-type',
      'access-control-allow-private-network': 'true',
    })
    t.match(headers['access-control-allow-methods'], /POST/)
  })

  await t.test('and read the headers that vendors answer with', async (t) => {
    const { headers } = await idp.request('POST', '/', '{}', { origin, 'content-type': 'application/x-amz-json-1.1' })
    t.equal(headers['access-control-allow-origin'], origin)
    for (const name of EXPOSED) {
      t.match(headers['access-control-expose-headers'], new RegExp(`(^|, )${name}(,|$)`))
    }
    t.notOk('access-control-allow-private-network' in headers)
  })
})

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

  await t.test('but scripts get no pages, nor where browsers are led: programs’ endpoints are all they reach', async (t) => {
    const cases: [method: 'GET' | 'POST', url: string, allowed: string | undefined][] = [
      ...(['/oauth2/token', '/oauth2/revoke', '/oauth2/userInfo'] as const).map((url) => ['POST', url, origin] as ['POST', string, string]),
      ...(['/oauth2/authorize', '/login', '/logout', '/error', '/confirmUser', '/oauth2/idpresponse', '/oauth/authorize'] as const).map(
        (url) => ['GET', url, undefined] as ['GET', string, undefined],
      ),
    ]
    for (const [method, url, allowed] of cases) {
      const { headers } = await idp.request(method, url, undefined, { origin })
      t.equal(headers['access-control-allow-origin'], allowed, url)
    }
  })
})

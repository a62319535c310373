import { test } from 'tap'
import { emulator } from '../support/emulator.ts'

test('those who wait for it in the usual places find it', async (t) => {
  const idp = await emulator(t)
  t.match(await idp.request('GET', '/health'), { status: 200, body: { status: 'ok', version: /^\d+\.\d+\.\d+/ } })
  t.match(await idp.request('HEAD', '/'), { status: 200, body: '' })
  t.match(await idp.request('GET', '/_/health'), { status: 200, body: { status: 'ok' } })
})

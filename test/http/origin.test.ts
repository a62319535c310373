import { test } from 'tap'
import { createApp } from '../../src/app.ts'
import type { Origin } from '../../src/core/call.ts'
import { originOf } from '../../src/http/origin.ts'
import { only } from '../support/only.ts'

test('where a request came from is known to copies too, which calls inside calls are made with', async (t) => {
  const app = await createApp()
  t.teardown(() => app.close())
  const seen: Origin[] = []
  app.server.addHook('onRequest', (request, _reply, done) => {
    seen.push({ ...originOf(request, app.emulator.fittings.settings), pins: ['a'] })
    done()
  })
  await app.server.inject({ url: '/~t1/_/health', headers: { host: 'idp.test:1' }, remoteAddress: '192.0.2.7' })
  const [origin] = seen
  t.match(origin, { transport: 'http', base: 'http://idp.test:1/~t1', ip: '192.0.2.7', headers: { host: 'idp.test:1' }, pins: only('a') })
})

import { test } from 'tap'
import { emulator } from '../support/emulator.ts'

const EVIL = 'https://evil.example'

/** Everything that shows or changes something; what is asked for does not matter to who may ask. */
const READS = [
  '/outbox',
  '/outbox/latest',
  '/journal',
  '/export',
  '/export?format=snapshot',
  '/info',
  '/namespaces',
  '/snapshots',
  '/codes',
]
READS.push('/clock', '/faults', '/limits', '/metrics', '/contract', '/operations', '/openapi.json', '/docs', '/debugger', '/env', '/users')
const WRITES: [string, string][] = [
  ['POST', '/reset'],
  ['POST', '/fixtures'],
  ['POST', '/import'],
  ['POST', '/tokens'],
  ['POST', '/namespaces'],
  ['PUT', '/snapshots/mine'],
  ['PUT', '/clock'],
  ['DELETE', '/outbox'],
  ['DELETE', '/journal'],
  ['POST', '/keys/rotate'],
  ['POST', '/debugger/begin'],
  ['POST', '/debugger/redirect'],
]

test('a page of another site neither reads nor changes anything', async (t) => {
  const idp = await emulator(t)
  const ways: Record<string, Record<string, string>> = {
    'from its own address': { origin: EVIL },
    'without an address': { origin: 'null' },
    'from a name that begins like ours': { origin: 'http://127.0.0.1.evil.example' },
    'in the guise of an image': { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    'by a name of its own': { host: 'evil.example:7665' },
    'by a name of its own, as that': { host: 'evil.example:7665', origin: 'http://evil.example:7665' },
    'by a name with a user': { host: 'localhost@evil.example' },
    'by a name that is none': { host: 'evil.example/localhost' },
  }
  for (const [how, headers] of Object.entries(ways)) {
    for (const [method, path] of [...READS.map((path): [string, string] => ['GET', path]), ...WRITES]) {
      const { status, headers: answered } = await idp.request(method, `/_${path}`, undefined, { 'content-type': 'text/plain', ...headers })
      t.equal(status, 403, `${method} ${path} ${how}`)
      t.notOk('access-control-allow-origin' in answered)
    }
  }
  t.equal((await idp.request('GET', '/_/health', undefined, { host: 'evil.example' })).status, 200, 'but that it lives is no secret')

  const asked = { 'access-control-request-method': 'DELETE', 'access-control-request-private-network': 'true' }
  const { headers } = await idp.request('OPTIONS', '/_/outbox', undefined, { origin: EVIL, ...asked })
  for (const name of ['access-control-allow-origin', 'access-control-allow-private-network']) {
    t.notOk(name in headers, 'nor may it ask whether it may')
  }
  const vendor = await idp.request('OPTIONS', '/', undefined, { origin: EVIL, ...asked })
  t.equal(vendor.headers['access-control-allow-origin'], EVIL, 'vendors answer all pages')
})

test('everybody at this machine, and who knows it by a name of its own', async (t) => {
  const settings = {
    publicUrl: 'https://idp.shop.example',
    issuerAliases: ['http://inside.shop.example:7665'],
    names: ['tls.shop.example'],
  }
  const idp = await emulator(t, { settings })
  const ways: Record<string, Record<string, string>> = {
    'a program': {},
    'a program without a host': { host: '' },
    'a page of this machine': { origin: 'http://localhost:3000', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' },
    'its own page': { origin: 'http://127.0.0.1:7665', host: '127.0.0.1:7665', 'sec-fetch-site': 'same-origin' },
    'a page of this network': { origin: 'http://192.168.1.5:7665', host: '192.168.1.5:7665' },
    'a neighbour': { host: 'poolhouse:7665' },
    'a container': { host: 'host.docker.internal:7665' },
    'a namespace': { host: 't1.localhost:7665' },
    'by IPv6': { host: '[::1]:7665' },
    'by its public name': { host: 'idp.shop.example', origin: 'https://idp.shop.example' },
    'by its other name': { host: 'inside.shop.example:7665' },
    'by a name of its certificate': { host: 'tls.shop.example:7666' },
  }
  for (const [who, headers] of Object.entries(ways)) {
    t.equal((await idp.request('GET', '/_/outbox', undefined, headers)).status, 200, `${who} reads`)
    t.equal((await idp.request('DELETE', '/_/outbox', undefined, headers)).status, 204, `${who} changes`)
  }
  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
  t.equal((await idp.request('GET', '/_/debugger', undefined, link)).status, 200, 'a link may be followed')
  t.equal((await idp.request('POST', '/_/debugger/begin', '', link)).status, 403, 'a form may not be sent')
  const { headers } = await idp.request('GET', '/_/outbox', undefined, { origin: 'http://localhost:3000' })
  t.equal(headers['access-control-allow-origin'], 'http://localhost:3000')
})

import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { credentials } from '@grpc/grpc-js'
import { type Test, test } from 'tap'
import { wallClock } from '../../src/core/clock.ts'
import { authority, leaf } from '../../src/http/certificate-maker.ts'
import { start } from '../../src/index.ts'
import { contract } from '../../src/yandex/index.ts'
import { grpcClient } from '../support/grpc.ts'
import { only } from '../support/only.ts'
import { folder, serve } from '../support/server.ts'

const DAY = 86_400_000

/** Files as a company's own authority would make them, for a name that no development certificate has. */
async function files(t: Test): Promise<{ ca: Buffer; cert: string; key: string }> {
  const dates = { from: wallClock() - DAY, to: wallClock() + DAY }
  const ca = await authority({ name: 'Company CA', ...dates })
  const own = await leaf(ca, { name: 'idp.company.test', alternatives: [{ type: 'dns', value: 'idp.company.test' }], ...dates })
  const place = folder(t)
  for (const [name, text] of Object.entries({ 'own.pem': own.cert, 'own-key.pem': own.key })) writeFileSync(join(place, name), text)
  return { ca: Buffer.from(ca.cert), cert: join(place, 'own.pem'), key: join(place, 'own-key.pem') }
}

/** REST and gRPC as clients that check the certificate against that authority alone, by its own name. */
async function talk(t: Test, port: number, ca: Buffer): Promise<void> {
  const get = (trusted: Buffer | undefined, servername: string) =>
    new Promise<string>((resolve, reject) => {
      const options = { host: '127.0.0.1', port, path: '/organization-manager/v1/organizations', servername, ca: trusted }
      request(options, (response) => {
        let text = ''
        response.on('data', (chunk) => {
          text += chunk
        })
        response.on('end', () => resolve(text))
      })
        .on('error', reject)
        .end()
    })
  const viaRest = JSON.parse(await get(ca, 'idp.company.test'))
  t.match(viaRest, { organizations: only({ id: String }) })
  await t.rejects(get(undefined, 'idp.company.test'), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, 'who does not know the authority')
  await t.rejects(get(ca, 'other.company.test'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'who looks for another name')

  const named = { 'grpc.ssl_target_name_override': 'idp.company.test' }
  const list = (trusted: Buffer | undefined) =>
    grpcClient(
      t,
      `127.0.0.1:${port}`,
      contract,
      credentials.createSsl(trusted),
      named,
    )('yandex.cloud.organizationmanager.v1.OrganizationService/List')
  t.strictSame((await list(ca)).body, viaRest, 'gRPC answers the same')
  await t.rejects(list(undefined), { code: 14 })
}

test('your own certificate by the Node API', async (t) => {
  const { ca, cert, key } = await files(t)
  const idp = await start({ empty: true, tls: { cert, key } })
  t.teardown(() => idp.close())
  t.equal(idp.tls?.caFile, undefined, 'it is not for us to say who made it')
  await talk(t, idp.tls?.port as number, ca)

  await t.test('files that are not what they should be', async (t) => {
    await t.rejects(start({ tls: { cert: `${cert}.gone`, key } }), {
      name: 'UsageError',
      message: /^no TLS without files that fit: ENOENT/,
    })
    await t.rejects(start({ tls: { cert: key, key } }), { name: 'UsageError', message: /^no TLS/ })
    const other = await files(t)
    await t.rejects(start({ tls: { cert, key: other.key } }), { name: 'UsageError', message: /^no TLS/ })
  })
})

test('your own certificate by --cert and --key', async (t) => {
  const { ca, cert, key } = await files(t)
  const server = await serve(t, ['--memory', '--empty', '--cert', cert, '--key', key, '--tls-port', '0'])
  const port = Number(/TLS +https:\/\/localhost:(\d+)/.exec(server.printed())?.[1])
  t.notMatch(server.printed(), /CA_CERTS|SSL_CERT_FILE/, 'no line that makes clients trust somebody else')
  await talk(t, port, ca)
  t.match(readFileSync(cert, 'utf8'), /BEGIN CERTIFICATE/, 'the files are left alone')
})

test('a development certificate by --tls: made once, for every name, with the lines that make clients trust it', async (t) => {
  const place = join(folder(t), 'tls')
  const start = async () => {
    const server = await serve(t, [
      '--memory',
      '--empty',
      '--tls',
      '--tls-folder',
      place,
      '--tls-names',
      'idp.company.test',
      '--tls-port',
      '0',
    ])
    const port = Number(/TLS +https:\/\/localhost:(\d+)/.exec(server.printed())?.[1])
    return { server, port }
  }
  const first = await start()
  const file = join(place, 'ca.pem')
  for (const [name, mode] of Object.entries({ '.': 0o700, 'ca-key.pem': 0o600, 'key.pem': 0o600 })) {
    t.equal(statSync(join(place, name)).mode & 0o777, mode, `${name} is its owner’s alone`)
  }
  for (const name of ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH', 'AWS_CA_BUNDLE']) {
    t.match(first.server.printed(), `export ${name}='${file}'`)
  }
  const ca = readFileSync(file)
  t.equal(await (await fetch(`${first.server.url}/_/ca.pem`)).text(), ca.toString())
  await talk(t, first.port, ca)
  await first.server.kill()
  const second = await start()
  t.same(readFileSync(file), ca, 'whoever trusts it need not do so again')
  await talk(t, second.port, ca)
})

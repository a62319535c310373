import { generateKeyPairSync } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { selfSigned } from '../../src/core/x509.ts'
import { TRUST } from '../../src/environment.ts'
import { poolhouse } from '../support/verb.ts'

const DAY = 86_400_000

test('doctor looks at the development authority', async (t) => {
  const folder = t.testdir({})
  const file = join(folder, 'ca.pem')
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = { private: pair.privateKey, public: pair.publicKey }
  /** So many days from now, and some hours. */
  const lasting = (days: number) => {
    const now = Date.now()
    const text = selfSigned({ key, name: 'ca', from: now - 100 * DAY, to: now + days * DAY + DAY / 2 })
    writeFileSync(file, `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`)
  }
  const before = Object.fromEntries(TRUST.map((name) => [name, process.env[name]]))
  for (const name of TRUST) delete process.env[name]
  t.teardown(() => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  })
  const doctor = async (...args: string[]) => {
    const { out, code } = await poolhouse('doctor', '--memory', '--port', '0', '--tls-folder', folder, ...args)
    return { code, rows: out.split('\n').filter((row) => /author|trust|ca\.pem/.test(row)) }
  }
  const unlasting = 'a start with --tls makes another, to be trusted anew'
  const untrusted = `nothing in this shell trusts it: export NODE_EXTRA_CA_CERTS=${file} and the like: poolhouse env`

  t.same(await doctor(), { code: 0, rows: [] })
  t.same(await doctor('--tls'), { code: 0, rows: ['ok   the development authority is made at the first start with --tls'] })

  lasting(400)
  t.same(await doctor(), { code: 0, rows: ['ok   the development authority lasts 400 more days', `ok   ${untrusted}`] })
  t.same(await doctor('--tls'), { code: 0, rows: ['ok   the development authority lasts 400 more days', `warn ${untrusted}`] })
  process.env.NODE_EXTRA_CA_CERTS = file
  process.env.AWS_CA_BUNDLE = file
  process.env.SSL_CERT_FILE = '/elsewhere.pem'
  t.same(await doctor('--tls'), {
    code: 0,
    rows: ['ok   the development authority lasts 400 more days', 'ok   it is trusted by NODE_EXTRA_CA_CERTS, AWS_CA_BUNDLE'],
  })

  lasting(30)
  t.equal((await doctor()).rows[0], `warn the development authority lasts 30 more days: ${unlasting}`)
  lasting(-2)
  t.equal((await doctor()).rows[0], `warn the development authority has expired: ${unlasting}`)

  writeFileSync(file, 'no certificate')
  t.same(await doctor('--tls'), {
    code: 1,
    rows: [`bad  ${file} is no certificate: remove its folder: the next start with --tls makes another`],
  })
  rmSync(file)
})

import { createHash, pbkdf2Sync } from 'node:crypto'
import { test } from 'tap'
import type { Call } from '../../src/core/call.ts'
import { Question } from '../../src/core/refusal.ts'
import { md4 } from '../../src/yandex/rules/users/md4.ts'
import { type HashKind, hashAnswers, isHash, verifyHash } from '../../src/yandex/rules/users/password-hashes.ts'
import { emulator } from '../support/emulator.ts'
import { IDP, rest } from '../support/yandex.ts'

/** A call that asks and is run again, as in life. */
async function verify(kind: HashKind, hash: string, password: string): Promise<boolean> {
  const answers = new Map<string, unknown>()
  const ask = (kind: string, payload: unknown) => {
    const key = JSON.stringify([kind, payload])
    if (!answers.has(key)) throw new Question(kind, payload, key)
    return answers.get(key)
  }
  for (;;) {
    try {
      return verifyHash({ ask } as unknown as Call, kind, hash, password)
    } catch (error) {
      if (!(error instanceof Question)) throw error
      answers.set(error.key, await hashAnswers[error.kind]?.(error.payload))
    }
  }
}

// yandex-idp 11: salt 00, 01, …, 3f and 8192 iterations.
function layout324(password: string, iterations = 8192): string {
  const salt = Buffer.from(Array.from({ length: 64 }, (_, index) => index))
  const count = Buffer.alloc(4)
  count.writeUInt32BE(iterations)
  return `{PBKDF2_SHA256}${Buffer.concat([count, salt, pbkdf2Sync(password, salt, iterations, 256, 'sha256')]).toString('base64')}`
}

const PKCS5S2 = '{PKCS5S2}DQIXJU038u4P7FdsuFTY/+35bm41kfjZa57UrdxHp2Mu3qF2uy+ooD+jF5t1tb8J'
const SHA256 = '{PBKDF2-SHA256}10000$henZGfPWw79Cs8ORDeVNrQ$1dTJy73v6n3bnTmTZFghxHXHLsAzKaAy8SksDfZBPIw'
const SHA512 =
  '{PBKDF2-SHA512}10000$Je1Uw19Bfv5lArzZ6V3EPw$g4T/1sqBUYWl9o93MVnyQ/8zKGSkPbKaXXsT8WmysXQJhWy8MRP2JFudSL.N9RklQYgDPxPjnfum/F2f/TrppA'

test('MD4 is that of RFC 1320', async (t) => {
  const vectors: [text: string, digest: string][] = [
    ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
    ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
    ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
    ['message digest', 'd9130a8164549fe818874806e1c7014b'],
    ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
    ['1234567890'.repeat(8), 'e33b4ddc9c38f2199c3e7b164fcc0536'],
  ]
  for (const [text, digest] of vectors) t.equal(md4(Buffer.from(text)).toString('hex'), digest)
})

test('the vector of our own has the layout it was made for', async (t) => {
  const hash = layout324('password')
  t.equal(hash.length, 447)
  t.ok(hash.startsWith('{PBKDF2_SHA256}AAAgAAABAgMEBQYHCAkK'))
  t.equal(createHash('sha256').update(hash).digest('hex'), 'a160a355522d8018a8b0dc4def7f0b965a13a020a8c0b95deebc7ff950bb870a')
})

test('hashes of the password "password" in every form', async (t) => {
  const forms: [what: string, kind: HashKind, hash: string][] = [
    ['NT hash', 'AD_MD4', '8846f7eaee8fb117ad06bdd830b7586c'],
    ['NT hash in capitals', 'AD_MD4', '8846F7EAEE8FB117AD06BDD830B7586C'],
    ['389 Directory Server', 'LDAP_PBKDF2_SHA256', layout324('password')],
    ['389 Directory Server without its prefix', 'LDAP_PBKDF2_SHA256', layout324('password').slice('{PBKDF2_SHA256}'.length)],
    ['OpenLDAP, SHA-256', 'LDAP_PBKDF2_SHA256_OPENLDAP', SHA256],
    ['OpenLDAP, SHA-256, in standard base64', 'LDAP_PBKDF2_SHA256_OPENLDAP', `${SHA256.replace('rQ$', 'rQ==$')}=`],
    ['OpenLDAP, SHA-512', 'LDAP_PBKDF2_SHA512', SHA512],
    ['Apache Directory', 'LDAP_PKCS5S2', PKCS5S2],
    ['Apache Directory without its prefix', 'LDAP_PKCS5S2', PKCS5S2.slice('{PKCS5S2}'.length)],
  ]
  for (const [what, kind, hash] of forms) {
    await t.test(what, async (t) => {
      t.ok(isHash(kind, hash))
      t.equal(await verify(kind, hash, 'password'), true)
      t.equal(await verify(kind, hash, 'Password'), false)
    })
  }
})

test('what is no hash of its type is refused', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const pool = await api.pool()
  const cases: [what: string, kind: HashKind, hash: string][] = [
    ['31 digits', 'AD_MD4', '8846f7eaee8fb117ad06bdd830b7586'],
    ['no digits', 'AD_MD4', 'g846f7eaee8fb117ad06bdd830b7586c'],
    ['323 bytes', 'LDAP_PBKDF2_SHA256', Buffer.alloc(323, 1).toString('base64')],
    ['no iterations', 'LDAP_PBKDF2_SHA256', Buffer.alloc(324).toString('base64')],
    ['too many iterations', 'LDAP_PBKDF2_SHA256', layout324('password', 1).replace('AAAAAQ', '/////w')],
    ['another prefix', 'LDAP_PBKDF2_SHA256_OPENLDAP', SHA512],
    ['iterations beyond the cap', 'LDAP_PBKDF2_SHA256_OPENLDAP', SHA256.replace('10000', '1000001')],
    ['a key of 32 bytes', 'LDAP_PBKDF2_SHA512', SHA256.replace('SHA256', 'SHA512')],
    ['a part too many', 'LDAP_PBKDF2_SHA256_OPENLDAP', `${SHA256}$x`],
    ['no base64', 'LDAP_PKCS5S2', '{PKCS5S2}***'],
    ['47 bytes', 'LDAP_PKCS5S2', Buffer.alloc(47).toString('base64')],
  ]
  for (const [what, passwordHashType, passwordHash] of cases) {
    await t.test(`${passwordHashType}: ${what}`, async (t) => {
      const { body } = await api.call('POST', `${IDP}/users`, {
        userpoolId: pool.id,
        username: `x@${pool.domains[0]}`,
        fullName: 'X',
        passwordHash: { passwordHash, passwordHashType },
      })
      t.equal(body.code, 3)
      t.equal(body.message, `Validation failed:\n  - password_hash.password_hash: Not a hash of type ${passwordHashType}`)
    })
  }
})

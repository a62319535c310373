import { constants, generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'tap'
import { control } from '../../src/yandex/index.ts'
import { emulator, START } from '../support/emulator.ts'
import { IDP, PASSWORD, type RestAnswer, rest } from '../support/yandex.ts'

const NEW = 'Another-Secret-42!'

test('passwords of users', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const namespace = idp.app.emulator.namespace()
  const pool = await api.pool({ userSettings: { allowEditSelfPassword: true } })
  const as = (id: string) => ({ authorization: `Bearer ${control.token(namespace, id)}` })
  const own = (id: string, password: string, oldPassword?: string): Promise<RestAnswer> =>
    api.call('POST', `${IDP}/users:setOwnPassword`, { passwordSpec: { password }, oldPassword }, as(id))
  const metadata = async (id: string) => (await api.call('GET', `${IDP}/users:getSelfPasswordMetadata`, undefined, as(id))).body

  await t.test('GetSelfPasswordMetadata', async (t) => {
    const user = await api.user({ userpoolId: pool.id })
    const { body } = await api.call('GET', `${IDP}/users:getSelfPasswordMetadata`, undefined, as(user.id))
    t.strictSame(body, { id: body.id, type: 'TEMPORARY', createdAt: '2026-01-02T03:04:05Z', expiresAt: '2027-01-02T03:04:05Z' })
    t.equal((await api.call('GET', `${IDP}/users:getSelfPasswordMetadata`)).body.code, 7, 'not for anybody but users')
  })

  await t.test('SetOwnPassword', async (t) => {
    const user = await api.user({ userpoolId: pool.id })
    t.equal((await own(user.id, PASSWORD)).body.code, 3, 'the last one again')
    t.strictSame((await own(user.id, NEW, 'wrong')).body.details[1].fieldViolations, [
      { field: 'old_password', description: 'Wrong password' },
    ])
    const { body } = await own(user.id, NEW)
    t.equal(body.description, 'Set own password')
    t.equal(body.createdBy, user.id)
    t.equal(body.metadata.userId, user.id)
    t.equal(body.response['@type'], 'type.googleapis.com/yandex.cloud.organizationmanager.v1.idp.SetOwnPasswordResponse')
    t.equal((await metadata(user.id)).type, 'PERMANENT')
    const unnamed = (await own(user.id, PASSWORD)).body.details[1].fieldViolations
    t.strictSame(unnamed, [{ field: 'old_password', description: 'Field is required' }], 'a permanent one must be named')
    t.strictSame((await own(user.id, PASSWORD, 'wrong')).body.details[1].fieldViolations, [
      { field: 'old_password', description: 'Wrong password' },
    ])
    t.equal((await own(user.id, 'short', NEW)).body.code, 3)
    t.equal((await own(user.id, PASSWORD, NEW)).status, 200)

    const strict = await api.pool({ passwordLifetimePolicy: { minDaysCount: '2' } })
    const bound = await api.user({ userpoolId: strict.id })
    t.equal((await own(bound.id, NEW)).status, 200, 'a temporary one may always be changed')
    const bounds = (await own(bound.id, PASSWORD, NEW)).body
    t.strictSame([bounds.code, bounds.message], [7, 'Userpool does not allow users to change their password'])

    const young = await api.pool({ userSettings: { allowEditSelfPassword: true }, passwordLifetimePolicy: { minDaysCount: '2' } })
    const hasty = await api.user({ userpoolId: young.id })
    await own(hasty.id, NEW)
    idp.clock.advance(2 * 86_400_000 - 1)
    const soon = (await own(hasty.id, PASSWORD, NEW)).body
    t.strictSame([soon.code, soon.message], [9, 'Password cannot be changed more often than once in 2 days'])
    idp.clock.advance(1)
    t.equal((await own(hasty.id, PASSWORD, NEW)).status, 200)
    idp.clock.advance(-2 * 86_400_000)
    t.equal((await metadata(hasty.id)).expiresAt, undefined, 'this pool lets passwords live for ever')
    const nobody = (await api.call('POST', `${IDP}/users:setOwnPassword`, { passwordSpec: { password: NEW } })).body
    t.strictSame([nobody.code, nobody.message], [7, 'Only a user of a userpool has a password of its own'])
  })

  await t.test('SetOthersPassword', async (t) => {
    const user = await api.user({ userpoolId: pool.id })
    await own(user.id, NEW)
    const set = (password: string) => api.call('POST', `${IDP}/users/${user.id}:setOthersPassword`, { passwordSpec: { password } })
    const { body } = await set(PASSWORD)
    t.equal(body.response['@type'], 'type.googleapis.com/yandex.cloud.organizationmanager.v1.idp.SetOthersPasswordResponse')
    t.equal((await metadata(user.id)).type, 'TEMPORARY')
    t.equal((await set(PASSWORD)).body.code, 3)
    t.equal((await set('weak')).body.code, 3)
    t.equal((await api.call('POST', `${IDP}/users/nope:setOthersPassword`, { passwordSpec: { password: NEW } })).body.code, 5)
  })

  await t.test('GeneratePassword', async (t) => {
    const { body } = await api.call('POST', `${IDP}/users:generatePassword`, {})
    t.match(body.passwordSpec.password, /^[a-z]{4}-[a-z]{4}-[a-z]{4}-[a-z]{4}$/)
    const user = await api.user({ userpoolId: pool.id, passwordSpec: body.passwordSpec })
    t.equal(user.status, 'ACTIVE', 'its proof exempts it from the policy')
    const { generationProof } = body.passwordSpec
    const other = await api.call('POST', `${IDP}/users/${user.id}:setOthersPassword`, { passwordSpec: { password: NEW, generationProof } })
    t.equal(other.body.details[1].fieldViolations[0].field, 'password_spec.generation_proof')
    t.equal((await own(user.id, NEW, body.passwordSpec.password)).status, 200)
  })

  await t.test('SetPasswordHash, verified on use in its own form', async (t) => {
    const user = await api.user({ userpoolId: pool.id })
    const set = (hash: object | undefined, needChange?: boolean) =>
      api.call('POST', `${IDP}/users/${user.id}:setPasswordHash`, { hash, needChange })
    const forms: [type: string, hash: string][] = [
      ['AD_MD4', '8846f7eaee8fb117ad06bdd830b7586c'],
      ['LDAP_PBKDF2_SHA256_OPENLDAP', '{PBKDF2-SHA256}10000$henZGfPWw79Cs8ORDeVNrQ$1dTJy73v6n3bnTmTZFghxHXHLsAzKaAy8SksDfZBPIw'],
      ['LDAP_PKCS5S2', '{PKCS5S2}DQIXJU038u4P7FdsuFTY/+35bm41kfjZa57UrdxHp2Mu3qF2uy+ooD+jF5t1tb8J'],
    ]
    for (const [passwordHashType, passwordHash] of forms) {
      t.strictSame((await set({ passwordHash, passwordHashType })).body.response, { '@type': 'type.googleapis.com/google.protobuf.Empty' })
      t.equal((await metadata(user.id)).type, 'PERMANENT')
      t.equal((await own(user.id, NEW, 'Password')).body.code, 3, 'a wrong one')
      t.equal((await own(user.id, NEW, 'password')).status, 200)
    }
    await set({ passwordHash: forms[0]?.[1], passwordHashType: 'AD_MD4' }, true)
    t.equal((await metadata(user.id)).type, 'TEMPORARY')
    t.equal((await set(undefined)).body.details[1].fieldViolations[0].field, 'hash')
    t.equal((await set({ passwordHash: 'x', passwordHashType: 'AD_MD4' })).body.details[1].fieldViolations[0].field, 'hash.password_hash')
  })

  await t.test('ConvertToExternal and ResolveExternalIds', async (t) => {
    const user = await api.user({ userpoolId: pool.id })
    const convert = (id: string, externalId: string) => api.call('POST', `${IDP}/users/${id}:convertToExternal`, { externalId })
    const { body } = await convert(user.id, 'guid-1')
    t.match(body, { metadata: { userId: user.id, externalId: 'guid-1' }, response: { id: user.id, externalId: 'guid-1' } })
    t.equal((await convert(user.id, 'guid-2')).body.code, 9)
    const other = await api.user({ userpoolId: pool.id })
    t.equal((await convert(other.id, 'guid-1')).body.code, 6)
    const resolved = await api.call('POST', `${IDP}/users:resolveExternalIds`, { userpoolId: pool.id, externalIds: ['x', 'guid-1'] })
    t.strictSame(resolved.body, { resolvedUsers: [{ userId: user.id, externalId: 'guid-1', userpoolId: pool.id }] })
    t.equal((await api.call('POST', `${IDP}/users:resolveExternalIds`, { userpoolId: pool.id, externalIds: [] })).body.code, 3)
  })
})

test('IamTokenService', async (t) => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const serviceAccountKeys = [
    { id: 'ajekey', service_account_id: 'ajeservice', public_key: publicKey.export({ type: 'spki', format: 'pem' }).toString() },
  ]
  const now = START / 1000
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const jwt = (claims: object = {}, header: object = {}) => {
    const signed = `${part({ alg: 'PS256', kid: 'ajekey', ...header })}.${part({ iss: 'ajeservice', aud: 'https://iam.api.cloud.yandex.net/iam/v1/tokens', iat: now, exp: now + 3600, ...claims })}`
    const key = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`
  }
  const strict = await emulator(t, { settings: { rooms: { yandex: { auth: 'strict', serviceAccountKeys, oauthToken: 'y0_mine' } } } })
  const api = rest(strict)
  const create = (identity: object) => api.call('POST', '/iam/v1/tokens', identity)
  const list = (token?: string) =>
    api.call('GET', '/organization-manager/v1/organizations', undefined, token === undefined ? {} : { authorization: `Bearer ${token}` })

  await t.test('strict: no call without a token, save for tokens and endpoints', async (t) => {
    const { status, body } = await list()
    t.equal(status, 401)
    t.equal(body.code, 16)
    t.equal((await list('t1.made.up')).status, 401)
    t.equal((await api.call('GET', '/endpoints')).status, 200)
  })

  await t.test('exchanges a JWT of a service account', async (t) => {
    const { status, body } = await create({ jwt: jwt() })
    t.equal(status, 200)
    t.match(body.iamToken, /^t1\.[^.]+\.[^.]+$/)
    t.equal(body.expiresAt, '2026-01-02T15:04:05Z')
    t.equal((await list(body.iamToken)).status, 200)
    const owner = await create({ yandexPassportOauthToken: 'y0_mine' })
    const accessBinding = { roleId: 'admin', subject: { type: 'serviceAccount', id: 'ajeservice' } }
    const granted = await api.call(
      'POST',
      '/organization-manager/v1/organizations/bpfdemo0000000000000:updateAccessBindings',
      { accessBindingDeltas: [{ action: 'ADD', accessBinding }] },
      { authorization: `Bearer ${owner.body.iamToken}` },
    )
    t.equal(granted.status, 200)
    const pool = await api.call(
      'POST',
      `${IDP}/userpools`,
      { organizationId: 'bpfdemo0000000000000', name: 'p', defaultSubdomain: 'p' },
      { authorization: `Bearer ${body.iamToken}` },
    )
    t.equal(pool.body.createdBy, 'ajeservice')
    const own = { passwordSpec: { password: PASSWORD } }
    const refused = await api.call('POST', `${IDP}/users:setOwnPassword`, own, { authorization: `Bearer ${body.iamToken}` })
    t.equal(refused.body.code, 7, 'a service account has no password')

    const twin = await api.call(
      'POST',
      '/iam/v1/tokens:createForServiceAccount',
      { serviceAccountId: 'ajeservice' },
      { authorization: `Bearer ${body.iamToken}` },
    )
    t.equal((await list(twin.body.iamToken)).status, 200)
    const revoked = await api.call(
      'POST',
      '/iam/v1/tokens:revoke',
      { iamToken: twin.body.iamToken },
      { authorization: `Bearer ${body.iamToken}` },
    )
    t.strictSame(revoked.body, { subjectId: 'ajeservice' })
    t.equal((await list(twin.body.iamToken)).status, 401)
    strict.clock.advance(12 * 3_600_000)
    t.equal((await list(body.iamToken)).status, 401, 'it expires')
    strict.clock.advance(-12 * 3_600_000)
  })

  const unsigned = 'JWT must be signed with PS256 by a service account'
  const untimely = 'JWT has expired or is not valid yet'
  const wrong: [what: string, jwt: string, message: string][] = [
    ['another algorithm', jwt({}, { alg: 'RS256' }), unsigned],
    ['an unknown key', jwt({}, { kid: 'other' }), 'Key other of service account ajeservice not found'],
    ['an unknown service account', jwt({ iss: 'other' }), 'Key ajekey of service account other not found'],
    ['another audience', jwt({ aud: 'https://example.com' }), 'JWT is not for /iam/v1/tokens'],
    ['a life of more than an hour', jwt({ exp: now + 3601 }), 'JWT must live for an hour at most'],
    ['one that expired five minutes ago', jwt({ iat: now - 600, exp: now - 300 }), untimely],
    ['one of more than five minutes from now', jwt({ iat: now + 301, exp: now + 600 }), untimely],
    ['a forged signature', `${jwt().slice(0, -8)}AAAAAAAA`, 'JWT signature is invalid'],
    ['no JWT', 'x.y.z', unsigned],
  ]
  for (const [what, token, message] of wrong) {
    await t.test(`refuses ${what}`, async (t) => {
      const { status, body } = await create({ jwt: token })
      t.strictSame([status, body.code, body.message], [401, 16, message])
    })
  }

  await t.test('bears clocks that differ by less than five minutes', async (t) => {
    t.equal((await create({ jwt: jwt({ iat: now - 600, exp: now - 299 }) })).status, 200)
    t.equal((await create({ jwt: jwt({ iat: now + 300, exp: now + 600 }) })).status, 200)
  })

  await t.test('exchanges the OAuth token that was configured', async (t) => {
    const { body } = await create({ yandexPassportOauthToken: 'y0_mine' })
    t.equal((await list(body.iamToken)).status, 200)
    const other = await create({ yandexPassportOauthToken: 'y0_other' })
    t.strictSame([other.body.code, other.body.message], [16, 'OAuth token is invalid or expired'])
    t.equal((await create({})).body.code, 3)
  })

  await t.test('off: any token will do', async (t) => {
    const api = rest(await emulator(t))
    t.equal((await api.call('POST', '/iam/v1/tokens', { yandexPassportOauthToken: 'anything' })).status, 200)
    t.equal((await api.call('POST', '/iam/v1/tokens', { jwt: jwt() })).status, 200)
    t.equal(
      (await api.call('GET', '/organization-manager/v1/organizations', undefined, { authorization: 'Bearer t1.made.up' })).status,
      200,
    )
    t.equal((await api.call('POST', '/iam/v1/tokens:revoke', { iamToken: 'nope' })).body.code, 3)
    const pool = await api.pool()
    const user = await api.user({ userpoolId: pool.id })
    const { body } = await api.call('GET', `${IDP}/users:getSelfPasswordMetadata`, undefined, { authorization: `Bearer ${user.id}` })
    t.equal(body.type, 'TEMPORARY', "a user's id stands for the user")
  })

  await t.test("a deleted user's tokens hold no more", async (t) => {
    const pool = await api.call('POST', '/iam/v1/tokens', { yandexPassportOauthToken: 'y0_mine' })
    const authorization = `Bearer ${pool.body.iamToken}`
    const made = await api.call(
      'POST',
      `${IDP}/userpools`,
      { organizationId: 'bpfdemo0000000000000', name: 'q', defaultSubdomain: 'q' },
      { authorization },
    )
    const user = {
      userpoolId: made.body.metadata.userpoolId,
      username: 'a@q.idp.yandexcloud.net',
      fullName: 'A',
      passwordSpec: { password: PASSWORD },
    }
    const { body } = await api.call('POST', `${IDP}/users`, user, { authorization })
    const token = control.token(strict.app.emulator.namespace(), body.metadata.userId)
    t.equal((await list(token)).status, 200)
    await api.call('DELETE', `${IDP}/users/${body.metadata.userId}`, undefined, { authorization })
    t.equal((await list(token)).status, 401)
  })
})

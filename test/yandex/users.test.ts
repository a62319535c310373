import { test } from 'tap'
import { emulator } from '../support/emulator.ts'
import { IDP, PASSWORD, type RestAnswer, rest } from '../support/yandex.ts'

const NOW = '2026-01-02T03:04:05Z'
const TYPES = 'type.googleapis.com/yandex.cloud.organizationmanager.v1.idp.'
const EMPTY = { '@type': 'type.googleapis.com/google.protobuf.Empty' }

test('UserService', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const pool = await api.pool({ defaultSubdomain: 'people' })
  const domain = 'people.idp.yandexcloud.net'
  const create = (more: object) =>
    api.call('POST', `${IDP}/users`, { userpoolId: pool.id, fullName: 'Anna', passwordSpec: { password: PASSWORD }, ...more })

  await t.test('Create', async (t) => {
    await t.test('answers a finished Operation with the user', async (t) => {
      const { status, body } = await create({
        username: `anna@${domain}`,
        givenName: 'Anna',
        familyName: 'K',
        email: 'anna@example.com',
        phoneNumber: '+700',
        externalId: 'x-1',
        companyName: 'C',
        department: 'D',
        jobTitle: 'J',
        employeeId: 'E',
        expiresAt: '2030-01-01T03:00:00.500+03:00',
      })
      t.equal(status, 200)
      t.match(body.id, /^ek0[0-9a-v]{17}$/)
      t.match(body.metadata.userId, /^aje[0-9a-v]{17}$/)
      t.strictSame(body, {
        id: body.id,
        description: 'Create user',
        createdAt: NOW,
        createdBy: 'ajedemo0000000000000',
        modifiedAt: NOW,
        done: true,
        metadata: { '@type': `${TYPES}CreateUserMetadata`, userId: body.metadata.userId },
        response: {
          '@type': `${TYPES}User`,
          id: body.metadata.userId,
          userpoolId: pool.id,
          status: 'ACTIVE',
          username: `anna@${domain}`,
          fullName: 'Anna',
          givenName: 'Anna',
          familyName: 'K',
          email: 'anna@example.com',
          phoneNumber: '+700',
          createdAt: NOW,
          updatedAt: NOW,
          externalId: 'x-1',
          companyName: 'C',
          department: 'D',
          jobTitle: 'J',
          employeeId: 'E',
          expiresAt: '2030-01-01T00:00:00.500Z',
        },
      })
    })

    await t.test('suspends a user that is not to be active; null and absent mean active', async (t) => {
      t.equal((await api.user({ userpoolId: pool.id, isActive: false })).status, 'SUSPENDED')
      t.equal((await api.user({ userpoolId: pool.id, isActive: null as never })).status, 'ACTIVE')
      t.equal((await api.user({ userpoolId: pool.id, isActive: true })).status, 'ACTIVE')
    })

    const refusals: [what: string, more: object, code: number, message: string | RegExp][] = [
      ['a pool that is not there', { userpoolId: 'nope', username: `b@${domain}` }, 5, 'Userpool nope not found'],
      ['a username that is taken', { username: `anna@${domain}` }, 6, `User with username anna@${domain} already exists`],
      ['a username that is taken in other letters', { username: `ANNA@${domain}` }, 6, `User with username ANNA@${domain} already exists`],
      ['an external id that is taken', { username: `b@${domain}`, externalId: 'x-1' }, 6, 'User with external id x-1 already exists'],
      ['a foreign domain', { username: 'b@example.com' }, 9, `Domain example.com does not belong to userpool ${pool.id}`],
      [
        'a password that is too simple',
        { username: `b@${domain}`, passwordSpec: { password: 'lowercase1' } },
        3,
        'Validation failed:\n  - password_spec.password: Password of 2 character classes must have at least 24 characters',
      ],
      [
        'a password of one class',
        { username: `b@${domain}`, passwordSpec: { password: 'x'.repeat(40) } },
        3,
        'Validation failed:\n  - password_spec.password: Password of 1 character class is not allowed',
      ],
      [
        'a common password',
        { username: `b@${domain}`, passwordSpec: { password: 'Welcome123!' } },
        3,
        'Validation failed:\n  - password_spec.password: Password is too common',
      ],
      [
        'a proof of nothing',
        { username: `b@${domain}`, passwordSpec: { password: PASSWORD, generationProof: 'made-up' } },
        3,
        'Validation failed:\n  - password_spec.generation_proof: Generation proof does not match the password',
      ],
    ]
    for (const [what, more, code, message] of refusals) {
      await t.test(`refuses ${what}`, async (t) => {
        const { body } = await create(more)
        t.equal(body.code, code)
        t.equal(body.message, message)
      })
    }
  })

  await t.test('Get', async (t) => {
    const user = await api.user({ userpoolId: pool.id })
    t.strictSame((await api.call('GET', `${IDP}/users/${user.id}`)).body, user)
    t.equal((await api.call('GET', `${IDP}/users/nope`)).body.message, 'User nope not found')
  })

  await t.test('List', async (t) => {
    const own = await api.pool()
    const made: RestAnswer['body'][] = []
    for (const n of [1, 2, 3, 4, 5]) {
      made.push(await api.user({ userpoolId: own.id, fullName: n % 2 === 0 ? 'Even' : 'Odd', externalId: `e${n}` }))
    }
    const list = (query: string) => api.call('GET', `${IDP}/users?userpoolId=${own.id}${query}`)

    await t.test('answers users in order of creation, page by page', async (t) => {
      t.strictSame((await list('')).body, { users: made })
      const first = (await list('&pageSize=2')).body
      t.strictSame(first.users, made.slice(0, 2))
      const second = (await list(`&pageSize=2&pageToken=${first.nextPageToken}`)).body
      t.strictSame(second.users, made.slice(2, 4))
      t.strictSame((await list(`&page_size=2&page_token=${second.nextPageToken}`)).body, { users: made.slice(4) })
      t.strictSame((await list('&pageSize=5')).body, { users: made }, 'no token when nothing follows')
      t.strictSame((await list('&pageSize=0')).body, { users: made }, '0 is the default')
    })

    const filters: [filter: string, found: number[]][] = [
      [`username = "${made[1].username}"`, [1]],
      [`id='${made[2].id}'`, [2]],
      ['full_name="Odd"', [0, 2, 4]],
      ["fullName != 'Odd'", [1, 3]],
      ["external_id IN ('e1', 'e5', 'e9')", [0, 4]],
      ["externalId not in ('e1') AND fullName = 'Odd'", [2, 4]],
      ['username contains \'idp.yandexcloud\' and external_id = "e3"', [2]],
      ['status="SUSPENDED"', []],
    ]
    for (const [filter, found] of filters) {
      await t.test(`filters by ${filter.replaceAll(made[2].id, '…')}`, async (t) => {
        const { body } = await list(`&filter=${encodeURIComponent(filter)}`)
        t.strictSame(body, found.length === 0 ? {} : { users: found.map((index) => made[index]) })
      })
    }

    await t.test('pages through what a filter lets through', async (t) => {
      const filter = encodeURIComponent('fullName="Odd"')
      const first = (await list(`&pageSize=2&filter=${filter}`)).body
      t.strictSame(first.users, [made[0], made[2]])
      t.strictSame((await list(`&pageSize=2&filter=${filter}&pageToken=${first.nextPageToken}`)).body, { users: [made[4]] })
      t.strictSame((await list(`&pageSize=3&filter=${filter}`)).body.nextPageToken, undefined)
      t.equal((await list(`&pageSize=2&pageToken=${first.nextPageToken}`)).body.code, 3, 'a token belongs to its question')
    })

    for (const query of [
      '&pageToken=nonsense',
      '&filter=x',
      '&filter=name%3D%22a%22',
      '&filter=id%3Da',
      '&pageSize=1001',
      '&pageSize=-1',
    ]) {
      await t.test(`refuses ${query}`, async (t) => t.equal((await list(query)).body.code, 3))
    }
    t.equal((await api.call('GET', `${IDP}/users?userpoolId=nope`)).body.code, 5)
    t.equal((await api.call('GET', `${IDP}/users`)).body.details[1].fieldViolations[0].field, 'userpool_id')
  })

  await t.test('Update', async (t) => {
    const update = (id: string, body: object) => api.call('PATCH', `${IDP}/users/${id}`, body)
    const full = { fullName: 'Full', givenName: 'G', familyName: 'F', email: 'e@example.com', department: 'D' }

    await t.test('changes what the mask names, and only that', async (t) => {
      const user = await api.user({ userpoolId: pool.id, ...full })
      idp.clock.advance(1500)
      const { body } = await update(user.id, {
        updateMask: 'givenName,user_id,department',
        givenName: 'New',
        familyName: 'ignored',
        email: 'x',
      })
      const { department: _department, ...rest } = user
      const after = { ...rest, givenName: 'New', updatedAt: '2026-01-02T03:04:06.500Z' }
      t.strictSame(body.response, { '@type': `${TYPES}User`, ...after })
      t.strictSame(body.metadata, { '@type': `${TYPES}UpdateUserMetadata`, userId: user.id })
      t.strictSame((await api.call('GET', `${IDP}/users/${user.id}`)).body, after)
    })

    await t.test('resets what is not given when there is no mask, but keeps username and full name', async (t) => {
      const user = await api.user({ userpoolId: pool.id, ...full, externalId: 'kept' })
      const { body } = await update(user.id, { givenName: 'Only' })
      t.match(body.response, { username: user.username, fullName: 'Full', givenName: 'Only', externalId: 'kept' })
      t.equal(body.response.email, undefined)
      t.equal(body.response.department, undefined)
    })

    await t.test('renames, and finds the user by the new name', async (t) => {
      const user = await api.user({ userpoolId: pool.id })
      t.equal((await update(user.id, { updateMask: 'username', username: `renamed@${domain}` })).status, 200)
      t.equal((await create({ username: `renamed@${domain}` })).body.code, 6)
      t.equal((await create({ username: user.username })).status, 200, 'the old name is free')
    })

    const user = await api.user({ userpoolId: pool.id })
    const refusals: [what: string, body: object, code: number][] = [
      ['an unknown path in the mask', { updateMask: 'nickName' }, 3],
      ['a path below a scalar', { updateMask: 'email.x' }, 3],
      ['what cannot be updated', { updateMask: 'externalId' }, 3],
      ['an empty name that the mask names', { updateMask: 'fullName' }, 3],
      ['a username that is taken', { updateMask: 'username', username: `anna@${domain}` }, 6],
      ['a foreign domain', { updateMask: 'username', username: 'a@example.com' }, 9],
      ['a value that is too long', { department: 'x'.repeat(257) }, 3],
    ]
    for (const [what, body, code] of refusals) {
      await t.test(`refuses ${what}`, async (t) => t.equal((await update(user.id, body)).body.code, code))
    }
    t.equal((await update('nope', {})).body.code, 5)
  })

  await t.test('Suspend and Reactivate', async (t) => {
    const user = await api.user({ userpoolId: pool.id })
    const status = async () => (await api.call('GET', `${IDP}/users/${user.id}`)).body.status
    const { body } = await api.call('POST', `${IDP}/users/${user.id}:suspend`, { reason: 'leave', expiresAt: '2027-01-01T00:00:00Z' })
    t.strictSame(body.response, EMPTY)
    t.strictSame(body.metadata, { '@type': `${TYPES}SuspendUserMetadata`, userId: user.id })
    t.equal(await status(), 'SUSPENDED')
    t.equal((await api.call('GET', `${IDP}/users/${user.id}`)).body.expiresAt, '2027-01-01T00:00:00Z')
    t.equal((await api.call('POST', `${IDP}/users/${user.id}:suspend`, {})).status, 200, 'suspending twice is fine')
    t.strictSame((await api.call('POST', `${IDP}/users/${user.id}:reactivate`)).body.response, EMPTY)
    t.equal(await status(), 'ACTIVE')
    t.equal((await api.call('POST', `${IDP}/users/nope:suspend`, {})).body.code, 5)
    t.equal((await api.call('POST', `${IDP}/users/nope:reactivate`, {})).body.code, 5)
  })

  await t.test('Delete', async (t) => {
    const user = await api.user({ userpoolId: pool.id, externalId: 'gone' })
    const { body } = await api.call('DELETE', `${IDP}/users/${user.id}`)
    t.strictSame(body.response, EMPTY)
    t.equal((await api.call('GET', `${IDP}/users/${user.id}`)).status, 404)
    t.equal((await api.call('DELETE', `${IDP}/users/${user.id}`)).status, 404)
    t.equal((await create({ username: user.username, externalId: 'gone' })).status, 200, 'its names are free')
  })
})

// yandex-idp 18: what changed since the documentation page of April 2026, each point as it is now and as it was then.
test('the API now, and as it was in April 2026', async (t) => {
  const worlds = [
    { name: 'now', settings: {}, later: true },
    { name: '2026-04', settings: { rooms: { yandex: { compat: '2026-04' } } }, later: false },
  ]
  const sha512 =
    '{PBKDF2-SHA512}10000$Je1Uw19Bfv5lArzZ6V3EPw$g4T/1sqBUYWl9o93MVnyQ/8zKGSkPbKaXXsT8WmysXQJhWy8MRP2JFudSL.N9RklQYgDPxPjnfum/F2f/TrppA'
  for (const { name, settings, later } of worlds) {
    await t.test(name, async (t) => {
      const idp = await emulator(t, { settings })
      const api = rest(idp)
      const pool = await api.pool()
      let count = 0
      const create = (more: object) => {
        const username = `u${++count}@${pool.domains[0]}`
        const secret = 'passwordHash' in more ? {} : { passwordSpec: { password: PASSWORD } }
        return api.call('POST', `${IDP}/users`, { userpoolId: pool.id, username, fullName: 'U', ...secret, ...more })
      }
      const hash = (passwordHash: string, passwordHashType: string) => ({ passwordHash: { passwordHash, passwordHashType } })
      const field = (body: { details: { fieldViolations: { field: string }[] }[] }) =>
        body.details[1]?.fieldViolations.map(({ field }) => field)

      await t.test('passwordHash is AD_MD4 of 128 characters at most, later five types of 512', async (t) => {
        t.equal((await create(hash('8846f7eaee8fb117ad06bdd830b7586c', 'AD_MD4'))).status, 200)
        const { status, body } = await create(hash(sha512, 'LDAP_PBKDF2_SHA512'))
        t.equal(status, later ? 200 : 400)
        if (!later) t.same(field(body), ['password_hash.password_hash', 'password_hash.password_hash_type'])
        t.same(field((await create(hash('a'.repeat(513), 'AD_MD4'))).body)?.[0], 'password_hash.password_hash')
      })

      await t.test('expiresAt came in June', async (t) => {
        const { status, body } = await create({ expiresAt: '2030-01-01T00:00:00Z' })
        t.equal(status, later ? 200 : 400)
        if (!later) t.same(field(body), ['expires_at'])
        const user = await api.user({ userpoolId: pool.id })
        t.equal((await api.call('PATCH', `${IDP}/users/${user.id}`, { expiresAt: '2030-01-01T00:00:00Z' })).status, later ? 200 : 400)
        t.equal(
          (await api.call('POST', `${IDP}/users/${user.id}:suspend`, { expiresAt: '2030-01-01T00:00:00Z' })).status,
          later ? 200 : 400,
        )
      })

      await t.test('what did not change', async (t) => {
        t.equal((await create({ companyName: 'C', department: 'D', jobTitle: 'J', employeeId: 'E', isActive: null })).status, 200)
        t.same(field((await create({ email: 'ab' })).body), ['email'])
        t.same(field((await create({ username: 'a b@x' })).body), ['username'])
        t.same(field((await create({ externalId: 'x'.repeat(257) })).body), ['external_id'])
        t.same(field((await create({ phoneNumber: 'x'.repeat(51) })).body), ['phone_number'])
        t.same(field((await create({ passwordSpec: { password: 'x'.repeat(129) } })).body), ['password_spec.password'])
        t.same(field((await create({ passwordSpec: undefined })).body), ['credentials'])
        const { status, body } = await create({})
        t.equal(status, 200, 'neither 201 nor 202')
        t.equal(body.metadata['@type'], `${TYPES}CreateUserMetadata`)
        t.equal(body.response['@type'], `${TYPES}User`)
      })
    })
  }
})

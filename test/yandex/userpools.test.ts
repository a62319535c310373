import { test } from 'tap'
import { options } from '../../src/yandex/index.ts'
import { emulator } from '../support/emulator.ts'
import { IDP, ORGANIZATION, PASSWORD, rest } from '../support/yandex.ts'

const NOW = '2026-01-02T03:04:05Z'
const TYPES = 'type.googleapis.com/yandex.cloud.organizationmanager.v1.idp.'

test('UserpoolService', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const create = (more: object) =>
    api.call('POST', `${IDP}/userpools`, { organizationId: ORGANIZATION, name: 'main', defaultSubdomain: 'main', ...more })

  await t.test('Create', async (t) => {
    await t.test('answers a pool with the default policies and its domain', async (t) => {
      const { status, body } = await create({})
      t.equal(status, 200)
      t.equal(body.description, 'Create userpool')
      t.strictSame(body.metadata, { '@type': `${TYPES}CreateUserpoolMetadata`, userpoolId: body.response.id })
      t.match(body.response.id, /^ek0[0-9a-v]{17}$/)
      t.strictSame(body.response, {
        '@type': `${TYPES}Userpool`,
        id: body.response.id,
        organizationId: ORGANIZATION,
        name: 'main',
        createdAt: NOW,
        updatedAt: NOW,
        domains: ['main.idp.yandexcloud.net'],
        status: 'ACTIVE',
        userSettings: {},
        passwordQualityPolicy: { smart: { twoClasses: '24', threeClasses: '11', fourClasses: '10' } },
        passwordLifetimePolicy: { maxDaysCount: '365' },
        bruteforceProtectionPolicy: { window: '600s', block: '600s', attempts: '15' },
        passwordBlacklistPolicy: { checkCommon: true },
      })
    })

    await t.test('keeps what is given', async (t) => {
      const given = {
        description: 'All of it',
        labels: { env: 'test' },
        userSettings: { allowEditSelfPassword: true },
        passwordQualityPolicy: { allowSimilar: true, maxLength: '64', matchLength: '4', fixed: { digitsRequired: true, minLength: '6' } },
        passwordLifetimePolicy: { minDaysCount: '1', maxDaysCount: '30' },
        bruteforceProtectionPolicy: { window: '3600s', block: '1.500s', attempts: '3' },
        passwordBlacklistPolicy: { checkCommon: false },
      }
      const deprecated = { ...given.passwordQualityPolicy, minLength: 9, requiredClasses: { lowers: true } }
      const { body } = await create({ ...given, name: 'given', defaultSubdomain: 'given', passwordQualityPolicy: deprecated })
      t.match(body.response, given)
      t.equal(body.response.passwordQualityPolicy.minLength, undefined, 'deprecated members are not returned')
      const password = (password: string) =>
        api.call('POST', `${IDP}/users`, {
          userpoolId: body.response.id,
          username: 'a@given.idp.yandexcloud.net',
          fullName: 'A',
          passwordSpec: { password },
        })
      const refused: [password: string, why: string][] = [
        ['abcde', 'at least 6 characters'],
        ['abxyab', 'must have a digit'],
        ['1x'.repeat(33), 'at most 64 characters'],
        ['xx1qwerxx', 'well-known sequence'],
        ['xx4321xx', 'well-known sequence'],
      ]
      for (const [word, why] of refused) t.match((await password(word)).body.message, why)
      t.equal((await password('changeme1')).status, 200, 'common, and that is not checked')
    })

    const refusals: [what: string, more: object, code: number, message?: string][] = [
      ['an organization that is not there', { organizationId: 'nope' }, 5, 'Organization nope not found'],
      ['a name that is taken', { defaultSubdomain: 'other' }, 6, 'Userpool with name main already exists'],
      ['a subdomain that is taken', { name: 'other' }, 6, 'Domain main.idp.yandexcloud.net is already in use'],
      ['a subdomain that is taken in other letters', { name: 'other', defaultSubdomain: 'MAIN' }, 6],
      ['a subdomain that is none', { name: 'other', defaultSubdomain: 'a b' }, 3],
      ['a name that is none', { name: 'Other' }, 3],
      ['a label that is none', { name: 'other', defaultSubdomain: 'other', labels: { Env: 'x' } }, 3],
      ['too many labels', { name: 'other', labels: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`l${n}`, 'x'])) }, 3],
      ['a window out of range', { name: 'other', bruteforceProtectionPolicy: { window: '31536001s' } }, 3],
      ['attempts out of range', { name: 'other', bruteforceProtectionPolicy: { attempts: 101 } }, 3],
      ['a duration that is none', { name: 'other', bruteforceProtectionPolicy: { window: '5m' } }, 3],
    ]
    for (const [what, more, code, message] of refusals) {
      await t.test(`refuses ${what}`, async (t) => {
        const { body } = await create(more)
        t.equal(body.code, code)
        if (message !== undefined) t.equal(body.message, message)
      })
    }
    t.equal((await create({ name: 'off', defaultSubdomain: 'off.example', bruteforceProtectionPolicy: { attempts: 0 } })).status, 200)
  })

  await t.test('Get and List', async (t) => {
    const { body } = await api.call('GET', `${IDP}/userpools?organizationId=${ORGANIZATION}`)
    t.same(
      body.userpools.map(({ name }: { name: string }) => name),
      ['main', 'given', 'off'],
    )
    t.strictSame((await api.call('GET', `${IDP}/userpools/${body.userpools[0].id}`)).body, body.userpools[0])
    const filter = encodeURIComponent('name="given"')
    t.strictSame((await api.call('GET', `${IDP}/userpools?organizationId=${ORGANIZATION}&filter=${filter}`)).body, {
      userpools: [body.userpools[1]],
    })
    t.equal((await api.call('GET', `${IDP}/userpools?organizationId=nope`)).body.code, 5)
    t.equal((await api.call('GET', `${IDP}/userpools/nope`)).body.message, 'Userpool nope not found')
  })

  await t.test('Delete takes its users and domains along', async (t) => {
    const pool = await api.pool({ name: 'short', defaultSubdomain: 'short' })
    const user = await api.user({ userpoolId: pool.id })
    const { body } = await api.call('DELETE', `${IDP}/userpools/${pool.id}`)
    t.strictSame(body.metadata, { '@type': `${TYPES}DeleteUserpoolMetadata`, userpoolId: pool.id })
    t.strictSame(body.response, { '@type': 'type.googleapis.com/google.protobuf.Empty' })
    t.equal((await api.call('GET', `${IDP}/userpools/${pool.id}`)).status, 404)
    t.equal((await api.call('GET', `${IDP}/users/${user.id}`)).status, 404)
    t.equal((await api.call('DELETE', `${IDP}/userpools/${pool.id}`)).status, 404)
    const again = await api.pool({ name: 'short', defaultSubdomain: 'short' })
    t.equal(
      (await api.user({ userpoolId: again.id, username: user.username, passwordSpec: { password: PASSWORD } })).username,
      user.username,
    )
  })
})

test('OrganizationService', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const demo = { id: ORGANIZATION, createdAt: NOW, name: 'demo', title: 'Demo' }

  await t.test('every fresh store has an organization', async (t) => {
    t.strictSame((await api.call('GET', '/organization-manager/v1/organizations')).body, { organizations: [demo] })
    idp.clock.advance(60_000)
    t.strictSame((await api.call('GET', `/organization-manager/v1/organizations/${ORGANIZATION}`)).body, demo)
    t.equal((await api.call('GET', '/organization-manager/v1/organizations/nope')).body.message, 'Organization nope not found')
    const other = await api.call('GET', '/organization-manager/v1/organizations', undefined, { 'x-poolhouse-namespace': 'other' })
    t.equal(other.body.organizations[0].id, ORGANIZATION)
  })

  await t.test('or those it was configured with', async (t) => {
    const organizations = [
      { id: 'bpf1', name: 'one' },
      { id: 'bpf2', name: 'two', title: 'Two' },
    ]
    const api = rest(await emulator(t, { settings: { rooms: { yandex: { organizations } } } }))
    const { body } = await api.call('GET', `/organization-manager/v1/organizations?filter=${encodeURIComponent('name="two"')}`)
    t.strictSame(body.organizations, [{ id: 'bpf2', createdAt: NOW, name: 'two', title: 'Two' }])
  })
})

test('what the room can be configured with', async (t) => {
  const key = { id: 'k', service_account_id: 's', public_key: 'pem' }
  const folder = t.testdir({ 'key.json': JSON.stringify({ ...key, private_key: 'secret' }), 'wrong.json': '{}' })
  const cases: [name: string, raw: unknown, value: unknown][] = [
    ['compat', '2026-04', '2026-04'],
    ['compat', '2025', undefined],
    ['auth', 'strict', 'strict'],
    ['auth', 'loose', undefined],
    ['quotas', 'on', true],
    ['quotas', false, false],
    ['quotas', 'maybe', undefined],
    ['oauth-token', 'y0_x', 'y0_x'],
    ['oauth-token', 'a b', undefined],
    ['service-account-keys', `${folder}/key.json`, [key]],
    ['service-account-keys', `${folder}/key.json,${folder}/wrong.json`, undefined],
    ['service-account-keys', `${folder}/none.json`, undefined],
    ['organizations', [{ id: 'bpf1', name: 'one' }], [{ id: 'bpf1', name: 'one' }]],
    ['organizations', [], undefined],
    ['organizations', [{ id: 'bpf1' }], undefined],
    ['organizations', [{ id: 'bpf1', name: 'one', color: 'red' }], undefined],
  ]
  for (const [name, raw, value] of cases) {
    t.strictSame(options.find((option) => option.name === name)?.parse(String(raw), raw), value, `${name}: ${JSON.stringify(raw)}`)
  }
})

test('ApiEndpointService names every service at the address the caller used', async (t) => {
  const api = rest(await emulator(t))
  const { body } = await api.call('GET', '/endpoints', undefined, { host: 'idp.test:7665' })
  t.same(body.endpoints, [
    { id: 'endpoint', address: 'idp.test:7665' },
    { id: 'iam', address: 'idp.test:7665' },
    { id: 'operation', address: 'idp.test:7665' },
    { id: 'organization-manager', address: 'idp.test:7665' },
    { id: 'organizationmanager', address: 'idp.test:7665' },
  ])
  t.same((await api.call('GET', '/endpoints/iam', undefined, { host: 'idp.test' })).body, { id: 'iam', address: 'idp.test:80' })
  t.equal((await api.call('GET', '/endpoints/nope')).body.code, 5)
})

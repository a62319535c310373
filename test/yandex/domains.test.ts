import { test } from 'tap'
import { control } from '../../src/yandex/index.ts'
import { emulator } from '../support/emulator.ts'
import { only } from '../support/only.ts'
import { IDP, ORGANIZATION, PASSWORD, type RestAnswer, rest } from '../support/yandex.ts'

const NOW = '2026-01-02T03:04:05Z'

test('domains of userpools', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const namespace = idp.app.emulator.namespace()
  const pool = await api.pool({ defaultSubdomain: 'main' })
  const path = `${IDP}/userpools/${pool.id}/domains`
  const add = (domain: string) => api.call('POST', path, { domain })
  const user = (username: string) =>
    api.call('POST', `${IDP}/users`, { userpoolId: pool.id, username, fullName: 'U', passwordSpec: { password: PASSWORD } })

  await t.test('AddDomain and GetDomain', async (t) => {
    const { body } = await add('Example.com')
    t.equal(body.description, 'Add domain to userpool')
    const { '@type': _metadata, ...metadata } = body.metadata
    t.strictSame(metadata, { userpoolId: pool.id, domain: 'example.com' })
    const { '@type': _type, ...domain } = body.response
    const { value } = domain.challenges[0].dnsChallenge
    t.match(value, /^[A-Za-z0-9+/=]{44}$/)
    t.strictSame(domain, {
      domain: 'example.com',
      status: 'NEED_TO_VALIDATE',
      statusCode: 'organization/domain-diagnostics#need-to-validate',
      createdAt: NOW,
      validatedAt: '1970-01-01T00:00:00Z',
      challenges: [
        {
          createdAt: NOW,
          updatedAt: NOW,
          type: 'DNS_TXT',
          status: 'PENDING',
          dnsChallenge: { name: '_yandexcloud-challenge.example.com.', type: 'TXT', value },
        },
      ],
    })
    t.strictSame((await api.call('GET', `${path}/example.com`)).body, domain)
    t.same((await api.call('GET', `${IDP}/userpools/${pool.id}`)).body.domains, ['main.idp.yandexcloud.net', 'example.com'])
    t.equal((await add('example.com')).body.code, 6)
    t.equal((await add('main.idp.yandexcloud.net')).body.code, 6)
    t.equal((await add('no domain')).body.code, 3)
    const other = await api.pool()
    t.equal((await api.call('POST', `${IDP}/userpools/${other.id}/domains`, { domain: 'example.com' })).body.code, 6, 'of one pool only')
    t.equal((await api.call('GET', `${path}/nope.com`)).body.code, 5)
    t.equal((await user('a@example.com')).body.code, 9, 'not validated yet')
  })

  await t.test('ValidateDomain', async (t) => {
    control.setVerdict(namespace, 'example.com', false)
    const validate = () => api.call('POST', `${path}/example.com:validate`, {})
    idp.clock.advance(1000)
    const invalid = (await validate()).body.response
    t.match(invalid, { status: 'INVALID', statusCode: 'organization/domain-diagnostics#invalid', challenges: only({ status: 'INVALID' }) })
    t.equal((await user('a@example.com')).body.code, 9)
    control.setVerdict(namespace, 'example.com', true)
    const valid = (await validate()).body.response
    t.match(valid, {
      status: 'VALID',
      validatedAt: '2026-01-02T03:04:06Z',
      challenges: only({ status: 'VALID', updatedAt: '2026-01-02T03:04:06Z' }),
    })
    t.equal(valid.statusCode, undefined)
    idp.clock.advance(1000)
    t.strictSame((await validate()).body.response, valid, 'validated once')
    t.equal((await user('a@example.com')).status, 200)
    t.equal((await api.call('POST', `${path}/nope.com:validate`, {})).body.code, 5)
  })

  await t.test('ListDomains', async (t) => {
    await add('more.example.com')
    const names = async (query = '') =>
      (await api.call('GET', `${path}${query}`)).body.domains?.map(({ domain }: { domain: string }) => domain)
    t.same(await names(), ['main.idp.yandexcloud.net', 'example.com', 'more.example.com'])
    t.same(await names(`?filter=${encodeURIComponent('status="NEED_TO_VALIDATE"')}`), ['more.example.com'])
    const { body } = await api.call('GET', `${path}?pageSize=2`)
    t.same(await names(`?pageSize=2&pageToken=${body.nextPageToken}`), ['more.example.com'])
  })

  await t.test('DeleteDomain', async (t) => {
    t.equal((await api.call('DELETE', `${path}/main.idp.yandexcloud.net`)).body.code, 9, 'the default one')
    t.equal((await api.call('DELETE', `${path}/example.com`)).body.code, 9, 'one that users have')
    t.equal((await api.call('DELETE', `${path}/more.example.com`)).status, 200)
    t.equal((await api.call('GET', `${path}/more.example.com`)).body.code, 5)
    t.equal((await add('more.example.com')).status, 200)
  })

  await t.test('Update, access bindings, ListOperations', async (t) => {
    const own = await api.pool({ description: 'D', labels: { a: 'b' }, passwordLifetimePolicy: { maxDaysCount: '7' } })
    const update = (body: object): Promise<RestAnswer> => api.call('PATCH', `${IDP}/userpools/${own.id}`, body)
    const masked = await update({
      updateMask: 'userpool_id,password_quality_policy.fixed.min_length,passwordQualityPolicy.fixed.digitsRequired,labels.c',
      passwordQualityPolicy: { fixed: { minLength: '12', digitsRequired: true, uppersRequired: true } },
      labels: { c: 'd', e: 'f' },
      description: 'not named',
    })
    t.match(masked.body.response, { description: 'D', labels: { a: 'b', c: 'd' } })
    t.strictSame(masked.body.response.passwordQualityPolicy, { fixed: { digitsRequired: true, minLength: '12' } }, 'the other arm is gone')
    const reset = (await update({ description: 'New' })).body.response
    t.equal(reset.name, own.name, 'kept')
    t.equal(reset.labels, undefined)
    t.strictSame(reset.passwordQualityPolicy, { smart: { twoClasses: '24', threeClasses: '11', fourClasses: '10' } }, 'the default again')
    t.strictSame(reset.passwordLifetimePolicy, { maxDaysCount: '365' })
    t.equal((await update({ updateMask: 'name', name: pool.name })).body.code, 6)
    t.equal((await update({ updateMask: 'name' })).body.code, 3)
    t.equal((await update({ updateMask: 'organizationId' })).body.code, 3)
    t.equal((await update({ updateMask: 'passwordQualityPolicy.nope' })).body.code, 3)

    const binding = (id: string, roleId = 'viewer') => ({ roleId, subject: { id, type: 'userAccount' } })
    const at = `${IDP}/userpools/${own.id}`
    const set = await api.call('POST', `${at}:setAccessBindings`, { accessBindings: [binding('a'), binding('b')] })
    t.same(set.body.response.effectiveDeltas.length, 2)
    const changed = await api.call('PATCH', `${at}:updateAccessBindings`, {
      accessBindingDeltas: [
        { action: 'ADD', accessBinding: binding('b') },
        { action: 'ADD', accessBinding: binding('c', 'editor') },
        { action: 'REMOVE', accessBinding: binding('a') },
        { action: 'REMOVE', accessBinding: binding('z') },
      ],
    })
    t.same(changed.body.response.effectiveDeltas, [
      { action: 'ADD', accessBinding: binding('c', 'editor') },
      { action: 'REMOVE', accessBinding: binding('a') },
    ])
    t.same((await api.call('GET', `${at}:listAccessBindings`)).body.accessBindings, [binding('b'), binding('c', 'editor')])
    const replaced = await api.call('POST', `${at}:setAccessBindings`, { accessBindings: [binding('b')] })
    t.same(replaced.body.response.effectiveDeltas, [{ action: 'REMOVE', accessBinding: binding('c', 'editor') }])
    const strange = { roleId: 'viewer', subject: { id: 'x', type: 'alien' } }
    t.equal((await api.call('POST', `${at}:setAccessBindings`, { accessBindings: [strange] })).body.code, 3)

    const { body } = await api.call('GET', `${at}/operations`)
    t.same(
      body.operations.map(({ description }: { description: string }) => description),
      [
        'Create userpool',
        'Update userpool',
        'Update userpool',
        'Set userpool access bindings',
        'Update userpool access bindings',
        'Set userpool access bindings',
      ],
    )
    t.ok(body.operations.every(({ done }: { done: boolean }) => done))
    t.equal((await api.call('GET', `${IDP}/userpools/nope/operations`)).body.code, 5)
    t.equal(ORGANIZATION, own.organizationId)
  })
})

import { test } from 'tap'
import { emulator } from '../support/emulator.ts'
import { IDP, ORGANIZATION, type RestAnswer, rest } from '../support/yandex.ts'

const V1 = '/organization-manager/v1'
const NOW = '2026-01-02T03:04:05Z'

test('GroupService', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const pool = await api.pool()
  const create = (more: object): Promise<RestAnswer> =>
    api.call('POST', `${V1}/groups`, { organizationId: ORGANIZATION, name: 'Team', ...more })
  const external = (more: object): Promise<RestAnswer> =>
    api.call('POST', `${V1}/external_groups`, {
      organizationId: ORGANIZATION,
      name: 'Ext',
      subjectContainerId: pool.id,
      externalId: 'guid:1/2',
      ...more,
    })
  const group = async (name: string) => (await create({ name })).body.response

  await t.test('Create, Get, List, Update, Delete', async (t) => {
    const { body } = await create({ description: 'D', labels: { a: 'b' } })
    const { '@type': _type, ...made } = body.response
    t.match(made.id, /^aje/)
    t.strictSame(made, { id: made.id, organizationId: ORGANIZATION, createdAt: NOW, name: 'Team', description: 'D', labels: { a: 'b' } })
    t.strictSame((await api.call('GET', `${V1}/groups/${made.id}`)).body, made)
    t.equal((await create({})).body.code, 6)
    t.equal((await create({ name: '1team' })).body.code, 3)
    await group('Other')
    const filter = encodeURIComponent('name="Team"')
    t.strictSame((await api.call('GET', `${V1}/groups?organizationId=${ORGANIZATION}&filter=${filter}`)).body, { groups: [made] })

    const update = (body: object): Promise<RestAnswer> => api.call('PATCH', `${V1}/groups/${made.id}`, body)
    t.match((await update({ updateMask: 'description', description: 'E' })).body.response, {
      name: 'Team',
      description: 'E',
      labels: { a: 'b' },
    })
    t.equal((await update({ updateMask: 'name', name: 'Other' })).body.code, 6)
    t.equal((await update({ updateMask: 'name', name: 'Renamed' })).status, 200)
    t.equal((await create({})).status, 200, 'the old name is free')
    t.equal((await update({})).body.response.description, undefined)

    t.equal((await api.call('DELETE', `${V1}/groups/${made.id}`)).status, 200)
    t.equal((await api.call('GET', `${V1}/groups/${made.id}`)).body.code, 5)
    t.equal((await create({ name: 'Renamed' })).status, 200)
  })

  await t.test('members', async (t) => {
    const one = await api.user({ userpoolId: pool.id })
    const two = await api.user({ userpoolId: pool.id })
    const team = await group('Members')
    const at = `${V1}/groups/${team.id}`
    const change = (...memberDeltas: object[]) => api.call('POST', `${at}:updateMembers`, { memberDeltas })
    const list = async (query = '') => (await api.call('GET', `${at}:listMembers${query}`)).body
    t.equal((await change({ action: 'ADD', subjectId: one.id }, { action: 'ADD', subjectId: two.id })).status, 200)
    t.equal((await change({ action: 'ADD', subjectId: one.id })).status, 200, 'twice is fine')
    const members = [one, two].map(({ id }) => ({ subjectId: id, subjectType: 'userAccount' }))
    t.strictSame(await list(), { members })
    const first = await list('?pageSize=1')
    t.strictSame(await list(`?pageSize=1&pageToken=${first.nextPageToken}`), { members: members.slice(1) })
    t.equal((await change({ action: 'ADD', subjectId: 'nope' })).body.message, 'Subject nope not found')
    t.equal((await change({ action: 'MEMBER_ACTION_UNSPECIFIED', subjectId: one.id })).body.code, 3)

    const effective = async (subject: string, query = '') =>
      (await api.call('GET', `${V1}/groups:listEffective?subjectId=${subject}${query}`)).body
    t.strictSame(await effective(one.id), { groupMembershipInfo: [{ groupId: team.id, groupName: 'Members' }] })
    t.strictSame(await effective(one.id, `&filter=${encodeURIComponent("name contains 'x'")}`), {})
    t.equal((await effective('nope')).code, 5)

    await change({ action: 'REMOVE', subjectId: one.id })
    await api.call('DELETE', `${IDP}/users/${two.id}`)
    t.strictSame(await list(), {}, 'a deleted user leaves its groups')
    t.equal((await api.call('GET', `${at}/operations`)).body.operations.length, 4)
  })

  await t.test('external groups', async (t) => {
    const { body } = await external({ makeEditor: true })
    const { '@type': _type, ...made } = body.response
    t.match(body.metadata, { groupId: made.id, groupName: 'Ext', subjectContainerId: pool.id, externalId: 'guid:1/2', makeEditor: true })
    t.match(made, { subjectContainerId: pool.id, externalId: 'guid:1/2' })
    t.same((await api.call('GET', `${V1}/groups/${made.id}:listAccessBindings`)).body.accessBindings, [
      { roleId: 'organization-manager.groups.editor', subject: { id: 'ajedemo0000000000000', type: 'userAccount' } },
    ])
    t.equal((await external({ name: 'Ext2' })).body.code, 6)
    t.equal((await external({ externalId: 'guid2' })).body.code, 6, 'its name is taken')
    t.strictSame((await api.call('GET', `${V1}/external_groups/${pool.id}/${encodeURIComponent('guid:1/2')}`)).body, made)
    t.equal((await api.call('GET', `${V1}/external_groups/${pool.id}/nope`)).body.code, 5)

    const basic = await group('Basic')
    const convert = (id: string, externalId: string) =>
      api.call('POST', `${V1}/groups/${id}:convertToExternal`, { subjectContainerId: pool.id, externalId })
    t.equal((await convert(basic.id, 'guid:1/2')).body.code, 6)
    t.match((await convert(basic.id, 'guid3')).body.response, { id: basic.id, externalId: 'guid3' })
    t.equal((await convert(basic.id, 'guid4')).body.code, 9)
    const list = async () => (await api.call('GET', `${V1}/external_groups?subjectContainerId=${pool.id}`)).body
    t.same(
      (await list()).groups.map(({ name }: { name: string }) => name),
      ['Ext', 'Basic'],
    )
    t.equal((await api.call('POST', `${V1}/external_groups:convertAllToBasic`, { subjectContainerId: pool.id })).status, 200)
    t.strictSame(await list(), {})
    t.equal((await api.call('GET', `${V1}/groups/${basic.id}`)).body.externalId, undefined)
  })

  await t.test('access bindings by POST', async (t) => {
    const { id } = await group('Bound')
    const accessBinding = { roleId: 'viewer', subject: { id: 'x', type: 'system' } }
    const update = await api.call('POST', `${V1}/groups/${id}:updateAccessBindings`, {
      accessBindingDeltas: [{ action: 'ADD', accessBinding }],
    })
    t.same(update.body.response.effectiveDeltas, [{ action: 'ADD', accessBinding }])
    t.equal((await api.call('POST', `${V1}/groups/${id}:setAccessBindings`, {})).status, 200)
    t.strictSame((await api.call('GET', `${V1}/groups/${id}:listAccessBindings`)).body, {})
  })
})

test('organizations and their users', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const at = `${V1}/organizations/${ORGANIZATION}`
  const EMPTY = { '@type': 'type.googleapis.com/google.protobuf.Empty' }

  await t.test('Update and ListOperations', async (t) => {
    const { body } = await api.call('PATCH', at, { updateMask: 'title,labels', title: 'New', labels: { a: 'b' }, name: 'not-named' })
    t.match(body.response, { id: ORGANIZATION, name: 'demo', title: 'New', labels: { a: 'b' } })
    t.equal((await api.call('PATCH', at, { updateMask: 'name' })).body.code, 3)
    t.equal((await api.call('GET', `${at}/operations`)).body.operations[0].id, body.id)
  })

  await t.test('access bindings answer nothing', async (t) => {
    const accessBinding = { roleId: 'viewer', subject: { id: 'x', type: 'userAccount' } }
    t.strictSame((await api.call('POST', `${at}:setAccessBindings`, { accessBindings: [accessBinding] })).body.response, EMPTY)
    const accessBindingDeltas = [{ action: 'REMOVE', accessBinding }]
    t.strictSame((await api.call('POST', `${at}:updateAccessBindings`, { accessBindingDeltas })).body.response, EMPTY)
    t.strictSame((await api.call('GET', `${at}:listAccessBindings`)).body, {})
  })

  await t.test('access policies', async (t) => {
    const accessPolicyBinding = { accessPolicyTemplateId: 'tpl', parameters: { a: 'b' } }
    t.equal((await api.call('POST', `${at}:bindAccessPolicy`, { accessPolicyBinding })).status, 200)
    t.equal((await api.call('POST', `${at}:bindAccessPolicy`, { accessPolicyBinding })).body.code, 6)
    const other = { accessPolicyTemplateId: 'tpl', parameters: { c: 'd' } }
    t.equal((await api.call('PATCH', `${at}:updateAccessPolicyBindingParameters`, { accessPolicyBinding: other })).status, 200)
    t.strictSame((await api.call('GET', `${at}:listAccessPolicyBindings`)).body, { accessPolicyBindings: [other] })
    t.equal((await api.call('POST', `${at}:unbindAccessPolicy`, { accessPolicyTemplateId: 'tpl' })).status, 200)
    t.equal((await api.call('POST', `${at}:unbindAccessPolicy`, { accessPolicyTemplateId: 'tpl' })).body.code, 5)
    const gone = await api.call('PATCH', `${at}:updateAccessPolicyBindingParameters`, { accessPolicyBinding: other })
    t.equal(gone.body.code, 5)
  })

  await t.test('members', async (t) => {
    const pool = await api.pool()
    const one = await api.user({ userpoolId: pool.id, givenName: 'G', email: 'g@example.com' })
    const two = await api.user({ userpoolId: pool.id })
    const { body } = await api.call('GET', `${at}/users`)
    t.strictSame(body.users[0], {
      subjectClaims: {
        sub: one.id,
        name: one.fullName,
        givenName: 'G',
        preferredUsername: one.username,
        email: 'g@example.com',
        subType: 'USER_ACCOUNT',
      },
    })
    t.equal(body.users.length, 2)
    const gone = await api.call('DELETE', `${at}/users/${two.id}`)
    t.match(gone.body.response, { organizationId: ORGANIZATION, subjectId: two.id })
    t.equal((await api.call('GET', `${at}/users`)).body.users.length, 1)
    t.equal((await api.call('DELETE', `${at}/users/${two.id}`)).body.code, 5)
    t.equal((await api.call('GET', `${IDP}/users/${two.id}`)).status, 200)
  })
})

test('MfaEnforcementService', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const create = (more: object): Promise<RestAnswer> =>
    api.call('POST', `${V1}/mfaEnforcements`, {
      organizationId: ORGANIZATION,
      acrId: 'any-mfa',
      ttl: '3600s',
      status: 'STATUS_ACTIVE',
      enrollWindow: '86400s',
      name: 'all',
      ...more,
    })
  const { '@type': _type, ...made } = (await create({})).body.response
  const at = `${V1}/mfaEnforcements/${made.id}`

  t.strictSame(made, {
    id: made.id,
    organizationId: ORGANIZATION,
    acrId: 'any-mfa',
    ttl: '3600s',
    status: 'MFA_ENFORCEMENT_STATUS_ACTIVE',
    applyAt: NOW,
    enrollWindow: '86400s',
    name: 'all',
    createdAt: NOW,
  })
  t.strictSame((await api.call('GET', at)).body, made)
  t.strictSame((await api.call('GET', `${V1}/mfaEnforcements?organizationId=${ORGANIZATION}`)).body, { mfaEnforcements: [made] })
  t.equal((await create({ acrId: 'none' })).body.code, 3)
  t.equal((await create({ ttl: '60s' })).body.code, 3)
  t.equal((await api.call('PATCH', `${at}:deactivate`)).body.response.status, 'MFA_ENFORCEMENT_STATUS_INACTIVE')
  t.equal((await api.call('PATCH', `${at}:activate`)).body.response.status, 'MFA_ENFORCEMENT_STATUS_ACTIVE')
  const updated = await api.call('PATCH', at, { updateMask: 'status,acrId', status: 'STATUS_INACTIVE', acrId: 'phr', name: 'x' })
  t.match(updated.body.response, { status: 'MFA_ENFORCEMENT_STATUS_INACTIVE', acrId: 'phr', name: 'all' })
  t.equal((await api.call('PATCH', at, { updateMask: 'ttl' })).body.details[1].fieldViolations[0].field, 'ttl')

  const pool = await api.pool()
  const user = await api.user({ userpoolId: pool.id })
  const group = (await api.call('POST', `${V1}/groups`, { organizationId: ORGANIZATION, name: 'g' })).body.response
  for (const [update, list] of [
    ['updateAudience', 'listAudience'],
    ['updateExcludedAudience', 'listExcludedAudience'],
  ]) {
    const change = (...audienceDeltas: object[]): Promise<RestAnswer> => api.call('PATCH', `${at}:${update}`, { audienceDeltas })
    const add = [user.id, group.id, user.id].map((subjectId) => ({ action: 'ACTION_ADD', subjectId }))
    t.match((await change(...add)).body.response, { mfaEnforcementId: made.id, effectiveDeltas: add.slice(0, 2) })
    t.strictSame((await api.call('GET', `${at}:${list}`)).body, {
      subjects: [
        { id: user.id, type: 'userAccount' },
        { id: group.id, type: 'group' },
      ],
    })
    t.equal((await change({ action: 'ACTION_REMOVE', subjectId: user.id })).body.response.effectiveDeltas.length, 1)
    t.equal((await change({ action: 'ACTION_ADD', subjectId: 'nope' })).body.code, 5)
  }
  t.equal((await api.call('DELETE', at)).status, 200)
  t.equal((await api.call('GET', at)).body.code, 5)
})

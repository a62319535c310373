import { test } from 'tap'
import type { Method } from '../../src/contract/proto.ts'
import { control, methods } from '../../src/yandex/index.ts'
import { CODES } from '../../src/yandex/status.ts'
import { emulator } from '../support/emulator.ts'
import { IDP, ORGANIZATION, PASSWORD, type RestAnswer, rest } from '../support/yandex.ts'
import { doors } from '../support/yandex-doors.ts'
import { inputOf, world } from '../support/yandex-world.ts'

// Facts of yandex-idp, by its sections, that the tests by noun and the laws do not hold already.

const V1 = '/organization-manager/v1'
const THEN = 'then'

test('1: verbs that are not what one would think', async (t) => {
  const routes: [name: string, route: string][] = [
    ['UserpoolService.UpdateAccessBindings', `PATCH ${IDP}/userpools/{resource_id}:updateAccessBindings`],
    ['oauth.ApplicationService.UpdateAccessBindings', `PATCH ${IDP}/application/oauth/applications/{resource_id}:updateAccessBindings`],
    ['saml.ApplicationService.UpdateAccessBindings', `PATCH ${IDP}/application/saml/applications/{resource_id}:updateAccessBindings`],
    ['GroupService.UpdateAccessBindings', `POST ${V1}/groups/{resource_id}:updateAccessBindings`],
    ['OrganizationService.UpdateAccessBindings', `POST ${V1}/organizations/{resource_id}:updateAccessBindings`],
    ['MfaEnforcementService.Activate', `PATCH ${V1}/mfaEnforcements/{mfa_enforcement_id}:activate`],
    ['MfaEnforcementService.Deactivate', `PATCH ${V1}/mfaEnforcements/{mfa_enforcement_id}:deactivate`],
    ['oauth.ApplicationService.ListAssignments', `GET ${IDP}/application/oauth/applications/{application_id}:listAssignments`],
    ['oauth.ApplicationService.UpdateAssignments', `PATCH ${IDP}/application/oauth/applications/{application_id}:updateAssignments`],
  ]
  for (const [name, route] of routes) {
    const http = methods.get(name)?.http
    t.equal(`${http?.verb} ${http?.path}`, route)
  }
  t.same(
    [...methods.values()].filter(({ http }) => http === null).map(({ operationName }) => operationName),
    ['idp.UserService.GetPasswordChanges', 'OAuthClientService.ListProfiles'],
    'what REST does not have',
  )

  const idp = await emulator(t)
  const kazakh = { host: 'organization-manager.api.yandexcloud.kz' }
  t.equal((await rest(idp).call('GET', `${V1}/organizations`, undefined, kazakh)).status, 200, 'whatever host it is called by')
  const { body } = await rest(idp).call('GET', '/endpoints')
  t.same(
    body.endpoints.map(({ id }: { id: string }) => id),
    ['endpoint', 'iam', 'operation', 'organization-manager', 'organizationmanager'],
  )
})

test('3: every code has its HTTP status, and is the same over gRPC', async (t) => {
  const idp = await emulator(t)
  const both = await doors(t, idp)
  const list = methods.get('OrganizationService.List') as Method
  const table: Record<string, [code: number, http: number]> = {
    CANCELLED: [1, 499],
    UNKNOWN: [2, 500],
    INVALID_ARGUMENT: [3, 400],
    DEADLINE_EXCEEDED: [4, 504],
    NOT_FOUND: [5, 404],
    ALREADY_EXISTS: [6, 409],
    PERMISSION_DENIED: [7, 403],
    RESOURCE_EXHAUSTED: [8, 429],
    FAILED_PRECONDITION: [9, 400],
    ABORTED: [10, 409],
    OUT_OF_RANGE: [11, 400],
    UNIMPLEMENTED: [12, 501],
    INTERNAL: [13, 500],
    UNAVAILABLE: [14, 503],
    DATA_LOSS: [15, 500],
    UNAUTHENTICATED: [16, 401],
  }
  t.same(Object.keys(CODES), Object.keys(table))
  for (const [name, [code, http]] of Object.entries(table)) {
    const effect = { error: { name, message: 'as asked' } }
    await idp.request('POST', '/_/faults', { match: { operation: 'OrganizationService.List' }, times: 2, [THEN]: effect })
    const { status, body } = await rest(idp).call('GET', `${V1}/organizations`)
    t.strictSame([status, body.code, body.message], [http, code, 'as asked'], name)
    t.match(await both[1].say(list, {}), { code, message: 'as asked' }, name)
    await idp.request('DELETE', '/_/faults')
  }
})

test('3: violations name the place in the words of the proto, and the size as the documentation shows it', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const at = `${V1}/organizations/${ORGANIZATION}`
  const deltas = (accessBindingDeltas: unknown[]) => api.call('POST', `${at}:updateAccessBindings`, { accessBindingDeltas })
  t.equal(
    (await deltas([])).body.message,
    'Validation failed:\n  - access_binding_deltas: Number of elements must be in the range of 1 to 1000',
  )
  const alien = { action: 'ADD', accessBinding: { roleId: 'viewer', subject: { id: 'x', type: 'alien' } } }
  const fine = { action: 'ADD', accessBinding: { roleId: 'viewer', subject: { id: 'x', type: 'federatedUser' } } }
  const { body } = await deltas([
    fine,
    alien,
    { ...fine, accessBinding: { roleId: 'viewer', subject: { id: 'x'.repeat(101), type: 'system' } } },
  ])
  t.same(body.details[1].fieldViolations[0].field, 'access_binding_deltas[2].access_binding.subject.id')
  const { body: strange } = await deltas([fine, alien])
  t.same(strange.details[1].fieldViolations[0].field, 'access_binding_deltas[1].access_binding.subject.type')
})

test('4: times keep nine digits, masks may name what stays, and epochs outside of them do no harm', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const pool = await api.pool()
  const user = await api.user({ userpoolId: pool.id, expiresAt: '2030-01-01T00:00:00.123456789Z' })
  t.equal(user.expiresAt, '2030-01-01T00:00:00.123456789Z')
  // As Terraform sends it: every field, the ids in the mask, an unset time as the epoch.
  const { body } = await api.call('PATCH', `${IDP}/users/${user.id}`, {
    updateMask: 'user_id,full_name,department',
    fullName: 'New',
    department: 'D',
    email: '',
    phoneNumber: '',
    expiresAt: '1970-01-01T00:00:00Z',
  })
  t.match(body.response, { fullName: 'New', department: 'D', expiresAt: user.expiresAt })
})

test('7: a page has 100 unless it is told', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  for (let n = 0; n < 101; n++) await api.done('POST', `${V1}/groups`, { organizationId: ORGANIZATION, name: `g${n}` })
  const { body } = await api.call('GET', `${V1}/groups?organizationId=${ORGANIZATION}`)
  t.equal(body.groups.length, 100)
  t.ok(body.nextPageToken)
  t.equal((await api.call('GET', `${V1}/groups?organizationId=${ORGANIZATION}&pageSize=1000`)).body.groups.length, 101)
})

test('8: ids by who owns the thing', async (t) => {
  const idp = await emulator(t)
  const w = await world(rest(idp))
  for (const [what, { id }, prefix] of [
    ['userpool', w.pool, 'ek0'],
    ['user', w.user, 'aje'],
    ['group', w.group, 'aje'],
    ['OAuth client', w.client, 'aje'],
    ['OAuth client secret', w.oauthClientSecret, 'aje'],
    ['OAuth application', w.oauth, 'ek0'],
    ['SAML application', w.saml, 'ek0'],
    ['certificate', w.certificate, 'ek0'],
    ['MFA enforcement', w.enforcement, 'ek0'],
    ['operation', w.written, 'ek0'],
    ['session', { id: w.session.openedSession.sessionId }, 'ek0'],
  ] as const) {
    t.match(id, new RegExp(`^${prefix}[0-9a-v]{17}$`), what)
  }
})

test('10: who is deleted is gone from groups, applications and enforcements, too', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const w = await world(api)
  const id = w.user.id
  await api.done('POST', `${V1}/groups/${w.group.id}:updateMembers`, { memberDeltas: [{ action: 'ADD', subjectId: id }] })
  const assignmentDeltas = [{ action: 'ADD', assignment: { subjectId: id } }]
  await api.done('PATCH', `${IDP}/application/oauth/applications/${w.oauth.id}:updateAssignments`, { assignmentDeltas })
  const [update, list] = ['MfaEnforcementService.UpdateAudience', 'MfaEnforcementService.ListAudience'].map((name) => methods.get(name))
  const [door] = await doors(t, idp)
  if (update !== undefined) await door.say(update, inputOf(w, update))
  const seen = async () => [
    (await api.call('GET', `${V1}/groups/${w.group.id}:listMembers`)).body.members?.length,
    (await api.call('GET', `${IDP}/application/oauth/applications/${w.oauth.id}:listAssignments`)).body.assignments?.length,
    list === undefined ? undefined : (await door.say(list, { mfaEnforcementId: w.enforcement.id }))?.body.subjects?.length,
  ]
  t.strictSame(await seen(), [1, 1, 1])
  await api.done('DELETE', `${IDP}/users/${id}`)
  t.strictSame(await seen(), [undefined, undefined, undefined])
})

test('11: the default policy and the fixed one, to the character', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const smart = await api.pool()
  const fixed = await api.pool({
    passwordQualityPolicy: {
      fixed: { minLength: '5', lowersRequired: true, uppersRequired: true, digitsRequired: true, specialsRequired: true },
    },
  })
  const similar = await api.pool({ passwordQualityPolicy: { allowSimilar: true } })
  let count = 0
  const create = (pool: { id: string; domains: string[] }, password: string): Promise<RestAnswer> =>
    api.call('POST', `${IDP}/users`, {
      userpoolId: pool.id,
      username: `u${++count}@${pool.domains[0]}`,
      fullName: 'U',
      passwordSpec: { password },
    })
  for (const [pool, password, taken] of [
    [smart, 'Abcde-123x', true],
    [smart, 'Abcde-123', false],
    [smart, 'Abcdefg1234', true],
    [smart, 'Abcdef1234', false],
    [smart, 'abcdefghijkl123456789012', true],
    [smart, 'abcdefghijkl12345678901', false],
    [smart, 'abcdefghijklmnopqrstuvwxyzabcd', false],
    [smart, 'Пароль-123х', true],
    [fixed, 'aB1-x', true],
    [fixed, 'aB1-', false],
    [fixed, 'AB1-X', false],
    [fixed, 'ab1-x', false],
    [fixed, 'aBc-x', false],
    [fixed, 'aB1xx', false],
  ] as const) {
    t.equal((await create(pool, password)).status, taken ? 200 : 400, password)
  }
  const { body } = await create(similar, PASSWORD)
  const again = await api.call('POST', `${IDP}/users/${body.metadata.userId}:setOthersPassword`, { passwordSpec: { password: PASSWORD } })
  t.equal(again.status, 200, 'similar ones are allowed')
})

test('13: agents are told a reset password without the old one, and what became of it', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const w = await world(api)
  const change = (errorCode: string) => ({ errorCode, errorMessage: `because of ${errorCode}` })
  const codes = { PERMISSION_DENIED: 7, PASSWORD_POLICY_VIOLATION: 9, UNKNOWN_ERROR: 2, DEADLINE_EXCEEDED: 4 }
  for (const [index, [errorCode, code]] of Object.entries(codes).entries()) {
    const { body } = await api.call('POST', `${IDP}/users/${w.external.id}:setOthersPassword`, {
      passwordSpec: { password: `${PASSWORD}-${index}` },
    })
    t.equal(body.done, false)
    await api.done('POST', `${IDP}/users:commitPassword`, {
      userpoolId: w.pool.id,
      externalUserId: 'guid-1',
      password: `${PASSWORD}-${index}`,
      modifyingOperationId: body.id,
      errorDetails: change(errorCode),
    })
    t.strictSame((await api.call('GET', `/operations/${body.id}`)).body.error, { code, message: `because of ${errorCode}` })
  }
})

test('16: levels of an enforcement', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const enforcement = { organizationId: ORGANIZATION, ttl: '3600s', status: 'STATUS_ACTIVE', enrollWindow: '3600s' }
  for (const [acrId, status] of [
    ['any-mfa', 200],
    ['any-except-sms', 200],
    ['phr', 200],
    ['none', 400],
  ] as const) {
    const { status: told, body } = await api.call('POST', `${V1}/mfaEnforcements`, { ...enforcement, acrId, name: acrId })
    t.equal(told, status, acrId)
    if (status === 400) t.equal(body.details[1].fieldViolations[0].field, 'acr_id')
    else t.equal(body.response.status, 'MFA_ENFORCEMENT_STATUS_ACTIVE')
  }
})

test('17: audit events have the names that the documentation lists', async (t) => {
  const idp = await emulator(t)
  const api = rest(idp)
  const w = await world(api)
  idp.app.emulator.keepBaseline()
  const [door] = await doors(t, idp)
  const told: Record<string, string | undefined> = {}
  for (const [index, method] of [...methods.values()].entries()) {
    if (method.operation === null) continue
    const namespace = `w${index}`
    const caller: Record<string, string> = method.name === 'SetOwnPassword' ? { authorization: `Bearer ${w.user.id}` } : {}
    await door.say(method, inputOf(w, method), { 'x-poolhouse-namespace': namespace, ...caller })
    const [entry] = idp.app.emulator.namespace(namespace).journal.list({ limit: 1 })
    told[method.operationName] = entry?.notes.event as string | undefined
  }
  const at = (service: string, ...names: string[]) => names.map((name) => `yandex.cloud.audit.${service}.${name}`)
  const APPLICATION = ['Create', 'Update', 'Delete', 'Suspend', 'Reactivate'].map((verb) => `${verb}Application`)
  const ACCESS = ['SetApplicationAccessBindings', 'UpdateApplicationAccessBindings', 'UpdateApplicationAssignments']
  const both = (kind: string) => [...APPLICATION, ...ACCESS].map((name) => `${kind}.${name}`)
  const listed = [
    ...at(
      'organizationmanager',
      ...['CreateUser', 'UpdateUser', 'DeleteUser', 'SuspendUser', 'ReactivateUser', 'SetUserPassword'].map((name) => `idp.${name}`),
      ...['ChangeOneTimePassword', 'ConvertUserToExternal', 'CreateUserpool', 'UpdateUserpool', 'DeleteUserpool'].map(
        (name) => `idp.${name}`,
      ),
      ...['AddUserpoolDomain', 'ValidateUserpoolDomain', 'DeleteUserpoolDomain'].map((name) => `idp.${name}`),
      ...['SetUserpoolAccessBindings', 'UpdateUserpoolAccessBindings'].map((name) => `idp.${name}`),
      ...both('oauth'),
      ...both('saml'),
      ...['Create', 'Update', 'Delete'].map((verb) => `saml.${verb}SignatureCertificate`),
      ...['CreateGroup', 'UpdateGroup', 'DeleteGroup', 'UpdateGroupMembers', 'SetGroupAccessBindings', 'UpdateGroupAccessBindings'],
      ...['DeleteMembership', 'UpdateOrganization', 'SetOrganizationAccessBindings', 'UpdateOrganizationAccessBindings'],
      ...['BindOrganizationAccessPolicy', 'UnbindOrganizationAccessPolicy', 'UpdateOrganizationAccessPolicyBindingParameters'],
      ...['Create', 'Update', 'Activate', 'Deactivate', 'Delete'].map((verb) => `${verb}MfaEnforcement`),
      'UpdateMfaEnforcementAudience',
    ),
    ...at('iam', ...['Create', 'Update', 'Delete'].map((verb) => `oauthclient.${verb}OAuthClient`)),
    ...at('iam', ...['Create', 'Delete'].map((verb) => `oauthclient.${verb}OAuthClientSecret`)),
  ]
  const events = Object.values(told).filter((event) => event !== undefined)
  t.same(events.sort(), listed.sort())
  t.same(
    Object.keys(told).filter((name) => told[name] === undefined).length,
    [...methods.values()].filter(({ operation }) => operation !== null).length - listed.length,
    'each of them once',
  )
})

test('17: quotas, where they are held to', async (t) => {
  const idp = await emulator(t, { settings: { rooms: { yandex: { quotas: true } } } })
  const api = rest(idp)
  const { store } = idp.app.emulator.namespace()
  const pool = await api.pool()
  const user = await api.user({ userpoolId: pool.id })
  const one = await api.done('POST', `${V1}/groups`, { organizationId: ORGANIZATION, name: 'One' })
  /** As if so many were there already. */
  const fill = (team: (n: number) => string, person: (n: number) => string, count: number) => {
    for (let n = 0; n < count; n++) {
      store.run(
        'INSERT INTO member (pool, team, person, doc) VALUES (?, ?, ?, ?)',
        ORGANIZATION,
        team(n),
        person(n),
        '{"type":"userAccount"}',
      )
    }
  }
  const refused = async (answer: Promise<RestAnswer>, subject: string, description: string) => {
    const { status, body } = await answer
    t.strictSame([status, body.code, body.message], [429, 8, description])
    t.same(body.details[1].violations, [{ subject, description }])
  }
  const join = (group: string) =>
    api.call('POST', `${V1}/groups/${group}:updateMembers`, { memberDeltas: [{ action: 'ADD', subjectId: user.id }] })

  fill(
    () => one.id,
    (n) => `ajemember${n}`,
    1000,
  )
  await refused(join(one.id), one.id, 'The limit of 1000 members of a group is exceeded')
  const two = await api.done('POST', `${V1}/groups`, { organizationId: ORGANIZATION, name: 'Two' })
  t.equal((await join(two.id)).status, 200)
  t.equal((await join(two.id)).status, 200, 'a member already')

  fill(
    () => '',
    (n) => `ajesubject${n}`,
    9999,
  )
  const create = { userpoolId: pool.id, username: `more@${pool.domains[0]}`, fullName: 'M', passwordSpec: { password: PASSWORD } }
  await refused(api.call('POST', `${IDP}/users`, create), ORGANIZATION, 'The limit of 10000 subjects in an organization is exceeded')

  // Bindings count wherever in the organization they are.
  const bindings = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => ({
      action: 'ADD',
      accessBinding: { roleId: `role${from + n}`, subject: { id: 'x', type: 'userAccount' } },
    }))
  const bind = (verb: 'POST' | 'PATCH', at: string, from: number, to: number): Promise<RestAnswer> =>
    api.call(verb, `${at}:updateAccessBindings`, { accessBindingDeltas: bindings(from, to) })
  t.equal((await bind('PATCH', `${IDP}/userpools/${pool.id}`, 0, 1000)).status, 200)
  t.equal((await bind('POST', `${V1}/groups/${one.id}`, 0, 1000)).status, 200)
  await refused(
    bind('POST', `${V1}/organizations/${ORGANIZATION}`, 0, 1),
    ORGANIZATION,
    'The limit of 2000 access bindings in an organization is exceeded',
  )
  t.equal((await bind('POST', `${V1}/groups/${one.id}`, 0, 1000)).status, 200, 'those that are there already')
})

test('18: what came after April 2026', async (t) => {
  for (const { settings, later } of [
    { settings: {}, later: true },
    { settings: { rooms: { yandex: { compat: '2026-04' } } }, later: false },
  ]) {
    const idp = await emulator(t, { settings })
    const both = await doors(t, idp)
    const api = rest(idp)
    const pool = await api.pool({ userSettings: { allowEditSelfPassword: true } })
    const user = await api.user({ userpoolId: pool.id })
    const codes = async (name: string, input: Record<string, unknown>) => {
      const method = methods.get(name)
      if (method === undefined) throw new Error(name)
      const headers = { authorization: `Bearer ${user.id}` }
      return await Promise.all(both.map(async ({ say }) => (await say(method, input, headers))?.code))
    }
    const hash = { passwordHash: '8846f7eaee8fb117ad06bdd830b7586c', passwordHashType: 'AD_MD4' }
    t.same(await codes('idp.UserService.SetPasswordHash', { userId: user.id, hash, needChange: true }), later ? [0, 0] : [3, 3])
    t.same(await codes('idp.UserService.SetPasswordHash', { userId: user.id, hash }), [0, 0])
    const commit = { userpoolId: pool.id, externalUserId: 'x', password: 'x', modifyingOperationId: 'x' }
    t.same(await codes('idp.UserService.CommitPassword', commit), later ? [5, 5] : [5, 12])
    t.same(await codes('idp.UserService.GetPasswordChanges', { userpoolId: pool.id, agentId: 'a' }), [undefined, later ? 0 : 12])
    const client = { name: 'c', folderId: 'f', postLogoutRedirectUris: ['https://a.example/gone'] }
    t.same(await codes('OAuthClientService.Create', client), later ? [0, 6] : [3, 3])
    const fresh = await api.user({ userpoolId: pool.id })
    const own = { passwordSpec: { password: 'Another-Secret-42!' } }
    const answer = await api.call('POST', `${IDP}/users:setOwnPassword`, own, { authorization: `Bearer ${fresh.id}` })
    t.equal(answer.status, later ? 200 : 400, 'oldPassword became optional')
    t.ok(control.policies(idp.app.emulator.namespace()).length > 0)
  }
})

import { type Test, test } from 'tap'
import type { Method } from '../../src/contract/proto.ts'
import { control, methods } from '../../src/yandex/index.ts'
import { emulator } from '../support/emulator.ts'
import { only } from '../support/only.ts'
import { ORGANIZATION, PASSWORD, type Rest, rest } from '../support/yandex.ts'
import { type Door, doors } from '../support/yandex-doors.ts'
import { ACCOUNT, ACCOUNTS, inputOf, type World, world } from '../support/yandex-world.ts'

const all = [...methods.values()]
/** Asked before anybody has a token. */
const OPEN = ['IamTokenService.Create', 'ApiEndpointService.Get', 'ApiEndpointService.List']
/** Whoever has a token may ask. */
const FREE = [
  'idp.UserService.GeneratePassword',
  'SynchronizationService.ListSupportedAttributes',
  'saml.ApplicationService.ListSupportedAttributeValues',
  'OrganizationService.List',
  'IamTokenService.Revoke',
  'OAuthClientService.ListProfiles',
]
/** For users of pools. */
const OWN = ['idp.UserService.SetOwnPassword', 'idp.UserService.GetSelfPasswordMetadata']

interface Strict {
  w: World
  api: Rest
  both: Door[]
  tokens: { owner: string; account: string; user: string }
  /** A namespace of its own, like all others. */
  fresh: () => string
  /** What is here now is what these are like. */
  keep: () => void
}

async function strict(t: Test): Promise<Strict> {
  const idp = await emulator(t, { settings: { rooms: { yandex: { auth: 'strict', ...ACCOUNTS } } } })
  const namespace = idp.app.emulator.namespace()
  const [owner, account] = [control.token(namespace, 'ajedemo0000000000000'), control.token(namespace, ACCOUNT)]
  const api = rest(idp, { authorization: `Bearer ${owner}` })
  const w = await world(api)
  const user = control.token(namespace, w.user.id)
  const keep = () => idp.app.emulator.keepBaseline()
  keep()
  let count = 0
  return { keep, w, api, both: await doors(t, idp), tokens: { owner, account, user }, fresh: () => `w${++count}` }
}

/** Namespaces like the first one: the same as long as nothing can have changed in it, which is nearly always, then another. */
function places(fresh: () => string) {
  let here = fresh()
  return {
    here: () => here,
    heard(method: Method, code: number | undefined) {
      if (code === 0 && !/Service\.(?:Get|List)\w*$/.test(method.operationName)) here = fresh()
    },
  }
}

test('laws of every operation where callers need tokens and roles, over both transports', async (t) => {
  const { w, both, tokens, fresh } = await strict(t)

  for (const { name: door, say } of both) {
    const { here, heard } = places(fresh)
    const codes = async (method: Method, token: string | undefined, input = inputOf(w, method)) => {
      const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
      const said = await say(method, input, { 'x-poolhouse-namespace': here(), ...authorization })
      heard(method, said?.code)
      return said
    }

    await t.test(`${door}: without a token that holds nobody is heard, whatever they want`, async (t) => {
      for (const method of all.filter(({ operationName }) => !OPEN.includes(operationName))) {
        for (const [token, input] of [
          [undefined, inputOf(w, method)],
          ['t1.made.up', inputOf(w, method)],
          [undefined, { pageSize: -1 }],
        ] as const) {
          const said = await codes(method, token, input)
          if (said === undefined) continue
          t.strictSame([said.code, said.message], [16, 'Token is invalid or has expired.'], method.operationName)
        }
      }
      for (const name of OPEN) t.equal((await codes(methods.get(name) as Method, undefined))?.code ?? 0, 0, name)
    })

    await t.test(`${door}: a subject without roles may do nothing`, async (t) => {
      for (const method of all.filter(({ operationName }) => !OPEN.includes(operationName) && !FREE.includes(operationName))) {
        const { operationName: name } = method
        const said = await codes(method, tokens.account)
        if (said === undefined) continue
        t.equal(said.code, 7, `${name}: ${said.message}`)
        t.match(said.message, OWN.includes(name) ? /^Only a user/ : /^Permission denied to [a-z-]+\.[A-Za-z]+( \S+)?$/, name)
      }
      for (const name of FREE) t.equal((await codes(methods.get(name) as Method, tokens.account))?.code ?? 0, 0, name)
    })

    await t.test(`${door}: the owner may do everything`, async (t) => {
      for (const method of all) {
        const { operationName: name } = method
        const said = await codes(method, OWN.includes(name) ? tokens.user : tokens.owner)
        if (said !== undefined) t.equal(said.code, 0, `${name}: ${said.message}`)
      }
    })
  }
})

/** What a holder of these roles at these resources is refused, over gRPC. */
async function refusedTo({ w, api, both, tokens, fresh, keep }: Strict, bindings: [resource: string, role: string][]): Promise<string[]> {
  const subject = { id: ACCOUNT, type: 'serviceAccount' }
  const bind = async (action: 'ADD' | 'REMOVE') => {
    for (const [resource, roleId] of bindings) {
      const [verb, pathOf] = RESOURCES[resource] as (typeof RESOURCES)['pool']
      await api.done(verb, pathOf(w), { accessBindingDeltas: [{ action, accessBinding: { roleId, subject } }] })
    }
    keep()
  }
  await bind('ADD')
  const refused: string[] = []
  const { here, heard } = places(fresh)
  for (const method of all.filter(({ operationName }) => !OWN.includes(operationName))) {
    const headers = { 'x-poolhouse-namespace': here(), authorization: `Bearer ${tokens.account}` }
    const { code = 0, message = '' } = (await (both[1] as Door).say(method, inputOf(w, method), headers)) ?? {}
    heard(method, code)
    if (code === 7) refused.push(method.operationName)
    else if (code !== 0) throw new Error(`${method.operationName}: ${code} ${message}`)
  }
  await bind('REMOVE')
  return refused
}

const V1 = '/organization-manager/v1'
const RESOURCES: Record<string, ['POST' | 'PATCH', (w: World) => string]> = {
  organization: ['POST', () => `${V1}/organizations/${ORGANIZATION}:updateAccessBindings`],
  pool: ['PATCH', (w) => `${V1}/idp/userpools/${w.pool.id}:updateAccessBindings`],
  group: ['POST', (w) => `${V1}/groups/${w.group.id}:updateAccessBindings`],
  oauth: ['PATCH', (w) => `${V1}/idp/application/oauth/applications/${w.oauth.id}:updateAccessBindings`],
}

test('roles are what the documentation says of them', async (t) => {
  const s = await strict(t)
  const changing = all.filter(({ operation }) => operation !== null).map(({ operationName }) => operationName)
  const clients = all
    .map(({ operationName }) => operationName)
    .filter((name) => /^OAuthClient(Secret)?Service\.(?!ListProfiles)/.test(name))
  const OM = 'organization-manager.'

  await t.test('admin of an organization: everything but other services', async (t) => {
    t.strictSame(await refusedTo(s, [['organization', 'admin']]), [])
    t.strictSame(await refusedTo(s, [['organization', `${OM}admin`]]), ['IamTokenService.CreateForServiceAccount', ...clients])
  })

  await t.test('editor: everything but access', async (t) => {
    const refused = await refusedTo(s, [['organization', 'editor']])
    t.strictSame(refused, [
      'idp.UserService.GetPasswordChanges',
      'idp.UserService.CommitPassword',
      'UserpoolService.SetAccessBindings',
      'UserpoolService.UpdateAccessBindings',
      'SynchronizationSessionService.OpenSession',
      'SynchronizationSessionService.CloseSession',
      'SynchronizationSessionService.ReportSessionProgress',
      'SynchronizationSessionService.Heartbeat',
      'oauth.ApplicationService.SetAccessBindings',
      'oauth.ApplicationService.UpdateAccessBindings',
      'oauth.ApplicationService.UpdateAssignments',
      'saml.ApplicationService.SetAccessBindings',
      'saml.ApplicationService.UpdateAccessBindings',
      'saml.ApplicationService.UpdateAssignments',
      'GroupService.CreateExternal',
      'GroupService.ConvertToExternal',
      'GroupService.ConvertAllToBasic',
      'GroupService.UpdateMembers',
      'GroupService.SetAccessBindings',
      'GroupService.UpdateAccessBindings',
      'organizationmanager.UserService.DeleteMembership',
      'OrganizationService.SetAccessBindings',
      'OrganizationService.UpdateAccessBindings',
      'OrganizationService.BindAccessPolicy',
      'OrganizationService.UnbindAccessPolicy',
      'OrganizationService.UpdateAccessPolicyBindingParameters',
      'IamTokenService.CreateForServiceAccount',
    ])
  })

  await t.test('viewer of an organization: reads everything, changes nothing', async (t) => {
    const refused = await refusedTo(s, [['organization', 'viewer']])
    const free = ['idp.UserService.SetOwnPassword']
    t.strictSame(
      changing.filter((name) => !refused.includes(name) && !free.includes(name)),
      [],
    )
    const reads = refused.filter((name) => !changing.includes(name))
    t.strictSame(reads, [
      'idp.UserService.GetPasswordChanges',
      'SynchronizationService.GetReplicationToken',
      'OperationService.Cancel',
      'IamTokenService.CreateForServiceAccount',
    ])
  })

  await t.test('userAdmin of one pool: its users, and nothing else', async (t) => {
    const refused = await refusedTo(s, [['pool', `${OM}userpools.userAdmin`]])
    const passed = all.map(({ operationName }) => operationName).filter((name) => !refused.includes(name))
    t.strictSame(
      passed.filter((name) => !OPEN.includes(name) && !FREE.includes(name) && !OWN.includes(name)),
      [
        'Get',
        'List',
        'Create',
        'Update',
        'Delete',
        'SetOthersPassword',
        'Suspend',
        'Reactivate',
        'ConvertToExternal',
        'SetPasswordHash',
        'ResolveExternalIds',
      ].map((name) => `idp.UserService.${name}`),
    )
  })

  await t.test('an agent: what a synchronization takes', async (t) => {
    const refused = await refusedTo(s, [
      ['pool', `${OM}userpools.syncAgent`],
      ['organization', `${OM}groups.externalCreator`],
      ['organization', `${OM}groups.externalManager`],
    ])
    for (const name of [
      'SynchronizationSessionService.OpenSession',
      'SynchronizationSessionService.CloseSession',
      'idp.UserService.Create',
      'idp.UserService.GetPasswordChanges',
      'idp.UserService.CommitPassword',
      'GroupService.CreateExternal',
      'GroupService.ConvertToExternal',
      'GroupService.ListExternal',
    ]) {
      t.notOk(refused.includes(name), name)
    }
    for (const name of [
      'UserpoolService.Update',
      'GroupService.Create',
      'GroupService.Delete',
      'SynchronizationService.DeleteSynchronizationSettings',
    ]) {
      t.ok(refused.includes(name), name)
    }
  })

  await t.test('memberAdmin of one group, userAdmin of an application', async (t) => {
    const members = await refusedTo(s, [['group', `${OM}groups.memberAdmin`]])
    for (const name of ['Get', 'ListMembers', 'UpdateMembers', 'ListAccessBindings'])
      t.notOk(members.includes(`GroupService.${name}`), name)
    for (const name of ['Update', 'Delete', 'List', 'SetAccessBindings']) t.ok(members.includes(`GroupService.${name}`), name)
    const assigns = await refusedTo(s, [['oauth', `${OM}oauthApplications.userAdmin`]])
    for (const name of ['ListAssignments', 'UpdateAssignments']) t.notOk(assigns.includes(`oauth.ApplicationService.${name}`), name)
    for (const name of ['Get', 'Update']) t.ok(assigns.includes(`oauth.ApplicationService.${name}`), name)
  })
})

/** One method for each thing that roles let their holders do. The last one leaves no user behind. */
const PROBES = [
  'OrganizationService.Get',
  'OrganizationService.Update',
  'OrganizationService.UpdateAccessBindings',
  'MfaEnforcementService.Get',
  'MfaEnforcementService.Update',
  'UserpoolService.Get',
  'UserpoolService.Update',
  'UserpoolService.UpdateAccessBindings',
  'idp.UserService.Get',
  'idp.UserService.Suspend',
  'SynchronizationSessionService.Heartbeat',
  'GroupService.Get',
  'GroupService.Update',
  'GroupService.UpdateMembers',
  'GroupService.UpdateAccessBindings',
  'GroupService.ListExternal',
  'GroupService.CreateExternal',
  'GroupService.ConvertToExternal',
  'GroupService.ConvertAllToBasic',
  'oauth.ApplicationService.Get',
  'oauth.ApplicationService.Update',
  'oauth.ApplicationService.UpdateAssignments',
  'oauth.ApplicationService.UpdateAccessBindings',
  'saml.ApplicationService.Get',
  'saml.ApplicationService.Update',
  'saml.ApplicationService.UpdateAssignments',
  'saml.ApplicationService.UpdateAccessBindings',
  'OAuthClientService.Get',
  'OAuthClientService.Update',
  'IamTokenService.CreateForServiceAccount',
  'organizationmanager.UserService.ListMembers',
  'organizationmanager.UserService.DeleteMembership',
]

test('what each of the smaller roles is for, and no more', async (t) => {
  const { w, api, both, tokens, fresh, keep } = await strict(t)
  const subject = { id: ACCOUNT, type: 'serviceAccount' }
  const change = (action: 'ADD' | 'REMOVE', roleId: string) =>
    api.done('POST', `${V1}/organizations/${ORGANIZATION}:updateAccessBindings`, {
      accessBindingDeltas: [{ action, accessBinding: { roleId, subject } }],
    })
  // A role of another service, which whoever may give roles may give.
  const accessBindingDeltas = [{ action: 'ADD', accessBinding: { roleId: 'compute.viewer', subject } }]
  const allowedTo = async (...roles: string[]) => {
    for (const role of roles) await change('ADD', role)
    keep()
    const headers = { 'x-poolhouse-namespace': fresh(), authorization: `Bearer ${tokens.account}` }
    const allowed: string[] = []
    for (const name of PROBES) {
      const method = methods.get(name) as Method
      const input = { ...inputOf(w, method), ...(name.endsWith('AccessBindings') ? { accessBindingDeltas } : {}) }
      const said = await (both[0] as Door).say(method, input, headers)
      if (said?.code !== 7) allowed.push(name)
    }
    for (const role of roles) await change('REMOVE', role)
    return allowed
  }
  const OM = 'organization-manager.'
  const cases: [roles: string[], allowed: string][] = [
    [
      ['auditor'],
      'OrganizationService.Get MfaEnforcementService.Get UserpoolService.Get idp.UserService.Get GroupService.Get oauth.ApplicationService.Get saml.ApplicationService.Get organizationmanager.UserService.ListMembers',
    ],
    [['users.viewer'], 'idp.UserService.Get organizationmanager.UserService.ListMembers'],
    [['userpools.auditor'], 'UserpoolService.Get idp.UserService.Get organizationmanager.UserService.ListMembers'],
    [['userpools.viewer'], 'UserpoolService.Get idp.UserService.Get organizationmanager.UserService.ListMembers'],
    [['userpools.userAdmin'], 'idp.UserService.Get idp.UserService.Suspend organizationmanager.UserService.ListMembers'],
    [
      ['userpools.editor'],
      'UserpoolService.Get UserpoolService.Update idp.UserService.Get idp.UserService.Suspend organizationmanager.UserService.ListMembers',
    ],
    [
      ['userpools.admin'],
      'UserpoolService.Get UserpoolService.Update UserpoolService.UpdateAccessBindings idp.UserService.Get idp.UserService.Suspend SynchronizationSessionService.Heartbeat GroupService.ListExternal GroupService.ConvertAllToBasic organizationmanager.UserService.ListMembers',
    ],
    [
      ['userpools.syncAgent'],
      'UserpoolService.Get idp.UserService.Get idp.UserService.Suspend SynchronizationSessionService.Heartbeat GroupService.ListExternal',
    ],
    [['userpools.extGroupsViewer'], 'GroupService.ListExternal'],
    [['userpools.extGroupsManager'], 'GroupService.ListExternal'],
    [['userpools.extGroupsCleaner'], 'GroupService.ListExternal GroupService.ConvertAllToBasic'],
    [['groups.viewer'], 'GroupService.Get'],
    [['groups.editor'], 'GroupService.Get GroupService.Update'],
    [['groups.memberAdmin'], 'GroupService.Get GroupService.UpdateMembers'],
    [['groups.admin'], 'GroupService.Get GroupService.Update GroupService.UpdateMembers GroupService.UpdateAccessBindings'],
    [['groups.externalCreator'], ''],
    [['groups.externalConverter'], ''],
    [['groups.externalCreator', 'userpools.extGroupsManager'], 'GroupService.ListExternal GroupService.CreateExternal'],
    [['groups.externalConverter', 'userpools.extGroupsManager'], 'GroupService.ListExternal GroupService.ConvertToExternal'],
    [['groups.externalManager', 'userpools.extGroupsManager'], 'GroupService.ListExternal GroupService.ConvertToExternal'],
    [['oauthApplications.auditor'], 'oauth.ApplicationService.Get'],
    [['oauthApplications.viewer'], 'oauth.ApplicationService.Get'],
    [['oauthApplications.editor'], 'oauth.ApplicationService.Get oauth.ApplicationService.Update'],
    [['oauthApplications.userAdmin'], 'oauth.ApplicationService.UpdateAssignments'],
    [
      ['oauthApplications.admin'],
      'oauth.ApplicationService.Get oauth.ApplicationService.Update oauth.ApplicationService.UpdateAssignments oauth.ApplicationService.UpdateAccessBindings',
    ],
    [['samlApplications.auditor'], 'saml.ApplicationService.Get'],
    [['samlApplications.viewer'], 'saml.ApplicationService.Get'],
    [['samlApplications.editor'], 'saml.ApplicationService.Get saml.ApplicationService.Update'],
    [['samlApplications.userAdmin'], 'saml.ApplicationService.UpdateAssignments'],
    [
      ['samlApplications.admin'],
      'saml.ApplicationService.Get saml.ApplicationService.Update saml.ApplicationService.UpdateAssignments saml.ApplicationService.UpdateAccessBindings',
    ],
    [['iam.serviceAccounts.tokenCreator'], 'IamTokenService.CreateForServiceAccount'],
  ]
  for (const [roles, allowed] of cases) {
    const named = roles.map((role) => (role.startsWith('iam.') ? role : `${OM}${role}`))
    t.equal((await allowedTo(...named)).join(' '), allowed, roles.join(' and '))
  }
})

test('who holds a role', async (t) => {
  const { w, api, tokens } = await strict(t)
  const { user, account } = tokens
  const as = (token: string) => ({ authorization: `Bearer ${token}` })
  const bind = (roleId: string, type: string, id: string) =>
    api.done('POST', `${V1}/organizations/${ORGANIZATION}:setAccessBindings`, { accessBindings: [{ roleId, subject: { type, id } }] })
  const clear = () => api.done('POST', `${V1}/organizations/${ORGANIZATION}:setAccessBindings`, {})
  const mayRead = async (token: string) => (await api.call('GET', `${V1}/groups/${w.group.id}`, undefined, as(token))).status === 200
  const VIEWER = 'organization-manager.viewer'

  await t.test('oneself, a group, all users of a pool or an organization, everybody', async (t) => {
    t.notOk(await mayRead(user))
    for (const [type, id, others] of [
      ['userAccount', w.user.id, false],
      ['group', w.group.id, false],
      ['system', `group:userpool:${w.pool.id}:users`, false],
      ['system', `group:organization:${ORGANIZATION}:users`, false],
      ['system', 'allAuthenticatedUsers', true],
    ] as const) {
      if (type === 'group') {
        await api.done('POST', `${V1}/groups/${w.group.id}:updateMembers`, { memberDeltas: [{ action: 'ADD', subjectId: w.user.id }] })
      }
      await bind(VIEWER, type, id)
      t.strictSame([await mayRead(user), await mayRead(account)], [true, others], `${type} ${id}`)
    }
    await clear()
    t.notOk(await mayRead(user))
  })

  await t.test('organizations are listed for those who may see them', async (t) => {
    const list = async (token: string) => (await api.call('GET', `${V1}/organizations`, undefined, as(token))).body.organizations
    t.equal(await list(account), undefined)
    await bind(VIEWER, 'serviceAccount', ACCOUNT)
    t.match(await list(account), only({ id: ORGANIZATION }))
  })

  await t.test('nobody gives more than they have: only an owner makes owners', async (t) => {
    await bind('admin', 'serviceAccount', ACCOUNT)
    const give = (roleId: string) =>
      api.call(
        'POST',
        `${V1}/organizations/${ORGANIZATION}:updateAccessBindings`,
        { accessBindingDeltas: [{ action: 'ADD', accessBinding: { roleId, subject: { type: 'userAccount', id: w.user.id } } }] },
        as(account),
      )
    t.equal(
      (await give('organization-manager.organizations.owner')).body.message,
      `Permission denied to organization-manager.organization ${ORGANIZATION}`,
    )
    t.equal((await give('organization-manager.admin')).status, 200)
    t.equal((await give('compute.viewer')).status, 200, 'roles of other services are theirs')
    await clear()
  })

  await t.test('auditors see no phone numbers, viewers do', async (t) => {
    await api.done('PATCH', `${V1}/idp/users/${w.user.id}`, { updateMask: 'phoneNumber', phoneNumber: '+7 700' })
    const seen = async () => {
      const one = (await api.call('GET', `${V1}/idp/users/${w.user.id}`, undefined, as(account))).body.phoneNumber
      const { users } = (await api.call('GET', `${V1}/idp/users?userpoolId=${w.pool.id}`, undefined, as(account))).body
      const listed = (await api.call('GET', `${V1}/organizations/${ORGANIZATION}/users`, undefined, as(account))).body
      return [one, users[0].phoneNumber, listed.users[0].subjectClaims.phoneNumber]
    }
    await bind('organization-manager.auditor', 'serviceAccount', ACCOUNT)
    t.strictSame(await seen(), [undefined, undefined, undefined])
    await bind(VIEWER, 'serviceAccount', ACCOUNT)
    t.strictSame(await seen(), ['+7 700', '+7 700', '+7 700'])
    await clear()
  })

  await t.test('users see themselves, and edit of themselves what their pool lets them', async (t) => {
    const me = `${V1}/idp/users/${w.user.id}`
    t.equal((await api.call('GET', me, undefined, as(user))).body.phoneNumber, '+7 700')
    t.equal((await api.call('GET', `${V1}/idp/users/${w.external.id}`, undefined, as(user))).body.code, 7)
    const edit = async (updateMask: string, more: object) => (await api.call('PATCH', me, { updateMask, ...more }, as(user))).status
    const CASES = [
      ['allowEditSelfInfo', 'fullName', { fullName: 'Me' }],
      ['allowEditSelfContacts', 'email', { email: 'me@example.com' }],
      ['allowEditSelfLogin', 'username', { username: 'me@world.idp.yandexcloud.net' }],
    ] as const
    for (const [setting, mask, value] of CASES) {
      await api.done('PATCH', `${V1}/idp/userpools/${w.pool.id}`, { updateMask: 'userSettings', userSettings: {} })
      t.equal(await edit(mask, value), 403, `${mask} without ${setting}`)
      await api.done('PATCH', `${V1}/idp/userpools/${w.pool.id}`, { updateMask: 'userSettings', userSettings: { [setting]: true } })
      t.equal(await edit(mask, value), 200, setting)
      t.equal(await edit(`${mask},expiresAt`, value), 403, 'and nothing beside it')
    }
    const { body: operation } = await api.call('PATCH', me, { updateMask: 'username', username: 'you@world.idp.yandexcloud.net' }, as(user))
    t.equal((await api.call('GET', `/operations/${operation.id}`, undefined, as(user))).status, 200, 'their operations are theirs')
    t.equal((await api.call('GET', `/operations/${operation.id}`, undefined, as(account))).body.code, 7)
  })

  await t.test('whoever manages external groups manages no others', async (t) => {
    await bind('organization-manager.groups.externalManager', 'serviceAccount', ACCOUNT)
    const { body } = await api.call('GET', `${V1}/groups?organizationId=${ORGANIZATION}`)
    for (const { id, externalId } of body.groups) {
      const { status } = await api.call('PATCH', `${V1}/groups/${id}`, { updateMask: 'description', description: 'D' }, as(account))
      t.equal(status, externalId === undefined ? 403 : 200)
    }
  })

  await t.test('a token got with a temporary password is still good for changing it', async (t) => {
    const { username } = await api.user({ userpoolId: w.pool.id, passwordSpec: { password: PASSWORD } })
    const { body } = await api.call('POST', '/iam/v1/tokens', { yandexPassportOauthToken: `login:${username}:${PASSWORD}` })
    const { status } = await api.call(
      'POST',
      `${V1}/idp/users:setOwnPassword`,
      { passwordSpec: { password: 'Changed-Secret-1!' } },
      as(body.iamToken),
    )
    t.equal(status, 200)
  })
})

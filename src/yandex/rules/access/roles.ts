/** What a role may let its holder do; the service names no permissions, so these are ours, cut along its descriptions of the roles. */
export type Permission =
  | 'organization.view'
  | 'organization.edit'
  | 'organization.bind'
  | 'organization.own'
  | 'members.view'
  | 'members.remove'
  | 'mfa.view'
  | 'mfa.edit'
  | 'userpools.view'
  | 'userpools.edit'
  | 'userpools.bind'
  | 'users.view'
  | 'users.edit'
  | 'phones.view'
  | 'sync.run'
  | 'groups.view'
  | 'groups.edit'
  | 'groups.members'
  | 'groups.bind'
  | 'externalGroups.view'
  | 'externalGroups.link'
  | 'externalGroups.unlink'
  | 'externalGroups.create'
  | 'externalGroups.convert'
  | 'externalGroups.edit'
  | 'oauth.view'
  | 'oauth.edit'
  | 'oauth.assign'
  | 'oauth.bind'
  | 'saml.view'
  | 'saml.edit'
  | 'saml.assign'
  | 'saml.bind'
  | 'clients.view'
  | 'clients.edit'
  | 'tokens.create'

interface Role {
  may: readonly Permission[]
  includes?: readonly string[]
}

const OM = 'organization-manager.'

/**
 * The service's roles, after the role reference of its documentation ("Access management in Yandex Identity Hub"); what they say of
 * federations, OS Login, billing and other services is nothing here. (?) Which primitive role covers what, and who may manage the
 * OAuth clients of a folder, are guesses.
 */
const ROLES: Readonly<Record<string, Role>> = {
  auditor: { may: ['clients.view'], includes: [`${OM}auditor`] },
  viewer: { may: ['clients.view'], includes: [`${OM}viewer`] },
  editor: { may: ['clients.edit'], includes: ['viewer', `${OM}editor`] },
  admin: { may: ['tokens.create'], includes: ['editor', `${OM}admin`] },

  [`${OM}auditor`]: {
    may: ['organization.view', 'members.view', 'mfa.view', 'groups.view'],
    includes: [`${OM}userpools.auditor`, `${OM}samlApplications.auditor`, `${OM}oauthApplications.auditor`],
  },
  [`${OM}viewer`]: {
    may: ['externalGroups.view'],
    includes: [
      `${OM}auditor`,
      `${OM}users.viewer`,
      `${OM}samlApplications.viewer`,
      `${OM}oauthApplications.viewer`,
      `${OM}userpools.viewer`,
    ],
  },
  [`${OM}editor`]: {
    may: ['organization.edit', 'mfa.edit'],
    includes: [
      `${OM}viewer`,
      `${OM}userpools.editor`,
      `${OM}samlApplications.editor`,
      `${OM}oauthApplications.editor`,
      `${OM}groups.editor`,
    ],
  },
  [`${OM}admin`]: {
    may: ['organization.bind', 'members.remove', 'groups.bind'],
    includes: [
      `${OM}editor`,
      `${OM}userpools.admin`,
      `${OM}samlApplications.admin`,
      `${OM}oauthApplications.admin`,
      `${OM}groups.memberAdmin`,
      `${OM}groups.externalCreator`,
      `${OM}groups.externalManager`,
    ],
  },
  [`${OM}organizations.owner`]: { may: ['organization.own'], includes: ['admin'] },
  [`${OM}users.viewer`]: { may: ['members.view', 'users.view', 'phones.view'] },

  [`${OM}userpools.auditor`]: { may: ['userpools.view', 'users.view', 'members.view'] },
  [`${OM}userpools.viewer`]: { may: ['phones.view'], includes: [`${OM}userpools.auditor`] },
  [`${OM}userpools.userAdmin`]: { may: ['users.view', 'users.edit', 'phones.view', 'members.view'] },
  [`${OM}userpools.editor`]: { may: ['userpools.edit'], includes: [`${OM}userpools.userAdmin`, `${OM}userpools.viewer`] },
  // (?) That it may stand in for the agent is a guess: else nobody but the agent could end a session.
  [`${OM}userpools.admin`]: {
    may: ['userpools.bind', 'sync.run'],
    includes: [`${OM}userpools.editor`, `${OM}userpools.extGroupsManager`, `${OM}userpools.extGroupsCleaner`],
  },
  [`${OM}userpools.syncAgent`]: {
    may: ['sync.run', 'userpools.view', 'users.view', 'users.edit', 'phones.view'],
    includes: [`${OM}userpools.extGroupsManager`],
  },
  [`${OM}userpools.extGroupsViewer`]: { may: ['externalGroups.view'] },
  [`${OM}userpools.extGroupsManager`]: { may: ['externalGroups.link'], includes: [`${OM}userpools.extGroupsViewer`] },
  [`${OM}userpools.extGroupsCleaner`]: { may: ['externalGroups.unlink'], includes: [`${OM}userpools.extGroupsViewer`] },

  [`${OM}groups.viewer`]: { may: ['groups.view'] },
  [`${OM}groups.editor`]: { may: ['groups.edit'], includes: [`${OM}groups.viewer`] },
  [`${OM}groups.memberAdmin`]: { may: ['groups.members'], includes: [`${OM}groups.viewer`] },
  [`${OM}groups.admin`]: { may: ['groups.bind'], includes: [`${OM}groups.editor`, `${OM}groups.memberAdmin`] },
  [`${OM}groups.externalCreator`]: { may: ['externalGroups.create'] },
  [`${OM}groups.externalConverter`]: { may: ['externalGroups.convert'] },
  [`${OM}groups.externalManager`]: { may: ['externalGroups.convert', 'externalGroups.edit'] },

  ...applicationRoles('oauth'),
  ...applicationRoles('saml'),

  'iam.serviceAccounts.tokenCreator': { may: ['tokens.create'] },
}

function applicationRoles(kind: 'oauth' | 'saml'): Record<string, Role> {
  const at = `${OM}${kind}Applications`
  return {
    [`${at}.auditor`]: { may: [`${kind}.view`] },
    [`${at}.viewer`]: { may: [], includes: [`${at}.auditor`] },
    [`${at}.editor`]: { may: [`${kind}.edit`], includes: [`${at}.viewer`] },
    [`${at}.userAdmin`]: { may: [`${kind}.assign`] },
    [`${at}.admin`]: { may: [`${kind}.bind`], includes: [`${at}.editor`, `${at}.userAdmin`] },
  }
}

export const OWNER = `${OM}organizations.owner`

const closed = new Map<string, ReadonlySet<Permission>>()

/** All that a role lets its holder do; nothing for a role of another service. */
export function permissionsOf(role: string): ReadonlySet<Permission> {
  let known = closed.get(role)
  if (known === undefined) {
    const { may, includes = [] } = ROLES[role] ?? { may: [] }
    known = new Set([...may, ...includes.flatMap((other) => [...permissionsOf(other)])])
    closed.set(role, known)
  }
  return known
}

import { oauthApplications, samlApplications } from '../../application-records.ts'
import type { YandexCall } from '../../call.ts'
import type { AccessBinding, AccessBindingDelta, ListAccessBindingsRequest, ListAccessBindingsResponse } from '../../contract/types.ts'
import { accessBindings, groups, homes, pools } from '../../records.ts'
import { invalid } from '../../validation.ts'
import { pageOf } from '../lists.ts'
import { holdQuota } from '../quotas.ts'
import { type Change, drop, put } from '../running/changes.ts'
import type { Deed } from '../running/deed.ts'

/** Kinds of subjects (yandex-idp 12; that groups may be bound too is a guess). */
const TYPES = ['userAccount', 'serviceAccount', 'federatedUser', 'system', 'group']

/** What Set and Update do, and which of it makes a difference. */
interface Rebinding {
  changes: Change[]
  effectiveDeltas: AccessBindingDelta[]
}

type Bound = Pick<
  Deed<{ resourceId: string }, { effectiveDeltas: AccessBindingDelta[] }>,
  'description' | 'metadata' | 'response' | 'about' | 'changes'
>

/** Setting the bindings of a resource as the API answers it: `kind` is what its description calls the resource. */
export function bindingsSet(call: YandexCall, kind: string, id: string, given: AccessBinding[] | undefined): Bound {
  return bound(`Set ${kind} access bindings`, id, setBindings(call, id, given))
}

export function bindingsUpdated(call: YandexCall, kind: string, id: string, deltas: AccessBindingDelta[] | undefined): Bound {
  return bound(`Update ${kind} access bindings`, id, updateBindings(call, id, deltas))
}

function bound(description: string, id: string, { changes, effectiveDeltas }: Rebinding): Bound {
  return { description, metadata: { resourceId: id }, response: { effectiveDeltas }, about: id, changes }
}

export function listBindings(call: YandexCall, input: ListAccessBindingsRequest): ListAccessBindingsResponse {
  const { items, nextPageToken } = pageOf(call, accessBindings, input.resourceId, input)
  return { accessBindings: items, nextPageToken }
}

/** Replaces all. */
export function setBindings(call: YandexCall, resource: string, given: AccessBinding[] = []): Rebinding {
  requireTypes(given, (index) => `access_bindings[${index}]`)
  const keys = new Set(given.map(keyOf))
  const before = accessBindings.all(call, resource)
  const gone = before.filter((binding) => !keys.has(keyOf(binding))).map((accessBinding) => ({ action: 'REMOVE' as const, accessBinding }))
  return effective(call, resource, [...gone, ...given.map((accessBinding) => ({ action: 'ADD' as const, accessBinding }))])
}

export function updateBindings(call: YandexCall, resource: string, deltas: AccessBindingDelta[] = []): Rebinding {
  const bindings = deltas.map(({ accessBinding }) => accessBinding)
  requireTypes(bindings, (index) => `access_binding_deltas[${index}].access_binding`)
  return effective(call, resource, deltas)
}

function effective(call: YandexCall, resource: string, deltas: AccessBindingDelta[]): Rebinding {
  const bound = new Set(accessBindings.all(call, resource).map(keyOf))
  const effectiveDeltas = deltas.filter(({ action, accessBinding }) => {
    const key = keyOf(accessBinding)
    return action === 'ADD' ? !bound.has(key) && bound.add(key) : bound.delete(key)
  })
  const organization = organizationOf(call, resource)
  const fresh = bound.size - accessBindings.count(call, resource)
  holdQuota(call, 'bindings', organization, () => inOrganization(call, organization), fresh)
  const changes = effectiveDeltas.map(({ action, accessBinding }) =>
    action === 'ADD'
      ? put(accessBindings, resource, keyOf(accessBinding), accessBinding)
      : drop(accessBindings, resource, keyOf(accessBinding)),
  )
  return { changes, effectiveDeltas }
}

const KINDS = ['pool', 'group', 'oauth-application', 'saml-application']

function organizationOf(call: YandexCall, resource: string): string {
  const kind = KINDS.find((one) => homes.get(call, one, resource) !== undefined)
  return kind === undefined ? resource : (homes.get(call, kind, resource)?.parent ?? resource)
}

/** How many there are on the organization and all in it. */
function inOrganization(call: YandexCall, organization: string): number {
  const within = [pools, groups, oauthApplications, samlApplications].flatMap((kind) => kind.all(call, organization).map(({ id }) => id))
  return [organization, ...within].reduce((sum, resource) => sum + accessBindings.count(call, resource), 0)
}

export function keyOf({ roleId, subject }: AccessBinding): string {
  return [roleId, subject.type, subject.id].join('\n')
}

function requireTypes(bindings: AccessBinding[], place: (index: number) => string): void {
  const violations = bindings.flatMap(({ subject }, index) =>
    TYPES.includes(subject.type)
      ? []
      : [{ field: `${place(index)}.subject.type`, description: `Unknown type; types are ${TYPES.join(', ')}` }],
  )
  if (violations.length > 0) throw invalid(violations)
}

/** All of a resource that goes. */
export function dropBindings(call: YandexCall, resource: string): Change[] {
  return accessBindings.all(call, resource).map((binding) => drop(accessBindings, resource, keyOf(binding)))
}

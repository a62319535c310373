import type { YandexCall } from '../../call.ts'
import { running } from '../../records.ts'
import { requireOauth } from '../applications/applications.ts'
import { requireClient, requireSecret } from '../applications/oauth-clients.ts'
import { requireCertificate, requireSaml } from '../applications/saml.ts'
import { requireSession } from '../pools/synchronization.ts'
import type { Place } from './access.ts'
import { kindOf } from './subject-kinds.ts'

/** Where a thing lies, by its id. What is not there is NOT_FOUND, whoever asks (a guess, yandex-idp 3). */
export type Finder = (call: YandexCall, id: string) => Place

const OM = 'organization-manager.'

export const organization: Finder = (call, id) => ({ kind: `${OM}organization`, id: call.organization(id).id, within: [] })
export const userpool: Finder = (call, id) => ({ kind: `${OM}userpool`, id, within: [call.pool(id).organizationId] })
export const user: Finder = (call, id) => userpool(call, call.user(id).userpoolId)
export const group: Finder = (call, id) => ({ kind: `${OM}group`, id, within: [call.group(id).organizationId] })
export const mfaEnforcement: Finder = (call, id) => organization(call, call.mfaEnforcement(id).organizationId)
export const oauthApplication: Finder = (call, id) => ({
  kind: `${OM}oauthApplication`,
  id,
  within: [requireOauth(call, id).organizationId],
})
export const samlApplication: Finder = (call, id) => ({ kind: `${OM}samlApplication`, id, within: [requireSaml(call, id).organizationId] })
export const certificate: Finder = (call, id) => samlApplication(call, requireCertificate(call, id).applicationId)
export const session: Finder = (call, id) => userpool(call, requireSession(call, id).subjectContainerId)

/** Folders and clouds are another service's: here all lie in every organization. */
export const folder: Finder = (call, id) => ({ kind: 'resource-manager.folder', id, within: organizations(call) })
export const client: Finder = (call, id) => folder(call, requireClient(call, id).folderId)
export const secret: Finder = (call, id) => client(call, requireSecret(call, id).oauthClientId)
export const serviceAccount: Finder = (call, id) =>
  kindOf(call, id) === 'serviceAccount'
    ? { kind: 'iam.serviceAccount', id, within: organizations(call) }
    : call.fail('NOT_FOUND', `Service account ${id} not found`)

/** What it was on, where that is told, and every organization. */
export const operation: Finder = (call, id) => {
  const { about } = running.get(call, '', id) ?? call.fail('NOT_FOUND', `Operation ${id} not found`)
  return { kind: 'operation.operation', id, within: [...(about === undefined ? [] : [about]), ...organizations(call)] }
}

/** One, or whichever. */
export const someOrganization: Finder = (call, id) => {
  const [first = '', ...others] = id === '' ? organizations(call) : [id]
  return { ...organization(call, first), within: others }
}

function organizations(call: YandexCall): string[] {
  return call.organizations().map(({ id }) => id)
}

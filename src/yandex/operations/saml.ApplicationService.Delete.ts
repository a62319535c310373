import { certificates, samlApplications } from '../application-records.ts'
import { operation } from '../operation.ts'
import { homes } from '../records.ts'
import { dropBindings } from '../rules/access-bindings.ts'
import { dropAssignments } from '../rules/applications.ts'
import { drop, patch } from '../rules/changes.ts'
import { requireSaml } from '../rules/saml.ts'

/** Its certificates go with it. */
export default operation('saml.ApplicationService.Delete', (input, call) => {
  const application = requireSaml(call, input.applicationId)
  const { id, organizationId, status } = application

  const own = certificates.all(call, id)
  return {
    description: 'Delete application',
    metadata: { applicationId: id },
    response: {},
    about: id,
    changes: [
      drop(samlApplications, organizationId, id),
      drop(homes, 'saml-application', id),
      ...own.flatMap((certificate) => [drop(certificates, id, certificate.id), drop(homes, 'saml-certificate', certificate.id)]),
      dropAssignments(application),
      ...dropBindings(call, id),
    ],
    meanwhile: [patch(samlApplications, organizationId, id, { status: 'DELETING' })],
    otherwise: [patch(samlApplications, organizationId, id, { status })],
  }
})

import { certificates, samlApplications } from '../application-records.ts'
import { operation } from '../operation.ts'
import { homes } from '../records.ts'
import { applicationDeleted } from '../rules/applications/applications.ts'
import { requireSaml } from '../rules/applications/saml.ts'
import { drop } from '../rules/running/changes.ts'

/** Its certificates go with it. */
export default operation('saml.ApplicationService.Delete', (input, call) => {
  const application = requireSaml(call, input.applicationId)

  const more = certificates
    .all(call, application.id)
    .flatMap(({ id }) => [drop(certificates, application.id, id), drop(homes, 'saml-certificate', id)])
  return applicationDeleted(call, application, { all: samlApplications, home: 'saml-application', more })
})

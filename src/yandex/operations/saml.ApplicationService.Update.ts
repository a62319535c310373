import { type StoredSaml, samlApplications } from '../application-records.ts'
import { operation } from '../operation.ts'
import { requireFreeApplicationName } from '../rules/applications/applications.ts'
import {
  completed,
  DEFAULT_MAPPING,
  DEFAULT_MODE,
  requireCertificate,
  requireConsistent,
  requireSaml,
  samlView,
} from '../rules/applications/saml.ts'
import { patchOf } from '../rules/masks.ts'
import { laid, patch } from '../rules/running/changes.ts'
import { invalid } from '../validation.ts'

const MEMBERS = ['name', 'description', 'labels', 'serviceProvider', 'securitySettings', 'attributeMapping', 'groupClaimsSettings']

/** An application always signs with one of its certificates: where none is named it is the one it had. */
export default operation('saml.ApplicationService.Update', (input, call) => {
  const application = requireSaml(call, input.applicationId)
  const { id, organizationId, securitySettings } = application

  const given = patchOf({ name: 'saml.ApplicationService.Update', input, doc: application, members: MEMBERS, keep: ['name'] })
  if (given.name === null) throw invalid([{ field: 'name', description: 'Field is required' }])
  if (given.attributeMapping === null) given.attributeMapping = DEFAULT_MAPPING
  else if (given.attributeMapping !== undefined) {
    given.attributeMapping = completed(given.attributeMapping as StoredSaml['attributeMapping'], application.attributeMapping)
  }
  if (given.groupClaimsSettings === null) given.groupClaimsSettings = { groupDistributionType: 'NONE' }
  if ('securitySettings' in given) {
    const kept = { signatureMode: DEFAULT_MODE, signatureCertificateId: securitySettings.signatureCertificateId }
    given.securitySettings = { ...kept, ...(given.securitySettings as object | null) }
  }
  const change = { ...given, updatedAt: call.timestamp }
  const after = laid<StoredSaml>(application, change)
  requireFreeApplicationName(call, samlApplications.all(call, organizationId), after.name, id)
  requireConsistent(after)
  const { applicationId } = requireCertificate(call, after.securitySettings.signatureCertificateId ?? '')
  if (applicationId !== id) {
    throw invalid([{ field: 'security_settings.signature_certificate_id', description: 'A certificate of another application' }])
  }

  return {
    description: 'Update application',
    metadata: { applicationId: id },
    response: samlView(call, after),
    about: id,
    changes: [patch(samlApplications, organizationId, id, change)],
  }
})
